/* Inside mm: a section's area in one space with the views on it, and which pages they cover.
 *
 * The views of an area are sorted by address, newest first where equal.  The functions work on a stretch [start, end)
 * of the area, page aligned, that one view covers; that view is not in the list: not yet when it is mapped, not any
 * more when it is unmapped.  The mm lock is held throughout.
 */
#ifndef MM_VIEW_AREA_H
#define MM_VIEW_AREA_H

#include "mm/area.h"
#include "mm/view.h"

struct view {
    struct list link; /* area->mapped.views */
    struct section *section;
    uint64_t offset;
    uint32_t bytes; /* as asked for */
    uint32_t start; /* first address */
    uint32_t end;   /* behind the last page */
    prot_t prot;
    struct view_owner owner;
};

/* A section as it is allocated: with room for its first area and view, which need no allocation of their own then.  An
 * area uses the room until it ends, a view as long as it has its reference on the section.  A small section's frame
 * table lies behind. */
struct section_room {
    struct section section;
    struct area area;
    struct view view;
};

/* True when a view of the area covers a page of [start, end). */
bool cover_overlaps(const struct area *area, uint32_t start, uint32_t end);

/* The view that covers the page at va: of several the one that begins last, and was mapped last.  NULL: none. */
const struct view *view_around(const struct area *area, uint32_t va);

/* Calls gap for the parts of [start, end) that no view covers, lowest first. */
void cover_gaps(struct area *area, uint32_t start, uint32_t end,
                void (*gap)(struct area *area, uint32_t start, uint32_t end, prot_t prot), prot_t prot);

/* Makes [start, end) accessible.  Error, nothing changed: ERROR_NOT_ENOUGH_MEMORY (tables). */
status_t cover_map(struct area *area, uint32_t start, uint32_t end, prot_t prot);

/* Makes what no other view covers of [start, end) inaccessible, and the entries of the rest what they should be. */
void cover_unmap(struct area *area, uint32_t start, uint32_t end);

/* The same two for a section in place (mm/cover_in_place.c). */
status_t cover_map_in_place(struct area *area, uint32_t start, uint32_t end, prot_t prot);
void cover_unmap_in_place(struct area *area, uint32_t start, uint32_t end);

/* Ends an area with all its views, which go to the list views: for space_destroy. */
void view_area_clear(struct area *area, struct list *views);

/* Drops what the views of a list hold, and frees them.  Without the mm lock. */
void view_release_all(struct list *views);

#endif
