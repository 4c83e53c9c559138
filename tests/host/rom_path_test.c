/* Paths, the namespace and searches, over a small image. */
#include "fs/find.h"
#include "tests/host/rom_foreign.h"
#include "tests/host/rom_support.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const names[] = {"a.txt", "Beta.TXT", "c.exe", "noext", "two.dots.txt", "umlaut\xe4.txt"};
static struct romfs fs;
static struct foreign image;

static int make_image(void **state) {
    (void)state;
    struct romfs_problem problem;
    foreign_begin(&image);
    uint32_t at = foreign_append(&image, "data", 4, 4);
    for (uint32_t i = 0; i < ARRAY_COUNT(names); i++) {
        foreign_file(&image, names[i], i < 4 ? i : 4, i < 4 ? i : 4, at);
    }
    foreign_finish(&image, 0, false);
    return romfs_mount(&fs, image.bytes, image.length, ROMFS_THIRD_PARTY, &problem) == 0 ? 0 : -1;
}

static int drop_image(void **state) {
    (void)state;
    free(image.bytes);
    return 0;
}

/* Bytes to UTF-16 (Latin-1), in memory of exactly that length. */
static uint16_t *wide(const char *text) {
    size_t length = strlen(text) + 1;
    uint16_t *units = malloc(2 * length);
    for (size_t i = 0; i < length; i++) {
        units[i] = (uint8_t)text[i];
    }
    return units;
}

static status_t look_up(const char *text, struct namespace_node *node) {
    uint16_t *units = wide(text);
    status_t status = namespace_lookup(&fs, units, node);
    free(units);
    return status;
}

static void expect(const char *text, status_t status, enum node_kind kind, const char *name) {
    struct namespace_node node;
    status_t result = look_up(text, &node);
    if (result != status) {
        fail_msg("%s: status %u, not %u", text, result, status);
    }
    if (result == ERROR_SUCCESS) {
        assert_int_equal(node.kind, kind);
        if (kind == NODE_ROM_FILE) {
            assert_string_equal(node.file.name, name);
        }
    }
}

static void test_paths(void **state) {
    (void)state;
    expect("\\Windows\\a.txt", 0, NODE_ROM_FILE, "a.txt");
    expect("/WINDOWS//A.TXT", 0, NODE_ROM_FILE, "a.txt");
    expect("\\\\windows/\\/beta.txt", 0, NODE_ROM_FILE, "Beta.TXT");
    expect("Windows\\c.exe", 0, NODE_ROM_FILE, "c.exe");
    expect("C.EXE", 0, NODE_ROM_FILE, "c.exe");
    expect("umlaut\xe4.txt", 0, NODE_ROM_FILE, "umlaut\xe4.txt");
    expect("\\", 0, NODE_ROOT, NULL);
    expect("//", 0, NODE_ROOT, NULL);
    expect("\\windows", 0, NODE_WINDOWS, NULL);
    expect("\\Windows\\", 0, NODE_WINDOWS, NULL);
    expect("Windows", 0, NODE_WINDOWS, NULL);
    expect("Windows/", 0, NODE_WINDOWS, NULL);
    expect("", ERROR_PATH_NOT_FOUND, NODE_ROOT, NULL);
    expect("nofile", ERROR_FILE_NOT_FOUND, NODE_ROOT, NULL);
    expect("\\a.txt", ERROR_FILE_NOT_FOUND, NODE_ROOT, NULL);
    expect("\\Windows\\nofile", ERROR_FILE_NOT_FOUND, NODE_ROOT, NULL);
    expect("\\Windows\\Windows", ERROR_FILE_NOT_FOUND, NODE_ROOT, NULL);
    expect("\\Windows\\..", ERROR_FILE_NOT_FOUND, NODE_ROOT, NULL);
    expect("\\Window\\a.txt", ERROR_PATH_NOT_FOUND, NODE_ROOT, NULL);
    expect("\\Windows\\a.txt\\", ERROR_PATH_NOT_FOUND, NODE_ROOT, NULL);
    expect("Windows\\a.txt\\", ERROR_PATH_NOT_FOUND, NODE_ROOT, NULL);
    expect("\\Windows\\a.txt\\b", ERROR_PATH_NOT_FOUND, NODE_ROOT, NULL);
    expect("\\Windows\\..\\Windows\\a.txt", ERROR_PATH_NOT_FOUND, NODE_ROOT, NULL);
    static const char *const bad[] = {"a:", "C:\\a.txt", "a*", "?", "a|b", "<", ">", "\"", "\\x\\a\x1f", "\x01", "\n"};
    for (uint32_t i = 0; i < ARRAY_COUNT(bad); i++) {
        expect(bad[i], ERROR_INVALID_NAME, NODE_ROOT, NULL);
    }
}

static void test_lengths(void **state) {
    (void)state;
    char text[400];
    memset(text, 'x', sizeof(text));
    text[259] = 0;
    expect(text, ERROR_FILE_NOT_FOUND, NODE_ROOT, NULL);
    text[259] = 'x';
    text[260] = 0;
    expect(text, ERROR_FILENAME_EXCED_RANGE, NODE_ROOT, NULL);
    memset(text, '\\', 259);
    text[259] = 0;
    expect(text, 0, NODE_ROOT, NULL);
    uint16_t *units = malloc(2 * PATH_MOST); /* never looks behind PATH_MOST units */
    for (uint32_t i = 0; i < PATH_MOST; i++) {
        units[i] = 'y';
    }
    struct namespace_node node;
    assert_int_equal(namespace_lookup(&fs, units, &node), ERROR_FILENAME_EXCED_RANGE);
    free(units);
    static const uint16_t other[] = {'a', '.', 0x0442, 'x', 't', 0};
    assert_int_equal(namespace_lookup(&fs, other, &node), ERROR_FILE_NOT_FOUND);
}

static void test_info(void **state) {
    (void)state;
    struct namespace_node node;
    struct abi_file_info info, other;
    static const uint16_t umlaut[] = {'u', 'm', 'l', 'a', 'u', 't', 0xe4, '.', 't', 'x', 't', 0};
    assert_int_equal(look_up("umlaut\xe4.txt", &node), 0);
    memset(&info, 0xff, sizeof(info));
    namespace_info(&fs, &node, &info);
    assert_memory_equal(info.name, umlaut, sizeof(umlaut));
    assert_int_equal(info.size_low, 4);
    assert_int_equal(info.size_high, 0);
    assert_int_equal(info.time_low, 0x11223344);
    assert_true((info.attributes & ROM_INROM) != 0);
    assert_int_equal(look_up("a.txt", &node), 0);
    namespace_info(&fs, &node, &other);
    assert_int_equal(other.volume, info.volume);
    assert_int_not_equal(other.index_low, info.index_low);
    assert_int_equal(look_up("\\Windows", &node), 0);
    namespace_info(&fs, &node, &other);
    assert_int_equal(other.attributes, ROM_DIRECTORY);
    assert_int_equal(other.name[6], 's');
    assert_int_equal(look_up("\\", &node), 0);
    namespace_info(&fs, &node, &info);
    assert_int_equal(info.attributes, ROM_DIRECTORY);
    assert_int_equal(info.name[0], 0);
    assert_int_not_equal(other.index_low, info.index_low);
}

static bool matches(const char *pattern, const char *name) {
    return find_match(pattern, (uint32_t)strlen(pattern), name, (uint32_t)strlen(name));
}

static void test_match(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *name;
        bool expected;
    } cases[] = {
        {"*", "a", true},
        {"*.*", "a", true},
        {"*.*", "a.b", true},
        {"a*", "A", true},
        {"a*", "ba", false},
        {"*a", "ba", true},
        {"?", "a", true},
        {"?", "ab", false},
        {"??", "ab", true},
        {"a?", "a", false},
        {"*.txt", "x.TXT", true},
        {"*.txt", "x.txt.exe", false},
        {"*.txt", "txt", false},
        {"foo.*", "foo", true},
        {"foo.*", "foo.bar", true},
        {"foo.*", "fool", false},
        {"*a*b*", "xaxbx", true},
        {"*a*b*", "xbxax", false},
        {"*aab", "aaaaab", true},
        {"a**b", "ab", true},
        {"*?", "a", true},
        {"*.t?t", "x.tot", true},
        {"x", "X", true},
        {"[", "{", false},
        {"*ab*abc", "ababcababc", true},
    };
    for (uint32_t i = 0; i < ARRAY_COUNT(cases); i++) {
        if (matches(cases[i].pattern, cases[i].name) != cases[i].expected) {
            fail_msg("%s against %s", cases[i].pattern, cases[i].name);
        }
    }
}

/* What a search finds: names joined by spaces, in the order found; "[Windows]" for the directory. */
static void expect_found(const char *text, status_t status, const char *expected) {
    struct find find;
    struct namespace_node node;
    char found[500] = "";
    uint16_t *units = wide(text);
    status_t result = find_first(&find, &fs, units, &node);
    free(units);
    if (result != status) {
        fail_msg("%s: status %u, not %u", text, result, status);
    }
    while (result == ERROR_SUCCESS) {
        strcat(found, found[0] != 0 ? " " : "");
        strcat(found, node.kind == NODE_WINDOWS ? "[Windows]" : node.file.name);
        result = find_next(&find, &node);
    }
    assert_string_equal(found, expected);
    if (status == ERROR_SUCCESS) {
        assert_int_equal(result, ERROR_NO_MORE_FILES);
        assert_int_equal(find_next(&find, &node), ERROR_NO_MORE_FILES);
    }
}

static void test_searches(void **state) {
    (void)state;
    const char *all = "a.txt Beta.TXT c.exe noext two.dots.txt umlaut\xe4.txt";
    expect_found("\\Windows\\*", 0, all);
    expect_found("/windows/*.*", 0, all);
    expect_found("*", 0, all);
    expect_found("\\Windows\\*.txt", 0, "a.txt Beta.TXT two.dots.txt umlaut\xe4.txt");
    expect_found("\\Windows\\?.*", 0, "a.txt c.exe");
    expect_found("\\Windows\\umlaut\xe4*", 0, "umlaut\xe4.txt");
    expect_found("\\Windows\\A.TXT", 0, "a.txt");
    expect_found("beta.txt", 0, "Beta.TXT");
    expect_found("\\*", 0, "[Windows]");
    expect_found("\\*.*", 0, "[Windows]");
    expect_found("\\W?ndows", 0, "[Windows]");
    expect_found("W*s", 0, "[Windows]");
    expect_found("\\Windows", 0, "[Windows]");
    expect_found("\\Windows\\*.zip", ERROR_NO_MORE_FILES, "");
    expect_found("\\*.txt", ERROR_NO_MORE_FILES, "");
    expect_found("*.zip", ERROR_NO_MORE_FILES, "");
    expect_found("\\Windows\\zip", ERROR_FILE_NOT_FOUND, "");
    expect_found("\\", ERROR_FILE_NOT_FOUND, "");
    expect_found("\\Windows\\", ERROR_FILE_NOT_FOUND, "");
    expect_found("\\no\\*", ERROR_PATH_NOT_FOUND, "");
    expect_found("\\W*\\a.txt", ERROR_INVALID_NAME, "");
    expect_found("\\Windows\\a|*", ERROR_INVALID_NAME, "");
    expect_found("", ERROR_PATH_NOT_FOUND, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths), cmocka_unit_test(test_lengths),  cmocka_unit_test(test_info),
        cmocka_unit_test(test_match), cmocka_unit_test(test_searches),
    };
    return cmocka_run_group_tests_name("rom_path", tests, make_image, drop_image);
}
