/* The semihosting trap.  An SVC taken in SVC mode overwrites lr. */
    .syntax unified
    .arm
    .text
    .global semihost_call
    .type semihost_call, %function
semihost_call:
    stmfd   sp!, {r4, lr}
    svc     #0x123456
    ldmfd   sp!, {r4, pc}
