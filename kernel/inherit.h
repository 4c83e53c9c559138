/* Locks that threads own, and the priority that waiting threads lend to their owners.
 *
 * Kernel mutexes (kernel/mutex.h), mutex objects (kernel/sync.h) and contended critical sections (kernel/critical.h)
 * all hold a struct lock.  While anybody waits for it, a lock hangs on its owner with the priority of its first waiter:
 *
 *   priority of a thread = the highest of its own (base_priority) and those of the locks that hang on it
 *
 * When that changes for a thread that waits itself, the owners of what it waits for are looked at in turn, and so on
 * along chains of any length.  A thread whose priority may be wrong is marked; marked threads are worked off a few at a
 * time, with preemption on in between (inherit_work), before any thread runs that ranks behind them.  The same rule
 * lowers the priority again, whatever the reason: release, timeout, the end of the waiter, a changed base priority.
 *
 * The states of this protocol are checked in tests/models/inherit.pml.
 *
 * All functions but lock_init are called with preemption off.
 */
#ifndef KERNEL_INHERIT_H
#define KERNEL_INHERIT_H

#include "kernel/plist.h"

struct thread;

struct lock {
    struct thread *owner;   /* NULL: nobody */
    struct list waiters;    /* struct wait_block.node, by priority */
    struct plist_node link; /* in owner->lent, while somebody waits and there is an owner */
};

#define LOCK_INIT(name)                                                                                                \
    {                                                                                                                  \
        .waiters = {&(name).waiters, &(name).waiters}, .link.rank = {&(name).link.rank, &(name).link.rank},            \
        .link.peers = {                                                                                                \
            &(name).link.peers,                                                                                        \
            &(name).link.peers                                                                                         \
        }                                                                                                              \
    }

void lock_init(struct lock *lock);

/* Makes thread (NULL: nobody) the owner of the lock; those who wait lend to it and not to the one before. */
void lock_set_owner(struct lock *lock, struct thread *thread);

/* Waiters have come, gone or changed their priority. */
void lock_waiters_changed(struct lock *lock);

/* The base priority of a thread, or what hangs on it, may have changed. */
void inherit_mark(struct thread *thread);

/* Works off marked threads, but only a bounded number of steps; if some are left, preempt_switch goes on. */
void inherit_work(void);

extern struct list inherit_marked; /* inherit.c's own */

static inline bool inherit_pending(void) {
    return !list_empty(&inherit_marked);
}

/* No marked thread ranks before this, now or as it will be; there is one. */
uint32_t inherit_first_priority(void);

#endif
