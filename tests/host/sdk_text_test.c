/* UTF-8 and UTF-16, the wcs functions, numbers in wide text, letter case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sdk/lib/format.h"
#include "sdk/lib/letter_case.h"
#include "sdk/lib/memory.h"
#include "sdk/lib/utf.h"

void *memory_get(size_t bytes) {
    return malloc(bytes);
}

const char *float_digits(double value, bool significant, int count, int *point) {
    (void)value;
    (void)significant;
    (void)count;
    (void)point;
    fail();
    return "";
}

static void same(const wchar_t *a, const wchar_t *b) {
    assert_int_equal(wcscmp(a, b), 0);
}

static void test_round_trip(void **state) {
    (void)state;
    for (uint32_t point = 1; point < 0x110000; point++) {
        char bytes[4];
        wchar_t units[2];
        int bad = 0;
        if (point >= 0xd800 && point < 0xe000) {
            continue;
        }
        size_t length = utf8_put(point, bytes);
        const char *at = bytes;
        assert_int_equal(utf8_take(&at, bytes + length, &bad), point);
        assert_ptr_equal(at, bytes + length);
        size_t count = utf16_put(point, units);
        const wchar_t *unit = units;
        assert_int_equal(utf16_take(&unit, units + count, &bad), point);
        assert_ptr_equal(unit, units + count);
        assert_int_equal(bad, 0);
    }
}

/* Every sequence of two and many of three and four bytes: what is taken as good must be what utf8_put writes. */
static void test_malformed(void **state) {
    (void)state;
    for (uint32_t word = 0; word < 0x1000000; word += word < 0x20000 ? 1 : 251) {
        char bytes[4] = {(char)(word >> 16), (char)(word >> 8), (char)word, (char)0x80};
        const char *at = bytes;
        int bad = 0;
        uint32_t point = utf8_take(&at, bytes + 4, &bad);
        size_t used = (size_t)(at - bytes);
        assert_in_range(used, 1, 4);
        if (!bad) {
            char again[4];
            assert_int_equal(utf8_put(point, again), used);
            assert_memory_equal(again, bytes, used);
        }
    }
    wchar_t out[8] = {0};
    assert_int_equal(utf8_to_utf16("a\xe2\x82z\xff\xc0\x80", 7, out, 8), 6);
    same(out, L"a\xfffdz\xfffd\xfffd\xfffd");
    /* Whole characters only: half of a pair is not written. */
    assert_int_equal(utf8_to_utf16("a\xf0\x9f\x98\x80", 5, out, 2), 1);
    char narrow[4];
    assert_int_equal(utf16_to_utf8(L"a\x4e2d", 2, narrow, 3), 1);
}

static void test_strings(void **state) {
    wchar_t text[32];
    wchar_t *place;
    (void)state;
    assert_int_equal(wcslen(L""), 0);
    assert_int_equal(wcsnlen(L"abc", 2), 2);
    wcscpy(text, L"one");
    wcscat(text, L", two");
    wcsncat(text, L"xyz", 1);
    same(text, L"one, twox");
    wcsncpy(text, L"ab", 5);
    assert_memory_equal(text, L"ab\0\0\0", 5 * sizeof(wchar_t));
    assert_true(wcscmp(L"a", L"b") < 0 && wcscmp(L"b", L"a") > 0 && wcscmp(L"a", L"ab") < 0);
    assert_true(wcscmp(L"\xffff", L"a") > 0);
    assert_int_equal(wcsncmp(L"abc", L"abd", 2), 0);
    assert_int_equal(wcsncmp(L"ab", L"ab", 9), 0);
    assert_int_equal(_wcsicmp(L"H\xc4user", L"h\xe4USER"), 0);
    assert_true(_wcsnicmp(L"abX", L"ABy", 2) == 0 && _wcsnicmp(L"abX", L"ABy", 3) < 0);
    static const wchar_t banana[] = L"banana";
    assert_ptr_equal(wcschr(banana, L'n'), banana + 2);
    assert_ptr_equal(wcschr(banana, 0), banana + 6);
    assert_null(wcschr(banana, L'x'));
    assert_ptr_equal(wcsrchr(banana, L'a'), banana + 5);
    assert_ptr_equal(wcsstr(banana, L"nan"), banana + 2);
    assert_ptr_equal(wcsstr(banana, L""), banana);
    assert_null(wcsstr(banana, L"bananas"));
    assert_int_equal(wcsspn(banana, L"abn"), 6);
    assert_int_equal(wcscspn(banana, L"n"), 2);
    assert_ptr_equal(wcspbrk(banana, L"xn"), banana + 2);
    assert_null(wcspbrk(banana, L"xyz"));
    wcscpy(text, L",a,,b,");
    same(wcstok(text, L",", &place), L"a");
    same(wcstok(NULL, L",", &place), L"b");
    assert_null(wcstok(NULL, L",", &place));
    assert_null(wcstok(NULL, L",", &place));
    wcscpy(text, L"abcd");
    same(_wcsrev(text), L"dcba");
    same(_wcsupr(text), L"DCBA");
    wchar_t *copy = _wcsdup(text);
    same(copy, text);
    free(copy);
    assert_ptr_equal(wmemchr(banana, L'n', 2), NULL);
    assert_true(wmemcmp(L"ab", L"ac", 2) < 0);
}

static void test_numbers(void **state) {
    static const wchar_t text[] = L" \t-123xyz";
    wchar_t *end;
    (void)state;
    assert_int_equal(wcstol(text, &end, 10), -123);
    assert_ptr_equal(end, text + 6);
    assert_int_equal(wcstol(L"0x1f", NULL, 0), 31);
    static const wchar_t nothing[] = L"  x";
    assert_int_equal(wcstol(nothing, &end, 10), 0);
    assert_ptr_equal(end, nothing);
    assert_true(wcstoull(L"18446744073709551615", NULL, 10) == UINT64_MAX);
    errno = 0;
    assert_true(wcstoll(L"9223372036854775808", NULL, 10) == INT64_MAX && errno == ERANGE);
    assert_true(wcstod(L"-1.5e3;", &end) == -1500.0 && *end == L';');
    assert_int_equal(_wtoi(L"42\x4e2d"), 42);
    char narrow[70];
    wchar_t wide[70];
    assert_string_equal(_itoa(-255, narrow, 10), "-255");
    assert_string_equal(_i64toa(INT64_MIN, narrow, 10), "-9223372036854775808");
    assert_string_equal(_ui64toa(UINT64_MAX, narrow, 2),
                        "1111111111111111111111111111111111111111111111111111111111111111");
    same(_ultow(255, wide, 16), L"ff");
    same(_ltow(0, wide, 10), L"0");
}

static void test_multibyte(void **state) {
    wchar_t wide[8];
    char narrow[16];
    mbstate_t shift = {0};
    (void)state;
    assert_int_equal(mbstowcs(wide, "a\xe4\xb8\xad\xf0\x9f\x98\x80", 8), 4);
    same(wide, L"a\x4e2d\xd83d\xde00");
    assert_int_equal(wcstombs(narrow, wide, sizeof narrow), 8);
    assert_string_equal(narrow, "a\xe4\xb8\xad\xf0\x9f\x98\x80");
    assert_int_equal(wcstombs(NULL, wide, 0), 8);
    memset(narrow, '#', sizeof narrow);
    assert_int_equal(wcstombs(narrow, L"ab\x4e2d", 4), 2);
    assert_memory_equal(narrow, "ab##", 4);
    strcpy(narrow, "a\xe4\xb8\xad\xf0\x9f\x98\x80");
    assert_int_equal(mbstowcs(NULL, narrow, 0), 4);
    assert_int_equal(mbstowcs(wide, "\xff", 8), (size_t)-1);
    assert_int_equal(wcstombs(narrow, L"\xde00", 8), (size_t)-1);
    /* A sequence that comes in pieces. */
    assert_int_equal(mbrtowc(wide, "\xe4", 1, &shift), (size_t)-2);
    assert_int_equal(mbrtowc(wide, "\xb8", 1, &shift), (size_t)-2);
    assert_int_equal(mbrtowc(wide, "\xad", 1, &shift), 1);
    assert_int_equal(wide[0], 0x4e2d);
    assert_true(mbsinit(&shift));
    /* A wrong second byte shows at once. */
    assert_int_equal(mbrtowc(wide, "\xe4\x41", 2, &shift), (size_t)-1);
    /* Room for part only: the rest is found where it stopped. */
    const char *source = "ab\xe4\xb8\xad";
    assert_int_equal(mbsrtowcs(wide, &source, 2, &shift), 2);
    assert_string_equal(source, "\xe4\xb8\xad");
}

static void test_case(void **state) {
    (void)state;
    assert_int_equal(letter_lower(L'A'), L'a');
    assert_int_equal(letter_upper(0xff), 0x178);
    assert_int_equal(letter_lower(0x416), 0x436);
    assert_int_equal(letter_lower(0x391), 0x3b1);
    assert_int_equal(letter_lower(0x401), 0x451);
    assert_int_equal(letter_lower(0x141), 0x142);
    assert_int_equal(letter_upper(0x3c2), 0x3a3);
    assert_int_equal(letter_lower(L'['), L'[');
    for (unsigned c = 0; c < 0x10000; c++) {
        wchar_t lower = letter_lower((wchar_t)c);
        if (lower != c) {
            assert_int_equal(letter_upper(lower), c);
            assert_int_equal(letter_lower(lower), lower);
            assert_int_equal(letter_upper((wchar_t)c), c);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_malformed), cmocka_unit_test(test_strings),
        cmocka_unit_test(test_numbers),    cmocka_unit_test(test_multibyte), cmocka_unit_test(test_case),
    };
    return cmocka_run_group_tests_name("sdk_text", tests, NULL, NULL);
}
