/* Processes, threads, waiting. */
#include "arch/trap.h"
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

sysret_t sys_exception_end(uint32_t code, uint32_t address, uint32_t access, uint32_t pc) {
    struct trap_report report = {.code = code, .address = address, .access = access, .pc = pc};
    trap_user_exception(&report);
}

sysret_t sys_thread_exit(uint32_t code) {
    process_exit_thread(code);
}

/* Makes a handle with a reference of its own on the object. */
static status_t give_handle(struct object *object, uint32_t *handle) {
    object_ref(object);
    status_t status = handle_create(&process_current()->handles, object, 0, handle);
    if (status != ERROR_SUCCESS) {
        object_unref(object);
    }
    return status;
}

/* Handles for a new process and its thread, and tells the caller.  Without success there are none. */
static status_t give_created(struct process *process, struct thread *thread, uint32_t result_pointer) {
    struct handle_table *handles = &process_current()->handles;
    struct abi_process_created created = {.process_id = process->id, .thread_id = thread->id};
    status_t status = give_handle(&process->object, &created.process);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    status = give_handle(&thread->object, &created.thread);
    if (status != ERROR_SUCCESS) {
        goto fail_process;
    }
    status = user_copy_out(result_pointer, &created, sizeof created);
    if (status == ERROR_SUCCESS) {
        return status;
    }
    (void)handle_close(handles, created.thread);
fail_process:
    (void)handle_close(handles, created.process);
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
    uint16_t path[ABI_PATH_MAX];
    uint32_t length;
    status_t status = user_copy_in(&request, request_pointer, sizeof request);
    const uint32_t flags = ABI_CREATE_SUSPENDED | ABI_CREATE_INHERIT;
    if (status == ERROR_SUCCESS && ((request.flags & ~flags) != 0 || request.reserved != 0)) {
        status = ERROR_INVALID_PARAMETER;
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
        status = loader_make(path, command_line, length, &process, &thread);
    }
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    if ((request.flags & ABI_CREATE_SUSPENDED) != 0) {
        thread_begin_suspended(thread); /* before anybody can resume or end it */
    }
    if ((request.flags & ABI_CREATE_INHERIT) != 0) {
        status = handle_table_inherit(&process->handles, &process_current()->handles);
    }
    if (status == ERROR_SUCCESS) {
        status = give_created(process, thread, result_pointer);
    }
    if (status == ERROR_SUCCESS) {
        loader_run(process, thread);
    } else {
        loader_discard(process, thread);
    }
    return sysret_status(status);
}

sysret_t sys_process_open(uint32_t id) {
    struct process *process = process_find(id);
    if (process == NULL) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    uint32_t handle = 0;
    status_t status = give_handle(&process->object, &handle);
    object_unref(&process->object);
    return sysret(status, handle);
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
    uint32_t code = process->object.signal != 0 ? process->exit_code : ABI_STILL_ACTIVE;
    object_unref(&process->object);
    return sysret(ERROR_SUCCESS, code);
}

sysret_t sys_thread_create(uint32_t request_pointer, uint32_t id_pointer) {
    struct abi_thread_create request;
    status_t status = user_copy_in(&request, request_pointer, sizeof request);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    if ((request.flags & ~ABI_CREATE_SUSPENDED) != 0 || !user_range(request.entry, 4) || (request.entry & 3u) == 2 ||
        request.stack_bytes > STACK_BYTES_MAX) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    struct thread *thread;
    uint32_t handle = 0;
    struct process *process = process_current();
    status = loader_make_thread(process, &request, &thread);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    if ((request.flags & ABI_CREATE_SUSPENDED) != 0) {
        thread_begin_suspended(thread);
    }
    status = give_handle(&thread->object, &handle);
    if (status != ERROR_SUCCESS) {
        goto fail_thread;
    }
    if (id_pointer != 0) {
        status = user_copy_out(id_pointer, &thread->id, sizeof thread->id);
    }
    if (status == ERROR_SUCCESS) {
        status = process_start_thread(process, thread, false);
    }
    if (status == ERROR_SUCCESS) {
        return sysret(ERROR_SUCCESS, handle);
    }
    (void)handle_close(&process->handles, handle);
fail_thread:
    loader_discard_thread(process, thread);
    return sysret_status(status);
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
