/* The library's recursive lock; lock.h has the protocol. */
#include "sdk/lib/lock.h"
#include "sdk/lib/helper.h"
#include "sdk/lib/syscall.h"

#define STACK_BYTES 1024 /* more than what holds a lock takes of the stack */

_Static_assert(offsetof(struct lock, depth) == 0 && offsetof(struct lock, owner) == 4, "as lock_enter.S has them");
_Static_assert(sizeof(struct abi_critical_section) == sizeof(uint32_t), "the kernel's word is the owner's");

/* Meets the guard at the stack's end before the lock is taken: a handler of that exception leaves whatever function
 * holds a lock, and nobody would give it back. */
static void stack_touch(void) {
    *(volatile char *)((uintptr_t)__builtin_frame_address(0) - STACK_BYTES) = 0;
}

void lock_take(struct lock *lock) {
    stack_touch();
    lock_enter(lock);
}

int lock_try(struct lock *lock) {
    uint32_t self = kdata_word(ABI_KDATA_THREAD);
    uint32_t owner = (uint32_t)helper_compare_exchange((volatile int32_t *)&lock->owner, (int32_t)self, 0);
    if (owner == 0) {
        return 1;
    }
    if ((owner & ~ABI_SECTION_WAITERS) != self) {
        return 0;
    }
    lock->depth++;
    return 1;
}

/* The kernel may lack the memory for a wait.  Then the lock is looked at from time to time. */
void lock_wait(struct lock *lock) {
    while (!lock_try(lock) && call1(SYS_SECTION_WAIT, address_of(&lock->owner)).status != 0) {
        call1(SYS_SLEEP, 1);
    }
}

void lock_hand_on(struct lock *lock) {
    if ((lock->owner & ~ABI_SECTION_WAITERS) != kdata_word(ABI_KDATA_THREAD)) {
        return;
    }
    if (lock->depth != 0) {
        lock->depth--;
        return;
    }
    call1(SYS_SECTION_LEAVE, address_of(&lock->owner));
}
