/* romfs: reading.  A plain file is delivered from where it lies; a compressed one block by block.
 *
 * A compressed file:  header 16 | end[count] | check[count] | blocks
 * Block b lies in [b ? end[b-1] : 16 + 8 count, end[b]), its stored bytes sum to check[b]; it is LZ4, or plain if it
 * is as long as what it decodes to.  All of that is tested before a byte of it is believed.
 */
#include "fs/romfs.h"
#include "fs/crc32.h"
#include "fs/lz4.h"
#include "fs/romfs_decode.h"
#include <string.h>

/* Finds the stored bytes of a block; false if the stream contradicts itself. */
static bool find_block(const struct romfs *fs, const struct rom_file *file, uint32_t block, const uint8_t **from,
                       uint32_t *bytes) {
    if (!romfs_stream_matches(fs, file)) {
        return false;
    }
    const uint8_t *stream = fs->image + file->offset;
    const uint8_t *ends = stream + sizeof(struct rom_stream);
    uint32_t count = ROM_FIELD(stream, rom_stream, count);
    uint32_t first = (uint32_t)sizeof(struct rom_stream) + ROM_STREAM_BYTES_BLOCK * count;
    uint32_t start = block != 0 ? rom_load32(ends + 4 * (block - 1)) : first;
    uint32_t end = rom_load32(ends + 4 * block);
    if (start < first || end <= start || end > file->stored || (block == count - 1 && end != file->stored)) {
        return false;
    }
    *from = stream + start;
    *bytes = end - start;
    return crc32_update(0, *from, *bytes) == rom_load32(ends + 4 * count + 4 * block);
}

/* Decodes a block that the file has into out; the last one may be shorter than a page. */
static status_t decode_block(const struct romfs *fs, const struct rom_file *file, uint32_t block, void *out) {
    const uint8_t *from;
    uint32_t stored;
    uint32_t plain = min_u32(ROM_BLOCK_SIZE, file->size - block * ROM_BLOCK_SIZE);
    if (!find_block(fs, file, block, &from, &stored)) {
        return ERROR_CRC;
    }
    if (stored == plain) {
        memcpy(out, from, plain);
        return ERROR_SUCCESS;
    }
    if (stored > plain || lz4_decode(from, stored, out, plain) != ERROR_SUCCESS) {
        return ERROR_CRC;
    }
    return ERROR_SUCCESS;
}

status_t romfs_read_block(const struct romfs *fs, const struct rom_file *file, uint32_t block, void *out) {
    if (file->kind != ROM_FILE_BLOCKS) {
        return ERROR_NOT_SUPPORTED;
    }
    if (block > (file->size - 1) / ROM_BLOCK_SIZE) {
        return ERROR_INVALID_PARAMETER;
    }
    status_t status = decode_block(fs, file, block, out);
    uint32_t plain = file->size - block * ROM_BLOCK_SIZE;
    if (status == ERROR_SUCCESS && plain < ROM_BLOCK_SIZE) {
        memset((uint8_t *)out + plain, 0, ROM_BLOCK_SIZE - plain);
    }
    return status;
}

/* Brings a block into fs->cache. */
static status_t cache_block(struct romfs *fs, const struct rom_file *file, uint32_t block) {
    if (fs->cached_at == file->offset && fs->cached_block == block) {
        return ERROR_SUCCESS;
    }
    fs->cached_at = ROMFS_NOTHING_CACHED;
    status_t status = decode_block(fs, file, block, fs->cache);
    if (status == ERROR_SUCCESS) {
        fs->cached_at = file->offset;
        fs->cached_block = block;
    }
    return status;
}

static status_t read_blocks(struct romfs *fs, const struct rom_file *file, uint32_t offset,
                            const struct romfs_sink *sink, uint32_t bytes, uint32_t *got) {
    while (*got < bytes) {
        uint32_t within = (offset + *got) % ROM_BLOCK_SIZE;
        uint32_t piece = min_u32(ROM_BLOCK_SIZE - within, bytes - *got);
        status_t status = cache_block(fs, file, (offset + *got) / ROM_BLOCK_SIZE);
        if (status == ERROR_SUCCESS) {
            status = sink->copy(sink->context, *got, fs->cache + within, piece);
        }
        if (status != ERROR_SUCCESS) {
            return status;
        }
        *got += piece;
    }
    return ERROR_SUCCESS;
}

status_t romfs_read(struct romfs *fs, const struct rom_file *file, uint32_t offset, const struct romfs_sink *sink,
                    uint32_t bytes, uint32_t *got) {
    *got = 0;
    if (file->kind == ROM_FILE_FOREIGN || file->kind == ROM_FILE_MODULE) {
        return ERROR_NOT_SUPPORTED;
    }
    if (offset >= file->size || bytes == 0) {
        return ERROR_SUCCESS;
    }
    bytes = min_u32(bytes, file->size - offset);
    if (file->kind == ROM_FILE_BLOCKS) {
        return read_blocks(fs, file, offset, sink, bytes, got);
    }
    status_t status = sink->copy(sink->context, 0, fs->image + file->offset + offset, bytes);
    if (status == ERROR_SUCCESS) {
        *got = bytes;
    }
    return status;
}

static status_t copy_memory(void *context, uint32_t at, const void *from, uint32_t bytes) {
    memcpy((uint8_t *)context + at, from, bytes);
    return ERROR_SUCCESS;
}

status_t romfs_read_memory(struct romfs *fs, const struct rom_file *file, uint32_t offset, void *buffer, uint32_t bytes,
                           uint32_t *got) {
    struct romfs_sink sink = {.copy = copy_memory, .context = buffer};
    return romfs_read(fs, file, offset, &sink, bytes, got);
}
