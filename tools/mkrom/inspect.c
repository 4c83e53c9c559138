/* mkrom: listing and extracting, through the same romfs that the kernel has. */
#include "tools/mkrom/mkrom.h"
#include "fs/cp1252.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void inspect_mount(const struct rom_options *options, struct romfs *fs) {
    uint32_t bytes;
    uint8_t *image = read_file(options->inspect, &bytes);
    struct romfs_problem problem;
    if (options->offset >= bytes || !is_aligned(options->offset, 4)) {
        fail("%s: --offset is not a multiple of 4 inside the file", options->inspect);
    }
    image += options->offset;
    bytes -= options->offset;
    if (romfs_mount(fs, image, bytes, options->flags, &problem) != ERROR_SUCCESS) {
        fail("%s: %s at 0x%x", options->inspect, problem.what, problem.where);
    }
}

/* Names are ASCII in our images and code page 1252 in others: up to three bytes of UTF-8 for one. */
char *inspect_name(const struct rom_file *file) {
    char *text = allocate(3 * (size_t)file->name_length + 1);
    char *out = text;
    for (uint32_t i = 0; i < file->name_length; i++) {
        uint32_t unit = cp1252_to_utf16((uint8_t)file->name[i]);
        if (unit < 0x80) {
            *out++ = (char)unit;
        } else if (unit < 0x800) {
            *out++ = (char)(0xc0 | unit >> 6);
            *out++ = (char)(0x80 | (unit & 0x3f));
        } else {
            *out++ = (char)(0xe0 | unit >> 12);
            *out++ = (char)(0x80 | (unit >> 6 & 0x3f));
            *out++ = (char)(0x80 | (unit & 0x3f));
        }
    }
    return text;
}

static time_t unix_time(const struct rom_file *file) {
    uint64_t stamp = (uint64_t)file->time_high << 32 | file->time_low;
    return (time_t)((int64_t)(stamp / 10000000u) - 11644473600ll);
}

static void print_file(const struct rom_file *file) {
    static const char *const kinds[] = {"plain", "blocks", "foreign", "module"};
    char flags[] = "rhsa";
    const uint32_t bits[] = {ROM_READONLY, ROM_HIDDEN, ROM_SYSTEM, ROM_ARCHIVE};
    for (uint32_t i = 0; i < ARRAY_COUNT(bits); i++) {
        if ((file->attributes & bits[i]) == 0) {
            flags[i] = '-';
        }
    }
    char date[32] = "?";
    time_t seconds = unix_time(file);
    struct tm *broken = gmtime(&seconds);
    if (broken != NULL) {
        strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", broken);
    }
    char *name = inspect_name(file);
    printf("%s %-7s %10u %10u  0x%08x  %s  %s\n", flags, kinds[file->kind], file->size, file->stored, file->offset,
           date, name);
    free(name);
}

int inspect_list(const struct rom_options *options) {
    static struct romfs fs;
    struct rom_file file;
    uint32_t listed = 0;
    inspect_mount(options, &fs);
    printf("%s: %u bytes, named at 0x%08x\n", options->inspect, fs.length, fs.base);
    printf("attr kind          size     stored      offset  time (UTC)           name\n");
    for (uint32_t index = 0; index < romfs_count(&fs); index++) {
        if (romfs_entry(&fs, index, &file) == ERROR_SUCCESS) {
            print_file(&file);
            listed++;
        }
    }
    printf("%u files\n", listed);
    return 0;
}

/* Reads the whole of a file; NULL when its data are damaged. */
static uint8_t *read_whole(struct romfs *fs, const struct rom_file *file) {
    uint8_t *data = allocate(file->size);
    uint32_t got;
    status_t check = romfs_verify(fs, file);
    status_t status = romfs_read_memory(fs, file, 0, data, file->size, &got);
    if (check == ERROR_CRC || status != ERROR_SUCCESS || got != file->size) {
        free(data);
        return NULL;
    }
    return data;
}

static void write_extracted(const char *path, const struct rom_file *file, const uint8_t *data) {
    FILE *out = fopen(path, "wb");
    bool written = out != NULL && fwrite(data, 1, file->size, out) == file->size;
    if (out == NULL || fclose(out) != 0 || !written) {
        int error = errno;
        if (out != NULL) {
            unlink(path);
        }
        fail("%s: %s", path, strerror(error));
    }
    struct timespec times[2] = {{.tv_sec = unix_time(file)}, {.tv_sec = unix_time(file)}};
    utimensat(AT_FDCWD, path, times, 0);
}

/* Returns false, having said why, when the file could not be extracted. */
static bool extract_file(struct romfs *fs, const struct rom_file *file, const char *directory) {
    char *name = inspect_name(file);
    bool done = false;
    if (file->kind == ROM_FILE_MODULE) {
        fprintf(stderr, "mkrom: %s: a module, not extracted\n", name);
        done = true;
    } else if (file->kind == ROM_FILE_FOREIGN) {
        fprintf(stderr, "mkrom: %s: compressed by another method, not extracted\n", name);
    } else {
        uint8_t *data = read_whole(fs, file);
        if (data == NULL) {
            fprintf(stderr, "mkrom: %s: data damaged, not extracted\n", name);
        } else {
            char *path = allocate(strlen(directory) + strlen(name) + 2);
            sprintf(path, "%s/%s", directory, name);
            write_extracted(path, file, data);
            free(path);
            free(data);
            done = true;
        }
    }
    free(name);
    return done;
}

int inspect_extract(const struct rom_options *options) {
    static struct romfs fs;
    struct rom_file file;
    int result = 0;
    if (options->directory == NULL) {
        fail("-x needs -d DIRECTORY");
    }
    inspect_mount(options, &fs);
    if (mkdir(options->directory, 0777) != 0 && errno != EEXIST) {
        fail("%s: %s", options->directory, strerror(errno));
    }
    for (uint32_t index = 0; index < romfs_count(&fs); index++) {
        if (romfs_entry(&fs, index, &file) == ERROR_SUCCESS && !extract_file(&fs, &file, options->directory)) {
            result = 1;
        }
    }
    return result;
}
