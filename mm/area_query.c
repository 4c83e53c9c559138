/* What a page is, in the words of mm/area.h: read from its entry and its area, without a change. */
#include "include/layout.h"
#include "mm/area_make.h"
#include "mm/lock.h"
#include "mm/view_area.h"

/* What is looked at without letting others have the mm lock: 64 pages. */
#define QUERY_BYTES 0x40000u

prot_t area_page_prot(const struct area *area, uint32_t va, struct mmu_page page) {
#if defined(SITU_ARMV5)
    if (page.state == PAGE_PRESENT && area->kind != AREA_TEXT) {
        uint32_t number = (va - area->range.start) / PAGE_SIZE;
        if (area->executable == NULL || (area->executable[number / 32] & 1u << number % 32) == 0) {
            page.prot &= ~PROT_EXEC;
        }
    }
#else
    (void)va;
#endif
    if (area->kind == AREA_SECTION) {
        page.prot &= ~PROT_NOCACHE; /* how it is cached is the system's matter */
    }
    return page.prot & ~PROT_DEVICE;
}

/* One page in the terms of struct area_info: whether it is committed, and how. */
static bool page_committed(const struct area *area, uint32_t va, prot_t *prot) {
    struct mmu_page page = mmu_query(&area->space->mmu, va);
    bool committed = page.state >= PAGE_COMMITTED;
    *prot = committed ? area_page_prot(area, va, page) : PROT_NONE;
    return committed;
}

/* End of the pages from va on, below end, that are like the one described. */
static uint32_t alike_until(const struct area *area, uint32_t va, uint32_t end, const struct area_info *info) {
    prot_t prot;
    while (va < end && page_committed(area, va, &prot) == info->committed && prot == info->prot) {
        va += PAGE_SIZE;
    }
    return va;
}

/* Describes the first page of info; returns where its area or view ends. */
static uint32_t query_page(const struct area *area, struct area_info *info) {
    uint32_t va = info->base;
    info->allocation = area->range.start;
    info->allocated = area->kind == AREA_PRIVATE ? area->prot : PROT_READ | PROT_WRITE;
    info->kind = area->kind;
    info->reserved = true;
    info->committed = page_committed(area, va, &info->prot);
    if (area->kind == AREA_SECTION) {
        const struct view *view = view_around(area, va);
        info->reserved = view != NULL;
        if (view != NULL) {
            info->allocation = view->start;
            info->allocated = view->prot;
            return view->end;
        }
    } else if (area->kind == AREA_TEXT) {
        info->allocated = info->prot;
    }
    return area->range.end;
}

/* The first page, and the pages behind it that need no look at each.  Returns where to stop looking. */
static uint32_t query_first(struct space *space, uint32_t va, struct area_info *info) {
    (void)stack_make_way(space);
    const struct area *area = area_find(space, va);
    if (area == NULL) {
        const struct range *next = range_find_above(&space->areas, va);
        info->bytes = (next != NULL ? next->start : USER_END) - info->base;
        return va;
    }
    uint32_t end = query_page(area, info);
    /* A reservation without committed pages is one stretch. */
    bool bare = area->kind == AREA_PRIVATE && area->charged == 0;
    info->bytes = bare ? end - info->base : PAGE_SIZE;
    return end;
}

/* Looks at the next pages, a few of them, if there is still such an area.  False: the stretch ends. */
static bool query_next(struct space *space, uint32_t end, struct area_info *info) {
    uint32_t va = info->base + info->bytes;
    const struct area *area = area_find(space, va);
    if (area == NULL || area->kind != info->kind || area->range.start > info->base) {
        return false;
    }
    uint32_t stop = min_u32(min_u32(end, area->range.end), va + QUERY_BYTES);
    uint32_t reached = alike_until(area, va, stop, info);
    info->bytes = reached - info->base;
    return reached == stop && reached < end;
}

COLD status_t area_query(struct space *space, uint32_t va, uint32_t bytes, struct area_info *info) {
    if (va >= USER_END) {
        return ERROR_INVALID_PARAMETER;
    }
    *info = (struct area_info){.base = round_down(va, PAGE_SIZE)};
    mm_lock();
    uint32_t end = query_first(space, va, info);
    mm_unlock();
    if (bytes != 0 && bytes < USER_END - va) {
        end = min_u32(end, round_up(va + bytes, PAGE_SIZE));
    }
    bool more = info->base + info->bytes < end;
    while (more) {
        mm_lock();
        more = query_next(space, end, info);
        mm_unlock();
    }
    return ERROR_SUCCESS;
}
