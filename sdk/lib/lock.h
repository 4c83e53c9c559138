/* The library's lock: recursive, one word.
 *
 * 0: free.  Else the address of the owner's slots (its low 10 bits are 0) plus how many times more than once it
 * holds the lock.  Taking a free lock is one call of the helper page; a taken one is waited for by giving up the
 * processor, first to equals, then for a millisecond at a time so that an owner of lower priority can go on.
 */
#ifndef SDK_LIB_LOCK_H
#define SDK_LIB_LOCK_H

#include <stdint.h>

#define LOCK_DEPTH_MASK 0x3ffu

/* Takes the lock; the caller may hold it already (at most 1,023 times more).  If less than 1 KB of stack is left, the
 * stack's end is met here, before the lock is taken; until it is given back, the caller should take no more. */
void lock_take(volatile int32_t *lock);

/* Takes it if nobody else holds it; returns 1 then and 0 otherwise. */
int lock_try(volatile int32_t *lock);

/* Gives it back once; the caller holds it. */
void lock_give(volatile int32_t *lock);

#endif
