/* Dates: see calendar.h.  1601 is the first year of a cycle of 400, so that the leap day of each longer cycle
 * is its very last day. */
#include "sdk/lib/calendar.h"

#define FIRST_YEAR 1601u
#define LAST_YEAR  30827u

#define DAYS_1   365u
#define DAYS_4   (DAYS_1 * 4 + 1)
#define DAYS_100 (DAYS_4 * 25 - 1)
#define DAYS_400 (DAYS_100 * 4 + 1)

#define MILLISECOND 10000u /* in 100 ns */
#define DAY_MS      86400000u
#define DAY         ((uint64_t)DAY_MS * MILLISECOND)

static const uint8_t month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static int is_leap(uint32_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Of month 1 to 12. */
static uint32_t days_of(uint32_t year, uint32_t month) {
    return month_days[month - 1] + (month == 2 && is_leap(year) ? 1u : 0u);
}

/* How many whole cycles the days hold, at most 3; takes them off. */
static uint32_t take_cycles(uint32_t *days, uint32_t cycle) {
    uint32_t count = *days / cycle;
    if (count > 3) {
        count = 3; /* the leap day at the end */
    }
    *days -= count * cycle;
    return count;
}

static void set_day(struct calendar_date *date, uint32_t days) {
    date->weekday = (uint16_t)((days + 1) % 7); /* 1601 began on a Monday */
    uint32_t year = FIRST_YEAR + days / DAYS_400 * 400;
    days %= DAYS_400;
    year += take_cycles(&days, DAYS_100) * 100;
    year += days / DAYS_4 * 4;
    days %= DAYS_4;
    year += take_cycles(&days, DAYS_1);
    uint32_t month = 1;
    while (days >= days_of(year, month)) {
        days -= days_of(year, month);
        month++;
    }
    date->year = (uint16_t)year;
    date->month = (uint16_t)month;
    date->day = (uint16_t)(days + 1);
}

int calendar_date_of(uint64_t time, struct calendar_date *date) {
    if (time >= CALENDAR_END) {
        return 0;
    }
    set_day(date, (uint32_t)(time / DAY));
    uint32_t ms = (uint32_t)(time % DAY / MILLISECOND);
    date->millisecond = (uint16_t)(ms % 1000);
    date->second = (uint16_t)(ms / 1000 % 60);
    date->minute = (uint16_t)(ms / 60000 % 60);
    date->hour = (uint16_t)(ms / 3600000);
    return 1;
}

static int is_date(const struct calendar_date *date) {
    if (date->year < FIRST_YEAR || date->year > LAST_YEAR || date->month < 1 || date->month > 12) {
        return 0;
    }
    return date->day >= 1 && date->day <= days_of(date->year, date->month) && date->hour < 24 && date->minute < 60 &&
           date->second < 60 && date->millisecond < 1000;
}

int calendar_time_of(const struct calendar_date *date, uint64_t *time) {
    if (!is_date(date)) {
        return 0;
    }
    uint32_t years = date->year - FIRST_YEAR;
    uint32_t days = years * DAYS_1 + years / 4 - years / 100 + years / 400 + date->day - 1;
    for (uint32_t month = 1; month < date->month; month++) {
        days += days_of(date->year, month);
    }
    uint32_t ms = ((date->hour * 60u + date->minute) * 60u + date->second) * 1000u + date->millisecond;
    *time = ((uint64_t)days * DAY_MS + ms) * MILLISECOND;
    return 1;
}
