/* Picking and switching threads: see schedule.h.
 *
 * preempt.settled is 0 while there is anything to do as soon as preemption is on: a thread is ready that ranks before
 * the running one, its turn is over, an interrupt has left word, or priorities have to be handed on.  preempt_switch
 * does it piece by piece, each bounded, and looks again after each.
 */
#include "kernel/schedule.h"
#include "arch/arm/cpu.h"
#include "arch/kdata.h"
#include "arch/kstack.h"
#include "arch/mmu.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "kernel/console.h"
#include "kernel/process.h"
#include "kernel/timeout.h"

struct preempt preempt = {.settled = 1};

struct thread *thread_current;
static struct thread idle_thread;
static struct thread *dead_thread; /* just left for ever; its stack is free after the switch */

static struct list queues[PRIORITY_COUNT];
static uint32_t queue_words[(PRIORITY_COUNT + 31) / 32]; /* bit 31 - n % 32: queue n is not empty */
static uint32_t queue_summary;                           /* bit 31 - w: word w is not 0 */

#define NEVER            0xffffffffffffffffull
#define TIMEOUTS_AT_ONCE 4u

static volatile uint32_t deferred;           /* SCHEDULE_ bits that interrupts left */
static uint64_t armed = NEVER;               /* what the event timer is set to */
static uint32_t counted_until;               /* ticks of the clock when the running thread's were last counted */
static uint64_t turn_deadline = NEVER;       /* ns: when the timer comes for the sake of a turn; NEVER: it does not */
static uint64_t turn_deadline_ticks = NEVER; /* how long that was from when it was set */
static bool turn_over;                       /* of the running thread */

void context_switch(struct thread *from, struct thread *to);

/* ---- the queues ---- */

static void queue_take(struct thread *thread) {
    uint32_t priority = thread->priority;
    list_remove(&thread->queue);
    if (list_empty(&queues[priority])) {
        queue_words[priority / 32] &= ~(0x80000000u >> priority % 32);
        if (queue_words[priority / 32] == 0) {
            queue_summary &= ~(0x80000000u >> priority / 32);
        }
    }
}

static void queue_put(struct thread *thread, bool front) {
    uint32_t priority = thread->priority;
    thread->state = THREAD_READY;
    if (front) {
        list_insert(&queues[priority], &thread->queue);
    } else {
        list_append(&queues[priority], &thread->queue);
    }
    queue_words[priority / 32] |= 0x80000000u >> priority % 32;
    queue_summary |= 0x80000000u >> priority / 32;
}

static uint32_t queue_first_priority(void) {
    uint32_t word = (uint32_t)__builtin_clz(queue_summary);
    return word * 32 + (uint32_t)__builtin_clz(queue_words[word]);
}

/* ---- time ---- */

/* Sets the event timer if something comes before what it is set to.  It is never set back: an expiry for nothing costs
 * less than setting it at every switch. */
static void timer_arm(uint64_t deadline) {
    if (deadline < armed) {
        uint32_t before = cpu_irq_save();
        armed = deadline;
        schedule_time.set(deadline);
        cpu_irq_restore(before);
    }
}

/* Adds what the running thread has run since it was last counted.  Returns it. */
ALWAYS_INLINE uint32_t count_ticks(struct thread *thread) {
    uint32_t now = schedule_time.ticks();
    uint32_t ticks = now - counted_until;
    counted_until = now;
    thread->run_ticks += ticks;
    return ticks;
}

uint64_t schedule_run_ticks(const struct thread *thread) {
    return thread->run_ticks + (thread == thread_current ? schedule_time.ticks() - counted_until : 0);
}

/* Sees to it that the timer comes at the end of the running thread's turn, at the latest. */
static void turn_arm(struct thread *thread) {
    uint64_t quantum = thread->quantum_ticks;
    uint64_t left = thread->turn_ticks < quantum ? quantum - thread->turn_ticks : 1;
    if (turn_deadline_ticks > left) {
        turn_deadline_ticks = left;
        turn_deadline = schedule_time.now() + schedule_time.span_ns(left);
        timer_arm(turn_deadline);
    }
}

/* Another thread is ready with the running one's priority. */
ALWAYS_INLINE void turn_share(struct thread *thread) {
    if (thread->quantum_ticks != 0 &&
        (turn_deadline == NEVER || thread->turn_ticks != 0 || turn_deadline_ticks > thread->quantum_ticks)) {
        turn_arm(thread);
    }
}

/* The timer has come: ends a turn that has been used up, and sees to the next expiry. */
static void turn_look(uint64_t now) {
    struct thread *thread = thread_current;
    thread->turn_ticks += count_ticks(thread);
    if (turn_deadline > now) {
        timer_arm(turn_deadline);
        return;
    }
    turn_deadline = NEVER;
    turn_deadline_ticks = NEVER;
    if (thread->quantum_ticks == 0 || list_empty(&queues[thread->priority])) {
        return;
    }
    if (thread->turn_ticks >= thread->quantum_ticks) {
        turn_over = true;
    } else {
        turn_arm(thread);
    }
}

/* Wakes those whose time has come, a few at a time. */
static void timer_work(void) {
    uint64_t now = schedule_time.now();
    armed = NEVER;
    for (uint32_t woken = 0; timeout_first() <= now; woken++) {
        if (woken == TIMEOUTS_AT_ONCE) {
            uint32_t before = cpu_irq_save();
            schedule_defer(SCHEDULE_TIMER);
            cpu_irq_restore(before);
            break;
        }
        wait_end(timeout_first_thread(), WAKE_TIMEOUT);
    }
    timer_arm(timeout_first());
    turn_look(now);
}

void schedule_defer(uint32_t work) {
    deferred |= work;
    preempt.settled = 0;
}

/* ---- switching ---- */

/* The stack and the own reference of the thread that ended go in the thread after it. */
static void schedule_finish(void) {
    struct thread *dead = dead_thread;
    dead_thread = NULL;
    if (dead != NULL) {
        uint32_t kstack = dead->kstack;
        struct object *farewell = dead->farewell;
        dead->kstack = 0;
        kstack_free(kstack);
        object_unref(&dead->object);
        if (farewell != NULL) {
            object_unref(farewell);
        }
    }
}

/* Goes over to the first ready thread.  The running one has been put where it belongs, and its ticks are counted. */
static void schedule_switch(void) {
    struct thread *from = thread_current;
    uint32_t priority = queue_first_priority();
    struct thread *to = LIST_FIRST(&queues[priority], struct thread, queue);
    queue_take(to);
    to->state = THREAD_RUNNING;
    turn_over = false;
    preempt.settled = 1;
    if (deferred != 0 || (inherit_pending() && inherit_first_priority() <= priority)) {
        preempt.settled = 0;
    }
    thread_current = to;
    if (!list_empty(&queues[priority])) {
        turn_share(to);
    }
    if (to == from) {
        return;
    }
    if (to->process != NULL) {
        mmu_space_activate(to->space);
        kdata_set_thread(to->tls, to->id, to->process->id);
    }
    context_switch(from, to);
    /* Later, in from again. */
    if (dead_thread != NULL) {
        schedule_finish();
    }
}

/* One piece of what there is to do.  work: what interrupts left. */
static void settle(uint32_t work) {
    preempt.settled = 1;
    if (work & SCHEDULE_TIMER) {
        timer_work();
    }
    if (work & SCHEDULE_CONSOLE) {
        console_wake_readers();
    }
    struct thread *thread = thread_current;
    uint32_t first = queue_summary != 0 ? queue_first_priority() : PRIORITY_COUNT;
    if (inherit_pending() && inherit_first_priority() <= first && !inherit_work()) {
        preempt.settled = 0;
        return;
    }
    first = queue_summary != 0 ? queue_first_priority() : PRIORITY_COUNT;
    if (first < thread->priority || (turn_over && first == thread->priority)) {
        uint32_t ticks = count_ticks(thread);
        thread->turn_ticks = turn_over ? 0 : thread->turn_ticks + ticks;
        queue_put(thread, !turn_over);
        schedule_switch();
    } else if (inherit_pending()) {
        preempt.settled = inherit_work();
    }
}

/* Called with interrupts on, or off at the end of one: then nothing can come between the last look and its return. */
void preempt_switch(void) {
    uint32_t before = cpu_irq_save();
    while ((preempt.count | preempt.settled) == 0) {
        uint32_t work = deferred;
        deferred = 0;
        preempt.count = 1;
        cpu_irq_restore(before & ~CPSR_IRQ_OFF);
        settle(work);
        cpu_irq_save();
        preempt.count = 0;
    }
    cpu_irq_restore(before);
}

void schedule_begin(void) {
    schedule_finish();
    preempt_enable();
}

void schedule_yield(void) {
    preempt_disable();
    (void)count_ticks(thread_current);
    thread_current->turn_ticks = 0;
    queue_put(thread_current, false);
    schedule_switch();
    preempt_enable();
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

void thread_start(struct thread *thread) {
    preempt_disable();
    queue_put(thread, false);
    check_rank(thread);
    preempt_enable();
}

status_t thread_block(uint64_t deadline, bool interruptible) {
    struct thread *thread = thread_current;
    ASSERT(preempt.count == 1);
    thread->interruptible = interruptible;
    thread->state = THREAD_WAITING;
    (void)count_ticks(thread);
    thread->turn_ticks = 0;
    if (deadline != 0) {
        timeout_insert(thread, deadline);
        timer_arm(deadline);
    }
    if (inherit_pending()) {
        (void)inherit_work();
    }
    schedule_switch();
    return thread->wait_status;
}

void schedule_wake(struct thread *thread, status_t status) {
    timeout_remove(thread);
    thread->wait_status = status;
    queue_put(thread, false);
    check_rank(thread);
}

void schedule_set_quantum(struct thread *thread, uint32_t milliseconds) {
    thread->quantum = milliseconds;
    thread->quantum_ticks = schedule_time.span_ticks(milliseconds);
    if (thread == thread_current && !list_empty(&queues[thread->priority])) {
        turn_share(thread);
    }
}

void schedule_reprioritise(struct thread *thread, uint32_t priority) {
    if (thread->state == THREAD_READY) {
        queue_take(thread);
        thread->priority = priority;
        queue_put(thread, false);
        check_rank(thread);
    } else {
        thread->priority = priority;
        if (thread == thread_current && queue_summary != 0) {
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
    schedule_switch();
    PANIC("a dead thread ran");
}

void schedule_init(void) {
    for (uint32_t i = 0; i < PRIORITY_COUNT; i++) {
        list_init(&queues[i]);
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
