/* The event timer: deadline and keep-alive over the board's one-shot hardware.
 *
 * Deadlines move far more often than they are reached.  So the hardware is armed again only for a deadline that comes
 * before the interrupt it is armed for; one that comes later is looked at when that interrupt comes.
 */
#include "drivers/timer.h"
#include "drivers/clock.h"
#include "drivers/irq.h"
#include "include/board.h"

#define NO_DEADLINE UINT64_MAX

static uint64_t deadline = NO_DEADLINE;
static uint64_t armed; /* when the hardware will interrupt */
static void (*expired_function)(void);

static void arm(uint64_t now) {
    uint64_t delay = 0;
    if (deadline > now) {
        delay = deadline - now;
    }
    if (delay > TIMER_LONGEST_NS) {
        delay = TIMER_LONGEST_NS;
    }
    armed = now + delay;
    board.timer_driver->arm(&board.timer, delay);
}

/* The hardware may be early by the difference of two crystals, or have been armed only to keep the clock alive. */
static void timer_interrupt(void *context) {
    (void)context;
    board.timer_driver->acknowledge(&board.timer);
    clock_update();
    uint64_t now = clock_now();
    bool reached = deadline <= now;
    if (reached) {
        deadline = NO_DEADLINE;
    }
    arm(now);
    if (reached) {
        expired_function();
    }
}

void timer_init(void (*expired)(void)) {
    expired_function = expired;
    board.timer_driver->init(&board.timer);
    irq_register(board.timer.irq, timer_interrupt, NULL);
    arm(clock_now());
}

void timer_set(uint64_t deadline_ns) {
    deadline = deadline_ns;
    if (deadline_ns < armed) {
        arm(clock_now());
    }
}

void timer_cancel(void) {
    deadline = NO_DEADLINE;
}
