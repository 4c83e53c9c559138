/* The system time: the date, in 100 ns since 1601, UTC.
 *
 * It is the clock of start-up (schedule_now) and what the date was when that began.  Setting it moves only the second,
 * so that waits and intervals do not see it.
 */
#ifndef KERNEL_SYSTEM_TIME_H
#define KERNEL_SYSTEM_TIME_H

#include "include/types.h"

#define SYSTEM_TIME_SECOND 10000000u
#define SYSTEM_TIME_1970   11644473600ull        /* in seconds */
#define SYSTEM_TIME_END    0x7fff35f4f06c8000ull /* the year 30828: what dates end before */

/* Any context. */
uint64_t system_time_now(void);

/* The date at a time since start-up, in ns (schedule_now), by what the date is now. */
uint64_t system_time_at(uint64_t since_start);

/* Sets it; time < SYSTEM_TIME_END. */
void system_time_set(uint64_t time);

#endif
