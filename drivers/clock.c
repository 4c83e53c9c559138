/* Time since start-up: the counter carried into 64 bits.
 *
 * base is a reading of the counter with the wraps before it in its upper half.  Readers run with interrupts on: an
 * update in between would give them parts of two; it changes the lower half (or nothing at all), so they look at that
 * one again. One processor: nobody else writes.
 */
#include "drivers/clock.h"
#include "include/board.h"

#define UPDATE_AFTER (1u << 28) /* ticks: with the longest time between two interrupts less than half a wrap */

static volatile uint32_t base_low, base_high;
static uint64_t start;

uint32_t clock_ticks(void) {
    return board.clock_driver->read(&board.clock);
}

uint64_t clock_span_ns(uint64_t ticks) {
    uint64_t low = (uint64_t)(uint32_t)ticks * board.clock.scale >> CLOCK_SHIFT;
    return low + ((ticks >> 32) * board.clock.scale << (32 - CLOCK_SHIFT));
}

void clock_init(void) {
    base_low = clock_ticks();
    base_high = 0;
    start = base_low;
}

uint64_t clock_count_of(uint32_t ticks) {
    uint32_t low, high;
    do {
        low = base_low;
        high = base_high;
    } while (low != base_low);
    return ((uint64_t)high << 32 | low) + (uint64_t)(int32_t)(ticks - low);
}

uint64_t clock_ns_of(uint64_t count) {
    return clock_span_ns(count - start);
}

uint64_t clock_now(void) {
    return clock_ns_of(clock_count_of(clock_ticks()));
}

void clock_update(void) {
    uint32_t ticks = clock_ticks();
    if (ticks - base_low >= UPDATE_AFTER) {
        base_high = base_high + (ticks < base_low);
        base_low = ticks;
    }
}
