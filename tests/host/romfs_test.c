/* romfs on images of ours, made by mkrom. */
#include "tests/host/rom_support.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct {
    const char *name;
    uint32_t bytes;
    bool text;
} content[] = {
    {"alpha.txt", 5, true},       {"Beta.bin", 5000, false},  {"c.txt", 13000, true},   {"c1.txt", 4096, true},
    {"c2.txt", 4097, true},       {"empty", 0, true},         {"mix.txt", 12288, true}, {"page.bin", 4096, false},
    {"_under", 100, true},        {"UPPER.TXT", 4097, false}, {"v x.y z", 1, true},     {"large.bin", 65536, false},
    {"zlarge.bin", 65537, false},
};

static struct {
    char *directory;
    uint8_t *image; /* of exactly length bytes, page aligned */
    uint32_t length;
    uint8_t *data[ARRAY_COUNT(content)];
    struct romfs fs;
    struct romfs_problem problem;
} rom;

static uint8_t *copy_aligned(const uint8_t *from, uint32_t bytes) {
    uint8_t *memory = NULL;
    assert_int_equal(posix_memalign((void **)&memory, PAGE_SIZE, bytes != 0 ? bytes : 1), 0);
    memcpy(memory, from, bytes);
    return memory;
}

static int make_image(void **state) {
    (void)state;
    rom.directory = rom_directory_make();
    char *files = rom_path(rom.directory, "in");
    char command[512];
    snprintf(command, sizeof(command), "mkdir '%s'", files);
    assert_int_equal(system(command), 0);
    for (uint32_t i = 0; i < ARRAY_COUNT(content); i++) {
        rom.data[i] = malloc(content[i].bytes + 1);
        if (content[i].text) {
            rom_fill_text(rom.data[i], content[i].bytes, i);
        } else {
            rom_fill_noise(rom.data[i], content[i].bytes, i);
        }
        if (strcmp(content[i].name, "mix.txt") == 0) { /* its middle block does not shrink */
            rom_fill_noise(rom.data[i] + 4096, 4096, i);
        }
        rom_file_write(files, content[i].name, rom.data[i], content[i].bytes);
    }
    free(files);
    assert_int_equal(
        rom_mkrom(rom.directory,
                  "-o rom.nb0 --compress 'c*.txt' --compress mix.txt --system page.bin --hidden alpha.txt in"),
        0);
    uint8_t *image = rom_file_read(rom.directory, "rom.nb0", &rom.length);
    rom.image = copy_aligned(image, rom.length);
    free(image);
    assert_int_equal(romfs_mount(&rom.fs, rom.image, rom.length, 0, &rom.problem), 0);
    return 0;
}

static int drop_image(void **state) {
    (void)state;
    for (uint32_t i = 0; i < ARRAY_COUNT(content); i++) {
        free(rom.data[i]);
    }
    free(rom.image);
    rom_directory_remove(rom.directory);
    return 0;
}

static void look_up(const char *name, struct rom_file *file) {
    assert_int_equal(romfs_lookup(&rom.fs, name, (uint32_t)strlen(name), file), 0);
}

static void test_lookup(void **state) {
    (void)state;
    struct rom_file file;
    assert_int_equal(romfs_count(&rom.fs), ARRAY_COUNT(content));
    for (uint32_t i = 0; i < ARRAY_COUNT(content); i++) {
        char name[64] = {0};
        for (uint32_t c = 0; content[i].name[c] != 0; c++) {
            char letter = content[i].name[c];
            bool lower = letter >= 'a' && letter <= 'z';
            bool upper = letter >= 'A' && letter <= 'Z';
            name[c] = lower ? (char)(letter - 32) : upper ? (char)(letter + 32) : letter;
        }
        look_up(name, &file);
        assert_string_equal(file.name, content[i].name);
        assert_int_equal(file.name_length, strlen(content[i].name));
        assert_int_equal(file.size, content[i].bytes);
        struct rom_file same;
        assert_int_equal(romfs_entry(&rom.fs, file.index, &same), 0);
        assert_string_equal(same.name, file.name);
    }
    static const char *const missing[] = {"", "alpha.tx", "alpha.txt2", "zzz", "!", "alpha", "page_bin"};
    for (uint32_t i = 0; i < ARRAY_COUNT(missing); i++) {
        assert_int_equal(romfs_lookup(&rom.fs, missing[i], (uint32_t)strlen(missing[i]), &file), ERROR_FILE_NOT_FOUND);
    }
    assert_int_equal(romfs_lookup(&rom.fs, "empty\0\0\0", 8, &file), ERROR_FILE_NOT_FOUND);
    assert_int_equal(romfs_entry(&rom.fs, ARRAY_COUNT(content), &file), ERROR_FILE_NOT_FOUND);
}

static void test_attributes(void **state) {
    (void)state;
    struct rom_file file;
    look_up("page.bin", &file);
    assert_int_equal(file.attributes, ROM_READONLY | ROM_INROM | ROM_SYSTEM);
    look_up("alpha.txt", &file);
    assert_int_equal(file.attributes, ROM_READONLY | ROM_INROM | ROM_HIDDEN);
    look_up("c.txt", &file);
    assert_int_equal(file.attributes, ROM_READONLY | ROM_INROM | ROM_COMPRESSED);
    assert_int_equal(file.kind, ROM_FILE_BLOCKS);
    assert_true(file.stored < file.size);
    /* 2026-01-01 00:00:00 UTC */
    assert_int_equal((uint64_t)file.time_high << 32 | file.time_low, (1767225600ull + 11644473600ull) * 10000000ull);
}

static void test_read(void **state) {
    (void)state;
    static const uint32_t lengths[] = {0, 1, 7, 4095, 4096, 4097, 9000, 70000, UINT32_MAX};
    uint8_t *buffer = malloc(70000);
    for (uint32_t i = 0; i < ARRAY_COUNT(content); i++) {
        struct rom_file file;
        look_up(content[i].name, &file);
        for (uint32_t offset = 0; offset <= content[i].bytes + 5; offset += 1 + offset / 3) {
            for (uint32_t l = 0; l < ARRAY_COUNT(lengths); l++) {
                uint32_t rest = offset < content[i].bytes ? content[i].bytes - offset : 0;
                uint32_t expected = min_u32(rest, lengths[l]);
                uint32_t got = 99;
                assert_int_equal(romfs_read_memory(&rom.fs, &file, offset, buffer, lengths[l], &got), 0);
                assert_int_equal(got, expected);
                assert_memory_equal(buffer, rom.data[i] + min_u32(offset, content[i].bytes), expected);
            }
        }
        uint32_t got;
        assert_int_equal(romfs_read_memory(&rom.fs, &file, UINT32_MAX, buffer, UINT32_MAX, &got), 0);
        assert_int_equal(got, 0);
        assert_int_equal(romfs_verify(&rom.fs, &file), 0);
    }
    free(buffer);
}

/* A sink whose third piece cannot be delivered, as a user page that is not there. */
static status_t failing_copy(void *context, uint32_t at, const void *from, uint32_t bytes) {
    (void)from;
    (void)bytes;
    (void)at;
    uint32_t *calls = context;
    return ++*calls == 3 ? ERROR_NOACCESS : 0;
}

static void test_read_into_failing_sink(void **state) {
    (void)state;
    struct rom_file file;
    uint32_t got;
    uint32_t calls = 0;
    struct romfs_sink sink = {.copy = failing_copy, .context = &calls};
    look_up("c.txt", &file);
    assert_int_equal(romfs_read(&rom.fs, &file, 4000, &sink, 9000, &got), ERROR_NOACCESS);
    assert_int_equal(got, 96 + 4096);
    calls = 2;
    look_up("Beta.bin", &file);
    assert_int_equal(romfs_read(&rom.fs, &file, 0, &sink, 9000, &got), ERROR_NOACCESS);
    assert_int_equal(got, 0);
}

static void test_read_block(void **state) {
    (void)state;
    uint8_t *page = malloc(4096);
    struct rom_file file;
    for (uint32_t i = 0; i < ARRAY_COUNT(content); i++) {
        look_up(content[i].name, &file);
        if (file.kind != ROM_FILE_BLOCKS) {
            assert_int_equal(romfs_read_block(&rom.fs, &file, 0, page), ERROR_NOT_SUPPORTED);
            continue;
        }
        uint32_t blocks = (file.size + 4095) / 4096;
        for (uint32_t block = 0; block < blocks; block++) {
            memset(page, 0xaa, 4096);
            assert_int_equal(romfs_read_block(&rom.fs, &file, block, page), 0);
            for (uint32_t b = 0; b < 4096; b++) {
                uint32_t at = block * 4096 + b;
                assert_int_equal(page[b], at < file.size ? rom.data[i][at] : 0);
            }
        }
        assert_int_equal(romfs_read_block(&rom.fs, &file, blocks, page), ERROR_INVALID_PARAMETER);
        assert_int_equal(romfs_read_block(&rom.fs, &file, UINT32_MAX, page), ERROR_INVALID_PARAMETER);
    }
    free(page);
}

static void test_in_place(void **state) {
    (void)state;
    struct rom_file file;
    const void *address;
    rom_notes = 0;
    for (uint32_t i = 0; i < ARRAY_COUNT(content); i++) {
        look_up(content[i].name, &file);
        if (file.kind != ROM_FILE_PLAIN || file.size == 0) {
            continue;
        }
        assert_int_equal(romfs_in_place(&rom.fs, &file, &address), 0);
        assert_ptr_equal(address, rom.image + file.offset);
        assert_int_equal(file.offset % rom_alignment(file.size), 0);
        assert_memory_equal(address, rom.data[i], file.size);
        for (uint32_t at = file.size; at % PAGE_SIZE != 0; at++) {
            assert_int_equal(((const uint8_t *)address)[at], 0);
        }
    }
    assert_int_equal(rom_notes, 0);
    look_up("empty", &file);
    assert_int_equal(romfs_in_place(&rom.fs, &file, &address), ERROR_INVALID_PARAMETER);
    assert_int_equal(rom_notes, 0);
    look_up("c.txt", &file);
    assert_int_equal(romfs_in_place(&rom.fs, &file, &address), ERROR_NOT_SUPPORTED);
    assert_int_equal(rom_notes, 1);
    assert_non_null(strstr(rom_last_note, "compressed"));
}

static void test_not_in_place_in_crooked_memory(void **state) {
    (void)state;
    static struct romfs fs;
    struct rom_file file;
    const void *address;
    uint8_t *memory = malloc(rom.length + 64);
    uint8_t *crooked = memory + 4;
    crooked += ((uintptr_t)crooked & (PAGE_SIZE - 1)) == 0 ? 4 : 0;
    memcpy(crooked, rom.image, rom.length);
    assert_int_equal(romfs_mount(&fs, crooked, rom.length, 0, &rom.problem), 0);
    assert_int_equal(romfs_lookup(&fs, "Beta.bin", 8, &file), 0);
    assert_int_equal(romfs_in_place(&fs, &file, &address), ERROR_NOT_SUPPORTED);
    assert_non_null(strstr(rom_last_note, "page boundary"));
    free(memory);
}

static void expect_refused(const uint8_t *image, uint32_t bytes) {
    static struct romfs fs;
    struct romfs_problem problem;
    struct rom_file file;
    status_t status = romfs_mount(&fs, image, bytes, 0, &problem);
    if (status == ERROR_SUCCESS) {
        fail_msg("mounted, though it should have been refused");
    }
    assert_non_null(problem.what);
    assert_int_equal(romfs_count(&fs), 0);
    assert_int_equal(romfs_entry(&fs, 0, &file), ERROR_FILE_NOT_FOUND);
    assert_int_equal(romfs_lookup(&fs, "alpha.txt", 9, &file), ERROR_FILE_NOT_FOUND);
}

static void test_every_head_byte_is_guarded(void **state) {
    (void)state;
    static const uint8_t patterns[] = {0x01, 0x20, 0x80, 0xff};
    for (uint32_t at = ROM_SIGNATURE_AT; at < rom.fs.head_end; at++) {
        if (at == ROM_KERNEL_AT) {
            at = rom.fs.header;
        }
        for (uint32_t p = 0; p < ARRAY_COUNT(patterns); p++) {
            rom.image[at] ^= patterns[p];
            expect_refused(rom.image, rom.length);
            rom.image[at] ^= patterns[p];
        }
    }
    assert_int_equal(romfs_mount(&rom.fs, rom.image, rom.length, 0, &rom.problem), 0);
}

static void test_truncated_anywhere(void **state) {
    (void)state;
    for (uint32_t bytes = 0; bytes < rom.length; bytes += bytes < 0x1800 || bytes > rom.length - 100 ? 1 : 61) {
        uint8_t *cut = malloc(bytes != 0 ? bytes : 1);
        memcpy(cut, rom.image, bytes);
        expect_refused(cut, bytes);
        free(cut);
    }
}

static void test_bytes_behind_the_image(void **state) {
    (void)state;
    static struct romfs fs;
    uint8_t *padded = malloc(rom.length + 5000);
    memset(padded, 0xff, rom.length + 5000);
    memcpy(padded, rom.image, rom.length);
    assert_int_equal(romfs_mount(&fs, padded, rom.length + 5000, 0, &rom.problem), 0);
    assert_int_equal(fs.length, rom.length);
    free(padded);
}

static void test_damaged_data_is_found(void **state) {
    (void)state;
    static const char *const names[] = {"Beta.bin", "c.txt", "mix.txt"};
    uint8_t *buffer = malloc(70000);
    for (uint32_t n = 0; n < ARRAY_COUNT(names); n++) {
        struct rom_file file;
        look_up(names[n], &file);
        for (uint32_t at = 0; at < file.stored; at++) {
            uint32_t got;
            rom.image[file.offset + at] ^= 0x40;
            assert_int_equal(romfs_verify(&rom.fs, &file), ERROR_CRC);
            if (file.kind == ROM_FILE_BLOCKS && (at < 300 || at % 17 == 0)) {
                rom.fs.cached_at = ROMFS_NOTHING_CACHED;
                status_t status = romfs_read_memory(&rom.fs, &file, 0, buffer, 70000, &got);
                assert_int_equal(status, ERROR_CRC);
                assert_true(got < file.size);
            }
            rom.image[file.offset + at] ^= 0x40;
        }
        assert_int_equal(romfs_verify(&rom.fs, &file), 0);
    }
    free(buffer);
}

/* Changes one word of an image, seals it anew, and expects the mount to be refused for a reason. */
static void expect_reason(uint32_t at, uint32_t value, const char *reason) {
    static struct romfs fs;
    struct romfs_problem problem;
    uint8_t *changed = copy_aligned(rom.image, rom.length);
    rom_store32(changed + at, value);
    rom_seal(changed, rom.fs.header, rom.fs.head_end);
    assert_int_not_equal(romfs_mount(&fs, changed, rom.length, 0, &problem), 0);
    if (strstr(problem.what, reason) == NULL) {
        fail_msg("word 0x%x = 0x%x: refused for \"%s\", not \"%s\"", at, value, problem.what, reason);
    }
    assert_int_equal(romfs_count(&fs), 0);
    free(changed);
}

/* The entry of the file that has this name. */
static uint32_t entry_of(const char *name) {
    struct rom_file file;
    look_up(name, &file);
    return rom.fs.file_table + file.index * (uint32_t)sizeof(struct rom_file_entry);
}

#define ENTRY(name, field) (entry_of(name) + (uint32_t)offsetof(struct rom_file_entry, field))
#define HEADER(field)      (rom.fs.header + (uint32_t)offsetof(struct rom_header, field))
#define RECORD(n, field)                                                                                               \
    (records + (n) * (uint32_t)sizeof(struct rom_extension) + (uint32_t)offsetof(struct rom_extension, field))

static void test_sealed_but_wrong(void **state) {
    (void)state;
    uint32_t base = rom.fs.base;
    uint32_t records = rom_load32(rom.image + HEADER(extensions)) - base;
    expect_reason(ROM_SIGNATURE_AT, 0, "no signature");
    expect_reason(ROM_HEADER_AT, 0, "header in page 0");
    expect_reason(ROM_HEADER_AT, rom.fs.header + 1, "not aligned");
    expect_reason(ROM_HEADER_AT, 0xfffffff0u, "header outside");
    expect_reason(ROM_HEADER_VA_AT, base + rom.fs.header + 0x1000, "base address");
    expect_reason(HEADER(first), base + 0x1000, "base address");
    expect_reason(HEADER(last), base, "end address");
    expect_reason(HEADER(last), base + rom.length + 0x1000, "cut off");
    expect_reason(HEADER(last), base + rom.length - 4, "whole pages");
    expect_reason(HEADER(files), 0x10000, "too many files");
    expect_reason(HEADER(files), 0xffff, "tables longer");
    expect_reason(HEADER(modules), 1, "too many modules");
    expect_reason(HEADER(extensions), 0, "no HEAD CRC32");
    expect_reason(HEADER(extensions), base - 4, "record outside");
    expect_reason(HEADER(extensions), base + rom.length - 40, "record outside");
    expect_reason(RECORD(3, next), base + records, "too many extension records");
    expect_reason(RECORD(2, bytes), 4, "extension data");
    expect_reason(RECORD(2, data), base + rom.length - 8, "extension data");
    expect_reason(RECORD(2, data), base + 0x10, "extension data not in the head");
    expect_reason(ENTRY("alpha.txt", name), base - 1, "name address");
    expect_reason(ENTRY("alpha.txt", name), base + rom.length - 100, "name address");
    expect_reason(ENTRY("alpha.txt", name), base, "name address");
    expect_reason(ENTRY("alpha.txt", name), base + rom.fs.header, "");
    expect_reason(ENTRY("alpha.txt", name), rom_load32(rom.image + ENTRY("c.txt", name)), "order");
    expect_reason(ENTRY("c.txt", name), rom_load32(rom.image + ENTRY("c1.txt", name)), "order");
    expect_reason(ENTRY("alpha.txt", data), base + rom.length, "data outside");
    expect_reason(ENTRY("alpha.txt", data), base + rom.length - 4, "data outside");
    expect_reason(ENTRY("alpha.txt", data), base + rom.fs.header, "not aligned");
    expect_reason(ENTRY("large.bin", data), rom_load32(rom.image + ENTRY("page.bin", data)), "");
    expect_reason(ENTRY("alpha.txt", stored), 0xfffffff0u, "more bytes stored");
    expect_reason(ENTRY("empty", data), 0, "data outside");
    struct rom_file file;
    look_up("alpha.txt", &file);
    uint32_t name = (uint32_t)((const uint8_t *)file.name - rom.image);
    expect_reason(name, 0x5c3a2e2e, "bad character");
    expect_reason(name, 0x002e2e2e, "ends with");
    expect_reason(name, 0x00002e2e, "name is . or ..");
    expect_reason(name, 0x00000000, "empty name");
    expect_reason(name, 0x7f7f7f7f, "bad character");
}

/* The place holder's next skips to the last record: HEAD CRC32 alone is enough for a mount, without file checks. */
static void test_without_file_checks(void **state) {
    (void)state;
    static struct romfs fs;
    struct rom_file file;
    uint32_t base = rom.fs.base;
    uint32_t records = rom_load32(rom.image + HEADER(extensions)) - base;
    uint8_t *changed = copy_aligned(rom.image, rom.length);
    rom_store32(changed + RECORD(0, next), base + RECORD(3, name));
    rom_seal(changed, rom.fs.header, rom.fs.head_end);
    assert_int_equal(romfs_mount(&fs, changed, rom.length, 0, &rom.problem), 0);
    assert_int_equal(romfs_entry(&fs, 0, &file), 0);
    assert_int_equal(romfs_verify(&fs, &file), ERROR_NOT_SUPPORTED);
    free(changed);
}

static void test_ours_taken_as_foreign(void **state) {
    (void)state;
    static struct romfs fs;
    struct rom_file file;
    uint8_t *buffer = malloc(70000);
    rom_notes = 0;
    assert_int_equal(romfs_mount(&fs, rom.image, rom.length, ROMFS_THIRD_PARTY, &rom.problem), 0);
    assert_int_equal(rom_notes, 0);
    for (uint32_t i = 0; i < ARRAY_COUNT(content); i++) {
        uint32_t got;
        assert_int_equal(romfs_lookup(&fs, content[i].name, (uint32_t)strlen(content[i].name), &file), 0);
        assert_int_equal(romfs_read_memory(&fs, &file, 0, buffer, 70000, &got), 0);
        assert_int_equal(got, content[i].bytes);
        assert_memory_equal(buffer, rom.data[i], got);
        assert_int_equal(romfs_verify(&fs, &file), 0);
    }
    free(buffer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lookup),
        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_read_into_failing_sink),
        cmocka_unit_test(test_read_block),
        cmocka_unit_test(test_in_place),
        cmocka_unit_test(test_not_in_place_in_crooked_memory),
        cmocka_unit_test(test_every_head_byte_is_guarded),
        cmocka_unit_test(test_truncated_anywhere),
        cmocka_unit_test(test_bytes_behind_the_image),
        cmocka_unit_test(test_damaged_data_is_found),
        cmocka_unit_test(test_sealed_but_wrong),
        cmocka_unit_test(test_without_file_checks),
        cmocka_unit_test(test_ours_taken_as_foreign),
    };
    return cmocka_run_group_tests_name("romfs", tests, make_image, drop_image);
}
