/* The system time: see system_time.h. */
#include "kernel/system_time.h"
#include "arch/arm/cpu.h"
#include "include/divide.h"
#include "kernel/schedule.h"

static uint64_t at_start; /* modulo 2^64: before 1601 if the date was set back so far */

uint64_t system_time_at(uint64_t since_start) {
    uint32_t before = cpu_irq_save();
    uint64_t start = at_start;
    cpu_irq_restore(before);
    return start + divide_u64(since_start, 100);
}

uint64_t system_time_now(void) {
    return system_time_at(schedule_now());
}

void system_time_set(uint64_t time) {
    uint64_t start = time - divide_u64(schedule_now(), 100);
    uint32_t before = cpu_irq_save();
    at_start = start;
    cpu_irq_restore(before);
}
