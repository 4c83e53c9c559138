/* The instruction counter, for benchmarks: under `-icount shift=0` in the emulator one count is one guest instruction;
 * on hardware it counts at the frequency in the board's README.  It counts from reset on and wraps at 32 bits. */
#ifndef DRIVERS_COUNTER_H
#define DRIVERS_COUNTER_H

#include "include/device.h"

/* What a driver offers. */
struct counter_driver {
    uint32_t (*read)(const struct device *device); /* counts up from 0 at reset */
};

extern const struct counter_driver sp804_counter_driver; /* SP804 timer 2, started by board_early: ARM DDI 0271 */

/* Counts since reset; 0 on a board without a counter. */
uint32_t counter_read(void);

#endif
