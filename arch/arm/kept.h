/* Blocks of frames that are kept ready for their next use (arch/frames.h): a small stack of them. */
#ifndef ARCH_ARM_KEPT_H
#define ARCH_ARM_KEPT_H

#include "include/types.h"

#define KEPT_MOST 2u
#define KEPT_NONE 0xffffffffu

struct kept {
    unsigned order; /* of every block */
    uint32_t most;  /* blocks that are kept, KEPT_MOST at most */
    uint32_t count;
    uint32_t block[KEPT_MOST]; /* what names a block is its owner's matter; never KEPT_NONE */
};

/* Takes a block into use again.  Returns whether one was kept; *block is KEPT_NONE if commit is exhausted. */
bool kept_take(struct kept *kept, uint32_t *block);

/* Keeps a block that was in use.  False: there are enough. */
bool kept_put(struct kept *kept, uint32_t block);

/* Takes a block out to be given back with frame_free_kept, or KEPT_NONE. */
uint32_t kept_drop(struct kept *kept);

#endif
