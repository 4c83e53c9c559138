/* setjmp and longjmp.  newlib's, but longjmp also forgets the __try blocks that it jumps out of (their __finally blocks do
 * not run).
 *
 * jmp_buf:    0 r4 ... 28 r11, 32 sp, 36 lr, 40 innermost frame of __try
 */
#include "include/abi.h"
#include "include/layout.h"
    .syntax unified
    .arm

#define EXCEPTION_THREAD_BYTES 140

/* int setjmp(jmp_buf place) */
    .section .text.setjmp, "ax", %progbits
    .globl setjmp
    .type setjmp, %function
setjmp:
    mov     r12, sp
    ldr     r2, =KDATA_USER
    stmia   r0, {r4-r12, lr}
    ldr     r2, [r2, #ABI_KDATA_TLS]
    ldr     r2, [r2, #-EXCEPTION_THREAD_BYTES] /* chain in exception.h */
    str     r2, [r0, #40]
    mov     r0, #0
    bx      lr
    .ltorg
    .size setjmp, . - setjmp

/* void longjmp(jmp_buf place, int value) */
    .section .text.longjmp, "ax", %progbits
    .globl longjmp
    .type longjmp, %function
longjmp:
    mov     r4, r0
    movs    r5, r1
    moveq   r5, #1                  /* setjmp must not seem to return for the first time */
    ldr     r0, [r4, #40]
    bl      frame_jump
    mov     r0, r5
    mov     r2, r4
    ldmia   r2, {r4-r12, lr}
    mov     sp, r12
    bx      lr
    .size longjmp, . - longjmp
