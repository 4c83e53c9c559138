/* What the machine says before it stops: registers and likely callers.
 *
 * The kernel keeps no frame pointers.  A word on the stack that points into the kernel's text right behind a branch
 * with link is taken for a return address; old ones that were never overwritten may be among them, and the report says
 * "may".
 */
#include "arch/arm/boot.h"
#include "arch/arm/cpu.h"
#include "arch/arm/trap.h"
#include "include/print.h"

#define CALLERS_MAX     16u
#define STACK_WORDS_MAX 512u

static bool is_return_address(uint32_t value) {
    if (!is_aligned(value, 4) || value <= (uint32_t)__kernel_start || value > (uint32_t)__text_end) {
        return false;
    }
    uint32_t before = *(const uint32_t *)(value - 4);
    return (before & 0x0f000000u) == 0x0b000000u || (before & 0x0ffffff0u) == 0x012fff30u; /* BL, BLX register */
}

static void print_callers(uint32_t sp) {
    uint32_t found = 0;
    const uint32_t *word = (const uint32_t *)(sp & ~3u);
    kprintf("may have been called from:");
    /* A stack ends on its slot's bound; the boot stack lies in the kernel's own data. */
    for (uint32_t i = 0; i < STACK_WORDS_MAX && found < CALLERS_MAX; i++, word++) {
        if (i != 0 && is_aligned((uint32_t)word, KSTACK_SLOT)) {
            break;
        }
        if (is_return_address(*word)) {
            kprintf(" %08x", *word - 4);
            found++;
        }
    }
    kprintf("\n");
}

void trap_print_frame(const struct trap_frame *frame) {
    for (uint32_t i = 0; i < 13; i++) {
        kprintf("r%-2u %08x%s", i, frame->r[i], i % 4 == 3 ? "\n" : "  ");
    }
    kprintf("sp  %08x  lr  %08x  pc  %08x\ncpsr %08x\n", frame->sp, frame->lr, frame->pc, frame->cpsr);
    if ((frame->cpsr & CPSR_MODE_MASK) != CPSR_MODE_USER) {
        print_callers(frame->sp);
    }
}

void trap_print_callers(void) {
    print_callers((uint32_t)__builtin_frame_address(0));
}
