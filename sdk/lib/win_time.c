/* Win32 dates and times.  There is no time zone: local time is UTC. */
#include "sdk/lib/calendar.h"
#include "sdk/lib/syscall.h"
#include <string.h>
#include <windows.h>

_Static_assert(sizeof(SYSTEMTIME) == sizeof(struct calendar_date) &&
                   offsetof(SYSTEMTIME, wDayOfWeek) == offsetof(struct calendar_date, weekday) &&
                   offsetof(SYSTEMTIME, wMilliseconds) == offsetof(struct calendar_date, millisecond),
               "one layout");

static uint64_t time_of(const FILETIME *time) {
    return (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

static void time_store(FILETIME *to, uint64_t time) {
    to->dwLowDateTime = (DWORD)time;
    to->dwHighDateTime = (DWORD)(time >> 32);
}

static uint64_t time_now(void) {
    uint64_t now = 0;
    finish(call1(SYS_TIME_GET, address_of(&now)).status);
    return now;
}

void GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime) {
    time_store(lpSystemTimeAsFileTime, time_now());
}

void GetSystemTime(LPSYSTEMTIME lpSystemTime) {
    struct calendar_date date;
    memset(&date, 0, sizeof(date));
    calendar_date_of(time_now(), &date);
    memcpy(lpSystemTime, &date, sizeof(date));
}

void GetLocalTime(LPSYSTEMTIME lpSystemTime) {
    GetSystemTime(lpSystemTime);
}

BOOL SystemTimeToFileTime(const SYSTEMTIME *lpSystemTime, LPFILETIME lpFileTime) {
    struct calendar_date date;
    uint64_t time;
    if (!lpSystemTime || !lpFileTime) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    memcpy(&date, lpSystemTime, sizeof(date));
    if (!calendar_time_of(&date, &time)) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    time_store(lpFileTime, time);
    return finish(0);
}

BOOL FileTimeToSystemTime(const FILETIME *lpFileTime, LPSYSTEMTIME lpSystemTime) {
    struct calendar_date date;
    if (!lpFileTime || !lpSystemTime || !calendar_date_of(time_of(lpFileTime), &date)) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    memcpy(lpSystemTime, &date, sizeof(date));
    return finish(0);
}

BOOL SetSystemTime(const SYSTEMTIME *lpSystemTime) {
    FILETIME set;
    if (!SystemTimeToFileTime(lpSystemTime, &set)) {
        return FALSE;
    }
    uint64_t time = time_of(&set);
    return finish(call1(SYS_TIME_SET, address_of(&time)).status);
}

BOOL SetLocalTime(const SYSTEMTIME *lpSystemTime) {
    return SetSystemTime(lpSystemTime);
}

LONG CompareFileTime(const FILETIME *lpFileTime1, const FILETIME *lpFileTime2) {
    uint64_t first = time_of(lpFileTime1), second = time_of(lpFileTime2);
    return first < second ? -1 : first > second;
}

BOOL FileTimeToLocalFileTime(const FILETIME *lpFileTime, LPFILETIME lpLocalFileTime) {
    if (!lpFileTime || !lpLocalFileTime || time_of(lpFileTime) >= CALENDAR_END) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    *lpLocalFileTime = *lpFileTime;
    return finish(0);
}

BOOL LocalFileTimeToFileTime(const FILETIME *lpLocalFileTime, LPFILETIME lpFileTime) {
    return FileTimeToLocalFileTime(lpLocalFileTime, lpFileTime);
}
