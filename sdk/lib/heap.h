/* Heaps: memory in pieces of any size, out of segments of pages.
 *
 * A heap has segments, reserved from the system and committed from their low end on as they fill, and lists of free
 * blocks by size (heap_bins.c).  Free neighbours are one block, always; but the last few small blocks that were given
 * back stay as they are, by size, for the next who wants the same (quick).  A segment that becomes free whole goes back
 * to the system, but for the one that a heap itself lies in.  New segments double the heap's size, so that there are
 * few.
 *
 * These functions know nothing of threads and errors: win_heap.c, win_local.c and malloc.c lock and report.  They need
 * nothing of the system but heap_source.h, and are tested on the host.
 */
#ifndef SDK_LIB_HEAP_H
#define SDK_LIB_HEAP_H

#include "sdk/lib/heap_block.h"
#include "sdk/lib/lock.h"

#define HEAP_MAGIC    0x48656170u
#define BINS_EXACT    32u /* bins of one size each, in units; above, eight for each power of two */
#define BINS_COUNT    (BINS_EXACT + 22u * 8u)
#define BINS_WORDS    ((BINS_COUNT + 31u) / 32u)
#define BYTES_MAX     (UNITS_MAX * UNIT - 64u)
#define SEGMENT_GRAIN 0x10000u   /* segments are multiples of this */
#define SEGMENT_LARGE 0x1000000u /* doubling ends here */
#define QUICK_UNITS   17u        /* up to 128 bytes */
#define QUICK_MAX     32u
#define COMMIT_GRAIN  0x4000u /* a segment is committed in steps of this, while there is memory */

struct heap_segment {
    struct heap_segment *next;
    uint32_t reserved, committed; /* bytes, from this header on */
    uint32_t begin;               /* of the first block, from here */
};

struct heap {
    uint32_t magic;
    uint32_t options; /* of HeapCreate */
    struct lock lock;
    uint32_t cookie;
    uint32_t maximum;              /* bytes; 0: grows */
    uint32_t reserved;             /* bytes of all segments */
    struct heap_segment *segments; /* newest first */
    struct heap_segment *first;    /* the one that holds this structure; NULL: none */
    uint32_t quick_count;
    uint32_t quick[QUICK_UNITS + 1]; /* addresses of blocks with so many units */
    uint32_t words;                  /* bit n: map[n] is not 0 */
    uint32_t map[BINS_WORDS];        /* bit n: bins[n] is not empty */
    uint32_t bins[BINS_COUNT];       /* addresses of free blocks */
};

enum heap_result {
    HEAP_OK,
    HEAP_NOT_A_BLOCK, /* the address is none that the heap gave out, or it was freed */
    HEAP_DAMAGED,     /* somebody wrote over what the heap knows */
    HEAP_NO_MEMORY
};

/* Makes an empty heap of zeroed memory.  cookie: any value. */
void heap_init(struct heap *heap, uint32_t options, uint32_t cookie, uint32_t maximum);

/* Gives a heap its first segment: reserved bytes, of them committed so many; skip: bytes behind the segment's header
 * that are not the heap's to use (for the struct heap itself).  All rounded up to pages. */
void heap_add_first(struct heap *heap, struct heap_segment *segment, uint32_t reserved, uint32_t committed,
                    uint32_t skip);

/* Takes a block.  alignment: a power of two, 8 at least.  zero: fill it.  *bytes_out: its address. */
enum heap_result heap_take(struct heap *heap, size_t bytes, size_t alignment, int zero, void **bytes_out);

/* Gives one back. */
enum heap_result heap_give(struct heap *heap, void *address);

/* Changes the size of a block where it lies; HEAP_NO_MEMORY: that cannot be. */
enum heap_result heap_resize(struct heap *heap, void *address, size_t bytes);

/* How many bytes were asked for. */
enum heap_result heap_size(const struct heap *heap, const void *address, size_t *bytes);

/* Looks at everything.  HEAP_OK or HEAP_DAMAGED. */
enum heap_result heap_check(const struct heap *heap);

/* Joins the blocks that were given back quickly with their neighbours. */
enum heap_result heap_settle(struct heap *heap);

/* Gives all segments but the first back. */
void heap_drop(struct heap *heap);

/* ---- between the parts ---- */

/* heap_bins.c: takes out a block of at least so many units, NULL: there is none; puts a free one in; takes a certain
 * one out. 0: the list is damaged. */
int bins_find(struct heap *heap, uint32_t units, struct heap_block **block);
void bins_insert(struct heap *heap, struct heap_block *block);
int bins_remove(struct heap *heap, struct heap_block *block);

/* heap_segment.c: makes a free block of at least so many units; puts a block that is free at a segment's whole
 * length back; the segment that an address lies in. */
enum heap_result segment_grow(struct heap *heap, uint32_t units);
int segment_give(struct heap *heap, struct heap_block *block);
struct heap_segment *segment_of(const struct heap *heap, const void *address);

static inline struct heap_block *segment_begin(const struct heap_segment *segment) {
    return (struct heap_block *)((char *)(uintptr_t)segment + segment->begin);
}

static inline uint32_t before_units(const struct heap *heap, const struct heap_block *block) {
    return (block->before ^ heap->cookie) >> FIELD_SHIFT;
}

static inline uint32_t block_slack(const struct heap *heap, const struct heap_block *block) {
    return (block->before ^ heap->cookie) & SLACK_MASK;
}

static inline void before_set(const struct heap *heap, struct heap_block *block, uint32_t units, uint32_t slack) {
    block->before = (units << FIELD_SHIFT | slack) ^ heap->cookie;
}

/* Changes the size in front that a block has, and leaves its slack. */
static inline void before_set_units(const struct heap *heap, struct heap_block *block, uint32_t units) {
    before_set(heap, block, units, block_slack(heap, block));
}

#endif
