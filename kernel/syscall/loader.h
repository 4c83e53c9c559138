/* The loader: from a file and a command line to a process that runs. */
#ifndef KERNEL_SYSCALL_LOADER_H
#define KERNEL_SYSCALL_LOADER_H

#include "kernel/process.h"

/* Creates a process and its primary thread, which is ready to run.
 * path: kernel memory, zero-terminated UTF-16, as for namespace_lookup.  command_line: heap memory (UTF-16,
 * command_length characters and a zero); the loader takes it over in any case.  process, thread: one reference each for
 * the caller. Errors: those of namespace_lookup; ERROR_ACCESS_DENIED (a directory); ERROR_BAD_EXE_FORMAT;
 * ERROR_NOT_ENOUGH_MEMORY; ERROR_NO_PROC_SLOTS; those of reading the file. */
status_t loader_start(const uint16_t *path, uint16_t *command_line, uint32_t command_length, struct process **process,
                      struct thread **thread);

/* A thread of a program: enters entry with two arguments on a stack of its own of stack_bytes.  thread: a reference for
 * the caller. Errors: ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_PARAMETER. */
status_t loader_start_thread(struct process *process, const struct abi_thread_create *request, struct thread **thread);

#endif
