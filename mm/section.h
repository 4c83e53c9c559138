/* Sections: memory that can be mapped in several processes, backed by ROM in place, by RAM, or by a pager.
 *
 * A section has one address range in the arena, the same in every process: taken at the first view, given back after
 * the last.  In-place ranges lie on 1 MB when the section has 1 MB or more, on 64 KB from 64 KB on (when the ROM
 * address does), so that large entries fit.
 *
 *   backing    frames                                   charged            a page arrives
 *   in place   ROM                                      nothing            at map time
 *   RAM        taken at the first touch, zero           all, at creation   at the first touch
 *   pager      clean copies, droppable                  nothing            at the first touch, by page_in
 *
 * Reference counted: whoever creates it has the first reference; views hold one each.
 */
#ifndef MM_SECTION_H
#define MM_SECTION_H

#include "include/list.h"
#include "include/status.h"
#include "mm/range.h"

/* What mm knows of a file that is not in place. */
struct pager_ops {
    /* Fills one page (4 KB, all of it) with the bytes at offset (page aligned); behind the end: zeros.  Called with the
     * mm lock held; must not touch user memory otherwise and must not call mm.  An error is what fault_resolve
     * returns. */
    status_t (*page_in)(void *context, uint64_t offset, void *page);
    /* The section is gone.  Called once, without the mm lock.  May be NULL. */
    void (*release)(void *context);
};

enum section_kind { SECTION_IN_PLACE, SECTION_RAM, SECTION_PAGER };

struct section {
    enum section_kind kind;
    uint32_t references;
    uint64_t bytes;
    unsigned domain;
    struct range arena;  /* valid while areas is not empty */
    struct list areas;   /* struct area.mapped.link: the spaces that have views */
    struct list aliases; /* the same: views that have a range of their own */
    uint32_t pa;         /* in place */
    uint32_t pages;      /* RAM, pager: length of the frame table */
    uint32_t **frames;   /* RAM, pager: frame table in leaves of SECTION_LEAF; PAGE_NONE: not there */
    uint32_t *leaf;      /* the only one of a small section, which lies with it; NULL: others */
    uint32_t resident;   /* RAM, pager: frames there */
    uint32_t cursor;     /* pager: where reclaim goes on */
    bool own_area_used;  /* room for one area and one view lies with the section, */
    bool own_view_used;  /* which is all that most have (mm/view_area.h) */
    const struct pager_ops *pager;
    void *context;
    struct list link; /* pager: in the list that reclaim walks */
};

#define SECTION_LEAF  1024u /* frame numbers in one leaf of the frame table */
#define SECTION_SMALL 32u   /* pages of a section that has its frame table with itself */

/* Where the frame table has the frame of a page. */
static inline uint32_t *section_frame_entry(const struct section *section, uint32_t page) {
    return &section->frames[page / SECTION_LEAF][page % SECTION_LEAF];
}

/* Once at boot, after heap_init: registers the reclaim of pager pages. */
void section_init(void);

/* A section over bytes (not 0) of ROM at pa.  pa page aligned; the whole last page is shown.  domain: the chip's.
 * Errors: ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY. */
status_t section_create_in_place(uint32_t pa, uint32_t bytes, unsigned domain, struct section **section);

/* Zero-filled RAM, charged now.  Errors: ERROR_INVALID_PARAMETER (0), ERROR_NOT_ENOUGH_MEMORY (no memory, or larger
 * than the arena). */
status_t section_create_ram(uint64_t bytes, struct section **section);

/* A section whose pages pager brings.  On success context is the section's until ops->release.
 * Errors: ERROR_INVALID_PARAMETER (0), ERROR_NOT_ENOUGH_MEMORY (no memory, or larger than the arena; context is still
 * the caller's). */
status_t section_create_pager(const struct pager_ops *ops, void *context, uint64_t bytes, struct section **section);

/* One reference more or less.  With the last one the section goes; the mm lock must not be held then. */
void section_ref(struct section *section);
void section_unref(struct section *section);

uint32_t section_count(void); /* sections alive */

/* For mm (mm lock held): the frame of a page, or PAGE_NONE; entering a frame, or PAGE_NONE. */
uint32_t section_frame(const struct section *section, uint32_t page);
void section_set_frame(struct section *section, uint32_t page, uint32_t pa);

/* For mm (mm lock held): takes the arena range before the first area, gives it back after the last.
 * False: no room. */
bool section_place(struct section *section);
void section_displace(struct section *section);

/* For mm (mm lock held): whether new pages of the section are mapped uncached, since some of them have two addresses in
 * a virtually tagged cache; and what brings the pages that are there in line, after the first alias came or the last
 * one went. */
bool section_is_uncached(const struct section *section);
void section_recache(struct section *section);

/* For mm (mm lock held): drops up to wanted clean pager pages and returns how many. */
uint32_t section_reclaim(uint32_t wanted);

#endif
