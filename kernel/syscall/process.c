/* Processes, threads, waiting, handles. */
#include "kernel/schedule.h"
#include "kernel/syscall/loader.h"
#include "kernel/syscall/syscall.h"
#include "kernel/wait.h"
#include "mm/heap.h"
#include <string.h>

#define STACK_BYTES_MAX 0x00800000u /* largest stack that CreateThread makes: 8 MB */

status_t sys_lookup_thread(uint32_t handle, struct thread **thread) {
    if (handle == ABI_HANDLE_CURRENT_THREAD) {
        *thread = thread_current;
        object_ref(&thread_current->object);
        return ERROR_SUCCESS;
    }
    struct object *object;
    status_t status = sys_lookup(handle, &thread_type, &object, NULL);
    if (status == ERROR_SUCCESS) {
        *thread = CONTAINER_OF(object, struct thread, object);
    }
    return status;
}

status_t sys_lookup_process(uint32_t handle, struct process **process) {
    if (handle == ABI_HANDLE_CURRENT_PROCESS) {
        *process = process_current();
        object_ref(&(*process)->object);
        return ERROR_SUCCESS;
    }
    struct object *object;
    status_t status = sys_lookup(handle, &process_type, &object, NULL);
    if (status == ERROR_SUCCESS) {
        *process = CONTAINER_OF(object, struct process, object);
    }
    return status;
}

sysret_t sys_process_exit(uint32_t code) {
    (void)process_terminate(process_current(), code);
    return 0; /* the thread was killed with the others: it ends on its way out */
}

sysret_t sys_thread_exit(uint32_t code) {
    process_exit_thread(code);
}

sysret_t sys_sleep(uint32_t milliseconds) {
    return sysret_status(wait_sleep(milliseconds));
}

sysret_t sys_handle_close(uint32_t handle) {
    return sysret_status(handle_close(&process_current()->handles, handle));
}

sysret_t sys_wait(uint32_t handle, uint32_t milliseconds) {
    struct object *object;
    status_t status;
    if (handle == ABI_HANDLE_CURRENT_THREAD) {
        object = &thread_current->object;
        object_ref(object);
    } else if (handle == ABI_HANDLE_CURRENT_PROCESS) {
        object = &process_current()->object;
        object_ref(object);
    } else {
        status = sys_lookup(handle, NULL, &object, NULL);
        if (status != ERROR_SUCCESS) {
            return sysret_status(status);
        }
    }
    status = wait_object(object, milliseconds);
    object_unref(object);
    if (status == WAKE_TIMEOUT) {
        return sysret(ERROR_SUCCESS, ABI_WAIT_TIMEOUT);
    }
    return sysret(status, ABI_WAIT_OBJECT);
}

/* Handles for a new process and its thread; the references of both are used up. */
static status_t give_handles(struct process *process, struct thread *thread, struct abi_process_created *created) {
    struct handle_table *handles = &process_current()->handles;
    status_t status = handle_create(handles, &process->object, 0, &created->process);
    if (status != ERROR_SUCCESS) {
        object_unref(&process->object);
        object_unref(&thread->object);
        return status;
    }
    status = handle_create(handles, &thread->object, 0, &created->thread);
    if (status != ERROR_SUCCESS) {
        (void)handle_close(handles, created->process);
        object_unref(&thread->object);
    }
    return status;
}

/* Copies the arguments in.  *command_line is heap memory. */
static status_t copy_command_line(uint32_t pointer, uint16_t **command_line, uint32_t *length) {
    uint16_t *text = heap_alloc(ABI_COMMAND_MAX * 2);
    if (text == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *length = 0;
    text[0] = 0;
    status_t status = pointer == 0 ? ERROR_SUCCESS : user_copy_string(text, pointer, ABI_COMMAND_MAX, length);
    uint16_t *exact = status == ERROR_SUCCESS ? heap_alloc((*length + 1) * 2) : NULL;
    if (exact != NULL) {
        memcpy(exact, text, (*length + 1) * 2);
        *command_line = exact;
    } else if (status == ERROR_SUCCESS) {
        status = ERROR_NOT_ENOUGH_MEMORY;
    }
    heap_free(text);
    return status;
}

sysret_t sys_process_create(uint32_t request_pointer, uint32_t result_pointer) {
    struct abi_process_create request;
    struct abi_process_created created = {0};
    uint16_t path[ABI_PATH_MAX];
    uint32_t length;
    status_t status = user_copy_in(&request, request_pointer, sizeof request);
    if (status == ERROR_SUCCESS) {
        /* The result goes out last, when nothing may fail any more: so its place is tried first. */
        status = user_copy_out(result_pointer, &created, sizeof created);
    }
    if (status == ERROR_SUCCESS && (request.flags != 0 || request.reserved != 0)) {
        status = request.flags == ABI_CREATE_SUSPENDED ? ERROR_NOT_SUPPORTED : ERROR_INVALID_PARAMETER;
    }
    if (status == ERROR_SUCCESS) {
        status = user_copy_string(path, request.image, ABI_PATH_MAX, &length);
    }
    uint16_t *command_line = NULL;
    if (status == ERROR_SUCCESS) {
        status = copy_command_line(request.command_line, &command_line, &length);
    }
    struct process *process;
    struct thread *thread;
    if (status == ERROR_SUCCESS) {
        status = loader_start(path, command_line, length, &process, &thread);
    }
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    created.process_id = process->id;
    created.thread_id = thread->id;
    object_ref(&process->object);
    status = give_handles(process, thread, &created);
    if (status == ERROR_SUCCESS) {
        status = user_copy_out(result_pointer, &created, sizeof created);
        if (status != ERROR_SUCCESS) {
            (void)handle_close(&process_current()->handles, created.thread);
            (void)handle_close(&process_current()->handles, created.process);
        }
    }
    if (status != ERROR_SUCCESS) {
        (void)process_terminate(process, status);
    }
    object_unref(&process->object);
    return sysret_status(status);
}

sysret_t sys_process_terminate(uint32_t handle, uint32_t code) {
    struct process *process;
    status_t status = sys_lookup_process(handle, &process);
    if (status == ERROR_SUCCESS) {
        status = process_terminate(process, code);
        object_unref(&process->object);
    }
    return sysret_status(status);
}

sysret_t sys_process_exit_code(uint32_t handle) {
    struct process *process;
    status_t status = sys_lookup_process(handle, &process);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    uint32_t code = process->ended ? process->exit_code : ABI_STILL_ACTIVE;
    object_unref(&process->object);
    return sysret(ERROR_SUCCESS, code);
}

sysret_t sys_thread_create(uint32_t request_pointer, uint32_t id_pointer) {
    struct abi_thread_create request;
    status_t status = user_copy_in(&request, request_pointer, sizeof request);
    uint32_t zero = 0;
    if (status == ERROR_SUCCESS && id_pointer != 0) {
        status = user_copy_out(id_pointer, &zero, sizeof zero);
    }
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    if (request.flags != 0 || !user_range(request.entry, 4) || (request.entry & 3u) == 2 ||
        request.stack_bytes > STACK_BYTES_MAX) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    struct thread *thread;
    status = loader_start_thread(process_current(), &request, &thread);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    uint32_t id = thread->id;
    uint32_t handle;
    status = handle_create(&process_current()->handles, &thread->object, 0, &handle);
    if (status != ERROR_SUCCESS) {
        thread_kill(thread);
        object_unref(&thread->object);
        return sysret_status(status);
    }
    if (id_pointer != 0) {
        (void)user_copy_out(id_pointer, &id, sizeof id);
    }
    return sysret(ERROR_SUCCESS, handle);
}

sysret_t sys_thread_exit_code(uint32_t handle) {
    struct thread *thread;
    status_t status = sys_lookup_thread(handle, &thread);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    uint32_t code = thread->exit_code;
    object_unref(&thread->object);
    return sysret(ERROR_SUCCESS, code);
}

sysret_t sys_thread_priority(uint32_t handle, uint32_t priority) {
    struct thread *thread;
    if (priority != ABI_HANDLE_INVALID && priority > 255) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = sys_lookup_thread(handle, &thread);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    uint32_t before = thread->base_priority;
    if (priority != ABI_HANDLE_INVALID) {
        thread_set_priority(thread, priority);
    }
    object_unref(&thread->object);
    return sysret(ERROR_SUCCESS, before);
}
