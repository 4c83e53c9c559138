/* The kernel heap: small objects of fixed classes in slab pages, larger ones in whole pages.
 *
 * Slab pages lie in the static map and carry their header: a bitmap of free objects.  The few objects of a class that
 * were freed last may wait for the next allocations, newest first, and hold their page till then or till heap_settle;
 * their first word gets a mark.  Nothing else is written into free objects and nothing in them is followed, so a stale
 * write cannot break the heap itself.  Allocation and release take constant time.  Memory is charged (mm/page.h).
 * Every object is aligned to 16 bytes; sizes above HEAP_SMALL_MAX to a page.
 *
 * Classes up to HEAP_STOCK_MAX bytes keep HEAP_LOW_WATER free objects once they have been stocked, so that ordinary
 * calls take no new page; every other slab page goes back with its last object.
 *
 * Locking: as mm/page.h: with or without the mm lock, where sleeping is allowed.
 */
#ifndef MM_HEAP_H
#define MM_HEAP_H

#include "include/types.h"

#define HEAP_SMALL_MAX 2016u /* largest object in a slab page */
#define HEAP_STOCK_MAX 496u
#define HEAP_LOW_WATER 8u
#define HEAP_LARGE_MAX 0x100000u /* largest object at all */

/* Once, after page_init and before the first allocation. */
void heap_init(void);

/* Memory of at least bytes bytes (1 to HEAP_LARGE_MAX), contents undefined (heap_alloc) or zero.  The caller owns it.
 * NULL: no memory, or bytes is 0 or too large. */
void *heap_alloc(uint32_t bytes);
void *heap_alloc_zero(uint32_t bytes);

/* Gives an object back; NULL is ignored.  Stops the machine on a double free or a foreign address; on a double free of
 * an object that waits only if its first word has not been written since. */
void heap_free(void *object);

/* Stocks every class up to HEAP_STOCK_MAX with HEAP_LOW_WATER free objects, as far as memory reaches.  Called when a
 * process is created: mapping a ROM file afterwards takes no page. */
void heap_replenish(void);

/* Puts the few objects of each class that wait for the next allocation back into their slabs, so that pages go that
 * nothing lives in any more. */
void heap_settle(void);

/* Gives every empty slab page back, also the stock (before exact comparisons). */
void heap_trim(void);

uint32_t heap_object_count(void); /* objects alive */
uint32_t heap_page_count(void);   /* pages held, slab and large */

#endif
