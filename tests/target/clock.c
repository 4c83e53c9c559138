/* The system time: reading, setting, the C library's view of it; and the clock of start-up, which nothing moves. */
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "tap.h"

#define SECOND 10000000ll
#define DAY    (86400 * SECOND)

static LONGLONG now(void) {
    FILETIME time;

    GetSystemTimeAsFileTime(&time);
    return (LONGLONG)((ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime);
}

/* In 100 ns. */
static LONGLONG counter(void) {
    LARGE_INTEGER count;

    QueryPerformanceCounter(&count);
    return count.QuadPart / 100;
}

static LONGLONG time_of(const SYSTEMTIME *date) {
    FILETIME time = {0, 0};

    SystemTimeToFileTime(date, &time);
    return (LONGLONG)((ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime);
}

static void set_time_of(SYSTEMTIME *date, LONGLONG time) {
    FILETIME file_time = {(DWORD)time, (DWORD)(time >> 32)};

    FileTimeToSystemTime(&file_time, date);
}

/* A moment of the system time, which lies between two of the counter. */
struct moment {
    LONGLONG before, time, after;
};

static struct moment moment_now(void) {
    struct moment moment;

    moment.before = counter();
    moment.time = now();
    moment.after = counter();
    return moment;
}

static struct moment moment_set(const SYSTEMTIME *date) {
    struct moment moment = {counter(), time_of(date), 0};

    OK(SetSystemTime(date), "SetSystemTime to %u-%02u-%02u", date->wYear, date->wMonth, date->wDay);
    moment.after = counter();
    return moment;
}

/* Whether from then to now the system time has gone as far as the counter; 2 units for rounding. */
static int goes_on(struct moment then) {
    struct moment here = moment_now();
    LONGLONG gone = here.time - then.time;

    return gone >= here.before - then.after - 2 && gone <= here.after - then.before + 2;
}

static void test_reading(void) {
    SYSTEMTIME date, local;
    LONGLONG before = now(), time, after;
    struct moment start;
    struct timeval of_day;

    GetSystemTime(&date);
    time = time_of(&date);
    after = now();
    OK(before - before % 10000 <= time && time <= after, "GetSystemTime is GetSystemTimeAsFileTime's");
    OK(date.wYear >= 2022 && date.wYear < 2100, "and has a date, %u-%02u-%02u", date.wYear, date.wMonth, date.wDay);
    GetLocalTime(&local);
    OK(time_of(&local) >= time && time_of(&local) <= now(), "local time is UTC");
    gettimeofday(&of_day, NULL);
    time = (of_day.tv_sec + 11644473600ll) * SECOND + of_day.tv_usec * 10;
    OK(time >= after - 10 && time <= now(), "gettimeofday");
    start = moment_now();
    Sleep(20);
    OK(goes_on(start), "it goes on with the counter");
}

/* The library's calendar is not ours. */
static void test_library(void) {
    struct tm date;
    SYSTEMTIME ours;
    time_t seconds;
    int right = 1;

    GetSystemTime(&ours);
    seconds = time(NULL);
    gmtime_r(&seconds, &date);
    OK((unsigned)(seconds - time_of(&ours) / SECOND + 11644473600ll) <= 1, "time()");
    OK(mktime(&date) == seconds, "mktime of gmtime");
    for (LONGLONG at = DAY / 3; at < 400 * 366 * DAY; at += 17 * DAY + 12345 * SECOND) {
        set_time_of(&ours, at);
        seconds = (time_t)(at / SECOND - 11644473600ll);
        gmtime_r(&seconds, &date);
        right &= date.tm_year + 1900 == ours.wYear && date.tm_mon + 1 == ours.wMonth && date.tm_mday == ours.wDay &&
                 date.tm_wday == ours.wDayOfWeek && date.tm_hour == ours.wHour && date.tm_min == ours.wMinute &&
                 date.tm_sec == ours.wSecond && mktime(&date) == seconds;
    }
    OK(right, "gmtime and mktime agree with FileTimeToSystemTime for 400 years");
    OK(clock() != (clock_t)-1 && clock() <= counter() * CLOCKS_PER_SEC / SECOND, "clock()");
}

static void test_conversion(void) {
    SYSTEMTIME date = {2024, 2, 6, 29, 23, 59, 58, 999}, got, bad = {2023, 2, 0, 29, 0, 0, 0, 0};
    FILETIME time, local, end = {0xf06c8000u, 0x7fff35f4u}, last = {0xf06c7fffu, 0x7fff35f4u};

    OK(SystemTimeToFileTime(&date, &time), "SystemTimeToFileTime");
    IS(GetLastError(), 0, "which sets the last error to 0");
    IS(time.dwHighDateTime, 0x01da6b6b, "gives the right time");
    IS(time.dwLowDateTime, 0x66ba0270u, "to the millisecond");
    OK(FileTimeToSystemTime(&time, &got) && got.wDayOfWeek == 4, "the day of the week is found out");
    date.wDayOfWeek = 4;
    OK(memcmp(&got, &date, sizeof(date)) == 0, "the rest comes back");
    FAILS(!SystemTimeToFileTime(&bad, &time), ERROR_INVALID_PARAMETER, "no such date");
    FAILS(!SystemTimeToFileTime(NULL, &time), ERROR_INVALID_PARAMETER, "no date");
    FAILS(!SystemTimeToFileTime(&date, NULL), ERROR_INVALID_PARAMETER, "nowhere to put it");
    OK(FileTimeToSystemTime(&last, &got) && got.wYear == 30827 && got.wMonth == 12 && got.wDay == 31, "the last day");
    FAILS(!FileTimeToSystemTime(&end, &got), ERROR_INVALID_PARAMETER, "the day after it");
    FAILS(!FileTimeToSystemTime(NULL, &got), ERROR_INVALID_PARAMETER, "no time");
    FAILS(!FileTimeToSystemTime(&time, NULL), ERROR_INVALID_PARAMETER, "nowhere");
    OK(FileTimeToLocalFileTime(&time, &local) && CompareFileTime(&time, &local) == 0, "a local time is the time");
    OK(LocalFileTimeToFileTime(&local, &last) && CompareFileTime(&last, &time) == 0, "and back");
    FAILS(!FileTimeToLocalFileTime(&end, &local), ERROR_INVALID_PARAMETER, "the same limit");
    FAILS(!LocalFileTimeToFileTime(&end, NULL), ERROR_INVALID_PARAMETER, "the same checks");
    local.dwLowDateTime++;
    OK(CompareFileTime(&time, &local) == -1 && CompareFileTime(&local, &time) == 1, "CompareFileTime, low word");
    local.dwLowDateTime = 0;
    local.dwHighDateTime++;
    OK(CompareFileTime(&time, &local) == -1 && CompareFileTime(&local, &time) == 1, "and high word");
}

static void test_setting(void) {
    static const struct {
        SYSTEMTIME date;
        const char *what;
    } ends[] = {
        {{1601, 1, 0, 1, 0, 0, 0, 0}, "1601"},
        {{1969, 12, 0, 31, 23, 59, 59, 999}, "the last moment of 1969"},
        {{2106, 2, 0, 7, 6, 28, 16, 0}, "the second after the chip's last"},
        {{30827, 12, 0, 31, 23, 59, 59, 999}, "30827"},
        {{2023, 2, 0, 29, 0, 0, 0, 0}, "a day that was not"},
    };
    SYSTEMTIME date = {2040, 2, 0, 29, 12, 34, 56, 789}, got;
    struct moment old = moment_now(), set = moment_set(&date);
    DWORD ticks = GetTickCount();

    OK(goes_on(set), "the time is what was set");
    GetSystemTime(&got);
    OK(got.wYear == 2040 && got.wMonth == 2 && got.wDay == 29 && got.wDayOfWeek == 3, "so is the date");
    OK((ULONGLONG)time(NULL) - 2214131696ull < 60, "and the library's");
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        FAILS(!SetSystemTime(&ends[i].date), ERROR_INVALID_PARAMETER, "not %s", ends[i].what);
    }
    FAILS(!SetSystemTime(NULL), ERROR_INVALID_PARAMETER, "nor nothing");
    OK(goes_on(set), "none of which changed it");
    date = (SYSTEMTIME){1970, 1, 0, 1, 0, 0, 0, 0};
    OK(goes_on(moment_set(&date)), "the chip's first second");
    date = (SYSTEMTIME){2106, 2, 0, 7, 6, 28, 15, 999};
    OK(goes_on(moment_set(&date)), "the chip's last second");
    OK(GetTickCount() - ticks < 60000 && counter() - old.after < 60 * SECOND, "the clock of start-up is where it was");
    set_time_of(&date, old.time + counter() - old.after);
    OK(SetLocalTime(&date) && now() > old.time - 10000, "SetLocalTime, to the old time");
}

static volatile BOOL stop;

static DWORD WINAPI wakes(void *argument) {
    while (!stop) {
        Sleep((DWORD)argument);
    }
    return 0;
}

/* Timer interrupts come all the time, between any two steps of a reading. */
static void test_monotonic(void) {
    HANDLE threads[3];
    LONGLONG last = counter(), here, time = now(), here_time;
    DWORD ticks = GetTickCount(), here_ticks, readings = 0;
    int forward = 1;

    stop = FALSE;
    for (int i = 0; i < 3; i++) {
        threads[i] = CreateThread(NULL, 0, wakes, (void *)(i + 1), 0, NULL);
        CeSetThreadPriority(threads[i], 100 + i);
    }
    for (; readings < 100000; readings++) {
        here = counter();
        here_ticks = GetTickCount();
        here_time = now();
        forward &= here >= last && (int)(here_ticks - ticks) >= 0 && here_time >= time;
        forward &= here_ticks - (DWORD)(here / 10000) <= (DWORD)(counter() / 10000) - (DWORD)(here / 10000);
        last = here;
        ticks = here_ticks;
        time = here_time;
    }
    OK(forward, "counter, ticks and time never go back");
    stop = TRUE;
    for (int i = 0; i < 3; i++) {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
    }
}

/* The counter behind the clock has 32 bits: on these boards it wraps after 179 s.  Setting the date does not move
 * waits. */
static void test_wrap(void) {
    SYSTEMTIME date = {1990, 1, 0, 1, 0, 0, 0, 0}, before;
    LONGLONG start, time;
    DWORD ticks;

    for (int i = 0; i < 2; i++) {
        start = counter();
        time = now();
        ticks = GetTickCount();
        Sleep(100000);
        OK(counter() - start >= 100 * SECOND && counter() - start < 101 * SECOND, "a sleep of 100 s");
        OK(GetTickCount() - ticks >= 100000 && GetTickCount() - ticks < 101000, "by the ticks");
        OK(now() - time >= 100 * SECOND && now() - time < 101 * SECOND, "by the date");
    }
    GetSystemTime(&before);
    stop = FALSE;
    HANDLE thread = CreateThread(NULL, 0, wakes, (void *)50, 0, NULL);
    Sleep(10);
    start = counter();
    OK(SetSystemTime(&date), "the date goes back by decades");
    stop = TRUE;
    IS(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0, "a sleep ends");
    OK(counter() - start < SECOND, "when it would have");
    CloseHandle(thread);
    SetSystemTime(&before);
}

int main(void) {
    test_reading();
    test_library();
    test_conversion();
    test_setting();
    test_monotonic();
    test_wrap();
    return tap_done();
}
