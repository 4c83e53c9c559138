/* What mm needs of the kernel and what tests want around it: the lock, preemption counts, panic, failing allocations,
 * start and end of the machine. */
#include "fake_mmu.h"

#include <stdio.h>
#include <stdlib.h>

#include "fake_machine.h"
#include "arch/frames.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "mm/arena.h"
#include "mm/fault.h"
#include "mm/heap.h"
#include "mm/lock.h"
#include "mm/page.h"
#include "mm/section.h"
#include "mm/view.h"

struct preempt preempt = {.settled = 1};
jmp_buf fake_panic_exit;
bool fake_panic_expected;

static bool locked;
static void (*other_before_lock)(void);
static void (*other_after_unlock)(void);
static uint32_t fail_countdown;
static bool fail_happened;
static void *metadata;

void preempt_switch(void) {
}

void panic(const char *what, const char *file, int line) {
    if (fake_panic_expected) {
        fake_panic_expected = false;
        longjmp(fake_panic_exit, 1);
    }
    fprintf(stderr, "panic: %s at %s:%d\n", what, file, line);
    abort();
}

void fake_panic_reset(void) {
    preempt.count = 0;
    locked = false;
}

void fake_before_lock(void (*other)(void)) {
    other_before_lock = other;
}

void fake_after_unlock(void (*other)(void)) {
    other_after_unlock = other;
}

/* Lets the other thread run, if there is one: once. */
static void other_run(void (**slot)(void)) {
    void (*other)(void) = *slot;
    *slot = NULL;
    if (other != NULL) {
        other();
    }
}

/* Looks at pages since the mm lock was taken, and the most of them in one go. */
static uint32_t looks, looks_most;

uint32_t fake_looks_most(void) {
    uint32_t most = looks_most;
    looks_most = 0;
    return most;
}

void mm_lock(void) {
    fake_check(!locked && preempt.count == 0, "mm_lock: held already, or preemption is off");
    other_run(&other_before_lock);
    locked = true;
    looks = 0;
}

void mm_unlock(void) {
    fake_check(locked && preempt.count == 0, "mm_unlock: not held, or preemption is off");
    fake_mmu_check_filled();
    locked = false;
    other_run(&other_after_unlock);
}

/* What arch keeps: one block at most. */
static uint32_t kept_pa = FRAME_NONE;
static unsigned kept_order;

void fake_keep(uint32_t pa, unsigned order) {
    fake_check(kept_pa == FRAME_NONE, "fake_keep: there is one");
    kept_pa = pa;
    kept_order = order;
    preempt_disable(); /* as arch does */
    frame_keep(order);
    preempt_enable();
}

uint32_t fake_unkeep(void) {
    uint32_t pa = kept_pa;
    fake_check(pa != FRAME_NONE, "fake_unkeep: there is none");
    if (!frame_unkeep(kept_order)) {
        return FRAME_NONE;
    }
    kept_pa = FRAME_NONE;
    return pa;
}

bool frames_release_kept(void) {
    uint32_t pa = kept_pa;
    if (pa == FRAME_NONE) {
        return false;
    }
    kept_pa = FRAME_NONE;
    frame_free_kept(pa, kept_order);
    return true;
}

bool mm_lock_free(void) {
    fake_check(preempt.count != 0, "mm_lock_free: preemption is on");
    return !locked && other_before_lock == NULL;
}

bool mm_lock_held(void) {
    return locked;
}

void fake_fail_at(uint32_t n) {
    fail_countdown = n;
    fail_happened = false;
}

uint32_t fake_fail_hold(void) {
    uint32_t n = fail_countdown;
    fake_fail_at(0);
    return n;
}

bool fake_failed(void) {
    return fail_happened;
}

bool fake_allocation_fails(void) {
    fake_check(preempt.count == 0, "allocation with preemption off");
    if (fail_countdown == 0 || --fail_countdown != 0) {
        return false;
    }
    fail_happened = true;
    return true;
}

/* The linker leads all calls between files here (--wrap in mm.mk). */
void *__real_heap_alloc(uint32_t bytes);
void *__real_heap_alloc_zero(uint32_t bytes);
bool __real_commit_charge(uint32_t pages);
uint32_t __real_page_alloc_charged(unsigned order, enum page_use use);
void *__wrap_heap_alloc(uint32_t bytes);
void *__wrap_heap_alloc_zero(uint32_t bytes);
bool __wrap_commit_charge(uint32_t pages);
uint32_t __wrap_page_alloc_charged(unsigned order, enum page_use use);

void *__wrap_heap_alloc(uint32_t bytes) {
    return fake_allocation_fails() ? NULL : __real_heap_alloc(bytes);
}

void *__wrap_heap_alloc_zero(uint32_t bytes) {
    return fake_allocation_fails() ? NULL : __real_heap_alloc_zero(bytes);
}

bool __wrap_commit_charge(uint32_t pages) {
    return !fake_allocation_fails() && __real_commit_charge(pages);
}

uint32_t __wrap_page_alloc_charged(unsigned order, enum page_use use) {
    return fake_allocation_fails() ? PAGE_NONE : __real_page_alloc_charged(order, use);
}

void fake_start(uint32_t pages) {
    fake_machine_start(pages);
    fake_mmu_start();
    metadata = malloc(page_metadata_bytes(pages));
    page_init(FAKE_RAM_PA, pages, metadata);
    heap_init();
    section_init();
    fake_fail_at(0);
}

void fake_stop(void) {
    fake_stop_reserved(0);
}

void fake_stop_reserved(uint32_t pages) {
    heap_trim();
    assert_int_equal(heap_object_count(), 0);
    assert_int_equal(heap_page_count(), 0);
    assert_int_equal(section_count(), 0);
    assert_int_equal(view_count(), 0);
    assert_int_equal(arena_range_count(), 0);
    assert_int_equal(page_committed_count(), 0);
    assert_int_equal(page_free_count(), page_total_count() - pages);
    assert_int_equal(preempt.count, 0);
    assert_false(locked);
    assert_true(kept_pa == FRAME_NONE && other_before_lock == NULL && other_after_unlock == NULL);
    fake_mmu_stop();
    fake_machine_stop();
    free(metadata);
}

struct fake_count fake_count(const struct space *space) {
    return (struct fake_count){
        .objects = heap_object_count(),
        .sections = section_count(),
        .views = view_count(),
        .ranges = arena_range_count(),
        .charged = space != NULL ? space->charged : 0,
    };
}

void fake_assert_same(struct fake_count before, struct fake_count now) {
    assert_int_equal(before.objects, now.objects);
    assert_int_equal(before.sections, now.sections);
    assert_int_equal(before.views, now.views);
    assert_int_equal(before.ranges, now.ranges);
    assert_int_equal(before.charged, now.charged);
}

struct mmu_page mmu_query(const struct mmu_space *space, uint32_t va) {
    looks++;
    looks_most = max_u32(looks_most, looks);
    struct mmu_page page = fake_mmu_query(space, va);
#if defined(SITU_ARMV5)
    if (page.state == PAGE_PRESENT && (page.prot & PROT_READ) != 0) {
        page.prot |= PROT_EXEC; /* what can be read can be executed: the entry does not know */
    }
#endif
    return page;
}

struct mmu_page fake_query(struct space *space, uint32_t va) {
    mm_lock();
    struct mmu_page page = fake_mmu_query(&space->mmu, va);
    mm_unlock();
    return page;
}

static bool allowed(struct mmu_page page, prot_t access) {
#if defined(SITU_ARMV5)
    if (access == PROT_EXEC) {
        access = PROT_READ;
    }
#endif
    return page.state == PAGE_PRESENT && (page.prot & access) != 0;
}

status_t fake_access(struct space *space, uint32_t va, prot_t access, uint8_t **byte) {
    mmu_space_activate(&space->mmu);
    struct mmu_page page = fake_query(space, va);
    if (!allowed(page, access)) {
        status_t status = fault_resolve(space, va, access);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        page = fake_query(space, va);
        assert_true(allowed(page, access));
    }
    if (byte != NULL) {
        uint32_t pa = page.pa + va % PAGE_SIZE;
        *byte = page.pa >= FAKE_RAM_PA ? fake_ram(pa) : fake_rom(pa);
    }
    return ERROR_SUCCESS;
}

static uint64_t random_state;

uint32_t fake_seed(uint32_t seed) {
    const char *given = getenv("SEED");
    uint32_t used = given != NULL ? (uint32_t)strtoul(given, NULL, 0) : seed;
    random_state = used;
    return used;
}

uint32_t fake_random(uint32_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % below);
}
