/* Holding off preemption for a short, bounded stretch.
 *
 * The kernel is preemptible: a thread that becomes ready with a higher priority runs at the end of the interrupt
 * that woke it.  Short sections that touch shared lists count themselves here.  Interrupts stay on.  A section must
 * not sleep, must not touch user memory, and its length must not depend on how much of anything there is.
 */
#ifndef INCLUDE_PREEMPT_H
#define INCLUDE_PREEMPT_H

#include "include/types.h"

struct preempt {
    volatile uint32_t count;   /* 0: may be preempted */
    volatile uint32_t settled; /* 0: a switch is due as soon as the count is 0; else 1 */
};
extern struct preempt preempt;

void preempt_switch(void); /* the scheduler's; does what is due */

ALWAYS_INLINE void preempt_disable(void) {
    preempt.count = preempt.count + 1;
    __asm__ volatile("" ::: "memory");
}

ALWAYS_INLINE void preempt_enable(void) {
    __asm__ volatile("" ::: "memory");
    uint32_t count = preempt.count - 1;
    preempt.count = count;
    if ((count | preempt.settled) == 0) {
        preempt_switch();
    }
}

#endif
