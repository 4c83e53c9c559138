/* A kernel in which the Nth allocation of a thread fails (tests/failures/failures.mk).
 *
 * The linker leads every call from one file to another of the functions below through here (--wrap), so the kernel's
 * own sources know nothing of it.  They are all that can refuse a call for want of memory: objects, promised pages,
 * pages taken together with the promise, pages that were kept ready, and address space.  First touches of promised
 * memory and what gives memory back ask none of them.
 */
#include "tests/failures/inject.h"

#include "kernel/schedule.h"
#include "kernel/syscall/rom.h"
#include "kernel/syscall/syscall.h"
#include "mm/heap.h"
#include "mm/page.h"
#include "mm/range.h"

static struct {
    const struct thread *thread; /* NULL: nothing fails */
    uint32_t left;               /* allocations that succeed before the next one fails */
    bool all;                    /* and all after it */
    uint32_t failed;             /* INJECTED_ bits */
} injection;

static bool fails(uint32_t what) {
    if (injection.thread == NULL || injection.thread != thread_current) {
        return false;
    }
    if (injection.left != 0) {
        injection.left--;
        return false;
    }
    if (injection.failed != 0 && !injection.all) {
        return false;
    }
    injection.failed |= what;
    return true;
}

/* What is taken by the page: single ones are for page tables, unless they come with the promise of a whole stack. */
static uint32_t block_of(unsigned order, uint32_t charge) {
    return order == 0 && charge == 1 ? INJECTED_TABLE : INJECTED_BLOCK;
}

static void start(uint32_t number, bool all) {
    injection.left = number - 1;
    injection.all = all;
    injection.failed = 0;
    injection.thread = thread_current;
}

static uint32_t end(void) {
    injection.thread = NULL;
    rom_settle();
    heap_trim();
    return injection.failed;
}

/* Declared by what they stand for, so that a change there is noticed here. */
__typeof__(heap_alloc) __real_heap_alloc, __wrap_heap_alloc;
__typeof__(heap_alloc_zero) __real_heap_alloc_zero, __wrap_heap_alloc_zero;
__typeof__(commit_charge) __real_commit_charge, __wrap_commit_charge;
__typeof__(page_alloc_charged) __real_page_alloc_charged, __wrap_page_alloc_charged;
__typeof__(page_unkeep) __real_page_unkeep, __wrap_page_unkeep;
__typeof__(range_find_gap) __real_range_find_gap, __wrap_range_find_gap;
__typeof__(sys_clock) __real_sys_clock;
sysret_t __wrap_sys_clock(uint32_t time, uint32_t number);

sysret_t __wrap_sys_clock(uint32_t time, uint32_t number) {
    switch (time) {
    case INJECT_ONCE:
    case INJECT_FROM:
        start(number, time == INJECT_FROM);
        return sysret(ERROR_SUCCESS, 0);
    case INJECT_END:
        return sysret(ERROR_SUCCESS, end());
    default:
        return __real_sys_clock(time);
    }
}

void *__wrap_heap_alloc(uint32_t bytes) {
    return fails(INJECTED_OBJECT) ? NULL : __real_heap_alloc(bytes);
}

void *__wrap_heap_alloc_zero(uint32_t bytes) {
    return fails(INJECTED_OBJECT) ? NULL : __real_heap_alloc_zero(bytes);
}

bool __wrap_commit_charge(uint32_t pages) {
    return !fails(INJECTED_PROMISE) && __real_commit_charge(pages);
}

uint32_t __wrap_page_alloc_charged(unsigned order, enum page_use use) {
    return fails(use == PAGE_USE_HEAP ? INJECTED_HEAP : block_of(order, 1)) ? PAGE_NONE
                                                                            : __real_page_alloc_charged(order, use);
}

bool __wrap_page_unkeep(unsigned order, uint32_t charge) {
    return !fails(block_of(order, charge)) && __real_page_unkeep(order, charge);
}

enum range_gap __wrap_range_find_gap(const struct range_set *set, uint32_t bytes, uint32_t align, uint32_t low,
                                     uint32_t high, unsigned colour, uint32_t *start) {
    return fails(INJECTED_SPACE) ? RANGE_GAP_NONE : __real_range_find_gap(set, bytes, align, low, high, colour, start);
}
