/* Stacks of threads: making them, and keeping one for the next thread.
 *
 * A thread that ends leaves its stack to the next one of its process (AREA_KEPT): one of the usual size a space, in the
 * space's own range, with its highest page, which the next thread needs first.
 *
 *   stack --area_end_stack--> kept --area_map_stack--> stack
 *                               |
 *                               +--> gone: somebody wants the addresses, or asks what lies where
 *
 * Nobody sees a kept stack: it is not charged, its page counts as free and goes when no other frame is there, its
 * addresses count as free and are given up for whoever cannot be placed without them, and an access there is a
 * violation, since the page is closed to all but the kernel.  All other pages are as those of a new stack.
 *
 * As with faults, the usual cases go without the mm lock, with preemption off, when nobody has it.
 */
#include <string.h>

#include "include/layout.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "mm/area_make.h"
#include "mm/lock.h"
#include "mm/page.h"

#define RW         (PROT_READ | PROT_WRITE)
#define KEPT_PAGES (AREA_STACK_USUAL / PAGE_SIZE)

static struct list kept_stacks = {&kept_stacks, &kept_stacks};

static uint32_t top_page(const struct area *area) {
    return area->range.end - PAGE_SIZE;
}

/* Makes the pages of a stack below end, which have no frame, what they are on a new one. */
static void pages_begin(struct area *area, uint32_t end) {
    struct mmu_space *mmu = &area->space->mmu;
    uint32_t second = area->base + PAGE_SIZE;
    mmu_set_state(mmu, area->range.start, PAGE_SIZE, PAGE_RESERVED, PROT_NONE);
    mmu_set_state(mmu, area->base, PAGE_SIZE, PAGE_COMMITTED, RW | PROT_GUARD);
    mmu_set_state(mmu, second, end - second, PAGE_COMMITTED, RW);
}

/* A stack that used more than its highest page loses all the others, and has its guard again. */
static COLD void stack_strip(struct area *area) {
    uint32_t start = area->range.start;
    mmu_unmap(&area->space->mmu, start, top_page(area) - start, false, area_frame_release, area->space);
    pages_begin(area, top_page(area));
    area->faults = 1;
}

static bool is_usual(const struct area *area) {
    return area->charged == KEPT_PAGES && !area->in_arena && !area->altered;
}

/* Closes a stack of which no page has come but the highest.  False: that has not come either.  Preemption is off. */
static bool stack_close(struct area *area) {
    struct space *space = area->space;
    area->kept.entry = mmu_close_page(&space->mmu, top_page(area));
    if (area->kept.entry == NULL) {
        return false;
    }
    area->kind = AREA_KEPT;
    area->charged = 0;
    space->charged -= KEPT_PAGES;
    space->resident--;
    space->kept = area;
    space->recent = NULL;
    list_append(&kept_stacks, &area->kept.link);
    page_keep(0, KEPT_PAGES);
    return true;
}

/* False: it is not one to be kept. */
static bool stack_keep(struct area *area) {
    if (area->space->kept != NULL || !is_usual(area)) {
        return false;
    }
    if (area->faults != 1) {
        stack_strip(area);
    }
    preempt_disable();
    bool done = stack_close(area);
    preempt_enable();
    return done;
}

/* The usual case without the lock: one fault means that no page has come or changed but the highest, the first that a
 * thread needs.  Preemption is off. */
static bool keep_quickly(struct space *space, uint32_t low) {
    struct area *area = space->recent;
    return mm_lock_free() && area != NULL && area->base == low && space->kept == NULL && area->faults == 1 &&
           is_usual(area) && stack_close(area);
}

/* The block of a kept stack, which is still closed, for its next thread. */
static void block_begin(const struct area *area) {
    uint8_t *page = mmu_closed_page(&area->space->mmu, area->kept.entry, top_page(area));
    uint32_t *block = (uint32_t *)(void *)(page + PAGE_SIZE - AREA_STACK_BLOCK);
    memset(block, 0, AREA_STACK_BLOCK);
    block[1] = area->base;
    block[2] = area->range.end;
}

/* A kept stack is paid for, and becomes one in use. */
static void stack_take(struct area *area) {
    struct space *space = area->space;
    list_remove(&area->kept.link);
    area->kind = AREA_STACK;
    area->charged = KEPT_PAGES;
    space->charged += KEPT_PAGES;
    space->kept = NULL;
    space->recent = area;
    if (area->touched) {
        space->resident++;
        block_begin(area);
        mmu_open_page(&space->mmu, area->kept.entry, top_page(area), RW);
    }
}

/* The usual case, without the lock.  Preemption is off. */
static bool take_quickly(struct area *area) {
    if (!mm_lock_free() || area == NULL || !area->touched || !page_unkeep(0, KEPT_PAGES)) {
        return false;
    }
    stack_take(area);
    return true;
}

static COLD void frame_release_kept(void *context, uint32_t va, uint32_t pa) {
    (void)context;
    (void)va;
    page_free_kept(pa, 0);
}

/* Its page, if it still has it, goes: committed pages are left, and none has come. */
static COLD void kept_strip(struct area *area) {
    struct mmu_space *mmu = &area->space->mmu;
    mmu_unmap(mmu, top_page(area), PAGE_SIZE, false, frame_release_kept, NULL);
    area->touched = false;
    area->faults = 0;
}

COLD uint32_t stack_reclaim(void) {
    uint32_t freed = 0;
    LIST_EACH(area, &kept_stacks, struct area, kept.link) {
        if (area->touched) {
            kept_strip(area);
            mmu_set_state(&area->space->mmu, top_page(area), PAGE_SIZE, PAGE_COMMITTED, RW);
            freed++;
        }
    }
    return freed;
}

COLD void stack_forget(struct area *area) {
    if (area->touched) {
        kept_strip(area);
    }
    list_remove(&area->kept.link);
    area->space->kept = NULL;
}

COLD bool stack_make_way(struct space *space) {
    if (space->kept == NULL) {
        return false;
    }
    (void)area_remove(space->kept);
    return true;
}

COLD void area_settle(void) {
    mm_lock();
    while (!list_empty(&kept_stacks)) {
        (void)area_remove(LIST_FIRST(&kept_stacks, struct area, kept.link));
    }
    mm_unlock();
}

static status_t stack_make(struct space *space, uint32_t bytes, struct area **made) {
    struct area_request request = {
        .kind = AREA_STACK,
        .bytes = bytes + PAGE_SIZE,
        .align = PAGE_SIZE,
        .charge = bytes / PAGE_SIZE,
        .domain = DOMAIN_USER,
    };
    status_t status = area_make(space, &request, made);
    if (status == ERROR_SUCCESS) {
        (*made)->base += PAGE_SIZE;
        pages_begin(*made, (*made)->range.end);
    }
    return status;
}

/* False: commit is exhausted. */
static bool stack_pay(const struct area *area) {
    if (!area->touched) {
        return commit_charge(KEPT_PAGES);
    }
    preempt_disable();
    bool paid = page_unkeep(0, KEPT_PAGES);
    preempt_enable();
    return paid;
}

/* The kept stack, or a new one. */
static status_t stack_get(struct space *space, uint32_t bytes, struct area **found) {
    struct area *area = space->kept;
    if (area == NULL || bytes != AREA_STACK_USUAL) {
        return stack_make(space, bytes, found);
    }
    if (!stack_pay(area)) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    stack_take(area);
    *found = area;
    return ERROR_SUCCESS;
}

status_t area_map_stack(struct space *space, uint32_t bytes, uint32_t *low, uint32_t *high, bool *begun) {
    if (bytes == 0 || bytes > USER_END) {
        return ERROR_INVALID_PARAMETER;
    }
    bytes = round_up(max_u32(bytes, 2 * PAGE_SIZE), PAGE_SIZE);
    preempt_disable();
    struct area *area = bytes == AREA_STACK_USUAL ? space->kept : NULL;
    bool taken = take_quickly(area);
    preempt_enable();
    if (!taken) {
        mm_lock();
        status_t status = stack_get(space, bytes, &area);
        mm_unlock();
        if (status != ERROR_SUCCESS) {
            return status;
        }
    }
    /* Nobody but the caller ends it from here on. */
    *low = area->base;
    *high = area->range.end;
    if (begun != NULL) {
        *begun = area->touched;
    }
    return ERROR_SUCCESS;
}

void area_end_stack(struct space *space, uint32_t low) {
    preempt_disable();
    bool kept = keep_quickly(space, low);
    preempt_enable();
    if (kept) {
        return;
    }
    mm_lock();
    struct area *area = area_find(space, low);
    ASSERT(area != NULL && area->kind == AREA_STACK && area->base == low);
    if (!stack_keep(area)) {
        (void)area_remove(area);
    }
    mm_unlock();
}
