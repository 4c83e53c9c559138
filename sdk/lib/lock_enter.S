/* Taking and giving back a lock (lock.h), and critical sections, which begin with one.
 *
 * Both go on in the helper page, which returns to the caller when the owner's word was as hoped, and else goes to
 * the address in r12.
 */
#include "include/abi.h"
#include "include/layout.h"

    .arm
    .syntax unified
    .section .text.lock_enter, "ax"

    /* The owner's word: 0 -> own id. */
    .globl  lock_enter, EnterCriticalSection
    .type   lock_enter, %function
    .type   EnterCriticalSection, %function
lock_enter:
EnterCriticalSection:
    ldr     r1, =KDATA_USER + ABI_KDATA_THREAD
    add     r0, r0, #4
    ldr     r1, [r1]
    mov     r2, #0
    adr     r12, 1f
    ldr     pc, =HELPER_VA + ABI_HELPER_EXCHANGE_OR_GO
1:  sub     r0, r0, #4
    b       lock_wait
    .size   lock_enter, . - lock_enter
    .size   EnterCriticalSection, . - EnterCriticalSection

    /* The owner's word: own id -> 0, which is the depth that was read. */
    .globl  lock_give, LeaveCriticalSection
    .type   lock_give, %function
    .type   LeaveCriticalSection, %function
lock_give:
LeaveCriticalSection:
    ldr     r2, =KDATA_USER + ABI_KDATA_THREAD
    ldr     r1, [r0], #4
    ldr     r2, [r2]
    adr     r12, 1f
    cmp     r1, #0
    ldreq   pc, =HELPER_VA + ABI_HELPER_EXCHANGE_OR_GO
1:  sub     r0, r0, #4
    b       lock_hand_on
    .size   lock_give, . - lock_give
    .size   LeaveCriticalSection, . - LeaveCriticalSection
    .ltorg
