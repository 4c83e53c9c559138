/* What a page is, in the words of mm/area.h: read from its entry and its area, without a change. */
#include "include/layout.h"
#include "mm/area_make.h"
#include "mm/lock.h"
#include "mm/view_area.h"

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

/* End of the pages from va on that are like it, at most limit. */
static uint32_t alike_until(const struct area *area, uint32_t va, uint32_t limit, const struct area_info *info) {
    prot_t prot;
    do {
        va += PAGE_SIZE;
    } while (va < limit && page_committed(area, va, &prot) == info->committed && prot == info->prot);
    return va;
}

static void query_area(const struct area *area, struct area_info *info) {
    uint32_t va = info->base;
    uint32_t limit = area->range.end;
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
            limit = view->end;
        }
    } else if (area->kind == AREA_TEXT) {
        info->allocated = info->prot;
    }
    /* A reservation without committed pages is one stretch: no need to look at each. */
    bool bare = area->kind == AREA_PRIVATE && area->charged == 0;
    info->bytes = (bare ? limit : alike_until(area, va, limit, info)) - va;
}

COLD status_t area_query(struct space *space, uint32_t va, struct area_info *info) {
    if (va >= USER_END) {
        return ERROR_INVALID_PARAMETER;
    }
    *info = (struct area_info){.base = round_down(va, PAGE_SIZE)};
    mm_lock();
    (void)stack_make_way(space);
    const struct area *area = area_find(space, va);
    if (area != NULL) {
        query_area(area, info);
    } else {
        const struct range *next = range_find_above(&space->areas, va);
        info->bytes = (next != NULL ? next->start : USER_END) - info->base;
    }
    mm_unlock();
    return ERROR_SUCCESS;
}
