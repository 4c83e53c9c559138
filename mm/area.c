/* The life of an area (mm/area.h): its place, its tables, its charge, and its end.  What the kinds differ in is in
 * area_map.c. */
#include "mm/area_make.h"

#include "include/layout.h"
#include "mm/arena.h"
#include "mm/heap.h"
#include "mm/page.h"

/* An area at start has gone: the gap there begins behind what lies below it, which is less than two times 64 KB away,
 * or else was known. */
static void gap_low_lower(struct space *space, uint32_t start) {
    uint32_t low = round_down(start - min_u32(start, 2 * LARGE_SIZE), SECTION_SIZE);
    space->gap_low = min_u32(space->gap_low, low);
}

/* A gap that fits, the lowest one as a rule.  Below space->gap_low no gap for 64 KB on 64 KB is left: the usual search
 * begins there. */
static bool place_in_slot(struct area *area, const struct area_request *request) {
    struct space *space = area->space;
    uint32_t start;
    bool usual = request->align == LARGE_SIZE && request->domain == DOMAIN_USER;
    uint32_t low = usual && request->bytes >= LARGE_SIZE ? max_u32(space->gap_low, USER_BASE) : USER_BASE;
    enum range_gap gap =
        range_find_gap(&space->areas, request->bytes, request->align, low, SLOT_END, request->domain, &start);
    if (gap == RANGE_GAP_NONE) {
        return stack_make_way(space) && place_in_slot(area, request);
    }
    if (usual && gap == RANGE_GAP_LOWEST && request->bytes <= LARGE_SIZE) {
        space->gap_low = max_u32(space->gap_low, start);
    }
    area->range.start = start;
    return true;
}

static bool place_in_arena(struct area *area, const struct area_request *request) {
    area->in_arena = arena_take(&area->arena, request->bytes, request->align, request->domain);
    area->range.start = area->arena.start;
    return area->in_arena;
}

/* Any place: the space's own range, then the arena; large ones on ARMv5 the other way round. */
static status_t place_anywhere(struct area *area, const struct area_request *request) {
#if defined(SITU_ARMV5)
    if (request->bytes >= AREA_LARGE) {
        return place_in_arena(area, request) || place_in_slot(area, request) ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
#endif
    return place_in_slot(area, request) || place_in_arena(area, request) ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static bool fits_in_slot(const struct space *space, const struct area_request *request) {
    return range_fits(&space->areas, request->va, request->va + request->bytes, request->domain);
}

static status_t place_fixed(struct area *area, const struct area_request *request) {
    uint32_t start = request->va;
    area->range.start = start;
    if (start >= USER_BASE && start < SLOT_END && request->bytes <= SLOT_END - start) {
        return fits_in_slot(area->space, request) || (stack_make_way(area->space) && fits_in_slot(area->space, request))
                   ? ERROR_SUCCESS
                   : ERROR_INVALID_ADDRESS;
    }
    if (start >= ARENA_BASE && start < ARENA_END && request->bytes <= ARENA_END - start) {
        area->in_arena = arena_take_at(&area->arena, start, request->bytes, request->domain);
        return area->in_arena ? ERROR_SUCCESS : ERROR_INVALID_ADDRESS;
    }
    return ERROR_INVALID_PARAMETER;
}

status_t area_make(struct space *space, const struct area_request *request, struct area **made) {
    struct area *area = heap_alloc_zero(sizeof(*area));
    if (area == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    area->space = space;
    area->kind = request->kind;
    status_t status = request->va != 0 ? place_fixed(area, request) : place_anywhere(area, request);
    if (status != ERROR_SUCCESS) {
        goto fail_place;
    }
    area->range.end = area->range.start + request->bytes;
    area->range.colour = (uint8_t)request->domain;
    area->base = area->range.start;
    status = ERROR_NOT_ENOUGH_MEMORY;
    if (!commit_charge(request->charge)) {
        goto fail_charge;
    }
    if (request->kind == AREA_TEXT) {
        status = area_reserve_edges(&space->mmu, area->base, request->pa, request->bytes, request->domain);
    } else {
        status = mmu_tables_reserve(&space->mmu, area->base, request->bytes, request->domain);
    }
    if (status != ERROR_SUCCESS) {
        goto fail_tables;
    }
    area->charged = request->charge;
    space->charged += request->charge;
    range_insert(&space->areas, &area->range);
    *made = area;
    return ERROR_SUCCESS;

fail_tables:
    commit_release(request->charge);
fail_charge:
    if (area->in_arena) {
        arena_give(&area->arena);
    }
fail_place:
    heap_free(area);
    return status;
}

status_t area_reserve_edges(struct mmu_space *mmu, uint32_t va, uint32_t pa, uint32_t bytes, unsigned domain) {
    if (!is_aligned(va ^ pa, SECTION_SIZE)) {
        return mmu_tables_reserve(mmu, va, bytes, domain); /* 1 MB entries never fit */
    }
    uint32_t end = va + bytes;
    bool low_edge = !is_aligned(va, SECTION_SIZE);
    bool high_edge = !is_aligned(end, SECTION_SIZE);
    if (low_edge && high_edge && round_down(va, SECTION_SIZE) == round_down(end, SECTION_SIZE)) {
        high_edge = false;
    }
    if (low_edge) {
        status_t status = mmu_tables_reserve(mmu, va, PAGE_SIZE, domain);
        if (status != ERROR_SUCCESS) {
            return status;
        }
    }
    if (high_edge) {
        status_t status = mmu_tables_reserve(mmu, end - PAGE_SIZE, PAGE_SIZE, domain);
        if (status != ERROR_SUCCESS) {
            if (low_edge) {
                mmu_tables_trim(mmu, va, PAGE_SIZE);
            }
            return status;
        }
    }
    return ERROR_SUCCESS;
}

struct area *area_find(const struct space *space, uint32_t va) {
    struct area *recent = space->recent;
    if (recent != NULL && va >= recent->range.start && va < recent->range.end) {
        return recent;
    }
    struct range *range = range_find(&space->areas, va);
    return range != NULL ? CONTAINER_OF(range, struct area, range) : NULL;
}

void area_frame_release(void *context, uint32_t va, uint32_t pa) {
    struct space *space = context;
    (void)va;
    page_free(pa, 0);
    space->resident--;
}

void area_tables_give(struct space *space, uint32_t start, uint32_t end) {
    uint32_t low = round_down(start, SECTION_SIZE);
    uint32_t high = round_up(end, SECTION_SIZE);
    const struct range *other = range_find_above(&space->areas, low);
    if (other == NULL || other->start >= high) {
        mmu_tables_drop(&space->mmu, low, high - low); /* nobody else is in these megabytes: no need to look */
    } else {
        mmu_tables_trim(&space->mmu, start, end - start);
    }
}

struct section *area_remove(struct area *area) {
    struct space *space = area->space;
    struct section *source = area->section;
    uint32_t start = area->range.start;
    uint32_t bytes = area->range.end - start;
    bool in_place = area->kind == AREA_TEXT || area->kind == AREA_DEVICE;
    if (area->kind == AREA_KEPT) {
        stack_forget(area);
    }
    if (area->kind == AREA_PRIVATE && !area->touched) {
        mmu_set_state(&space->mmu, start, bytes, PAGE_FREE, PROT_NONE); /* no page of it has come */
    } else {
        mmu_unmap(&space->mmu, start, bytes, in_place, in_place ? NULL : area_frame_release, space);
    }
    commit_release(area->charged);
    space->charged -= area->charged;
    range_remove(&space->areas, &area->range);
    if (!space->mmu.quiet) {
        area_tables_give(space, start, start + bytes);
    }
    gap_low_lower(space, start);
    space->recent = NULL;
    if (area->in_arena) {
        if (in_place) {
            mmu_forget_range(start, bytes);
        }
        arena_give(&area->arena);
    }
    if (area->executable != NULL) {
        heap_free(area->executable);
    }
    heap_free(area);
    return source;
}
