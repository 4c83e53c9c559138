/* The clock chip: keeps the date while the machine is off, in whole seconds.
 *
 * It is read once, at start-up; from then on the system time goes on with clock_now (kernel/system_time.h).  A chip may
 * take up to two seconds to show what was written to it, so nobody reads it back.
 */
#ifndef DRIVERS_RTC_H
#define DRIVERS_RTC_H

#include "include/device.h"

/* What a driver offers.  Seconds count from 1970, UTC. */
struct rtc_driver {
    uint32_t (*read)(const struct device *device); /* never parts of two numbers */
    void (*write)(const struct device *device, uint32_t seconds);
};

extern const struct rtc_driver pl031_driver; /* ARM PrimeCell RTC (PL031), ARM DDI 0224 */

/* 2000-01-01: where the date begins on a board without a chip. */
#define RTC_SECONDS_2000 946684800u

/* Seconds since 1970. */
uint32_t rtc_read(void);

/* Sets the chip.  seconds since 1970, negative before.  Returns false, with nothing changed, if the chip cannot hold
 * them: it has 32 bits, to February 2106.  A board without one takes all. */
bool rtc_write(int64_t seconds);

#endif
