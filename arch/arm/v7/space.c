/* Address spaces of ARMv7: TTBCR.N = 1, so that TTBR0 walks the process's 8 KB table for the user half and TTBR1 the
 * kernel's; TLB entries of user pages carry an ASID.
 *
 * An ASID belongs to a generation.  When all 255 are used up, a new generation starts with an empty TLB, and every
 * space gets a new number when it is next activated.  The number 0 is never given out.
 *
 * Between the two writes of table and ASID the processor may walk ahead with the new one of one and the old one of the
 * other (DDI 0406 B3.10.4), so that the switch goes by way of a table without entries: empty table, ASID, new table.
 */
#include "arch/arm/space.h"
#include "arch/arm/boot.h"
#include "arch/arm/cpu.h"
#include "arch/arm/maintain.h"
#include "arch/static.h"
#include <string.h>

#define ASID_FIRST_GENERATION (ASID_MASK + 1)

struct mmu_space *space_current;
uint32_t asid_generation = ASID_FIRST_GENERATION;
static uint32_t asid_next = 1;
static uint32_t empty_ttbr; /* of the table without entries, since the first space was made */

status_t space_identify(struct mmu_space *space) {
    space->id = 0;
    empty_ttbr = static_pa(kernel_table) | BOOT_TTBR_FLAGS;
    return ERROR_SUCCESS;
}

void space_forget(struct mmu_space *space) {
    /* The number is not used again in this generation, so entries that carry it can do no harm. */
    space->id = 0;
}

void space_fill_table(uint32_t *table) {
    memset(table, 0, 0x2000);
    maintain_tables(table, 0x2000);
}

static void asid_assign(struct mmu_space *space) {
    if (asid_next > ASID_MASK) {
        asid_generation += ASID_FIRST_GENERATION;
        if (asid_generation == 0) {
            asid_generation = ASID_FIRST_GENERATION;
        }
        asid_next = 1;
        maintain_tlb_all();
    }
    space->id = asid_generation | asid_next;
    asid_next++;
}

/* The lower half of the kernel's own table has no entries: it serves as the empty one. */
void mmu_space_activate(struct mmu_space *space) {
    if (space == space_current) {
        return;
    }
    space_current = space;
    cpu_write_ttbr0(empty_ttbr);
    cpu_isb();
    if (space == NULL) {
        return;
    }
    if (!space_has_asid(space)) {
        asid_assign(space);
    }
    cpu_write_thread_word(0); /* user-writable: no message from one process to the next */
    cpu_dsb();                /* no walk of before may be left when the ASID changes (Cortex-A9 erratum 754322) */
    cpu_write_contextidr(space_asid(space));
    cpu_isb();
    cpu_write_ttbr0(space->ttbr);
    cpu_isb();
}
