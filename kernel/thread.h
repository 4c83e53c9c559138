/* Threads.
 *
 *   READY -> RUNNING          picked by the scheduler
 *   RUNNING -> READY          preempted, quantum over, yield
 *   RUNNING -> WAITING        thread_block: on an object, a kernel mutex, the console, or for a time
 *   WAITING -> READY          thread_wake, or the deadline
 *   RUNNING -> DEAD           thread_exit; its stack goes when the next thread runs
 *
 * TerminateProcess and the like set killed: the thread leaves waits that may be interrupted, and ends on its way out of
 * the kernel; so it never ends while it holds a lock of the kernel's.
 */
#ifndef KERNEL_THREAD_H
#define KERNEL_THREAD_H

#include "arch/arm/frame.h"
#include "include/status.h"
#include "kernel/mutex.h"
#include "kernel/object.h"

#define PRIORITY_COUNT  257u /* 0 highest ... 255, and the idle thread's */
#define PRIORITY_NORMAL 251u
#define PRIORITY_IDLE   256u
#define QUANTUM_DEFAULT 100000000u /* ns */
#define THREAD_LIMIT    1024u      /* as many kernel stacks as the kernel window holds */

enum thread_state { THREAD_READY, THREAD_RUNNING, THREAD_WAITING, THREAD_DEAD };

/* How a wait ended, beside ERROR_SUCCESS. */
#define WAKE_TIMEOUT ERROR_TIMEOUT
#define WAKE_KILLED  ERROR_GEN_FAILURE

struct process;
struct mmu_space;

struct thread {
    uint32_t sp;     /* of the kernel stack, while not running; read by arch/arm/vectors.S */
    uint32_t killed; /* read by arch/arm/vectors.S */
    struct object object;
    struct list queue; /* in the ready queue of its priority */
    enum thread_state state;
    uint32_t priority; /* now, with what it inherited */
    uint32_t base_priority;
    uint32_t quantum;        /* ns; 0: runs until it waits */
    uint32_t quantum_left;   /* of the current turn, while preempted; 0: a full one */
    struct mmu_space *space; /* where it runs; NULL: kernel only */
    struct process *process; /* NULL: a kernel thread */
    struct list link;        /* in process->threads */
    bool primary;            /* its end is the process's end */
    uint32_t id;
    uint32_t tls;            /* address of its TLS slots */
    uint32_t kstack;         /* top of its kernel stack */
    uint32_t stack_low;      /* of its user stack; 0: none */
    uint32_t stack_high;
    struct object *farewell; /* reference that goes after the thread's last step; NULL: none */
    uint32_t exit_code;
    uint32_t entry, argument0, argument1; /* where a further thread of a process begins */

    struct list wait_link; /* in what it waits for */
    status_t wait_status;  /* set by who wakes it */
    bool interruptible;
    uint64_t deadline;      /* ns */
    uint32_t timeout_index; /* place in the timeout heap + 1; 0: none */
    struct kmutex *blocked_on;
    struct list held; /* struct kmutex.link */
};
_Static_assert(offsetof(struct thread, sp) == THREAD_SP, "read by arch/arm/vectors.S");
_Static_assert(offsetof(struct thread, killed) == THREAD_KILLED, "read by arch/arm/vectors.S");

extern struct thread *thread_current;
extern const struct object_type thread_type;

/* Makes a thread that will call function(argument) in the kernel, which must not return; it is not ready yet.
 * process: may be NULL; the thread joins it with thread_start.  Errors: ERROR_NOT_ENOUGH_MEMORY. */
status_t thread_create(void (*function)(void *argument), void *argument, uint32_t priority, struct thread **thread);

/* Gives a thread that was never started back. */
void thread_discard(struct thread *thread);

/* Makes a new thread ready. */
void thread_start(struct thread *thread);

/* Ends the calling thread, which has left its process: no step can fail, no reference of its own is left.
 * finish(context) is called with preemption off at the very end; after it nothing of the thread is used but its stack.
 */
_Noreturn void thread_finish(uint32_t exit_code, void (*finish)(void *context), void *context);

/* Marks a thread as killed and gets it out of waits. */
void thread_kill(struct thread *thread);

/* Changes the base priority (0 to 255). */
void thread_set_priority(struct thread *thread, uint32_t priority);

uint32_t thread_total_count(void); /* threads alive, but the kernel's own */

#endif
