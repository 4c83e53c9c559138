/* Kernel mutexes: see mutex.h.  A free one is taken and released without a look at any list. */
#include "kernel/mutex.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "kernel/wait.h"
#include "mm/lock.h"

void kmutex_init(struct kmutex *mutex) {
    lock_init(&mutex->lock);
}

void kmutex_lock_wait(struct kmutex *mutex) {
    struct thread *thread = thread_current;
    preempt_disable();
    if (mutex->lock.owner == NULL) {
        mutex->lock.owner = thread;
    } else {
        ASSERT(mutex->lock.owner != thread);
        (void)wait_lock(&mutex->lock, false);
        ASSERT(mutex->lock.owner == thread);
    }
    preempt_enable();
}

void kmutex_unlock_wake(struct kmutex *mutex) {
    preempt_disable();
    ASSERT(mutex->lock.owner == thread_current);
    wait_lock_pass(&mutex->lock);
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
    return mm_mutex.lock.owner == NULL;
}

bool mm_lock_held(void) {
    return mm_mutex.lock.owner == thread_current;
}
