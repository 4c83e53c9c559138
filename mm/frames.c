/* Frames for page tables: arch/frames.h on top of mm/page.h.  The static map's lines are dropped when such a frame
 * leaves the static map, which mm/page.c sees to. */
#include "arch/frames.h"

#include "mm/page.h"

_Static_assert(FRAME_NONE == PAGE_NONE, "one value for no frame");

uint32_t frame_alloc(unsigned order) {
    return page_alloc_charged(order, PAGE_USE_TABLE);
}

void frame_free(uint32_t pa, unsigned order) {
    page_free_charged(pa, order);
}
