/* Threads: suspending, ending, quantum, times (contract: docs/api.md, Processes and threads). */
#include "kernel/schedule.h"
#include "kernel/syscall/syscall.h"

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
