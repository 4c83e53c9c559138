/* Time since start-up: nanoseconds at the last update, and the counter since then.
 *
 * clock_now runs with interrupts on.  An update in between would give it parts of two states; it compares the number
 * of updates before and after and starts again.  One processor: nobody else writes.
 */
#include "drivers/clock.h"
#include "include/board.h"

static volatile uint32_t updates;
static volatile uint32_t base_ticks;
static volatile uint64_t base_ns;

static uint32_t read_ticks(void) {
    return board.clock_driver->read(&board.clock);
}

static uint64_t to_ns(uint32_t ticks) {
    return (uint64_t)ticks * board.clock.scale >> CLOCK_SHIFT;
}

void clock_init(void) {
    base_ns = 0;
    base_ticks = read_ticks();
    updates = 0;
}

uint64_t clock_now(void) {
    for (;;) {
        uint32_t before = updates;
        uint64_t now = base_ns + to_ns(read_ticks() - base_ticks);
        if (updates == before) {
            return now;
        }
    }
}

void clock_update(void) {
    uint32_t ticks = read_ticks();
    base_ns = base_ns + to_ns(ticks - base_ticks);
    base_ticks = ticks;
    updates = updates + 1;
}
