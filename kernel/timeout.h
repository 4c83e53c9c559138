/* Deadlines of waiting threads: a binary heap, the earliest on top.  Preemption is off in every call; each takes steps
 * in the order of the logarithm of the waiting threads' number. */
#ifndef KERNEL_TIMEOUT_H
#define KERNEL_TIMEOUT_H

#include "kernel/thread.h"

/* Enters a thread that has no deadline yet; deadline a count of the clock. */
void timeout_insert(struct thread *thread, uint64_t deadline);

/* Takes a thread's deadline out; nothing if it has none. */
__attribute__((noinline)) void timeout_take_out(struct thread *thread); /* that has one */

static inline void timeout_remove(struct thread *thread) {
    if (thread->timeout_index != 0) {
        timeout_take_out(thread);
    }
}

/* The earliest deadline, all ones if there is none; and whose it is. */
uint64_t timeout_first(void);
struct thread *timeout_first_thread(void);

#endif
