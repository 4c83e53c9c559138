/* Physical pages (frames) and the promise of them (commit).
 *
 * One contiguous stretch of RAM, a buddy allocator with blocks of 2^order pages, order 0 (4 KB) to PAGE_ORDER_MAX
 * (1 MB), a block aligned to its size.  Free frames are never touched: what is free is known from bitmaps and one byte
 * a page, because a look through the static map would leave cache lines under a second address (ARMv5).  The work of
 * every call is bounded by constants.
 *
 * Commit: committed <= total - reserved at boot - reserve, with reserve = max(32, total / 64) pages.  User memory is
 * charged when it is promised (commit_charge) and its frame is taken at the first touch, which then cannot fail.
 * Kernel memory is charged and taken together (page_alloc_charged).  Clean pages of pagers (PAGE_USE_CACHE) are not
 * charged: they live in frames that nobody needs yet, and go when an allocation finds no frame (page_set_reclaim).
 *
 * A frame that the kernel used through the static map leaves it with mmu_forget_static, here, when it is next given out
 * for a use outside the static map.
 *
 * Locking: any thread that may sleep, with or without the mm lock; not from interrupts nor with preemption off.
 */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include "include/types.h"

#define PAGE_ORDER_MAX 8u
#define PAGE_NONE      0xffffffffu

/* What a frame is for.  STATIC: the kernel reads and writes it by its static map address. */
enum page_use {
    PAGE_USE_FREE,     /* also: inside a larger block */
    PAGE_USE_RESERVED, /* since boot, never free */
    PAGE_USE_HEAP,     /* static: slab pages and large objects of the kernel heap */
    PAGE_USE_TABLE,    /* static: page tables */
    PAGE_USE_STACK,    /* kernel stacks, mapped in the kernel window */
    PAGE_USE_USER,     /* private memory and RAM sections */
    PAGE_USE_CACHE,    /* clean pages of a pager, not charged */
};

/* Bytes that page_init needs for its bitmaps and descriptors (<= 4 a page), for count pages. */
uint32_t page_metadata_bytes(uint32_t count);

/* Takes over RAM: count pages from ram_pa (a multiple of 1 MB), all of them free.  metadata: page_metadata_bytes(count)
 * bytes, 4-byte aligned, kept for ever (it may lie in this RAM: reserve it next).  Called once, first of all mm. */
void page_init(uint32_t ram_pa, uint32_t count, void *metadata);

/* At boot, before the first allocation: the frames that [pa, pa + bytes) touches are never free (kernel image,
 * metadata).  Frames already reserved are left alone. */
void page_reserve(uint32_t pa, uint32_t bytes);

/* Takes a block of 2^order pages for use; contents are undefined.  User pages must be under an existing charge; a
 * single page under a charge always succeeds.  Drops clean pager pages when no frame is free.
 * Returns its physical address, or PAGE_NONE. */
uint32_t page_alloc(unsigned order, enum page_use use);

/* page_alloc(0, PAGE_USE_USER) for who has preemption off, in few instructions; PAGE_NONE: not so quickly. */
uint32_t page_alloc_quick(void);

/* Gives a block back.  Stops the machine unless pa was given out with this order and not freed since. */
void page_free(uint32_t pa, unsigned order);

/* The same with the charge of 2^order pages taken and released.  PAGE_NONE also when commit is exhausted. */
uint32_t page_alloc_charged(unsigned order, enum page_use use);
void page_free_charged(uint32_t pa, unsigned order);

/* A block that is given out and charged goes on to belong to its owner, but counts as free and is not charged any more
 * (arch/frames.h, mm/stack.c), and back again; page_unkeep: false if commit is exhausted.  charge: pages, the block's
 * and what else is promised together with it.  Preemption is off for both.  page_free_kept gives such a block back.
 * Between being taken from where it is kept and page_unkeep or page_free_kept a block counts as free, but nobody finds
 * it: the reserve makes up for these few. */
void page_keep(unsigned order, uint32_t charge);
bool page_unkeep(unsigned order, uint32_t charge);
void page_free_kept(uint32_t pa, unsigned order);

/* Order of the block that begins at pa and is given out. */
unsigned page_order(uint32_t pa);

/* Promises pages (their frames come later), or gives a promise back.  Charging fails (false, nothing changed) when
 * the limit above would be passed; 0 pages always succeed. */
bool commit_charge(uint32_t pages);
void commit_release(uint32_t pages);

uint32_t page_total_count(void);     /* pages found at boot */
uint32_t page_free_count(void);      /* frames not in use now */
uint32_t page_committed_count(void); /* pages charged now */
uint32_t page_commit_limit(void);    /* the most that can be charged */

/* Registers what drops clean pager pages: it is called with the mm lock held, frees up to pages frames and returns how
 * many it freed, 0: none left. */
void page_set_reclaim(uint32_t (*reclaim)(uint32_t pages));

#endif
