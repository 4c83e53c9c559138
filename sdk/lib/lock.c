/* The library's recursive lock; lock.h has the protocol. */
#include "sdk/lib/lock.h"
#include "sdk/lib/helper.h"
#include "sdk/lib/syscall.h"

#define YIELDS_BEFORE_SLEEP 4
#define STACK_BYTES         1024 /* more than what holds a lock takes of the stack */

/* Meets the guard at the stack's end before the lock is taken: a handler of that exception leaves whatever function
 * holds a lock, and nobody would give it back. */
static void stack_touch(void) {
    *(volatile char *)((uintptr_t)__builtin_frame_address(0) - STACK_BYTES) = 0;
}

int lock_try(volatile int32_t *lock) {
    int32_t self = (int32_t)kdata_word(ABI_KDATA_TLS);
    int32_t old = helper_compare_exchange(lock, self, 0);
    if (old == 0) {
        return 1;
    }
    if ((old & ~(int32_t)LOCK_DEPTH_MASK) != self) {
        return 0;
    }
    *lock = old + 1; /* ours: nobody else writes it */
    return 1;
}

void lock_take(volatile int32_t *lock) {
    stack_touch();
    for (uint32_t tries = 0; !lock_try(lock); tries++) {
        call1(SYS_SLEEP, tries < YIELDS_BEFORE_SLEEP ? 0 : 1);
    }
}

void lock_give(volatile int32_t *lock) {
    int32_t value = *lock;
    *lock = (value & (int32_t)LOCK_DEPTH_MASK) ? value - 1 : 0;
}
