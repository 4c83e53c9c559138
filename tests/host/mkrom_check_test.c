/* mkrom -c finds every byte that is not what it was: mkrom's checker, linked in, against an image with each byte
 * changed in turn. */
#include "tests/host/rom_support.h"
#include "tools/mkrom/mkrom.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static jmp_buf refused; /* where an image that cannot be mounted leads */

void *allocate(size_t bytes) {
    void *memory = calloc(1, bytes);
    assert_non_null(memory);
    return memory;
}

char *inspect_name(const struct rom_file *file) {
    return strdup(file->name);
}

static int check(const struct rom_options *options) {
    return setjmp(refused) != 0 ? 1 : check_image(options);
}

void inspect_mount(const struct rom_options *options, struct romfs *fs) {
    struct romfs_problem problem;
    static uint8_t image[1 << 18] __attribute__((aligned(PAGE_SIZE)));
    FILE *file = fopen(options->inspect, "rb");
    assert_non_null(file);
    size_t bytes = fread(image, 1, sizeof(image), file);
    fclose(file);
    if (romfs_mount(fs, image, (uint32_t)bytes, options->flags, &problem) != ERROR_SUCCESS) {
        longjmp(refused, 1);
    }
}

static void test_every_byte(void **state) {
    (void)state;
    uint8_t data[9000];
    char *directory = rom_directory_make();
    rom_fill_text(data, sizeof(data), 4);
    rom_file_write(directory, "packed.txt", data, 9000);
    rom_file_write(directory, "plain.txt", data, 5000);
    rom_file_write(directory, "empty", data, 0);
    rom_file_write(directory, "kernel", data, 1000);
    assert_int_equal(
        rom_mkrom(directory, "-o rom.nb0 --kernel kernel --compress packed.txt packed.txt plain.txt empty"), 0);
    uint32_t bytes;
    uint8_t *image = rom_file_read(directory, "rom.nb0", &bytes);
    char *path = rom_path(directory, "changed.nb0");
    struct rom_options options = {.inspect = path};
    int quiet = open("/dev/null", O_WRONLY);
    int loud = dup(STDERR_FILENO);
    int talk = dup(STDOUT_FILENO);
    rom_file_write(directory, "changed.nb0", image, bytes);
    int file = open(path, O_WRONLY);
    fflush(stdout);
    dup2(quiet, STDERR_FILENO);
    dup2(quiet, STDOUT_FILENO);
    int clean = check(&options);
    uint32_t missed = 0, first_missed = 0;
    for (uint32_t at = 0; at < bytes; at++) {
        uint8_t changed = image[at] ^ (uint8_t)(1u << at % 8);
        if (pwrite(file, &changed, 1, (off_t)at) != 1) {
            abort();
        }
        if (check(&options) == 0 && missed++ == 0) {
            first_missed = at;
        }
        if (pwrite(file, image + at, 1, (off_t)at) != 1) {
            abort();
        }
    }
    fflush(stdout);
    dup2(loud, STDERR_FILENO);
    dup2(talk, STDOUT_FILENO);
    assert_int_equal(clean, 0);
    if (missed != 0) {
        fail_msg("%u of %u changes not seen, first at 0x%x", missed, bytes, first_missed);
    }
    close(file);
    close(quiet);
    close(loud);
    close(talk);
    free(path);
    free(image);
    rom_directory_remove(directory);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_byte)};
    return cmocka_run_group_tests_name("mkrom_check", tests, NULL, NULL);
}
