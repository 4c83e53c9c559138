/* Kernel mutexes: sleeping locks of kernel code, with priority inheritance.
 *
 * A thread that waits lends its priority to the owner, and on along the chain if that one waits for a mutex, too.  On
 * release the highest-ranking waiter becomes owner at once, and the releasing thread falls back to what its other
 * mutexes still lend it.  A wait for a kernel mutex cannot be interrupted.
 */
#ifndef KERNEL_MUTEX_H
#define KERNEL_MUTEX_H

#include "include/list.h"

struct thread;

struct kmutex {
    struct thread *owner;
    struct list waiters; /* struct thread.wait_link, in no order */
    struct list link;    /* in owner->held, while somebody waits */
};

#define KMUTEX_INIT(name)                                                                                              \
    {                                                                                                                  \
        .waiters = {&(name).waiters, &(name).waiters}, .link = { &(name).link, &(name).link }                          \
    }

void kmutex_init(struct kmutex *mutex);

/* Not recursive; never in interrupts or with preemption off. */
void kmutex_lock(struct kmutex *mutex);
void kmutex_unlock(struct kmutex *mutex);

#endif
