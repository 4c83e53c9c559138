/* Trap frames and the layout of kernel stacks.  Shared with assembly.
 *
 * Every exception but the system call stores the whole state of what it interrupted on the thread's kernel stack:
 *
 *   0 r0 ... 48 r12, 52 sp, 56 lr, 60 cpsr, 64 (unused), 68 pc
 *
 * A kernel stack lies in the upper half of a slot of 16 KB in the kernel window; the lower half is never mapped.  A
 * push that leaves the upper half is seen before it is made: bit 13 of the stack pointer is clear there.
 */
#ifndef ARCH_ARM_FRAME_H
#define ARCH_ARM_FRAME_H

#define FRAME_SP    52
#define FRAME_LR    56
#define FRAME_CPSR  60
#define FRAME_PC    68
#define FRAME_BYTES 72

#define KSTACK_SLOT  0x4000
#define KSTACK_BYTES 0x2000

/* Of struct thread: what assembly reads. */
#define THREAD_SP        0
#define THREAD_ATTENTION 4

#ifndef __ASSEMBLER__
#include "include/types.h"

struct trap_frame {
    uint32_t r[13];
    uint32_t sp, lr, cpsr, unused, pc;
};
_Static_assert(sizeof(struct trap_frame) == FRAME_BYTES, "pushed by arch/arm/vectors.S");
_Static_assert(offsetof(struct trap_frame, pc) == FRAME_PC, "pushed by arch/arm/vectors.S");
_Static_assert(offsetof(struct trap_frame, cpsr) == FRAME_CPSR, "pushed by arch/arm/vectors.S");
#endif
#endif
