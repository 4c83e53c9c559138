/* The event timer: one deadline, on the time of clock_now.
 *
 * Tickless: the hardware is armed for the deadline, but for TIMER_LONGEST_NS at the most, so that the clock is read
 * before it wraps even if nobody sets a deadline.  A hardware expiry before the deadline only arms the timer again.
 */
#ifndef DRIVERS_TIMER_H
#define DRIVERS_TIMER_H

#include "include/device.h"

#define TIMER_LONGEST_NS 60000000000ull
#define TIMER_SHIFT      32u

/* Ticks a nanosecond, fixed point and rounded up, for a device row; hz up to 64 MHz, so that the longest delay fits 32
 * bits of ticks and its product 64 bits. */
#define TIMER_SCALE(hz) ((uint32_t)((((uint64_t)(hz) << TIMER_SHIFT) + 999999999u) / 1000000000u))

/* What a driver offers. */
struct timer_driver {
    void (*init)(const struct device *device);                /* stopped */
    void (*arm)(const struct device *device, uint64_t delay); /* one interrupt in delay ns, rounded up; replaces what
                                                                 was armed.  delay <= TIMER_LONGEST_NS */
    void (*acknowledge)(const struct device *device);         /* takes the interrupt request back */
};

extern const struct timer_driver sp804_timer_driver; /* ARM dual timer (SP804), timer 1: ARM DDI 0271 */

/* Prepares the timer; nothing is set.  expired is called in interrupt context, interrupts off, once for each deadline
 * that is reached, never early; it may call timer_set.  Needs irq_init and clock_init. */
void timer_init(void (*expired)(void));

/* Sets the deadline, in ns of clock_now; replaces the one before.  One that has passed expires at once (by interrupt).
 * Interrupts must be off. */
void timer_set(uint64_t deadline_ns);

/* No deadline any more.  Interrupts must be off. */
void timer_cancel(void);

#endif
