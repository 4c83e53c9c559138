/* Picking and switching threads: see schedule.h.
 *
 * preempt.settled is 0 while there is anything to do as soon as preemption is on: a thread is ready that ranks before
 * the running one, its turn is over, an interrupt has left word, or priorities have to be handed on.  preempt_switch
 * does it piece by piece, each bounded, and looks again after each.
 */
#include "kernel/schedule.h"
#include "arch/arm/cpu.h"
#include "arch/kstack.h"
#include "include/panic.h"
#include "kernel/console.h"
#include "kernel/switch.h"

struct preempt preempt = {.settled = 1};

struct thread *thread_current;
static struct thread idle_thread;
static struct thread *dead_thread; /* just left for ever: SCHEDULE_DEAD is set */

#define NEVER            0xffffffffffffffffull
#define TIMEOUTS_AT_ONCE 4u
#define SPAN_TICKS       256u
#define NO_SPAN          0xffffffffu

struct ready ready;
volatile uint32_t schedule_deferred;
static uint64_t armed = NEVER; /* what the event timer is set to */
uint32_t schedule_counted;
static bool turn_over; /* of the running thread, from timer_work to the end of settle */
static uint64_t turn_deadline =
    NEVER; /* count of the clock: when the timer comes for the sake of a turn; NEVER: it does not */
uint32_t schedule_turn_span = NO_SPAN;

/* ---- the queues ---- */

/* The priority of the first ready thread; PRIORITY_COUNT: nobody is ready.  Clears the bits of empty queues before it.
 */
uint32_t queue_first_priority(void) {
    while (ready.summary != 0) {
        uint32_t word = (uint32_t)__builtin_clz(ready.summary);
        uint32_t bit = (uint32_t)__builtin_clz(ready.words[word]);
        if (!list_empty(&ready.queues[word * 32 + bit])) {
            return word * 32 + bit;
        }
        ready.words[word] &= ~(TOP_BIT >> bit);
        if (ready.words[word] == 0) {
            ready.summary &= ~(TOP_BIT >> word);
        }
    }
    return PRIORITY_COUNT;
}

/* ---- time ---- */

/* Sets the event timer if something comes before what it is set to.  It is never set back: an expiry for nothing costs
 * less than setting it at every switch. */
void timer_arm(uint64_t deadline, uint64_t now) {
    if (deadline < armed) {
        uint32_t before = cpu_irq_save();
        armed = deadline;
        schedule_time.set(deadline, now);
        cpu_irq_restore(before);
    }
}

uint64_t schedule_run_ticks(const struct thread *thread) {
    return thread->run_ticks + (thread == thread_current ? schedule_time.ticks() - schedule_counted : 0);
}

/* Ticks in the unit of turns, rounded up. */
static uint32_t span_of(uint64_t ticks) {
    uint64_t span = ticks / SPAN_TICKS + 1;
    return span < NO_SPAN ? (uint32_t)span : NO_SPAN - 1;
}

/* Sees to it that the timer comes at the end of the running thread's turn, at the latest. */
void turn_arm(struct thread *thread) {
    uint32_t left = thread->turn_used < thread->quantum_span ? thread->quantum_span - thread->turn_used : 1;
    if (schedule_turn_span > left) {
        uint64_t now = schedule_count();
        schedule_turn_span = left;
        turn_deadline = now + (uint64_t)left * SPAN_TICKS;
        timer_arm(turn_deadline, now);
    }
}

static void turn_forget(void) {
    turn_deadline = NEVER;
    schedule_turn_span = NO_SPAN;
}

/* The timer has come: ends a turn that has been used up, and sees to the next expiry if anybody shares. */
static void turn_look(struct thread *thread, uint64_t now) {
    if (thread->quantum_span == 0 || list_empty(&ready.queues[thread->priority])) {
        turn_forget();
    } else if (turn_deadline > now) {
        timer_arm(turn_deadline, now);
    } else {
        turn_forget();
        turn_over = thread->turn_used >= thread->quantum_span;
        if (!turn_over) {
            turn_arm(thread);
        }
    }
}

void schedule_defer_in_interrupt(uint32_t work) {
    schedule_deferred |= work;
    preempt.settled = 0;
}

void schedule_defer(uint32_t work) {
    uint32_t before = cpu_irq_save();
    schedule_defer_in_interrupt(work);
    cpu_irq_restore(before);
}

void schedule_defer_done(uint32_t work) {
    uint32_t before = cpu_irq_save();
    schedule_deferred &= ~work;
    cpu_irq_restore(before);
}

/* ---- switching ---- */

/* Something is to be done that cannot be done in the middle of a switch: after it, unless it is no more than handing on
 * priorities behind that of the next thread. */
void switch_with_work(const struct thread *to) {
    if (schedule_deferred != SCHEDULE_INHERIT || inherit_first_priority() <= to->priority) {
        preempt.settled = 0;
    }
}

/* The running thread stands first in its queue, or behind others. */
static void schedule_switch(void) {
    struct thread *thread = thread_current;
    if (&ready.queues[thread->priority] == thread->queue.prev && queue_first_priority() == thread->priority) {
        list_remove(&thread->queue);
        thread->state = THREAD_RUNNING;
        return;
    }
    switch_from(thread);
}

/* Wakes those whose time has come, a few at once, and sees to the next expiry. */
static void timer_work(struct thread *running, uint64_t now) {
    uint32_t objects = 0; /* that they waited for */
    while (timeout_first() <= now) {
        if (objects >= TIMEOUTS_AT_ONCE) {
            schedule_defer(SCHEDULE_TIMER);
            break;
        }
        objects += timeout_first_thread()->block_count;
        wait_end(timeout_first_thread(), WAKE_TIMEOUT);
    }
    timer_arm(timeout_first(), now);
    turn_look(running, now);
}

/* The usual case of it, straight on to the thread whose time has come: it is the only one, and ranks before the running
 * one and whoever else may be ready.  False: it is not the usual case, and nothing has been done. */
static bool timer_hand_over(struct thread *running, uint64_t now) {
    struct thread *thread = timeout_first_thread();
    uint32_t before_all = (uint32_t)__builtin_clz(ready.summary | 1u) * 32;
    if (timeout_first() > now || thread->priority >= before_all || thread->priority >= running->priority ||
        thread->blocks != &thread->block || thread->block.queue != NULL) {
        return false;
    }
    timeout_take_out(thread);
    if (timeout_first() <= now) {
        schedule_defer(SCHEDULE_TIMER);
    } else {
        timer_arm(timeout_first(), now);
    }
    thread->wait_status = WAKE_TIMEOUT;
    turn_over = false;
    turn_forget(); /* whoever has to share sets it again */
    queue_put(running, true);
    switch_to(running, thread, false);
    return true;
}

/* The stack and the own references of a thread that ended. */
static void bury(void) {
    struct thread *dead = dead_thread;
    uint32_t kstack = dead->kstack;
    struct object *farewell = dead->farewell;
    dead_thread = NULL;
    dead->kstack = 0;
    kstack_free(kstack);
    object_unref(&dead->object);
    if (farewell != NULL) {
        object_unref(farewell);
    }
}

/* One piece of what there is to do.  work: what was left. */
static void settle(uint32_t work) {
    if (work & SCHEDULE_DEAD) {
        bury();
    }
    struct thread *thread = thread_current;
    if (work & SCHEDULE_TIMER) {
        uint32_t ticks = schedule_time.ticks();
        uint64_t now = schedule_time.count_of(ticks);
        armed = NEVER;
        thread->turn_used += count_ticks_to(thread, ticks) / SPAN_TICKS + 1;
        if (work == SCHEDULE_TIMER && timer_hand_over(thread, now)) {
            return;
        }
        timer_work(thread, now);
    }
    if (work & SCHEDULE_CONSOLE) {
        console_wake_readers();
    }
    uint32_t first = queue_first_priority();
    if (inherit_pending() && inherit_first_priority() <= first) {
        inherit_work();
        preempt.settled = 0;
    } else if (first < thread->priority || (turn_over && first == thread->priority)) {
        bool over = turn_over;
        turn_over = false;
        if (!(work & SCHEDULE_TIMER)) {
            thread->turn_used += count_ticks(thread) / SPAN_TICKS + 1;
        }
        if (over) {
            thread->turn_used = 0;
        }
        queue_put(thread, !over);
        schedule_switch();
    } else if (inherit_pending()) {
        inherit_work();
        preempt.settled = 0;
    } else {
        turn_over = false; /* nobody shares any more */
    }
}

/* Called with interrupts on, or off at the end of one: then nothing can come between the last look and its return. */
void preempt_switch(void) {
    uint32_t before = cpu_irq_save();
    while ((preempt.count | preempt.settled) == 0) {
        uint32_t work = schedule_deferred;
        schedule_deferred = inherit_pending() ? SCHEDULE_INHERIT : 0;
        preempt.settled = 1; /* while no interrupt can leave word */
        preempt.count = 1;
        cpu_irq_restore(before & ~CPSR_IRQ_OFF);
        settle(work);
        cpu_irq_save();
        preempt.count = 0;
    }
    cpu_irq_restore(before);
}

void schedule_begin(void) {
    preempt_enable();
}

void schedule_yield(void) {
    preempt_disable();
    (void)count_ticks(thread_current);
    thread_current->turn_used = 0;
    queue_put(thread_current, false);
    schedule_switch();
    preempt_enable();
}

void thread_start(struct thread *thread) {
    preempt_disable();
    queue_put(thread, false);
    check_rank(thread);
    preempt_enable();
}

status_t thread_block(uint64_t deadline, bool interruptible) {
    return block_here(deadline, interruptible);
}

bool schedule_wake(struct thread *thread, status_t status) {
    return wake_here(thread, status);
}

void schedule_set_quantum(struct thread *thread, uint32_t milliseconds) {
    thread->quantum = milliseconds;
    thread->quantum_span = milliseconds != 0 ? span_of(schedule_time.span_ticks(milliseconds)) : 0;
    if (thread == thread_current && !list_empty(&ready.queues[thread->priority])) {
        turn_share(thread);
    }
}

void schedule_reprioritise(struct thread *thread, uint32_t priority) {
    if (thread->state == THREAD_READY) {
        list_remove(&thread->queue);
        thread->priority = priority;
        queue_put(thread, false);
        check_rank(thread);
    } else {
        thread->priority = priority;
        if (thread == thread_current) {
            uint32_t first = queue_first_priority();
            if (first < priority) {
                preempt.settled = 0;
            } else if (first == priority) {
                turn_share(thread);
            }
        }
    }
}

void schedule_exit(void) {
    ASSERT(preempt.count == 1 && dead_thread == NULL);
    (void)count_ticks(thread_current);
    thread_current->state = THREAD_DEAD;
    dead_thread = thread_current;
    schedule_defer(SCHEDULE_DEAD);
    switch_from(thread_current);
    PANIC("a dead thread ran");
}

void schedule_init(void) {
    for (uint32_t i = 0; i < PRIORITY_COUNT; i++) {
        list_init(&ready.queues[i]);
    }
    idle_thread.state = THREAD_RUNNING;
    idle_thread.priority = PRIORITY_IDLE;
    idle_thread.base_priority = PRIORITY_IDLE;
    list_init(&idle_thread.queue);
    list_init(&idle_thread.wait_link);
    list_init(&idle_thread.lent);
    list_init(&idle_thread.marked_link);
    list_init(&idle_thread.owned);
    thread_current = &idle_thread;
}

void schedule_idle(void) {
    cpu_irq_restore(cpu_read_cpsr() & ~CPSR_IRQ_OFF);
    for (;;) {
        cpu_wait_for_interrupt();
    }
}
