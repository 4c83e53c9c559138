/* Page faults (mm/fault.h): check against the page's entry, then bring the page.
 *
 *   area                      frame                 filled with
 *   private, stack            new, charged before   zeros
 *   data                      new, charged before   its part of the source, then zeros
 *   section, frame there      the section's         -
 *   RAM section               new, charged before   zeros
 *   pager section             new, not charged      page_in
 *
 * If the source fails the page is as before.
 */
#include "mm/fault.h"

#include <string.h>

#include "arch/static.h"
#include "include/panic.h"
#include "mm/area.h"
#include "mm/lock.h"
#include "mm/page.h"
#include "mm/section.h"

static bool allows(prot_t prot, prot_t access) {
#if defined(SITU_ARMV5)
    if (access == PROT_EXEC) {
        access = PROT_READ; /* no execute-never: what can be read can be executed */
    }
#endif
    return (prot & access) != 0;
}

/* Reads a page of a section that is the source of a private copy. */
static status_t section_read(const struct section *section, uint64_t offset, uint32_t bytes, uint8_t *page) {
    if (section->kind == SECTION_IN_PLACE) {
        memcpy(page, static_va(section->pa + (uint32_t)offset), bytes);
        return ERROR_SUCCESS;
    }
    return section->pager->page_in(section->context, offset, page);
}

/* Whether a new page of an area is zeroes and nothing else. */
static bool is_zero(const struct area *area, uint32_t offset) {
    if (area->kind == AREA_DATA) {
        return offset >= area->data.source_bytes;
    }
    return area->kind != AREA_SECTION || area->section->kind == SECTION_RAM;
}

/* Fills a page of private memory. */
static status_t private_fill(const struct area *area, uint32_t offset, uint8_t *page) {
    uint32_t bytes = min_u32(area->data.source_bytes - offset, PAGE_SIZE);
    if (area->section == NULL) {
        memcpy(page, area->data.source + offset, bytes);
    } else {
        status_t status = section_read(area->section, area->data.offset + offset, bytes, page);
        if (status != ERROR_SUCCESS) {
            return status;
        }
    }
    memset(page + bytes, 0, PAGE_SIZE - bytes);
    return ERROR_SUCCESS;
}

static void frame_free_filled(void *context, uint32_t va, uint32_t pa) {
    (void)context;
    (void)va;
    page_free(pa, 0);
}

/* Brings a new frame for the page at va. */
static status_t page_bring(struct area *area, uint32_t va, prot_t prot, uint32_t *frame) {
    struct mmu_space *mmu = &area->space->mmu;
    uint32_t offset = va - area->base;
    bool zero = is_zero(area, offset);
    bool is_section = area->kind == AREA_SECTION;
    uint32_t pa = page_alloc(0, is_section && !zero ? PAGE_USE_CACHE : PAGE_USE_USER);
    ASSERT(pa != PAGE_NONE); /* charged, or the reserve that can never be charged */
    uint8_t *page = mmu_fill_begin(mmu, va, pa, (prot & PROT_NOCACHE) == 0);
    const struct section *section = area->section;
    status_t status = ERROR_SUCCESS;
    if (zero) {
        memset(page, 0, PAGE_SIZE);
    } else if (is_section) {
        status = section->pager->page_in(section->context, offset, page);
    } else {
        status = private_fill(area, offset, page);
    }
    if (status != ERROR_SUCCESS) {
        mmu_unmap(mmu, va, PAGE_SIZE, false, frame_free_filled, NULL);
        mmu_set_state(mmu, va, PAGE_SIZE, PAGE_COMMITTED, prot);
        return status;
    }
    mmu_fill_end(mmu, va, prot);
    *frame = pa;
    return ERROR_SUCCESS;
}

static status_t section_page_bring(struct area *area, uint32_t va, prot_t prot) {
    struct section *section = area->section;
    uint32_t page = ((va - area->base) >> PAGE_SHIFT) + area->mapped.first;
    uint32_t pa = section_frame(section, page);
    if (section_is_uncached(section)) {
        prot |= PROT_NOCACHE;
    }
    if (pa != PAGE_NONE) {
        mmu_map_page(&area->space->mmu, va, pa, prot);
        return ERROR_SUCCESS;
    }
    status_t status = page_bring(area, va, prot, &pa);
    if (status == ERROR_SUCCESS) {
        section_set_frame(section, page, pa);
    }
    return status;
}

/* The first touch of a guard: from now on the page is what it guarded.  A stack's own is the lowest page; one that its
 * owner set higher up is like any other. */
static COLD status_t guard_open(struct area *area, uint32_t va, prot_t prot) {
    mmu_commit(&area->space->mmu, va, PAGE_SIZE, prot & ~PROT_GUARD);
    return area->kind == AREA_STACK && va == area->base ? ERROR_STACK_OVERFLOW : FAULT_GUARD_PAGE;
}

static status_t resolve_locked(struct space *space, uint32_t va, prot_t access) {
    struct area *area = area_find(space, va);
    space->faults++;
    if (area == NULL || area->kind == AREA_KEPT) {
        return ERROR_NOACCESS;
    }
    area->faults++;
    space->recent = area;
    if (area->kind == AREA_STACK && va < area->base) {
        return ERROR_STACK_OVERFLOW;
    }
    struct mmu_page page = mmu_query(&space->mmu, va);
    if ((page.prot & PROT_GUARD) != 0) {
        return guard_open(area, va, page.prot);
    }
    if (page.state < PAGE_COMMITTED || !allows(page.prot, access)) {
        return ERROR_NOACCESS;
    }
    if (page.state == PAGE_PRESENT) {
        return ERROR_SUCCESS;
    }
    if (area->kind == AREA_SECTION) {
        return section_page_bring(area, va, page.prot);
    }
    uint32_t pa;
    status_t status = page_bring(area, va, page.prot, &pa);
    if (status == ERROR_SUCCESS) {
        area->touched = true;
        space->resident++;
    }
    return status;
}

status_t fault_resolve_fully(struct space *space, uint32_t va, prot_t access) {
    mm_lock();
    status_t status = resolve_locked(space, round_down(va, PAGE_SIZE), access);
    mm_unlock();
    return status;
}
