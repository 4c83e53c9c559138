/* Command lines taken apart: the rules of sdk/lib/arguments.h, and random lines that must come out within their room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sdk/lib/arguments.h"
#include "sdk/lib/format.h"
#include "sdk/lib/memory.h"

static void *taken;  /* the last piece of memory given out, */
static void *before; /* and the one before it */
static bool empty;   /* memory_get fails */

void *memory_get(size_t bytes) {
    before = taken;
    taken = empty ? NULL : malloc(bytes); /* exactly: the sanitizer sees what exceeds it */
    return taken;
}

const char *float_digits(double value, bool significant, int count, int *point) {
    (void)value;
    (void)significant;
    (void)count;
    (void)point;
    fail();
    return "";
}

/* Splits line and compares with what is expected, the arguments separated by |. */
static void check(const wchar_t *line, const wchar_t *expected) {
    wchar_t **arguments;
    wchar_t joined[200] = L"";
    int count = arguments_wide(L"\\Windows\\p.exe", line, &arguments);
    assert_true(count >= 1);
    assert_int_equal(wcscmp(arguments[0], L"\\Windows\\p.exe"), 0);
    assert_null(arguments[count]);
    for (int i = 1; i < count; i++) {
        wcscat(joined, L"|");
        wcscat(joined, arguments[i]);
    }
    assert_int_equal(wcscmp(joined, expected), 0);
    free(taken);
}

static void test_rules(void **state) {
    (void)state;
    check(L"", L"");
    check(L"  \t ", L"");
    check(L"a b\tc", L"|a|b|c");
    check(L"  a  b  ", L"|a|b");
    check(L"\"a b\" c", L"|a b|c");
    check(L"a\"b c\"d", L"|ab cd");
    check(L"\"\" x", L"||x");
    check(L"\"open quote", L"|open quote");
    check(L"a\\b \\\\c \\", L"|a\\b|\\\\c|\\");
    check(L"a\\\"b", L"|a\"b");
    check(L"a\\\\\"b c\"", L"|a\\b c");
    check(L"a\\\\\\\"b", L"|a\\\"b");
    check(L"\"a\"\"b\" c", L"|a\"b|c");
    check(L"\"a\\\\\" b", L"|a\\|b");
    check(L"\\Windows\\UnicodeData.txt", L"|\\Windows\\UnicodeData.txt");
}

static void test_narrow(void **state) {
    char **arguments;
    (void)state;
    assert_int_equal(arguments_narrow(L"\\\x4e2d.exe", L"a \"\xd83d\xde00 b\" \xd800", &arguments), 4);
    assert_string_equal(arguments[0], "\\\xe4\xb8\xad.exe");
    assert_string_equal(arguments[1], "a");
    assert_string_equal(arguments[2], "\xf0\x9f\x98\x80 b");
    assert_string_equal(arguments[3], "\xef\xbf\xbd");
    assert_null(arguments[4]);
    free(before);
    free(taken);
}

static void test_no_memory(void **state) {
    wchar_t **wide;
    char **narrow;
    (void)state;
    empty = true;
    assert_int_equal(arguments_wide(L"p", L"a", &wide), -1);
    assert_int_equal(arguments_narrow(L"p", L"a", &narrow), -1);
    empty = false;
}

static void test_random(void **state) {
    uint32_t seed = 7;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        static const wchar_t set[] = L"a\\\\\"\" \tb";
        wchar_t line[24];
        wchar_t **arguments;
        size_t length = 0;
        do {
            seed = seed * 1664525u + 1013904223u;
            line[length] = set[seed >> 24 & 7];
        } while (++length < 23 && seed >> 20 & 15);
        line[length] = 0;
        size_t units;
        int count = arguments_split(line, NULL, &units);
        assert_true(units <= length + 1);
        assert_int_equal(arguments_wide(L"p", line, &arguments), count + 1);
        free(taken);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests_name("sdk_arguments", tests, NULL, NULL);
}
