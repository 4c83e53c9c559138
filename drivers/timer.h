/* The event timer: one deadline, on the count of clock_count_of.
 *
 * Tickless: the hardware is armed for the deadline, but for TIMER_LONGEST_NS at the most, and goes on with that delay
 * by itself, so that the clock is carried on before it wraps even if nobody sets a deadline.
 *
 * The interrupt does as little as it can: it forgets the deadline and calls expired, whether the deadline was reached
 * or not (the hardware may be early by the difference of two crystals, or have kept the clock alive).  Who set the
 * deadline looks at the clock and sets what is next.
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
    void (*init)(const struct device *device);                /* interrupts every TIMER_LONGEST_NS */
    void (*arm)(const struct device *device, uint64_t delay); /* an interrupt in delay ns, rounded up, and from then on
                                                                 every TIMER_LONGEST_NS; replaces what was armed.
                                                                 delay <= TIMER_LONGEST_NS */
    void (*acknowledge)(const struct device *device);         /* takes the interrupt request back */
};

extern const struct timer_driver sp804_timer_driver; /* ARM dual timer (SP804), timer 1: ARM DDI 0271 */

/* Prepares the timer; nothing is set.  expired is called in interrupt context, interrupts off, soon after the deadline,
 * and at other times, TIMER_LONGEST_NS apart at the most; no deadline is set then any more, and it may call timer_set,
 * or somebody later on its behalf.  Needs irq_init and clock_init. */
void timer_init(void (*expired)(void));

/* Sets the deadline, a count of the clock; now is the count at present.  One that has passed expires at once (by
 * interrupt).  One that is later than the one set already changes nothing: expired comes earlier than asked for, and
 * sets it again.  So there is nothing to cancel, either.  Interrupts must be off. */
void timer_set(uint64_t deadline, uint64_t now);

#endif
