/* Making and ending processes: see process.h. */
#include "kernel/process.h"
#include "arch/trap.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "kernel/schedule.h"
#include "kernel/wait.h"
#include "mm/area.h"
#include "mm/heap.h"

static struct list processes = {&processes, &processes};
static uint32_t processes_alive;
static uint32_t last_id;
static struct list waiting_for_none = {&waiting_for_none, &waiting_for_none};

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
    last_id += 4;
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
    preempt_disable();
    struct process_program *program = process->program;
    process->program = NULL; /* lists of processes look at it */
    preempt_enable();
    if (program != NULL) {
        heap_free(program->command_line);
        heap_free(program);
    }
}

void process_discard(struct process *process) {
    process_strip(process);
    space_destroy(&process->space);
    object_unref(&process->object);
}

status_t process_start_thread(struct process *process, struct thread *thread, bool primary) {
    status_t status = ERROR_ACCESS_DENIED;
    preempt_disable();
    if (primary) {
        if (process->ending) {
            thread_kill(thread, process->exit_code); /* then it only takes the process apart */
        }
    }
    if (primary || !process->ending) {
        if (primary) {
            list_append(&processes, &process->link);
            processes_alive++;
        }
        object_ref(&process->object);
        thread->process = process;
        thread->space = &process->space.mmu;
        thread->primary = primary;
        list_append(&process->threads, &thread->link);
        process->thread_count++;
        thread_start(thread);
        status = ERROR_SUCCESS;
    }
    preempt_enable();
    return status;
}

status_t process_terminate(struct process *process, uint32_t exit_code) {
    status_t status = ERROR_ACCESS_DENIED;
    preempt_disable();
    if (!process->ending) {
        process->ending = true;
        process->exit_code = exit_code;
        LIST_EACH(thread, &process->threads, struct thread, link) {
            thread_kill(thread, exit_code);
        }
        status = ERROR_SUCCESS;
    }
    preempt_enable();
    return status;
}

/* The last steps of a process, when nothing can wait any more. */
static void process_ended(void *context) {
    struct process *process = context;
    process->ended = true;
    thread_signal_end(&process->object, true);
    list_remove(&process->link);
    processes_alive--;
    if (processes_alive == 0) {
        wait_queue_wake(&waiting_for_none);
    }
}

static void nothing_more(void *context) {
    (void)context;
}

void process_exit_thread(uint32_t exit_code) {
    struct thread *thread = thread_current;
    struct process *process = thread->process;
    if (thread->primary) {
        (void)process_terminate(process, exit_code);
    }
    if (process->thread_count != 1 && thread->stack_low != 0) {
        (void)area_release(&process->space, thread->stack_low);
    }
    /* In one go: from the moment on that the thread does not count any more, the others may take the space apart. */
    preempt_disable();
    thread->attention = 0;
    list_remove(&thread->link);
    bool last = --process->thread_count == 0;
    if (last && !process->ending) {
        process->ending = true;
        process->exit_code = exit_code;
    }
    thread->process = NULL;
    thread->space = NULL;
    thread->farewell = &process->object;
    mmu_space_activate(NULL);
    preempt_enable();
    if (last) {
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

void process_wait_none(void) {
    preempt_disable();
    while (processes_alive != 0) {
        (void)wait_queue(&waiting_for_none);
    }
    preempt_enable();
}

uint32_t process_total_count(void) {
    return processes_alive;
}

void process_enumerate(bool (*visit)(void *context, struct process *process), void *context) {
    preempt_disable();
    LIST_EACH(process, &processes, struct process, link) {
        if (!visit(context, process)) {
            break;
        }
    }
    preempt_enable();
}

struct process *process_find(uint32_t id) {
    struct process *found = NULL;
    preempt_disable();
    LIST_EACH(process, &processes, struct process, link) {
        if (process->id == id) {
            found = process;
            found->object.references++;
            break;
        }
    }
    preempt_enable();
    return found;
}
