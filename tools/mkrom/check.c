/* mkrom -c: is every byte of an image what it was when it was written?
 *
 * Mounting tests page 0 from 0x40 and the head.  Here: the entry and the kernel by BOOT CRC32, each file by FILE CRC32
 * and, compressed, by decoding it, and everything that belongs to nothing must be zero and to one thing only.
 */
#include "tools/mkrom/mkrom.h"
#include "fs/crc32.h"
#include <stdio.h>
#include <stdlib.h>

struct extent {
    uint64_t start, end;
    uint64_t claim; /* behind what is its own: the last page of a plain file is, whole */
};

/* Says that something is wrong; returns 1 for the count of faults. */
static uint32_t complain(const struct rom_options *options, const char *name, const char *what, uint64_t where) {
    fprintf(stderr, "mkrom: %s: %s%s%s at 0x%llx\n", options->inspect, name != NULL ? name : "",
            name != NULL ? ": " : "", what, (unsigned long long)where);
    return 1;
}

/* Reads all of a file in pieces; whether every block can be decoded. */
static bool is_readable(struct romfs *fs, const struct rom_file *file) {
    uint8_t block[ROM_BLOCK_SIZE];
    uint32_t got;
    for (uint64_t at = 0; at < file->size; at += sizeof(block)) {
        if (romfs_read_memory(fs, file, (uint32_t)at, block, sizeof(block), &got) != ERROR_SUCCESS) {
            return false;
        }
    }
    return true;
}

static uint32_t check_file(const struct rom_options *options, struct romfs *fs, const struct rom_file *file) {
    if (file->kind == ROM_FILE_MODULE || file->kind == ROM_FILE_FOREIGN) {
        return 0;
    }
    bool own = (options->flags & ROMFS_THIRD_PARTY) == 0;
    status_t status = romfs_verify(fs, file);
    char *name = inspect_name(file);
    uint32_t faults = 0;
    if (status == ERROR_CRC || (status == ERROR_SUCCESS && !is_readable(fs, file)) ||
        (status == ERROR_NOT_SUPPORTED && !is_readable(fs, file))) {
        faults = complain(options, name, "data damaged", file->offset);
    } else if (status == ERROR_NOT_SUPPORTED && own) {
        faults = complain(options, name, "no check in the image", fs->header);
    }
    free(name);
    return faults;
}

static uint32_t check_boot(const struct rom_options *options, const struct romfs *fs, uint32_t *kernel_bytes) {
    *kernel_bytes = 0;
    if (fs->boot == 0) {
        return complain(options, NULL, "no BOOT CRC32", fs->header);
    }
    *kernel_bytes = rom_load32(fs->image + fs->boot);
    if (*kernel_bytes > fs->header - ROM_KERNEL_AT) {
        *kernel_bytes = 0;
        return complain(options, NULL, "kernel length wrong", fs->boot);
    }
    uint32_t crc = crc32_update(0, fs->image, ROM_SIGNATURE_AT);
    crc = crc32_update(crc, fs->image + ROM_KERNEL_AT, *kernel_bytes);
    if (crc != rom_load32(fs->image + fs->boot + 4)) {
        return complain(options, NULL, "entry or kernel damaged", ROM_KERNEL_AT);
    }
    return 0;
}

static int compare_extents(const void *left, const void *right) {
    const struct extent *a = left;
    const struct extent *b = right;
    return a->start < b->start ? -1 : a->start > b->start;
}

/* Between the extents (ascending) all must be zero, and none may begin in what is another's own. */
static uint32_t check_gaps(const struct rom_options *options, const struct romfs *fs, const struct extent *extents,
                           uint32_t count) {
    uint64_t at = 0;
    uint64_t claim = 0;
    for (uint32_t i = 0; i <= count; i++) {
        uint64_t start = i < count ? extents[i].start : fs->length;
        if (start < claim) {
            return complain(options, NULL, "two pieces overlap", start);
        }
        for (; at < start; at++) {
            if (fs->image[at] != 0) {
                return complain(options, NULL, "padding not zero", at);
            }
        }
        if (i < count) {
            at = extents[i].end;
            claim = extents[i].claim;
        }
    }
    return 0;
}

static void add_extent(struct extent *extents, uint32_t *count, uint64_t start, uint64_t bytes, uint64_t unit) {
    uint64_t end = start + bytes;
    extents[(*count)++] = (struct extent){start, end, (end + unit - 1) & ~(unit - 1)};
}

static uint32_t check_padding(const struct rom_options *options, const struct romfs *fs, uint32_t kernel_bytes) {
    struct extent *extents = allocate((fs->files + 3) * sizeof(*extents));
    struct rom_file file;
    uint32_t count = 0;
    add_extent(extents, &count, 0, ROM_SIGNATURE_END, 1);
    add_extent(extents, &count, ROM_KERNEL_AT, kernel_bytes, 1);
    add_extent(extents, &count, fs->header, fs->head_end - fs->header, 1);
    for (uint32_t index = 0; index < fs->files; index++) {
        if (romfs_entry(fs, index, &file) == ERROR_SUCCESS && file.stored != 0) {
            add_extent(extents, &count, file.offset, file.stored, file.kind == ROM_FILE_PLAIN ? PAGE_SIZE : 1);
        }
    }
    qsort(extents, count, sizeof(*extents), compare_extents);
    uint32_t faults = check_gaps(options, fs, extents, count);
    free(extents);
    return faults;
}

int check_image(const struct rom_options *options) {
    static struct romfs fs;
    struct rom_file file;
    uint32_t faults = 0;
    inspect_mount(options, &fs);
    for (uint32_t index = 0; index < romfs_count(&fs); index++) {
        if (romfs_entry(&fs, index, &file) == ERROR_SUCCESS) {
            faults += check_file(options, &fs, &file);
        }
    }
    if ((options->flags & ROMFS_THIRD_PARTY) == 0) {
        uint32_t kernel_bytes;
        uint32_t boot_faults = check_boot(options, &fs, &kernel_bytes);
        faults += boot_faults;
        if (boot_faults == 0) {
            faults += check_padding(options, &fs, kernel_bytes);
        }
    }
    if (faults != 0) {
        return 1;
    }
    printf("%s: %u files, all well\n", options->inspect, romfs_count(&fs));
    return 0;
}
