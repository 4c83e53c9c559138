/* The entries of a section in place.
 *
 * What an entry may be follows from the views alone:
 *   1 MB    one view covers the megabyte, and none covers a part of it
 *   64 KB   one view covers all of it
 *   4 KB    the rest
 * A view that covers a part of a megabyte has paid for the megabyte's second-level table when it was mapped.  So a
 * megabyte that is taken apart later has its table, and only a megabyte without such views gives its table up and
 * becomes one entry again.  A page whose entry changes its size is not there for a moment; who touches it then waits
 * for the mm lock in the fault handler and finds it present.
 *
 * The usual view overlaps no other: it is one mmu_map_range and one mmu_unmap.
 */
#include "mm/view_area.h"

#include "mm/area_make.h"

/* ROM address of an address in the area. */
static uint32_t area_pa(const struct area *area, uint32_t va) {
    return area->section->pa + (va - area->base);
}

/* Whether entries of size can fit anywhere: address and ROM address agree below it. */
static bool size_fits(const struct area *area, uint32_t size) {
    return is_aligned(area->base ^ area->section->pa, size);
}

static void map(struct area *area, uint32_t va, uint32_t bytes, prot_t prot) {
    mmu_map_range(&area->space->mmu, va, area_pa(area, va), bytes, prot, area->section->domain);
}

static void unmap(struct area *area, uint32_t va, uint32_t bytes) {
    mmu_unmap(&area->space->mmu, va, bytes, true, NULL, NULL);
}

/* How the views cover a block. */
struct coverage {
    bool whole;  /* one covers all of it */
    bool partly; /* one covers a part of it */
    prot_t prot; /* of those */
};

static struct coverage block_coverage(const struct area *area, uint32_t start, uint32_t bytes) {
    struct coverage coverage = {.whole = false, .partly = false, .prot = PROT_NONE};
    uint32_t end = start + bytes;
    LIST_EACH(view, &area->mapped.views, const struct view, link) {
        if (view->start >= end) {
            break;
        }
        if (view->end > start) {
            bool whole = view->start <= start && view->end >= end;
            coverage.whole |= whole;
            coverage.partly |= !whole;
            coverage.prot = view->prot;
        }
    }
    return coverage;
}

/* Gives a megabyte up to its table or one entry, after a view that covered a part of it has gone. */
static COLD void megabyte_settle(struct area *area, uint32_t start) {
    struct coverage coverage = block_coverage(area, start, SECTION_SIZE);
    if (coverage.partly) {
        return;
    }
    if (!coverage.whole) {
        mmu_tables_trim(&area->space->mmu, start, SECTION_SIZE);
    } else if (mmu_query(&area->space->mmu, start).size != SECTION_SIZE) {
        unmap(area, start, SECTION_SIZE);
        mmu_tables_trim(&area->space->mmu, start, SECTION_SIZE);
        map(area, start, SECTION_SIZE, coverage.prot);
    }
}

/* Settles the megabytes that [start, end) covers partly, or all of them when none can be one entry. */
static void edges_settle(struct area *area, uint32_t start, uint32_t end) {
    if (!size_fits(area, SECTION_SIZE)) {
        mmu_tables_trim(&area->space->mmu, start, end - start);
        return;
    }
    uint32_t first = round_down(start, SECTION_SIZE);
    uint32_t last = round_down(end, SECTION_SIZE);
    if (start != first) {
        megabyte_settle(area, first);
    }
    if (end != last && (start == first || first != last)) {
        megabyte_settle(area, last);
    }
}

/* The largest entry for the block at va inside a view that ends at end. */
static uint32_t unit_at(const struct area *area, uint32_t va, uint32_t end) {
    if (is_aligned(va, SECTION_SIZE) && end - va >= SECTION_SIZE && size_fits(area, SECTION_SIZE) &&
        !block_coverage(area, va, SECTION_SIZE).partly) {
        return SECTION_SIZE;
    }
    if (is_aligned(va, LARGE_SIZE) && end - va >= LARGE_SIZE && size_fits(area, LARGE_SIZE)) {
        return LARGE_SIZE;
    }
    return PAGE_SIZE;
}

/* Maps what is not mapped yet, and makes smaller entries larger where the new view allows it. */
static COLD void map_over_others(struct area *area, uint32_t start, uint32_t end, prot_t prot) {
    uint32_t va = start;
    while (va < end) {
        uint32_t unit = unit_at(area, va, end);
        struct mmu_page page = mmu_query(&area->space->mmu, va);
        if (page.state != PAGE_PRESENT || page.size < unit) {
            if (unit != PAGE_SIZE) {
                unmap(area, va, unit);
            }
            map(area, va, unit, prot);
        }
        va += unit;
    }
}

status_t cover_map_in_place(struct area *area, uint32_t start, uint32_t end, prot_t prot) {
    status_t status =
        area_reserve_edges(&area->space->mmu, start, area_pa(area, start), end - start, area->section->domain);
    if (status != ERROR_SUCCESS) {
        /* The table of the first edge may have split an entry. */
        edges_settle(area, start, end);
        return status;
    }
    if (cover_overlaps(area, start, end)) {
        map_over_others(area, start, end, prot);
    } else {
        map(area, start, end - start, prot);
    }
    return ERROR_SUCCESS;
}

static void gap_unmap(struct area *area, uint32_t start, uint32_t end, prot_t prot) {
    (void)prot;
    unmap(area, start, end - start);
}

/* Takes 64 KB entries apart that no single view covers any more, though several together may. */
static COLD void large_settle(struct area *area, uint32_t start, uint32_t end) {
    for (uint32_t va = round_up(start, LARGE_SIZE); va < end && end - va >= LARGE_SIZE; va += LARGE_SIZE) {
        if (mmu_query(&area->space->mmu, va).size != LARGE_SIZE) {
            continue;
        }
        struct coverage coverage = block_coverage(area, va, LARGE_SIZE);
        if (!coverage.whole) {
            unmap(area, va, PAGE_SIZE);
            map(area, va, PAGE_SIZE, coverage.prot);
        }
    }
}

void cover_unmap_in_place(struct area *area, uint32_t start, uint32_t end) {
    if (cover_overlaps(area, start, end)) {
        cover_gaps(area, start, end, gap_unmap, PROT_NONE);
        large_settle(area, start, end);
    } else {
        unmap(area, start, end - start);
    }
    edges_settle(area, start, end);
}
