/* Waiting for objects. */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include "include/status.h"
#include "kernel/object.h"

/* Waits until the object is signaled, for at most milliseconds (ABI_TIMEOUT_INFINITE: for ever).  The caller holds a
 * reference. Returns 0; WAKE_TIMEOUT; WAKE_KILLED; ERROR_INVALID_HANDLE (an object that cannot be waited for). */
status_t wait_object(struct object *object, uint32_t milliseconds);

/* The object has become signaled: wakes all who wait.  Preemption is off. */
void wait_signal(struct object *object);

/* Sleeps.  0: yields.  Returns 0 or WAKE_KILLED. */
status_t wait_sleep(uint32_t milliseconds);

/* Waits in a queue for something that is no object.  Interrupts are off, so that what is waited for could be tested
 * before.  Returns 0 or WAKE_KILLED. */
status_t wait_queue(struct list *queue);

/* Wakes the first of a queue, if there is one.  Any context. */
void wait_queue_wake(struct list *queue);

#endif
