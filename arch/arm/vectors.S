/* Exception entry and return.
 *
 * System call: a light path.  The caller keeps r4 and above and loses r0-r3 and r12, so that only what the C function could
 * lose is stored: arguments 5 and 6 (where the procedure call standard wants them), the return address and the caller's
 * status.  The function runs with interrupts on.
 *
 * All others: abort, undefined and interrupt mode have three words of memory each, in which r0, the return address and the
 * status wait until the processor is in SVC mode on the thread's kernel stack and a whole frame (arch/arm/frame.h) is pushed.
 * From there on C handles it; trap_leave returns to where the frame says.
 */
#include "arch/arm/frame.h"
#include "include/abi.h"
#include "include/layout.h"

    .arm
    .syntax unified

#define MODE_IRQ_OFF_SVC 0xd3
#define MODE_IRQ_ON_SVC  0x53

/* Interrupts on or off, in SVC mode.  FIQ stays masked: nothing raises it. */
#if defined(SITU_ARMV7)
    .macro interrupts_on
    cpsie   i
    .endm
    .macro interrupts_off
    cpsid   i
    .endm
#else
    .macro interrupts_on
    msr     cpsr_c, #MODE_IRQ_ON_SVC
    .endm
    .macro interrupts_off
    msr     cpsr_c, #MODE_IRQ_OFF_SVC
    .endm
#endif

    .section .text.vectors, "ax"

/* Copied to VECTORS_VA by trap_init. */
    .globl  vectors_start, vectors_end
vectors_start:
    ldr     pc, vector_reset
    ldr     pc, vector_undefined
    ldr     pc, vector_svc
    ldr     pc, vector_prefetch
    ldr     pc, vector_data
    ldr     pc, vector_reset
    ldr     pc, vector_irq
    ldr     pc, vector_reset
vector_reset:       .word reset_entry
vector_undefined:   .word undefined_entry
    .globl  vector_svc
vector_svc:         .word svc_entry_boot
vector_prefetch:    .word prefetch_entry
vector_data:        .word data_entry
vector_irq:         .word irq_entry
vectors_end:

/* Reset by way of a wild jump, the reserved vector, or FIQ, which nothing raises. */
reset_entry:
    mov     r0, #0
    b       trap_unexpected

/* Until start-up has asked for a semihosting host: without one its SVC comes here, and the answer is -1. */
svc_entry_boot:
    mvn     r0, #0
    movs    pc, lr

/* ---- system call: number in r12, arguments in r0-r5 ---- */
    .globl  svc_entry
    .balign 32
svc_entry:
    stmfd   sp!, {r4, r5, r6, lr}
    mrs     r6, spsr
    interrupts_on
    cmp     r12, #SYS_COUNT
    ldr     lr, =syscall_table
    ldrlo   r12, [lr, r12, lsl #2]
    ldrhs   r12, =syscall_unknown
    blx     r12
svc_leave:
    ldr     r12, =thread_current
    interrupts_off
    ldr     r12, [r12]
    ldr     r12, [r12, #THREAD_ATTENTION]
    cmp     r12, #0
    bne     svc_attention
    msr     spsr_cxsf, r6
#if defined(SITU_ARMV7)
    clrex
#endif
    mov     r2, #0
    mov     r3, #0
    ldmfd   sp!, {r4, r5, r6, pc}^

svc_attention:
    interrupts_on
    stmfd   sp!, {r0, r1}
    bl      trap_attend
    ldmfd   sp!, {r0, r1}
    b       svc_leave

/* ---- the others ---- */

/* In the exception's mode, sp -> three words: keeps r0, the return address (lr - adjust) and the status there, goes over to
 * SVC mode and pushes the frame.  Leaves r0 = frame, r4 = frame, flags: eq = from user mode. */
    .macro  enter adjust
    .if \adjust
    sub     lr, lr, #\adjust
    .endif
    stmia   sp, {r0, lr}
    mrs     lr, spsr
    str     lr, [sp, #8]
    mov     r0, sp
    msr     cpsr_c, #MODE_IRQ_OFF_SVC
    sub     sp, sp, #FRAME_BYTES
    cmp     sp, #KWINDOW_BASE       /* below: the boot stack */
    tsths   sp, #KSTACK_BYTES
    beq     stack_overflow
    stmib   sp, {r1-r12}
    ldmia   r0, {r1, r2, r3}
    add     r0, sp, #FRAME_SP
    str     r1, [sp]
    str     r3, [sp, #FRAME_CPSR]
    str     r2, [sp, #FRAME_PC]
    tst     r3, #0xf
    stmiaeq r0, {sp, lr}^
    nop
    addne   r1, sp, #FRAME_BYTES
    strne   r1, [r0]
    strne   lr, [r0, #4]
    mov     r4, sp
    mov     r0, sp
    bic     sp, sp, #7
    .endm

undefined_entry:
    enter   0
    bl      trap_undefined
    b       leave

prefetch_entry:
    enter   4
    bl      trap_prefetch_abort
    b       leave

data_entry:
    enter   8
    bl      trap_data_abort
    b       leave

irq_entry:
    enter   4
    bl      trap_irq
leave:
    mov     sp, r4

/* Returns to what the frame at sp describes.  Interrupts are off. */
    .globl  trap_leave
trap_leave:
    interrupts_off
    ldr     r0, [sp, #FRAME_CPSR]
    tst     r0, #0xf
    msr     spsr_cxsf, r0
#if defined(SITU_ARMV7)
    clrex
#endif
    bne     leave_kernel
    ldmia   sp, {r0-r14}^
    nop
    add     sp, sp, #FRAME_PC
    ldmia   sp!, {pc}^

leave_kernel:
    ldr     lr, [sp, #FRAME_LR]
    ldmia   sp, {r0-r12}
    add     sp, sp, #FRAME_PC
    ldmia   sp!, {pc}^

/* r0 -> the three words.  The kernel stack is used up: report on the emergency stack. */
stack_overflow:
    add     r1, sp, #FRAME_BYTES
    ldr     sp, =emergency_stack_end
    b       trap_stack_overflow

/* void trap_set_stack(uint32_t mode, void *words): gives an exception mode its three words. */
    .globl  trap_set_stack
trap_set_stack:
    mrs     r2, cpsr
    bic     r3, r2, #0x1f
    orr     r3, r3, r0
    msr     cpsr_c, r3
    mov     sp, r1
    msr     cpsr_c, r2
    bx      lr

/* ---- threads ---- */

/* void context_switch(struct thread *from, struct thread *to): preemption is off.  Returns when from runs again. */
    .globl  context_switch
    .balign 32
context_switch:
    stmfd   sp!, {r3-r11, lr}
    sub     sp, sp, #8
    stmia   sp, {sp, lr}^
    nop                             /* DDI 0100: no banked register right behind STM^ */
    str     sp, [r0, #THREAD_SP]
    ldr     sp, [r1, #THREAD_SP]
    ldmia   sp, {sp, lr}^
    nop
    add     sp, sp, #8
    ldmfd   sp!, {r3-r11, pc}

/* A new thread's first instruction: r4 = function, r5 = its argument.  It must not return. */
    .globl  context_start
context_start:
    interrupts_on
    bl      schedule_begin
    mov     r0, r5
    mov     lr, #0
    mov     r11, #0
    bx      r4

/* void trap_enter_user(const struct trap_frame *frame, uint32_t kstack): begins user mode.  The frame, which lies further down on
 * this stack, moves to its top, from the end on since the two may overlap; so the stack is empty afterwards. */
    .globl  trap_enter_user
trap_enter_user:
    interrupts_off
    add     r0, r0, #FRAME_BYTES
    ldmdb   r0!, {r2-r10}
    stmdb   r1!, {r2-r10}
    ldmdb   r0!, {r2-r10}
    stmdb   r1!, {r2-r10}
    mov     sp, r1
    b       trap_leave

    .bss
    .balign 8
    .space  2048
emergency_stack_end:
