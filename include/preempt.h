/* Holding off preemption for a short, bounded stretch.
 *
 * The kernel is preemptible: a thread that becomes ready with a higher priority runs at the end of the interrupt
 * that woke it.  Short sections that touch shared lists count themselves here.  Interrupts stay on.  A section must
 * not sleep, must not touch user memory, and its length must not depend on how much of anything there is.
 */
#ifndef INCLUDE_PREEMPT_H
#define INCLUDE_PREEMPT_H

#include "include/types.h"

extern volatile uint32_t preempt_count;   /* 0: may be preempted */
extern volatile uint32_t preempt_pending; /* not 0: a switch is due as soon as the count is 0 */
void preempt_switch(void);                /* the scheduler's; does what is pending */

static inline void preempt_disable(void) {
    preempt_count = preempt_count + 1;
    __asm__ volatile("" ::: "memory");
}

static inline void preempt_enable(void) {
    __asm__ volatile("" ::: "memory");
    preempt_count = preempt_count - 1;
    if (preempt_pending && preempt_count == 0) {
        preempt_switch();
    }
}

#endif
