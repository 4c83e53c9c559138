/* The arguments of the cache checker: what they say when they are right, and that wrong ones are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tools/cachecheck/arguments.h"

#define NEEDED "cpu=arm926", "ram=0x1000:0x2000", "report=a"

static struct arguments arguments;

static void forget(void) {
    free(arguments.report);
    for (size_t i = 0; i < arguments.coverage_count; i++) {
        free(arguments.coverage[i].file);
    }
}

/* What arguments_read says of the strings. */
#define READ(...)                                                                                                      \
    arguments_read(&arguments, (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)),                    \
                   (char *const *)(uintptr_t)(const char *[]){__VA_ARGS__})

/* Refused, with this in the answer. */
#define REFUSED(part, ...)                                                                                             \
    do {                                                                                                               \
        const char *problem = READ(__VA_ARGS__);                                                                       \
        assert_non_null(problem);                                                                                      \
        if (strstr(problem, part) == NULL) {                                                                           \
            fail_msg("\"%s\" is not in \"%s\"", part, problem);                                                        \
        }                                                                                                              \
        forget();                                                                                                      \
    } while (0)

static void test_needed(void **state) {
    (void)state;
    assert_null(READ(NEEDED));
    assert_string_equal(arguments.cpu->name, "arm926");
    assert_int_equal(arguments.memory_count, 1);
    assert_int_equal(arguments.memory[0].pa, 0x1000);
    assert_int_equal(arguments.memory[0].size, 0x2000);
    assert_int_equal(arguments.memory[0].flash_block, 0);
    assert_string_equal(arguments.report, "a");
    assert_true(arguments.caches);
    assert_false(arguments.latency);
    assert_false(arguments.watches_preempt);
    assert_int_equal(arguments.coverage_count, 0);
    forget();
}

static void test_all(void **state) {
    (void)state;
    assert_null(READ("cpu=cortex-a9", "ram=0x60000000:0xa0000000", "flash=0x40000000:67108864:0x40000",
                     "flash=0x44000000:0x4000000:0x40000", "report=b=c", "preempt=0x88018118", "caches=off",
                     "latency=on", "coverage=d:0x100:0x200", "coverage=e:f:0:0x40"));
    assert_int_equal(arguments.memory_count, 3);
    assert_int_equal(arguments.memory[0].size, 0xa0000000);
    assert_int_equal(arguments.memory[1].size, 0x4000000);
    assert_int_equal(arguments.memory[2].pa, 0x44000000);
    assert_int_equal(arguments.memory[2].flash_block, 0x40000);
    assert_string_equal(arguments.report, "b=c");
    assert_true(arguments.watches_preempt);
    assert_int_equal(arguments.preempt, 0x88018118);
    assert_false(arguments.caches);
    assert_true(arguments.latency);
    assert_int_equal(arguments.coverage_count, 2);
    assert_string_equal(arguments.coverage[0].file, "d");
    assert_int_equal(arguments.coverage[0].low, 0x100);
    assert_int_equal(arguments.coverage[0].high, 0x200);
    assert_string_equal(arguments.coverage[1].file, "e:f");
    assert_int_equal(arguments.coverage[1].high, 0x40);
    forget();
}

static void test_missing(void **state) {
    (void)state;
    REFUSED("cpu=, ram= and report= are wanted", "cpu=arm926");
    REFUSED("cpu=, ram= and report= are wanted", "cpu=arm926", "ram=0:16");
    REFUSED("cpu=, ram= and report= are wanted", "cpu=arm926", "report=a");
    REFUSED("cpu=, ram= and report= are wanted", "ram=0:16", "report=a");
}

static void test_wrong(void **state) {
    (void)state;
    REFUSED("of this CPU: z80", "cpu=z80");
    REFUSED("no such argument: colour", NEEDED, "colour=red");
    REFUSED("key=value is wanted: colour", NEEDED, "colour");
    REFUSED("a number is wanted: x", "ram=x:16");
    REFUSED("a number is wanted", "ram=0");
    REFUSED("a number is wanted", "ram=0:-1");
    REFUSED("a number is wanted", "ram=0:-18446744073709551615");
    REFUSED("a number is wanted", "ram=0:0x100000000");
    REFUSED("a number is wanted", "ram=0:16:16");
    REFUSED("a number is wanted", "flash=0:16");
    REFUSED("a number is wanted", "preempt=");
    REFUSED("no such memory", "ram=0:0");
    REFUSED("no such memory", "ram=0xf0000000:0x10000001");
    REFUSED("no such memory", "flash=0:16:0");
    REFUSED("on or off is wanted: yes", "caches=yes");
    REFUSED("on or off is wanted: ", "latency=");
    REFUSED("FILE:LOW:HIGH is wanted", "coverage=a:0");
    REFUSED("FILE:LOW:HIGH is wanted", "coverage=:0:16");
    REFUSED("a number is wanted", "coverage=a:0:x");
    REFUSED("a range of at most", "coverage=a:16:16");
    REFUSED("a range of at most", "coverage=a:0:0x01000001");
}

static void test_too_many(void **state) {
    (void)state;
    REFUSED("more than 8 ranges", "ram=0:1", "ram=0:1", "ram=0:1", "ram=0:1", "ram=0:1", "ram=0:1", "ram=0:1",
            "ram=0:1", "ram=0:1");
    REFUSED("more than 4 coverage", "coverage=a:0:2", "coverage=a:0:2", "coverage=a:0:2", "coverage=a:0:2",
            "coverage=a:0:2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_needed), cmocka_unit_test(test_all),      cmocka_unit_test(test_missing),
        cmocka_unit_test(test_wrong),  cmocka_unit_test(test_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
