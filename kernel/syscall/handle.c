/* Closing and duplicating handles, and what is said about them. */
#include "kernel/syscall/syscall.h"

#define DUPLICATE_BITS (ABI_DUPLICATE_CLOSE_SOURCE | ABI_DUPLICATE_SAME_ACCESS | ABI_DUPLICATE_INHERIT)

sysret_t sys_handle_close(uint32_t handle) {
    return sysret_status(handle_close(&process_current()->handles, handle));
}

sysret_t sys_handle_flags(uint32_t handle, uint32_t mask, uint32_t flags) {
    if (((mask | flags) & ~ABI_HANDLE_INHERIT) != 0) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    uint32_t now = 0;
    status_t status = handle_set_flags(&process_current()->handles, handle, mask, flags, &now);
    return sysret(status, now);
}

/* The object behind a handle of a process, with a reference.  Pseudo-handles mean the caller, and so they are good for
 * the caller's own process only. */
static status_t source_object(struct process *source, uint32_t handle, struct object **object, uint32_t *access) {
    *access = 0;
    if (source == process_current() && handle == ABI_HANDLE_CURRENT_PROCESS) {
        *object = &source->object;
    } else if (source == process_current() && handle == ABI_HANDLE_CURRENT_THREAD) {
        *object = &thread_current->object;
    } else {
        return handle_lookup(&source->handles, handle, NULL, object, access);
    }
    object_ref(*object);
    return ERROR_SUCCESS;
}

static status_t duplicate(struct process *source, uint32_t handle, struct process *target, uint32_t options,
                          uint32_t *copy) {
    struct object *object;
    uint32_t access;
    status_t status = source_object(source, handle, &object, &access);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    uint32_t flags = (options & ABI_DUPLICATE_INHERIT) != 0 ? ABI_HANDLE_INHERIT : 0;
    status = target->ending ? ERROR_INVALID_PARAMETER : handle_add(&target->handles, object, access, flags, copy);
    if (status != ERROR_SUCCESS) {
        object_unref(object);
    }
    return status;
}

/* The source is closed whether there is a copy or not. */
sysret_t sys_handle_duplicate(uint32_t source_handle, uint32_t handle, uint32_t target_handle, uint32_t options) {
    if ((options & ~DUPLICATE_BITS) != 0) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    struct process *source, *target;
    status_t status = sys_lookup_process(source_handle, &source);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    uint32_t copy = 0;
    status = sys_lookup_process(target_handle, &target);
    if (status == ERROR_SUCCESS) {
        status = duplicate(source, handle, target, options, &copy);
        object_unref(&target->object);
    }
    if ((options & ABI_DUPLICATE_CLOSE_SOURCE) != 0) {
        (void)handle_close(&source->handles, handle);
    }
    object_unref(&source->object);
    return sysret(status, copy);
}
