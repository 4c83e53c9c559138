/* Page frames for arch's own use: what it needs of mm, which provides it (mm/frames.c).
 *
 * Frames come charged to the commit account; contents are undefined.
 */
#ifndef ARCH_FRAMES_H
#define ARCH_FRAMES_H

#include "include/types.h"

#define FRAME_NONE 0xffffffffu

enum frame_use {
    FRAME_TABLE, /* page tables: used through the static map */
    FRAME_STACK  /* kernel stacks: used through the kernel window */
};

/* Takes 2^order contiguous pages, aligned to their size.  Returns the physical address or FRAME_NONE. */
uint32_t frame_alloc(unsigned order, enum frame_use use);

/* Gives them back; order as at the allocation. */
void frame_free(uint32_t pa, unsigned order);

#endif
