/* The list of executed instructions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "tools/cachecheck/coverage.h"

static void test_list(void **state) {
    (void)state;
    struct coverage coverage;
    assert_true(coverage_start(&coverage, 0x8000, 0x8010));
    const uint32_t executed[] = {0x800e, 0x8000, 0x7ffe, 0x8010, 0x8004, 0x8000, 0, 0xfffffffe};
    for (size_t i = 0; i < sizeof executed / sizeof *executed; i++) {
        coverage_mark(&coverage, executed[i]);
    }

    char name[] = "/tmp/coverage_test_XXXXXX";
    int file = mkstemp(name);
    assert_true(file >= 0);
    assert_true(coverage_write(&coverage, name));
    char text[100];
    ssize_t bytes = read(file, text, sizeof text - 1);
    assert_true(bytes >= 0);
    text[bytes] = 0;
    assert_string_equal(text, "00008000\n00008004\n0000800e\n");
    close(file);
    unlink(name);
    free(coverage.executed);
}

static void test_error(void **state) {
    (void)state;
    struct coverage coverage;
    assert_true(coverage_start(&coverage, 0, 4));
    assert_false(coverage_write(&coverage, "/dev/null/file"));
    assert_true(coverage_write(&coverage, "/dev/full")); /* nothing to write */
    coverage_mark(&coverage, 0);
    assert_false(coverage_write(&coverage, "/dev/full"));
    free(coverage.executed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
