/* The event timer: deadlines on the board's hardware, which never stops.
 *
 * Deadlines move far more often than they are reached.  So the hardware is armed again only for a deadline that comes
 * before the one it is armed for; a later one is set again when that interrupt has come.
 */
#include "drivers/timer.h"
#include "drivers/clock.h"
#include "drivers/irq.h"
#include "include/board.h"

#define NO_DEADLINE UINT64_MAX

static uint64_t armed; /* the deadline that the hardware is armed for */
static void (*expired_function)(void);

/* The hardware goes on by itself with the longest delay, which keeps the clock alive. */
static void timer_interrupt(void *context) {
    (void)context;
    board.timer_driver->acknowledge(&board.timer);
    clock_update();
    armed = NO_DEADLINE;
    expired_function();
}

void timer_init(void (*expired)(void)) {
    expired_function = expired;
    armed = NO_DEADLINE;
    board.timer_driver->init(&board.timer);
    irq_register(board.timer.irq, timer_interrupt, NULL);
}

void timer_set(uint64_t deadline, uint64_t now) {
    if (deadline >= armed) {
        return;
    }
    armed = deadline;
    uint64_t delay = deadline > now ? deadline - now : 0;
    if (delay >> 32 == 0) {
        delay = clock_span_ns(delay);
    } else {
        delay = TIMER_LONGEST_NS;
    }
    board.timer_driver->arm(&board.timer, delay < TIMER_LONGEST_NS ? delay : TIMER_LONGEST_NS);
}
