/* What the ROM tests share. */
#include "tests/host/rom_support.h"
#include "fs/crc32.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

uint32_t rom_notes;
const char *rom_last_note;

void romfs_note(const char *what, uint32_t where, const char *name, uint32_t length) {
    (void)where;
    (void)name;
    (void)length;
    rom_notes++;
    rom_last_note = what;
}

static void *checked(void *pointer, const char *what) {
    if (pointer == NULL) {
        perror(what);
        abort();
    }
    return pointer;
}

char *rom_directory_make(void) {
    char *directory = checked(strdup("/tmp/situ-rom-XXXXXX"), "strdup");
    return checked(mkdtemp(directory), directory);
}

void rom_directory_remove(char *directory) {
    char command[256];
    snprintf(command, sizeof(command), "rm -rf '%s'", directory);
    if (system(command) != 0) {
        abort();
    }
    free(directory);
}

char *rom_path(const char *directory, const char *name) {
    char *path = checked(malloc(strlen(directory) + strlen(name) + 2), "malloc");
    sprintf(path, "%s/%s", directory, name);
    return path;
}

void rom_file_write(const char *directory, const char *name, const void *data, size_t bytes) {
    char *path = rom_path(directory, name);
    FILE *file = checked(fopen(path, "wb"), path);
    if (fwrite(data, 1, bytes, file) != bytes || fclose(file) != 0) {
        abort();
    }
    free(path);
}

uint8_t *rom_file_read(const char *directory, const char *name, uint32_t *bytes) {
    char *path = rom_path(directory, name);
    FILE *file = checked(fopen(path, "rb"), path);
    fseek(file, 0, SEEK_END);
    size_t length = (size_t)ftell(file);
    rewind(file);
    uint8_t *data = checked(malloc(length != 0 ? length : 1), "malloc");
    if (fread(data, 1, length, file) != length) {
        abort();
    }
    fclose(file);
    free(path);
    *bytes = (uint32_t)length;
    return data;
}

bool rom_file_exists(const char *directory, const char *name) {
    char *path = rom_path(directory, name);
    bool exists = access(path, F_OK) == 0;
    free(path);
    return exists;
}

int rom_mkrom(const char *directory, const char *format, ...) {
    char arguments[2048];
    char command[4096];
    char here[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(arguments, sizeof(arguments), format, list);
    va_end(list);
    checked(getcwd(here, sizeof(here)), "getcwd");
    snprintf(command, sizeof(command), "cd '%s' && '%s/build/host/mkrom' %s >stdout 2>stderr", directory, here,
             arguments);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool rom_said(const char *directory, const char *stream, const char *text) {
    uint32_t bytes;
    uint8_t *said = rom_file_read(directory, stream, &bytes);
    bool found = memmem(said, bytes, text, strlen(text)) != NULL;
    free(said);
    return found;
}

static uint32_t next_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

void rom_fill_text(uint8_t *data, size_t bytes, uint32_t seed) {
    static const char *const words[] = {"view ", "section ", "map ", "of ", "the ", "page\n", "rom ", "0x1000 "};
    uint32_t state = seed * 2654435761u + 1;
    for (size_t at = 0; at < bytes;) {
        const char *word = words[next_random(&state) % ARRAY_COUNT(words)];
        for (; *word != 0 && at < bytes; word++) {
            data[at++] = (uint8_t)*word;
        }
    }
}

void rom_fill_noise(uint8_t *data, size_t bytes, uint32_t seed) {
    uint32_t state = seed * 2654435761u + 1;
    for (size_t at = 0; at < bytes; at++) {
        data[at] = (uint8_t)(next_random(&state) >> 11);
    }
}

void rom_seal(uint8_t *image, uint32_t header, uint32_t head_end) {
    rom_store32(image + head_end - 4, 0);
    uint32_t crc = crc32_update(0, image + ROM_SIGNATURE_AT, ROM_KERNEL_AT - ROM_SIGNATURE_AT);
    rom_store32(image + head_end - 4, crc32_update(crc, image + header, head_end - header));
}
