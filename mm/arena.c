/* The arena of mm/arena.h: one range set for the whole system. */
#include "mm/arena.h"

#include "include/layout.h"

static struct range_set arena = {.distance = PAGE_SIZE};

bool arena_take(struct range *range, uint32_t bytes, uint32_t align, unsigned colour) {
    uint32_t start;
    if (range_find_gap(&arena, bytes, align, ARENA_BASE, ARENA_END, colour, &start) == RANGE_GAP_NONE) {
        return false;
    }
    range->start = start;
    range->end = start + bytes;
    range->colour = (uint8_t)colour;
    range_insert(&arena, range);
    return true;
}

bool arena_take_at(struct range *range, uint32_t start, uint32_t bytes, unsigned colour) {
    if (start < ARENA_BASE || start >= ARENA_END || bytes > ARENA_END - start ||
        !range_fits(&arena, start, start + bytes, colour)) {
        return false;
    }
    range->start = start;
    range->end = start + bytes;
    range->colour = (uint8_t)colour;
    range_insert(&arena, range);
    return true;
}

void arena_give(struct range *range) {
    range_remove(&arena, range);
}

uint32_t arena_range_count(void) {
    return arena.count;
}
