/* The scheduler: 256 priorities, round robin within one, constant-time pick, tickless.
 *
 * Ready threads stand in one queue a priority; a bitmap of two levels says which queues are not empty.  The running
 * thread stands in none.  All of this is guarded by preemption being off (include/preempt.h), in all functions but
 * those that say so; a switch happens with preemption off on both sides.
 *
 * Interrupt handlers touch no thread.  They leave word (schedule_defer), and what follows from it is done as soon as
 * preemption is on: at the end of the interrupt, or in preempt_enable.  tests/models/preempt.pml has all of it.
 *
 * A thread's turn ends when it has used its quantum and another of the same priority is ready.  Turns are measured by
 * the clock's raw ticks, read once a switch, which also add up to what GetThreadTimes tells; the timer is set only when
 * two share a priority, and stays set over many short turns.
 */
#ifndef KERNEL_SCHEDULE_H
#define KERNEL_SCHEDULE_H

#include "kernel/thread.h"

/* Clock and event timer, which whoever links the kernel defines.  Deadlines are counts of the clock's ticks; ticks() is
 * the clock's raw reading, count_of() the count of one; set(deadline, now) replaces the deadline (interrupts off).
 * span_ticks is a span of milliseconds in ticks, now() the time since start-up in ns. */
struct schedule_time {
    uint32_t (*ticks)(void);
    uint64_t (*count_of)(uint32_t ticks);
    void (*set)(uint64_t deadline, uint64_t now);
    uint64_t (*span_ticks)(uint32_t milliseconds);
    uint64_t (*span_ns)(uint64_t ticks);
    uint64_t (*ns_of)(uint64_t count);
    uint64_t (*now)(void);
};
extern const struct schedule_time schedule_time;

/* Makes the calling context the first thread, which becomes the idle thread by schedule_idle. */
void schedule_init(void);

static inline uint64_t schedule_now(void) {
    return schedule_time.now();
}

/* The count that deadlines are in. */
static inline uint64_t schedule_count(void) {
    return schedule_time.count_of(schedule_time.ticks());
}

/* Leaves word of what there is to do as soon as preemption is on; any context.  And takes it back. */
#define SCHEDULE_TIMER   1u /* interrupt: the deadline has come, or enough ticks have passed to count them */
#define SCHEDULE_CONSOLE 2u /* interrupt: console_wake_readers */
#define SCHEDULE_INHERIT 4u /* kernel/inherit.c: threads are marked; stays until none is */
#define SCHEDULE_DEAD    8u /* schedule.c: a thread has ended */
void schedule_defer(uint32_t work);
void schedule_defer_in_interrupt(uint32_t work); /* the same with interrupts off */
void schedule_defer_done(uint32_t work);

/* The idle loop.  Never returns. */
_Noreturn void schedule_idle(void);

/* Lets other ready threads of the same priority run.  Preemption is on. */
void schedule_yield(void);

/* Waits until schedule_wake: the caller has put the thread where its waker finds it.  deadline: a count of the clock,
 * 0: none. interruptible: a kill ends the wait, or prevents it.  Returns what the waker said, or WAKE_KILLED.
 * Preemption is off, and is on for others while it waits. */
status_t thread_block(uint64_t deadline, bool interruptible);

/* Makes a waiting thread ready, which is not found by another waker any more, with a status for it.  True. */
bool schedule_wake(struct thread *thread, status_t status);

/* Moves a thread to another effective priority, in whatever state it is. */
void schedule_reprioritise(struct thread *thread, uint32_t priority);

/* Gives a thread its quantum, in ms; 0: it runs until it waits. */
void schedule_set_quantum(struct thread *thread, uint32_t milliseconds);

/* Ticks of the clock that a thread has run, up to now. */
uint64_t schedule_run_ticks(const struct thread *thread);

/* For context_start: what has to be done in a new thread after the switch to it. */
void schedule_begin(void);

/* The last switch of the calling thread, with preemption off. */
_Noreturn void schedule_exit(void);

#endif
