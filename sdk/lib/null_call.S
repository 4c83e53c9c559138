/* void SituNullCall(void): the shortest way into the kernel and back, for measuring. */
#include "include/abi.h"

    .syntax unified
    .arm
    .section .text.SituNullCall, "ax", %progbits
    .globl SituNullCall
    .type SituNullCall, %function
SituNullCall:
    mov r12, #SYS_NULL
    svc #0
    bx lr
    .size SituNullCall, . - SituNullCall
