/* The inside of the scheduler, in line: for kernel/schedule.c, and for the waits and wake-ups of kernel/wait.c that
 * every hand-over passes.  Preemption is off in all of it. */
#ifndef KERNEL_SWITCH_H
#define KERNEL_SWITCH_H

#include "arch/kdata.h"
#include "arch/mmu.h"
#include "include/preempt.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/timeout.h"

/* The ready threads.  A bit may stay set for a queue that has become empty, until somebody looks for the first thread.
 */
struct ready {
    struct list queues[PRIORITY_COUNT];
    uint32_t words[(PRIORITY_COUNT + 31) / 32]; /* bit 31 - n % 32: queue n */
    uint32_t summary;                           /* bit 31 - w: word w is not 0 */
};
extern struct ready ready;

/* Of schedule.c. */
extern volatile uint32_t schedule_deferred; /* SCHEDULE_ bits */
extern uint32_t schedule_counted;           /* ticks of the clock when the running thread's were last counted */
extern uint32_t schedule_turn_span;         /* how far the timer was set ahead for the sake of a turn, in the unit of
                                               quantum_span; all ones: it is not set for one */
uint32_t queue_first_priority(void);
void turn_arm(struct thread *thread);
void switch_with_work(const struct thread *to);
void timer_arm(uint64_t deadline, uint64_t now);
void context_switch(struct thread *from, struct thread *to);

#define TOP_BIT 0x80000000u

ALWAYS_INLINE void queue_put(struct thread *thread, bool front) {
    uint32_t priority = thread->priority;
    struct list *queue = &ready.queues[priority];
    uint32_t bits = ready.words[priority / 32];
    thread->state = THREAD_READY;
    list_insert(front ? queue : queue->prev, &thread->queue);
    if ((bits << priority % 32 & TOP_BIT) == 0) {
        ready.words[priority / 32] = bits | TOP_BIT >> priority % 32;
        ready.summary |= TOP_BIT >> priority / 32;
    }
}

/* Takes the first thread out; there is one, the idle thread at least.  *shared: another is ready with its priority. */
ALWAYS_INLINE struct thread *queue_take_first(bool *shared) {
    struct list *queue;
    for (;;) {
        uint32_t word = (uint32_t)__builtin_clz(ready.summary);
        queue = &ready.queues[word * 32 + (uint32_t)__builtin_clz(ready.words[word])];
        if (__builtin_expect(!list_empty(queue), 1)) {
            break;
        }
        (void)queue_first_priority();
    }
    struct thread *thread = LIST_FIRST(queue, struct thread, queue);
    struct list *next = thread->queue.next; /* what is left of its links nobody looks at */
    queue->next = next;
    next->prev = queue;
    *shared = next != queue;
    return thread;
}

/* Adds what the running thread has run since it was last counted, up to a reading of the clock.  Returns it. */
ALWAYS_INLINE uint32_t count_ticks_to(struct thread *thread, uint32_t now) {
    uint32_t ticks = now - schedule_counted;
    schedule_counted = now;
    thread->run_ticks += ticks;
    return ticks;
}

ALWAYS_INLINE uint32_t count_ticks(struct thread *thread) {
    return count_ticks_to(thread, schedule_time.ticks());
}

/* Another thread is ready with the running one's priority.  The timer that is set for an earlier turn does for a later
 * one that is as long or longer: when it comes, that is seen. */
ALWAYS_INLINE void turn_share(struct thread *thread) {
    uint32_t quantum = thread->quantum_span;
    if (quantum != 0 && (schedule_turn_span > quantum || thread->turn_used != 0)) {
        turn_arm(thread);
    }
}

/* Goes over to a thread that stands in no queue.  The running one has been put where it belongs, and its ticks are
 * counted. shared: others are ready with the priority of the new one. */
ALWAYS_INLINE void switch_to(struct thread *from, struct thread *to, bool shared) {
    to->state = THREAD_RUNNING;
    thread_current = to;
    preempt.settled = 1;
    if (schedule_deferred != 0) {
        switch_with_work(to);
    }
    if (shared) {
        turn_share(to);
    }
    if (to->process != NULL) {
        mmu_space_activate(to->space);
        kdata_set_thread(to->tls, to->id, to->process->id);
    }
    context_switch(from, to);
}

/* The same with the first ready thread, which is another one. */
ALWAYS_INLINE void switch_from(struct thread *from) {
    bool shared;
    struct thread *to = queue_take_first(&shared);
    switch_to(from, to, shared);
}

/* A thread has become ready, or changed rank: is a switch due, or a turn? */
ALWAYS_INLINE void check_rank(struct thread *thread) {
    struct thread *running = thread_current;
    if (thread->priority < running->priority) {
        preempt.settled = 0;
    } else if (thread->priority == running->priority) {
        turn_share(running);
    }
}

/* thread_block. */
ALWAYS_INLINE status_t block_here(uint64_t deadline, bool interruptible) {
    struct thread *thread = thread_current;
    if (interruptible && (thread->attention & ATTENTION_KILLED)) {
        wait_leave(thread);
        return WAKE_KILLED;
    }
    thread->interruptible = interruptible;
    thread->state = THREAD_WAITING;
    (void)count_ticks(thread);
    thread->turn_used = 0;
    if (deadline != 0) {
        timeout_insert(thread, deadline);
        timer_arm(deadline, schedule_count());
    }
    if (schedule_deferred & SCHEDULE_INHERIT) {
        inherit_work();
    }
    switch_from(thread);
    return thread->wait_status;
}

/* schedule_wake. */
ALWAYS_INLINE bool wake_here(struct thread *thread, status_t status) {
    thread->wait_status = status;
    timeout_remove(thread);
    queue_put(thread, false);
    check_rank(thread);
    return true;
}

#endif
