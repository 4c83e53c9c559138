/* Waiting for objects: see wait.h. */
#include "kernel/wait.h"
#include "include/abi.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "kernel/schedule.h"
#include "kernel/sync.h"

#define SERVED_AT_ONCE 8u

static uint32_t entered_last; /* number of the last block that entered a queue */

/* Time in ns at which a wait of milliseconds from now ends; 0: never.  Rounded up to the clock's next step, so that no
 * wait is short. */
static uint64_t deadline_of(uint32_t milliseconds) {
    if (milliseconds == ABI_TIMEOUT_INFINITE) {
        return 0;
    }
    return schedule_now() + (uint64_t)milliseconds * 1000000u + 1;
}

ALWAYS_INLINE bool available(const struct object *object, const struct thread *thread) {
    if (object->wait_kind == WAIT_OWN) {
        return mutex_available(object, thread);
    }
    return object->signal != 0;
}

/* Takes an object that is available.  Returns ABI_WAIT_OBJECT or ABI_WAIT_ABANDONED. */
ALWAYS_INLINE uint32_t take(struct object *object, struct thread *thread) {
    if (object->wait_kind == WAIT_OWN) {
        return mutex_take(object, thread);
    }
    object->signal -= object->wait_kind == WAIT_TAKE;
    return ABI_WAIT_OBJECT;
}

ALWAYS_INLINE void enter(struct wait_block *block, struct thread *thread, struct list *queue, struct lock *lock) {
    block->thread = thread;
    block->lock = lock;
    block->queue = queue;
    block->entered = ++entered_last;
    block->node.priority = thread->priority;
    plist_insert(queue, &block->node);
    if (lock != NULL) {
        lock_waiters_changed(lock);
    }
}

static void enter_object(struct wait_block *block, struct thread *thread) {
    struct lock *lock = block->object->wait_kind == WAIT_OWN ? mutex_lock_of(block->object) : NULL;
    enter(block, thread, lock != NULL ? &lock->waiters : &block->object->waiters, lock);
}

ALWAYS_INLINE void leave(struct wait_block *block) {
    if (block->queue != NULL) {
        plist_remove(&block->node);
        block->queue = NULL;
        if (block->lock != NULL) {
            lock_waiters_changed(block->lock);
        }
    }
}

ALWAYS_INLINE void leave_all(struct thread *thread) {
    for (uint32_t i = 0; i < thread->block_count; i++) {
        leave(&thread->blocks[i]);
    }
}

void wait_end(struct thread *thread, status_t status) {
    if (thread->state == THREAD_WAITING) {
        leave_all(thread);
        schedule_wake(thread, status);
    }
}

/* ---- waiting ---- */

static void wait_for_one(struct thread *thread, struct object *object) {
    thread->block.object = object;
    thread->blocks = &thread->block;
    thread->block_count = 1;
    thread->wait_all = false;
}

/* Sleeps in the queues that were entered. */
static status_t block(struct thread *thread, uint64_t deadline, bool interruptible) {
    if (interruptible && thread->attention & ATTENTION_KILLED) {
        leave_all(thread);
        return WAKE_KILLED;
    }
    return thread_block(deadline, interruptible);
}

status_t wait_object(struct object *object, uint32_t milliseconds, uint32_t *result) {
    struct thread *thread = thread_current;
    status_t status = ERROR_SUCCESS;
    if (object->wait_kind == WAIT_NEVER) {
        return ERROR_INVALID_HANDLE;
    }
    if (available(object, thread)) {
        *result = take(object, thread);
    } else if (milliseconds == 0) {
        status = WAKE_TIMEOUT;
    } else {
        wait_for_one(thread, object);
        enter_object(&thread->block, thread);
        status = block(thread, deadline_of(milliseconds), true);
        *result = thread->wait_result;
    }
    return status;
}

static bool all_available(const struct wait_block *blocks, uint32_t count, const struct thread *thread,
                          const struct object *besides) {
    for (uint32_t i = 0; i < count; i++) {
        if (blocks[i].object != besides && !available(blocks[i].object, thread)) {
            return false;
        }
    }
    return true;
}

/* Takes all objects; those given besides are only signaled for the moment.  Returns the result of the wait. */
static uint32_t take_all(struct wait_block *blocks, uint32_t count, struct thread *thread,
                         const struct object *besides) {
    uint32_t result = ABI_WAIT_OBJECT;
    for (uint32_t i = count; i-- != 0;) {
        if (blocks[i].object != besides && take(blocks[i].object, thread) == ABI_WAIT_ABANDONED) {
            result = ABI_WAIT_ABANDONED + i;
        }
    }
    return result;
}

static bool look(struct wait_block *blocks, uint32_t count, bool all, uint32_t *result) {
    struct thread *thread = thread_current;
    if (all) {
        if (!all_available(blocks, count, thread, NULL)) {
            return false;
        }
        *result = take_all(blocks, count, thread, NULL);
        return true;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (available(blocks[i].object, thread)) {
            *result = take(blocks[i].object, thread) + i;
            return true;
        }
    }
    return false;
}

status_t wait_objects(struct wait_block *blocks, uint32_t count, bool all, uint32_t milliseconds, uint32_t *result) {
    struct thread *thread = thread_current;
    status_t status = ERROR_SUCCESS;
    preempt_disable();
    if (look(blocks, count, all, result)) {
        /* Nothing to wait for. */
    } else if (milliseconds == 0) {
        status = WAKE_TIMEOUT;
    } else {
        thread->blocks = blocks;
        thread->block_count = count;
        thread->wait_all = all;
        for (uint32_t i = 0; i < count; i++) {
            enter_object(&blocks[i], thread);
        }
        status = block(thread, deadline_of(milliseconds), true);
        *result = thread->wait_result;
    }
    preempt_enable();
    return status;
}

status_t wait_lock(struct lock *lock, bool interruptible) {
    struct thread *thread = thread_current;
    wait_for_one(thread, NULL);
    enter(&thread->block, thread, &lock->waiters, lock);
    return block(thread, 0, interruptible);
}

status_t wait_sleep(uint32_t milliseconds) {
    if (milliseconds == 0) {
        schedule_yield();
        return ERROR_SUCCESS;
    }
    preempt_disable();
    thread_current->block_count = 0;
    status_t status = block(thread_current, deadline_of(milliseconds), true);
    preempt_enable();
    return status == WAKE_TIMEOUT ? ERROR_SUCCESS : status;
}

status_t wait_queue(struct list *queue) {
    struct thread *thread = thread_current;
    thread->block_count = 0;
    list_append(queue, &thread->wait_link);
    status_t status = block(thread, 0, true);
    list_remove(&thread->wait_link);
    return status;
}

/* ---- waking ---- */

/* Gives a waiter what it waits for, if it is all there; object is, though its signal may have gone meanwhile. */
ALWAYS_INLINE bool serve(struct wait_block *block, struct object *object, bool signal_gone) {
    struct thread *thread = block->thread;
    const struct object *besides = signal_gone ? object : NULL;
    if (thread->wait_all) {
        if (!all_available(thread->blocks, thread->block_count, thread, besides)) {
            return false;
        }
        leave_all(thread);
        thread->wait_result = take_all(thread->blocks, thread->block_count, thread, besides);
    } else {
        uint32_t index = (uint32_t)(block - thread->blocks);
        leave_all(thread);
        thread->wait_result = (signal_gone ? ABI_WAIT_OBJECT : take(object, thread)) + index;
    }
    schedule_wake(thread, ERROR_SUCCESS);
    return true;
}

/* Serves the first of a queue that can be.  Blocks that entered behind the number `until` do not count. */
static bool serve_first(struct list *queue, struct object *object, bool signal_gone, uint32_t until) {
    struct plist_node *node = list_empty(queue) ? NULL : plist_first(queue);
    for (; node != NULL; node = plist_next(queue, node)) {
        struct wait_block *waiter = CONTAINER_OF(node, struct wait_block, node);
        if ((int32_t)(waiter->entered - until) <= 0 && serve(waiter, object, signal_gone)) {
            return true;
        }
    }
    return false;
}

/* Lends the calling thread the priority of the first in a queue, if anybody is there; loan: where it stands. */
static void borrow(struct plist_node *loan, const struct list *queue) {
    plist_remove(loan);
    if (!list_empty(queue)) {
        loan->priority = plist_first(queue)->priority;
        plist_insert(&thread_current->lent, loan);
    }
    inherit_mark(thread_current);
}

/* Serves waiters until none is left that can be, with preemption on after each few. */
static void serve_in_steps(struct object *object, bool signal_gone) {
    struct plist_node loan;
    uint32_t until = entered_last;
    list_init(&loan.rank);
    list_init(&loan.peers);
    for (uint32_t served = 1; (signal_gone || object->signal != 0) &&
                              serve_first(&object->waiters, object, signal_gone, signal_gone ? until : entered_last);
         served++) {
        if (served % SERVED_AT_ONCE == 0) {
            borrow(&loan, &object->waiters);
            preempt_enable();
            preempt_disable();
        }
    }
    plist_remove(&loan);
    inherit_mark(thread_current);
}

void wait_release(struct object *object) {
    if (!list_empty(&object->waiters)) {
        serve_in_steps(object, false);
    }
}

void wait_release_everybody(struct object *object, uint32_t signal) {
    object->signal = signal;
    if (!list_empty(&object->waiters)) {
        serve_in_steps(object, true);
    }
}

bool wait_is_crowded(const struct object *object) {
    uint32_t count = 0;
    struct plist_node *node = list_empty(&object->waiters) ? NULL : plist_first(&object->waiters);
    for (; node != NULL && count < SERVED_AT_ONCE; count++) {
        node = plist_next(&object->waiters, node);
    }
    return node != NULL;
}

struct thread *wait_lock_pass(struct lock *lock) {
    lock_set_owner(lock, NULL);
    if (list_empty(&lock->waiters)) {
        return NULL;
    }
    struct thread *next = CONTAINER_OF(plist_first(&lock->waiters), struct wait_block, node)->thread;
    leave_all(next);
    lock_set_owner(lock, next);
    schedule_wake(next, ERROR_SUCCESS);
    return next;
}

bool wait_serve_owner(struct object *object, struct lock *lock) {
    return serve_first(&lock->waiters, object, false, entered_last);
}

void wait_queue_wake(struct list *queue) {
    if (!list_empty(queue)) {
        struct thread *thread = LIST_FIRST(queue, struct thread, wait_link);
        list_remove(&thread->wait_link);
        wait_end(thread, ERROR_SUCCESS);
    }
}
