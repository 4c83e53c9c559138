/* The short way of a page fault: the usual cases, in the area of the last fault, without taking the mm lock.
 *
 *   private memory       a new page of zeroes
 *   RAM section          a new page of zeroes, or the section's
 *
 * Preemption is off from the look at the lock to the last change, so that nobody else sees a page that is not filled:
 * it can have its final entry from the start.  Whatever is not as usual is left to the long way, with nothing changed.
 */
#include "include/preempt.h"
#include "mm/area.h"
#include "mm/fault.h"
#include "mm/lock.h"
#include "mm/page.h"
#include "mm/section.h"

#define RW (PROT_READ | PROT_WRITE)

/* Only cached memory that is read and written is zeroed under its final entry. */
static bool is_plain(prot_t prot) {
    return prot == RW;
}

static bool private_bring(struct area *area, void *entry, uint32_t va, prot_t prot) {
    uint32_t pa = is_plain(prot) ? page_alloc_quick() : PAGE_NONE;
    if (pa == PAGE_NONE) {
        return false;
    }
    area->touched = true;
    area->space->resident++;
    mmu_bring(entry, va, pa, prot, true);
    return true;
}

static bool section_bring(struct area *area, void *entry, uint32_t va, prot_t prot) {
    struct section *section = area->section;
    if (section->kind != SECTION_RAM) {
        return false;
    }
    uint32_t page = ((va - area->base) >> PAGE_SHIFT) + area->mapped.first;
    uint32_t *frame = section_frame_entry(section, page);
    uint32_t pa = *frame;
    bool fresh = pa == PAGE_NONE;
    if (fresh) {
        pa = is_plain(prot) ? page_alloc_quick() : PAGE_NONE;
        if (pa == PAGE_NONE) {
            return false;
        }
        *frame = pa;
        section->resident++;
    }
    mmu_bring(entry, va, pa, section_is_uncached(section) ? prot | PROT_NOCACHE : prot, fresh);
    return true;
}

static bool resolve_quickly(struct space *space, uint32_t va, prot_t access) {
    struct area *area = space->recent;
    prot_t prot;
    if (area == NULL || va < area->base || va >= area->range.end) {
        return false;
    }
    void *entry = mmu_find_committed(&space->mmu, va, &prot);
    if (entry == NULL || (prot & (PROT_GUARD | PROT_EXEC)) != 0 || (prot & access) == 0) {
        return false;
    }
    bool done = false;
    if (area->kind == AREA_SECTION) {
        done = section_bring(area, entry, va, prot);
    } else if (area->kind != AREA_DATA) {
        done = private_bring(area, entry, va, prot);
    }
    if (done) {
        space->faults++;
        area->faults++;
    }
    return done;
}

status_t fault_resolve(struct space *space, uint32_t va, prot_t access) {
    preempt_disable();
    bool done = mm_lock_free() && resolve_quickly(space, round_down(va, PAGE_SIZE), access);
    preempt_enable();
    return done ? (status_t)ERROR_SUCCESS : fault_resolve_fully(space, va, access);
}
