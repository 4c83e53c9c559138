/* Address spaces of ARMv5: the FCSE adds slot * 32 MB to every address below 32 MB, so that each process has modified
 * addresses of its own and the virtually tagged caches need no flush at a switch (ARM926EJ-S TRM, DDI 0198, 2.3.11).
 *
 * A process has its own 16 KB first-level table: the kernel half is copied from the kernel's table, which never changes
 * after boot; the user half holds its own slot and its arena mappings only.
 *
 * Switch: FCSE slot, table base, TLB.  The TLB has no tags, so that all of it goes.
 */
#include "arch/arm/space.h"
#include "arch/arm/boot.h"
#include "arch/arm/cpu.h"
#include "arch/arm/maintain.h"
#include "include/layout.h"
#include "arch/static.h"
#include <string.h>

struct mmu_space *space_current;
static uint32_t slots_taken; /* bit n: slot n + 1 */

status_t space_identify(struct mmu_space *space) {
    uint32_t free_slots = ~slots_taken;
    if (free_slots == 0) {
        return ERROR_NO_PROC_SLOTS;
    }
    uint32_t bit = (uint32_t)__builtin_ctz(free_slots);
    slots_taken |= 1u << bit;
    space->id = bit + 1;
    return ERROR_SUCCESS;
}

void space_forget(struct mmu_space *space) {
    slots_taken &= ~(1u << (space->id - 1));
}

void space_fill_table(uint32_t *table) {
    memset(table, 0, 0x2000);
    memcpy(table + 0x800, kernel_table + 0x800, 0x2000);
    maintain_tables(table, 0x4000);
}

void mmu_space_activate(struct mmu_space *space) {
    if (space == space_current) {
        return;
    }
    space_current = space;
    if (space != NULL) {
        cpu_write_fcse(space->id << FCSE_SHIFT);
        cpu_write_ttbr0(space->ttbr);
    } else {
        cpu_write_fcse(0);
        cpu_write_ttbr0(static_pa(kernel_table));
    }
    cpu_tlb_invalidate_all(0);
}
