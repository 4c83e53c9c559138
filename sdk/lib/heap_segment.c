/* Segments of a heap: growing, and giving back what is free whole.  heap.h says how they look. */
#include "sdk/lib/heap.h"
#include "sdk/lib/heap_source.h"

#define PAGE     4096u
#define SENTINEL HEADER_BYTES /* the header behind the last block */

static uint32_t round_up(uint32_t value, uint32_t grain) {
    return (value + grain - 1) & ~(grain - 1);
}

struct heap_segment *segment_of(const struct heap *heap, const void *address) {
    for (struct heap_segment *segment = heap->segments; segment; segment = segment->next) {
        if ((uintptr_t)address - (uintptr_t)segment < segment->committed) {
            return (uintptr_t)address % UNIT ? NULL : segment;
        }
    }
    return NULL;
}

/* The header behind the last block of so many committed bytes. */
static struct heap_block *sentinel_of(struct heap_segment *segment, uint32_t committed) {
    return (struct heap_block *)((char *)segment + committed - SENTINEL);
}

/* Makes a block of everything from `block` to the new end; the sentinel goes there.  in_front: units of the block
 * before. */
static void make_free(struct heap *heap, struct heap_segment *segment, struct heap_block *block, uint32_t in_front,
                      uint32_t fresh) {
    struct heap_block *sentinel = sentinel_of(segment, segment->committed);
    uint32_t units = (uint32_t)((uintptr_t)sentinel - (uintptr_t)block) / UNIT;
    block->size = units << FIELD_SHIFT | fresh;
    before_set(heap, block, in_front, 0);
    sentinel->size = BLOCK_USED;
    before_set(heap, sentinel, units, 0);
    bins_insert(heap, block);
}

/* The segment's new header and its only block. */
static void segment_start(struct heap *heap, struct heap_segment *segment, uint32_t reserved, uint32_t committed,
                          uint32_t skip) {
    segment->next = heap->segments;
    segment->reserved = reserved;
    segment->committed = committed;
    segment->begin = round_up((uint32_t)sizeof(*segment) + skip, UNIT);
    heap->segments = segment;
    heap->reserved += reserved;
    make_free(heap, segment, segment_begin(segment), 0, BLOCK_FRESH);
}

void heap_add_first(struct heap *heap, struct heap_segment *segment, uint32_t reserved, uint32_t committed,
                    uint32_t skip) {
    segment_start(heap, segment, reserved, committed, skip);
    heap->first = segment;
}

/* Commits bytes behind the committed end: what is needed, or more while there is memory. */
static uint32_t commit_more(struct heap_segment *segment, uint32_t needed) {
    uint32_t room = segment->reserved - segment->committed;
    uint32_t bytes = round_up(needed, COMMIT_GRAIN);
    void *end = (char *)segment + segment->committed;
    if (bytes <= room && heap_source_commit(end, bytes)) {
        return bytes;
    }
    bytes = round_up(needed, PAGE);
    return bytes <= room && heap_source_commit(end, bytes) ? bytes : 0;
}

/* Makes a segment larger at its end so that its last free block has so many units. */
static enum heap_result segment_extend(struct heap *heap, struct heap_segment *segment, uint32_t units) {
    struct heap_block *block = sentinel_of(segment, segment->committed);
    uint32_t in_front = before_units(heap, block);
    uint32_t fresh = BLOCK_FRESH;
    uint32_t needed = units * UNIT;
    struct heap_block *last = block_in_front(block, in_front);
    int joins = 0;
    if (in_front) {
        if (in_front > (segment->committed - segment->begin) / UNIT || block_units(last) != in_front) {
            return HEAP_DAMAGED;
        }
        joins = !block_is_used(last);
    }
    if (joins) {
        needed -= in_front * UNIT; /* it was looked for, so the block is smaller than what is wanted */
    }
    uint32_t added = commit_more(segment, needed);
    if (added == 0) {
        return HEAP_NO_MEMORY;
    }
    if (joins) {
        if (!bins_remove(heap, last)) {
            return HEAP_DAMAGED;
        }
        block->size = 0;
        block->before = 0;
        fresh = last->size & BLOCK_FRESH;
        in_front = before_units(heap, last);
        block = last;
    }
    segment->committed += added;
    make_free(heap, segment, block, in_front, fresh);
    return HEAP_OK;
}

/* A new segment with room for units. */
static enum heap_result segment_new(struct heap *heap, uint32_t units) {
    uint32_t head = round_up((uint32_t)sizeof(struct heap_segment), UNIT) + SENTINEL;
    uint32_t needed = round_up(units * UNIT + head, PAGE);
    uint32_t least = round_up(needed, SEGMENT_GRAIN);
    uint32_t wanted = heap->reserved < SEGMENT_LARGE ? heap->reserved : SEGMENT_LARGE;
    uint32_t reserved = least > wanted ? least : round_up(wanted, SEGMENT_GRAIN);
    struct heap_segment *segment = heap_source_reserve(reserved);
    if (!segment && reserved != least) {
        reserved = least;
        segment = heap_source_reserve(reserved);
    }
    if (!segment) {
        return HEAP_NO_MEMORY;
    }
    uint32_t committed = round_up(needed, COMMIT_GRAIN);
    if (!heap_source_commit(segment, committed)) {
        committed = needed;
        if (!heap_source_commit(segment, committed)) {
            heap_source_release(segment);
            return HEAP_NO_MEMORY;
        }
    }
    segment_start(heap, segment, reserved, committed, 0);
    return HEAP_OK;
}

enum heap_result segment_grow(struct heap *heap, uint32_t units) {
    for (struct heap_segment *segment = heap->segments; segment; segment = segment->next) {
        enum heap_result result = segment_extend(heap, segment, units);
        if (result != HEAP_NO_MEMORY) {
            return result;
        }
    }
    return heap->maximum ? HEAP_NO_MEMORY : segment_new(heap, units);
}

/* block: free, in no list.  1: it was a whole segment, which is gone.  A small one that is the last stays: it would be
 * back soon. */
int segment_give(struct heap *heap, struct heap_block *block) {
    for (struct heap_segment **link = &heap->segments; *link; link = &(*link)->next) {
        struct heap_segment *segment = *link;
        if (block == segment_begin(segment)) {
            int last = segment->next == NULL && link == &heap->segments && segment->reserved == SEGMENT_GRAIN;
            if (last || segment == heap->first ||
                block_behind(block, block_units(block)) != sentinel_of(segment, segment->committed)) {
                return 0;
            }
            *link = segment->next;
            heap->reserved -= segment->reserved;
            heap_source_release(segment);
            return 1;
        }
    }
    return 0;
}

void heap_drop(struct heap *heap) {
    while (heap->segments) {
        struct heap_segment *segment = heap->segments;
        heap->segments = segment->next;
        if (segment != heap->first) {
            heap_source_release(segment);
        }
    }
}
