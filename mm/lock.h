/* The one lock of mm, and what mm needs of the kernel for it.
 *
 * One sleeping mutex guards all spaces, areas, sections, views and the arena.  The kernel gives the three functions
 * (with priority inheritance); host tests give their own.  User memory is never touched while it is held, but through
 * the pointer of mmu_fill_begin, which cannot fault.
 *
 * The page allocator and the heap have only short constant stretches with preemption off and take this lock in one
 * case: no frame is free and clean pages of pagers must be dropped.
 *
 * Order: a kernel lock may be held while mm is called.  mm calls back (pager page_in) with the mm lock held, so a pager
 * must not take a lock under which anybody calls mm.  Release callbacks run without it.
 */
#ifndef MM_LOCK_H
#define MM_LOCK_H

#include "include/types.h"

void mm_lock(void);      /* waits; not recursive */
void mm_unlock(void);    /* by the holder only */
bool mm_lock_free(void); /* with preemption off: nobody is the holder, nor will be till it is on again */
bool mm_lock_held(void); /* true when the calling thread is the holder */

#endif
