/* Views: the windows of a space onto sections.
 *
 * A view of [offset, offset + bytes) lies at the section's arena base + offset, in every space.  All views of one
 * section in one space share an area (AREA_SECTION).  A page is accessible while any of them covers it, and no longer.
 * Views with equal base form a stack: the one mapped last is the one unmapped.
 *
 * A view that overlaps one of the same space with another protection gets an arena range of its own: the same page then
 * has two addresses in the space.  Only sections that can be written come to that, which are RAM.  On ARMv5 the pages
 * of such a section are uncached in all spaces as long as there is such a range.
 *
 * In place: every page is mapped at once, with 1 MB, 64 KB and 4 KB entries, so no fault is ever taken.
 *   64 KB entry: where one view covers all of it.
 *   1 MB entry: where one view covers all of it and no view covers a part of it.  A view that ends inside a megabyte
 *   pays for the second-level table of that megabyte when it is mapped, so view_unmap always has the table it needs.
 * RAM and pager: pages arrive at the first touch (mm/fault.h); the tables are paid for at map time.
 *
 * Locking: all functions take the mm lock.
 */
#ifndef MM_VIEW_H
#define MM_VIEW_H

#include "mm/section.h"
#include "mm/space.h"

/* Who the view keeps alive (the kernel's mapping object), and who keeps the section alive for it. */
struct view_owner {
    void *object;
    void (*release)(void *object); /* called once when the view is gone, without the mm lock; NULL: there is no owner */
};

struct view_info {
    uint32_t base;
    uint32_t bytes; /* as asked for, not rounded */
    uint64_t offset;
    prot_t prot;
    bool in_place;
    uint32_t faults; /* on the section's area in this space */
    void *owner;     /* view_owner.object */
};

/* Maps bytes of section from offset (bytes 0: to its end) with prot; *va is the address.  On success owner is the
 * view's to release; without an owner the view holds a reference of its own on section.
 * Errors, nothing changed: ERROR_MAPPED_ALIGNMENT (offset not on 4 KB); ERROR_ACCESS_DENIED (beyond the end; write on
 * ROM or a pager); ERROR_NOT_ENOUGH_MEMORY (no address range, tables or objects). */
status_t view_map(struct space *space, struct section *section, uint64_t offset, uint32_t bytes, prot_t prot,
                  struct view_owner owner, uint32_t *va);

/* Unmaps the view with exactly this base that was mapped last.  Error: ERROR_INVALID_PARAMETER. */
status_t view_unmap(struct space *space, uint32_t va);

/* Calls visit for each view of the space in order of address, newest first where equal, until it returns false.
 * visit runs with the mm lock held: it must not call mm nor touch user memory. */
void view_enumerate(struct space *space, bool (*visit)(void *context, const struct view_info *info), void *context);

uint32_t view_count(void); /* views alive in all spaces */

#endif
