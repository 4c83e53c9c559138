/* Kernel stacks in the kernel window.
 *
 * The window (16 MB) is cut into slots of 16 KB; a stack has the two upper pages of one.  A word of the bitmap holds 32
 * slots. The window's second-level tables are there since boot, so that no first-level table changes.
 */
#include "arch/kstack.h"
#include "arch/arm/boot.h"
#include "arch/arm/cpu.h"
#include "arch/arm/frame.h"
#include "arch/arm/kept.h"
#include "arch/arm/maintain.h"
#include "arch/arm/pte.h"
#include "arch/frames.h"
#include "include/layout.h"
#include "include/panic.h"
#include "include/preempt.h"

#define SLOTS       (KWINDOW_SIZE / KSTACK_SLOT)
#define STACK_ORDER 1u

_Static_assert(KSTACK_BYTES == PAGE_SIZE << STACK_ORDER, "pages of a stack");

static uint32_t slots_taken[SLOTS / 32];

static uint32_t slot_take(void) {
    for (uint32_t word = 0; word < ARRAY_COUNT(slots_taken); word++) {
        if (slots_taken[word] != ~0u) {
            uint32_t bit = (uint32_t)__builtin_ctz(~slots_taken[word]);
            slots_taken[word] |= 1u << bit;
            return word * 32 + bit;
        }
    }
    return SLOTS;
}

static uint32_t *stack_entries(uint32_t low) {
    return &kwindow_tables[(low - KWINDOW_BASE) >> 20][low >> PAGE_SHIFT & 0xffu];
}

static struct kept kept_stacks = {.order = STACK_ORDER, .most = 2}; /* their tops */

/* Takes a stack out of the window; its frames are the caller's again.  Returns their physical address. */
static uint32_t stack_unmap(uint32_t top) {
    uint32_t low = top - KSTACK_BYTES;
    uint32_t slot = (low - KWINDOW_BASE) / KSTACK_SLOT;
    uint32_t *entries = stack_entries(low);
    uint32_t pa = entries[0] & ~(PAGE_SIZE - 1);
    ASSERT(pte_is_present(entries[0]));

    /* The frame's next owner has another cache address (ARMv5): lines of the stack are dropped, its contents are dead.
     */
    maintain_forget_static((void *)low, KSTACK_BYTES);
    entries[0] = 0;
    entries[1] = 0;
    maintain_tables(entries, 2 * sizeof *entries);
    for (uint32_t page = low; page != top; page += PAGE_SIZE) {
        maintain_tlb_kernel(page);
    }
    preempt_disable();
    slots_taken[slot / 32] &= ~(1u << slot % 32);
    preempt_enable();
    return pa;
}

static uint32_t stack_map(uint32_t pa, uint32_t slot) {
    uint32_t low = KWINDOW_BASE + slot * KSTACK_SLOT + (KSTACK_SLOT - KSTACK_BYTES);
    uint32_t *entries = stack_entries(low);
    entries[0] = pte_kernel_data(pa);
    entries[1] = pte_kernel_data(pa + PAGE_SIZE);
    maintain_tables(entries, 2 * sizeof *entries);
    maintain_before_use();
    return low + KSTACK_BYTES;
}

bool kstack_release_kept(void) {
    bool any = false;
    for (uint32_t top = kept_drop(&kept_stacks); top != KEPT_NONE; top = kept_drop(&kept_stacks)) {
        frame_free_kept(stack_unmap(top), STACK_ORDER);
        any = true;
    }
    return any;
}

uint32_t kstack_alloc(void) {
    uint32_t top;
    if (kept_take(&kept_stacks, &top)) {
        return top != KEPT_NONE ? top : 0;
    }
    uint32_t pa = frame_alloc(STACK_ORDER, FRAME_STACK);
    if (pa == FRAME_NONE) {
        return 0;
    }
    preempt_disable();
    uint32_t slot = slot_take();
    preempt_enable();
    if (slot == SLOTS) {
        frame_free(pa, STACK_ORDER);
        return 0;
    }
    return stack_map(pa, slot);
}

void kstack_free(uint32_t top) {
    if (!kept_put(&kept_stacks, top)) {
        frame_free(stack_unmap(top), STACK_ORDER);
    }
}
