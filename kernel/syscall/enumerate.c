/* Lists of processes and threads for tools.  A few are described at a time, with preemption off, and then copied out;
 * what comes or goes meanwhile may be missed. */
#include "include/preempt.h"
#include "kernel/syscall/syscall.h"

#define BATCH 4u

struct process_listing {
    struct abi_process_info infos[BATCH];
    uint32_t first, seen;
};

static bool describe_process(void *context, struct process *process) {
    struct process_listing *listing = context;
    uint32_t index = listing->seen++;
    if (index >= listing->first && index - listing->first < BATCH) {
        struct abi_process_info *info = &listing->infos[index - listing->first];
        *info = (struct abi_process_info){.id = process->id,
                                          .threads = process->thread_count,
                                          .handles = process->handles.count,
                                          .pages = process->space.resident,
                                          .committed = process->space.charged,
                                          .views = process->space.view_count};
        if (process->program != NULL) {
            sys_widen(info->name, ARRAY_COUNT(info->name), sys_base_name(process->program->path));
        }
    }
    return true;
}

/* Copies the elements [first, end) of a batch to the user's array. */
static status_t give_batch(uint32_t array, uint32_t first, uint32_t end, const void *batch, uint32_t size) {
    return end > first ? user_copy_out(array + first * size, batch, (end - first) * size) : ERROR_SUCCESS;
}

sysret_t sys_enum_processes(uint32_t infos, uint32_t capacity) {
    struct process_listing listing = {.first = 0};
    do {
        listing.seen = 0;
        process_enumerate(describe_process, &listing);
        uint32_t end = min_u32(min_u32(listing.seen, capacity), listing.first + BATCH);
        status_t status = give_batch(infos, listing.first, end, listing.infos, sizeof listing.infos[0]);
        if (status != ERROR_SUCCESS) {
            return sysret_status(status);
        }
        listing.first += BATCH;
    } while (listing.first < min_u32(listing.seen, capacity));
    return sysret(ERROR_SUCCESS, listing.seen);
}

struct thread_listing {
    struct abi_thread_info infos[BATCH];
    uint32_t first, seen;
};

static const uint8_t abi_states[] = {[THREAD_READY] = ABI_THREAD_READY,
                                     [THREAD_RUNNING] = ABI_THREAD_RUNNING,
                                     [THREAD_WAITING] = ABI_THREAD_WAITING,
                                     [THREAD_DEAD] = ABI_THREAD_DEAD};

static void describe_threads(const struct process *process, struct thread_listing *listing) {
    LIST_EACH(thread, &process->threads, struct thread, link) {
        uint32_t index = listing->seen++;
        if (index >= listing->first && index - listing->first < BATCH) {
            listing->infos[index - listing->first] = (struct abi_thread_info){.id = thread->id,
                                                                              .process_id = process->id,
                                                                              .priority = thread->priority,
                                                                              .base_priority = thread->base_priority,
                                                                              .state = abi_states[thread->state]};
        }
    }
}

sysret_t sys_enum_threads(uint32_t process_id, uint32_t infos, uint32_t capacity) {
    struct process *process = process_find(process_id);
    if (process == NULL) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    struct thread_listing listing = {.first = 0};
    status_t status = ERROR_SUCCESS;
    do {
        listing.seen = 0;
        preempt_disable();
        describe_threads(process, &listing);
        preempt_enable();
        uint32_t end = min_u32(min_u32(listing.seen, capacity), listing.first + BATCH);
        status = give_batch(infos, listing.first, end, listing.infos, sizeof listing.infos[0]);
        listing.first += BATCH;
    } while (status == ERROR_SUCCESS && listing.first < min_u32(listing.seen, capacity));
    object_unref(&process->object);
    return sysret(status, listing.seen);
}
