/* Kernel mutexes: sleeping locks of kernel code, with priority inheritance.
 *
 * A thread that waits lends its priority to the owner, and on along the chain if that one waits for a mutex, too.  On
 * release the highest-ranking waiter becomes owner at once, and the releasing thread falls back to what its other
 * mutexes still lend it.  A wait for a kernel mutex cannot be interrupted.
 */
#ifndef KERNEL_MUTEX_H
#define KERNEL_MUTEX_H

#include "arch/arm/cpu.h"
#include "include/list.h"

struct thread;
extern struct thread *thread_current;

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

/* For kmutex_lock and kmutex_unlock: somebody else owns the mutex, or waits for it. */
void kmutex_lock_wait(struct kmutex *mutex);
void kmutex_unlock_wake(struct kmutex *mutex);

/* The rank of a thread has changed: whoever owns what it waits for gets to know.  Interrupts are off. */
void kmutex_lend(const struct thread *waiter);

/* Not recursive; never in interrupts or with preemption off.  A free one is taken and given back with interrupts off
 * for the few instructions that it takes, which costs less than holding off preemption. */
static inline void kmutex_lock(struct kmutex *mutex) {
    uint32_t before = cpu_irq_save();
    if (mutex->owner == NULL) {
        mutex->owner = thread_current;
        cpu_irq_restore(before);
    } else {
        cpu_irq_restore(before);
        kmutex_lock_wait(mutex);
    }
}

static inline void kmutex_unlock(struct kmutex *mutex) {
    uint32_t before = cpu_irq_save();
    if (mutex->waiters.next == &mutex->waiters && mutex->owner == thread_current) {
        mutex->owner = NULL;
        cpu_irq_restore(before);
    } else {
        cpu_irq_restore(before);
        kmutex_unlock_wake(mutex);
    }
}

#endif
