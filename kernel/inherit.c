/* Lending priorities: see inherit.h. */
#include "kernel/inherit.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "kernel/schedule.h"
#include "kernel/wait.h"

#define STEPS_AT_ONCE 8u /* in one call of inherit_work: a thread, or a few of the objects that one waits for */

struct list inherit_marked = {&inherit_marked, &inherit_marked}; /* struct thread.marked_link */
static uint32_t first_priority; /* no marked thread ranks before this, now or as it will be */

void lock_init(struct lock *lock) {
    lock->owner = NULL;
    list_init(&lock->waiters);
    list_init(&lock->link.rank);
    list_init(&lock->link.peers);
}

static uint32_t lent_priority(const struct thread *thread) {
    if (list_empty(&thread->lent)) {
        return thread->base_priority;
    }
    return min_u32(thread->base_priority, plist_first(&thread->lent)->priority);
}

void inherit_mark(struct thread *thread) {
    uint32_t priority = lent_priority(thread);
    if (thread->priority == priority) {
        return;
    }
    priority = min_u32(priority, thread->priority);
    first_priority = inherit_pending() ? min_u32(first_priority, priority) : priority;
    if (list_empty(&thread->marked_link)) {
        /* In front: one change runs through all that it leads to before another goes on.  Two at a time could run
         * after each other for ever where threads wait for each other in a circle. */
        list_insert(&inherit_marked, &thread->marked_link);
    }
    schedule_defer(SCHEDULE_INHERIT);
}

static bool hangs(const struct lock *lock) {
    return !list_empty(&lock->link.rank) || !list_empty(&lock->link.peers);
}

void lock_waiters_changed(struct lock *lock) {
    struct thread *owner = lock->owner;
    bool waiting = !list_empty(&lock->waiters);
    if (owner == NULL || (waiting && hangs(lock) && lock->link.priority == plist_first(&lock->waiters)->priority)) {
        return;
    }
    plist_remove(&lock->link);
    if (waiting) {
        lock->link.priority = plist_first(&lock->waiters)->priority;
        plist_insert(&owner->lent, &lock->link);
    }
    inherit_mark(owner);
}

void lock_set_owner(struct lock *lock, struct thread *thread) {
    struct thread *before = lock->owner;
    lock->owner = thread;
    if (hangs(lock)) {
        plist_remove(&lock->link);
        if (before != NULL) {
            inherit_mark(before);
        }
    }
    lock_waiters_changed(lock);
}

/* Brings the next object that a waiting thread waits for up to date.  True: that was the last one. */
static bool requeue_next(struct thread *thread) {
    while (thread->requeued < thread->block_count) {
        struct wait_block *block = &thread->blocks[thread->requeued++];
        if (block->queue != NULL && block->node.priority != thread->priority) {
            plist_remove(&block->node);
            block->node.priority = thread->priority;
            plist_insert(block->queue, &block->node);
            if (block->lock != NULL) {
                lock_waiters_changed(block->lock);
            }
            return thread->requeued == thread->block_count;
        }
    }
    return true;
}

/* One step for the first marked thread. */
static void work_once(void) {
    struct thread *thread = LIST_FIRST(&inherit_marked, struct thread, marked_link);
    uint32_t priority = lent_priority(thread);
    if (thread->priority != priority) {
        schedule_reprioritise(thread, priority);
        thread->requeued = 0;
    }
    if (thread->state != THREAD_WAITING || requeue_next(thread)) {
        list_remove(&thread->marked_link);
    }
}

void inherit_work(void) {
    for (uint32_t steps = 0; steps < STEPS_AT_ONCE && inherit_pending(); steps++) {
        work_once();
    }
    if (!inherit_pending()) {
        schedule_defer_done(SCHEDULE_INHERIT);
    }
}

uint32_t inherit_first_priority(void) {
    return first_priority;
}
