/* The helper page: atomic operations for user programs (include/abi.h), the same code for every CPU.
 *
 * On one processor an operation is atomic if nobody else runs between its load and its store.  Each occupies 32 bytes, the store
 * is the third instruction, and nothing that it needs again changes before the store.  Whenever a thread is
 * interrupted or faults at one of the first three instructions, the kernel sets its pc back to the first
 * (helper_restart in arch/arm/trap.h), so that load and store always run in one piece.
 */
#include "include/abi.h"

    .arm
    .syntax unified
    .section .text.helper, "ax"

    .globl  helper_start, helper_end
    .balign 32
helper_start:

    .macro  operation offset
    .org    helper_start + \offset
    .endm

    .macro  read_change_write offset, change:vararg
    operation \offset
    ldr     r3, [r0]
    \change
    str     r12, [r0]
    mov     r0, r3
    bx      lr
    .endm

    read_change_write ABI_HELPER_EXCHANGE, mov r12, r1

    operation ABI_HELPER_COMPARE_EXCHANGE
    ldr     r3, [r0]
    cmp     r3, r2
    streq   r1, [r0]
    mov     r0, r3
    bx      lr

    read_change_write ABI_HELPER_ADD, add r12, r3, r1
    read_change_write ABI_HELPER_AND, and r12, r3, r1
    read_change_write ABI_HELPER_OR,  orr r12, r3, r1
    read_change_write ABI_HELPER_XOR, eor r12, r3, r1

    operation ABI_HELPER_EXCHANGE_OR_GO
    ldr     r3, [r0]
    cmp     r3, r2
    streq   r1, [r0]
    bxeq    lr
    bx      r12
    .balign 32
helper_end:
