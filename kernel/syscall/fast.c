/* The calls by which threads hand the processor to each other (contract: docs/api.md, Synchronisation): compiled for
 * speed, each in one stretch with preemption off, in which a handle's object needs no reference of its own. */
#include "include/preempt.h"
#include "kernel/sync.h"
#include "kernel/syscall/syscall.h"

/* A stretch with preemption off, at the top of a system call, where it is on. */
ALWAYS_INLINE void stretch_begin(void) {
    preempt.count = 1;
    __asm__ volatile("" ::: "memory");
}

ALWAYS_INLINE void stretch_end(void) {
    __asm__ volatile("" ::: "memory");
    preempt.count = 0;
    if (preempt.settled == 0) {
        preempt_switch();
    }
}

/* The object of a handle of the calling process, if it is of this type, or NULL. */
ALWAYS_INLINE struct object *object_of(uint32_t handle, const struct object_type *type) {
    const struct handle_entry *entry = handle_entry(&process_current()->handles, handle);
    if (entry == NULL || entry->object->type != type) {
        return NULL;
    }
    struct object *object = entry->object;
    if (object == NULL) {
        __builtin_unreachable(); /* which the caller need not look for, then */
    }
    return object;
}

/* Ends a stretch that began with a reference taken. */
ALWAYS_INLINE void leave(struct object *object) {
    uint32_t left = --object->references;
    stretch_end();
    if (left == 0) {
        object->type->destroy(object);
    }
}

sysret_t sys_event_change(uint32_t handle, uint32_t change) {
    stretch_begin();
    struct object *object = object_of(handle, &event_type);
    if (object == NULL || change < ABI_EVENT_PULSE || change > ABI_EVENT_SET) {
        stretch_end();
        return sysret_status(object == NULL ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER);
    }
    if (list_empty(&object->waiters)) {
        object->signal = change == ABI_EVENT_SET;
    } else if (object->wait_kind == WAIT_TAKE && change == ABI_EVENT_SET) {
        if (!wait_release_one(object)) {
            object->signal = 1;
        }
    } else {
        object->references++;
        event_change(CONTAINER_OF(object, struct event, named.object), change);
        leave(object);
        return sysret_status(ERROR_SUCCESS);
    }
    stretch_end();
    return sysret_status(ERROR_SUCCESS);
}

sysret_t sys_mutex_release(uint32_t handle) {
    status_t status = ERROR_INVALID_HANDLE;
    stretch_begin();
    struct object *object = object_of(handle, &mutex_type);
    if (object != NULL) {
        status = mutex_release(MUTEX_OF(object));
    }
    stretch_end();
    return sysret_status(status);
}

sysret_t sys_semaphore_release(uint32_t handle, uint32_t count) {
    uint32_t before;
    stretch_begin();
    struct object *object = object_of(handle, &semaphore_type);
    if (object == NULL) {
        stretch_end();
        return sysret_status(ERROR_INVALID_HANDLE);
    }
    object->references++;
    status_t status = semaphore_release(CONTAINER_OF(object, struct semaphore, named.object), count, &before);
    leave(object);
    return sysret(status, before);
}

sysret_t sys_wait(uint32_t handle, uint32_t milliseconds) {
    uint32_t result = ABI_WAIT_OBJECT;
    struct object *object;
    stretch_begin();
    const struct handle_entry *entry = handle_entry(&process_current()->handles, handle);
    if (entry != NULL) {
        object = entry->object;
    } else if (handle == ABI_HANDLE_CURRENT_THREAD) {
        object = &thread_current->object;
    } else if (handle == ABI_HANDLE_CURRENT_PROCESS) {
        object = &process_current()->object;
    } else {
        stretch_end();
        return sysret_status(ERROR_INVALID_HANDLE);
    }
    object->references++;
    status_t status = wait_object(object, milliseconds, &result);
    leave(object);
    return __builtin_expect(status == ERROR_SUCCESS, 1) ? sysret(ERROR_SUCCESS, result)
                                                        : sys_wait_result(status, result);
}

sysret_t sys_sleep(uint32_t milliseconds) {
    return sysret_status(wait_sleep(milliseconds));
}
