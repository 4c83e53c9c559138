/* Builds ROM images as others write them, piece by piece. */
#include "tests/host/rom_foreign.h"
#include <stdlib.h>
#include <string.h>

static void grow(struct foreign *image, uint32_t length) {
    uint8_t *bytes = calloc(1, length);
    if (bytes == NULL) {
        abort();
    }
    memcpy(bytes, image->bytes, image->length);
    free(image->bytes);
    image->bytes = bytes;
    image->length = length;
}

void foreign_begin(struct foreign *image) {
    memset(image, 0, sizeof(*image));
    image->length = PAGE_SIZE;
    image->bytes = calloc(1, PAGE_SIZE);
    rom_store32(image->bytes + ROM_SIGNATURE_AT, ROM_SIGNATURE);
}

uint32_t foreign_append(struct foreign *image, const void *data, uint32_t bytes, uint32_t alignment) {
    uint32_t at = round_up(image->length, alignment);
    grow(image, at + bytes);
    memcpy(image->bytes + at, data, bytes);
    return at;
}

struct rom_file_entry *foreign_file(struct foreign *image, const char *name, uint32_t size, uint32_t stored,
                                    uint32_t data_at) {
    struct rom_file_entry *entry = &image->file_table[image->files++];
    entry->attributes = stored == size ? 0x07 : 0x807;
    entry->time_low = 0x11223344;
    entry->size = size;
    entry->stored = stored;
    entry->name = FOREIGN_BASE + foreign_append(image, name, (uint32_t)strlen(name) + 1, 1);
    entry->data = FOREIGN_BASE + data_at;
    return entry;
}

struct rom_module_entry *foreign_module(struct foreign *image, const char *name, uint32_t size) {
    struct rom_module_entry *entry = &image->module_table[image->modules++];
    entry->attributes = ROM_STATICREF | 7;
    entry->size = size;
    entry->name = FOREIGN_BASE + foreign_append(image, name, (uint32_t)strlen(name) + 1, 1);
    return entry;
}

void foreign_finish(struct foreign *image, uint32_t shift, bool old) {
    const uint32_t module_words = sizeof(struct rom_module_entry) / 4;
    const uint32_t file_words = sizeof(struct rom_file_entry) / 4;
    uint32_t bytes =
        (uint32_t)sizeof(struct rom_header) + image->modules * 4 * module_words + image->files * 4 * file_words;
    uint32_t at = round_up(image->length, 4) + shift;
    grow(image, at + bytes);
    image->header = at;
    uint8_t *header = image->bytes + at;
    rom_store32(header + offsetof(struct rom_header, first), FOREIGN_BASE);
    rom_store32(header + offsetof(struct rom_header, last), FOREIGN_BASE + image->length);
    rom_store32(header + offsetof(struct rom_header, modules), image->modules);
    rom_store32(header + offsetof(struct rom_header, files), image->files);
    uint8_t *out = header + sizeof(struct rom_header);
    for (uint32_t i = 0; i < image->modules; i++) {
        const uint32_t *words = &image->module_table[i].attributes;
        for (uint32_t w = 0; w < module_words; w++, out += 4) {
            rom_store32(out, words[w]);
        }
    }
    for (uint32_t i = 0; i < image->files; i++) {
        const uint32_t *words = &image->file_table[i].attributes;
        for (uint32_t w = 0; w < file_words; w++, out += 4) {
            rom_store32(out, words[w]);
        }
    }
    rom_store32(image->bytes + ROM_HEADER_VA_AT, FOREIGN_BASE + at);
    rom_store32(image->bytes + ROM_HEADER_AT, old ? 0 : at);
}
