/* romfs on images as others write them: nothing aligned, files that share pages, modules, compressed files, and entries
 * that lie. */
#include "tests/host/rom_foreign.h"
#include "tests/host/rom_support.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct romfs fs;
static struct romfs_problem problem;
static struct rom_file file;

/* Mounts from page-aligned memory of exactly the image's length (plus behind, filled with 0xff). */
static uint8_t *mount_foreign(const struct foreign *image, uint32_t behind) {
    uint8_t *memory = NULL;
    assert_int_equal(posix_memalign((void **)&memory, PAGE_SIZE, image->length + behind), 0);
    memcpy(memory, image->bytes, image->length);
    memset(memory + image->length, 0xff, behind);
    rom_notes = 0;
    assert_int_equal(romfs_mount(&fs, memory, image->length + behind, ROMFS_THIRD_PARTY, &problem), 0);
    return memory;
}

static void drop(struct foreign *image, uint8_t *memory) {
    free(image->bytes);
    free(memory);
}

static status_t look_up(const char *name) {
    return romfs_lookup(&fs, name, (uint32_t)strlen(name), &file);
}

static void expect_content(const char *name, const void *data, uint32_t bytes) {
    uint8_t buffer[9000];
    uint32_t got;
    assert_int_equal(look_up(name), 0);
    assert_int_equal(romfs_read_memory(&fs, &file, 0, buffer, sizeof(buffer), &got), 0);
    assert_int_equal(got, bytes);
    assert_memory_equal(buffer, data, bytes);
    assert_int_equal(romfs_verify(&fs, &file), ERROR_NOT_SUPPORTED);
}

/* Two unaligned files that share a page, an aligned one whose last page is its own, one whose last page is not. */
static void build_mixed(struct foreign *image, uint32_t shift, bool old) {
    uint8_t text[5000];
    rom_fill_text(text, sizeof(text), 7);
    foreign_begin(image);
    foreign_module(image, "nk.exe", 123456);
    foreign_file(image, "first.txt", 5000, 5000, foreign_append(image, text, 5000, 4));
    foreign_file(image, "Second.txt", 100, 100, foreign_append(image, text + 50, 100, 1));
    uint32_t own = foreign_append(image, text, 5000, 4096);
    uint8_t zeros[2 * 4096 - 5000] = {0};
    foreign_append(image, zeros, sizeof(zeros), 1);
    foreign_file(image, "own.bin", 5000, 5000, own);
    foreign_file(image, "shared.bin", 4096 + 904, 4096 + 904, foreign_append(image, text, 5000, 4096));
    foreign_file(image, "full.bin", 4096, 4096, foreign_append(image, text, 4096, 4096));
    foreign_file(image, "nothing", 0, 0, 0)->data = 0;
    uint8_t stream[100];
    rom_fill_noise(stream, 100, 3);
    foreign_file(image, "packed.dll", 5000, 100, foreign_append(image, stream, 100, 1));
    foreign_finish(image, shift, old);
}

static void test_reads_and_maps_what_it_can(void **state) {
    (void)state;
    uint8_t text[5000];
    rom_fill_text(text, sizeof(text), 7);
    for (uint32_t variant = 0; variant < 5; variant++) {
        struct foreign image;
        const void *address;
        uint32_t got;
        bool old = variant == 4;
        build_mixed(&image, old ? 0 : variant, old);
        uint8_t *memory = mount_foreign(&image, variant * 100);
        assert_int_equal(fs.base, FOREIGN_BASE);
        assert_int_equal(fs.header, image.header);
        assert_int_equal(rom_notes, 0);
        expect_content("FIRST.TXT", text, 5000);
        expect_content("second.txt", text + 50, 100);
        assert_int_equal(romfs_in_place(&fs, &file, &address), ERROR_NOT_SUPPORTED);
        assert_non_null(strstr(rom_last_note, "page boundary"));
        expect_content("own.bin", text, 5000);
        assert_int_equal(romfs_in_place(&fs, &file, &address), 0);
        assert_ptr_equal(address, memory + file.offset);
        expect_content("shared.bin", text, 5000);
        assert_int_equal(romfs_in_place(&fs, &file, &address), ERROR_NOT_SUPPORTED);
        assert_non_null(strstr(rom_last_note, "last page"));
        expect_content("full.bin", text, 4096);
        assert_int_equal(romfs_in_place(&fs, &file, &address), 0);
        expect_content("nothing", text, 0);
        assert_int_equal(file.attributes, ROM_READONLY | ROM_HIDDEN | ROM_SYSTEM | ROM_INROM);

        assert_int_equal(look_up("packed.dll"), 0);
        assert_int_equal(file.kind, ROM_FILE_FOREIGN);
        assert_int_equal(file.size, 5000);
        assert_true((file.attributes & ROM_COMPRESSED) != 0);
        assert_int_equal(romfs_read_memory(&fs, &file, 0, text, 10, &got), ERROR_NOT_SUPPORTED);
        assert_int_equal(romfs_read_block(&fs, &file, 0, text), ERROR_NOT_SUPPORTED);
        assert_int_equal(romfs_in_place(&fs, &file, &address), ERROR_NOT_SUPPORTED);

        assert_int_equal(look_up("NK.EXE"), 0);
        assert_int_equal(file.kind, ROM_FILE_MODULE);
        assert_int_equal(file.size, 123456);
        assert_true((file.attributes & (ROM_MODULE | ROM_STATICREF)) == (ROM_MODULE | ROM_STATICREF));
        assert_int_equal(romfs_read_memory(&fs, &file, 0, text, 10, &got), ERROR_NOT_SUPPORTED);
        assert_int_equal(romfs_in_place(&fs, &file, &address), ERROR_NOT_SUPPORTED);
        assert_int_equal(romfs_verify(&fs, &file), ERROR_NOT_SUPPORTED);
        drop(&image, memory);
    }
}

/* An image that lies so that crooked data come to stand on a page: still not mapped, the pages hold other things. */
static void test_straight_by_accident(void **state) {
    (void)state;
    struct foreign image;
    const void *address;
    uint8_t *memory = NULL;
    uint8_t text[4096];
    rom_fill_text(text, sizeof(text), 7);
    foreign_begin(&image);
    foreign_append(&image, text, 100, 4);
    uint32_t at = foreign_append(&image, text, 4096, 4);
    uint8_t zeros[4096] = {0};
    foreign_append(&image, zeros, sizeof(zeros), 4);
    foreign_file(&image, "crooked", 4096, 4096, at);
    foreign_finish(&image, 0, false);
    uint32_t shift = PAGE_SIZE - at % PAGE_SIZE;
    assert_int_equal(posix_memalign((void **)&memory, PAGE_SIZE, shift + image.length), 0);
    memcpy(memory + shift, image.bytes, image.length);
    assert_int_equal(romfs_mount(&fs, memory + shift, image.length, ROMFS_THIRD_PARTY, &problem), 0);
    expect_content("crooked", text, 4096);
    assert_int_equal((uintptr_t)(memory + shift + file.offset) % PAGE_SIZE, 0);
    assert_int_equal(romfs_in_place(&fs, &file, &address), ERROR_NOT_SUPPORTED);
    drop(&image, memory);
}

/* A last page that is cut off by the end of the memory is not whole. */
static void test_last_page_cut_off(void **state) {
    (void)state;
    struct foreign image;
    const void *address;
    uint8_t text[4100];
    rom_fill_text(text, sizeof(text), 7);
    foreign_begin(&image);
    foreign_file(&image, "early", 4, 4, foreign_append(&image, text, 4, 4));
    struct rom_file_entry *entry = foreign_file(&image, "tail", 4100, 4100, 0);
    foreign_finish(&image, 0, false);
    uint32_t at = foreign_append(&image, text, 4100, 4096);
    uint8_t *table = image.bytes + image.header + sizeof(struct rom_header);
    rom_store32(table + sizeof(*entry) + offsetof(struct rom_file_entry, data), FOREIGN_BASE + at);
    rom_store32(image.bytes + image.header + offsetof(struct rom_header, last), FOREIGN_BASE + image.length);
    uint8_t *memory = mount_foreign(&image, 0);
    expect_content("tail", text, 4100);
    assert_int_equal(romfs_in_place(&fs, &file, &address), ERROR_NOT_SUPPORTED);
    drop(&image, memory);
}

static void test_bad_entries_are_left_out(void **state) {
    (void)state;
    struct foreign image;
    char long_name[300];
    memset(long_name, 'n', sizeof(long_name));
    long_name[251] = 0;
    foreign_begin(&image);
    uint32_t at = foreign_append(&image, "content!", 8, 4);
    foreign_file(&image, "good", 8, 8, at);
    foreign_file(&image, "below", 8, 8, at)->data = FOREIGN_BASE - 8;
    foreign_file(&image, "above", 8, 8, at)->data = FOREIGN_BASE + 0x100000;
    foreign_file(&image, "wraps", 8, 8, at)->data = 0xfffffffc;
    foreign_file(&image, "long", 0xfffffff0u, 0xfffffff0u, at);
    foreign_file(&image, "blown", 8, 9, at);
    foreign_file(&image, "noname", 8, 8, at)->name = 0;
    foreign_file(&image, "", 8, 8, at);
    foreign_file(&image, "..", 8, 8, at);
    foreign_file(&image, ".", 8, 8, at);
    foreign_file(&image, "a/b", 8, 8, at);
    foreign_file(&image, "a\\b", 8, 8, at);
    foreign_file(&image, "tab\t", 8, 8, at);
    foreign_file(&image, long_name, 8, 8, at);
    long_name[250] = 0;
    foreign_file(&image, long_name, 8, 8, at);
    foreign_file(&image, "umlaut\xe4", 4, 4, at + 4); /* overlaps "good": allowed */
    foreign_file(&image, "GOOD", 4, 4, at + 4);       /* the first counts */
    foreign_file(&image, "nodata", 8, 8, at)->stored = 0;
    foreign_module(&image, "good", 5);
    foreign_module(&image, "badmod", 5)->name = 4;
    foreign_finish(&image, 0, false);
    /* A name that runs into the end of the image. */
    rom_store32(image.bytes + image.header + sizeof(struct rom_header) + 2 * sizeof(struct rom_module_entry) +
                    6 * sizeof(struct rom_file_entry) + offsetof(struct rom_file_entry, name),
                FOREIGN_BASE + image.length - 1);
    image.bytes[image.length - 1] = 'x';
    image.bytes[image.header + sizeof(struct rom_header) + 2 * sizeof(struct rom_module_entry) +
                (image.files - 1) * sizeof(struct rom_file_entry) + offsetof(struct rom_file_entry, data) + 3] = 'x';
    uint8_t *memory = mount_foreign(&image, 0);
    assert_int_equal(rom_notes, 14);
    uint32_t good = 0;
    for (uint32_t index = 0; index < romfs_count(&fs); index++) {
        good += romfs_entry(&fs, index, &file) == ERROR_SUCCESS;
    }
    assert_int_equal(good, 4);
    expect_content("good", "content!", 8);
    expect_content("umlaut\xe4", "ent!", 4);
    expect_content(long_name, "content!", 8);
    assert_int_equal(look_up("nodata"), 0);
    assert_int_equal(file.kind, ROM_FILE_FOREIGN);
    assert_int_equal(look_up("below"), ERROR_FILE_NOT_FOUND);
    drop(&image, memory);
}

static void expect_refused(const struct foreign *image, uint32_t at, uint32_t value, const char *reason) {
    uint8_t *memory = malloc(image->length);
    memcpy(memory, image->bytes, image->length);
    rom_store32(memory + at, value);
    assert_int_not_equal(romfs_mount(&fs, memory, image->length, ROMFS_THIRD_PARTY, &problem), 0);
    if (strstr(problem.what, reason) == NULL) {
        fail_msg("word 0x%x = 0x%x: refused for \"%s\", not \"%s\"", at, value, problem.what, reason);
    }
    assert_int_equal(romfs_count(&fs), 0);
    free(memory);
}

static void test_bad_header_refuses(void **state) {
    (void)state;
    struct foreign image;
    build_mixed(&image, 0, false);
    uint32_t first = image.header + (uint32_t)offsetof(struct rom_header, first);
    uint32_t last = image.header + (uint32_t)offsetof(struct rom_header, last);
    uint32_t files = image.header + (uint32_t)offsetof(struct rom_header, files);
    uint32_t modules = image.header + (uint32_t)offsetof(struct rom_header, modules);
    expect_refused(&image, ROM_SIGNATURE_AT, 0, "no signature");
    expect_refused(&image, ROM_HEADER_AT, image.length, "header outside");
    expect_refused(&image, ROM_HEADER_AT, 0xffffffffu, "header outside");
    expect_refused(&image, ROM_HEADER_VA_AT, 0, "header outside");
    expect_refused(&image, first, FOREIGN_BASE + 4096, "base address");
    expect_refused(&image, ROM_HEADER_VA_AT, FOREIGN_BASE + image.header + 4, "base address");
    expect_refused(&image, last, FOREIGN_BASE, "end address");
    expect_refused(&image, last, 0, "end address");
    expect_refused(&image, last, FOREIGN_BASE + image.header + 0x50, "end address");
    expect_refused(&image, last, 0xffffffffu, "cut off");
    expect_refused(&image, files, 0x10000, "too many files");
    expect_refused(&image, files, 1000, "tables longer");
    expect_refused(&image, modules, 0x7ffffff, "too many modules");
    expect_refused(&image, modules, 1000, "tables longer");
    for (uint32_t bytes = 0; bytes < image.length; bytes += 1 + bytes / 1000) {
        uint8_t *cut = malloc(bytes != 0 ? bytes : 1);
        memcpy(cut, image.bytes, bytes);
        assert_int_not_equal(romfs_mount(&fs, cut, bytes, ROMFS_THIRD_PARTY, &problem), 0);
        free(cut);
    }
    free(image.bytes);
    build_mixed(&image, 0, true);
    expect_refused(&image, image.header + (uint32_t)offsetof(struct rom_header, first), 0x1000, "no header found");
    expect_refused(&image, image.header + (uint32_t)offsetof(struct rom_header, files), 99999999, "no header found");
    free(image.bytes);
}

static void test_not_ours_without_being_asked(void **state) {
    (void)state;
    struct foreign image;
    build_mixed(&image, 0, false);
    assert_int_not_equal(romfs_mount(&fs, image.bytes, image.length, 0, &problem), 0);
    free(image.bytes);
}

/* A chain of extension records that bites its tail, and one that leads out, are said and forgotten. */
static void test_extension_chain(void **state) {
    (void)state;
    struct foreign image;
    static const uint32_t nexts[] = {0, 4, 0xfffffff0u};
    for (uint32_t variant = 0; variant < 3; variant++) {
        foreign_begin(&image);
        struct rom_extension record = {.name = "chain"};
        uint32_t at = foreign_append(&image, &record, sizeof(record), 1);
        foreign_file(&image, "good", 5, 5, foreign_append(&image, "hello", 5, 1));
        foreign_finish(&image, 0, false);
        rom_store32(image.bytes + at + offsetof(struct rom_extension, next),
                    variant == 0 ? FOREIGN_BASE + at : nexts[variant]);
        rom_store32(image.bytes + image.header + offsetof(struct rom_header, extensions), FOREIGN_BASE + at);
        uint8_t *memory = mount_foreign(&image, 0);
        assert_int_equal(rom_notes, 1);
        expect_content("good", "hello", 5);
        drop(&image, memory);
    }
}

/* Checks found in a chain that turns out broken are not believed. */
static void test_checks_of_a_broken_chain(void **state) {
    (void)state;
    for (uint32_t broken = 0; broken < 2; broken++) {
        struct foreign image;
        struct rom_extension record = {.name = ROM_EXTENSION_FILE, .bytes = 4};
        uint8_t crc[4];
        rom_store32(crc, 0x3610a686); /* of "hello" */
        foreign_begin(&image);
        uint32_t checks = foreign_append(&image, crc, 4, 1);
        uint32_t at = foreign_append(&image, &record, sizeof(record), 1);
        uint32_t first = foreign_append(&image, &record, sizeof(record), 1);
        foreign_file(&image, "good", 5, 5, foreign_append(&image, "hello", 5, 1));
        foreign_finish(&image, 0, false);
        rom_store32(image.bytes + first + offsetof(struct rom_extension, next), FOREIGN_BASE + at);
        rom_store32(image.bytes + at + offsetof(struct rom_extension, data), FOREIGN_BASE + checks);
        rom_store32(image.bytes + at + offsetof(struct rom_extension, bytes), 4);
        rom_store32(image.bytes + at + offsetof(struct rom_extension, next), broken != 0 ? 4 : 0);
        rom_store32(image.bytes + image.header + offsetof(struct rom_header, extensions), FOREIGN_BASE + first);
        uint8_t *memory = mount_foreign(&image, 0);
        assert_int_equal(rom_notes, broken);
        assert_int_equal(look_up("good"), 0);
        assert_int_equal(romfs_verify(&fs, &file), broken != 0 ? ERROR_NOT_SUPPORTED : ERROR_SUCCESS);
        drop(&image, memory);
    }
}

/* A base off a page boundary is refused, with and without the offset at 0x48. */
static void test_crooked_base(void **state) {
    (void)state;
    for (uint32_t old = 0; old < 2; old++) {
        struct foreign image;
        build_mixed(&image, 0, old != 0);
        uint8_t *header = image.bytes + image.header;
        rom_store32(image.bytes + ROM_HEADER_VA_AT, FOREIGN_BASE + image.header + 4);
        rom_store32(header + offsetof(struct rom_header, first), FOREIGN_BASE + 4);
        rom_store32(header + offsetof(struct rom_header, last), FOREIGN_BASE + 4 + image.length);
        assert_int_not_equal(romfs_mount(&fs, image.bytes, image.length, ROMFS_THIRD_PARTY, &problem), 0);
        free(image.bytes);
    }
}

/* The bytes before page 0 that some boot files have are the caller's to skip. */
static void test_prefix(void **state) {
    (void)state;
    struct foreign image;
    build_mixed(&image, 0, true);
    uint8_t *memory = calloc(1, image.length + 0x800);
    memcpy(memory + 0x800, image.bytes, image.length);
    assert_int_not_equal(romfs_mount(&fs, memory, image.length + 0x800, ROMFS_THIRD_PARTY, &problem), 0);
    assert_int_equal(romfs_mount(&fs, memory + 0x800, image.length, ROMFS_THIRD_PARTY, &problem), 0);
    assert_int_equal(look_up("second.txt"), 0);
    drop(&image, memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_and_maps_what_it_can),
        cmocka_unit_test(test_last_page_cut_off),
        cmocka_unit_test(test_straight_by_accident),
        cmocka_unit_test(test_bad_entries_are_left_out),
        cmocka_unit_test(test_bad_header_refuses),
        cmocka_unit_test(test_not_ours_without_being_asked),
        cmocka_unit_test(test_extension_chain),
        cmocka_unit_test(test_checks_of_a_broken_chain),
        cmocka_unit_test(test_crooked_base),
        cmocka_unit_test(test_prefix),
    };
    return cmocka_run_group_tests_name("romfs_foreign", tests, NULL, NULL);
}
