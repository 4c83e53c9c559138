/* Events, mutexes, semaphores and critical sections: the calls (contract: docs/api.md, Synchronisation). */
#include "include/preempt.h"
#include "kernel/critical.h"
#include "kernel/sync.h"
#include "kernel/syscall/syscall.h"
#include "kernel/wait.h"
#include "kernel/watchdog.h"

status_t sys_copy_name(uint32_t pointer, struct name *name, const struct name **used) {
    *used = NULL;
    if (pointer == 0) {
        return ERROR_SUCCESS;
    }
    status_t status = user_copy_string(name->text, pointer, ABI_PATH_MAX, &name->length);
    if (status == ERROR_SUCCESS && name->length != 0) {
        *used = name;
    }
    return status;
}

sysret_t sys_give_handle(status_t status, struct object *object) {
    uint32_t handle;
    if (status != ERROR_SUCCESS && status != ERROR_ALREADY_EXISTS) {
        return sysret_status(status);
    }
    status_t made = handle_create(&process_current()->handles, object, 0, &handle);
    if (made != ERROR_SUCCESS) {
        object_unref(object);
        return sysret_status(made);
    }
    return sysret(status, handle);
}

sysret_t sys_event_create(uint32_t bits, uint32_t name_pointer) {
    struct name buffer;
    const struct name *name;
    struct object *object = NULL;
    if (bits & ~(ABI_EVENT_MANUAL | ABI_EVENT_SIGNALED)) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = sys_copy_name(name_pointer, &buffer, &name);
    if (status == ERROR_SUCCESS) {
        status = event_create(name, bits & ABI_EVENT_MANUAL, bits & ABI_EVENT_SIGNALED, &object);
    }
    return sys_give_handle(status, object);
}

sysret_t sys_mutex_create(uint32_t owned, uint32_t name_pointer) {
    struct name buffer;
    const struct name *name;
    struct object *object = NULL;
    status_t status = sys_copy_name(name_pointer, &buffer, &name);
    if (status == ERROR_SUCCESS) {
        status = mutex_create(name, owned != 0, &object);
    }
    if (status != ERROR_SUCCESS || owned == 0) {
        return sys_give_handle(status, object);
    }
    object_ref(object);
    sysret_t result = sys_give_handle(status, object);
    if ((uint32_t)result != ERROR_SUCCESS) { /* without a handle nobody could release it */
        preempt_disable();
        (void)mutex_release(MUTEX_OF(object));
        preempt_enable();
    }
    object_unref(object);
    return result;
}

sysret_t sys_semaphore_create(uint32_t count, uint32_t most, uint32_t name_pointer) {
    struct name buffer;
    const struct name *name;
    struct object *object = NULL;
    if (most == 0 || most > INT32_MAX || count > most) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = sys_copy_name(name_pointer, &buffer, &name);
    if (status == ERROR_SUCCESS) {
        status = semaphore_create(name, count, most, &object);
    }
    return sys_give_handle(status, object);
}

sysret_t sys_object_open(uint32_t kind, uint32_t name_pointer) {
    static const struct object_type *const types[] = {[ABI_OBJECT_EVENT] = &event_type,
                                                      [ABI_OBJECT_MUTEX] = &mutex_type,
                                                      [ABI_OBJECT_SEMAPHORE] = &semaphore_type,
                                                      [ABI_OBJECT_WATCHDOG] = &watchdog_type};
    struct name buffer;
    const struct name *name;
    if (kind >= ARRAY_COUNT(types) || types[kind] == NULL) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = sys_copy_name(name_pointer, &buffer, &name);
    if (status == ERROR_SUCCESS && name == NULL) {
        status = ERROR_INVALID_PARAMETER;
    }
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    struct object *object = name_find(types[kind], name);
    return object != NULL ? sys_give_handle(ERROR_SUCCESS, object) : sysret_status(ERROR_FILE_NOT_FOUND);
}

sysret_t sys_event_data(uint32_t handle, uint32_t set, uint32_t value) {
    struct object *object;
    status_t status = sys_lookup(handle, &event_type, &object, NULL);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    struct event *event = CONTAINER_OF(object, struct event, named.object);
    preempt_disable();
    uint32_t before = event->data;
    if (set != 0) {
        event->data = value;
    }
    preempt_enable();
    object_unref(object);
    return sysret(status, before);
}

sysret_t sys_section_wait(uint32_t address) {
    return sysret_status(critical_wait(address));
}

sysret_t sys_section_leave(uint32_t address) {
    return sysret_status(critical_leave(address));
}
