/* kprintf: what reaches the console, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <uchar.h>
#include <cmocka.h>

#include "include/print.h"
#include "drivers/uart.h"

static char output[512];
static uint32_t used;

void uart_write(const char *bytes, uint32_t count) {
    assert_true(used + count < sizeof output);
    memcpy(output + used, bytes, count);
    used += count;
    output[used] = 0;
}

#define CHECK(expected, ...)                                                                                           \
    do {                                                                                                               \
        used = 0;                                                                                                      \
        output[0] = 0;                                                                                                 \
        kprintf(__VA_ARGS__);                                                                                          \
        assert_string_equal(output, expected);                                                                         \
    } while (0)

static void test_numbers(void **state) {
    (void)state;
    CHECK("0 -1 2147483647 -2147483648", "%d %d %d %d", 0, -1, INT32_MAX, INT32_MIN);
    CHECK("4294967295 0 deadbeef", "%u %lu %x", UINT32_MAX, 0u, 0xdeadbeefu);
    CHECK("[   -5][-5   ][-0005][00ff][ff  ][12345]", "[%5d][%-5d][%05d][%04x][%-04x][%3u]", -5, -5, -5, 255u, 255u,
          12345u);
    CHECK("0x0000c000 0xffffffff", "%p %p", 0xc000u, UINT32_MAX);
}

static void test_strings(void **state) {
    (void)state;
    CHECK("a (null) [  ab][ab  ][abc][ab][  a]", "%s %s [%4s][%-4s][%2s][%.2s][%3.1s]", "a", (char *)NULL, "ab", "ab",
          "abc", "abc", "abc");
    CHECK("100% x", "%u%% %c", 100u, 'x');
    CHECK("[  x][x  ]", "[%3c][%-3c]", 'x', 'x');
}

static void test_wide_strings(void **state) {
    (void)state;
    CHECK("x\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 (null)", "%ls %ls", u"x\u00e4\u20ac\U0001f600", (uint16_t *)NULL);
    CHECK("[ \xc3\xa4"
          "b][\xf0\x9f\x98\x80 ][a]",
          "[%3ls][%-2ls][%.1ls]", u"\u00e4b", u"\U0001f600", u"abc");
    const uint16_t broken[] = {0xd800, 'a', 0xdc00, 0xdbff, 0};
    CHECK("\xef\xbf\xbd"
          "a\xef\xbf\xbd\xef\xbf\xbd",
          "%ls", broken);
}

static void test_line_ends(void **state) {
    (void)state;
    CHECK("a\r\n\r\nb\r\n", "a\n\n%s", "b\n");
    used = 0;
    print_write("x\ny\0z", 5);
    assert_memory_equal(output, "x\r\ny\0z", 6);
    assert_int_equal(used, 6);
}

static void test_unknown_conversions_show(void **state) {
    (void)state;
    CHECK("%q 1 %", "%q %u %", 1u);
    CHECK("", "%s", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_wide_strings),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_unknown_conversions_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
