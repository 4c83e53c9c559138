/* The system-call edge: what the functions behind the table share.
 *
 * Each function is one row of include/abi.h: it gets the caller's registers as arguments 1 to 6, checks them, copies
 * what is in user memory, and only then changes anything.  The result goes back in two registers: status and value.
 */
#ifndef KERNEL_SYSCALL_SYSCALL_H
#define KERNEL_SYSCALL_SYSCALL_H

#include "arch/arm/user.h"
#include "include/abi.h"
#include "include/status.h"
#include "kernel/name.h"
#include "kernel/process.h"

typedef uint64_t sysret_t;

static inline sysret_t sysret(status_t status, uint32_t value) {
    return (uint64_t)value << 32 | status;
}

/* A status alone. */
static inline sysret_t sysret_status(status_t status) {
    return status;
}

/* Finds the object of a handle of the calling process with a reference; type is the name of its object_type. */
static inline status_t sys_lookup(uint32_t handle, const struct object_type *type, struct object **object,
                                  uint32_t *access) {
    return handle_lookup(&process_current()->handles, handle, type, object, access);
}

/* The result of a wait for objects. */
static inline sysret_t sys_wait_result(status_t status, uint32_t result) {
    return status == WAKE_TIMEOUT ? sysret(ERROR_SUCCESS, ABI_WAIT_TIMEOUT) : sysret(status, result);
}

/* A thread or a process by handle or pseudo-handle, with a reference. */
status_t sys_lookup_thread(uint32_t handle, struct thread **thread);
status_t sys_lookup_process(uint32_t handle, struct process **process);

/* How long a thread has run, in units of 100 ns. */
uint64_t sys_run_time(const struct thread *thread);

/* Copies the name of an object in.  *used: name, or NULL where there is none. */
status_t sys_copy_name(uint32_t pointer, struct name *name, const struct name **used);

/* A handle for an object that was made (ERROR_SUCCESS) or found (ERROR_ALREADY_EXISTS); the reference is the handle's
 * from now on.  Other statuses are passed on. */
sysret_t sys_give_handle(status_t status, struct object *object);

/* Widens a name of a ROM file for user structures: out gets at most capacity characters with the zero. */
void sys_widen(uint16_t *out, uint32_t capacity, const char *name);

/* The file name at the end of a path. */
const char *sys_base_name(const char *path);

/* Everything that must be what it was before when no process is left.  Lets go of all that is only kept ready first. */
struct leak_counts {
    uint32_t pages, committed, objects, handles, threads, sections, views, arena_ranges;
};
void sys_leak_counts(struct leak_counts *counts);

/* Value of the instruction counter when the first user instruction was about to run; 0 before. */
extern uint32_t sys_counter_first_user;

sysret_t sys_null(void);
sysret_t sys_process_exit(uint32_t code);
sysret_t sys_thread_exit(uint32_t code);
sysret_t sys_exception_end(uint32_t code, uint32_t address, uint32_t access, uint32_t pc);
sysret_t sys_sleep(uint32_t milliseconds);
sysret_t sys_handle_close(uint32_t handle);
sysret_t sys_handle_flags(uint32_t handle, uint32_t mask, uint32_t flags);
sysret_t sys_handle_duplicate(uint32_t source, uint32_t handle, uint32_t target, uint32_t options);
sysret_t sys_wait(uint32_t handle, uint32_t milliseconds);
sysret_t sys_wait_multiple(uint32_t handles, uint32_t count, uint32_t all, uint32_t milliseconds);
sysret_t sys_event_create(uint32_t bits, uint32_t name);
sysret_t sys_event_change(uint32_t handle, uint32_t change);
sysret_t sys_event_data(uint32_t handle, uint32_t set, uint32_t value);
sysret_t sys_mutex_create(uint32_t owned, uint32_t name);
sysret_t sys_mutex_release(uint32_t handle);
sysret_t sys_semaphore_create(uint32_t count, uint32_t most, uint32_t name);
sysret_t sys_semaphore_release(uint32_t handle, uint32_t count);
sysret_t sys_object_open(uint32_t kind, uint32_t name);
sysret_t sys_section_wait(uint32_t address);
sysret_t sys_section_leave(uint32_t address);
sysret_t sys_queue_create(uint32_t options, uint32_t name);
sysret_t sys_queue_open(uint32_t process, uint32_t handle, uint32_t read);
sysret_t sys_queue_write(uint32_t handle, uint32_t buffer, uint32_t bytes, uint32_t milliseconds, uint32_t flags);
sysret_t sys_queue_read(uint32_t handle, uint32_t buffer, uint32_t bytes, uint32_t milliseconds, uint32_t flags);
sysret_t sys_queue_info(uint32_t handle, uint32_t info);
sysret_t sys_watchdog_create(uint32_t watchdog, uint32_t name);
sysret_t sys_watchdog_change(uint32_t handle, uint32_t change);
sysret_t sys_thread_suspend(uint32_t handle);
sysret_t sys_thread_resume(uint32_t handle);
sysret_t sys_thread_terminate(uint32_t handle, uint32_t code);
sysret_t sys_thread_quantum(uint32_t handle, uint32_t milliseconds);
sysret_t sys_thread_times(uint32_t handle, uint32_t times);
sysret_t sys_process_create(uint32_t request, uint32_t result);
sysret_t sys_process_open(uint32_t id);
sysret_t sys_process_terminate(uint32_t handle, uint32_t code);
sysret_t sys_process_exit_code(uint32_t handle);
sysret_t sys_thread_create(uint32_t request, uint32_t id);
sysret_t sys_thread_exit_code(uint32_t handle);
sysret_t sys_file_open(uint32_t path, uint32_t access, uint32_t share, uint32_t disposition, uint32_t flags,
                       uint32_t for_mapping);
sysret_t sys_file_read(uint32_t handle, uint32_t buffer, uint32_t bytes);
sysret_t sys_file_seek(uint32_t handle, uint32_t distance, uint32_t method);
sysret_t sys_file_size(uint32_t handle, uint32_t size);
sysret_t sys_file_info(uint32_t handle, uint32_t info);
sysret_t sys_path_info(uint32_t path, uint32_t info);
sysret_t sys_find_first(uint32_t pattern, uint32_t info);
sysret_t sys_find_next(uint32_t handle, uint32_t info);
sysret_t sys_find_close(uint32_t handle);
sysret_t sys_mapping_create(uint32_t file, uint32_t protection, uint32_t size_low, uint32_t size_high, uint32_t name);
sysret_t sys_view_map(uint32_t handle, uint32_t access, uint32_t offset_low, uint32_t offset_high, uint32_t bytes);
sysret_t sys_view_unmap(uint32_t address);
sysret_t sys_console_write(uint32_t text, uint32_t bytes);
sysret_t sys_console_read(uint32_t buffer, uint32_t bytes);
sysret_t sys_debug_write(uint32_t text);
sysret_t sys_clock(uint32_t time);
sysret_t sys_time_get(uint32_t time);
sysret_t sys_time_set(uint32_t time);
sysret_t sys_counters(uint32_t counters, uint32_t base, uint32_t bytes);
sysret_t sys_counter(void);
sysret_t sys_enum_processes(uint32_t infos, uint32_t capacity);
sysret_t sys_enum_threads(uint32_t process_id, uint32_t infos, uint32_t capacity);
sysret_t sys_enum_views(uint32_t process_id, uint32_t infos, uint32_t capacity);
sysret_t sys_file_verify(uint32_t path);
sysret_t sys_module_path(uint32_t buffer, uint32_t capacity);
sysret_t sys_system_info(uint32_t info);
sysret_t sys_thread_priority(uint32_t handle, uint32_t priority);
sysret_t sys_virtual_alloc(uint32_t address, uint32_t bytes, uint32_t type, uint32_t protect);
sysret_t sys_virtual_free(uint32_t address, uint32_t bytes, uint32_t type);
sysret_t sys_virtual_protect(uint32_t address, uint32_t bytes, uint32_t protect);
sysret_t sys_virtual_query(uint32_t address, uint32_t info, uint32_t bytes);
sysret_t sys_virtual_copy(uint32_t address, uint32_t source, uint32_t bytes, uint32_t protect);

#endif
