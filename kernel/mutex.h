/* Kernel mutexes: sleeping locks of kernel code, with priority inheritance (kernel/inherit.h).
 *
 * On release the highest-ranking waiter becomes owner at once.  A wait for a kernel mutex cannot be interrupted.
 */
#ifndef KERNEL_MUTEX_H
#define KERNEL_MUTEX_H

#include "arch/arm/cpu.h"
#include "kernel/inherit.h"

extern struct thread *thread_current;

struct kmutex {
    struct lock lock;
};

#define KMUTEX_INIT(name)                                                                                              \
    { .lock = LOCK_INIT((name).lock) }

void kmutex_init(struct kmutex *mutex);

/* For kmutex_lock and kmutex_unlock: somebody else owns the mutex, or waits for it. */
void kmutex_lock_wait(struct kmutex *mutex);
void kmutex_unlock_wake(struct kmutex *mutex);

/* Not recursive; never in interrupts or with preemption off.  A free one is taken and given back with interrupts off
 * for the few instructions that it takes, which costs less than holding off preemption. */
static inline void kmutex_lock(struct kmutex *mutex) {
    uint32_t before = cpu_irq_save();
    if (mutex->lock.owner == NULL) {
        mutex->lock.owner = thread_current;
        cpu_irq_restore(before);
    } else {
        cpu_irq_restore(before);
        kmutex_lock_wait(mutex);
    }
}

static inline void kmutex_unlock(struct kmutex *mutex) {
    uint32_t before = cpu_irq_save();
    if (list_empty(&mutex->lock.waiters) && mutex->lock.owner == thread_current) {
        mutex->lock.owner = NULL;
        cpu_irq_restore(before);
    } else {
        cpu_irq_restore(before);
        kmutex_unlock_wake(mutex);
    }
}

#endif
