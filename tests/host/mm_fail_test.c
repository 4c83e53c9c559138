/* Every allocation of every call fails once: the call says so, nothing is changed, nothing is lost. */
#include "fake_mmu.h"

#include "include/layout.h"
#include "mm/area.h"
#include "mm/heap.h"
#include "mm/page.h"
#include "mm/view.h"

#define PAGES 4096u
#define RW    (PROT_READ | PROT_WRITE)
#define RX    (PROT_READ | PROT_EXEC)
#define CHIP  (DOMAIN_FLASH + 0)
#define ROM   FAKE_ROM_PA

static struct space space;
static struct section *in_place; /* 4 MB, viewed whole */
static struct section *memory;   /* 2 MB, no view */
static uint32_t base;
static uint32_t reserved;
static const struct view_owner nobody;

static status_t page_in(void *context, uint64_t offset, void *page) {
    (void)context;
    (void)offset;
    (void)page;
    return ERROR_SUCCESS;
}

static const struct pager_ops pager = {.page_in = page_in};

/* A space in use, with large entries that the calls below have to split. */
static void prepare(void) {
    fake_start(PAGES);
    assert_int_equal(space_create(&space), 0);
    assert_int_equal(section_create_in_place(ROM, 4 << 20, CHIP, &in_place), 0);
    assert_int_equal(section_create_ram(2 << 20, &memory), 0);
    assert_int_equal(view_map(&space, in_place, 0, 0, PROT_READ, nobody, &base), 0);
    reserved = 0;
    assert_int_equal(area_reserve(&space, &reserved, 0x80000, PROT_NONE), 0);
    uint32_t uses_spares = 0x01000000;
    assert_int_equal(area_reserve(&space, &uses_spares, 0x780000, PROT_NONE), 0);
}

static void check_unchanged(void) {
    for (uint32_t at = 0; at < 4 << 20; at += SECTION_SIZE) {
        assert_int_equal(fake_query(&space, base + at).size, SECTION_SIZE);
        assert_int_equal(fake_query(&space, base + at).pa, ROM + at);
    }
    for (uint32_t at = 0; at < 0x80000; at += PAGE_SIZE) {
        assert_int_equal(fake_query(&space, reserved + at).state, PAGE_RESERVED);
    }
}

/* What is tried; undo takes it back after it succeeded. */
struct call {
    const char *name;
    status_t (*perform)(void);
    void (*undo)(void);
};

static struct space made_space;
static struct section *made_section;
static uint32_t made_va, made_high;

static status_t call_space(void) {
    return space_create(&made_space);
}

static void undo_space(void) {
    space_destroy(&made_space);
}

static status_t call_reserve(void) {
    made_va = 0;
    return area_reserve(&space, &made_va, 5 << 20, PROT_NONE);
}

static status_t call_reserve_arena(void) {
    made_va = ARENA_BASE + 0x08000000;
    return area_reserve(&space, &made_va, 0x300000, PROT_NONE);
}

static status_t call_allocate(void) {
    made_va = 0;
    return area_allocate(&space, &made_va, 5 << 20, RX);
}

static status_t call_stack(void) {
    return area_map_stack(&space, 0x180000, &made_va, &made_high, NULL);
}

static status_t call_data(void) {
    made_va = 0x01880000;
    return area_map_data(&space, made_va, 0x200000, fake_rom(ROM), 0x1000, RW);
}

static status_t call_copy(void) {
    made_va = 0x01880000;
    return area_map_copy(&space, made_va, 0x200000, in_place, 0, 0x1000, RW);
}

static void undo_area(void) {
    assert_int_equal(area_release(&space, made_va), 0);
}

static status_t call_commit(void) {
    return area_commit(&space, reserved + 0x1000, 0x5000, RW);
}

static status_t call_commit_code(void) {
    mmu_space_activate(&space.mmu);
    return area_commit(&space, reserved + 0x1000, 0x5000, RX);
}

static void undo_commit(void) {
    assert_int_equal(area_release(&space, reserved), 0);
    assert_int_equal(area_reserve(&space, &reserved, 0x80000, PROT_NONE), 0);
}

#if defined(SITU_ARMV5)
/* Of the pages that prepare reserved the first eight are committed; some become executable, which is noted apart. */
static status_t call_protect(void) {
    uint32_t n = fake_fail_hold();
    prot_t before;
    assert_int_equal(area_commit(&space, reserved, 0x8000, RW), 0);
    assert_int_equal(fake_access(&space, reserved + 0x2000, PROT_WRITE, NULL), 0);
    fake_fail_at(n);
    status_t status = area_protect(&space, reserved + 0x1000, 0x5000, RX, &before);
    if (status != 0) {
        for (uint32_t at = 0; at < 0x8000; at += PAGE_SIZE) {
            assert_int_equal(fake_query(&space, reserved + at).prot & RW, RW);
        }
        assert_int_equal(area_protect(&space, reserved + 0x1000, 1, RW, &before), 0);
        assert_int_equal(before, RW);
        undo_commit();
    }
    return status;
}
#endif

/* Text stays until its space goes, so it gets one. */
static status_t call_text(void) {
    uint32_t n = fake_fail_hold();
    assert_int_equal(space_create(&made_space), 0);
    for (uint32_t mb = 8; mb < 12; mb++) { /* no spare tables left */
        uint32_t va = mb * SECTION_SIZE;
        assert_int_equal(area_reserve(&made_space, &va, 1, PROT_NONE), 0);
    }
    uint32_t objects = heap_object_count();
    fake_fail_at(n);
    status_t status = area_map_text(&made_space, 0x110000, ROM + 0x110000, 0x300000, RX, CHIP);
    if (status != 0) {
        assert_int_equal(heap_object_count(), objects);
        assert_int_equal(made_space.mmu.table_count, 4);
        space_destroy(&made_space);
    }
    return status;
}

static status_t call_section_in_place(void) {
    return section_create_in_place(ROM, 1, CHIP, &made_section);
}

static status_t call_section_ram(void) {
    return section_create_ram(6 << 20, &made_section);
}

static status_t call_section_pager(void) {
    return section_create_pager(&pager, NULL, 9 << 20, &made_section);
}

static void undo_section(void) {
    section_unref(made_section);
}

static status_t call_view_rom(void) {
    struct section *section;
    status_t status = section_create_in_place(ROM + 0x110000, 0x500000, CHIP, &section);
    if (status == 0) {
        status = view_map(&space, section, 0, 0, PROT_READ, nobody, &made_va);
        section_unref(section);
    }
    return status;
}

/* Ends inside two megabytes that are one entry each. */
static status_t call_view_splits(void) {
    return view_map(&space, in_place, 0x108000, 0x180000, PROT_READ, nobody, &made_va);
}

static status_t call_view_ram(void) {
    return view_map(&space, memory, 0x1000, 0, RW, nobody, &made_va);
}

/* A writable view over a read-only one, which gives it a range of its own. */
static uint32_t read_only_va;

static status_t call_view_alias(void) {
    uint32_t n = fake_fail_hold();
    assert_int_equal(view_map(&space, memory, 0, 0, PROT_READ, nobody, &read_only_va), 0);
    assert_int_equal(fake_access(&space, read_only_va, PROT_READ, NULL), 0);
    fake_fail_at(n);
    status_t status = view_map(&space, memory, 0, 0, RW, nobody, &made_va);
    if (status != 0) {
        assert_int_equal(fake_query(&space, read_only_va).prot, PROT_READ); /* cached as before */
        assert_int_equal(view_unmap(&space, read_only_va), 0);
    }
    return status;
}

static void undo_view_alias(void) {
    assert_int_equal(view_unmap(&space, made_va), 0);
    assert_int_equal(view_unmap(&space, read_only_va), 0);
}

static void undo_view(void) {
    assert_int_equal(view_unmap(&space, made_va), 0);
}

static const struct call calls[] = {
    {"space_create", call_space, undo_space},
    {"area_reserve", call_reserve, undo_area},
    {"area_reserve in the arena", call_reserve_arena, undo_area},
    {"area_allocate", call_allocate, undo_area},
    {"area_map_stack", call_stack, undo_area},
    {"area_map_data", call_data, undo_area},
    {"area_map_copy", call_copy, undo_area},
    {"area_commit", call_commit, undo_commit},
    {"area_commit for execution", call_commit_code, undo_commit},
#if defined(SITU_ARMV5) /* on ARMv7 it allocates nothing */
    {"area_protect for execution", call_protect, undo_commit},
#endif
    {"area_map_text", call_text, undo_space},
    {"section_create_in_place", call_section_in_place, undo_section},
    {"section_create_ram", call_section_ram, undo_section},
    {"section_create_pager", call_section_pager, undo_section},
    {"view_map of a new ROM section", call_view_rom, undo_view},
    {"view_map that splits", call_view_splits, undo_view},
    {"view_map of RAM", call_view_ram, undo_view},
    {"view_map at a second address", call_view_alias, undo_view_alias},
};

static void every_allocation_fails_once(void **state) {
    (void)state;
    for (unsigned i = 0; i < ARRAY_COUNT(calls); i++) {
        uint32_t n = 1;
        prepare();
        struct fake_count before = fake_count(&space);
        uint32_t resident = space.resident;
        for (;; n++) {
            heap_trim(); /* so that objects need pages, too */
            uint32_t committed = page_committed_count();
            fake_fail_at(n);
            status_t status = calls[i].perform();
            bool failed = fake_failed();
            fake_fail_at(0);
            if (!failed) {
                assert_int_equal(status, 0);
                calls[i].undo();
                break;
            }
            if (status != ERROR_NOT_ENOUGH_MEMORY) {
                fail_msg("%s: allocation %u fails, status %u", calls[i].name, n, status);
            }
            heap_trim();
            fake_assert_same(before, fake_count(&space));
            assert_int_equal(space.resident, resident);
            assert_in_range(page_committed_count(), 0, committed); /* spare tables may have gone back */
            check_unchanged();
        }
        print_message("%s: %u allocations\n", calls[i].name, n - 1);
        assert_true(n > 1);
        heap_trim();
        fake_assert_same(before, fake_count(&space));
        check_unchanged();
        section_unref(in_place);
        section_unref(memory);
        space_destroy(&space);
        fake_stop();
    }
}

/* What gives back never allocates, nor does a change of protection that needs no note: they work when nothing is left.
 */
static void giving_back_needs_nothing(void **state) {
    (void)state;
    prepare();
    uint32_t part;
    uint32_t whole;
    prot_t before;
    assert_int_equal(view_map(&space, in_place, 0x108000, 0x180000, PROT_READ, nobody, &part), 0);
    assert_int_equal(view_map(&space, memory, 0x1000, 0, RW, nobody, &whole), 0);
    assert_int_equal(area_commit(&space, reserved, 0x5000, RW), 0);
    assert_int_equal(fake_access(&space, whole, PROT_WRITE, NULL), 0);
    fake_fail_at(1);
    assert_int_equal(area_protect(&space, reserved, 0x3000, PROT_READ, &before), 0);
    assert_int_equal(area_protect(&space, reserved, 0x2000, RW | PROT_GUARD, &before), 0);
#if defined(SITU_ARMV7)
    assert_int_equal(area_protect(&space, reserved, 0x1000, RX, &before), 0);
#endif
    assert_int_equal(view_unmap(&space, base), 0); /* leaves half-covered megabytes */
    assert_int_equal(fake_query(&space, part).size, PAGE_SIZE);
    assert_int_equal(view_unmap(&space, whole), 0);
    assert_int_equal(area_release(&space, reserved), 0);
    section_unref(in_place);
    section_unref(memory);
    space_destroy(&space);
    assert_false(fake_failed());
    fake_stop();
}

/* A first touch allocates nothing that can be refused. */
static void first_touch_cannot_fail(void **state) {
    (void)state;
    prepare();
    uint32_t low;
    uint32_t high;
    uint32_t view;
    assert_int_equal(area_map_stack(&space, 0x10000, &low, &high, NULL), 0);
    assert_int_equal(area_map_data(&space, 0x01880000, 0x2000, fake_rom(ROM), 0x1000, RW), 0);
    assert_int_equal(view_map(&space, memory, 0, 0, RW, nobody, &view), 0);
    fake_fail_at(1);
    assert_int_equal(fake_access(&space, low + PAGE_SIZE, PROT_WRITE, NULL), 0);
    assert_int_equal(fake_access(&space, 0x01880000, PROT_WRITE, NULL), 0);
    assert_int_equal(fake_access(&space, 0x01881000, PROT_WRITE, NULL), 0);
    assert_int_equal(fake_access(&space, view + 0x1ff000, PROT_WRITE, NULL), 0);
    assert_false(fake_failed());
    fake_fail_at(0);
    section_unref(in_place);
    section_unref(memory);
    space_destroy(&space);
    fake_stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_fails_once),
        cmocka_unit_test(giving_back_needs_nothing),
        cmocka_unit_test(first_touch_cannot_fail),
    };
    return cmocka_run_group_tests_name("mm_fail", tests, NULL, NULL);
}
