/* Going into code of a function with __try and back: see exception.h.
 *
 * A frame (struct _seh_frame): 0 previous, 4 frame pointer, 8 address, 12 stack pointer.  The code that is entered believes that
 * it stands behind its __builtin_setjmp: it needs the frame pointer and nothing else.
 */
    .syntax unified
    .arm

#define PLACE_FP 4
#define PLACE_SP 12
#define MARKER_SAVED_SP 32
#define ARGUMENT_ROOM   256     /* where that function puts arguments on the stack, it does so at its stack pointer */

/* long exception_call(struct _seh_frame *frame, struct exception_marker *marker) */
    .section .text.exception_call, "ax", %progbits
    .globl exception_call
    .type exception_call, %function
exception_call:
    stmfd   sp!, {r3-r11, lr}
    str     sp, [r1, #MARKER_SAVED_SP]
    sub     sp, sp, #ARGUMENT_ROOM
    add     r0, r0, #PLACE_FP
    ldmia   r0, {r11, pc}
    .size exception_call, . - exception_call

/* void exception_return(struct exception_marker *marker, long value) */
    .section .text.exception_return, "ax", %progbits
    .globl exception_return
    .type exception_return, %function
exception_return:
    ldr     sp, [r0, #MARKER_SAVED_SP]
    mov     r0, r1
    ldmfd   sp!, {r3-r11, pc}
    .size exception_return, . - exception_return

/* void exception_handle(struct _seh_frame *frame) */
    .section .text.exception_handle, "ax", %progbits
    .globl exception_handle
    .type exception_handle, %function
exception_handle:
    ldr     sp, [r0, #PLACE_SP]
    add     r0, r0, #PLACE_FP
    ldmia   r0, {r11, pc}
    .size exception_handle, . - exception_handle

/* void exception_resume(CONTEXT *context): 0 flags, 4 R0, 8 R1, ..., 56 Sp, 60 Lr, 64 Pc, 68 Psr.  Nothing else can
 * use the stack of this thread in between, so that its own stack pointer may be one of the registers loaded. */
    .section .text.exception_resume, "ax", %progbits
    .globl exception_resume
    .type exception_resume, %function
exception_resume:
    ldr     r1, [r0, #68]
    ldr     r2, [r0, #64]
    tst     r1, #0x20               /* Thumb state: an address with bit 0 set */
    orrne   r2, r2, #1
    strne   r2, [r0, #64]
    msr     cpsr_f, r1
    add     lr, r0, #4
    ldmia   lr, {r0-r12, sp, lr, pc}
    .size exception_resume, . - exception_resume

/* void RaiseException(DWORD code, DWORD flags, DWORD count, const ULONG_PTR *arguments): the registers of the caller as a
 * struct abi_exception (0 code, address, access, 12 r0, ..., 64 sp, 68 lr, 72 cpsr, reserved, 80 pc). */
#define EXCEPTION_BYTES 84
#define EXCEPTION_ROOM  88

    .macro  save_state
    sub     sp, sp, #EXCEPTION_ROOM
    str     r0, [sp, #12]
    add     r0, sp, #16
    stmia   r0, {r1-r12}
    add     r12, sp, #EXCEPTION_ROOM
    str     r12, [sp, #64]
    str     lr, [sp, #68]
    mrs     r12, cpsr
    str     r12, [sp, #72]
    bic     r12, lr, #1
    str     r12, [sp, #80]
    .endm

    .section .text.RaiseException, "ax", %progbits
    .globl RaiseException
    .type RaiseException, %function
RaiseException:
    save_state
    ldr     r0, [sp, #12]
    sub     sp, sp, #8
    str     r3, [sp]
    mov     r3, r2
    mov     r2, r1
    mov     r1, r0
    add     r0, sp, #8
    bl      exception_raise
    .size RaiseException, . - RaiseException

/* int __aeabi_idiv0(int quotient), long long __aeabi_ldiv0(long long quotient): the compiler's division functions come
 * here with a divisor of 0.  A filter that says "go on" makes them return what they were given. */
    .section .text.__aeabi_idiv0, "ax", %progbits
    .globl __aeabi_idiv0, __aeabi_ldiv0
    .type __aeabi_idiv0, %function
    .type __aeabi_ldiv0, %function
__aeabi_idiv0:
__aeabi_ldiv0:
    save_state
    mov     r0, sp
    ldr     r1, =0xc0000094         /* STATUS_INTEGER_DIVIDE_BY_ZERO */
    mov     r2, #0
    mov     r3, #0
    bl      exception_raise
    .ltorg
    .size __aeabi_idiv0, . - __aeabi_idiv0
