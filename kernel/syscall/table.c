/* The system-call table, read by svc_entry in arch/arm/vectors.S. */
#include "kernel/syscall/syscall.h"

extern void *const syscall_table[SYS_COUNT];
sysret_t syscall_unknown(void);

void *const syscall_table[SYS_COUNT] = {
    [SYS_NULL] = sys_null,
    [SYS_PROCESS_EXIT] = sys_process_exit,
    [SYS_THREAD_EXIT] = sys_thread_exit,
    [SYS_SLEEP] = sys_sleep,
    [SYS_HANDLE_CLOSE] = sys_handle_close,
    [SYS_WAIT] = sys_wait,
    [SYS_PROCESS_CREATE] = sys_process_create,
    [SYS_PROCESS_TERMINATE] = sys_process_terminate,
    [SYS_PROCESS_EXIT_CODE] = sys_process_exit_code,
    [SYS_THREAD_CREATE] = sys_thread_create,
    [SYS_THREAD_EXIT_CODE] = sys_thread_exit_code,
    [SYS_FILE_OPEN] = sys_file_open,
    [SYS_FILE_READ] = sys_file_read,
    [SYS_FILE_SEEK] = sys_file_seek,
    [SYS_FILE_SIZE] = sys_file_size,
    [SYS_FILE_INFO] = sys_file_info,
    [SYS_PATH_INFO] = sys_path_info,
    [SYS_FIND_FIRST] = sys_find_first,
    [SYS_FIND_NEXT] = sys_find_next,
    [SYS_MAPPING_CREATE] = sys_mapping_create,
    [SYS_VIEW_MAP] = sys_view_map,
    [SYS_VIEW_UNMAP] = sys_view_unmap,
    [SYS_EXCEPTION_END] = sys_exception_end,
    [SYS_CONSOLE_WRITE] = sys_console_write,
    [SYS_CONSOLE_READ] = sys_console_read,
    [SYS_DEBUG_WRITE] = sys_debug_write,
    [SYS_CLOCK] = sys_clock,
    [SYS_COUNTERS] = sys_counters,
    [SYS_ENUM_PROCESSES] = sys_enum_processes,
    [SYS_ENUM_THREADS] = sys_enum_threads,
    [SYS_ENUM_VIEWS] = sys_enum_views,
    [SYS_FILE_VERIFY] = sys_file_verify,
    [SYS_MODULE_PATH] = sys_module_path,
    [SYS_SYSTEM_INFO] = sys_system_info,
    [SYS_THREAD_PRIORITY] = sys_thread_priority,
    [SYS_FIND_CLOSE] = sys_find_close,
    [SYS_COUNTER] = sys_counter,
    [SYS_VIRTUAL_ALLOC] = sys_virtual_alloc,
    [SYS_VIRTUAL_FREE] = sys_virtual_free,
    [SYS_VIRTUAL_PROTECT] = sys_virtual_protect,
    [SYS_VIRTUAL_QUERY] = sys_virtual_query,
    [SYS_VIRTUAL_COPY] = sys_virtual_copy,
};

sysret_t sys_null(void) {
    return 0;
}

sysret_t syscall_unknown(void) {
    return sysret_status(ERROR_CALL_NOT_IMPLEMENTED);
}
