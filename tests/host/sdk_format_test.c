/* The formatting engine: what the host's printf understands as well is compared with it, in long random series; what is
 * ours alone (wide text, I64) is compared with what it should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sdk/lib/format.h"

#define TEXT_MAX 2048

void *memory_get(size_t bytes);

void *memory_get(size_t bytes) {
    return calloc(1, bytes);
}

/* The host's conversion, brought to the form that the engine expects. */
const char *float_digits(double value, bool significant, int count, int *point) {
    static char digits[TEXT_MAX];
    char text[TEXT_MAX];
    size_t length = 0;
    int exponent;
    value = value < 0 ? -value : value;
    if (value == 0) {
        *point = 1;
        return "";
    }
    snprintf(text, sizeof text, significant ? "%.*e" : "%.*f", significant ? count - 1 : count, value);
    char *mark = strchr(text, 'e');
    exponent = mark ? atoi(mark + 1) + 1 : (int)strcspn(text, ".");
    if (mark) {
        *mark = 0;
    }
    for (const char *at = text; *at; at++) {
        if (*at != '.') {
            digits[length++] = *at;
        }
    }
    size_t zeros = strspn(digits, "0") < length ? strspn(digits, "0") : length;
    memmove(digits, digits + zeros, length - zeros);
    length -= zeros;
    while (length && digits[length - 1] == '0') {
        length--;
    }
    digits[length] = 0;
    *point = exponent - (int)zeros;
    return digits;
}

static char output[TEXT_MAX];
static wchar_t wide_output[TEXT_MAX];

static int narrow(const char *format, ...) {
    va_list list;
    va_start(list, format);
    int count = format_memory(false, output, TEXT_MAX - 1, format, list);
    va_end(list);
    assert_true(count >= 0);
    output[count < TEXT_MAX ? count : TEXT_MAX - 1] = 0;
    return count;
}

static int wide(const wchar_t *format, ...) {
    va_list list;
    va_start(list, format);
    int count = format_memory(true, wide_output, TEXT_MAX - 1, format, list);
    va_end(list);
    assert_true(count >= 0);
    wide_output[count] = 0;
    return count;
}

static void expect_wide(const wchar_t *expected) {
    assert_int_equal(wcscmp(wide_output, expected), 0);
}

static uint32_t seed = 1;

static uint32_t random_next(void) {
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

/* Makes %, flags, width and precision by chance; sizes and letters are the caller's. */
static void random_format(char *format, const char *end) {
    static const char flags[] = "-+ #0";
    *format++ = '%';
    for (const char *flag = flags; *flag; flag++) {
        if (random_next() % 4 == 0) {
            *format++ = *flag;
        }
    }
    if (random_next() % 2) {
        format += sprintf(format, "%u", random_next() % 30);
    }
    if (random_next() % 2) {
        format += sprintf(format, ".%u", random_next() % 20);
    }
    strcpy(format, end);
}

static void test_integers(void **state) {
    static const char *const ends[] = {"d", "i", "u", "x", "X", "o", "hd", "hhd", "hx", "hhu"};
    static const char *const ends64[] = {"lld", "llu", "llx", "llo", "jd"};
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char format[64], expected[TEXT_MAX];
        int value = (int)(random_next() << 8 ^ random_next()) >> random_next() % 32;
        int64_t value64 = (int64_t)((uint64_t)random_next() << 40 ^ (uint64_t)random_next() << 20 ^ random_next()) >>
                          random_next() % 64;
        random_format(format, ends[random_next() % 10]);
        snprintf(expected, sizeof expected, format, value);
        assert_int_equal(narrow(format, value), strlen(expected));
        assert_string_equal(output, expected);
        random_format(format, ends64[random_next() % 5]);
        snprintf(expected, sizeof expected, format, value64);
        narrow(format, value64);
        assert_string_equal(output, expected);
    }
}

static double random_double(void) {
    uint64_t bits = (uint64_t)random_next() << 40 ^ (uint64_t)random_next() << 20 ^ random_next();
    double value;
    memcpy(&value, &bits, sizeof value);
    switch (random_next() % 4) {
    case 0:
        return value;
    case 1:
        return (int)random_next() / 1000.0;
    case 2:
        return (double)(random_next() % 2000) / 8 - 100;
    default:
        return random_next() % 3 * 0.5;
    }
}

static void test_floats(void **state) {
    static const char *const ends[] = {"e", "E", "f", "F", "g", "G", "a", "A"};
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char format[64], expected[TEXT_MAX];
        double value = random_double();
        random_format(format, ends[random_next() % 8]);
        snprintf(expected, sizeof expected, format, value);
        narrow(format, value);
        assert_string_equal(output, expected);
    }
}

/* Where %g changes its form, and rounding that reaches the next power of ten. */
static void test_general_floats(void **state) {
    static const double values[] = {0.001,  0.0001, 0.00001, 0.000099999999, 9.9999995, 999999.5,
                                    100000, 1e6,    123456,  1234567,        0.5,       1e100};
    static const char *const formats[] = {"%g", "%.3g", "%.10G", "%.0g", "%.1e", "%.0e", "%.0f", "%#.0f", "%.2f"};
    (void)state;
    /* The host's own "%#g" loses zeros when rounding carries, so these are written out. */
    narrow("%#g %#g %#.3g %#g", 999999.5, 0.5, 1e-5, 0.0);
    assert_string_equal(output, "1.00000e+06 0.500000 1.00e-05 0.00000");
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        for (size_t j = 0; j < sizeof formats / sizeof formats[0]; j++) {
            char expected[TEXT_MAX];
            snprintf(expected, sizeof expected, formats[j], values[i]);
            narrow(formats[j], values[i]);
            assert_string_equal(output, expected);
        }
    }
}

static void test_special_floats(void **state) {
    (void)state;
    double zero = 0;
    narrow("%f %F %05.1f|%-6g|%+e|%g", 1 / zero, -1 / zero, 1 / zero, 1 / zero, 1 / zero, -zero);
    assert_string_equal(output, "inf -INF   inf|inf   |+inf|-0");
}

static void test_text(void **state) {
    (void)state;
    for (int i = 0; i < 2000; i++) {
        char format[64], expected[TEXT_MAX];
        random_format(format, "s");
        for (char *at = format; *at; at++) { /* flags that have no meaning for text */
            if (strchr("+ #", *at) || (*at == '0' && (at[-1] == '%' || at[-1] == '-'))) {
                memmove(at, at + 1, strlen(at));
                at--;
            }
        }
        snprintf(expected, sizeof expected, format, "a text of some length");
        narrow(format, "a text of some length");
        assert_string_equal(output, expected);
    }
    narrow("%c|%3c|%-3c|%%|%s|%.2s|%*d|%-*d|%.*f", 'a', 'b', 'c', NULL, NULL, 5, 1, -4, 2, 1, 2.25);
    assert_string_equal(output, "a|  b|c  |%|(null)|(n|    1|2   |2.2");
    narrow("%y%");
    assert_string_equal(output, "y");
}

static void test_i64(void **state) {
    (void)state;
    narrow("%I64d %I64u %I64x %I32d %Id %wd", -1234567890123LL, 18446744073709551615ULL, 0xabcdef0123ULL, -5, (size_t)7,
           9);
    assert_string_equal(output, "-1234567890123 18446744073709551615 abcdef0123 -5 7 9");
}

static void test_wide_in_narrow(void **state) {
    (void)state;
    assert_int_equal(narrow("[%ls][%S][%hs][%ws]", L"wide", L"\x4e2d\xd83d\xde00", "narrow", L"w"), 26);
    assert_string_equal(output, "[wide][\xe4\xb8\xad\xf0\x9f\x98\x80][narrow][w]");
    narrow("[%5.4ls][%.3S][%-3ls]", L"\x4e2d\x4e2d", L"\xe4\xe4\xe4", L"x");
    assert_string_equal(output, "[  \xe4\xb8\xad][\xc3\xa4][x  ]");
    narrow("[%lc][%C][%hc]", 0x20ac, L'y', 'z');
    assert_string_equal(output, "[\xe2\x82\xac][y][z]");
    narrow("[%ls]", L"\xd800x");
    assert_string_equal(output, "[\xef\xbf\xbdx]");
}

static void test_wide(void **state) {
    (void)state;
    assert_int_equal(wide(L"%s %S %hs %ls %c %C", L"wide", "narrow", "h", L"l", L'\x4e2d', 'n'), 19);
    expect_wide(L"wide narrow h l \x4e2d n");
    wide(L"%d|%5u|%-6x|%08.3f|%e", -1, 2, 255, 3.14159, 1e10);
    expect_wide(L"-1|    2|ff    |0003.142|1.000000e+10");
    wide(L"\x4e2d%%[%6.2S][%-4s][%.1s]", "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad", L"ab", L"xyz");
    expect_wide(L"\x4e2d%[    \x4e2d\x4e2d][ab  ][x]");
    wide(L"%S", "\xf0\x9f\x98\x80\xff");
    expect_wide(L"\xd83d\xde00\xfffd");
}

static void test_limits(void **state) {
    char small[4] = "xyz";
    (void)state;
    /* The room is kept to, the length is the whole one. */
    va_list none;
    memset(&none, 0, sizeof none);
    assert_int_equal(format_memory(false, small, 2, "abcdef", none), 6);
    assert_memory_equal(small, "abz", 4);
    /* Text with a precision needs no zero behind it. */
    char *exact = malloc(3);
    memcpy(exact, "abc", 3);
    narrow("%.3s", exact);
    assert_string_equal(output, "abc");
    free(exact);
    long count = 0;
    char byte = 0;
    narrow("12345%ln67%hhn", &count, &byte);
    assert_int_equal(count, 5);
    assert_int_equal(byte, 7);
    narrow("%p", (void *)0x12ab);
    assert_string_equal(output, "00000000000012AB");
    assert_int_equal(narrow("%2000d", 5), 2000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),       cmocka_unit_test(test_floats), cmocka_unit_test(test_special_floats),
        cmocka_unit_test(test_general_floats), cmocka_unit_test(test_text),   cmocka_unit_test(test_i64),
        cmocka_unit_test(test_wide_in_narrow), cmocka_unit_test(test_wide),   cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("sdk_format", tests, NULL, NULL);
}
