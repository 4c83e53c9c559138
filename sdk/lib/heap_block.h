/* Blocks of a heap: how a piece of memory says what it is.
 *
 * A segment (heap.h) is blocks from its beginning to its committed end, without gaps, counted in units of 8 bytes:
 *
 *   0  size     units of the whole block << 5 | BLOCK_ bits
 *   4  before   (units of the block in front << 5 | slack) ^ cookie; the first block has none in front
 *   8  next     a free block: addresses of its neighbours in its list; else the program's bytes, the last `slack` of
 * them 12  previous unused
 *
 * Of a block that was given back quickly (heap.h) next is the next of its list.
 *
 * Behind the last block is a header of 0 units, in use.  The cookie is the heap's.  A block and the one behind it agree
 * on the block's size: whoever writes over the end of a block breaks that, and so does what only looks like a block.
 */
#ifndef SDK_LIB_HEAP_BLOCK_H
#define SDK_LIB_HEAP_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#define UNIT         8u
#define HEADER_BYTES 8u
#define UNITS_MIN    2u
#define UNITS_MAX    0x07ffffffu

#define BLOCK_USED  1u
#define BLOCK_FRESH 2u /* free, and its bytes are zero but for this header */
#define BLOCK_QUICK 4u /* with BLOCK_USED: given back, but its neighbours do not know yet */

#define FIELD_SHIFT 5
#define SLACK_MASK  0x1fu

struct heap_block {
    uint32_t size, before, next, previous;
};

static inline uint32_t block_units(const struct heap_block *block) {
    return block->size >> FIELD_SHIFT;
}

static inline int block_is_used(const struct heap_block *block) {
    return (block->size & BLOCK_USED) != 0;
}

/* The block behind one, and the block that begins some units in front of one. */
static inline struct heap_block *block_behind(struct heap_block *block, uint32_t units) {
    return (struct heap_block *)((char *)block + units * UNIT);
}

static inline struct heap_block *block_in_front(struct heap_block *block, uint32_t units) {
    return (struct heap_block *)((char *)block - units * UNIT);
}

static inline void *block_bytes(struct heap_block *block) {
    return (char *)block + HEADER_BYTES;
}

static inline struct heap_block *block_of(void *bytes) {
    return (struct heap_block *)((char *)bytes - HEADER_BYTES);
}

/* Units of a block for so many bytes; they are at most UNITS_MAX * UNIT - 16. */
static inline uint32_t units_for(size_t bytes) {
    uint32_t units = ((uint32_t)bytes + HEADER_BYTES + UNIT - 1) / UNIT;
    return units < UNITS_MIN ? UNITS_MIN : units;
}

#endif
