/* Frames for arch (arch/frames.h) on top of mm/page.h.  The static map's cache lines are dropped when a frame goes to a
 * use outside the static map, which mm/page.c sees to. */
#include "arch/frames.h"

#include "mm/page.h"

_Static_assert(FRAME_NONE == PAGE_NONE, "one value for no frame");

uint32_t frame_alloc(unsigned order, enum frame_use use) {
    return page_alloc_charged(order, use == FRAME_TABLE ? PAGE_USE_TABLE : PAGE_USE_STACK);
}

void frame_free(uint32_t pa, unsigned order) {
    page_free_charged(pa, order);
}

void frame_keep(unsigned order) {
    page_keep(order, 1u << order);
}

bool frame_unkeep(unsigned order) {
    return page_unkeep(order, 1u << order);
}

void frame_free_kept(uint32_t pa, unsigned order) {
    page_free_kept(pa, order);
}
