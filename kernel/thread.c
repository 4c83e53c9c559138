/* Making and ending threads: see thread.h. */
#include "kernel/thread.h"
#include "arch/arm/cpu.h"
#include "arch/kstack.h"
#include "arch/trap.h"
#include "include/abi.h"
#include "include/preempt.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/sync.h"
#include "kernel/wait.h"
#include "mm/heap.h"

void context_start(void);

static uint32_t threads_alive;
static uint32_t last_id;
static bool ids_used_up; /* they begin again: those of living threads are left out */

static struct thread *thread_of(const struct object *object) {
    return CONTAINER_OF(object, struct thread, object);
}

static void thread_destroy(struct object *object) {
    struct thread *thread = thread_of(object);
    if (!list_empty(&thread->marked_link)) { /* its priority was set after its end */
        preempt_disable();
        list_remove(&thread->marked_link);
        preempt_enable();
    }
    if (thread->kstack != 0) {
        kstack_free(thread->kstack);
    }
    heap_free(thread);
}

const struct object_type thread_type = {.name = "thread", .destroy = thread_destroy};

/* Living threads by id. */
#define ID_BUCKETS 128u
static struct list ids[ID_BUCKETS]; /* all zero: not begun */

static struct list *id_bucket(uint32_t id) {
    struct list *bucket = &ids[id / 4 % ID_BUCKETS];
    if (bucket->next == NULL) {
        list_init(bucket);
    }
    return bucket;
}

struct thread *thread_find(uint32_t id) {
    LIST_EACH(thread, id_bucket(id), struct thread, id_link) {
        if (thread->id == id) {
            return thread;
        }
    }
    return NULL;
}

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
    object_init_waitable(&thread->object, &thread_type, WAIT_STAY, 0);
    list_init(&thread->queue);
    list_init(&thread->link);
    list_init(&thread->wait_link);
    list_init(&thread->lent);
    list_init(&thread->marked_link);
    list_init(&thread->owned);
    thread->blocks = &thread->block;
    thread->block_count = 1;
    thread->block.thread = thread;
    thread->state = THREAD_WAITING;
    thread->priority = priority;
    thread->base_priority = priority;
    schedule_set_quantum(thread, QUANTUM_DEFAULT);
    thread->exit_code = ABI_STILL_ACTIVE;

    struct switch_frame *frame = (struct switch_frame *)thread->kstack - 1;
    *frame = (struct switch_frame){.r4 = (uint32_t)function, .r5 = (uint32_t)argument, .pc = (uint32_t)context_start};
    thread->sp = (uint32_t)frame;

    preempt_disable();
    do {
        last_id += 4;
        ids_used_up |= last_id == 0;
    } while (ids_used_up && (last_id == 0 || thread_find(last_id) != NULL));
    thread->id = last_id;
    threads_alive++;
    list_append(id_bucket(thread->id), &thread->id_link);
    preempt_enable();
    thread->created = schedule_count();
    *out = thread;
    return ERROR_SUCCESS;
}

void thread_discard(struct thread *thread) {
    preempt_disable();
    threads_alive--;
    list_remove(&thread->id_link);
    preempt_enable();
    object_unref(&thread->object);
}

void thread_leave_locks(void) {
    struct thread *thread = thread_current;
    preempt_disable();
    while (mutex_abandon_one(thread)) {
        preempt_enable();
        preempt_disable();
    }
    while (!list_empty(&thread->lent)) {
        lock_set_owner(CONTAINER_OF(plist_first(&thread->lent), struct lock, link), NULL);
        preempt_enable();
        preempt_disable();
    }
    preempt_enable();
}

void thread_signal_end(struct object *object, bool last) {
    if (last || wait_is_crowded(object)) {
        wait_release_everybody(object, 1);
    }
}

void thread_finish(uint32_t exit_code, void (*finish)(void *context), void *context) {
    struct thread *thread = thread_current;
    preempt_disable();
    thread->ended = schedule_count();
    thread->exit_code = exit_code;
    thread_signal_end(&thread->object, false); /* many waiters: while preemption may be on in between */
    list_remove(&thread->id_link);
    threads_alive--;
    thread_signal_end(&thread->object, true);
    finish(context);
    list_remove(&thread->marked_link);
    schedule_exit();
}

void thread_kill(struct thread *thread, uint32_t code) {
    preempt_disable();
    if (!(thread->attention & ATTENTION_KILLED)) {
        thread->attention |= ATTENTION_KILLED;
        thread->kill_code = code;
        if (thread->interruptible) {
            wait_end(thread, WAKE_KILLED);
        }
    }
    preempt_enable();
}

void thread_begin_suspended(struct thread *thread) {
    preempt_disable();
    thread->suspended++;
    thread->attention |= ATTENTION_SUSPENDED;
    preempt_enable();
}

status_t thread_suspend(struct thread *thread, uint32_t *before) {
    status_t status = ERROR_SIGNAL_REFUSED;
    preempt_disable();
    if (thread->suspended < ABI_SUSPEND_MOST) {
        *before = thread->suspended++;
        thread->attention |= ATTENTION_SUSPENDED;
        status = ERROR_SUCCESS;
    }
    preempt_enable();
    return status;
}

uint32_t thread_resume(struct thread *thread) {
    preempt_disable();
    uint32_t before = thread->suspended;
    if (before == 1) {
        thread->attention &= ~ATTENTION_SUSPENDED;
        if (thread->parked) {
            wait_end(thread, ERROR_SUCCESS);
        }
    }
    thread->suspended -= before != 0;
    preempt_enable();
    return before;
}

void thread_attend(void) {
    struct thread *thread = thread_current;
    preempt_disable();
    while (thread->attention == ATTENTION_SUSPENDED) {
        thread->parked = true;
        (void)thread_block(0, true);
        thread->parked = false;
    }
    preempt_enable();
    if (thread->attention & ATTENTION_KILLED) {
        thread_exit_killed();
    }
}

void thread_set_priority(struct thread *thread, uint32_t priority) {
    preempt_disable();
    thread->base_priority = priority;
    inherit_mark(thread);
    preempt_enable();
}

void thread_set_quantum(struct thread *thread, uint32_t quantum) {
    preempt_disable();
    schedule_set_quantum(thread, quantum);
    preempt_enable();
}

uint32_t thread_total_count(void) {
    return threads_alive;
}
