/* Making and ending threads: see thread.h. */
#include "kernel/thread.h"
#include "arch/arm/cpu.h"
#include "arch/kstack.h"
#include "include/abi.h"
#include "include/preempt.h"
#include "kernel/schedule.h"
#include "kernel/wait.h"
#include "mm/heap.h"

void context_start(void);

static uint32_t threads_alive;
static uint32_t last_id;

static struct thread *thread_of(const struct object *object) {
    return CONTAINER_OF(object, struct thread, object);
}

static bool thread_is_signaled(const struct object *object) {
    return CONTAINER_OF(object, const struct thread, object)->state == THREAD_DEAD;
}

static void thread_destroy(struct object *object) {
    struct thread *thread = thread_of(object);
    if (thread->kstack != 0) {
        kstack_free(thread->kstack);
    }
    heap_free(thread);
}

const struct object_type thread_type = {.name = "thread", .destroy = thread_destroy, .is_signaled = thread_is_signaled};

/* What context_switch pops: user sp and lr, r3 to r11, pc. */
struct switch_frame {
    uint32_t user_sp, user_lr;
    uint32_t r3, r4, r5, r6, r7, r8, r9, r10, r11;
    uint32_t pc;
};

status_t thread_create(void (*function)(void *argument), void *argument, uint32_t priority, struct thread **out) {
    struct thread *thread = heap_alloc_zero(sizeof *thread);
    if (thread == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    thread->kstack = kstack_alloc();
    if (thread->kstack == 0) {
        heap_free(thread);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    object_init(&thread->object, &thread_type);
    list_init(&thread->queue);
    list_init(&thread->link);
    list_init(&thread->wait_link);
    list_init(&thread->held);
    thread->state = THREAD_WAITING;
    thread->priority = priority;
    thread->base_priority = priority;
    thread->quantum = QUANTUM_DEFAULT;
    thread->exit_code = ABI_STILL_ACTIVE;

    struct switch_frame *frame = (struct switch_frame *)thread->kstack - 1;
    *frame = (struct switch_frame){.r4 = (uint32_t)function, .r5 = (uint32_t)argument, .pc = (uint32_t)context_start};
    thread->sp = (uint32_t)frame;

    preempt_disable();
    last_id += 4;
    thread->id = last_id;
    threads_alive++;
    preempt_enable();
    *out = thread;
    return ERROR_SUCCESS;
}

void thread_discard(struct thread *thread) {
    preempt_disable();
    threads_alive--;
    preempt_enable();
    object_unref(&thread->object);
}

void thread_finish(uint32_t exit_code, void (*finish)(void *context), void *context) {
    struct thread *thread = thread_current;
    preempt_disable();
    thread->exit_code = exit_code;
    thread->state = THREAD_DEAD;
    threads_alive--;
    wait_signal(&thread->object);
    finish(context);
    schedule_exit();
}

void thread_kill(struct thread *thread) {
    preempt_disable();
    thread->killed = 1;
    if (thread->interruptible) {
        thread_wake(thread, WAKE_KILLED);
    }
    preempt_enable();
}

void thread_set_priority(struct thread *thread, uint32_t priority) {
    preempt_disable();
    uint32_t before = cpu_irq_save();
    thread->base_priority = priority;
    /* While others wait for what it holds, it keeps the higher rank that they lend it; releasing sets that right. */
    if (list_empty(&thread->held) || priority < thread->priority) {
        schedule_reprioritise(thread, priority);
        kmutex_lend(thread);
    }
    cpu_irq_restore(before);
    preempt_enable();
}

uint32_t thread_total_count(void) {
    return threads_alive;
}
