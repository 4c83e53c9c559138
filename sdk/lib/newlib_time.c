/* newlib's system calls for time: the date behind time() and gettimeofday(), and the time since start-up that clock()
 * and times() take for the processor's. */
#include "sdk/lib/calendar.h"
#include "sdk/lib/errors.h"
#include "sdk/lib/syscall.h"
#include <errno.h>
#include <sys/time.h>
#include <sys/times.h>

#define NANOSECONDS 1000000000u

int _gettimeofday(struct timeval *now, void *zone);
clock_t _times(struct tms *result);

int _gettimeofday(struct timeval *now, void *zone) {
    uint64_t time;
    (void)zone;
    uint32_t status = call1(SYS_TIME_GET, address_of(&time)).status;
    if (status) {
        errno = errno_from_status(status);
        return -1;
    }
    now->tv_sec = (time_t)(time / CALENDAR_SECOND) - CALENDAR_1970;
    now->tv_usec = (suseconds_t)(time % CALENDAR_SECOND / 10);
    return 0;
}

clock_t _times(struct tms *result) {
    uint64_t nanoseconds;
    uint32_t status = call1(SYS_CLOCK, address_of(&nanoseconds)).status;
    if (status) {
        errno = errno_from_status(status);
        return (clock_t)-1;
    }
    clock_t ticks = (clock_t)(nanoseconds / (NANOSECONDS / CLOCKS_PER_SEC));
    *result = (struct tms){.tms_utime = ticks};
    return ticks;
}
