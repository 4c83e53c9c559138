/* WaitForMultipleObjects (contract: docs/api.md, Synchronisation). */
#include "kernel/wait.h"
#include "kernel/syscall/syscall.h"
#include "mm/heap.h"

/* What a handle that is waited for means, with a reference. */
static status_t find(uint32_t handle, struct object **object) {
    if (handle == ABI_HANDLE_CURRENT_THREAD) {
        *object = &thread_current->object;
    } else if (handle == ABI_HANDLE_CURRENT_PROCESS) {
        *object = &process_current()->object;
    } else {
        return sys_lookup(handle, NULL, object, NULL);
    }
    object_ref(*object);
    return ERROR_SUCCESS;
}

/* All handles, or none: *found of them have a reference. */
static status_t find_all(const uint32_t *handles, struct wait_block *blocks, uint32_t count, bool all,
                         uint32_t *found) {
    for (*found = 0; *found < count; (*found)++) {
        struct wait_block *block = &blocks[*found];
        status_t status = find(handles[*found], &block->object);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        for (uint32_t i = 0; all && i < *found; i++) {
            if (blocks[i].object == block->object) {
                status = ERROR_INVALID_PARAMETER;
            }
        }
        if (block->object->wait_kind == WAIT_NEVER) {
            status = ERROR_INVALID_HANDLE;
        }
        if (status != ERROR_SUCCESS) {
            (*found)++;
            return status;
        }
    }
    return ERROR_SUCCESS;
}

sysret_t sys_wait_multiple(uint32_t handles_pointer, uint32_t count, uint32_t all, uint32_t milliseconds) {
    uint32_t handles[ABI_WAIT_OBJECTS];
    uint32_t found, result = 0;
    if (count == 0 || count > ABI_WAIT_OBJECTS) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = user_copy_in(handles, handles_pointer, count * (uint32_t)sizeof handles[0]);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    struct wait_block *blocks = heap_alloc(count * (uint32_t)sizeof *blocks);
    if (blocks == NULL) {
        return sysret_status(ERROR_NOT_ENOUGH_MEMORY);
    }
    status = find_all(handles, blocks, count, all != 0, &found);
    if (status == ERROR_SUCCESS) {
        status = wait_objects(blocks, count, all != 0, milliseconds, &result);
    }
    while (found-- != 0) {
        object_unref(blocks[found].object);
    }
    heap_free(blocks);
    return sys_wait_result(status, result);
}
