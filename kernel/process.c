/* Making and ending processes: see process.h.
 *
 * list_lock guards the list of processes and each process's list of threads, so that walks through them may sleep and
 * are as long as there are elements without holding off preemption.  A thread joins its process, and leaves it, with
 * the lock held: so process_terminate, which holds it, too, while it kills one after the other, misses none, and none
 * joins later.
 */
#include "kernel/process.h"
#include "arch/trap.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "kernel/schedule.h"
#include "kernel/wait.h"
#include "mm/area.h"
#include "mm/heap.h"

static struct list processes = {&processes, &processes};
static struct kmutex list_lock = KMUTEX_INIT(list_lock);
static uint32_t processes_alive;
static uint32_t last_id;
struct object process_none = OBJECT_INIT(process_none, WAIT_STAY, 1);

static struct process *process_of(struct object *object) {
    return CONTAINER_OF(object, struct process, object);
}

static void process_destroy(struct object *object) {
    heap_free(process_of(object));
}

const struct object_type process_type = {.name = "process", .destroy = process_destroy};

status_t process_create(struct process_program *program, struct process **out) {
    struct process *process = heap_alloc_zero(sizeof *process);
    if (process == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    status_t status = handle_table_init(&process->handles);
    if (status != ERROR_SUCCESS) {
        goto fail_process;
    }
    status = space_create(&process->space);
    if (status != ERROR_SUCCESS) {
        goto fail_handles;
    }
    object_init_waitable(&process->object, &process_type, WAIT_STAY, 0);
    list_init(&process->link);
    list_init(&process->threads);
    process->exit_code = ABI_STILL_ACTIVE;
    process->program = program;
    preempt_disable();
    last_id += last_id + 4 != 0 ? 4 : 8;
    process->id = last_id;
    preempt_enable();
    *out = process;
    return ERROR_SUCCESS;

fail_handles:
    handle_table_destroy(&process->handles);
fail_process:
    heap_free(process);
    return status;
}

/* What a process has besides its object and its space. */
static void process_strip(struct process *process) {
    handle_table_destroy(&process->handles);
    heap_free(process->program->command_line);
    heap_free(process->program);
    process->program = NULL;
}

void process_discard(struct process *process) {
    process_strip(process);
    space_destroy(&process->space);
    object_unref(&process->object);
}

/* The process gets a thread that begins to run.  list_lock is held. */
static void thread_join(struct process *process, struct thread *thread, bool primary) {
    object_ref(&process->object);
    thread->process = process;
    thread->space = &process->space.mmu;
    thread->primary = primary;
    list_append(&process->threads, &thread->link);
    preempt_disable();
    process->thread_count++;
    preempt_enable();
    thread_start(thread);
}

status_t process_start_thread(struct process *process, struct thread *thread, bool primary) {
    status_t status = ERROR_ACCESS_DENIED;
    kmutex_lock(&list_lock);
    if (primary) {
        if (process->ending) {
            thread_kill(thread, process->exit_code); /* then it only takes the process apart */
        }
        list_append(&processes, &process->link);
        preempt_disable();
        processes_alive++;
        process_none.signal = 0;
        preempt_enable();
    }
    if (primary || !process->ending) {
        thread_join(process, thread, primary);
        status = ERROR_SUCCESS;
    }
    kmutex_unlock(&list_lock);
    return status;
}

/* From here on the process has an end and an exit code; the first to say so counts. */
static bool process_begin_end(struct process *process, uint32_t exit_code) {
    preempt_disable();
    bool first = !process->ending;
    if (first) {
        process->ending = true;
        process->exit_code = exit_code;
    }
    preempt_enable();
    return first;
}

status_t process_terminate(struct process *process, uint32_t exit_code) {
    status_t status = ERROR_ACCESS_DENIED;
    kmutex_lock(&list_lock);
    if (process_begin_end(process, exit_code)) {
        LIST_EACH(thread, &process->threads, struct thread, link) {
            thread_kill(thread, exit_code);
        }
        status = ERROR_SUCCESS;
    }
    kmutex_unlock(&list_lock);
    return status;
}

/* The last steps of a process, when nothing can wait any more. */
static void process_ended(void *context) {
    struct process *process = context;
    thread_signal_end(&process->object, true);
    processes_alive--;
    if (processes_alive == 0) {
        process_none.signal = 1;
        wait_release(&process_none);
    }
}

static void nothing_more(void *context) {
    (void)context;
}

static void list_leave(struct list *link) {
    kmutex_lock(&list_lock);
    list_remove(link);
    kmutex_unlock(&list_lock);
}

void process_exit_thread(uint32_t exit_code) {
    struct thread *thread = thread_current;
    struct process *process = thread->process;
    thread_leave_locks();
    if (thread->primary) {
        (void)process_terminate(process, exit_code);
    }
    if (process->thread_count != 1 && thread->stack_low != 0) {
        area_end_stack(&process->space, thread->stack_low);
    }
    list_leave(&thread->link);
    /* In one go: from the moment on that the thread does not count any more, the others may take the space apart. */
    preempt_disable();
    thread->attention = 0;
    bool last = --process->thread_count == 0;
    thread->process = NULL;
    thread->space = NULL;
    thread->farewell = &process->object;
    if (last) {
        mmu_space_activate(NULL); /* else the next thread is likely to want the space that is active */
    }
    preempt_enable();
    if (last) {
        (void)process_begin_end(process, exit_code);
        list_leave(&process->link);
        process_strip(process);
        space_destroy(&process->space);
        preempt_disable();
        thread_signal_end(&process->object, false);
        preempt_enable();
        thread_finish(exit_code, process_ended, process);
    }
    thread_finish(exit_code, nothing_more, NULL);
}

void thread_exit_killed(void) {
    process_exit_thread(thread_current->kill_code);
}

uint32_t process_total_count(void) {
    return processes_alive;
}

status_t process_enumerate(status_t (*visit)(void *context, struct process *process), void *context) {
    status_t status = ERROR_SUCCESS;
    kmutex_lock(&list_lock);
    LIST_EACH(process, &processes, struct process, link) {
        status = visit(context, process);
        if (status != ERROR_SUCCESS) {
            break;
        }
    }
    kmutex_unlock(&list_lock);
    return status;
}

status_t process_enumerate_threads(struct process *process, status_t (*visit)(void *context, struct thread *thread),
                                   void *context) {
    status_t status = ERROR_SUCCESS;
    kmutex_lock(&list_lock);
    LIST_EACH(thread, &process->threads, struct thread, link) {
        status = visit(context, thread);
        if (status != ERROR_SUCCESS) {
            break;
        }
    }
    kmutex_unlock(&list_lock);
    return status;
}

struct process *process_find(uint32_t id) {
    struct process *found = NULL;
    kmutex_lock(&list_lock);
    LIST_EACH(process, &processes, struct process, link) {
        if (process->id == id) {
            found = process;
            object_ref(&found->object);
            break;
        }
    }
    kmutex_unlock(&list_lock);
    return found;
}
