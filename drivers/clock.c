/* Time since start-up: nanoseconds at the last update, and the counter since then.
 *
 * Readers run with interrupts on.  An update in between would give them parts of two states; it changes base_ticks (or
 * nothing at all), so they look at that one again.  One processor: nobody else writes.
 */
#include "drivers/clock.h"
#include "include/board.h"

#define FRACTION_MASK ((1u << CLOCK_SHIFT) - 1)

static volatile uint32_t base_ticks; /* the counter at the last update */
static volatile uint64_t base_ns;    /* and the time */
static uint32_t base_fraction;       /* what is left of a nanosecond; carried on, so that nothing adds up */

uint32_t clock_ticks(void) {
    return board.clock_driver->read(&board.clock);
}

uint64_t clock_span_ns(uint64_t ticks) {
    uint64_t low = (uint64_t)(uint32_t)ticks * board.clock.scale >> CLOCK_SHIFT;
    return low + ((ticks >> 32) * board.clock.scale << (32 - CLOCK_SHIFT));
}

void clock_init(void) {
    base_ticks = clock_ticks();
    base_ns = 0;
    base_fraction = 0;
}

uint64_t clock_ns_of(uint32_t ticks) {
    uint32_t from;
    uint64_t ns;
    do {
        from = base_ticks;
        ns = base_ns;
    } while (from != base_ticks);
    int32_t since = (int32_t)(ticks - from);
    if (since < 0) {
        return ns - ((uint64_t)(from - ticks) * board.clock.scale >> CLOCK_SHIFT);
    }
    return ns + ((uint64_t)(uint32_t)since * board.clock.scale >> CLOCK_SHIFT);
}

uint64_t clock_now(void) {
    return clock_ns_of(clock_ticks());
}

void clock_update(void) {
    uint32_t ticks = clock_ticks();
    uint64_t scaled = (uint64_t)(ticks - base_ticks) * board.clock.scale + base_fraction;
    base_fraction = (uint32_t)scaled & FRACTION_MASK;
    base_ns = base_ns + (scaled >> CLOCK_SHIFT);
    base_ticks = ticks;
}
