/* Dates of the Gregorian calendar, from 1601 to 30827, and counts of 100 ns since 1601. */
#ifndef SDK_LIB_CALENDAR_H
#define SDK_LIB_CALENDAR_H

#include <stdint.h>

#define CALENDAR_SECOND 10000000u             /* in 100 ns */
#define CALENDAR_1970   11644473600ll         /* in seconds */
#define CALENDAR_END    0x7fff35f4f06c8000ull /* the year 30828 */

/* The layout is SYSTEMTIME's. */
struct calendar_date {
    uint16_t year, month, weekday, day; /* month and day from 1, weekday from 0 = Sunday */
    uint16_t hour, minute, second, millisecond;
};

/* The date of a time.  Returns whether it is before CALENDAR_END; else date is left alone. */
int calendar_date_of(uint64_t time, struct calendar_date *date);

/* The time of a date, whose weekday is not looked at.  Returns whether there is such a date; else time is left alone.
 */
int calendar_time_of(const struct calendar_date *date, uint64_t *time);

#endif
