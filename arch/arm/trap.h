/* Exceptions on ARM: entry points of the assembly, and state that it shares with C. */
#ifndef ARCH_ARM_TRAP_H
#define ARCH_ARM_TRAP_H

#include "arch/arm/frame.h"
#include "arch/trap.h"
#include "include/abi.h"
#include "include/layout.h"

/* Called by arch/arm/vectors.S with interrupts off, on the kernel stack of the interrupted thread. */
void trap_undefined(struct trap_frame *frame);
void trap_prefetch_abort(struct trap_frame *frame);
void trap_data_abort(struct trap_frame *frame);
void trap_irq(struct trap_frame *frame);
_Noreturn void trap_unexpected(void);
_Noreturn void trap_stack_overflow(const uint32_t *words, uint32_t sp);

void trap_set_stack(uint32_t mode, void *words);

/* Leaves the kernel for user mode with the registers of frame; kstack: top of the current kernel stack. */
_Noreturn void trap_enter_user(const struct trap_frame *frame, uint32_t kstack);

extern const char vectors_start[], vectors_end[], helper_start[], helper_end[];
extern const uint32_t vector_svc;
void svc_entry(void);

/* A thread that was stopped before the store of a helper-page operation begins it again (arch/arm/helper.S). */
static inline uint32_t helper_restart(uint32_t pc) {
    if (pc - HELPER_VA < ABI_HELPER_END && (pc & 0x1fu) <= 8) {
        return pc & ~0x1fu;
    }
    return pc;
}

/* Prints the frame's registers and the likely callers. */
void trap_print_frame(const struct trap_frame *frame);

#endif
