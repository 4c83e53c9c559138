/* ARM dual timer SP804 (ARM DDI 0271, chapter 3).  Timer 1 is the event timer; timer 2 runs free from reset on
 * (board_early starts it) and counts instructions.  Both count down; they share one interrupt line.
 *
 * Timer 1 is periodic: a write of LOAD begins a count, and what BACKGROUND_LOAD holds is the next one (TimerXLoad,
 * TimerXBGLoad). */
#include "drivers/counter.h"
#include "drivers/timer.h"

#define LOAD            0x00
#define CONTROL         0x08
#define INTERRUPT_CLEAR 0x0c
#define BACKGROUND_LOAD 0x18
#define TIMER2_VALUE    0x24

#define CONTROL_32_BITS   (1u << 1)
#define CONTROL_INTERRUPT (1u << 5)
#define CONTROL_PERIODIC  (1u << 6)
#define CONTROL_ENABLE    (1u << 7)

static uint32_t longest_ticks; /* of TIMER_LONGEST_NS */

/* One tick more than the delay is long: the counter may stand right before a tick. */
static uint32_t ticks_of(const struct device *device, uint64_t delay) {
    return (uint32_t)(delay * device->scale >> TIMER_SHIFT) + 1;
}

/* LOAD takes the place of BACKGROUND_LOAD, too, so it is written first. */
static void sp804_arm(const struct device *device, uint64_t delay) {
    device_write(device->va + LOAD, ticks_of(device, delay));
    device_write(device->va + BACKGROUND_LOAD, longest_ticks);
}

static void sp804_init(const struct device *device) {
    device_write(device->va + CONTROL, 0);
    device_write(device->va + INTERRUPT_CLEAR, 0);
    longest_ticks = ticks_of(device, TIMER_LONGEST_NS);
    device_write(device->va + LOAD, longest_ticks);
    device_write(device->va + CONTROL, CONTROL_ENABLE | CONTROL_INTERRUPT | CONTROL_32_BITS | CONTROL_PERIODIC);
}

static void sp804_acknowledge(const struct device *device) {
    device_write(device->va + INTERRUPT_CLEAR, 0);
}

const struct timer_driver sp804_timer_driver = {
    .init = sp804_init,
    .arm = sp804_arm,
    .acknowledge = sp804_acknowledge,
};

static uint32_t sp804_counter_read(const struct device *device) {
    return ~device_read(device->va + TIMER2_VALUE);
}

const struct counter_driver sp804_counter_driver = {
    .read = sp804_counter_read,
};
