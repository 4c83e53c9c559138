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

/* Frames that arch keeps ready for its next need count as free and are not charged.  frame_keep begins that for a block
 * of 2^order pages; frame_unkeep ends it before use, false: commit is exhausted, the block stays kept.  Preemption is
 * off for both. */
void frame_keep(unsigned order);
bool frame_unkeep(unsigned order);

/* What arch provides: gives everything kept back, because no other frame is free.  False: nothing was kept. */
bool frames_release_kept(void);

/* For frames_release_kept: gives a kept block back. */
void frame_free_kept(uint32_t pa, unsigned order);

#endif
