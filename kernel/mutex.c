/* Kernel mutexes: see mutex.h.  A free one is taken and released without a look at any list. */
#include "kernel/mutex.h"
#include "arch/arm/cpu.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "kernel/schedule.h"
#include "mm/lock.h"

void kmutex_init(struct kmutex *mutex) {
    mutex->owner = NULL;
    list_init(&mutex->waiters);
    list_init(&mutex->link);
}

static struct thread *first_waiter(const struct kmutex *mutex) {
    struct thread *best = NULL;
    LIST_EACH(thread, &mutex->waiters, struct thread, wait_link) {
        if (best == NULL || thread->priority < best->priority) {
            best = thread;
        }
    }
    return best;
}

/* The priority that a thread has by itself and by those who wait for what it holds. */
static uint32_t lent_priority(const struct thread *thread) {
    uint32_t priority = thread->base_priority;
    LIST_EACH(mutex, &thread->held, struct kmutex, link) {
        priority = min_u32(priority, first_waiter(mutex)->priority);
    }
    return priority;
}

/* Hands a waiter's priority down the chain of owners. */
static void lend(struct kmutex *mutex, uint32_t priority) {
    while (mutex != NULL && mutex->owner->priority > priority) {
        struct thread *owner = mutex->owner;
        schedule_reprioritise(owner, priority);
        mutex = owner->blocked_on;
    }
}

void kmutex_lend(const struct thread *waiter) {
    lend(waiter->blocked_on, waiter->priority);
}

void kmutex_lock_wait(struct kmutex *mutex) {
    struct thread *thread = thread_current;
    uint32_t before = cpu_irq_save();
    if (mutex->owner == NULL) {
        mutex->owner = thread;
    } else {
        ASSERT(mutex->owner != thread);
        if (list_empty(&mutex->waiters)) {
            list_append(&mutex->owner->held, &mutex->link);
        }
        list_append(&mutex->waiters, &thread->wait_link);
        thread->blocked_on = mutex;
        lend(mutex, thread->priority);
        (void)thread_block(0, false);
        ASSERT(mutex->owner == thread);
    }
    cpu_irq_restore(before);
}

void kmutex_unlock_wake(struct kmutex *mutex) {
    struct thread *thread = thread_current;
    preempt_disable();
    uint32_t before = cpu_irq_save();
    ASSERT(mutex->owner == thread);
    if (list_empty(&mutex->waiters)) {
        mutex->owner = NULL;
    } else {
        struct thread *next = first_waiter(mutex);
        list_remove(&mutex->link);
        mutex->owner = next;
        next->blocked_on = NULL;
        thread_wake(next, ERROR_SUCCESS);
        if (!list_empty(&mutex->waiters)) {
            list_append(&next->held, &mutex->link);
            schedule_reprioritise(next, lent_priority(next));
        }
        schedule_reprioritise(thread, lent_priority(thread));
    }
    cpu_irq_restore(before);
    preempt_enable();
}

/* The lock of mm (mm/lock.h). */
static struct kmutex mm_mutex = KMUTEX_INIT(mm_mutex);

void mm_lock(void) {
    kmutex_lock(&mm_mutex);
}

void mm_unlock(void) {
    kmutex_unlock(&mm_mutex);
}

bool mm_lock_free(void) {
    return mm_mutex.owner == NULL;
}

bool mm_lock_held(void) {
    return mm_mutex.owner == thread_current;
}
