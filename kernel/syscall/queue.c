/* Message queues: the calls (contract: docs/api.md, Synchronisation). */
#include "kernel/queue.h"
#include "kernel/syscall/syscall.h"

sysret_t sys_queue_create(uint32_t options_pointer, uint32_t name_pointer) {
    struct abi_queue_options options;
    struct name buffer;
    const struct name *name;
    struct object *end = NULL;
    status_t status = user_copy_in(&options, options_pointer, sizeof options);
    if (status == ERROR_SUCCESS) {
        status = sys_copy_name(name_pointer, &buffer, &name);
    }
    if (status == ERROR_SUCCESS) {
        status = queue_create(name, &options, &end);
    }
    return sys_give_handle(status, end);
}

sysret_t sys_queue_open(uint32_t process_handle, uint32_t handle, uint32_t read) {
    struct process *process;
    struct object *known, *end = NULL;
    status_t status = sys_lookup_process(process_handle, &process);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    status = handle_lookup(&process->handles, handle, NULL, &known, NULL);
    object_unref(&process->object);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    status = queue_open(known, read != 0, &end);
    object_unref(known);
    return sys_give_handle(status, end);
}

static struct queue_end *end_of(struct object *object) {
    return CONTAINER_OF(object, struct queue_end, object);
}

sysret_t sys_queue_write(uint32_t handle, uint32_t buffer, uint32_t bytes, uint32_t milliseconds, uint32_t flags) {
    struct object *end;
    status_t status = sys_lookup(handle, &queue_writer_type, &end, NULL);
    if (status == ERROR_SUCCESS) {
        status = queue_write(end_of(end), buffer, bytes, milliseconds, flags);
        object_unref(end);
    }
    return sysret_status(status);
}

sysret_t sys_queue_read(uint32_t handle, uint32_t buffer, uint32_t bytes, uint32_t milliseconds, uint32_t flags) {
    struct object *end;
    uint32_t got = 0;
    status_t status = sys_lookup(handle, &queue_reader_type, &end, NULL);
    if (status == ERROR_SUCCESS) {
        status = queue_read(end_of(end), buffer, bytes, milliseconds, flags, &got);
        object_unref(end);
    }
    return sysret(status, got);
}

sysret_t sys_queue_info(uint32_t handle, uint32_t pointer) {
    struct abi_queue_info info;
    struct object *end;
    status_t status = sys_lookup(handle, NULL, &end, NULL);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    status = queue_info(end, &info);
    object_unref(end);
    return sysret_status(status != ERROR_SUCCESS ? status : user_copy_out(pointer, &info, sizeof info));
}
