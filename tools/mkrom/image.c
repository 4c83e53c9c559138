/* mkrom: the bytes of the image. */
#include "tools/mkrom/mkrom.h"
#include "fs/crc32.h"
#include <string.h>

#define FS_RAM_HALF 0x80808080u /* ulFSRamPercent: half of the RAM, CE's default */

static void store_field(uint8_t *record, size_t field, uint32_t value) {
    rom_store32(record + field, value);
}

#define STORE(record, type, field, value) store_field((record), offsetof(struct type, field), (value))

static void make_page0(struct rom_build *build) {
    rom_store32(build->image, ROM_ENTRY_BRANCH);
    rom_store32(build->image + ROM_SIGNATURE_AT, ROM_SIGNATURE);
    rom_store32(build->image + ROM_HEADER_VA_AT, build->options->base + build->header_at);
    rom_store32(build->image + ROM_HEADER_AT, build->header_at);
}

/* The RAM range that readers are told: the one given, or an empty one on the next megabyte. */
static void make_ram(const struct rom_build *build, uint8_t *header) {
    uint32_t first = build->options->base;
    uint32_t last = first + build->length;
    uint32_t start = build->options->ram_start;
    uint32_t end = build->options->ram_end;
    if (end == 0) {
        start = last <= UINT32_MAX - SECTION_SIZE ? round_up(last, SECTION_SIZE) : last;
        end = start;
    } else if (start < last && end > first) {
        fail("--ram: overlaps the image, which is at 0x%x..0x%x", first, last);
    }
    STORE(header, rom_header, ram_start, start);
    STORE(header, rom_header, ram_free, start);
    STORE(header, rom_header, ram_end, end);
}

static void make_header(struct rom_build *build) {
    uint8_t *header = build->image + build->header_at;
    STORE(header, rom_header, first, build->options->base);
    STORE(header, rom_header, last, build->options->base + build->length);
    make_ram(build, header);
    STORE(header, rom_header, files, build->count);
    STORE(header, rom_header, fs_ram_percent, FS_RAM_HALF);
    rom_store16(header + offsetof(struct rom_header, cpu), ROM_MACHINE_ARM);
    STORE(header, rom_header, extensions, build->options->base + build->records_at);
}

static void make_files(struct rom_build *build) {
    const uint64_t epoch_seconds = 11644473600ull; /* from 1601-01-01 to 1970-01-01 */
    uint64_t stamp = ((uint64_t)build->options->time + epoch_seconds) * 10000000u;
    for (uint32_t i = 0; i < build->count; i++) {
        const struct rom_input *input = &build->inputs[i];
        uint8_t *entry =
            build->image + build->header_at + sizeof(struct rom_header) + (size_t)i * sizeof(struct rom_file_entry);
        STORE(entry, rom_file_entry, attributes, input->attributes);
        STORE(entry, rom_file_entry, time_low, (uint32_t)stamp);
        STORE(entry, rom_file_entry, time_high, (uint32_t)(stamp >> 32));
        STORE(entry, rom_file_entry, size, input->size);
        STORE(entry, rom_file_entry, stored, input->stored);
        STORE(entry, rom_file_entry, name, build->options->base + input->name_at);
        STORE(entry, rom_file_entry, data, build->options->base + input->offset);
        memcpy(build->image + input->name_at, input->name, strlen(input->name));
        memcpy(build->image + input->offset, input->data, input->stored);
        rom_store32(build->image + build->checks_at + 4 * (size_t)i, crc32_update(0, input->data, input->stored));
    }
}

static void make_extension(struct rom_build *build, uint32_t number, const char *name, uint32_t data_at, uint32_t bytes,
                           bool last) {
    uint32_t at = build->records_at + number * (uint32_t)sizeof(struct rom_extension);
    uint8_t *record = build->image + at;
    memcpy(record, name, strlen(name));
    STORE(record, rom_extension, data, data_at != 0 ? build->options->base + data_at : 0);
    STORE(record, rom_extension, bytes, bytes);
    STORE(record, rom_extension, next, last ? 0 : build->options->base + at + (uint32_t)sizeof(struct rom_extension));
}

static void make_extensions(struct rom_build *build) {
    make_extension(build, 0, "", 0, 0, false); /* the place holder that readers skip */
    make_extension(build, 1, ROM_EXTENSION_BOOT, build->boot_at, 8, false);
    make_extension(build, 2, ROM_EXTENSION_FILE, build->checks_at, 4 * build->count, false);
    make_extension(build, 3, ROM_EXTENSION_HEAD, build->head_crc_at, 4, true);
}

/* The sums; HEAD CRC32 last, it covers the others and stands as 0 in its own. */
static void make_sums(struct rom_build *build) {
    uint32_t boot = crc32_update(0, build->image, ROM_SIGNATURE_AT);
    boot = crc32_update(boot, build->image + ROM_KERNEL_AT, build->kernel_bytes);
    rom_store32(build->image + build->boot_at, build->kernel_bytes);
    rom_store32(build->image + build->boot_at + 4, boot);
    uint32_t head = crc32_update(0, build->image + ROM_SIGNATURE_AT, ROM_KERNEL_AT - ROM_SIGNATURE_AT);
    head = crc32_update(head, build->image + build->header_at, build->head_crc_at + 4 - build->header_at);
    rom_store32(build->image + build->head_crc_at, head);
}

void image_make(struct rom_build *build) {
    build->image = allocate(build->length);
    make_page0(build);
    memcpy(build->image + ROM_KERNEL_AT, build->kernel, build->kernel_bytes);
    make_header(build);
    make_files(build);
    make_extensions(build);
    make_sums(build);
}
