/* Lists of processes and threads for tools.  Each goes to the caller as it was at one moment: the lists stand still
 * while their elements are copied out. */
#include "kernel/syscall/syscall.h"

struct listing {
    uint32_t infos; /* the caller's array */
    uint32_t capacity;
    uint32_t seen;
};

/* Copies one element out, if there is room for it, and counts it. */
static status_t give(struct listing *listing, const void *info, uint32_t bytes) {
    uint32_t index = listing->seen++;
    return index < listing->capacity ? user_copy_out(listing->infos + index * bytes, info, bytes) : ERROR_SUCCESS;
}

static status_t give_process(void *context, struct process *process) {
    struct abi_process_info info = {.id = process->id,
                                    .threads = process->thread_count,
                                    .handles = process->handles.count,
                                    .pages = process->space.resident,
                                    .committed = process->space.charged,
                                    .views = process->space.view_count};
    sys_widen(info.name, ARRAY_COUNT(info.name), sys_base_name(process->program->path));
    return give(context, &info, sizeof info);
}

sysret_t sys_enum_processes(uint32_t infos, uint32_t capacity) {
    struct listing listing = {.infos = infos, .capacity = capacity};
    status_t status = process_enumerate(give_process, &listing);
    return status == ERROR_SUCCESS ? sysret(status, listing.seen) : sysret_status(status);
}

static const uint8_t abi_states[] = {[THREAD_READY] = ABI_THREAD_READY,
                                     [THREAD_RUNNING] = ABI_THREAD_RUNNING,
                                     [THREAD_WAITING] = ABI_THREAD_WAITING,
                                     [THREAD_DEAD] = ABI_THREAD_DEAD};

static status_t give_thread(void *context, struct thread *thread) {
    struct abi_thread_info info = {.id = thread->id,
                                   .process_id = thread->process->id,
                                   .priority = thread->priority,
                                   .base_priority = thread->base_priority,
                                   .state = abi_states[thread->state],
                                   .suspended = thread->suspended,
                                   .run_time = sys_run_time(thread)};
    return give(context, &info, sizeof info);
}

sysret_t sys_enum_threads(uint32_t process_id, uint32_t infos, uint32_t capacity) {
    struct process *process = process_find(process_id);
    if (process == NULL) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    struct listing listing = {.infos = infos, .capacity = capacity};
    status_t status = process_enumerate_threads(process, give_thread, &listing);
    object_unref(&process->object);
    return status == ERROR_SUCCESS ? sysret(status, listing.seen) : sysret_status(status);
}
