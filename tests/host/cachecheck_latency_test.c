/* Stretches with interrupts masked and with preemption held off, from the changes alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/cachecheck/latency.h"

#define PC_ON  0x1000u
#define PC_OFF 0x2000u

static uint64_t executed;

static int setup(void **state) {
    (void)state;
    latency_start();
    executed = 0;
    return 0;
}

static void change(enum latency_kind kind, bool holds, uint64_t after, uint32_t pc) {
    executed += after;
    latency_set(kind, holds, executed, pc);
}

/* One stretch: begins 1 instruction from now. */
static void stretch(enum latency_kind kind, uint64_t instructions, uint32_t from, uint32_t to) {
    change(kind, true, 1, from);
    change(kind, false, instructions, to);
}

static void start_up(void) {
    change(LATENCY_IRQ_OFF, false, 5000, PC_ON);
}

static void expect(enum latency_kind kind, size_t index, uint64_t instructions, uint32_t from, uint32_t to) {
    const struct stretch *found = latency_stretch(kind, index);
    assert_non_null(found);
    assert_int_equal(found->instructions, instructions);
    assert_int_equal(found->from, from);
    assert_int_equal(found->to, to);
}

static void test_start_up_does_not_count(void **state) {
    (void)state;
    stretch(LATENCY_PREEMPT_OFF, 100, 1, 2);
    change(LATENCY_IRQ_OFF, true, 1, 3);
    start_up();
    assert_null(latency_stretch(LATENCY_IRQ_OFF, 0));
    assert_null(latency_stretch(LATENCY_PREEMPT_OFF, 0));
}

static void test_stretch(void **state) {
    (void)state;
    start_up();
    stretch(LATENCY_IRQ_OFF, 17, PC_OFF, PC_OFF + 0x40);
    expect(LATENCY_IRQ_OFF, 0, 17, PC_OFF, PC_OFF + 0x40);
    assert_null(latency_stretch(LATENCY_IRQ_OFF, 1));
    assert_null(latency_stretch(LATENCY_PREEMPT_OFF, 0));
}

/* The machine starts again within stretches of both kinds: neither they nor the second start-up count. */
static void test_restart(void **state) {
    (void)state;
    start_up();
    stretch(LATENCY_IRQ_OFF, 17, PC_OFF, PC_OFF + 0x40);
    change(LATENCY_PREEMPT_OFF, true, 1, 0x10);
    change(LATENCY_IRQ_OFF, true, 1, 0x20);
    latency_reset();
    stretch(LATENCY_PREEMPT_OFF, 1000, 1, 2);
    start_up();
    stretch(LATENCY_PREEMPT_OFF, 9, 0x30, 0x40);
    expect(LATENCY_IRQ_OFF, 0, 17, PC_OFF, PC_OFF + 0x40);
    assert_null(latency_stretch(LATENCY_IRQ_OFF, 1));
    expect(LATENCY_PREEMPT_OFF, 0, 9, 0x30, 0x40);
    assert_null(latency_stretch(LATENCY_PREEMPT_OFF, 1));
}

/* While nothing is held off. */
static void test_restart_at_rest(void **state) {
    (void)state;
    start_up();
    latency_reset();
    stretch(LATENCY_PREEMPT_OFF, 1000, 1, 2);
    start_up();
    stretch(LATENCY_IRQ_OFF, 9, 0x30, 0x40);
    expect(LATENCY_IRQ_OFF, 0, 9, 0x30, 0x40);
    assert_null(latency_stretch(LATENCY_PREEMPT_OFF, 0));
}

/* A hold of before is none any more. */
static void test_restart_while_held_off(void **state) {
    (void)state;
    start_up();
    change(LATENCY_PREEMPT_OFF, true, 1, 0x10);
    change(LATENCY_IRQ_OFF, true, 1, 0x20);
    latency_reset();
    start_up();
    change(LATENCY_PREEMPT_OFF, true, 100, 0x30);
    change(LATENCY_PREEMPT_OFF, false, 9, 0x40);
    expect(LATENCY_PREEMPT_OFF, 0, 9, 0x30, 0x40);
}

/* What was said before changes nothing: the stretch began earlier, and ended earlier. */
static void test_repetition(void **state) {
    (void)state;
    start_up();
    change(LATENCY_IRQ_OFF, true, 1, 0x10);
    change(LATENCY_IRQ_OFF, true, 20, 0x20);
    change(LATENCY_IRQ_OFF, false, 5, 0x30);
    change(LATENCY_IRQ_OFF, false, 5, 0x40);
    expect(LATENCY_IRQ_OFF, 0, 25, 0x10, 0x30);
    assert_null(latency_stretch(LATENCY_IRQ_OFF, 1));
}

/* The two conditions overlap without touching each other. */
static void test_kinds_are_apart(void **state) {
    (void)state;
    start_up();
    change(LATENCY_PREEMPT_OFF, true, 1, 0x10);
    change(LATENCY_IRQ_OFF, true, 10, 0x20);
    change(LATENCY_PREEMPT_OFF, false, 10, 0x30);
    change(LATENCY_IRQ_OFF, false, 10, 0x40);
    expect(LATENCY_PREEMPT_OFF, 0, 20, 0x10, 0x30);
    expect(LATENCY_IRQ_OFF, 0, 20, 0x20, 0x40);
}

/* Preemption held off while interrupts go on for the first time: from there on. */
static void test_held_off_at_start(void **state) {
    (void)state;
    change(LATENCY_PREEMPT_OFF, true, 10, 0x10);
    start_up();
    change(LATENCY_PREEMPT_OFF, false, 30, 0x20);
    expect(LATENCY_PREEMPT_OFF, 0, 30, PC_ON, 0x20);
}

static void test_a_pair_is_there_once(void **state) {
    (void)state;
    start_up();
    stretch(LATENCY_IRQ_OFF, 30, 0x10, 0x20);
    stretch(LATENCY_IRQ_OFF, 40, 0x10, 0x24);
    stretch(LATENCY_IRQ_OFF, 50, 0x10, 0x20);
    stretch(LATENCY_IRQ_OFF, 10, 0x10, 0x20);
    expect(LATENCY_IRQ_OFF, 0, 50, 0x10, 0x20);
    expect(LATENCY_IRQ_OFF, 1, 40, 0x10, 0x24);
    assert_null(latency_stretch(LATENCY_IRQ_OFF, 2));
}

/* 1 to 100 instructions in an order that jumps about (37 has no divisor in common with 101). */
static void test_the_longest_are_kept_in_order(void **state) {
    (void)state;
    start_up();
    for (uint32_t i = 1; i <= 100; i++) {
        uint32_t instructions = i * 37 % 101;
        stretch(LATENCY_PREEMPT_OFF, instructions, instructions * 4, PC_OFF);
    }
    for (uint32_t i = 0; i < LATENCY_KEPT; i++) {
        expect(LATENCY_PREEMPT_OFF, i, 100 - i, (100 - i) * 4, PC_OFF);
    }
    assert_null(latency_stretch(LATENCY_PREEMPT_OFF, LATENCY_KEPT));
}

/* Neither a shorter one nor one of the same length takes another's place at the end. */
static void test_full_table(void **state) {
    (void)state;
    start_up();
    for (uint32_t i = 0; i < LATENCY_KEPT; i++) {
        stretch(LATENCY_IRQ_OFF, 100, i * 4, PC_OFF);
    }
    stretch(LATENCY_IRQ_OFF, 99, 0x5000, PC_OFF);
    stretch(LATENCY_IRQ_OFF, 100, 0x6000, PC_OFF);
    for (uint32_t i = 0; i < LATENCY_KEPT; i++) {
        expect(LATENCY_IRQ_OFF, i, 100, i * 4, PC_OFF);
    }
    stretch(LATENCY_IRQ_OFF, 101, 0x7000, PC_OFF);
    expect(LATENCY_IRQ_OFF, 0, 101, 0x7000, PC_OFF);
    expect(LATENCY_IRQ_OFF, LATENCY_KEPT - 1, 100, (LATENCY_KEPT - 2) * 4, PC_OFF);
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(latency_name(LATENCY_IRQ_OFF), "irq_off");
    assert_string_equal(latency_name(LATENCY_PREEMPT_OFF), "preempt_off");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_start_up_does_not_count, setup),
        cmocka_unit_test_setup(test_stretch, setup),
        cmocka_unit_test_setup(test_restart, setup),
        cmocka_unit_test_setup(test_restart_at_rest, setup),
        cmocka_unit_test_setup(test_restart_while_held_off, setup),
        cmocka_unit_test_setup(test_repetition, setup),
        cmocka_unit_test_setup(test_kinds_are_apart, setup),
        cmocka_unit_test_setup(test_held_off_at_start, setup),
        cmocka_unit_test_setup(test_a_pair_is_there_once, setup),
        cmocka_unit_test_setup(test_the_longest_are_kept_in_order, setup),
        cmocka_unit_test_setup(test_full_table, setup),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
