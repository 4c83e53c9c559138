/* Picking and switching threads: see schedule.h.
 *
 * A switch is due (preempt.settled is 0) when a thread became ready that ranks before the running one, or when the
 * running one's quantum is over.  It is done by preempt_switch as soon as preemption is on: at the end of the
 * interrupt, or in preempt_enable.
 *
 * A quantum runs only while another thread of the same priority is ready: only then does the timer have to interrupt.
 */
#include "kernel/schedule.h"
#include "arch/arm/cpu.h"
#include "arch/kdata.h"
#include "arch/kstack.h"
#include "arch/mmu.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "kernel/process.h"
#include "kernel/timeout.h"

struct preempt preempt = {.settled = 1};

struct thread *thread_current;
static struct thread idle_thread;
static struct thread *dead_thread; /* just left for ever; its stack is free after the switch */

static struct list queues[PRIORITY_COUNT];
static uint32_t queue_words[(PRIORITY_COUNT + 31) / 32]; /* bit 31 - n % 32: queue n is not empty */
static uint32_t queue_summary;                           /* bit 31 - w: word w is not 0 */

static struct schedule_time time_source;
#define NEVER         0xffffffffffffffffull
#define WAKES_AT_ONCE 8u /* in one timer interrupt; those left come with the next, at once */
static uint64_t quantum_end = NEVER;
static uint64_t armed = NEVER; /* what the event timer is set to */

void context_switch(struct thread *from, struct thread *to);

static void queue_mark(uint32_t priority) {
    queue_words[priority / 32] |= 0x80000000u >> priority % 32;
    queue_summary |= 0x80000000u >> priority / 32;
}

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
    thread->state = THREAD_READY;
    if (front) {
        list_insert(&queues[thread->priority], &thread->queue);
    } else {
        list_append(&queues[thread->priority], &thread->queue);
    }
    queue_mark(thread->priority);
}

static struct thread *queue_first(void) {
    uint32_t word = (uint32_t)__builtin_clz(queue_summary);
    uint32_t priority = word * 32 + (uint32_t)__builtin_clz(queue_words[word]);
    return LIST_FIRST(&queues[priority], struct thread, queue);
}

/* Sets the event timer if something comes before what it is set to.  It is never set back: an expiry for nothing costs
 * less than setting it at every switch. */
static void timer_arm(uint64_t deadline) {
    if (deadline < armed) {
        armed = deadline;
        time_source.set(deadline);
    }
}

/* Starts the turn of the running thread, if there is anybody to take turns with. */
static void quantum_start(struct thread *thread) {
    quantum_end = NEVER;
    if (thread->quantum != 0 && !list_empty(&queues[thread->priority]) && thread->priority != PRIORITY_IDLE) {
        quantum_end = time_source.now() + (thread->quantum_left != 0 ? thread->quantum_left : thread->quantum);
        timer_arm(quantum_end);
    }
    thread->quantum_left = 0;
}

/* Goes over to the first ready thread.  The running one has been put where it belongs.  Interrupts are off. */
static void schedule_switch(void) {
    struct thread *from = thread_current;
    struct thread *to = queue_first();
    queue_take(to);
    preempt.settled = 1;
    to->state = THREAD_RUNNING;
    if (to == from) {
        quantum_start(to);
        return;
    }
    thread_current = to;
    quantum_start(to);
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

/* The stack and the own reference of the thread that ended go in the thread after it.  Freeing needs interrupts on. */
void schedule_finish(void) {
    uint32_t before = cpu_irq_save();
    struct thread *dead = dead_thread;
    dead_thread = NULL;
    preempt_disable(); /* no switch, and so no further dead thread on top of this one */
    cpu_irq_restore(before & ~CPSR_IRQ_OFF);
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
    cpu_irq_save();
    preempt_enable();
    cpu_irq_restore(before);
}

void preempt_switch(void) {
    uint32_t before = cpu_irq_save();
    while ((preempt.count | preempt.settled) == 0) {
        struct thread *thread = thread_current;
        uint64_t now = quantum_end != NEVER ? time_source.now() : 0;
        bool turn_over = now >= quantum_end;
        if (!turn_over && quantum_end != NEVER) {
            thread->quantum_left = (uint32_t)(quantum_end - now); /* it goes on with what is left */
        }
        queue_put(thread, !turn_over);
        schedule_switch();
    }
    cpu_irq_restore(before);
}

void schedule_yield(void) {
    uint32_t before = cpu_irq_save();
    thread_current->quantum_left = 0;
    queue_put(thread_current, false);
    schedule_switch();
    cpu_irq_restore(before);
}

/* A thread has become ready, or changed rank: is a switch due, or a quantum? */
static void check_rank(struct thread *thread) {
    if (thread->priority < thread_current->priority) {
        preempt.settled = 0;
    } else if (thread->priority == thread_current->priority && quantum_end == NEVER) {
        quantum_start(thread_current);
    }
}

void thread_start(struct thread *thread) {
    preempt_disable();
    uint32_t before = cpu_irq_save();
    queue_put(thread, false);
    check_rank(thread);
    cpu_irq_restore(before);
    preempt_enable();
}

status_t thread_block(uint64_t deadline, bool interruptible) {
    struct thread *thread = thread_current;
    ASSERT(preempt.count == 0);
    if (interruptible && thread->killed) {
        list_remove(&thread->wait_link);
        return WAKE_KILLED;
    }
    thread->interruptible = interruptible;
    thread->state = THREAD_WAITING;
    if (deadline != 0) {
        timeout_insert(thread, deadline);
        timer_arm(timeout_first());
    }
    schedule_switch();
    return thread->wait_status;
}

void thread_wake(struct thread *thread, status_t status) {
    uint32_t before = cpu_irq_save();
    if (thread->state == THREAD_WAITING) {
        timeout_remove(thread);
        list_remove(&thread->wait_link);
        thread->wait_status = status;
        thread->quantum_left = 0;
        queue_put(thread, false);
        check_rank(thread);
    }
    cpu_irq_restore(before);
}

void schedule_reprioritise(struct thread *thread, uint32_t priority) {
    if (thread->priority == priority) {
        return;
    }
    if (thread->state == THREAD_READY) {
        queue_take(thread);
        thread->priority = priority;
        queue_put(thread, false);
        check_rank(thread);
    } else {
        thread->priority = priority;
        if (thread == thread_current && queue_first()->priority < priority) {
            preempt.settled = 0;
        } else if (thread == thread_current && quantum_end == NEVER) {
            quantum_start(thread);
        }
    }
}

void schedule_timer(void) {
    uint64_t now = time_source.now();
    armed = NEVER;
    for (uint32_t woken = 0; woken < WAKES_AT_ONCE && timeout_first() <= now; woken++) {
        thread_wake(timeout_first_thread(), WAKE_TIMEOUT);
    }
    if (quantum_end <= now) {
        preempt.settled = 0;
    }
    timer_arm(timeout_first() < quantum_end || quantum_end <= now ? timeout_first() : quantum_end);
}

void schedule_set_time(const struct schedule_time *source) {
    time_source = *source;
}

uint64_t schedule_now(void) {
    return time_source.now();
}

void schedule_exit(void) {
    cpu_irq_save();
    ASSERT(preempt.count == 1 && dead_thread == NULL);
    preempt.count = 0;
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
    list_init(&idle_thread.held);
    thread_current = &idle_thread;
}

void schedule_idle(void) {
    cpu_irq_restore(cpu_read_cpsr() & ~CPSR_IRQ_OFF);
    for (;;) {
        cpu_wait_for_interrupt();
    }
}
