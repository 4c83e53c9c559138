/* The rules that include/board.h and docs/porting.md give for a board's tables.  Built once for each board. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "include/board.h"
#include "include/layout.h"
#include "drivers/clock.h"
#include "drivers/counter.h"
#include "drivers/irq.h"
#include "drivers/rtc.h"
#include "drivers/timer.h"
#include "drivers/uart.h"

/* The drivers that boards name; what they do does not matter here. */
const struct uart_driver pl011_driver = {0};
const struct irq_driver pl190_driver = {0};
const struct irq_driver gic_driver = {0};
const struct timer_driver sp804_timer_driver = {0};
const struct clock_driver counter24_driver = {0};
const struct counter_driver sp804_counter_driver = {0};
const struct rtc_driver pl031_driver = {0};

#define EACH_ROW(row) for (const struct board_row *row = board_map; row->kind != BOARD_END; row++)

/* Ends may be 2^32. */
static uint64_t end_of(uint32_t start, const struct board_row *row) {
    return (uint64_t)start + (uint64_t)row->megabytes * SECTION_SIZE;
}

static bool overlaps(uint64_t a, uint64_t a_end, uint64_t b, uint64_t b_end) {
    return a < b_end && b < a_end;
}

static void test_rows_lie_in_their_ranges(void **state) {
    (void)state;
    unsigned ram = 0;
    EACH_ROW(row) {
        assert_true(is_aligned(row->va, SECTION_SIZE) && is_aligned(row->pa, SECTION_SIZE));
        assert_true(row->megabytes > 0);
        assert_true(end_of(row->pa, row) <= 1ull << 32);
        if (row->kind == BOARD_DEVICE) {
            assert_true(row->va >= DEVICE_BASE && end_of(row->va, row) <= DEVICE_END - SECTION_SIZE);
        } else {
            assert_true(row->kind == BOARD_RAM || row->kind == BOARD_FLASH);
            assert_true(row->va >= STATIC_BASE && end_of(row->va, row) <= STATIC_END);
        }
        ram += row->kind == BOARD_RAM;
    }
    assert_int_equal(ram, 1);
}

static void test_rows_are_apart(void **state) {
    (void)state;
    EACH_ROW(a) {
        for (const struct board_row *b = a + 1; b->kind != BOARD_END; b++) {
            assert_false(overlaps(a->va, end_of(a->va, a), b->va, end_of(b->va, b)));
            bool flash_window = (a->kind == BOARD_FLASH && b->kind == BOARD_DEVICE) ||
                                (a->kind == BOARD_DEVICE && b->kind == BOARD_FLASH);
            if (!flash_window) {
                assert_false(overlaps(a->pa, end_of(a->pa, a), b->pa, end_of(b->pa, b)));
            }
        }
    }
}

static void test_ram_window_holds_ram_alone(void **state) {
    (void)state;
    const struct board_row *ram = board_row_of(BOARD_RAM);
    assert_true(board.ram_window >= ram->megabytes);
    uint64_t end = ram->pa + (uint64_t)board.ram_window * SECTION_SIZE;
    assert_true(end <= 1ull << 32);
    EACH_ROW(row) {
        assert_true(row == ram || !overlaps(ram->pa, end, row->pa, end_of(row->pa, row)));
    }
}

static const struct board_row *row_at(unsigned kind, uint32_t va, uint32_t pa, uint32_t bytes) {
    EACH_ROW(row) {
        if (row->kind == kind && row->va == va && row->pa == pa && end_of(0, row) == bytes) {
            return row;
        }
    }
    return NULL;
}

/* Each bank has a cached row in its own domain and a command window that its domain does not touch. */
static void test_flash_banks_have_their_rows(void **state) {
    (void)state;
    unsigned rows = 0;
    EACH_ROW(row) {
        rows += row->kind == BOARD_FLASH;
        assert_true(row->kind == BOARD_FLASH || row->domain == DOMAIN_KERNEL);
    }
    assert_int_equal(rows, board.flash_count);
    assert_int_equal(board.flash_count, BOARD_FLASH_BANKS);
    assert_true(board.flash_count <= DOMAIN_FLASH_COUNT);
    for (uint32_t n = 0; n < board.flash_count; n++) {
        const struct board_flash *bank = &board.flash[n];
        const struct board_row *row = row_at(BOARD_FLASH, bank->static_va, bank->pa, bank->bytes);
        assert_non_null(row);
        assert_int_equal(row->domain, DOMAIN_FLASH + n);
        assert_int_equal(bank->domain, row->domain);
        assert_non_null(row_at(BOARD_DEVICE, bank->command_va, bank->pa, bank->bytes));
        assert_true(bank->chips > 0 && bank->chip_width > 0 && bank->chips * bank->chip_width <= 4);
    }
    assert_int_equal(board.flash[0].pa, BOARD_FLASH_PA);
    assert_true(board.flash[0].static_va >= 0x80000000u && board.flash[0].static_va < 0xa0000000u);
}

static bool is_device(uint32_t va) {
    EACH_ROW(row) {
        if (row->kind == BOARD_DEVICE && va >= row->va && va < end_of(row->va, row)) {
            return true;
        }
    }
    return false;
}

static void test_devices_are_mapped(void **state) {
    (void)state;
    const struct device *devices[] = {&board.uart, &board.irq, &board.timer, &board.clock};
    for (size_t i = 0; i < ARRAY_COUNT(devices); i++) {
        assert_true(is_device(devices[i]->va));
        assert_true(devices[i]->va2 == 0 || is_device(devices[i]->va2));
        assert_true(devices[i]->irq < IRQ_COUNT);
    }
    assert_true(board.counter_driver == NULL || is_device(board.counter.va));
    assert_true(board.rtc_driver == NULL || is_device(board.rtc.va));
    assert_non_null(board.uart_driver);
    assert_non_null(board.irq_driver);
    assert_non_null(board.timer_driver);
    assert_non_null(board.clock_driver);
    for (const struct board_write *write = board.power_off; write->address != 0; write++) {
        assert_true(is_device(write->address));
    }
    for (const struct board_write *write = board.reset; write->address != 0; write++) {
        assert_true(is_device(write->address));
    }
}

/* Hours of time stay within 10 millionths, and the clock gets through less than half a wrap between two keep-alives. */
static void test_times_are_exact(void **state) {
    (void)state;
    uint64_t second = (uint64_t)board.clock.hz * board.clock.scale >> CLOCK_SHIFT;
    assert_true(second > 1000000000u - 100 && second < 1000000000u + 100);
    assert_true((TIMER_LONGEST_NS / 1000000000u + 1) * board.clock.hz + (1u << 28) <= INT32_MAX); /* drivers/clock.c */
    uint64_t ticks = TIMER_LONGEST_NS * board.timer.scale >> TIMER_SHIFT;
    uint64_t exact = TIMER_LONGEST_NS / 1000000000u * board.timer.hz;
    assert_true(ticks >= exact && ticks - exact <= exact / 100000);
    assert_true(ticks < UINT32_MAX);
}

static void test_name_fits(void **state) {
    (void)state;
    assert_string_equal(board.name, BOARD_NAME);
    assert_true(snprintf(NULL, 0, "%s", board.name) < 32);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_lie_in_their_ranges),
        cmocka_unit_test(test_rows_are_apart),
        cmocka_unit_test(test_ram_window_holds_ram_alone),
        cmocka_unit_test(test_flash_banks_have_their_rows),
        cmocka_unit_test(test_devices_are_mapped),
        cmocka_unit_test(test_times_are_exact),
        cmocka_unit_test(test_name_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
