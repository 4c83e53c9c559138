/* mkrom as a program: what it writes, what it refuses, and that nothing is left when it fails. */
#include "tests/host/rom_foreign.h"
#include "tests/host/rom_support.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char *place;

static void in_place(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Runs a shell command in the test's directory; it must succeed. */
static void in_place(const char *format, ...) {
    char command[1024];
    char whole[2048];
    va_list list;
    va_start(list, format);
    vsnprintf(command, sizeof(command), format, list);
    va_end(list);
    snprintf(whole, sizeof(whole), "cd '%s' && %s", place, command);
    if (system(whole) != 0) {
        fail_msg("%s", command);
    }
}

static void put(const char *directory, const char *name, uint32_t bytes, bool text) {
    char *path = rom_path(place, directory);
    uint8_t *data = malloc(bytes + 1);
    (text ? rom_fill_text : rom_fill_noise)(data, bytes, bytes);
    rom_file_write(path, name, data, bytes);
    free(data);
    free(path);
}

static int make_place(void **state) {
    (void)state;
    static const uint32_t sizes[] = {0, 1, 4095, 4096, 4097, 65535, 65536, 65541, 1048576, 1048700, 200000, 5};
    place = rom_directory_make();
    in_place("mkdir in other empty sub sub/below");
    for (uint32_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        char name[32];
        snprintf(name, sizeof(name), "file%u.%s", sizes[i], i % 2 != 0 ? "txt" : "bin");
        put("in", name, sizes[i], i % 2 != 0);
    }
    put("in", ".leading dot %s%n", 10, true);
    put("other", "FILE5.TXT", 5, true);
    put("other", "more", 50000, true);
    put("sub/below", "deep", 5, true);
    put(".", "kernel.bin", 61234, false);
    return 0;
}

static int drop_place(void **state) {
    (void)state;
    rom_directory_remove(place);
    return 0;
}

static void expect_equal_files(const char *one, const char *other) {
    in_place("cmp '%s' '%s'", one, other);
}

/* A run that must fail, say why, and leave nothing of the name bad.*, also not what was there. */
static void expect_failure(const char *arguments, const char *reason) {
    in_place("echo old > bad.nb0 && echo old > bad.bin");
    int status = rom_mkrom(place, "-o bad.nb0 --bin bad.bin %s", arguments);
    if (status != 1) {
        fail_msg("%s: exit status %d", arguments, status);
    }
    if (!rom_said(place, "stderr", reason)) {
        in_place("cat stderr >&2");
        fail_msg("%s: did not say \"%s\"", arguments, reason);
    }
    in_place("test -z \"$(ls | grep bad)\"");
}

/* A command line that is wrong touches nothing. */
static void expect_usage_error(const char *arguments, const char *reason) {
    in_place("echo old > kept.nb0");
    assert_int_equal(rom_mkrom(place, "-o kept.nb0 %s", arguments), 1);
    if (!rom_said(place, "stderr", reason)) {
        fail_msg("%s: did not say \"%s\"", arguments, reason);
    }
    in_place("test \"$(cat kept.nb0)\" = old && test \"$(ls | grep -c kept)\" = 1");
}

static void test_same_bytes_every_time(void **state) {
    (void)state;
    const char *options = "--kernel kernel.bin --compress '*.txt' --system more";
    assert_int_equal(rom_mkrom(place, "-o a.nb0 --bin a.bin %s in other/more", options), 0);
    in_place("rm -rf copy && mkdir copy && for f in $(ls -r in | grep file); do cp in/$f copy/; done");
    in_place("cp 'in/.leading dot %%s%%n' copy/ && touch -d 2001-01-01 copy/*");
    assert_int_equal(rom_mkrom(place, "-o b.nb0 --bin b.bin %s other/more copy", options), 0);
    expect_equal_files("a.nb0", "b.nb0");
    expect_equal_files("a.bin", "b.bin");
}

static void test_layout(void **state) {
    (void)state;
    static struct romfs fs;
    struct romfs_problem problem;
    struct rom_file file;
    uint32_t bytes, kernel_bytes;
    assert_int_equal(rom_mkrom(place, "-o a.nb0 --base 0x84000000 --ram 0x0,0x8000000 --time 0 --kernel kernel.bin in"),
                     0);
    uint8_t *image = rom_file_read(place, "a.nb0", &bytes);
    uint8_t *kernel = rom_file_read(place, "kernel.bin", &kernel_bytes);
    assert_int_equal(romfs_mount(&fs, image, bytes, 0, &problem), 0);
    assert_int_equal(fs.base, 0x84000000u);
    assert_int_equal(fs.length, bytes);
    assert_int_equal(rom_load32(image), 0xea0003feu);
    assert_int_equal(rom_load32(image + 0x40), 0x43454345u);
    assert_int_equal(rom_load32(image + 0x44), 0x84000000u + fs.header);
    assert_int_equal(rom_load32(image + 0x48), fs.header);
    assert_memory_equal(image + 0x1000, kernel, kernel_bytes);
    assert_int_equal(rom_load32(image + fs.header + 0x0c), 0x84000000u + bytes);
    assert_int_equal(rom_load32(image + fs.header + 0x1c), 0x8000000u);
    for (uint32_t index = 0; index < romfs_count(&fs); index++) {
        assert_int_equal(romfs_entry(&fs, index, &file), 0);
        assert_int_equal(file.offset % (file.size >= 0x100000 ? 0x100000 : file.size >= 0x10000 ? 0x10000 : 0x1000), 0);
        assert_int_equal((uint64_t)file.time_high << 32 | file.time_low, 116444736000000000ull);
        assert_true((uint32_t)((const uint8_t *)file.name - image) + 260 <= bytes);
    }
    /* Two files of 1 MB begin at 1 MB and 2 MB; everything else finds room before, between and behind. */
    assert_int_equal(bytes, 0x301000);
    free(kernel);
    free(image);
}

static void test_smallest_image(void **state) {
    (void)state;
    static struct romfs fs;
    struct romfs_problem problem;
    uint32_t bytes;
    assert_int_equal(rom_mkrom(place, "-o a.nb0 empty"), 0);
    uint8_t *image = rom_file_read(place, "a.nb0", &bytes);
    assert_int_equal(bytes, 0x2000);
    assert_int_equal(rom_load32(image + 0x1000), 0xeafffffeu);
    assert_int_equal(romfs_mount(&fs, image, bytes, 0, &problem), 0);
    assert_int_equal(romfs_count(&fs), 0);
    free(image);
    assert_int_equal(rom_mkrom(place, "-c a.nb0"), 0);
}

/* Foreign readers look at 260 bytes from each name on. */
static void test_room_behind_the_last_name(void **state) {
    (void)state;
    static struct romfs fs;
    struct romfs_problem problem;
    struct rom_file file;
    in_place("rm -rf one && mkdir one && : > one/z");
    for (uint32_t kernel = 3700; kernel < 4000; kernel += 20) {
        uint32_t bytes;
        in_place("head -c %u kernel.bin > k", kernel);
        assert_int_equal(rom_mkrom(place, "-o a.nb0 --kernel k one"), 0);
        uint8_t *image = rom_file_read(place, "a.nb0", &bytes);
        assert_int_equal(romfs_mount(&fs, image, bytes, 0, &problem), 0);
        assert_int_equal(romfs_entry(&fs, 0, &file), 0);
        assert_true((uint32_t)((const uint8_t *)file.name - image) + 260 <= bytes);
        assert_true(file.offset < bytes);
        free(image);
        assert_int_equal(rom_mkrom(place, "-c a.nb0"), 0);
    }
}

static void test_extract_gives_back(void **state) {
    (void)state;
    static const char *const options[] = {"", "--compress '*'", "--compress '*' --no-compress",
                                          "--compress 'FILE*.TXT'"};
    for (uint32_t i = 0; i < ARRAY_COUNT(options); i++) {
        assert_int_equal(rom_mkrom(place, "-o a.nb0 %s in other/more", options[i]), 0);
        in_place("rm -rf out");
        assert_int_equal(rom_mkrom(place, "-x a.nb0 -d out"), 0);
        in_place("rm -rf whole && cp -r in whole && cp other/more whole && diff -r whole out");
        assert_int_equal(rom_mkrom(place, "-c a.nb0"), 0);
        assert_int_equal(rom_mkrom(place, "-l a.nb0"), 0);
        assert_true(rom_said(place, "stdout", "file1048700.txt"));
        assert_int_equal(rom_said(place, "stdout", "blocks"), i == 1 || i == 3);
    }
    in_place("test \"$(stat -c %%Y out/more)\" = 1767225600");
}

static void test_extract_of_damage(void **state) {
    (void)state;
    static struct romfs fs;
    struct romfs_problem problem;
    struct rom_file file;
    uint32_t bytes;
    assert_int_equal(rom_mkrom(place, "-o a.nb0 --compress '*.txt' in other/more"), 0);
    uint8_t *image = rom_file_read(place, "a.nb0", &bytes);
    assert_int_equal(romfs_mount(&fs, image, bytes, 0, &problem), 0);
    assert_int_equal(romfs_lookup(&fs, "file4096.txt", 12, &file), 0);
    image[file.offset + 100] ^= 1;
    assert_int_equal(romfs_lookup(&fs, "file65536.bin", 13, &file), 0);
    image[file.offset + 100] ^= 1;
    rom_file_write(place, "damaged.nb0", image, bytes);
    in_place("rm -rf out");
    assert_int_equal(rom_mkrom(place, "-x damaged.nb0 -d out"), 1);
    assert_true(rom_said(place, "stderr", "file4096.txt: data damaged"));
    assert_true(rom_said(place, "stderr", "file65536.bin: data damaged"));
    in_place("test ! -e out/file4096.txt && test ! -e out/file65536.bin && cmp out/more other/more");
    assert_int_equal(rom_mkrom(place, "-c damaged.nb0"), 1);
    assert_true(rom_said(place, "stderr", "file4096.txt: data damaged"));
    image[fs.header + 0x30] ^= 1;
    rom_file_write(place, "damaged.nb0", image, bytes);
    assert_int_equal(rom_mkrom(place, "-x damaged.nb0 -d out"), 1);
    assert_true(rom_said(place, "stderr", "damaged.nb0: "));
    rom_file_write(place, "damaged.nb0", image, bytes / 2);
    assert_int_equal(rom_mkrom(place, "-l damaged.nb0"), 1);
    assert_true(rom_said(place, "stderr", "image cut off"));
    free(image);
}

/* Puts a container's records back into a flat image. */
static void test_container(void **state) {
    (void)state;
    uint32_t bytes, flat_bytes;
    assert_int_equal(rom_mkrom(place, "-o a.nb0 --bin a.bin --kernel kernel.bin in other/more"), 0);
    uint8_t *container = rom_file_read(place, "a.bin", &bytes);
    uint8_t *flat = rom_file_read(place, "a.nb0", &flat_bytes);
    uint8_t *rebuilt = calloc(1, flat_bytes);
    uint32_t base = 0x80200000u;
    uint32_t at = 15, last = base, records = 0, headers = 0;
    assert_memory_equal(container, "B000FF\n", 7);
    assert_int_equal(rom_load32(container + 7), base);
    assert_int_equal(rom_load32(container + 11), flat_bytes);
    for (;; records++) {
        uint32_t address = rom_load32(container + at);
        uint32_t length = rom_load32(container + at + 4);
        uint32_t sum = rom_load32(container + at + 8);
        at += 12;
        if (address == 0) {
            assert_int_equal(length, base + 0x1000);
            assert_int_equal(sum, 0);
            break;
        }
        assert_true(address >= last && length != 0 && length <= 0x10000 && at + length <= bytes);
        for (uint32_t i = 0; i < length; i++) {
            rebuilt[address - base + i] = container[at + i];
            sum -= container[at + i];
        }
        assert_int_equal(sum, 0);
        bool header = (address == base + 0x40 && length == 8) || (address == base + 0x48 && length == 4) ||
                      (address - base == rom_load32(flat + 0x48) && length == 0x54);
        headers += header;
        at += length;
        last = address + length;
    }
    assert_int_equal(at, bytes);
    assert_int_equal(headers, 3);
    assert_memory_equal(rebuilt, flat, flat_bytes);
    free(container);
    free(flat);
    free(rebuilt);
}

static void test_refuses(void **state) {
    (void)state;
    char name[260];
    expect_failure("in other", "two files of one name");
    expect_failure("in in", "two files of one name");
    expect_failure("sub", "subdirectory");
    expect_failure("in/nothing", "No such file");
    expect_failure("nothing", "No such file");
    expect_failure("/dev/null", "not a file");
    expect_failure("--kernel nothing in", "No such file");
    expect_failure("--kernel empty in", "not a file");
    expect_failure("--kernel in/file0.bin in", "empty");
    expect_failure("--flash-size 1M in", "do not fit into the flash");
    expect_failure("--flash-size 3145728 in", "do not fit into the flash");
    expect_usage_error("--flash-size 12Q in", "bad number");
    expect_usage_error("--base 0x80280000 in", "multiple of 1 MB");
    expect_usage_error("--base 0 in", "multiple of 1 MB");
    expect_usage_error("--base 0xc0000000 in", "multiple of 1 MB");
    expect_usage_error("--base -1 in", "bad number");
    expect_usage_error("--time soon in", "bad number");
    expect_failure("--ram 0x80200000,0x80201000 in", "overlaps the image");
    expect_usage_error("--ram 5,5 in", "end is not above");
    expect_usage_error("--frobnicate in", "try --help");
    in_place("rm -rf names && mkdir names");
    memset(name, 'n', 251);
    name[251] = 0;
    put("names", name, 3, true);
    expect_failure("names", "name too long");
    name[250] = 0;
    in_place("mv names/* names/%s", name);
    assert_int_equal(rom_mkrom(place, "-o a.nb0 names"), 0);
    static const char *const bad[] = {"a:b", "a\\b", "star*", "que?", "pipe|", "end.", "end ", "\xc3\xa4", "tab\t"};
    for (uint32_t i = 0; i < ARRAY_COUNT(bad); i++) {
        in_place("rm -rf names && mkdir names");
        put("names", bad[i], 3, true);
        expect_failure("names", "name");
    }
    in_place("rm -rf big && mkdir big && truncate -s 5G big/huge");
    expect_failure("big", "4 GB or longer");
    assert_int_equal(rom_mkrom(place, "-o missing/a.nb0 in"), 1);
    assert_int_equal(rom_mkrom(place, "-o a.nb0 --bin missing/a.bin in"), 1);
    in_place("test ! -e a.nb0 && test -z \"$(ls | grep a.nb0)\"");
}

/* A stream of ours for a file of this size could be taken for one of CE's. */
static void test_ambiguous_size_stays_plain(void **state) {
    (void)state;
    in_place("rm -rf sizes && mkdir sizes && truncate -s 4604738 sizes/plain && truncate -s 4604737 sizes/packed");
    assert_int_equal(rom_mkrom(place, "-o a.nb0 --compress '*' sizes"), 0);
    assert_int_equal(rom_mkrom(place, "-l a.nb0"), 0);
    assert_true(rom_said(place, "stdout", "plain      4604738    4604738"));
    assert_true(rom_said(place, "stdout", "blocks     4604737 "));
}

static void test_usage(void **state) {
    (void)state;
    assert_int_equal(rom_mkrom(place, "--help"), 0);
    assert_true(rom_said(place, "stdout", "--third-party"));
    assert_int_equal(rom_mkrom(place, "%s", ""), 1);
    assert_int_equal(rom_mkrom(place, "-l a.nb0 -c a.nb0"), 1);
    assert_int_equal(rom_mkrom(place, "-l nothing.nb0"), 1);
    assert_int_equal(rom_mkrom(place, "-l kernel.bin"), 1);
    assert_true(rom_said(place, "stderr", "no signature at 0x40"));
    assert_int_equal(rom_mkrom(place, "-o a.nb0 in"), 0);
    assert_int_equal(rom_mkrom(place, "-x a.nb0"), 1);
    assert_int_equal(rom_mkrom(place, "-o a.nb0 --system 'no*' in"), 0);
    assert_true(rom_said(place, "stderr", "warning: --system no* matches no file"));
}

static void test_third_party(void **state) {
    (void)state;
    struct foreign image;
    char text[5000];
    rom_fill_text((uint8_t *)text, sizeof(text), 9);
    foreign_begin(&image);
    foreign_module(&image, "nk.exe", 5);
    foreign_file(&image, "plain.txt", 5000, 5000, foreign_append(&image, text, 5000, 4));
    foreign_file(&image, "gr\xfc\x80.txt", 10, 10, foreign_append(&image, text, 10, 1));
    foreign_finish(&image, 0, true);
    uint8_t *prefixed = calloc(1, image.length + 0x800);
    memcpy(prefixed + 0x800, image.bytes, image.length);
    rom_file_write(place, "foreign.bin", prefixed, image.length + 0x800);
    in_place("rm -rf out");
    assert_int_equal(rom_mkrom(place, "-l foreign.bin"), 1);
    assert_int_equal(rom_mkrom(place, "-l foreign.bin --third-party"), 1);
    assert_int_equal(rom_mkrom(place, "-l foreign.bin --third-party --offset 0x800"), 0);
    assert_true(rom_said(place, "stdout", "module"));
    assert_int_equal(rom_mkrom(place, "-c foreign.bin --third-party --offset 2K"), 0);
    assert_int_equal(rom_mkrom(place, "-x foreign.bin --third-party --offset 2K -d out"), 0);
    in_place("test \"$(ls out | wc -l)\" = 2 && test -e 'out/gr\xc3\xbc\xe2\x82\xac.txt'");
    char *out = rom_path(place, "out");
    uint32_t bytes;
    uint8_t *extracted = rom_file_read(out, "plain.txt", &bytes);
    assert_int_equal(bytes, 5000);
    assert_memory_equal(extracted, text, 5000);
    free(extracted);
    free(out);
    free(prefixed);
    free(image.bytes);
    foreign_begin(&image);
    foreign_file(&image, "packed", 100, 50, foreign_append(&image, text, 50, 1));
    foreign_finish(&image, 0, false);
    rom_file_write(place, "foreign.bin", image.bytes, image.length);
    assert_int_equal(rom_mkrom(place, "-x foreign.bin --third-party -d out"), 1);
    assert_true(rom_said(place, "stderr", "packed: compressed by another method"));
    in_place("test ! -e out/packed");
    free(image.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes_every_time),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_smallest_image),
        cmocka_unit_test(test_room_behind_the_last_name),
        cmocka_unit_test(test_extract_gives_back),
        cmocka_unit_test(test_extract_of_damage),
        cmocka_unit_test(test_container),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_ambiguous_size_stays_plain),
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_third_party),
    };
    return cmocka_run_group_tests_name("mkrom", tests, make_place, drop_place);
}
