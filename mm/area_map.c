/* The calls of mm/area.h that make text and data: each checks its numbers without the lock, then makes its area
 * and sets the state of the pages, which cannot fail any more. */
#include "mm/area_make.h"

#include "include/layout.h"
#include "mm/heap.h"
#include "mm/lock.h"
#include "mm/page.h"
#include "mm/section.h"

/* Whole pages of a length, or 0 when it is 0 or more than any space has. */
static uint32_t whole_pages(uint32_t bytes) {
    return bytes <= USER_END ? round_up(bytes, PAGE_SIZE) : 0;
}

status_t area_release(struct space *space, uint32_t va) {
    mm_lock();
    struct area *area = area_find(space, va);
    if (area == NULL || area->base != va || area->kind == AREA_TEXT || area->kind == AREA_SECTION ||
        area->kind == AREA_KEPT) {
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
    if (request.bytes == 0 || va == 0 || !is_aligned(va, PAGE_SIZE) || !area_prot_valid(prot) ||
        (prot & AREA_PROT_ACCESS) == 0 || (prot & PROT_GUARD) != 0 || source->data.source_bytes > bytes) {
        return ERROR_INVALID_PARAMETER;
    }
    prot = area_prot_normal(prot);
    uint32_t *executable;
    if (!area_executable_make(request.bytes, prot, &executable)) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    request.charge = request.bytes / PAGE_SIZE;
    mm_lock();
    struct area *area;
    status_t status = area_make(space, &request, &area);
    if (status == ERROR_SUCCESS) {
        area->section = source->section;
        area->data = source->data;
        area->executable = executable;
        area_executable_note(area, va, area->range.end, prot);
        if (area->section != NULL) {
            section_ref(area->section);
        }
        mmu_set_state(&space->mmu, va, request.bytes, PAGE_COMMITTED, prot);
    }
    mm_unlock();
    if (status != ERROR_SUCCESS) {
        heap_free(executable);
    }
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
