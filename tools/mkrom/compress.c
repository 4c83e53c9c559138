/* mkrom: a file as independent LZ4 blocks of 4 KB (docs/rom-format.md, "Compressed files"). */
#include "tools/mkrom/mkrom.h"
#include "fs/crc32.h"
#include <lz4hc.h>
#include <stdlib.h>
#include <string.h>

/* Compresses one block into out; a block that does not shrink is stored as it is.  Returns the stored length. */
static uint32_t compress_block(const uint8_t *plain, uint32_t bytes, uint8_t *out) {
    int stored = LZ4_compress_HC((const char *)plain, (char *)out, (int)bytes, (int)bytes - 1, LZ4HC_CLEVEL_MAX);
    if (stored > 0) {
        return (uint32_t)stored;
    }
    memcpy(out, plain, bytes);
    return bytes;
}

void compress_input(struct rom_input *input) {
    if (input->size == 0 || input->size == ROM_STREAM_AMBIGUOUS) {
        return;
    }
    uint32_t count = (input->size - 1) / ROM_BLOCK_SIZE + 1;
    size_t at = sizeof(struct rom_stream) + (size_t)ROM_STREAM_BYTES_BLOCK * count;
    uint8_t *stream = allocate(at + input->size);
    uint8_t *ends = stream + sizeof(struct rom_stream);
    uint8_t *checks = ends + 4 * (size_t)count;
    rom_store32(stream + offsetof(struct rom_stream, magic), ROM_STREAM_MAGIC);
    rom_store32(stream + offsetof(struct rom_stream, size), input->size);
    rom_store16(stream + offsetof(struct rom_stream, algorithm), ROM_STREAM_LZ4);
    rom_store16(stream + offsetof(struct rom_stream, block_shift), ROM_BLOCK_SHIFT);
    rom_store32(stream + offsetof(struct rom_stream, count), count);
    for (uint32_t block = 0; block < count; block++) {
        uint32_t from = block * ROM_BLOCK_SIZE;
        uint32_t stored = compress_block(input->data + from, min_u32(ROM_BLOCK_SIZE, input->size - from), stream + at);
        rom_store32(checks + 4 * (size_t)block, crc32_update(0, stream + at, stored));
        at += stored;
        rom_store32(ends + 4 * (size_t)block, (uint32_t)at);
    }
    if (at >= input->size) {
        free(stream);
        return;
    }
    free(input->data);
    input->data = stream;
    input->stored = (uint32_t)at;
    input->attributes |= ROM_COMPRESSED;
}
