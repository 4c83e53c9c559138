/* Processes: an address space, a handle table, threads, and the program that they run.
 *
 * Made by the loader (kernel/syscall/), which gives the program's areas.  The last thread takes it apart on its way
 * out: the list of processes, handles, space, and at the very end, with preemption off, the process object is
 * signaled.  The object stays while anybody has a handle.
 *
 * The lists of processes and threads are guarded by a kernel mutex: what looks at them or changes them may sleep.
 */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include "include/abi.h"
#include "kernel/handle.h"
#include "kernel/thread.h"
#include "mm/space.h"

#define PROCESS_NAME_MAX 64u

/* Where a program begins, and what its first thread finds. */
struct process_program {
    uint32_t entry;
    uint32_t stack_low, stack_high; /* of the first thread */
    uint16_t *command_line;         /* heap; the first thread copies it to its stack and frees it */
    uint32_t command_length;        /* characters without the zero */
    bool driver;                    /* its file has the SYSTEM attribute */
    char path[ABI_PATH_MAX];        /* full path of the executable, ASCII */
};

struct process {
    struct object object;
    struct list link; /* in the list of all processes */
    uint32_t id;
    struct space space;
    struct handle_table handles;
    struct list threads; /* struct thread.link */
    uint32_t thread_count;
    uint32_t exit_code;
    bool ending; /* somebody asked for its end */
    struct process_program *program;
};

extern const struct object_type process_type;

/* The running thread's process. */
static inline struct process *process_current(void) {
    return thread_current->process;
}

/* Makes a process without threads, not yet in the list.  program: heap memory that it takes over on success.
 * Errors: ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_PROC_SLOTS. */
status_t process_create(struct process_program *program, struct process **process);

/* Gives a process back that never had a thread. */
void process_discard(struct process *process);

/* Adds a new thread to a process and makes it ready.  Error, nothing changed: ERROR_ACCESS_DENIED (the process is
 * ending); never for the primary thread, since somebody has to take the process apart. */
status_t process_start_thread(struct process *process, struct thread *thread, bool primary);

/* Asks for the end of a process; its threads end on their way out of the kernel.  The first caller's code counts.
 * Error: ERROR_ACCESS_DENIED (it has ended or is ending). */
status_t process_terminate(struct process *process, uint32_t exit_code);

/* Ends the calling thread; the primary thread's end, and the last one's, is the end of the process. */
_Noreturn void process_exit_thread(uint32_t exit_code);

/* The same for one that was killed, with the code that was asked for. */
_Noreturn void thread_exit_killed(void);

/* WAIT_STAY: signaled while there is no process. */
extern struct object process_none;

uint32_t process_total_count(void);

/* The process with this id, with a reference for the caller, or NULL. */
struct process *process_find(uint32_t id);

/* Call visit for each process, or for each thread of a process, until it returns an error, which is passed on.  The
 * lists stand still meanwhile: visit may sleep, but not call any function here that looks at them. */
status_t process_enumerate(status_t (*visit)(void *context, struct process *process), void *context);
status_t process_enumerate_threads(struct process *process, status_t (*visit)(void *context, struct thread *thread),
                                   void *context);

#endif
