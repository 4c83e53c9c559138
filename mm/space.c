/* Making spaces and taking them apart (mm/space.h). */
#include "mm/space.h"

#include "include/layout.h"
#include "include/panic.h"
#include "mm/area_make.h"
#include "mm/lock.h"
#include "mm/section.h"
#include "mm/view_area.h"

status_t space_create(struct space *space) {
    *space = (struct space){0};
    range_set_init(&space->areas, 0);
    mm_lock();
    status_t status = mmu_space_create(&space->mmu);
    mm_unlock();
    return status;
}

/* The range at the highest address, or NULL. */
static struct range *range_highest(const struct range_set *set) {
    struct range *range = set->root;
    while (range != NULL && range->right != NULL) {
        range = range->right;
    }
    return range;
}

void space_destroy(struct space *space) {
    struct list views;
    list_init(&views);
    mm_lock();
    if (space->kept != NULL) {
        list_remove(&space->kept->kept.link); /* others may look for kept stacks while the lock is let go of below */
    }
    /* One flush for the whole space instead of one a page. */
    mmu_space_quiesce(&space->mmu);
    struct range *range = range_highest(&space->areas);
    while (range != NULL) {
        struct area *area = CONTAINER_OF(range, struct area, range);
        uint32_t low = round_down(range->start, SECTION_SIZE);
        uint32_t high = round_up(range->end, SECTION_SIZE);
        struct section *source = NULL;
        if (area->kind == AREA_SECTION) {
            view_area_clear(area, &views);
        } else {
            source = area_remove(area);
        }
        /* From the highest on: no area is left in the megabytes above the next one's. */
        range = range_highest(&space->areas);
        if (range != NULL) {
            low = max_u32(low, round_up(range->end, SECTION_SIZE));
        }
        if (low < high) {
            mmu_tables_drop(&space->mmu, low, high - low);
        }
        if (source != NULL) {
            /* The last reference goes without the lock; no one else works on this space any more. */
            mm_unlock();
            section_unref(source);
            mm_lock();
        }
    }
    mmu_space_destroy(&space->mmu);
    mm_unlock();
    ASSERT(space->charged == 0 && space->resident == 0 && space->view_count == 0);
    view_release_all(&views);
}

COLD uint32_t space_range_faults(struct space *space, uint32_t base, uint32_t bytes) {
    uint32_t faults = 0;
    uint64_t end = (uint64_t)base + bytes;
    mm_lock();
    (void)stack_make_way(space);
    const struct range *range = bytes != 0 ? range_find_above(&space->areas, base) : NULL;
    while (range != NULL && range->start < end) {
        faults += CONTAINER_OF(range, const struct area, range)->faults;
        range = range_find_above(&space->areas, range->end);
    }
    mm_unlock();
    return faults;
}

COLD uint32_t space_free_bytes(struct space *space) {
    uint32_t bytes = SLOT_END - USER_BASE;
    mm_lock();
    (void)stack_make_way(space);
    const struct range *range = range_find_above(&space->areas, USER_BASE);
    while (range != NULL && range->start < SLOT_END) {
        bytes -= range->end - range->start;
        range = range_find_above(&space->areas, range->end);
    }
    mm_unlock();
    return bytes;
}
