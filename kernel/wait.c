/* Waiting for objects: see wait.h.
 *
 * No wake-up is lost: a waiter tests the object and enters its queue in one stretch with interrupts off, and whoever
 * signals the object changes it before looking into the queue.
 */
#include "kernel/wait.h"
#include "arch/arm/cpu.h"
#include "include/abi.h"
#include "include/preempt.h"
#include "kernel/schedule.h"

/* Time in ns at which a wait of milliseconds from now ends; 0: never.  Rounded up to the clock's next step, so that no
 * wait is short. */
static uint64_t deadline_of(uint32_t milliseconds) {
    if (milliseconds == ABI_TIMEOUT_INFINITE) {
        return 0;
    }
    return schedule_now() + (uint64_t)milliseconds * 1000000u + 1;
}

status_t wait_object(struct object *object, uint32_t milliseconds) {
    if (object->type->is_signaled == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    uint32_t before = cpu_irq_save();
    status_t status = ERROR_SUCCESS;
    if (!object->type->is_signaled(object)) {
        status = WAKE_TIMEOUT;
        if (milliseconds != 0) {
            list_append(&object->waiters, &thread_current->wait_link);
            status = thread_block(deadline_of(milliseconds), true);
        }
    }
    cpu_irq_restore(before);
    return status;
}

/* Wakes the first of a queue.  False: it is empty. */
static bool wake_first(struct list *queue) {
    uint32_t before = cpu_irq_save();
    bool any = !list_empty(queue);
    if (any) {
        thread_wake(LIST_FIRST(queue, struct thread, wait_link), ERROR_SUCCESS);
    }
    cpu_irq_restore(before);
    return any;
}

void wait_signal(struct object *object) {
    while (wake_first(&object->waiters)) {
    }
}

status_t wait_sleep(uint32_t milliseconds) {
    if (milliseconds == 0) {
        schedule_yield();
        return ERROR_SUCCESS;
    }
    uint32_t before = cpu_irq_save();
    status_t status = thread_block(deadline_of(milliseconds), true);
    cpu_irq_restore(before);
    return status == WAKE_TIMEOUT ? ERROR_SUCCESS : status;
}

status_t wait_queue(struct list *queue) {
    list_append(queue, &thread_current->wait_link);
    return thread_block(0, true);
}

void wait_queue_wake(struct list *queue) {
    preempt_disable();
    (void)wake_first(queue);
    preempt_enable();
}
