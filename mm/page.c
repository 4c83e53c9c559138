/* The buddy allocator and commit accounting of mm/page.h.
 *
 * Single pages that are freed wait in one of two small stacks, from which the next ones are taken: one of pages that
 * were used through the static map, one of others, so that a page tends to stay on its side.  They count as free, and
 * go to the buddy allocator when it finds nothing.
 *
 * Blocks that arch and stacks keep ready (page_keep) count as free, too, and come back on demand.
 *
 * A block of order k is named by its number: (pa - ram) >> (12 + k).  blocks[k] holds the free blocks of order k; a
 * free frame is in exactly one of them, inside the largest block that is free as a whole.  The descriptor of the first
 * page of a block that is given out tells use and order; all other descriptors say PAGE_USE_FREE.
 *
 *   descriptor   7        6..3    2..0
 *                static   order   use
 *
 * static: the static map may hold cache lines of the frame.  The bit stays while the frame is free or goes from one
 * static use to the next, and the frame is only cleaned of it when it leaves the static map: a slab page that comes
 * and goes costs nothing.
 */
#include "mm/page.h"

#include <string.h>

#include "arch/frames.h"
#include "arch/mmu.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "mm/bitset.h"
#include "mm/lock.h"

#define ORDER_COUNT   (PAGE_ORDER_MAX + 1)
#define RECLAIM_BATCH 16u
#define RESERVE_MIN   32u
#define STACK_ORDER   4u
#define STACK_PAGES   (1u << STACK_ORDER)

#define DESCRIPTOR_STATIC      0x80u
#define DESCRIPTOR_ORDER_SHIFT 3
#define DESCRIPTOR_ORDER_MASK  0xfu
#define DESCRIPTOR_USE_MASK    7u

static struct {
    uint32_t ram;       /* physical address of the first page */
    uint32_t count;     /* pages */
    uint32_t free;      /* frames free */
    uint32_t committed; /* pages charged */
    uint32_t limit;     /* the most that may be charged */
    uint32_t orders;    /* 0x80000000 >> k: blocks[k] is not empty */
    uint8_t *descriptors;
    struct bitset blocks[ORDER_COUNT];
    struct {
        uint32_t count;
        uint32_t page[STACK_PAGES];
    } stacks[2]; /* [1]: used through the static map */
    uint32_t (*reclaim)(uint32_t pages);
} pages;

static enum page_use use_of(uint8_t descriptor) {
    return (enum page_use)(descriptor & DESCRIPTOR_USE_MASK);
}

static unsigned order_of(uint8_t descriptor) {
    return (descriptor >> DESCRIPTOR_ORDER_SHIFT) & DESCRIPTOR_ORDER_MASK;
}

static bool use_is_static(enum page_use use) {
    return use == PAGE_USE_HEAP || use == PAGE_USE_TABLE;
}

static __attribute__((noinline)) void block_add(unsigned order, uint32_t block) {
    bitset_add(&pages.blocks[order], block);
    pages.orders |= 0x80000000u >> order;
}

static __attribute__((noinline)) void block_remove(unsigned order, uint32_t block) {
    bitset_remove(&pages.blocks[order], block);
    if (bitset_empty(&pages.blocks[order])) {
        pages.orders &= ~(0x80000000u >> order);
    }
}

/* Takes a free block off its set and gives the halves that are not wanted back, down to the wanted block. */
static void block_split(unsigned order, uint32_t block, unsigned wanted_order, uint32_t wanted) {
    block_remove(order, block);
    while (order > wanted_order) {
        order--;
        block_add(order, (wanted >> (order - wanted_order)) ^ 1u);
    }
}

COLD uint32_t page_metadata_bytes(uint32_t count) {
    uint32_t words = 0;
    for (unsigned order = 0; order < ORDER_COUNT; order++) {
        words += bitset_words(count >> order);
    }
    return words * 4 + round_up(count, 4);
}

static void limit_update(uint32_t usable) {
    uint32_t reserve = max_u32(RESERVE_MIN, pages.count / 64);
    pages.limit = usable > reserve ? usable - reserve : 0;
}

COLD void page_init(uint32_t ram_pa, uint32_t count, void *metadata) {
    ASSERT(is_aligned(ram_pa, PAGE_SIZE << PAGE_ORDER_MAX) && count > 0);
    memset(metadata, 0, page_metadata_bytes(count));
    pages.ram = ram_pa;
    pages.count = count;
    pages.free = count;
    pages.committed = 0;
    pages.orders = 0;
    pages.stacks[0].count = 0;
    pages.stacks[1].count = 0;
    pages.reclaim = NULL;
    uint32_t *memory = metadata;
    for (unsigned order = 0; order < ORDER_COUNT; order++) {
        uint32_t blocks = count >> order;
        bitset_init(&pages.blocks[order], blocks, memory);
        memory += bitset_words(blocks);
        if (order == PAGE_ORDER_MAX) {
            for (uint32_t block = 0; block < blocks; block++) {
                block_add(order, block);
            }
        } else if ((blocks & 1) != 0) {
            block_add(order, blocks - 1); /* what is left over at the end */
        }
    }
    pages.descriptors = (uint8_t *)memory;
    limit_update(count);
}

static COLD void page_reserve_one(uint32_t page) {
    for (unsigned order = 0; order < ORDER_COUNT; order++) {
        uint32_t block = page >> order;
        if (block < pages.count >> order && bitset_has(&pages.blocks[order], block)) {
            block_split(order, block, 0, page);
            pages.descriptors[page] = PAGE_USE_RESERVED;
            pages.free--;
            return;
        }
    }
    ASSERT(use_of(pages.descriptors[page]) == PAGE_USE_RESERVED);
}

COLD void page_reserve(uint32_t pa, uint32_t bytes) {
    ASSERT(pages.committed == 0 && pa >= pages.ram && bytes > 0);
    uint32_t first = (pa - pages.ram) >> PAGE_SHIFT;
    uint32_t last = (pa - pages.ram + bytes - 1) >> PAGE_SHIFT;
    ASSERT(first <= last && last < pages.count);
    ASSERT(pages.stacks[0].count + pages.stacks[1].count == 0);
    for (uint32_t page = first; page <= last; page++) {
        page_reserve_one(page);
    }
    limit_update(pages.free);
}

/* Fills the empty stack of pages outside the static map from one block, since pages are rarely wanted singly.
 * Preemption is off. */
static COLD void stack_fill(void) {
    uint32_t orders = pages.orders & (0xffffffffu >> STACK_ORDER);
    if (orders == 0) {
        return;
    }
    unsigned found = (unsigned)__builtin_clz(orders);
    uint32_t block = bitset_first(&pages.blocks[found]);
    uint32_t page = block << found;
    block_split(found, block, STACK_ORDER, page >> STACK_ORDER);
    /* The lowest page is the first to be taken. */
    for (uint32_t i = STACK_PAGES; i > 0; i--) {
        pages.stacks[0].page[STACK_PAGES - i] = page + i - 1;
    }
    pages.stacks[0].count = STACK_PAGES;
}

/* Takes a block off the free ones: its first page, or PAGE_NONE. */
static uint32_t block_take(unsigned order, enum page_use use) {
    uint32_t page = PAGE_NONE;
    bool is_static = use_is_static(use);
    preempt_disable();
    if (order == 0 && pages.stacks[is_static].count > 0) {
        page = pages.stacks[is_static].page[--pages.stacks[is_static].count];
    } else {
        uint32_t orders = pages.orders & (0xffffffffu >> order);
        if (orders != 0) {
            unsigned found = (unsigned)__builtin_clz(orders);
            uint32_t block = bitset_first(&pages.blocks[found]);
            block_split(found, block, order, block << (found - order));
            page = block << found;
        }
    }
    if (page != PAGE_NONE) {
        uint8_t *descriptor = &pages.descriptors[page];
        *descriptor = (uint8_t)((*descriptor & DESCRIPTOR_STATIC) | (order << DESCRIPTOR_ORDER_SHIFT) | (unsigned)use);
        pages.free -= 1u << order;
    }
    preempt_enable();
    return page;
}

/* Puts a free block into its set, merged with its buddies as far as they are free.  Preemption is off. */
static void block_give(uint32_t block, unsigned order) {
    /* A buddy behind the last block is in the same word of the set as the block, and never in the set. */
    while (order < PAGE_ORDER_MAX && bitset_has(&pages.blocks[order], block ^ 1u)) {
        block_remove(order, block ^ 1u);
        block >>= 1;
        order++;
    }
    block_add(order, block);
}

/* Empties the stacks into the sets.  False: they were empty. */
static COLD bool stacks_empty(void) {
    bool any = false;
    for (unsigned i = 0; i < 2 * STACK_PAGES; i++) {
        preempt_disable();
        unsigned stack = pages.stacks[0].count > 0 ? 0 : 1;
        if (pages.stacks[stack].count > 0) {
            block_give(pages.stacks[stack].page[--pages.stacks[stack].count], 0);
            any = true;
        }
        preempt_enable();
    }
    return any;
}

/* The block goes into or out of the static map.  It is ours alone by now. */
static COLD void block_set_static(uint32_t page, unsigned order, bool is_static) {
    for (uint32_t end = page + (1u << order); page < end; page++) {
        uint8_t *descriptor = &pages.descriptors[page];
        if (is_static) {
            *descriptor |= DESCRIPTOR_STATIC;
        } else if ((*descriptor & DESCRIPTOR_STATIC) != 0) {
            *descriptor &= (uint8_t)~DESCRIPTOR_STATIC;
            mmu_forget_static(pages.ram + (page << PAGE_SHIFT), PAGE_SIZE);
        }
    }
}

/* Drops clean pager pages.  For more than one page whatever is there goes, since which frames it frees is luck. */
static COLD bool reclaim(unsigned order) {
    if (pages.reclaim == NULL) {
        return false;
    }
    bool held = mm_lock_held();
    if (!held) {
        mm_lock();
    }
    uint32_t freed = pages.reclaim(order == 0 ? RECLAIM_BATCH : pages.count);
    if (!held) {
        mm_unlock();
    }
    /* Where the lock was waited for, others may have freed what there was. */
    return freed != 0 || stacks_empty() || (pages.orders & (0xffffffffu >> order)) != 0;
}

uint32_t page_alloc(unsigned order, enum page_use use) {
    ASSERT(order <= PAGE_ORDER_MAX && use > PAGE_USE_RESERVED);
    uint32_t page;
    do {
        page = block_take(order, use);
    } while (page == PAGE_NONE && (stacks_empty() || frames_release_kept() || reclaim(order)));
    if (page == PAGE_NONE) {
        return PAGE_NONE;
    }
    bool was_static = (pages.descriptors[page] & DESCRIPTOR_STATIC) != 0;
    if (order != 0 || was_static != use_is_static(use)) {
        block_set_static(page, order, use_is_static(use));
    }
    return pages.ram + (page << PAGE_SHIFT);
}

uint32_t page_alloc_quick(void) {
    if (pages.stacks[0].count == 0) {
        stack_fill();
    }
    uint32_t count = pages.stacks[0].count;
    if (count == 0) {
        return PAGE_NONE;
    }
    uint32_t page = pages.stacks[0].page[count - 1];
    if ((pages.descriptors[page] & DESCRIPTOR_STATIC) != 0) {
        return PAGE_NONE;
    }
    pages.stacks[0].count = count - 1;
    pages.descriptors[page] = PAGE_USE_USER;
    pages.free--;
    return pages.ram + (page << PAGE_SHIFT);
}

/* Number of the page at pa, which must begin a block that is given out. */
ALWAYS_INLINE uint32_t page_check(uint32_t pa) {
    uint32_t page = (pa - pages.ram) >> PAGE_SHIFT;
    ASSERT(is_aligned(pa, PAGE_SIZE) && page < pages.count);
    ASSERT(use_of(pages.descriptors[page]) > PAGE_USE_RESERVED);
    return page;
}

void page_free(uint32_t pa, unsigned order) {
    preempt_disable();
    uint32_t page = page_check(pa);
    uint8_t *descriptor = &pages.descriptors[page];
    ASSERT(order_of(*descriptor) == order);
    bool is_static = use_is_static(use_of(*descriptor));
    *descriptor &= DESCRIPTOR_STATIC;
    pages.free += 1u << order;
    if (order == 0 && pages.stacks[is_static].count < STACK_PAGES) {
        pages.stacks[is_static].page[pages.stacks[is_static].count++] = page;
    } else {
        block_give(page >> order, order);
    }
    preempt_enable();
}

uint32_t page_alloc_charged(unsigned order, enum page_use use) {
    if (!commit_charge(1u << order)) {
        return PAGE_NONE;
    }
    uint32_t pa = page_alloc(order, use);
    if (pa == PAGE_NONE) {
        commit_release(1u << order);
    }
    return pa;
}

void page_free_charged(uint32_t pa, unsigned order) {
    page_free(pa, order);
    commit_release(1u << order);
}

void page_keep(unsigned order, uint32_t charge) {
    ASSERT(charge <= pages.committed);
    pages.free += 1u << order;
    pages.committed -= charge;
}

bool page_unkeep(unsigned order, uint32_t charge) {
    bool fits = charge <= pages.limit - pages.committed;
    if (fits) {
        pages.committed += charge;
        pages.free -= 1u << order;
    }
    return fits;
}

COLD void page_free_kept(uint32_t pa, unsigned order) {
    preempt_disable();
    pages.free -= 1u << order;
    preempt_enable();
    page_free(pa, order);
}

unsigned page_order(uint32_t pa) {
    return order_of(pages.descriptors[page_check(pa)]);
}

bool commit_charge(uint32_t count) {
    preempt_disable();
    bool fits = count <= pages.limit - pages.committed;
    if (fits) {
        pages.committed += count;
    }
    preempt_enable();
    return fits;
}

void commit_release(uint32_t count) {
    preempt_disable();
    ASSERT(count <= pages.committed);
    pages.committed -= count;
    preempt_enable();
}

uint32_t page_total_count(void) {
    return pages.count;
}

uint32_t page_free_count(void) {
    return pages.free;
}

uint32_t page_committed_count(void) {
    return pages.committed;
}

uint32_t page_commit_limit(void) {
    return pages.limit;
}

void page_set_reclaim(uint32_t (*function)(uint32_t pages)) {
    pages.reclaim = function;
}
