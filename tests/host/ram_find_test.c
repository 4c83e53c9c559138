/* ram_find on memories that wrap: chips smaller than the address lines that reach them show their words more than once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "arch/arm/ram.h"

#define MOST 1024u

static struct {
    uint32_t words[MOST];
    bool stored[MOST];
    uint32_t size;  /* megabytes that exist */
    uint32_t lines; /* address bits that are decoded */
    uint32_t small; /* from here on only small_lines are: a second, smaller chip */
    uint32_t small_lines;
    bool aborts; /* absent memory: a bus error; otherwise the last value on the data lines */
    bool rom;    /* or something that has its word and cannot be stored to */
    uint32_t charge;
    unsigned accesses;
} memory;

static uint32_t *cell(uint32_t megabyte) {
    memory.accesses++;
    megabyte &= memory.lines;
    if (memory.small != 0 && megabyte >= memory.small) {
        megabyte = memory.small + ((megabyte - memory.small) & memory.small_lines);
    }
    return megabyte < memory.size ? &memory.words[megabyte] : NULL;
}

static bool load(uint32_t megabyte, uint32_t *value) {
    uint32_t *word = cell(megabyte);
    if (word == NULL && memory.aborts) {
        return false;
    }
    *value = word != NULL ? *word : memory.rom ? memory.words[megabyte] : memory.charge;
    memory.charge = *value;
    if (word != NULL) {
        assert_true(memory.stored[word - memory.words]); /* else it may be anything */
    }
    return true;
}

static bool store(uint32_t megabyte, uint32_t value) {
    uint32_t *word = cell(megabyte);
    if (word == NULL && memory.aborts) {
        return false;
    }
    if (word != NULL) {
        *word = value;
        memory.stored[word - memory.words] = true;
    }
    memory.charge = value;
    return true;
}

static const struct ram_bus bus = {load, store};

static void memory_make(uint32_t size, uint32_t lines, bool aborts) {
    memset(&memory, 0, sizeof memory);
    memory.size = size;
    memory.lines = lines;
    memory.aborts = aborts;
    for (uint32_t i = 0; i < MOST; i++) {
        memory.words[i] = i * 0x01010101u;
    }
}

/* The search was short, too. */
static void check_found(uint32_t most, uint32_t expected) {
    memory.accesses = 0;
    memset(memory.stored, 0, sizeof memory.stored);
    assert_int_equal(ram_find(most, &bus), expected);
    assert_true(memory.accesses < 500);
}

static void test_every_size(void **state) {
    (void)state;
    for (uint32_t size = 1; size <= MOST; size++) {
        memory_make(size, UINT32_MAX, false);
        check_found(MOST, size);
        memory_make(size, UINT32_MAX, true);
        check_found(MOST, size);
    }
}

static void test_no_more_than_asked(void **state) {
    (void)state;
    for (uint32_t most = 1; most <= MOST; most++) {
        memory_make(MOST, UINT32_MAX, false);
        check_found(most, most);
    }
}

static void test_wraps(void **state) {
    (void)state;
    for (uint32_t size = 1; size < MOST; size *= 2) {
        memory_make(size, size - 1, false);
        check_found(MOST, size);
        check_found(size * 2 - 1, size);
    }
}

/* 64 MB and a chip of 32 MB behind, seen twice. */
static void test_second_chip_wraps(void **state) {
    (void)state;
    memory_make(96, 127, false);
    memory.small = 64;
    memory.small_lines = 31;
    check_found(128, 96);
}

/* What it has may be what is stored first, or second. */
static void test_rom_behind(void **state) {
    (void)state;
    memory_make(64, UINT32_MAX, false);
    memory.rom = true;
    for (uint32_t i = 64; i < 128; i++) {
        memory.words[i] = 0x5a3cc396u ^ i;
    }
    check_found(128, 64);
    for (uint32_t i = 64; i < 128; i++) {
        memory.words[i] = 0xa5c33c69u ^ i;
    }
    check_found(128, 64);
}

/* Old contents that look like an echo are none. */
static void test_equal_contents(void **state) {
    (void)state;
    memory_make(256, UINT32_MAX, false);
    for (uint32_t i = 0; i < MOST; i++) {
        memory.words[i] = 0x5a3cc396u ^ 128;
    }
    assert_int_equal(ram_find(256, &bus), 256);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_size), cmocka_unit_test(test_no_more_than_asked),
        cmocka_unit_test(test_wraps),      cmocka_unit_test(test_second_chip_wraps),
        cmocka_unit_test(test_rom_behind), cmocka_unit_test(test_equal_contents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
