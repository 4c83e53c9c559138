/* mkrom: the .bin container.
 *
 *   "B000FF\n", address and length of the image, records { address, length, sum of the bytes, bytes },
 *   and an end record { 0, start address, 0 }.
 *
 * Loaders know an image by small records of their own: signature and header address (8 bytes at 0x40), header offset
 * (4 bytes at 0x48), ROMHDR (0x54 bytes).  The rest is cut at 64 KB; records of zeros are left out.
 */
#include "tools/mkrom/mkrom.h"
#include <string.h>

#define CONTAINER_MAGIC "B000FF\n"
#define RECORD_HEADER   12u
#define RECORD_MOST     LARGE_SIZE

static bool is_zero(const uint8_t *data, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++) {
        if (data[i] != 0) {
            return false;
        }
    }
    return true;
}

static uint8_t *put_record(const struct rom_build *build, uint8_t *out, uint32_t from, uint32_t to) {
    if (is_zero(build->image + from, to - from)) {
        return out;
    }
    uint32_t sum = 0;
    for (uint32_t i = from; i < to; i++) {
        sum += build->image[i];
    }
    rom_store32(out, build->options->base + from);
    rom_store32(out + 4, to - from);
    rom_store32(out + 8, sum);
    memcpy(out + RECORD_HEADER, build->image + from, to - from);
    return out + RECORD_HEADER + (to - from);
}

uint8_t *container_make(const struct rom_build *build, size_t *bytes) {
    const uint32_t cuts[] = {ROM_SIGNATURE_AT,
                             ROM_HEADER_AT,
                             ROM_SIGNATURE_END,
                             build->header_at,
                             build->header_at + (uint32_t)sizeof(struct rom_header),
                             build->length};
    size_t records = build->length / RECORD_MOST + ARRAY_COUNT(cuts) + 2;
    uint8_t *container = allocate(strlen(CONTAINER_MAGIC) + 8 + build->length + records * RECORD_HEADER);
    uint8_t *out = container + strlen(CONTAINER_MAGIC);
    memcpy(container, CONTAINER_MAGIC, strlen(CONTAINER_MAGIC));
    rom_store32(out, build->options->base);
    rom_store32(out + 4, build->length);
    out += 8;
    uint32_t from = 0;
    for (uint32_t cut = 0; cut < ARRAY_COUNT(cuts); cut++) {
        while (from < cuts[cut]) {
            uint32_t to = min_u32(round_down(from, RECORD_MOST) + RECORD_MOST, cuts[cut]);
            out = put_record(build, out, from, to);
            from = to;
        }
    }
    rom_store32(out, 0);
    rom_store32(out + 4, build->options->base + ROM_KERNEL_AT);
    rom_store32(out + 8, 0);
    *bytes = (size_t)(out + RECORD_HEADER - container);
    return container;
}
