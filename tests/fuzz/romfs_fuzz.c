/* Fuzzing the ROM parser: any bytes as an image, mounted as ours and as third-party, everything in it looked at.
 *
 * The input lies in memory of exactly its length, so the sanitizer sees every byte read outside.  The mutator seals
 * most of its results anew (HEAD CRC32), else nothing would get past the mount of our own images.
 */
#include "fs/crc32.h"
#include "fs/find.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MOST 64u /* looked at in one input: third-party look-ups take time in proportion to the table */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned int seed);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void romfs_note(const char *what, uint32_t where, const char *name, uint32_t length) {
    if (what == NULL || strlen(what) == 0 || (name != NULL && strnlen(name, length) != length)) {
        abort();
    }
    (void)where;
}

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static void read_all(struct romfs *fs, const struct rom_file *file) {
    uint8_t *page = malloc(ROM_BLOCK_SIZE);
    uint8_t *again = malloc(ROM_BLOCK_SIZE);
    for (uint32_t block = 0; block < 8 && block * ROM_BLOCK_SIZE < file->size; block++) {
        uint32_t got;
        status_t status = romfs_read_memory(fs, file, block * ROM_BLOCK_SIZE, page, ROM_BLOCK_SIZE, &got);
        require(got <= ROM_BLOCK_SIZE && (status != 0 || got == min_u32(ROM_BLOCK_SIZE, file->size - block * 4096)));
        if (file->kind == ROM_FILE_BLOCKS) {
            require(romfs_read_block(fs, file, block, again) == status);
            require(status != 0 || memcmp(page, again, got) == 0);
        }
    }
    uint32_t got;
    romfs_read_memory(fs, file, file->size - 1, page, 10, &got);
    require(got <= 1);
    free(page);
    free(again);
}

static void look_at(struct romfs *fs, uint32_t index) {
    struct rom_file file;
    struct rom_file same;
    const void *address;
    struct namespace_node node = {.kind = NODE_ROM_FILE};
    struct abi_file_info info;
    if (romfs_entry(fs, index, &file) != 0) {
        return;
    }
    require(file.name_length >= 1 && file.name_length <= ROM_NAME_MOST && strlen(file.name) == file.name_length);
    require(romfs_lookup(fs, file.name, file.name_length, &same) == 0 && same.index == index);
    node.file = file;
    namespace_info(fs, &node, &info);
    read_all(fs, &file);
    romfs_verify(fs, &file);
    if (romfs_in_place(fs, &file, &address) == 0) {
        uint32_t bytes = round_up(file.size, PAGE_SIZE);
        crc32_update(0, address, bytes);
    }
}

/* A byte of the image as a name that is looked up. */
static void look_up_junk(struct romfs *fs, const uint8_t *image, uint32_t bytes) {
    struct rom_file file;
    struct find find;
    struct namespace_node node;
    uint16_t text[PATH_MOST];
    uint32_t length = min_u32(bytes, PATH_MOST - 1);
    romfs_lookup(fs, (const char *)image, min_u32(length, 20), &file);
    for (uint32_t i = 0; i < length; i++) {
        text[i] = image[bytes - 1 - i];
    }
    text[length] = 0;
    status_t status = find_first(&find, fs, text, &node);
    for (uint32_t i = 0; i < 10 && status == 0; i++) {
        status = find_next(&find, &node);
    }
}

static void explore(const uint8_t *image, uint32_t bytes, uint32_t flags) {
    static struct romfs fs;
    struct romfs_problem problem;
    if (romfs_mount(&fs, image, bytes, flags, &problem) != 0) {
        require(problem.what != NULL && romfs_count(&fs) == 0);
        return;
    }
    require(fs.length <= bytes);
    for (uint32_t index = 0; index < min_u32(romfs_count(&fs), FILES_MOST); index++) {
        look_at(&fs, index);
    }
    look_up_junk(&fs, image, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t *image = NULL;
    if (size == 0 || posix_memalign((void **)&image, PAGE_SIZE, size) != 0) {
        return 0;
    }
    memcpy(image, data, size);
    explore(image, (uint32_t)size, 0);
    explore(image, (uint32_t)size, ROMFS_THIRD_PARTY);
    free(image);
    return 0;
}

/* Finds HEAD CRC32 by its record, wherever that lies, and computes it anew. */
static void seal(uint8_t *data, size_t size) {
    if (size < ROM_LENGTH_LEAST) {
        return;
    }
    uint32_t header = rom_load32(data + ROM_HEADER_AT);
    uint32_t base = rom_load32(data + ROM_HEADER_VA_AT) - header;
    const uint8_t *record = memmem(data, size, ROM_EXTENSION_HEAD, sizeof(ROM_EXTENSION_HEAD));
    if (record == NULL || (size_t)(record - data) + sizeof(struct rom_extension) > size) {
        return;
    }
    uint32_t word = ROM_FIELD(record, rom_extension, data) - base;
    if (word > size - 4 || header > word || header < ROM_KERNEL_AT) {
        return;
    }
    memset(data + word, 0, 4);
    uint32_t crc = crc32_update(0, data + ROM_SIGNATURE_AT, ROM_KERNEL_AT - ROM_SIGNATURE_AT);
    rom_store32(data + word, crc32_update(crc, data + header, word + 4 - header));
}

/* Aims one change in three at the head, which is a small part of an image, with values that mean something there. */
static void change_head(uint8_t *data, size_t size, unsigned int seed) {
    static const uint32_t values[] = {0, 1, 0x44, 0xfff, 0x1000, 0xffff, 0x10000, 0x7fffffff, 0x80200000, 0xffffffff};
    if (size < ROM_LENGTH_LEAST) {
        return;
    }
    uint32_t header = rom_load32(data + ROM_HEADER_AT);
    uint32_t at = header + 4 * (seed / 16 % 256);
    if (header < size && at <= size - 4) {
        uint32_t value = values[seed / 8192 % ARRAY_COUNT(values)];
        uint32_t old = rom_load32(data + at);
        rom_store32(data + at, (seed & 8) != 0 ? value : old + value);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned int seed) {
    if (seed % 3 == 0) {
        change_head(data, size, seed);
    } else {
        size = LLVMFuzzerMutate(data, size, most);
    }
    if (seed % 8 != 0) {
        seal(data, size);
    }
    return size;
}
