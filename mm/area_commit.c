/* Private memory: reserve, commit, protect, decommit, free (mm/area.h draws the states).
 *
 * Each call finds out first whether it can be done and what it costs, pays, and then changes the entries, which cannot
 * fail: the tables are there since the reservation.
 */
#include "include/layout.h"
#include "include/preempt.h"
#include "mm/area_make.h"
#include "mm/heap.h"
#include "mm/lock.h"
#include "mm/page.h"

/* A range that a call is about, in whole pages. */
struct stretch {
    uint32_t start, end;
};

/* The pages that [va, va + bytes) touches; bytes are not 0.  False: not all of them can be the user's. */
static bool stretch_make(uint32_t va, uint32_t bytes, struct stretch *stretch) {
    if (va >= USER_END || bytes > USER_END - va) {
        return false;
    }
    stretch->start = round_down(va, PAGE_SIZE);
    stretch->end = round_up(va + bytes, PAGE_SIZE);
    return true;
}

static uint32_t stretch_pages(const struct stretch *stretch) {
    return (stretch->end - stretch->start) / PAGE_SIZE;
}

/* Pages of the stretch that are reserved only. */
static uint32_t stretch_reserved(const struct area *area, const struct stretch *stretch) {
    if (area->charged == 0 && area->kind == AREA_PRIVATE) {
        return stretch_pages(stretch); /* no page of it is anything else */
    }
    return mmu_count(&area->space->mmu, stretch->start, stretch->end - stretch->start, PAGE_RESERVED);
}

/* The area of this kind that all of the stretch lies in, or NULL. */
static struct area *area_around(const struct space *space, const struct stretch *stretch, enum area_kind kind) {
    struct area *area = area_find(space, stretch->start);
    return area != NULL && area->kind == kind && stretch->end <= area->range.end ? area : NULL;
}

bool area_executable_make(uint32_t bytes, prot_t prot, uint32_t **bits) {
    *bits = NULL;
#if defined(SITU_ARMV5)
    if ((prot & PROT_EXEC) != 0) {
        *bits = heap_alloc_zero((bytes / PAGE_SIZE + 31) / 32 * 4);
        return *bits != NULL;
    }
#else
    (void)bytes;
    (void)prot;
#endif
    return true;
}

void area_executable_note(struct area *area, uint32_t start, uint32_t end, prot_t prot) {
    if (area->executable == NULL) {
        return;
    }
    for (uint32_t va = start; va < end; va += PAGE_SIZE) {
        uint32_t page = (va - area->range.start) / PAGE_SIZE;
        uint32_t *word = &area->executable[page / 32];
        uint32_t bit = 1u << page % 32;
        *word = (prot & PROT_EXEC) != 0 ? *word | bit : *word & ~bit;
    }
}

/* Makes them for an area that may have them already. */
static bool executable_prepare(struct area *area, prot_t prot) {
    return area->executable != NULL ||
           area_executable_make(area->range.end - area->range.start, prot, &area->executable);
}

/* Gives the pages of a stretch prot; everything is paid for. */
static void stretch_commit(struct area *area, const struct stretch *stretch, prot_t prot) {
    area_executable_note(area, stretch->start, stretch->end, prot);
    mmu_commit(&area->space->mmu, stretch->start, stretch->end - stretch->start, prot);
}

/* The same where all of them are reserved only. */
static void stretch_commit_first(struct area *area, const struct stretch *stretch, prot_t prot) {
    area_executable_note(area, stretch->start, stretch->end, prot);
    mmu_set_state(&area->space->mmu, stretch->start, stretch->end - stretch->start, PAGE_COMMITTED, prot);
}

static status_t commit_locked(struct area *area, const struct stretch *stretch, prot_t prot) {
    uint32_t charge = stretch_reserved(area, stretch);
    if (!commit_charge(charge)) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    if (!executable_prepare(area, prot)) {
        commit_release(charge);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    area->charged += charge;
    area->space->charged += charge;
    if (charge == stretch_pages(stretch)) {
        stretch_commit_first(area, stretch, prot);
    } else {
        stretch_commit(area, stretch, prot);
    }
    return ERROR_SUCCESS;
}

/* Checks a request for address space; *va 0: anywhere. */
static status_t reserve_decode(uint32_t va, uint32_t bytes, struct area_request *request) {
    request->kind = AREA_PRIVATE;
    request->va = round_down(va, LARGE_SIZE);
    request->align = LARGE_SIZE;
    request->charge = 0;
    request->pa = 0;
    request->domain = DOMAIN_USER;
    if (bytes == 0 || va >= USER_END || (va != 0 && (request->va == 0 || bytes > USER_END - va))) {
        return ERROR_INVALID_PARAMETER;
    }
    if (bytes > USER_END) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    request->bytes = round_up(va + bytes, PAGE_SIZE) - request->va;
    return ERROR_SUCCESS;
}

static status_t reserve_locked(struct space *space, const struct area_request *request, prot_t prot,
                               struct area **made) {
    status_t status = area_make(space, request, made);
    if (status == ERROR_SUCCESS) {
        (*made)->prot = (uint8_t)prot;
        space->recent = *made; /* what is made is used next */
    }
    return status;
}

status_t area_reserve(struct space *space, uint32_t *va, uint32_t bytes, prot_t prot) {
    struct area_request request;
    struct area *area;
    status_t status = reserve_decode(*va, bytes, &request);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    mm_lock();
    status = reserve_locked(space, &request, prot, &area);
    if (status == ERROR_SUCCESS) {
        mmu_set_state(&space->mmu, area->base, request.bytes, PAGE_RESERVED, PROT_NONE);
        *va = area->base;
    }
    mm_unlock();
    return status;
}

status_t area_allocate(struct space *space, uint32_t *va, uint32_t bytes, prot_t prot) {
    struct area_request request;
    struct area *area;
    status_t status = reserve_decode(*va, bytes, &request);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (!area_prot_valid(prot)) {
        return ERROR_INVALID_PARAMETER;
    }
    prot = area_prot_normal(prot);
    uint32_t before = round_down(*va, PAGE_SIZE) - request.va; /* reserved only */
    uint32_t *executable;
    if (!area_executable_make(request.bytes, prot, &executable)) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    request.charge = (request.bytes - before) / PAGE_SIZE;
    mm_lock();
    status = reserve_locked(space, &request, prot, &area);
    if (status == ERROR_SUCCESS) {
        struct stretch stretch = {.start = area->base + before, .end = area->range.end};
        area->executable = executable;
        if (before != 0) {
            mmu_set_state(&space->mmu, area->base, before, PAGE_RESERVED, PROT_NONE);
        }
        stretch_commit_first(area, &stretch, prot);
        *va = area->base;
    }
    mm_unlock();
    if (status != ERROR_SUCCESS) {
        heap_free(executable);
    }
    return status;
}

status_t area_commit(struct space *space, uint32_t va, uint32_t bytes, prot_t prot) {
    struct stretch stretch;
    if (bytes == 0 || !area_prot_valid(prot)) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!stretch_make(va, bytes, &stretch)) {
        return ERROR_INVALID_ADDRESS;
    }
    mm_lock();
    struct area *area = area_around(space, &stretch, AREA_PRIVATE);
    status_t status =
        area != NULL ? commit_locked(area, &stretch, area_prot_normal(prot)) : (status_t)ERROR_INVALID_ADDRESS;
    mm_unlock();
    return status;
}

/* The usual case of area_protect, in few instructions and without the lock: one page that is there and will be, and
 * execution has no part in it.  Preemption is off. */
static bool protect_quickly(struct space *space, uint32_t va, prot_t prot, prot_t *before) {
    struct area *area = space->recent;
    if (area == NULL || va < area->base || va >= area->range.end || area->kind != AREA_PRIVATE ||
        area->executable != NULL || (prot & (PROT_EXEC | PROT_GUARD)) != 0 || (prot & PROT_READ) == 0) {
        return false;
    }
    bool done = mmu_protect_present(&space->mmu, va, prot, before);
    return done;
}

status_t area_protect(struct space *space, uint32_t va, uint32_t bytes, prot_t prot, prot_t *before) {
    struct stretch stretch;
    if (bytes == 0 || !area_prot_valid(prot)) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!stretch_make(va, bytes, &stretch)) {
        return ERROR_INVALID_ADDRESS;
    }
    prot = area_prot_normal(prot);
    if (stretch.end - stretch.start == PAGE_SIZE) {
        preempt_disable();
        bool done = mm_lock_free() && protect_quickly(space, stretch.start, prot, before);
        preempt_enable();
        if (done) {
            return ERROR_SUCCESS;
        }
    }
    status_t status = ERROR_INVALID_ADDRESS;
    mm_lock();
    struct area *area = area_find(space, stretch.start);
    if (area != NULL && area_is_memory(area) && stretch.start >= area->base && stretch.end <= area->range.end &&
        stretch_reserved(area, &stretch) == 0) {
        *before = area_page_prot(area, stretch.start, mmu_query(&space->mmu, stretch.start));
        status = ERROR_NOT_ENOUGH_MEMORY;
        if (executable_prepare(area, prot)) {
            area->altered = true;
            stretch_commit(area, &stretch, prot);
            status = ERROR_SUCCESS;
        }
    }
    mm_unlock();
    return status;
}

status_t area_decommit(struct space *space, uint32_t va, uint32_t bytes) {
    struct stretch stretch;
    if (!stretch_make(va, max_u32(bytes, 1), &stretch)) {
        return ERROR_INVALID_ADDRESS;
    }
    status_t status = ERROR_INVALID_ADDRESS;
    mm_lock();
    struct area *area = area_around(space, &stretch, AREA_PRIVATE);
    if (area != NULL && (bytes != 0 || va == area->base)) {
        if (bytes == 0) {
            stretch.end = area->range.end;
        }
        uint32_t committed = stretch_pages(&stretch) - stretch_reserved(area, &stretch);
        mmu_unmap(&space->mmu, stretch.start, stretch.end - stretch.start, false, area_frame_release, space);
        mmu_set_state(&space->mmu, stretch.start, stretch.end - stretch.start, PAGE_RESERVED, PROT_NONE);
        commit_release(committed);
        area->charged -= committed;
        space->charged -= committed;
        status = ERROR_SUCCESS;
    }
    mm_unlock();
    return status;
}

COLD status_t area_map_device(struct space *space, uint32_t va, uint32_t pa, uint32_t bytes, prot_t prot) {
    struct stretch stretch;
    if (bytes == 0 || !is_aligned(va | pa | bytes, PAGE_SIZE) || bytes - 1 > ~pa ||
        (prot | PROT_WRITE) != (PROT_READ | PROT_WRITE)) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!stretch_make(va, bytes, &stretch)) {
        return ERROR_INVALID_ADDRESS;
    }
    status_t status = ERROR_INVALID_ADDRESS;
    mm_lock();
    struct area *area = area_find(space, va);
    if (area != NULL && (area->kind == AREA_PRIVATE || area->kind == AREA_DEVICE) && area->charged == 0 &&
        stretch.end <= area->range.end && stretch_reserved(area, &stretch) == stretch_pages(&stretch)) {
        heap_free(area->executable);
        area->executable = NULL;
        area->kind = AREA_DEVICE;
        for (uint32_t at = 0; at < bytes; at += PAGE_SIZE) {
            mmu_map_page(&space->mmu, va + at, pa + at, prot | PROT_NOCACHE | PROT_DEVICE);
        }
        status = ERROR_SUCCESS;
    }
    mm_unlock();
    return status;
}

status_t area_free(struct space *space, uint32_t va) {
    status_t status = ERROR_INVALID_PARAMETER;
    mm_lock();
    struct area *area = area_find(space, va);
    if (area != NULL && area->base == va && (area->kind == AREA_PRIVATE || area->kind == AREA_DEVICE)) {
        (void)area_remove(area);
        status = ERROR_SUCCESS;
    }
    mm_unlock();
    return status;
}
