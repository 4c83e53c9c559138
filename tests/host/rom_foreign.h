/* Builds ROM images as others write them, piece by piece. */
#ifndef TESTS_HOST_ROM_FOREIGN_H
#define TESTS_HOST_ROM_FOREIGN_H

#include "fs/romformat.h"

#define FOREIGN_BASE 0x8c010000u

struct foreign {
    uint8_t *bytes;  /* of exactly length bytes */
    uint32_t length; /* grows with what is appended */
    uint32_t header; /* offset of ROMHDR, set by foreign_finish() */
    uint32_t files, modules;
    struct rom_file_entry file_table[64];
    struct rom_module_entry module_table[8];
};

/* An image with page 0 and nothing else. */
void foreign_begin(struct foreign *image);

/* Appends bytes at the next multiple of alignment and returns their offset. */
uint32_t foreign_append(struct foreign *image, const void *data, uint32_t bytes, uint32_t alignment);

/* Adds a file table entry; the name is appended at whatever byte comes next. */
struct rom_file_entry *foreign_file(struct foreign *image, const char *name, uint32_t size, uint32_t stored,
                                    uint32_t data_at);
struct rom_module_entry *foreign_module(struct foreign *image, const char *name, uint32_t size);

/* Appends ROMHDR and the tables, shift bytes behind a multiple of 4, and completes page 0; old: as CE 2, without the
 * offset at 0x48.  The image ends there. */
void foreign_finish(struct foreign *image, uint32_t shift, bool old);

#endif
