/* The loader: from a file and a command line to a process that runs. */
#ifndef KERNEL_SYSCALL_LOADER_H
#define KERNEL_SYSCALL_LOADER_H

#include "kernel/process.h"

/* Makes a process and its primary thread, which does not run yet: loader_run or loader_discard comes next.
 * path: kernel memory, zero-terminated UTF-16, as for namespace_lookup.  command_line: heap memory (UTF-16,
 * command_length characters and a zero); the loader takes it over in any case. Errors: those of namespace_lookup;
 * ERROR_ACCESS_DENIED (a directory); ERROR_BAD_EXE_FORMAT; ERROR_NOT_ENOUGH_MEMORY; ERROR_NO_PROC_SLOTS; those of
 * reading the file. */
status_t loader_make(const uint16_t *path, uint16_t *command_line, uint32_t command_length, struct process **process,
                     struct thread **thread);

/* Lets it run.  The first references of process and thread are used up. */
void loader_run(struct process *process, struct thread *thread);

/* Gives it back; further references may be left on the two objects. */
void loader_discard(struct process *process, struct thread *thread);

/* A thread of a program, not running yet: it will enter entry with two arguments on a stack of its own of stack_bytes.
 * process_start_thread or loader_discard_thread comes next.  Errors: ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_PARAMETER.
 */
status_t loader_make_thread(struct process *process, const struct abi_thread_create *request, struct thread **thread);
void loader_discard_thread(struct process *process, struct thread *thread);

#endif
