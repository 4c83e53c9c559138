/* The scheduler: 256 priorities, round robin within one, constant-time pick, tickless.
 *
 * Ready threads stand in one queue a priority; a bitmap of two levels says which queues are not empty.  The running
 * thread stands in none.  All functions may be called in interrupts, but those that block.
 */
#ifndef KERNEL_SCHEDULE_H
#define KERNEL_SCHEDULE_H

#include "kernel/thread.h"

/* Makes the calling context the first thread, which becomes the idle thread by schedule_idle. */
void schedule_init(void);

/* Clock and event timer: now() in ns; set(deadline) replaces the deadline.  The driver calls schedule_timer when it is
 * reached. */
struct schedule_time {
    uint64_t (*now)(void);
    void (*set)(uint64_t deadline);
};
void schedule_set_time(const struct schedule_time *source);
void schedule_timer(void);
uint64_t schedule_now(void);

/* The idle loop.  Never returns. */
_Noreturn void schedule_idle(void);

/* Lets other ready threads of the same priority run. */
void schedule_yield(void);

/* Waits until somebody wakes the calling thread: the caller has put it where the waker finds it (wait_link), with
 * interrupts off, and gets back here with interrupts off.  deadline: ns, 0: none.  interruptible: a kill ends the wait.
 * Returns what the waker said; WAKE_TIMEOUT; WAKE_KILLED. */
status_t thread_block(uint64_t deadline, bool interruptible);

/* Ends the wait of a thread, with a status for it.  Nothing if it does not wait.  The caller holds preemption off, so
 * that the switch comes with its preempt_enable. */
void thread_wake(struct thread *thread, status_t status);

/* Moves a thread to another effective priority, in whatever state it is.  Interrupts are off. */
void schedule_reprioritise(struct thread *thread, uint32_t priority);

/* For context_start: what has to be done in the new thread after a switch. */
void schedule_finish(void);

/* The last switch of the calling thread, with preemption off. */
_Noreturn void schedule_exit(void);

#endif
