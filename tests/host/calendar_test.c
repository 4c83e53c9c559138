/* Dates against a calendar that is counted day by day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sdk/lib/calendar.h"

#define DAY 864000000000ull

/* The day after: February has 29 days in years that 4 divides, but in a century only where 400 does. */
static void next_day(struct calendar_date *date) {
    static const unsigned long_months = 1u << 1 | 1u << 3 | 1u << 5 | 1u << 7 | 1u << 8 | 1u << 10 | 1u << 12;
    unsigned last = long_months >> date->month & 1 ? 31 : 30;
    if (date->month == 2) {
        last = date->year % 4 != 0 ? 28 : date->year % 100 != 0 ? 29 : date->year % 400 != 0 ? 28 : 29;
    }
    date->weekday = date->weekday == 6 ? 0 : (uint16_t)(date->weekday + 1);
    date->day++;
    if (date->day > last) {
        date->day = 1;
        date->month++;
    }
    if (date->month > 12) {
        date->month = 1;
        date->year++;
    }
}

static void set_clock(struct calendar_date *date, uint32_t ms) {
    date->hour = (uint16_t)(ms / 3600000);
    date->minute = (uint16_t)(ms / 60000 % 60);
    date->second = (uint16_t)(ms / 1000 % 60);
    date->millisecond = (uint16_t)(ms % 1000);
}

/* Every day, each at another time of it; first and last moment are met as well. */
static void test_every_day(void **state) {
    (void)state;
    struct calendar_date date = {1601, 1, 1, 1, 0, 0, 0, 0}, got;
    uint64_t day = 0, time;
    for (; date.year < 30828; day += DAY, next_day(&date)) {
        uint32_t ms = day % 3 == 0 ? 0 : day % 3 == 1 ? 86399999 : (uint32_t)(day / DAY * 69069 % 86400000);
        set_clock(&date, ms);
        memset(&got, 0xff, sizeof got);
        if (!calendar_date_of(day + ms * 10000ull + 9999, &got) || memcmp(&got, &date, sizeof got) != 0) {
            fail_msg("day %u of %u-%u", (unsigned)(day / DAY), date.year, date.month);
        }
        got.weekday = 77; /* not looked at */
        if (!calendar_time_of(&got, &time) || time != day + ms * 10000ull) {
            fail_msg("back from %u-%u-%u", date.year, date.month, date.day);
        }
    }
    assert_int_equal(day, CALENDAR_END);
}

static void test_known(void **state) {
    (void)state;
    struct calendar_date date;
    assert_true(calendar_date_of(116444736000000000ull, &date));
    assert_int_equal(date.year * 10000 + date.month * 100 + date.day, 19700101);
    assert_int_equal(date.weekday, 4); /* a Thursday */
    assert_int_equal(CALENDAR_1970 * CALENDAR_SECOND, 116444736000000000ll);
}

static void test_no_dates(void **state) {
    (void)state;
    static const struct calendar_date wrong[] = {
        {1600, 12, 0, 31, 0, 0, 0, 0},   {30828, 1, 0, 1, 0, 0, 0, 0}, {0, 1, 0, 1, 0, 0, 0, 0},
        {2000, 0, 0, 1, 0, 0, 0, 0},     {2000, 13, 0, 1, 0, 0, 0, 0}, {2000, 1, 0, 0, 0, 0, 0, 0},
        {2000, 1, 0, 32, 0, 0, 0, 0},    {2000, 2, 0, 30, 0, 0, 0, 0}, {2001, 2, 0, 29, 0, 0, 0, 0},
        {1900, 2, 0, 29, 0, 0, 0, 0},    {2000, 4, 0, 31, 0, 0, 0, 0}, {2000, 1, 0, 1, 24, 0, 0, 0},
        {2000, 1, 0, 1, 0, 60, 0, 0},    {2000, 1, 0, 1, 0, 0, 60, 0}, {2000, 1, 0, 1, 0, 0, 0, 1000},
        {2000, 65535, 0, 1, 0, 0, 0, 0},
    };
    uint64_t time = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(calendar_time_of(&wrong[i], &time));
    }
    assert_int_equal(time, 7);
    struct calendar_date date = {.year = 7};
    assert_false(calendar_date_of(CALENDAR_END, &date));
    assert_false(calendar_date_of(1ull << 63, &date));
    assert_false(calendar_date_of(UINT64_MAX, &date));
    assert_int_equal(date.year, 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_no_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
