/* Free blocks by size: one list for each of the small sizes, eight for each power of two above, and bits that say which
 * lists are not empty, so that a block is found and put away in constant time.
 *
 * A search begins at the first list of which every block is large enough.  Only when there is none, the list before it,
 * whose blocks may be, is looked through.
 */
#include "sdk/lib/heap.h"

#define EXACT_LOG 5 /* 2^5 = BINS_EXACT */
#define STEP_LOG  3 /* eight lists for a power of two */

static struct heap_block *at(uint32_t address) {
    return (struct heap_block *)(uintptr_t)address;
}

static uint32_t address_of_block(const struct heap_block *block) {
    return (uint32_t)(uintptr_t)block;
}

/* The list that a block of this size is in. */
static uint32_t bin_of(uint32_t units) {
    if (units < BINS_EXACT) {
        return units;
    }
    uint32_t log = 31u - (uint32_t)__builtin_clz(units);
    return BINS_EXACT + ((log - EXACT_LOG) << STEP_LOG) + (units >> (log - STEP_LOG) & ((1u << STEP_LOG) - 1));
}

/* The first list whose blocks are all at least so large; may be BINS_COUNT. */
static uint32_t bin_above(uint32_t units) {
    if (units < BINS_EXACT) {
        return units;
    }
    uint32_t log = 31u - (uint32_t)__builtin_clz(units);
    return bin_of(units + (1u << (log - STEP_LOG)) - 1);
}

void bins_insert(struct heap *heap, struct heap_block *block) {
    uint32_t bin = bin_of(block_units(block));
    uint32_t next = heap->bins[bin];
    block->next = next;
    block->previous = 0;
    if (next) {
        at(next)->previous = address_of_block(block);
    }
    heap->bins[bin] = address_of_block(block);
    heap->map[bin / 32] |= 1u << bin % 32;
    heap->words |= 1u << bin / 32;
}

int bins_remove(struct heap *heap, struct heap_block *block) {
    uint32_t bin = bin_of(block_units(block));
    uint32_t next = block->next;
    uint32_t previous = block->previous;
    if (previous && !segment_of(heap, at(previous))) {
        return 0;
    }
    uint32_t *link = previous ? &at(previous)->next : &heap->bins[bin];
    if (*link != address_of_block(block) ||
        (next && (!segment_of(heap, at(next)) || at(next)->previous != address_of_block(block)))) {
        return 0;
    }
    *link = next;
    if (next) {
        at(next)->previous = previous;
    }
    if (heap->bins[bin] == 0) {
        heap->map[bin / 32] &= ~(1u << bin % 32);
        if (heap->map[bin / 32] == 0) {
            heap->words &= ~(1u << bin / 32);
        }
    }
    return 1;
}

/* The first list from bin on that holds something; BINS_COUNT: none. */
static uint32_t bin_filled(const struct heap *heap, uint32_t bin) {
    uint32_t word = bin / 32;
    uint32_t bits = word < BINS_WORDS ? heap->map[word] & ~0u << bin % 32 : 0;
    if (bits == 0) {
        uint32_t words = heap->words & ~1u << word;
        if (words == 0) {
            return BINS_COUNT;
        }
        word = (uint32_t)__builtin_ctz(words);
        bits = heap->map[word];
    }
    return word * 32 + (uint32_t)__builtin_ctz(bits);
}

int bins_find(struct heap *heap, uint32_t units, struct heap_block **found) {
    uint32_t bin = bin_filled(heap, bin_above(units));
    *found = NULL;
    if (bin != BINS_COUNT) {
        *found = at(heap->bins[bin]);
        return segment_of(heap, *found) && bin_of(block_units(*found)) == bin && bins_remove(heap, *found);
    }
    for (uint32_t next = heap->bins[bin_of(units)]; next; next = at(next)->next) {
        if (!segment_of(heap, at(next))) {
            return 0;
        }
        if (block_units(at(next)) >= units) {
            *found = at(next);
            return bins_remove(heap, *found);
        }
    }
    return 1;
}
