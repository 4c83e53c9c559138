/* Events, mutexes, semaphores: see sync.h. */
#include "kernel/sync.h"
#include "include/abi.h"
#include "include/preempt.h"
#include "kernel/thread.h"
#include "kernel/wait.h"
#include "mm/heap.h"

static void plain_destroy(struct object *object) {
    struct named *named = CONTAINER_OF(object, struct named, object);
    name_drop(named);
    heap_free(named);
}

/* Nobody waits, but a thread may own it still. */
static void mutex_destroy(struct object *object) {
    struct mutex *mutex = MUTEX_OF(object);
    preempt_disable();
    list_remove(&mutex->owned_link);
    preempt_enable();
    plain_destroy(object);
}

const struct object_type event_type = {.name = "event", .destroy = plain_destroy};
const struct object_type semaphore_type = {.name = "semaphore", .destroy = plain_destroy};
const struct object_type mutex_type = {.name = "mutex", .destroy = mutex_destroy};

/* ---- mutexes ---- */

uint32_t mutex_take(struct object *object, struct thread *thread) {
    struct mutex *mutex = MUTEX_OF(object);
    mutex->depth++;
    if (mutex->lock.owner == thread) {
        return ABI_WAIT_OBJECT;
    }
    bool abandoned = mutex->abandoned;
    mutex->abandoned = false;
    list_append(&thread->owned, &mutex->owned_link);
    lock_set_owner(&mutex->lock, thread);
    return abandoned ? ABI_WAIT_ABANDONED : ABI_WAIT_OBJECT;
}

static void give_up(struct mutex *mutex) {
    mutex->depth = 0;
    list_remove(&mutex->owned_link);
    lock_set_owner(&mutex->lock, NULL);
    if (!list_empty(&mutex->lock.waiters)) {
        (void)wait_serve_owner(&mutex->named.object, &mutex->lock);
    }
}

status_t mutex_release(struct mutex *mutex) {
    if (mutex->lock.owner != thread_current) {
        return ERROR_NOT_OWNER;
    }
    if (--mutex->depth == 0) {
        give_up(mutex);
    }
    return ERROR_SUCCESS;
}

bool mutex_abandon_one(struct thread *thread) {
    if (list_empty(&thread->owned)) {
        return false;
    }
    struct mutex *mutex = LIST_FIRST(&thread->owned, struct mutex, owned_link);
    mutex->abandoned = true;
    give_up(mutex);
    return true;
}

/* ---- events ---- */

void event_change(struct event *event, uint32_t change) {
    struct object *object = &event->named.object;
    if (list_empty(&object->waiters) || change == ABI_EVENT_RESET) {
        object->signal = change == ABI_EVENT_SET;
    } else if (object->wait_kind == WAIT_STAY) {
        wait_release_everybody(object, change == ABI_EVENT_SET);
    } else {
        object->signal = 1;
        wait_release(object); /* one at the most */
        if (change == ABI_EVENT_PULSE) {
            object->signal = 0;
        }
    }
}

/* ---- semaphores ---- */

status_t semaphore_release(struct semaphore *semaphore, uint32_t count, uint32_t *before) {
    struct object *object = &semaphore->named.object;
    *before = object->signal;
    if (count == 0 || count > INT32_MAX) {
        return ERROR_INVALID_PARAMETER;
    }
    if (count > semaphore->most - object->signal) {
        return ERROR_TOO_MANY_POSTS;
    }
    object->signal += count;
    wait_release(object);
    return ERROR_SUCCESS;
}

/* ---- making ---- */

struct making {
    const struct object_type *type;
    uint32_t bytes;
    enum wait_kind kind;
    uint32_t signal;
    uint32_t most;
    bool owned;
};

static status_t make(void *context, struct named **out) {
    const struct making *making = context;
    struct named *named = heap_alloc_zero(making->bytes);
    if (named == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    object_init_waitable(&named->object, making->type, making->kind, making->signal);
    named_init(named);
    if (making->type == &semaphore_type) {
        CONTAINER_OF(named, struct semaphore, named)->most = making->most;
    }
    if (making->type == &mutex_type) {
        struct mutex *mutex = CONTAINER_OF(named, struct mutex, named);
        lock_init(&mutex->lock);
        list_init(&mutex->owned_link);
        if (making->owned) {
            preempt_disable();
            (void)mutex_take(&named->object, thread_current);
            preempt_enable();
        }
    }
    *out = named;
    return ERROR_SUCCESS;
}

status_t event_create(const struct name *name, bool manual, bool signaled, struct object **object) {
    struct making making = {
        .type = &event_type, .bytes = sizeof(struct event), .kind = manual ? WAIT_STAY : WAIT_TAKE, .signal = signaled};
    return name_find_or_make(&event_type, name, make, &making, object);
}

status_t mutex_create(const struct name *name, bool owned, struct object **object) {
    struct making making = {.type = &mutex_type, .bytes = sizeof(struct mutex), .kind = WAIT_OWN, .owned = owned};
    return name_find_or_make(&mutex_type, name, make, &making, object);
}

status_t semaphore_create(const struct name *name, uint32_t count, uint32_t most, struct object **object) {
    struct making making = {
        .type = &semaphore_type, .bytes = sizeof(struct semaphore), .kind = WAIT_TAKE, .signal = count, .most = most};
    return name_find_or_make(&semaphore_type, name, make, &making, object);
}
