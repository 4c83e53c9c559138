/* Measuring in guest instructions.
 *
 * The board's counter counts one for each instruction under `-icount shift=0`; programs read it by SYS_COUNTER.  What
 * a reading itself costs between the two points where the counter is taken is measured and taken off.  A line is
 * "bench <name> <integer> <unit>".
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdio.h>
#include <windows.h>

#include "raw.h"

static uint32_t bench_overhead;

/* The instruction counter now. */
static inline uint32_t bench_read(void) {
    static const uint32_t none[6];

    return raw_call(SYS_COUNTER, none).value;
}

/* Finds what a reading costs; the first ones bring pages in and are not counted. */
static inline void bench_start(void) {
    uint32_t first;

    bench_overhead = 0xffffffffu;
    for (int i = 0; i < 8; i++) {
        first = bench_read();
        first = bench_read() - first;
        if (first < bench_overhead) {
            bench_overhead = first;
        }
    }
}

/* Instructions since the reading start. */
static inline uint32_t bench_since(uint32_t start) {
    return bench_read() - start - bench_overhead;
}

static inline void bench_line(const char *name, uint32_t value, const char *unit) {
    printf("bench %s %lu %s\n", name, (unsigned long)value, unit);
}

/* The middle one of count values, which are put in order. */
static inline uint32_t bench_median(uint32_t *values, int count) {
    for (int i = 1; i < count; i++) {
        for (int j = i; j > 0 && values[j - 1] > values[j]; j--) {
            uint32_t larger = values[j - 1];
            values[j - 1] = values[j];
            values[j] = larger;
        }
    }
    return values[count / 2];
}

#endif
