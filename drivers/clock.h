/* Time since start-up, from a free-running counter.
 *
 * The counter has 32 bits and wraps (24 MHz: after 178 s); clock_update, which the event timer calls at least every
 * TIMER_LONGEST_NS, carries it into 64 bits.  Nanoseconds come from one multiplication: ticks * scale >> CLOCK_SHIFT.
 *
 * A raw reading is cheap to take and is turned into time later: for accounts, and where time is read often.
 */
#ifndef DRIVERS_CLOCK_H
#define DRIVERS_CLOCK_H

#include "include/device.h"

#define CLOCK_SHIFT 22u

/* Nanoseconds a tick, fixed point, for a device row; hz from 1 MHz to 30 MHz (clock_count_of). */
#define CLOCK_SCALE(hz) ((uint32_t)(((1000000000ull << CLOCK_SHIFT) + (hz) / 2) / (hz)))

/* What a driver offers. */
struct clock_driver {
    uint32_t (*read)(const struct device *device); /* counts up, all 32 bits */
};

extern const struct clock_driver counter24_driver; /* a 32-bit register that counts up by itself (SYS_24MHZ) */

/* Time starts here. */
void clock_init(void);

/* The raw counter.  The difference of two readings, modulo 2^32, is the ticks between them if they are less than a wrap
 * apart.  Any context. */
uint32_t clock_ticks(void);

/* Nanoseconds of a number of ticks, rounded down; good for 584 years. */
uint64_t clock_span_ns(uint64_t ticks);

/* A reading of clock_ticks with all wraps before it, which goes on for ever.  It was taken since the last update or up
 * to half a wrap before it.  Any context. */
uint64_t clock_count_of(uint32_t ticks);

/* Nanoseconds from clock_init to a count. */
uint64_t clock_ns_of(uint64_t count);

/* Nanoseconds since clock_init; never goes back.  Any context. */
uint64_t clock_now(void);

/* Carries the counter into 64 bits.  Interrupts must be off. */
void clock_update(void);

#endif
