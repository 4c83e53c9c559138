/* Waiting for objects: see wait.h. */
#include "kernel/wait.h"
#include "include/abi.h"
#include "include/panic.h"
#include "kernel/switch.h"
#include "kernel/sync.h"

/* In one stretch: threads, of which each counts for 8, and the objects that they wait for. */
#define WORK_AT_ONCE 64u
#define WORK(thread) ((thread)->block_count + 7u)

static uint64_t age; /* goes on when somebody begins to wake all who wait for an object */

/* Count of the clock at which a wait of milliseconds from now ends; 0: never.  One tick more, so that no wait is short.
 */
static uint64_t deadline_of(uint32_t milliseconds) {
    if (milliseconds == ABI_TIMEOUT_INFINITE) {
        return 0;
    }
    return schedule_count() + schedule_time.span_ticks(milliseconds) + 1;
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
    block->queue = queue;
    block->age = age;
    block->node.priority = thread->priority;
    plist_insert(queue, &block->node);
    if (lock != NULL) {
        block->lock = lock;
        lock_waiters_changed(lock);
    }
}

static void enter_object(struct wait_block *block, struct object *object, struct thread *thread) {
    struct lock *lock = object->wait_kind == WAIT_OWN ? mutex_lock_of(object) : NULL;
    if (lock != NULL && lock->owner == thread) {
        block->queue = NULL; /* its own, which it has already; it would lend to itself what others lent before */
        return;
    }
    enter(block, thread, lock != NULL ? &lock->waiters : &object->waiters, lock);
}

ALWAYS_INLINE void leave(struct wait_block *block) {
    if (block->queue != NULL) {
        plist_remove(&block->node);
        block->queue = NULL;
        struct lock *lock = block->lock;
        if (lock != NULL) {
            block->lock = NULL;
            lock_waiters_changed(lock);
        }
    }
}

ALWAYS_INLINE void leave_all(struct thread *thread) {
    for (uint32_t i = 0; i < thread->block_count; i++) {
        leave(&thread->blocks[i]);
    }
}

void wait_leave(struct thread *thread) {
    leave_all(thread);
}

void wait_end(struct thread *thread, status_t status) {
    if (thread->state == THREAD_WAITING) {
        leave_all(thread);
        (void)schedule_wake(thread, status);
    }
}

/* ---- waiting ---- */

/* The way of a mutex, or of what cannot be waited for. */
static status_t wait_mutex(struct object *object, uint32_t milliseconds, uint32_t *result) {
    struct thread *thread = thread_current;
    if (object->wait_kind == WAIT_NEVER) {
        return ERROR_INVALID_HANDLE;
    }
    if (mutex_available(object, thread)) {
        *result = mutex_take(object, thread);
        return ERROR_SUCCESS;
    }
    if (milliseconds == 0) {
        return WAKE_TIMEOUT;
    }
    struct lock *lock = mutex_lock_of(object);
    enter(&thread->block, thread, &lock->waiters, lock);
    status_t status = thread_block(deadline_of(milliseconds), true);
    *result = thread->wait_result;
    return status;
}

status_t wait_object(struct object *object, uint32_t milliseconds, uint32_t *result) {
    struct thread *thread = thread_current;
    if (object->signal != 0) {
        object->signal -= object->wait_kind == WAIT_TAKE;
        *result = ABI_WAIT_OBJECT;
        return ERROR_SUCCESS;
    }
    if (object->wait_kind == WAIT_OWN || object->wait_kind == WAIT_NEVER) {
        return wait_mutex(object, milliseconds, result);
    }
    if (milliseconds == 0) {
        return WAKE_TIMEOUT;
    }
    enter(&thread->block, thread, &object->waiters, NULL);
    status_t status = block_here(deadline_of(milliseconds), true);
    *result = thread->wait_result;
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
            blocks[i].thread = thread;
            blocks[i].lock = NULL;
            enter_object(&blocks[i], blocks[i].object, thread);
        }
        status = thread_block(deadline_of(milliseconds), true);
        *result = thread->wait_result;
        thread->blocks = &thread->block;
        thread->block_count = 1;
        thread->wait_all = false;
    }
    preempt_enable();
    return status;
}

status_t wait_lock(struct lock *lock, bool interruptible) {
    struct thread *thread = thread_current;
    enter(&thread->block, thread, &lock->waiters, lock);
    return thread_block(0, interruptible);
}

status_t wait_sleep(uint32_t milliseconds) {
    if (milliseconds == 0) {
        schedule_yield();
        return ERROR_SUCCESS;
    }
    preempt_disable();
    status_t status = thread_block(deadline_of(milliseconds), true);
    preempt_enable();
    return status == WAKE_TIMEOUT ? ERROR_SUCCESS : status;
}

status_t wait_queue(struct list *queue) {
    struct thread *thread = thread_current;
    list_append(queue, &thread->wait_link);
    status_t status = thread_block(0, true);
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
    return schedule_wake(thread, ERROR_SUCCESS);
}

/* Serves the first of a queue that can be.  Blocks that entered when age had gone beyond `until` do not count.  Returns
 * how much work that was; 0: there is none. */
static uint32_t serve_first(struct list *queue, struct object *object, bool signal_gone, uint64_t until) {
    struct plist_node *node = list_empty(queue) ? NULL : plist_first(queue);
    for (; node != NULL; node = plist_next(queue, node)) {
        struct wait_block *waiter = CONTAINER_OF(node, struct wait_block, node);
        uint32_t work = WORK(waiter->thread);
        if (waiter->age <= until && serve(waiter, object, signal_gone)) {
            return work;
        }
    }
    return 0;
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
    uint64_t until = signal_gone ? age++ : age;
    list_init(&loan.rank);
    list_init(&loan.peers);
    uint32_t work = 0;
    while (signal_gone || object->signal != 0) {
        uint32_t more = serve_first(&object->waiters, object, signal_gone, signal_gone ? until : age);
        if (more == 0) {
            break;
        }
        work += more;
        if (work >= WORK_AT_ONCE) {
            work = 0;
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

bool wait_release_one(struct object *object) {
    struct wait_block *block = CONTAINER_OF(plist_first(&object->waiters), struct wait_block, node);
    struct thread *thread = block->thread;
    if (__builtin_expect(thread->blocks != &thread->block, 0)) {
        return serve_first(&object->waiters, object, true, age) != 0;
    }
    plist_remove_first(&block->node);
    block->queue = NULL;
    thread->wait_result = ABI_WAIT_OBJECT;
    return wake_here(thread, ERROR_SUCCESS);
}

void wait_release_everybody(struct object *object, uint32_t signal) {
    object->signal = signal;
    if (!list_empty(&object->waiters)) {
        serve_in_steps(object, true);
    }
}

bool wait_is_crowded(const struct object *object) {
    uint32_t work = 0;
    struct plist_node *node = list_empty(&object->waiters) ? NULL : plist_first(&object->waiters);
    while (node != NULL && work < WORK_AT_ONCE) {
        work += WORK(CONTAINER_OF(node, struct wait_block, node)->thread);
        node = plist_next(&object->waiters, node);
    }
    return work >= WORK_AT_ONCE;
}

struct thread *wait_lock_pass(struct lock *lock) {
    lock_set_owner(lock, NULL);
    if (list_empty(&lock->waiters)) {
        return NULL;
    }
    struct thread *next = CONTAINER_OF(plist_first(&lock->waiters), struct wait_block, node)->thread;
    leave_all(next);
    lock_set_owner(lock, next);
    (void)schedule_wake(next, ERROR_SUCCESS);
    return next;
}

bool wait_serve_owner(struct object *object, struct lock *lock) {
    return serve_first(&lock->waiters, object, false, age) != 0;
}

void wait_queue_wake(struct list *queue) {
    if (!list_empty(queue)) {
        struct thread *thread = LIST_FIRST(queue, struct thread, wait_link);
        list_remove(&thread->wait_link);
        wait_end(thread, ERROR_SUCCESS);
    }
}
