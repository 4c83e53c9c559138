/* Waiting, and waking those who wait.
 *
 *   a thread                                     whoever changes the object
 *   looks whether it can be had: takes it        changes signal or owner
 *   else enters the object's queue, and sleeps   takes the first waiter that can be served out of the queue, takes the
 *                                                object on its behalf, and makes it ready
 *
 * Both do it in one stretch with preemption off, which guards all of this; interrupt handlers touch none of it.  So no
 * wake-up is lost, and what a waiter was given cannot be taken by another thread before it runs.  A wait that ends
 * otherwise (timeout, kill) leaves the queues in the stretch that ends it.  Who is served first is a matter of
 * priority, within one of who came first.
 *
 * A thread waits with a block for each object; with one of its own for a single object.  A wait for all of several
 * objects takes none of them before it can take all.
 *
 * The protocol is checked in tests/models/wait.pml: no lost wake-up, no object taken twice, all or nothing.
 */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include "include/status.h"
#include "kernel/inherit.h"
#include "kernel/object.h"

struct wait_block {
    struct plist_node node;
    struct list *queue;    /* where it stands; NULL: nowhere */
    struct lock *lock;     /* whose queue that is; NULL: a plain object's, or nobody's */
    struct object *object; /* in a wait for several */
    struct thread *thread;
    uint64_t age; /* of wait.c when it entered */
};

/* Waits until the object can be had, for at most milliseconds (0: only looks, ABI_TIMEOUT_INFINITE: for ever).  The
 * caller holds a reference.  Preemption is off, and is on for the time of the wait.  *result: ABI_WAIT_OBJECT or
 * ABI_WAIT_ABANDONED.  Returns 0; WAKE_TIMEOUT; WAKE_KILLED; ERROR_INVALID_HANDLE (an object that cannot be waited
 * for). */
status_t wait_object(struct object *object, uint32_t milliseconds, uint32_t *result);

/* The same, with preemption on, for one of count objects, or all of them.  blocks: room for count (at most
 * ABI_WAIT_OBJECTS) of them, the caller's, with object set.  *result: with the index added, of the lowest object where
 * several would do; of the lowest abandoned one when all were waited for. */
status_t wait_objects(struct wait_block *blocks, uint32_t count, bool all, uint32_t milliseconds, uint32_t *result);

/* The object has more signal than before: serves waiters as far as it goes.  Preemption is off, but is on in between if
 * there are many; the calling thread ranks before those whom it still has to serve. */
void wait_release(struct object *object);

/* Somebody waits: gives the first waiter that can be served one unit of a WAIT_TAKE object, as if it had that much more
 * signal.  False: there is none. */
bool wait_release_one(struct object *object);

/* Makes all who wait now ready, whatever happens to the object meanwhile, in the same way; those who wait for other
 * objects, too, that are not there stay.  signal: what the object has from now on. */
void wait_release_everybody(struct object *object, uint32_t signal);

/* True if so many wait that preemption would be on in between.  Preemption is off. */
bool wait_is_crowded(const struct object *object);

/* Waits for a lock that somebody else owns, whose owner whoever gives it up makes the waiting thread.  Preemption is
 * off, and is on for the time of the wait.  Returns 0 or WAKE_KILLED. */
status_t wait_lock(struct lock *lock, bool interruptible);

/* Gives up a lock: its first waiter is the new owner, and ready.  Returns it; NULL: nobody waited.  Preemption is off.
 */
struct thread *wait_lock_pass(struct lock *lock);

/* A mutex object has no owner any more: serves its first waiter that can be.  Preemption is off.  False: nobody. */
bool wait_serve_owner(struct object *object, struct lock *lock);

/* Ends the wait of a thread with a status, whatever it waits for; nothing if it does not wait.  Preemption is off. */
void wait_end(struct thread *thread, status_t status);

/* Takes a thread out of the queues where it waits.  Preemption is off. */
void wait_leave(struct thread *thread);

/* Sleeps.  0: yields.  Returns 0 or WAKE_KILLED. */
status_t wait_sleep(uint32_t milliseconds);

/* Waits in a queue of threads (wait_link) for something that is no object.  Preemption is off, so that what is waited
 * for could be tested before.  Returns 0 or WAKE_KILLED. */
status_t wait_queue(struct list *queue);

/* Wakes the first of such a queue, if there is one.  Preemption is off. */
void wait_queue_wake(struct list *queue);

#endif
