/* Threads: suspending, ending, quantum, times (contract: docs/api.md, Processes and threads). */
#include "include/divide.h"
#include "include/preempt.h"
#include "kernel/schedule.h"
#include "kernel/syscall/syscall.h"
#include "kernel/system_time.h"

#define NO_CHANGE 0xffffffffu

sysret_t sys_thread_suspend(uint32_t handle) {
    struct thread *thread;
    uint32_t before = 0;
    status_t status = sys_lookup_thread(handle, &thread);
    if (status == ERROR_SUCCESS) {
        status = thread_suspend(thread, &before);
        object_unref(&thread->object);
    }
    return sysret(status, before);
}

sysret_t sys_thread_resume(uint32_t handle) {
    struct thread *thread;
    uint32_t before = 0;
    status_t status = sys_lookup_thread(handle, &thread);
    if (status == ERROR_SUCCESS) {
        before = thread_resume(thread);
        object_unref(&thread->object);
    }
    return sysret(status, before);
}

sysret_t sys_thread_terminate(uint32_t handle, uint32_t code) {
    struct thread *thread;
    status_t status = sys_lookup_thread(handle, &thread);
    if (status == ERROR_SUCCESS) {
        thread_kill(thread, code);
        object_unref(&thread->object);
    }
    return sysret_status(status);
}

sysret_t sys_thread_quantum(uint32_t handle, uint32_t milliseconds) {
    struct thread *thread;
    if (milliseconds != NO_CHANGE && milliseconds > INT32_MAX) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = sys_lookup_thread(handle, &thread);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    uint32_t before = thread->quantum;
    if (milliseconds != NO_CHANGE) {
        thread_set_quantum(thread, milliseconds);
    }
    object_unref(&thread->object);
    return sysret(status, before);
}

uint64_t sys_run_time(const struct thread *thread) {
    preempt_disable();
    uint64_t ticks = schedule_run_ticks(thread);
    preempt_enable();
    return divide_u64(schedule_time.span_ns(ticks), 100);
}

sysret_t sys_thread_times(uint32_t handle, uint32_t times_pointer) {
    struct thread *thread;
    status_t status = sys_lookup_thread(handle, &thread);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    preempt_disable();
    uint64_t created = thread->created;
    uint64_t ended = thread->ended;
    preempt_enable();
    uint64_t run_time = sys_run_time(thread);
    object_unref(&thread->object);
    struct abi_thread_times times = {.created = system_time_at(schedule_time.ns_of(created)),
                                     .exited = ended != 0 ? system_time_at(schedule_time.ns_of(ended)) : 0,
                                     .user = run_time};
    return sysret_status(user_copy_out(times_pointer, &times, sizeof times));
}
