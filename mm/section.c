/* Sections (mm/section.h): making, references, frame tables, the place in the arena, and the reclaim of clean pager
 * pages.
 *
 * The frame table of a RAM or pager section is complete from the start, so that bringing a page in needs no memory but
 * the page: a directory of leaves with SECTION_LEAF frame numbers each, the last one as long as needed.
 */
#include "mm/section.h"

#include <string.h>

#include "arch/mmu.h"
#include "include/layout.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "mm/area_make.h"
#include "mm/arena.h"
#include "mm/heap.h"
#include "mm/lock.h"
#include "mm/page.h"
#include "mm/view_area.h"

#define BYTES_MAX (ARENA_END - ARENA_BASE)

static struct list pagers; /* struct section.link: all pager sections, mm lock */
static uint32_t sections_alive;

COLD void section_init(void) {
    list_init(&pagers);
    page_set_reclaim(section_reclaim);
}

static void leaf_clear(uint32_t *frames, uint32_t length) {
    for (uint32_t i = 0; i < length; i++) {
        frames[i] = PAGE_NONE;
    }
}

/* Compiled once for RAM, which comes and goes often, and once for the others. */
ALWAYS_INLINE status_t section_make(enum section_kind kind, uint32_t bytes, unsigned domain, struct section **made) {
    if (bytes == 0) {
        return ERROR_INVALID_PARAMETER;
    }
    uint32_t pages = ((bytes - 1) >> PAGE_SHIFT) + 1;
    bool small = kind != SECTION_IN_PLACE && pages <= SECTION_SMALL;
    uint32_t table = small ? pages * (uint32_t)sizeof(uint32_t) : 0;
    struct section_room *room = heap_alloc((uint32_t)sizeof(*room) + table);
    if (room == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    struct section *section = &room->section;
    section->leaf = NULL;
    section->frames = NULL;
    if (small) {
        section->leaf = (uint32_t *)(room + 1);
        section->frames = &section->leaf;
        leaf_clear(section->leaf, pages);
    }
    section->pages = kind != SECTION_IN_PLACE ? pages : 0;
    section->kind = kind;
    section->references = 1;
    section->bytes = bytes;
    section->domain = domain;
    section->resident = 0;
    section->cursor = 0;
    section->own_area_used = false;
    section->own_view_used = false;
    section->pager = NULL;
    section->context = NULL;
    list_init(&section->areas);
    list_init(&section->aliases);
    preempt_disable();
    sections_alive++;
    preempt_enable();
    *made = section;
    return ERROR_SUCCESS;
}

static COLD status_t section_make_other(enum section_kind kind, uint32_t bytes, unsigned domain,
                                        struct section **made) {
    return section_make(kind, bytes, domain, made);
}

/* A section that nobody has got to know. */
static COLD void section_discard(struct section *section) {
    heap_free(CONTAINER_OF(section, struct section_room, section));
    preempt_disable();
    sections_alive--;
    preempt_enable();
}

static uint32_t leaf_count(const struct section *section) {
    return (section->pages + SECTION_LEAF - 1) / SECTION_LEAF;
}

static COLD void leaves_destroy(struct section *section) {
    for (uint32_t leaf = 0; leaf < leaf_count(section); leaf++) {
        heap_free(section->frames[leaf]);
    }
    heap_free(section->frames);
}

static inline void frames_destroy(struct section *section) {
    if (section->leaf == NULL) {
        leaves_destroy(section);
    }
}

static COLD bool leaves_create(struct section *section) {
    section->frames = heap_alloc_zero(leaf_count(section) * (uint32_t)sizeof(uint32_t *));
    if (section->frames == NULL) {
        return false;
    }
    for (uint32_t leaf = 0; leaf < leaf_count(section); leaf++) {
        uint32_t length = min_u32(section->pages - leaf * SECTION_LEAF, SECTION_LEAF);
        uint32_t *frames = heap_alloc(length * (uint32_t)sizeof(uint32_t));
        if (frames == NULL) {
            leaves_destroy(section);
            return false;
        }
        leaf_clear(frames, length);
        section->frames[leaf] = frames;
    }
    return true;
}

static inline bool frames_create(struct section *section) {
    return section->leaf != NULL || leaves_create(section);
}

status_t section_create_in_place(uint32_t pa, uint32_t bytes, unsigned domain, struct section **section) {
    if (!is_aligned(pa, PAGE_SIZE) || bytes - 1 > ~pa) {
        return ERROR_INVALID_PARAMETER;
    }
    status_t status = section_make_other(SECTION_IN_PLACE, bytes, domain, section);
    if (status == ERROR_SUCCESS) {
        (*section)->pa = pa;
    }
    return status;
}

status_t section_create_ram(uint64_t bytes, struct section **made) {
    struct section *section;
    if (bytes > BYTES_MAX) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    status_t status = section_make(SECTION_RAM, (uint32_t)bytes, DOMAIN_USER, &section);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    uint32_t charge = section->pages;
    if (!commit_charge(charge)) {
        goto fail_charge;
    }
    if (!frames_create(section)) {
        goto fail_frames;
    }
    *made = section;
    return ERROR_SUCCESS;

fail_frames:
    commit_release(charge);
fail_charge:
    section_discard(section);
    return ERROR_NOT_ENOUGH_MEMORY;
}

COLD status_t section_create_pager(const struct pager_ops *ops, void *context, uint64_t bytes, struct section **made) {
    struct section *section;
    if (bytes > BYTES_MAX) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    status_t status = section_make_other(SECTION_PAGER, (uint32_t)bytes, DOMAIN_USER, &section);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (!frames_create(section)) {
        section_discard(section);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    section->pager = ops;
    section->context = context;
    mm_lock();
    list_append(&pagers, &section->link);
    mm_unlock();
    *made = section;
    return ERROR_SUCCESS;
}

void section_ref(struct section *section) {
    preempt_disable();
    ASSERT(section->references > 0);
    section->references++;
    preempt_enable();
}

/* The table still names the frames afterwards: it goes, too. */
static void frames_free(struct section *section) {
    uint32_t left = section->resident;
    for (uint32_t page = 0; left > 0; page++) {
        uint32_t pa = section_frame(section, page);
        if (pa != PAGE_NONE) {
            left--;
            page_free(pa, 0);
        }
    }
    section->resident = 0;
}

static void section_destroy(struct section *section) {
    ASSERT(list_empty(&section->areas));
    if (section->kind == SECTION_PAGER) {
        /* Clean pages stay where reclaim finds them until they are free: whoever has a charge must not see the moment
         * in between, in which they are neither. */
        mm_lock();
        frames_free(section);
        list_remove(&section->link);
        mm_unlock();
        frames_destroy(section);
    } else if (section->kind == SECTION_RAM) {
        frames_free(section); /* nobody else knows of it */
        frames_destroy(section);
        commit_release(section->pages);
    }
    if (section->pager != NULL && section->pager->release != NULL) {
        section->pager->release(section->context);
    }
    heap_free(CONTAINER_OF(section, struct section_room, section));
}

void section_unref(struct section *section) {
    preempt_disable();
    ASSERT(section->references > 0);
    bool last = --section->references == 0;
    sections_alive -= last;
    preempt_enable();
    if (last) {
        section_destroy(section);
    }
}

uint32_t section_count(void) {
    return sections_alive;
}

uint32_t section_frame(const struct section *section, uint32_t page) {
    return *section_frame_entry(section, page);
}

void section_set_frame(struct section *section, uint32_t page, uint32_t pa) {
    uint32_t *entry = section_frame_entry(section, page);
    section->resident += (uint32_t)(pa != PAGE_NONE) - (uint32_t)(*entry != PAGE_NONE);
    *entry = pa;
}

bool section_place(struct section *section) {
    uint32_t align = PAGE_SIZE;
    if (section->bytes > BYTES_MAX) {
        return false;
    }
    uint32_t bytes = round_up((uint32_t)section->bytes, PAGE_SIZE);
    if (section->kind == SECTION_IN_PLACE) {
        if (bytes >= SECTION_SIZE && is_aligned(section->pa, SECTION_SIZE)) {
            align = SECTION_SIZE;
        } else if (bytes >= LARGE_SIZE && is_aligned(section->pa, LARGE_SIZE)) {
            align = LARGE_SIZE;
        }
    }
    return arena_take(&section->arena, bytes, align, section->domain);
}

void section_displace(struct section *section) {
    if (section->kind == SECTION_IN_PLACE) {
        /* Its pages were unmapped without cache work: their contents were right as long as the range was theirs. */
        mmu_forget_range(section->arena.start, section->arena.end - section->arena.start);
    }
    arena_give(&section->arena);
}

#if defined(SITU_ARMV5)
/* One page in one area, if it is there. */
static void page_recache(struct area *area, uint32_t page, bool uncached) {
    uint32_t va = area->base + ((page - area->mapped.first) << PAGE_SHIFT);
    if (page < area->mapped.first || va >= area->range.end) {
        return;
    }
    struct mmu_page mapped = mmu_query(&area->space->mmu, va);
    if (mapped.state == PAGE_PRESENT) {
        prot_t prot = mapped.prot & (PROT_READ | PROT_WRITE);
        mmu_commit(&area->space->mmu, va, PAGE_SIZE, uncached ? prot | PROT_NOCACHE : prot);
    }
}

bool section_is_uncached(const struct section *section) {
    return !list_empty(&section->aliases);
}

COLD void section_recache(struct section *section) {
    bool uncached = section_is_uncached(section);
    for (uint32_t page = 0; page < section->pages; page++) {
        if (section_frame(section, page) == PAGE_NONE) {
            continue;
        }
        /* All mappings of a page change in one go: nobody may use the old kind in between. */
        preempt_disable();
        LIST_EACH(area, &section->areas, struct area, mapped.link) {
            page_recache(area, page, uncached);
        }
        LIST_EACH(alias, &section->aliases, struct area, mapped.link) {
            page_recache(alias, page, uncached);
        }
        preempt_enable();
    }
}
#else
/* Physically tagged caches know one frame by one name. */
bool section_is_uncached(const struct section *section) {
    (void)section;
    return false;
}

void section_recache(struct section *section) {
    (void)section;
}
#endif

/* Takes a clean page away: first from every space that maps it. */
static COLD void page_drop(struct section *section, uint32_t page, uint32_t pa) {
    LIST_EACH(area, &section->areas, struct area, mapped.link) {
        struct mmu_space *mmu = &area->space->mmu;
        uint32_t va = area->base + (page << PAGE_SHIFT);
        struct mmu_page mapped = mmu_query(mmu, va);
        if (mapped.state == PAGE_PRESENT) {
            mmu_unmap(mmu, va, PAGE_SIZE, false, NULL, NULL);
            mmu_set_state(mmu, va, PAGE_SIZE, PAGE_COMMITTED,
                          mapped.prot & (PROT_READ | PROT_WRITE)); /* ARMv5 adds PROT_EXEC */
        }
    }
    section_set_frame(section, page, PAGE_NONE);
    page_free(pa, 0);
}

COLD uint32_t section_reclaim(uint32_t wanted) {
    ASSERT(mm_lock_held());
    uint32_t freed = stack_reclaim();
    if (freed != 0) {
        return freed;
    }
    LIST_EACH(section, &pagers, struct section, link) {
        /* Each section goes round from where the last call stopped in it. */
        while (section->resident > 0) {
            uint32_t page = section->cursor;
            section->cursor = page + 1 < section->pages ? page + 1 : 0;
            uint32_t pa = section_frame(section, page);
            if (pa == PAGE_NONE) {
                continue;
            }
            page_drop(section, page, pa);
            if (++freed == wanted) {
                list_remove(&section->link);
                list_append(&pagers, &section->link); /* the others' turn next time */
                return freed;
            }
        }
    }
    return freed;
}
