/* romfs's inner header: decoding table entries, shared by its files. */
#ifndef FS_ROMFS_DECODE_H
#define FS_ROMFS_DECODE_H

#include "fs/romfs.h"

/* Whether the image was mounted as a third party's. */
static inline bool romfs_is_foreign(const struct romfs *fs) {
    return ROMFS_FOREIGN && (fs->flags & ROMFS_THIRD_PARTY) != 0;
}

/* Turns an image address into an offset.
 * Returns whether bytes bytes from va lie in the image; one byte at least must. */
static inline bool romfs_locate(const struct romfs *fs, uint32_t va, uint32_t bytes, uint32_t *offset) {
    uint32_t at = va - fs->base; /* below the base it wraps to more than the length: base + length fits in 32 bits */
    if (at >= fs->length || bytes > fs->length - at) {
        return false;
    }
    *offset = at;
    return true;
}

/* Decodes and tests the entry of that index, of a file or a module; duplicates are not looked for.
 * Returns 0, or ERROR_INVALID_DATA with what (static string) and where (offset) in problem. */
status_t romfs_decode(const struct romfs *fs, uint32_t index, struct rom_file *out, struct romfs_problem *problem);

/* Tests the header of a compressed stream of ours against the table entry. */
bool romfs_stream_matches(const struct romfs *fs, const struct rom_file *file);

#endif
