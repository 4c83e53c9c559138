/* Threads.
 *
 *   READY -> RUNNING          picked by the scheduler
 *   RUNNING -> READY          preempted, quantum over, yield
 *   RUNNING -> WAITING        thread_block: on objects, a lock, the console, for a time, or suspended
 *   WAITING -> READY          wait_end, or served by whoever changes what it waits for
 *   RUNNING -> DEAD           thread_finish; its stack goes when the next thread runs
 *
 * What others want of a thread stands in its word `attention`, which it looks at on its way out of the kernel
 * (thread_attend): a killed thread leaves waits that may be interrupted, and ends there; a suspended one waits there.
 * So none ends or stops while it holds a lock of the kernel's, and none runs another instruction of its program.
 */
#ifndef KERNEL_THREAD_H
#define KERNEL_THREAD_H

#include "arch/arm/frame.h"
#include "include/status.h"
#include "kernel/mutex.h"
#include "kernel/object.h"
#include "kernel/wait.h"

#define PRIORITY_COUNT  257u /* 0 highest ... 255, and the idle thread's */
#define PRIORITY_NORMAL 251u
#define PRIORITY_IDLE   256u
#define QUANTUM_DEFAULT 100u  /* ms */
#define THREAD_LIMIT    1024u /* as many kernel stacks as the kernel window holds */

enum thread_state { THREAD_READY, THREAD_RUNNING, THREAD_WAITING, THREAD_DEAD };

/* How a wait ended, beside ERROR_SUCCESS. */
#define WAKE_TIMEOUT ERROR_TIMEOUT
#define WAKE_KILLED  ERROR_GEN_FAILURE

struct process;
struct mmu_space;

#define ATTENTION_KILLED    1u
#define ATTENTION_SUSPENDED 2u

struct thread {
    uint32_t sp;        /* of the kernel stack, while not running; read by arch/arm/vectors.S */
    uint32_t attention; /* ATTENTION_ bits; read by arch/arm/vectors.S */
    struct object object;
    struct list queue; /* in the ready queue of its priority */
    uint32_t state;    /* enum thread_state */
    uint32_t priority; /* now, with what it inherited */
    uint32_t base_priority;
    uint32_t quantum;        /* ms; 0: runs until it waits */
    uint32_t quantum_span;   /* the same in the scheduler's unit (some 10 us) */
    uint32_t turn_used;      /* of its turn, when it was preempted or the timer came */
    uint64_t run_ticks;      /* of the clock, without those since it runs now */
    struct process *process; /* NULL: a kernel thread */
    struct mmu_space *space; /* where it runs; NULL: kernel only */
    uint32_t id;
    uint32_t tls;        /* address of its TLS slots */
    struct list link;    /* in process->threads */
    struct list id_link; /* in the table of ids */
    bool primary;        /* its end is the process's end */
    bool interruptible;  /* its wait */
    bool parked;         /* it waits because it is suspended */
    bool wait_all;
    uint32_t kstack;    /* top of its kernel stack */
    uint32_t stack_low; /* of its user stack; 0: none */
    uint32_t stack_high;
    bool stack_begun;        /* its block says so already */
    struct object *farewell; /* reference that goes after the thread's last step; NULL: none */
    uint32_t exit_code;
    uint32_t kill_code;                   /* what it ends with when it was killed */
    uint32_t suspended;                   /* how many times */
    uint32_t entry, argument0, argument1; /* where a further thread of a process begins */
    uint64_t created, ended;              /* counts of the clock; 0: it lives */

    struct wait_block block;   /* for waits for one object */
    struct wait_block *blocks; /* of its wait; &block and 1 unless it waits for several objects */
    uint32_t block_count;
    uint32_t requeued;      /* kernel/inherit.c: blocks that stand where its priority wants them */
    status_t wait_status;   /* set by who ends the wait, */
    uint32_t wait_result;   /* with ABI_WAIT_OBJECT or ABI_WAIT_ABANDONED + index */
    struct list wait_link;  /* in queues that are no object's */
    uint64_t deadline;      /* count of the clock */
    uint32_t timeout_index; /* place in the timeout heap + 1; 0: none */

    struct list lent;        /* struct lock.link and other loans, by priority */
    struct list marked_link; /* kernel/inherit.c */
    struct list owned;       /* struct mutex.owned_link */
};
_Static_assert(offsetof(struct thread, sp) == THREAD_SP, "read by arch/arm/vectors.S");
_Static_assert(offsetof(struct thread, attention) == THREAD_ATTENTION, "read by arch/arm/vectors.S");

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

/* The first step of the calling thread's end, which holds no lock of the kernel's: its mutexes are abandoned; critical
 * sections keep an owner that is gone. */
void thread_leave_locks(void);

/* For the objects of threads and processes, which are signaled at the very end of a thread, with preemption off: once
 * before that, last false, where preemption may be on in between if many wait, and then at the end. */
void thread_signal_end(struct object *object, bool last);

/* What a thread does on its way out of the kernel when its attention is wanted: ends, or waits until it is resumed.
 * Interrupts and preemption are on; it holds nothing. */
void thread_attend(void);

/* Marks a thread as killed and gets it out of waits; it will end with code.  Nothing if it was killed before. */
void thread_kill(struct thread *thread, uint32_t code);

/* A new thread that is not ready yet will wait to be resumed before it enters its program. */
void thread_begin_suspended(struct thread *thread);

/* Suspends a thread once more; *before: how many times it was.  Error: ERROR_SIGNAL_REFUSED (ABI_SUSPEND_MOST). */
status_t thread_suspend(struct thread *thread, uint32_t *before);

/* Takes one suspension back.  Returns how many there were. */
uint32_t thread_resume(struct thread *thread);

/* The living thread with this id, or NULL.  Preemption is off. */
struct thread *thread_find(uint32_t id);

/* Changes the base priority (0 to 255). */
void thread_set_priority(struct thread *thread, uint32_t priority);

/* Changes the quantum (ms; 0: none). */
void thread_set_quantum(struct thread *thread, uint32_t quantum);

uint32_t thread_total_count(void); /* threads alive, but the kernel's own */

#endif
