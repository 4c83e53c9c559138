/* The clock and the system time. */
#include "drivers/rtc.h"
#include "include/divide.h"
#include "include/preempt.h"
#include "kernel/schedule.h"
#include "kernel/syscall/syscall.h"
#include "kernel/syscall/time.h"
#include "kernel/system_time.h"

void time_init(void) {
    system_time_set((SYSTEM_TIME_1970 + rtc_read()) * SYSTEM_TIME_SECOND);
}

sysret_t sys_clock(uint32_t time) {
    uint64_t now = schedule_now();
    return sysret_status(user_copy_out(time, &now, sizeof now));
}

sysret_t sys_time_get(uint32_t time) {
    uint64_t now = system_time_now();
    return sysret_status(user_copy_out(time, &now, sizeof now));
}

/* Chip and system time in one stretch, so that of two callers the same one has the last word in both. */
sysret_t sys_time_set(uint32_t pointer) {
    uint64_t time;
    status_t status = user_copy_in(&time, pointer, sizeof time);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    if (time >= SYSTEM_TIME_END) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    int64_t seconds = (int64_t)(divide_u64(time, SYSTEM_TIME_SECOND) - SYSTEM_TIME_1970);
    preempt_disable();
    bool held = rtc_write(seconds);
    if (held) {
        system_time_set(time);
    }
    preempt_enable();
    return sysret_status(held ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER);
}
