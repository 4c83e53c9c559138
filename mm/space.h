/* An address space: the MMU's part, and the areas that say what lies where.
 *
 * Its owner embeds it (a process).  Threads of other processes may work on a space as long as its owner keeps it.
 */
#ifndef MM_SPACE_H
#define MM_SPACE_H

#include "arch/mmu.h"
#include "mm/range.h"

struct area;

struct space {
    struct mmu_space mmu;
    struct range_set areas; /* struct area.range, in address order */
    uint32_t charged;       /* pages of commit that its areas hold */
    uint32_t resident;      /* frames of its private memory */
    uint32_t faults;        /* page faults so far */
    uint32_t view_count;
    uint32_t gap_low;    /* own range: below it there is no gap for 64 KB (mm/area.c) */
    struct area *recent; /* where the last fault was; NULL: it is gone */
    struct area *kept;   /* stack that waits for the next thread (mm/stack.c), or NULL */
};

/* Makes an empty space.
 * Errors: those of mmu_space_create (ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_PROC_SLOTS).  Takes the mm lock. */
status_t space_create(struct space *space);

/* Unmaps everything, releases all views (their owners' release is called) and charges, gives the tables back.  No
 * thread runs in the space and it is not the active one.  Takes the mm lock. */
void space_destroy(struct space *space);

/* Sum of the page faults counted on the areas that [base, base + bytes) touches; 0 bytes: none.  An area is a whole
 * reservation, stack, segment or section range.  Takes the mm lock. */
uint32_t space_range_faults(struct space *space, uint32_t base, uint32_t bytes);

/* Bytes of the process's own range (not the arena) in which nothing lies.  Takes the mm lock. */
uint32_t space_free_bytes(struct space *space);

#endif
