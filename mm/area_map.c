/* The calls of mm/area.h: each checks its numbers without the lock, then makes its area and sets the state of the
 * pages, which cannot fail any more. */
#include "mm/area_make.h"

#include "include/layout.h"
#include "mm/lock.h"
#include "mm/page.h"
#include "mm/section.h"

#define PROT_MEMORY (PROT_READ | PROT_WRITE | PROT_EXEC | PROT_NOCACHE)

/* Whole pages of a length, or 0 when it is 0 or more than any space has. */
static uint32_t whole_pages(uint32_t bytes) {
    return bytes <= USER_END ? round_up(bytes, PAGE_SIZE) : 0;
}

/* Write and execute imply read. */
static prot_t prot_normal(prot_t prot) {
    return (prot & (PROT_WRITE | PROT_EXEC)) != 0 ? prot | PROT_READ : prot;
}

static bool prot_valid(prot_t prot) {
    return (prot & ~PROT_MEMORY) == 0 && (prot & (PROT_READ | PROT_WRITE | PROT_EXEC)) != 0;
}

status_t area_reserve(struct space *space, uint32_t *va, uint32_t bytes) {
    struct area_request request = {
        .kind = AREA_PRIVATE,
        .va = round_down(*va, LARGE_SIZE),
        .align = LARGE_SIZE,
        .domain = DOMAIN_USER,
    };
    if (bytes == 0 || *va >= USER_END || (*va != 0 && (request.va == 0 || bytes > USER_END - *va))) {
        return ERROR_INVALID_PARAMETER;
    }
    if (bytes > USER_END) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    request.bytes = round_up(*va + bytes, PAGE_SIZE) - request.va;
    mm_lock();
    struct area *area;
    status_t status = area_make(space, &request, &area);
    if (status == ERROR_SUCCESS) {
        mmu_set_state(&space->mmu, area->base, request.bytes, PAGE_RESERVED, PROT_NONE);
        *va = area->base;
    }
    mm_unlock();
    return status;
}

/* Pages of a reservation's part that are not committed yet. */
static COLD uint32_t count_reserved(const struct space *space, uint32_t start, uint32_t end) {
    uint32_t count = 0;
    for (uint32_t va = start; va < end; va += PAGE_SIZE) {
        if (mmu_query(&space->mmu, va).state == PAGE_RESERVED) {
            count++;
        }
    }
    return count;
}

/* Gives every page prot, present ones one by one, the others as committed ones in runs. */
static COLD void commit_pages(struct space *space, uint32_t start, uint32_t end, prot_t prot) {
    uint32_t run = start;
    for (uint32_t va = start; va < end; va += PAGE_SIZE) {
        if (mmu_query(&space->mmu, va).state == PAGE_PRESENT) {
            mmu_set_state(&space->mmu, run, va - run, PAGE_COMMITTED, prot);
            mmu_protect_page(&space->mmu, va, prot);
            run = va + PAGE_SIZE;
        }
    }
    mmu_set_state(&space->mmu, run, end - run, PAGE_COMMITTED, prot);
}

static status_t commit_locked(struct space *space, uint32_t start, uint32_t end, prot_t prot) {
    struct area *area = area_find(space, start);
    if (area == NULL || area->kind != AREA_PRIVATE || end > area->range.end) {
        return ERROR_INVALID_ADDRESS;
    }
    uint32_t charge = count_reserved(space, start, end);
    if (!commit_charge(charge)) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    area->charged += charge;
    space->charged += charge;
    if (charge == (end - start) / PAGE_SIZE) {
        mmu_set_state(&space->mmu, start, end - start, PAGE_COMMITTED, prot);
    } else {
        commit_pages(space, start, end, prot);
    }
    return ERROR_SUCCESS;
}

status_t area_commit(struct space *space, uint32_t va, uint32_t bytes, prot_t prot) {
    if (bytes == 0 || !prot_valid(prot)) {
        return ERROR_INVALID_PARAMETER;
    }
    if (va >= USER_END || bytes > USER_END - va) {
        return ERROR_INVALID_ADDRESS;
    }
    mm_lock();
    status_t status =
        commit_locked(space, round_down(va, PAGE_SIZE), round_up(va + bytes, PAGE_SIZE), prot_normal(prot));
    mm_unlock();
    return status;
}

status_t area_release(struct space *space, uint32_t va) {
    mm_lock();
    struct area *area = area_find(space, va);
    if (area == NULL || area->base != va || area->kind == AREA_TEXT || area->kind == AREA_SECTION) {
        mm_unlock();
        return ERROR_INVALID_PARAMETER;
    }
    struct section *source = area_remove(area);
    mm_unlock();
    if (source != NULL) {
        section_unref(source);
    }
    return ERROR_SUCCESS;
}

status_t area_map_text(struct space *space, uint32_t va, uint32_t pa, uint32_t bytes, prot_t prot, unsigned domain) {
    struct area_request request = {
        .kind = AREA_TEXT, .va = va, .bytes = whole_pages(bytes), .pa = pa, .domain = domain};
    if (request.bytes == 0 || va == 0 || !is_aligned(va | pa, PAGE_SIZE) || request.bytes - 1 > ~pa ||
        (prot | PROT_EXEC) != (PROT_READ | PROT_EXEC)) {
        return ERROR_INVALID_PARAMETER;
    }
    mm_lock();
    struct area *area;
    status_t status = area_make(space, &request, &area);
    if (status == ERROR_SUCCESS) {
        mmu_map_range(&space->mmu, va, pa, request.bytes, prot, domain);
    }
    mm_unlock();
    return status;
}

/* Both kinds of private copies; takes a reference on section, if there is one. */
static status_t map_copy(struct space *space, uint32_t va, uint32_t bytes, const struct area *source, prot_t prot) {
    struct area_request request = {.kind = AREA_DATA, .va = va, .bytes = whole_pages(bytes), .domain = DOMAIN_USER};
    if (request.bytes == 0 || va == 0 || !is_aligned(va, PAGE_SIZE) || !prot_valid(prot) ||
        source->data.source_bytes > bytes) {
        return ERROR_INVALID_PARAMETER;
    }
    request.charge = request.bytes / PAGE_SIZE;
    mm_lock();
    struct area *area;
    status_t status = area_make(space, &request, &area);
    if (status == ERROR_SUCCESS) {
        area->section = source->section;
        area->data = source->data;
        if (area->section != NULL) {
            section_ref(area->section);
        }
        mmu_set_state(&space->mmu, va, request.bytes, PAGE_COMMITTED, prot_normal(prot));
    }
    mm_unlock();
    return status;
}

status_t area_map_data(struct space *space, uint32_t va, uint32_t bytes, const void *source, uint32_t source_bytes,
                       prot_t prot) {
    struct area copy = {.data = {.source = source, .source_bytes = source_bytes}};
    return map_copy(space, va, bytes, &copy, prot);
}

COLD status_t area_map_copy(struct space *space, uint32_t va, uint32_t bytes, struct section *section, uint64_t offset,
                            uint32_t source_bytes, prot_t prot) {
    struct area copy = {.section = section, .data = {.offset = offset, .source_bytes = source_bytes}};
    if (section->kind == SECTION_RAM || (offset & (PAGE_SIZE - 1)) != 0 || offset > section->bytes ||
        source_bytes > section->bytes - offset) {
        return ERROR_INVALID_PARAMETER;
    }
    return map_copy(space, va, bytes, &copy, prot);
}

status_t area_map_stack(struct space *space, uint32_t bytes, uint32_t *low, uint32_t *high) {
    uint32_t whole = whole_pages(bytes);
    struct area_request request = {
        .kind = AREA_STACK,
        .bytes = whole + PAGE_SIZE,
        .align = PAGE_SIZE,
        .charge = whole / PAGE_SIZE,
        .domain = DOMAIN_USER,
    };
    if (whole == 0) {
        return ERROR_INVALID_PARAMETER;
    }
    mm_lock();
    struct area *area;
    status_t status = area_make(space, &request, &area);
    if (status == ERROR_SUCCESS) {
        area->base += PAGE_SIZE;
        mmu_set_state(&space->mmu, area->range.start, PAGE_SIZE, PAGE_RESERVED, PROT_NONE);
        mmu_set_state(&space->mmu, area->base, whole, PAGE_COMMITTED, PROT_READ | PROT_WRITE);
        *low = area->base;
        *high = area->range.end;
    }
    mm_unlock();
    return status;
}
