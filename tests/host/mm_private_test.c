/* Private memory as VirtualAlloc and its family use it: protections, guards, decommitting, asking, devices. */
#include "fake_mmu.h"

#include <string.h>

#include "include/layout.h"
#include "mm/area.h"
#include "mm/fault.h"
#include "mm/heap.h"
#include "mm/page.h"
#include "mm/view.h"

#define PAGES  4096u
#define RW     (PROT_READ | PROT_WRITE)
#define RX     (PROT_READ | PROT_EXEC)
#define RWX    (RW | PROT_EXEC)
#define DEVICE 0x10000000u

static struct space space;
static uint32_t va;

static int start(void **state) {
    (void)state;
    fake_start(PAGES);
    assert_int_equal(space_create(&space), 0);
    heap_replenish();
    va = 0;
    assert_int_equal(area_allocate(&space, &va, 0x10000, RW), 0);
    return 0;
}

static int stop(void **state) {
    (void)state;
    space_destroy(&space);
    fake_stop();
    return 0;
}

static void check_access(uint32_t at, status_t reading, status_t writing) {
    assert_int_equal(fake_access(&space, at, PROT_READ, NULL), reading);
    assert_int_equal(fake_access(&space, at, PROT_WRITE, NULL), writing);
}

static uint8_t *byte_at(uint32_t at) {
    uint8_t *byte;
    assert_int_equal(fake_access(&space, at, PROT_READ, &byte), 0);
    return byte;
}

static prot_t protect(uint32_t at, uint32_t bytes, prot_t prot) {
    prot_t before;
    assert_int_equal(area_protect(&space, at, bytes, prot, &before), 0);
    return before;
}

static void reserve_and_commit_in_one(void **state) {
    (void)state;
    assert_int_equal(space.charged, 16);
    assert_int_equal(space.resident, 0);
    assert_int_equal(*byte_at(va + 0xffff), 0);
    /* The reservation begins on 64 KB, what is committed on the page. */
    uint32_t at = 0x00231234;
    assert_int_equal(area_allocate(&space, &at, 0x1000, PROT_READ), 0);
    assert_int_equal(at, 0x00230000);
    assert_int_equal(space.charged, 18);
    check_access(0x00230fff, ERROR_NOACCESS, ERROR_NOACCESS);
    check_access(0x00232fff, 0, ERROR_NOACCESS);
    /* All or nothing. */
    struct fake_count before = fake_count(&space);
    uint32_t most = (page_commit_limit() - page_committed_count() + 1) * PAGE_SIZE;
    at = 0;
    assert_int_equal(area_allocate(&space, &at, most, RW), ERROR_NOT_ENOUGH_MEMORY);
    at = 0x00230000;
    assert_int_equal(area_allocate(&space, &at, 1, RW), ERROR_INVALID_ADDRESS);
    at = 0;
    assert_int_equal(area_allocate(&space, &at, 1, PROT_GUARD), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_allocate(&space, &at, 0, RW), ERROR_INVALID_PARAMETER);
    fake_assert_same(before, fake_count(&space));
}

static void protections_keep_contents(void **state) {
    (void)state;
    *byte_at(va) = 7;
    uint32_t free_pages = page_free_count();
    assert_int_equal(protect(va, 0x2000, PROT_READ), RW);
    check_access(va, 0, ERROR_NOACCESS);
    check_access(va + 0x1000, 0, ERROR_NOACCESS); /* came after the change */
    assert_int_equal(page_free_count(), free_pages - 1);
    assert_int_equal(protect(va, 0x2000, PROT_NONE), PROT_READ);
    assert_int_equal(fake_query(&space, va).state, PAGE_HELD);
    check_access(va, ERROR_NOACCESS, ERROR_NOACCESS);
    check_access(va + 0x1000, ERROR_NOACCESS, ERROR_NOACCESS);
    assert_int_equal(protect(va, 0x1000, RW), PROT_NONE);
    assert_int_equal(*byte_at(va), 7);
    assert_int_equal(page_free_count(), free_pages - 1);
    /* Committing again is a change of protection. */
    assert_int_equal(area_commit(&space, va, 0x3000, PROT_READ), 0);
    assert_int_equal(*byte_at(va), 7);
    check_access(va + 0x2000, 0, ERROR_NOACCESS);
    assert_int_equal(space.charged, 16);
    prot_t before;
    assert_int_equal(area_protect(&space, va, 0x10001, RW, &before), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_protect(&space, va, 0, RW, &before), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_protect(&space, va, 1, PROT_GUARD, &before), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_protect(&space, USER_END, 1, RW, &before), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_decommit(&space, va + 0x1000, 1), 0);
    assert_int_equal(area_protect(&space, va, 0x3000, RW, &before), ERROR_INVALID_ADDRESS); /* not all committed */
    check_access(va, 0, ERROR_NOACCESS);
    assert_int_equal(protect(va, 1, PROT_NOCACHE | RW), PROT_READ); /* of a present page */
    assert_int_equal(*byte_at(va), 7);
    assert_int_equal(protect(va, 1, RW), PROT_NOCACHE | RW);
}

static void guards_tell_once(void **state) {
    (void)state;
    *byte_at(va) = 9;
    assert_int_equal(protect(va, 0x2000, PROT_GUARD | PROT_READ), RW);
    assert_int_equal(fake_query(&space, va).state, PAGE_HELD);
    assert_int_equal(fake_query(&space, va + 0x1000).state, PAGE_COMMITTED);
    for (uint32_t at = va; at < va + 0x2000; at += PAGE_SIZE) {
        /* The guard first, whatever the access. */
        assert_int_equal(fake_access(&space, at, at == va ? PROT_READ : PROT_WRITE, NULL), FAULT_GUARD_PAGE);
        check_access(at, 0, ERROR_NOACCESS);
    }
    assert_int_equal(*byte_at(va), 9);
    assert_int_equal(protect(va, 1, PROT_GUARD | RW), PROT_READ);
    assert_int_equal(protect(va, 1, RW), PROT_GUARD | RW);
    check_access(va, 0, 0);
}

static void decommitting_gives_back(void **state) {
    (void)state;
    uint32_t committed = page_committed_count();
    uint32_t free_pages = page_free_count();
    for (uint32_t at = 0; at < 0x4000; at += PAGE_SIZE) {
        *byte_at(va + at) = 1;
    }
    protect(va + 0x1000, 1, PROT_NONE);                             /* its frame goes all the same */
    assert_int_equal(area_decommit(&space, va + 0xfff, 0x2002), 0); /* pages 0 to 3 */
    assert_int_equal(page_free_count(), free_pages);
    assert_int_equal(page_committed_count(), committed - 4);
    assert_int_equal(space.charged, 12);
    assert_int_equal(space.resident, 0);
    check_access(va, ERROR_NOACCESS, ERROR_NOACCESS);
    assert_int_equal(area_decommit(&space, va, 0x5000), 0); /* some of it again */
    assert_int_equal(page_committed_count(), committed - 5);
    assert_int_equal(area_commit(&space, va, 0x1000, RW), 0);
    assert_int_equal(*byte_at(va), 0);                                              /* new */
    assert_int_equal(area_decommit(&space, va + 0x1000, 0), ERROR_INVALID_ADDRESS); /* not the base */
    assert_int_equal(area_decommit(&space, va, 0x10001), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_decommit(&space, USER_END, 1), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_decommit(&space, va, 0), 0);
    assert_int_equal(page_committed_count(), committed - 16);
    assert_int_equal(fake_query(&space, va + 0xf000).state, PAGE_RESERVED);
    assert_int_equal(area_free(&space, va + PAGE_SIZE), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_free(&space, va), 0);
    assert_int_equal(area_free(&space, va), ERROR_INVALID_PARAMETER);
    uint32_t low;
    uint32_t high;
    assert_int_equal(area_map_stack(&space, 0x4000, &low, &high, NULL), 0);
    assert_int_equal(area_free(&space, low), ERROR_INVALID_PARAMETER); /* not to be had like that */
    assert_int_equal(area_decommit(&space, low, PAGE_SIZE), ERROR_INVALID_ADDRESS);
}

static struct area_info query(uint32_t at) {
    struct area_info info;
    assert_int_equal(area_query(&space, at, 0, &info), 0);
    return info;
}

static void asking(void **state) {
    (void)state;
    (void)byte_at(va + 0x2000);
    protect(va + 0x4000, 0x2000, PROT_READ);
    (void)byte_at(va + 0x5000);
    assert_int_equal(area_decommit(&space, va + 0x8000, 0x3000), 0);
    static const struct {
        uint32_t page, pages;
        bool committed;
        prot_t prot;
    } want[] = {
        {0, 4, true, RW}, {1, 3, true, RW}, {4, 2, true, PROT_READ},
        {6, 2, true, RW}, {8, 3, false, 0}, {11, 5, true, RW},
    };
    for (unsigned i = 0; i < ARRAY_COUNT(want); i++) {
        struct area_info info = query(va + want[i].page * PAGE_SIZE + 0x123);
        assert_int_equal(info.base, va + want[i].page * PAGE_SIZE);
        assert_int_equal(info.bytes, want[i].pages * PAGE_SIZE);
        assert_true(info.reserved && info.kind == AREA_PRIVATE);
        assert_int_equal(info.committed, want[i].committed);
        assert_int_equal(info.prot, want[i].prot);
        assert_int_equal(info.allocation, va);
        assert_int_equal(info.allocated, RW);
    }
    /* The whole space can be walked. */
    uint32_t low;
    uint32_t high;
    struct section *section;
    uint32_t view;
    assert_int_equal(area_map_stack(&space, 0x4000, &low, &high, NULL), 0);
    assert_int_equal(section_create_ram(0x8000, &section), 0);
    assert_int_equal(view_map(&space, section, 0x2000, 0x3000, PROT_READ, (struct view_owner){0}, &view), 0);
    section_unref(section);
    uint32_t at = 0;
    unsigned regions = 0;
    while (at < USER_END) {
        struct area_info info = query(at);
        assert_int_equal(info.base, at);
        at += info.bytes;
        regions++;
    }
    assert_int_equal(at, USER_END);
    assert_int_equal(regions, 14); /* gaps, ours, stack with its two guards, view among free pages */
    assert_int_equal(query(view - 1).reserved, false);
    assert_int_equal(query(view).allocation, view);
    assert_int_equal(query(view).bytes, 0x3000);
    assert_int_equal(query(view).prot, PROT_READ);
    assert_int_equal(query(view + 0x3000).reserved, false);
    assert_int_equal(query(low - 1).committed, false);
    assert_int_equal(query(low).prot, PROT_GUARD | RW);
    assert_int_equal(query(low).allocation, low - PAGE_SIZE);
    struct area_info info;
    assert_int_equal(area_query(&space, USER_END, 0, &info), ERROR_INVALID_PARAMETER);
}

static uint32_t large;

static void other_protects(void) {
    (void)protect(large + 0x300000, 0x1000, PROT_READ);
}

static void other_frees(void) {
    assert_int_equal(area_free(&space, large), 0);
}

/* A large stretch is looked at a few pages at a time, and only as far as it is asked for. */
static void asking_is_bounded(void **state) {
    (void)state;
    struct area_info info;
    large = 0;
    assert_int_equal(area_allocate(&space, &large, 0x600000, RW), 0);
    (void)fake_looks_most();
    assert_int_equal(area_query(&space, large + 0x1234, 0, &info), 0);
    assert_int_equal(info.bytes, 0x600000 - 0x1000);
    assert_in_range(fake_looks_most(), 2, 64);
    assert_int_equal(area_query(&space, large + 0x1234, 0x2000, &info), 0);
    assert_int_equal(info.base, large + 0x1000);
    assert_int_equal(info.bytes, 0x3000);
    assert_in_range(fake_looks_most(), 1, 4);
    assert_int_equal(area_query(&space, large + 0x1234, 0xffffffff, &info), 0);
    assert_int_equal(info.bytes, 0x600000 - 0x1000);
    /* Others may change it in between. */
    fake_after_unlock(other_protects);
    assert_int_equal(area_query(&space, large, 0, &info), 0);
    assert_int_equal(info.bytes, 0x300000);
    fake_after_unlock(other_frees);
    assert_int_equal(area_query(&space, large, 0, &info), 0);
    assert_int_equal(info.bytes, 0x1000);
}

/* Execution is told for each page, also where the CPU has no bit for it. */
static void execution_is_told(void **state) {
    (void)state;
    mmu_space_activate(&space.mmu);
    (void)byte_at(va + 0x1000);
    assert_int_equal(protect(va + 0x1000, 0x2000, RWX), RW);
    (void)byte_at(va + 0x2000);
    (void)byte_at(va + 0x3000);
    assert_int_equal(query(va + 0x1000).prot, RWX);
    assert_int_equal(query(va + 0x1000).bytes, 0x2000);
    assert_int_equal(query(va + 0x3000).prot, RW);
    assert_int_equal(protect(va + 0x2000, 1, PROT_EXEC), RWX);
    assert_int_equal(query(va + 0x2000).prot, RX);
    assert_int_equal(protect(va + 0x1000, 1, RW), RWX);
    assert_int_equal(query(va + 0x1000).prot, RW);
    assert_int_equal(area_decommit(&space, va + 0x2000, 1), 0);
    assert_int_equal(area_commit(&space, va + 0x2000, 1, RW), 0);
    (void)byte_at(va + 0x2000);
    assert_int_equal(query(va + 0x2000).prot, RW);
}

static void check_execution(uint32_t at, bool touched) {
    if (touched) {
        *byte_at(at) = 1;
    }
    assert_int_equal(protect(at, 1, RWX), RW);
    assert_int_equal(query(at).prot, RWX);
    (void)byte_at(at);
    assert_int_equal(query(at).prot, RWX);
    assert_int_equal(query(at + PAGE_SIZE).prot, RW);
    assert_int_equal(protect(at, 1, RW), RWX);
    assert_int_equal(query(at).prot, RW);
}

/* Also in a program's data and on a stack. */
static void execution_is_told_everywhere(void **state) {
    (void)state;
    const uint32_t data = 0x01000000;
    uint32_t low;
    uint32_t high;
    mmu_space_activate(&space.mmu);
    assert_int_equal(area_map_data(&space, data, 0x28000, fake_rom(FAKE_ROM_PA), 0x1234, RW), 0);
    check_execution(data, true);
    check_execution(data + 0x22000, false); /* its bit is in the second word */
    assert_int_equal(area_map_stack(&space, 0x4000, &low, &high, NULL), 0);
    check_execution(low + PAGE_SIZE, true);
    check_execution(low + 2 * PAGE_SIZE, false);
    /* Data that is executable from the start. */
    assert_int_equal(area_map_data(&space, data + 0x100000, 0x2000, fake_rom(FAKE_ROM_PA), 0x1234, RWX), 0);
    *byte_at(data + 0x100000) = 1;
    assert_int_equal(query(data + 0x100000).prot, RWX);
    assert_int_equal(query(data + 0x100000).bytes, 0x2000);
    assert_int_equal(protect(data + 0x100000, 1, RW), RWX);
    assert_int_equal(query(data + 0x100000).prot, RW);
}

/* The count of faults says nothing of frames: it may have gone round. */
static void faults_go_round(void **state) {
    (void)state;
    uint32_t free_pages = page_free_count();
    *byte_at(va + 0x1000) = 1; /* the short way */
    area_find(&space, va)->faults = 0;
    assert_int_equal(area_free(&space, va), 0);
    assert_int_equal(page_free_count(), free_pages);
    assert_int_equal(area_allocate(&space, &va, 0x10000, PROT_READ), 0);
    (void)byte_at(va + 0x1000); /* the long one */
    area_find(&space, va)->faults = 0;
    assert_int_equal(area_free(&space, va), 0);
    assert_int_equal(page_free_count(), free_pages);
}

static void devices(void **state) {
    (void)state;
    uint32_t at = 0;
    assert_int_equal(area_map_device(&space, va, DEVICE, 0x1000, RW), ERROR_INVALID_ADDRESS); /* committed */
    assert_int_equal(area_reserve(&space, &at, 0x20000, PROT_NONE), 0);
    assert_int_equal(area_map_device(&space, at + 1, DEVICE, 0x1000, RW), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_device(&space, at, DEVICE, 0, RW), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_device(&space, at, DEVICE, 0x1000, RWX), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_device(&space, at, 0xfffff000, 0x2000, RW), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_device(&space, at, DEVICE, 0x21000, RW), ERROR_INVALID_ADDRESS);
    uint32_t charged = space.charged;
    assert_int_equal(area_map_device(&space, at, DEVICE, 0x2000, RW), 0);
    assert_int_equal(area_map_device(&space, at + 0x4000, DEVICE + 0x100000, 0x1000, PROT_READ), 0);
    assert_int_equal(area_map_device(&space, at + 0x1000, DEVICE, 0x1000, RW), ERROR_INVALID_ADDRESS); /* taken */
    assert_int_equal(space.charged, charged);
    struct mmu_page page = fake_query(&space, at + 0x1000);
    assert_int_equal(page.pa, DEVICE + 0x1000);
    assert_true((page.prot & PROT_DEVICE) != 0 && (page.prot & PROT_NOCACHE) != 0);
    assert_int_equal(query(at).prot, PROT_NOCACHE | RW);
    assert_int_equal(query(at).bytes, 0x2000);
    prot_t before;
    assert_int_equal(area_commit(&space, at + 0x8000, 1, RW), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_protect(&space, at, 1, RW, &before), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_decommit(&space, at, 1), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_free(&space, at), 0);
    assert_int_equal(fake_query(&space, at).state, PAGE_FREE);
}

static void stack_has_a_guard(void **state) {
    (void)state;
    uint32_t low;
    uint32_t high;
    uint32_t committed = page_committed_count();
    assert_int_equal(area_map_stack(&space, 0x10000 - 1, &low, &high, NULL), 0);
    assert_int_equal(high - low, 0x10000);
    assert_int_equal(page_committed_count(), committed + 16); /* whole, at once */
    assert_int_equal(fake_access(&space, high - 4, PROT_WRITE, NULL), 0);
    assert_int_equal(fake_access(&space, low + PAGE_SIZE, PROT_WRITE, NULL), 0);
    /* The guard tells once, and then leaves a page to deal with it; below there is nothing. */
    assert_int_equal(fake_access(&space, low + PAGE_SIZE - 4, PROT_WRITE, NULL), ERROR_STACK_OVERFLOW);
    assert_int_equal(fake_access(&space, low + PAGE_SIZE - 4, PROT_WRITE, NULL), 0);
    assert_int_equal(fake_access(&space, low, PROT_WRITE, NULL), 0);
    assert_int_equal(fake_access(&space, low - 4, PROT_WRITE, NULL), ERROR_STACK_OVERFLOW);
    assert_int_equal(fake_access(&space, low - 4, PROT_WRITE, NULL), ERROR_STACK_OVERFLOW);
    prot_t before;
    assert_int_equal(area_protect(&space, low, 1, PROT_GUARD | RW, &before), 0); /* set again */
    assert_int_equal(before, RW);
    assert_int_equal(fake_access(&space, low, PROT_READ, NULL), ERROR_STACK_OVERFLOW);
    /* A guard that somebody sets higher up is one like others. */
    assert_int_equal(area_protect(&space, low + 2 * PAGE_SIZE, 1, PROT_GUARD | RW, &before), 0);
    assert_int_equal(fake_access(&space, low + 2 * PAGE_SIZE, PROT_WRITE, NULL), FAULT_GUARD_PAGE);
    assert_int_equal(fake_access(&space, low + 2 * PAGE_SIZE, PROT_WRITE, NULL), 0);
    assert_int_equal(area_protect(&space, low - PAGE_SIZE, 2 * PAGE_SIZE, RW, &before), ERROR_INVALID_ADDRESS);
    assert_int_equal(fake_query(&space, low - 4).state, PAGE_RESERVED); /* nobody else may lie there */
    uint32_t low2;
    uint32_t high2;
    assert_int_equal(area_map_stack(&space, 1, &low2, &high2, NULL), 0);
    assert_true(low2 - PAGE_SIZE >= high || high2 <= low - PAGE_SIZE);
    assert_int_equal(area_map_stack(&space, 0, &low2, &high2, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_stack(&space, 0xffffffff, &low2, &high2, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_stack(&space, 0x70000000, &low2, &high2, NULL), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(area_release(&space, low), 0);
    assert_int_equal(page_committed_count(), committed + 2); /* a guard and a page at least */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reserve_and_commit_in_one, start, stop),
        cmocka_unit_test_setup_teardown(protections_keep_contents, start, stop),
        cmocka_unit_test_setup_teardown(guards_tell_once, start, stop),
        cmocka_unit_test_setup_teardown(decommitting_gives_back, start, stop),
        cmocka_unit_test_setup_teardown(asking, start, stop),
        cmocka_unit_test_setup_teardown(asking_is_bounded, start, stop),
        cmocka_unit_test_setup_teardown(execution_is_told, start, stop),
        cmocka_unit_test_setup_teardown(execution_is_told_everywhere, start, stop),
        cmocka_unit_test_setup_teardown(faults_go_round, start, stop),
        cmocka_unit_test_setup_teardown(devices, start, stop),
        cmocka_unit_test_setup_teardown(stack_has_a_guard, start, stop),
    };
    return cmocka_run_group_tests_name("mm_private", tests, NULL, NULL);
}
