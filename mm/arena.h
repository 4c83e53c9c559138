/* The arena, 0x42000000..0x7ffeffff: system-wide unique addresses for sections and for large private reservations.
 * A taken range belongs to one section or one area; two ranges have at least one page between them that is never
 * mapped, so the page behind a view is no-one's.
 *
 * Locking: the mm lock is held by the caller.
 */
#ifndef MM_ARENA_H
#define MM_ARENA_H

#include "mm/range.h"

/* Finds bytes (page aligned, not 0) at a multiple of align and takes them for colour (the domain); range is the
 * caller's node, its start is the result.  False: no room. */
bool arena_take(struct range *range, uint32_t bytes, uint32_t align, unsigned colour);

/* Takes exactly [start, start + bytes).  False: not free, or not in the arena. */
bool arena_take_at(struct range *range, uint32_t start, uint32_t bytes, unsigned colour);

void arena_give(struct range *range);

uint32_t arena_range_count(void); /* ranges taken now; needs no lock */

#endif
