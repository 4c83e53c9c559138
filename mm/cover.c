/* Coverage of a section's area by views (mm/view_area.h), and the pages of RAM and pager sections.
 *
 * Those are simple: a page that a view covers is committed until the first touch brings its frame, and becomes free
 * when the last view that covers it goes.  The frame stays with the section.
 */
#include "mm/view_area.h"

bool cover_overlaps(const struct area *area, uint32_t start, uint32_t end) {
    LIST_EACH(view, &area->mapped.views, const struct view, link) {
        if (view->start >= end) {
            return false;
        }
        if (view->end > start) {
            return true;
        }
    }
    return false;
}

void cover_gaps(struct area *area, uint32_t start, uint32_t end,
                void (*gap)(struct area *area, uint32_t start, uint32_t end, prot_t prot), prot_t prot) {
    uint32_t at = start; /* everything below is covered or done */
    LIST_EACH(view, &area->mapped.views, const struct view, link) {
        if (view->start >= end) {
            break;
        }
        if (view->start > at) {
            gap(area, at, view->start, prot);
        }
        if (view->end > at) {
            at = view->end;
        }
        if (at >= end) {
            return;
        }
    }
    gap(area, at, end, prot);
}

static void gap_commit(struct area *area, uint32_t start, uint32_t end, prot_t prot) {
    mmu_set_state(&area->space->mmu, start, end - start, PAGE_COMMITTED, prot);
}

static void gap_free(struct area *area, uint32_t start, uint32_t end, prot_t prot) {
    (void)prot;
    mmu_unmap(&area->space->mmu, start, end - start, false, NULL, NULL);
}

status_t cover_map(struct area *area, uint32_t start, uint32_t end, prot_t prot) {
    if (area->section->kind == SECTION_IN_PLACE) {
        return cover_map_in_place(area, start, end, prot);
    }
    status_t status = mmu_tables_reserve(&area->space->mmu, start, end - start, area->section->domain);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (list_empty(&area->mapped.views)) {
        gap_commit(area, start, end, prot);
    } else {
        cover_gaps(area, start, end, gap_commit, prot);
    }
    return ERROR_SUCCESS;
}

void cover_unmap(struct area *area, uint32_t start, uint32_t end) {
    if (area->section->kind == SECTION_IN_PLACE) {
        cover_unmap_in_place(area, start, end);
        return;
    }
    cover_gaps(area, start, end, gap_free, PROT_NONE);
    mmu_tables_trim(&area->space->mmu, start, end - start);
}
