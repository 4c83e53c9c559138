/* The clock and the event timer over a counter and a timer of the test's own; a board without a clock chip; division.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "drivers/clock.h"
#include "drivers/irq.h"
#include "drivers/rtc.h"
#include "drivers/timer.h"
#include "include/board.h"
#include "include/divide.h"

#define HZ   24000000u
#define WRAP (1ull << 32)

static uint64_t counter; /* its low half is what the driver reads */

static uint32_t counter_read(const struct device *device) {
    assert_ptr_equal(device, &board.clock);
    return (uint32_t)counter;
}

static uint64_t delay; /* that the hardware was armed for last */
static unsigned arms, acknowledges, expiries;
static void (*handler)(void *context);

static void timer_start(const struct device *device) {
    (void)device;
}

static void timer_arm(const struct device *device, uint64_t ns) {
    (void)device;
    delay = ns;
    arms++;
}

static void timer_acknowledge(const struct device *device) {
    (void)device;
    acknowledges++;
}

void irq_register(uint32_t irq, void (*function)(void *context), void *context) {
    assert_int_equal(irq, 7);
    assert_null(context);
    handler = function;
}

static const struct clock_driver clock_driver = {.read = counter_read};
static const struct timer_driver timer_driver = {
    .init = timer_start, .arm = timer_arm, .acknowledge = timer_acknowledge};
const struct board board = {.clock_driver = &clock_driver,
                            .clock = {.scale = CLOCK_SCALE(HZ)},
                            .timer_driver = &timer_driver,
                            .timer = {.irq = 7}};

/* By the scale of the board's row, in 128 bits. */
static uint64_t exact_ns(uint64_t ticks) {
    return (uint64_t)((unsigned __int128)ticks * CLOCK_SCALE(HZ) >> CLOCK_SHIFT);
}

static uint64_t random_below(uint64_t limit) {
    uint64_t value = 0;
    for (int i = 0; i < 5; i++) {
        value = value << 15 ^ (uint64_t)(rand() & 0x7fff);
    }
    return value % limit;
}

static void assert_near(uint64_t ns, uint64_t wanted) {
    assert_in_range(ns + 2, wanted, wanted + 4);
}

static void test_span(void **state) {
    (void)state;
    assert_int_equal(clock_span_ns(0), 0);
    assert_int_equal(clock_span_ns(1), 41);
    for (int i = 0; i < 10000; i++) {
        uint64_t ticks = random_below(1ull << (1 + random_below(58)));
        uint64_t wanted = exact_ns(ticks & 0xffffffffu) + ((ticks >> 32) * CLOCK_SCALE(HZ) << 10);
        assert_int_equal(clock_span_ns(ticks), wanted);
    }
    assert_near(clock_span_ns(HZ * 31536000ull), exact_ns(HZ * 31536000ull));
}

/* Many wraps, updates at random less than half a wrap apart; neither drifts nor goes back. */
static void test_now(void **state) {
    (void)state;
    counter = 0xfffffff0u;
    uint64_t start = counter, last = 0;
    clock_init();
    assert_int_equal(clock_now(), 0);
    for (int i = 0; i < 100000; i++) {
        counter += random_below(i % 3 == 0 ? WRAP / 4 : 50);
        assert_near(clock_now(), exact_ns(counter - start));
        assert_true(clock_now() >= last);
        last = clock_now();
        if (i % 2 == 0) {
            clock_update();
            assert_true(clock_now() >= last);
            last = clock_now();
        }
    }
    assert_true(counter - start > 500 * WRAP);
}

/* A reading keeps its count while an update comes, and all wraps are in it. */
static void test_readings(void **state) {
    (void)state;
    counter = 5;
    clock_init();
    counter += WRAP / 2 - 1;
    clock_update();
    for (int i = 0; i < 100000; i++) {
        counter += random_below(WRAP / 4);
        uint32_t reading = clock_ticks();
        uint64_t before = counter;
        assert_int_equal(clock_count_of(reading), before);
        counter += random_below(WRAP / 4);
        clock_update();
        assert_int_equal(clock_count_of(reading), before);
        assert_int_equal(clock_count_of(clock_ticks()), counter);
    }
}

static void expired(void) {
    expiries++;
}

static void test_timer(void **state) {
    (void)state;
    counter = 0;
    clock_init();
    timer_init(expired);
    timer_set(HZ, counter);
    assert_int_equal(arms, 1);
    assert_near(delay, 1000000000);
    timer_set(2 * HZ, counter); /* later: not worth a write */
    timer_set(HZ, counter);
    assert_int_equal(arms, 1);
    counter += HZ / 2;
    timer_set(HZ / 10 * 9, counter);
    assert_int_equal(arms, 2);
    assert_near(delay, 400000000);
    timer_set(3, counter); /* gone by */
    assert_int_equal(arms, 3);
    assert_int_equal(delay, 0);
    counter += WRAP / 4 * 3; /* the interrupt carries the clock */
    handler(NULL);
    assert_int_equal(acknowledges, 1);
    assert_int_equal(expiries, 1);
    assert_int_equal(arms, 3); /* the hardware goes on by itself */
    counter += WRAP / 2 - 1;
    assert_near(clock_now(), exact_ns(counter));
    timer_set(UINT64_MAX - 1, counter);
    assert_int_equal(arms, 4);
    assert_int_equal(delay, TIMER_LONGEST_NS);
}

static void test_no_chip(void **state) {
    (void)state;
    assert_int_equal(rtc_read(), 946684800);
    assert_true(rtc_write(-11644473600));
    assert_int_equal(rtc_read(), 946684800);
}

static void test_division(void **state) {
    (void)state;
    for (int i = 0; i < 100000; i++) {
        uint64_t value = random_below(1ull << 63) << 1 >> random_below(64);
        assert_int_equal(divide_u64(value, 100), value / 100);
        assert_int_equal(divide_u64(value, 10000000), value / 10000000);
        assert_int_equal(divide_u64(value, 0xfffffffbu), value / 0xfffffffbu);
        assert_int_equal(divide_u64(value, 2), value / 2);
    }
    assert_int_equal(divide_u64(UINT64_MAX, 100), UINT64_MAX / 100);
    assert_int_equal(divide_u64(1ull << 32, 100), (1ull << 32) / 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_span),  cmocka_unit_test(test_now),     cmocka_unit_test(test_readings),
        cmocka_unit_test(test_timer), cmocka_unit_test(test_no_chip), cmocka_unit_test(test_division),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
