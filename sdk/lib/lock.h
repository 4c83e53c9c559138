/* The library's lock and the program's critical sections: recursive, two words.
 *
 * The owner's word is struct abi_critical_section: 0 when free, else the owner's thread id, and bit 0 while others
 * wait.  Taking a free lock and giving one back that nobody waits for is one operation of the helper page
 * (lock_enter.S). All else is done here; who waits does so in the kernel and hands its priority to the owner.
 * depth is how many times more than once the owner has it, and only the owner's to touch.
 */
#ifndef SDK_LIB_LOCK_H
#define SDK_LIB_LOCK_H

#include <stdint.h>

struct lock { /* all 0: free */
    volatile uint32_t depth;
    volatile uint32_t owner;
};

/* Takes the lock; the caller may hold it already.  If less than 1 KB of stack is left, the stack's end is met here,
 * before the lock is taken; until it is given back, the caller should take no more. */
void lock_take(struct lock *lock);

/* Takes it if nobody else holds it; returns 1 then and 0 otherwise. */
int lock_try(struct lock *lock);

/* Gives it back once; if the caller does not hold it, nothing happens. */
void lock_give(struct lock *lock);

/* lock_take without the look at the stack; EnterCriticalSection is another name of it. */
void lock_enter(struct lock *lock);

/* What is left to do when the lock was not free, or is wanted by others or held more than once. */
void lock_wait(struct lock *lock);
void lock_hand_on(struct lock *lock);

#endif
