/* The calls by which threads hand the processor to each other (contract: docs/api.md, Synchronisation): compiled for
 * speed, each in one stretch with preemption off, in which a handle's object needs no reference of its own. */
#include "include/preempt.h"
#include "kernel/sync.h"
#include "kernel/syscall/syscall.h"

/* The object of a handle of the calling process, if it is of this type, or NULL.  Preemption is off. */
ALWAYS_INLINE struct object *object_of(uint32_t handle, const struct object_type *type) {
    const struct handle_entry *entry = handle_entry(&process_current()->handles, handle);
    return entry != NULL && (type == NULL || entry->object->type == type) ? entry->object : NULL;
}

/* Ends a stretch that began with a reference taken. */
ALWAYS_INLINE void leave(struct object *object) {
    uint32_t left = --object->references;
    preempt_enable();
    if (left == 0) {
        object->type->destroy(object);
    }
}

sysret_t sys_event_change(uint32_t handle, uint32_t change) {
    if (change < ABI_EVENT_PULSE || change > ABI_EVENT_SET) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    preempt_disable();
    struct object *object = object_of(handle, &event_type);
    if (object == NULL) {
        preempt_enable();
        return sysret_status(ERROR_INVALID_HANDLE);
    }
    if (list_empty(&object->waiters)) {
        object->signal = change == ABI_EVENT_SET;
        preempt_enable();
    } else {
        object->references++;
        event_change(CONTAINER_OF(object, struct event, named.object), change);
        leave(object);
    }
    return sysret_status(ERROR_SUCCESS);
}

sysret_t sys_mutex_release(uint32_t handle) {
    status_t status = ERROR_INVALID_HANDLE;
    preempt_disable();
    struct object *object = object_of(handle, &mutex_type);
    if (object != NULL) {
        status = mutex_release(MUTEX_OF(object));
    }
    preempt_enable();
    return sysret_status(status);
}

sysret_t sys_semaphore_release(uint32_t handle, uint32_t count) {
    uint32_t before;
    preempt_disable();
    struct object *object = object_of(handle, &semaphore_type);
    if (object == NULL) {
        preempt_enable();
        return sysret_status(ERROR_INVALID_HANDLE);
    }
    object->references++;
    status_t status = semaphore_release(CONTAINER_OF(object, struct semaphore, named.object), count, &before);
    leave(object);
    return sysret(status, before);
}

sysret_t sys_wait(uint32_t handle, uint32_t milliseconds) {
    uint32_t result = ABI_WAIT_OBJECT;
    preempt_disable();
    struct object *object = object_of(handle, NULL);
    if (object == NULL) {
        if (handle == ABI_HANDLE_CURRENT_THREAD) {
            object = &thread_current->object;
        } else if (handle == ABI_HANDLE_CURRENT_PROCESS) {
            object = &process_current()->object;
        } else {
            preempt_enable();
            return sysret_status(ERROR_INVALID_HANDLE);
        }
    }
    object->references++;
    status_t status = wait_object(object, milliseconds, &result);
    leave(object);
    return sys_wait_result(status, result);
}

sysret_t sys_sleep(uint32_t milliseconds) {
    return sysret_status(wait_sleep(milliseconds));
}
