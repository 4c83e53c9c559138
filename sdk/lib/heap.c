/* Taking, giving back and resizing blocks of a heap: see heap.h and heap_block.h. */
#include "sdk/lib/heap.h"
#include <string.h>

void heap_init(struct heap *heap, uint32_t options, uint32_t cookie, uint32_t maximum) {
    heap->magic = HEAP_MAGIC;
    heap->options = options;
    heap->cookie = cookie;
    heap->maximum = maximum;
}

/* Whether the block agrees with its neighbours; it lies in a segment. */
static int block_is_sound(const struct heap *heap, const struct heap_segment *segment, struct heap_block *block) {
    uint32_t units = block_units(block);
    uint32_t in_front = before_units(heap, block);
    uint32_t offset = (uint32_t)((uintptr_t)block - (uintptr_t)segment);
    if (offset < segment->begin || units < UNITS_MIN || units > (segment->committed - offset - HEADER_BYTES) / UNIT ||
        before_units(heap, block_behind(block, units)) != units) {
        return 0;
    }
    if (in_front == 0) {
        return offset == segment->begin;
    }
    return in_front <= (offset - segment->begin) / UNIT && block_units(block_in_front(block, in_front)) == in_front;
}

/* Why an address is not a sound block: it lies inside of one, or something was written over. */
static enum heap_result block_why(const struct heap *heap, const struct heap_segment *segment,
                                  const struct heap_block *wrong) {
    struct heap_block *block = segment_begin(segment);
    while (block < wrong) {
        if (!block_is_sound(heap, segment, block)) {
            return HEAP_DAMAGED;
        }
        block = block_behind(block, block_units(block));
    }
    return block == wrong ? HEAP_DAMAGED : HEAP_NOT_A_BLOCK;
}

/* The block that the address was given out for. */
static enum heap_result block_find(const struct heap *heap, void *address, struct heap_block **block) {
    struct heap_segment *segment = segment_of(heap, block_of(address));
    *block = block_of(address);
    if (!segment || ((*block)->size & (BLOCK_USED | BLOCK_QUICK)) != BLOCK_USED) {
        return HEAP_NOT_A_BLOCK;
    }
    return block_is_sound(heap, segment, *block) ? HEAP_OK : block_why(heap, segment, *block);
}

/* Cuts a block, which is in no list, behind so many units; the rest becomes a free block. */
static void block_cut(struct heap *heap, struct heap_block *block, uint32_t units) {
    uint32_t rest = block_units(block) - units;
    struct heap_block *second = block_behind(block, units);
    second->size = rest << FIELD_SHIFT | (block->size & BLOCK_FRESH);
    before_set(heap, second, units, 0);
    before_set_units(heap, block_behind(second, rest), rest);
    block->size = units << FIELD_SHIFT | (block->size & SLACK_MASK);
    bins_insert(heap, second);
}

/* Joins a block with the free one behind it, which is in no list any more: its header is bytes like others. */
static void block_join(struct heap *heap, struct heap_block *block, struct heap_block *behind) {
    uint32_t units = block_units(block) + block_units(behind);
    behind->size = 0;
    block->size = units << FIELD_SHIFT | (block->size & BLOCK_USED);
    before_set_units(heap, block_behind(block, units), units);
}

/* Marks a block as the program's. */
static void block_use(struct heap *heap, struct heap_block *block, size_t bytes) {
    uint32_t slack = block_units(block) * UNIT - HEADER_BYTES - (uint32_t)bytes;
    block->size = block_units(block) << FIELD_SHIFT | BLOCK_USED;
    before_set(heap, block, before_units(heap, block), slack);
}

/* Puts a block that is in no list into one, as one with its free neighbours. */
static enum heap_result block_free(struct heap *heap, struct heap_block *block) {
    block->size = block_units(block) << FIELD_SHIFT;
    struct heap_block *behind = block_behind(block, block_units(block));
    if (!block_is_used(behind)) {
        if (!bins_remove(heap, behind)) {
            return HEAP_DAMAGED;
        }
        block_join(heap, block, behind);
    }
    uint32_t in_front = before_units(heap, block);
    if (in_front) {
        struct heap_block *front = block_in_front(block, in_front);
        if (!block_is_used(front)) {
            if (!bins_remove(heap, front)) {
                return HEAP_DAMAGED;
            }
            block_join(heap, front, block);
            block = front;
        }
    }
    if (before_units(heap, block) != 0 || !segment_give(heap, block)) {
        bins_insert(heap, block);
    }
    return HEAP_OK;
}

/* ---- blocks given back quickly ---- */

static struct heap_block *at(uint32_t address) {
    return (struct heap_block *)(uintptr_t)address;
}

enum heap_result heap_settle(struct heap *heap) {
    heap->quick_count = 0;
    for (uint32_t units = 0; units <= QUICK_UNITS; units++) {
        while (heap->quick[units]) {
            struct heap_block *block = at(heap->quick[units]);
            struct heap_segment *segment = segment_of(heap, block);
            heap->quick[units] = segment ? block->next : 0;
            if (!segment || !block_is_sound(heap, segment, block) || block_free(heap, block) != HEAP_OK) {
                return HEAP_DAMAGED;
            }
        }
    }
    return HEAP_OK;
}

static enum heap_result quick_give(struct heap *heap, struct heap_block *block, uint32_t units) {
    block->size |= BLOCK_QUICK;
    block->next = heap->quick[units];
    heap->quick[units] = (uint32_t)(uintptr_t)block;
    return ++heap->quick_count > QUICK_MAX ? heap_settle(heap) : HEAP_OK;
}

/* There is a block of so many units. */
static enum heap_result quick_take(struct heap *heap, uint32_t units, size_t bytes, int zero, void **address) {
    struct heap_block *block = at(heap->quick[units]);
    uint32_t next = block->next;
    if (next && !segment_of(heap, at(next))) {
        return HEAP_DAMAGED;
    }
    heap->quick[units] = next;
    heap->quick_count--;
    block_use(heap, block, bytes);
    *address = block_bytes(block);
    if (zero) {
        memset(*address, 0, units * UNIT - HEADER_BYTES);
    }
    return HEAP_OK;
}

/* A free block of at least so many units: from the lists, else after settling, else of new memory. */
static enum heap_result free_block(struct heap *heap, uint32_t units, struct heap_block **block) {
    enum heap_result result = HEAP_OK;
    if (!bins_find(heap, units, block)) {
        return HEAP_DAMAGED;
    }
    if (!*block && heap->quick_count) {
        result = heap_settle(heap);
        if (result == HEAP_OK && !bins_find(heap, units, block)) {
            return HEAP_DAMAGED;
        }
    }
    if (result == HEAP_OK && !*block) {
        result = segment_grow(heap, units);
        if (result == HEAP_OK && (!bins_find(heap, units, block) || !*block)) {
            return HEAP_DAMAGED;
        }
    }
    return result;
}

/* The first address in a free block where a block may begin so that its bytes are aligned. */
static uint32_t units_in_front(struct heap_block *block, size_t alignment) {
    uintptr_t bytes = (uintptr_t)block_bytes(block);
    uintptr_t aligned = (bytes + alignment - 1) & ~(uintptr_t)(alignment - 1);
    if (aligned != bytes && aligned - bytes < UNITS_MIN * UNIT) {
        aligned += alignment; /* at least 16: a free block must fit in front */
    }
    return (uint32_t)(aligned - bytes) / UNIT;
}

/* Gives the front of a block back so that the rest is aligned. */
static struct heap_block *block_align(struct heap *heap, struct heap_block *block, size_t alignment) {
    uint32_t front = units_in_front(block, alignment);
    if (front == 0) {
        return block;
    }
    struct heap_block *rest = block_behind(block, front);
    uint32_t units = block_units(block) - front;
    rest->size = units << FIELD_SHIFT | (block->size & BLOCK_FRESH);
    before_set(heap, rest, front, 0);
    before_set_units(heap, block_behind(rest, units), units);
    block->size = front << FIELD_SHIFT | (block->size & BLOCK_FRESH);
    bins_insert(heap, block); /* what lies in front of it is in use: free neighbours are one */
    return rest;
}

enum heap_result heap_take(struct heap *heap, size_t bytes, size_t alignment, int zero, void **address) {
    struct heap_block *block;
    if (bytes > BYTES_MAX || alignment > BYTES_MAX - bytes) {
        return HEAP_NO_MEMORY;
    }
    uint32_t units = units_for(bytes);
    if (alignment <= UNIT && units <= QUICK_UNITS && heap->quick[units]) {
        return quick_take(heap, units, bytes, zero, address);
    }
    uint32_t search = alignment <= UNIT ? units : units + (uint32_t)alignment / UNIT + UNITS_MIN;
    enum heap_result result = free_block(heap, search, &block);
    if (result != HEAP_OK) {
        return result;
    }
    if (alignment > UNIT) {
        block = block_align(heap, block, alignment);
    }
    if (block_units(block) - units >= UNITS_MIN) {
        block_cut(heap, block, units);
    }
    uint32_t fresh = block->size & BLOCK_FRESH;
    block_use(heap, block, bytes);
    *address = block_bytes(block);
    if (zero) {
        /* Of fresh memory only the links of the list were written. */
        memset(*address, 0, fresh ? UNITS_MIN * UNIT - HEADER_BYTES : block_units(block) * UNIT - HEADER_BYTES);
    }
    return HEAP_OK;
}

enum heap_result heap_give(struct heap *heap, void *address) {
    struct heap_block *block;
    enum heap_result result = block_find(heap, address, &block);
    if (result != HEAP_OK) {
        return result;
    }
    uint32_t units = block_units(block);
    return units <= QUICK_UNITS ? quick_give(heap, block, units) : block_free(heap, block);
}

enum heap_result heap_resize(struct heap *heap, void *address, size_t bytes) {
    struct heap_block *block;
    enum heap_result result = block_find(heap, address, &block);
    if (result != HEAP_OK) {
        return result;
    }
    if (bytes > BYTES_MAX) {
        return HEAP_NO_MEMORY;
    }
    uint32_t units = units_for(bytes);
    struct heap_block *behind = block_behind(block, block_units(block));
    if (units > block_units(block)) {
        if ((behind->size & BLOCK_QUICK) && heap_settle(heap) != HEAP_OK) {
            return HEAP_DAMAGED;
        }
        if (block_is_used(behind) || block_units(block) + block_units(behind) < units) {
            return HEAP_NO_MEMORY;
        }
        if (!bins_remove(heap, behind)) {
            return HEAP_DAMAGED;
        }
        block_join(heap, block, behind);
    }
    if (block_units(block) - units >= UNITS_MIN) {
        struct heap_block *rest = block_behind(block, units);
        uint32_t rest_units = block_units(block) - units;
        block->size = units << FIELD_SHIFT | BLOCK_USED;
        rest->size = rest_units << FIELD_SHIFT | BLOCK_USED;
        before_set(heap, rest, units, 0);
        before_set_units(heap, block_behind(rest, rest_units), rest_units);
        result = block_free(heap, rest);
    }
    block_use(heap, block, bytes);
    return result;
}

enum heap_result heap_size(const struct heap *heap, const void *address, size_t *bytes) {
    struct heap_block *block;
    enum heap_result result = block_find(heap, (void *)(uintptr_t)address, &block);
    if (result == HEAP_OK) {
        *bytes = block_units(block) * UNIT - HEADER_BYTES - block_slack(heap, block);
    }
    return result;
}

/* All blocks of a segment, and how many are free. */
static enum heap_result segment_check(const struct heap *heap, const struct heap_segment *segment,
                                      uint32_t *free_count) {
    struct heap_block *end = (struct heap_block *)((char *)(uintptr_t)segment + segment->committed - HEADER_BYTES);
    struct heap_block *block = segment_begin(segment);
    uint32_t in_front = 0;
    int was_free = 0;
    while (block < end) {
        if (before_units(heap, block) != in_front || !block_is_sound(heap, segment, block) ||
            (was_free && !block_is_used(block))) {
            return HEAP_DAMAGED;
        }
        was_free = !block_is_used(block);
        *free_count += (uint32_t)was_free;
        in_front = block_units(block);
        block = block_behind(block, in_front);
    }
    return block == end && block->size == BLOCK_USED && before_units(heap, block) == in_front ? HEAP_OK : HEAP_DAMAGED;
}

static enum heap_result quick_check(const struct heap *heap) {
    uint32_t count = heap->quick_count;
    for (uint32_t units = 0; units <= QUICK_UNITS; units++) {
        for (uint32_t next = heap->quick[units]; next; next = at(next)->next) {
            if (!segment_of(heap, at(next)) || count-- == 0 ||
                at(next)->size != (units << FIELD_SHIFT | BLOCK_USED | BLOCK_QUICK)) {
                return HEAP_DAMAGED;
            }
        }
    }
    return count == 0 ? HEAP_OK : HEAP_DAMAGED;
}

enum heap_result heap_check(const struct heap *heap) {
    uint32_t free_count = 0;
    for (const struct heap_segment *segment = heap->segments; segment; segment = segment->next) {
        if (segment_check(heap, segment, &free_count) != HEAP_OK) {
            return HEAP_DAMAGED;
        }
    }
    for (uint32_t bin = 0; bin < BINS_COUNT; bin++) {
        uint32_t previous = 0;
        for (uint32_t next = heap->bins[bin]; next; free_count--) {
            const struct heap_block *block = (const struct heap_block *)(uintptr_t)next;
            if (!segment_of(heap, block) || block_is_used(block) || block->previous != previous || free_count == 0) {
                return HEAP_DAMAGED;
            }
            previous = next;
            next = block->next;
        }
    }
    return free_count == 0 ? quick_check(heap) : HEAP_DAMAGED;
}
