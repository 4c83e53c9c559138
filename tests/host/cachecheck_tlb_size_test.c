/* The cache model: entries of all sizes that change, and tables that come and go.
 */
#include "cachecheck_kernel.h"

#define LARGE  (WINDOW_VA + LARGE_BYTES)
#define BEFORE FRAME(0)
#define AFTER  FRAME(1)

static bool v7(void) {
    return world.cpu->v7;
}

static void barriers(void) {
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
}

/* A large page is in the TLB once, and any of its addresses names it. */
static void large_changes(uint32_t invalidated, uint32_t *stored) {
    kernel_map_large(NO_PROCESS, LARGE, FRAME(16), KERNEL_PAGE);
    world_load(LARGE + 5 * SMALL_BYTES);
    kernel_lines_leave(LARGE, LARGE_BYTES, false);
    for (uint32_t i = 0; i < 16; i++) {
        stored[i] = kernel_store_entry(NO_PROCESS, LARGE + i * SMALL_BYTES, entry_large(v7(), FRAME(32), KERNEL_PAGE));
    }
    kernel_publish(kernel_entry(NO_PROCESS, LARGE), 64);
    if (invalidated != 0) {
        world_operation(OP_TLB_PAGE, invalidated);
        barriers();
    }
}

static void test_large_page(void **state) {
    uint32_t stored[16];
    kernel_boot(*state);
    large_changes(0, stored);
    uint32_t read = world_load(LARGE + 3 * SMALL_BYTES);
    expect_one(FINDING_OLD_TRANSLATION, LARGE + 3 * SMALL_BYTES, read, NOBODY);
}

static void test_large_page_by_any_address(void **state) {
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t stored[16];
        kernel_boot(*state);
        large_changes(LARGE + i * SMALL_BYTES, stored);
        for (uint32_t page = 0; page < 16; page++) {
            world_load(LARGE + page * SMALL_BYTES);
        }
        expect_none();
    }
}

static void test_large_page_by_a_neighbour(void **state) {
    uint32_t stored[16];
    kernel_boot(*state);
    large_changes(LARGE + LARGE_BYTES, stored);
    uint32_t read = world_load(LARGE);
    expect_one(FINDING_OLD_TRANSLATION, LARGE, read, NOBODY);
}

/* One of sixteen small pages is not the others. */
static void test_small_pages_one_invalidated(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, LARGE, FRAME(0), KERNEL_PAGE);
    kernel_map(NO_PROCESS, LARGE + SMALL_BYTES, FRAME(1), KERNEL_PAGE);
    kernel_store_entry(NO_PROCESS, LARGE, entry_small(v7(), FRAME(2), KERNEL_PAGE));
    uint32_t stored = kernel_store_entry(NO_PROCESS, LARGE + SMALL_BYTES, entry_small(v7(), FRAME(3), KERNEL_PAGE));
    kernel_publish(kernel_entry(NO_PROCESS, LARGE), 8);
    kernel_tlb_page(NO_PROCESS, LARGE);
    world_load(LARGE);
    expect_none();
    uint32_t read = world_load(LARGE + SMALL_BYTES);
    expect_one(FINDING_OLD_TRANSLATION, LARGE + SMALL_BYTES, read, stored);
}

/* A large page taken apart into small ones of the same meaning leaves nothing old to see, a frame of it replaced does.
 */
static void test_large_page_in_parts(void **state) {
    kernel_boot(*state);
    kernel_map_large(NO_PROCESS, LARGE, FRAME(16), KERNEL_PAGE);
    world_load(LARGE);
    kernel_unmap_large(NO_PROCESS, LARGE);
    for (uint32_t i = 0; i < 16; i++) {
        kernel_store_entry(NO_PROCESS, LARGE + i * SMALL_BYTES, entry_small(v7(), FRAME(16 + i), KERNEL_PAGE));
    }
    kernel_publish(kernel_entry(NO_PROCESS, LARGE), 64);
    for (uint32_t i = 0; i < 16; i++) {
        world_load(LARGE + i * SMALL_BYTES);
    }
    expect_none();
}

static uint32_t section_entry(uint32_t pa) {
    return entry_section(v7(), pa, USER_PAGE);
}

/* A user section of process 0 changes to another frame; invalidated 0: nothing is. */
static uint32_t section_changes(uint32_t invalidated) {
    kernel_switch(0);
    kernel_store_entry(0, SECTION_VA, section_entry(RAM_PA + SECTION_BYTES));
    kernel_publish(kernel_entry(0, SECTION_VA), 4);
    uint32_t stored = kernel_store_entry(0, SECTION_VA, section_entry(RAM_PA + 2 * SECTION_BYTES));
    kernel_publish(kernel_entry(0, SECTION_VA), 4);
    if (invalidated != 0) {
        world_operation(OP_TLB_PAGE, kernel_tlb_value(0, invalidated));
        barriers();
    }
    return stored;
}

static void test_section(void **state) {
    kernel_boot(*state);
    uint32_t stored = section_changes(0);
    uint32_t read = world_load(SECTION_VA + 0xffffc);
    expect_one(FINDING_OLD_TRANSLATION, SECTION_VA + 0xffffc, read, stored);
}

static void test_section_by_any_address(void **state) {
    static const uint32_t offsets[] = {0, 0x1000, 0x10000, 0x7f000, 0x80000, 0xff000};
    for (unsigned i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
        kernel_boot(*state);
        section_changes(SECTION_VA + offsets[i]);
        world_load(SECTION_VA);
        world_load(SECTION_VA + 0x12340);
        world_load(SECTION_VA + 0xffffc);
        expect_none();
    }
}

static void test_section_by_a_neighbour(void **state) {
    kernel_boot(*state);
    uint32_t stored = section_changes(SECTION_VA + SECTION_BYTES);
    uint32_t read = world_load(SECTION_VA + 0xffffc);
    expect_one(FINDING_OLD_TRANSLATION, SECTION_VA + 0xffffc, read, stored);
}

/* A section gives way to a table, by way of "not present". */
static void section_to_table(bool tlb, uint32_t *stored) {
    uint32_t at = kernel_entry(0, SECTION_VA);
    kernel_switch(0);
    kernel_store_entry(0, SECTION_VA, section_entry(RAM_PA + SECTION_BYTES));
    kernel_publish(at, 4);
    world_store(STATIC(SPARE_TABLE), entry_small(v7(), AFTER, USER_PAGE));
    kernel_publish(SPARE_TABLE, 4);
    *stored = world_store(STATIC(at), 0);
    kernel_publish(at, 4);
    if (tlb) {
        kernel_tlb_page(0, SECTION_VA);
    }
    world_store(STATIC(at), entry_table(v7(), SPARE_TABLE));
    kernel_publish(at, 4);
}

static void test_section_to_table(void **state) {
    uint32_t stored;
    kernel_boot(*state);
    section_to_table(false, &stored);
    assert_int_equal(model_finding(0)->kind, FINDING_TWO_SIZES);
    uint32_t read = world_load(SECTION_VA + 4);
    expect_among(FINDING_OLD_TRANSLATION, SECTION_VA + 4, read, stored);
}

static void test_section_to_table_invalidated(void **state) {
    uint32_t stored;
    kernel_boot(*state);
    section_to_table(true, &stored);
    world_load(SECTION_VA + 4);
    expect_none();
}

/* Every page of a table goes with the table. */
static void test_table_unlinked(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    kernel_map(0, ARENA_VA + 0x3000, BEFORE, USER_PAGE);
    uint32_t at = PROCESS_TABLE(0) + (ARENA_VA >> 20) * 4;
    uint32_t stored = world_store(STATIC(at), 0);
    kernel_publish(at, 4);
    uint32_t fault = world_fault(ARENA_VA + 0x3000);
    expect_one(FINDING_OLD_TRANSLATION, ARENA_VA + 0x3000, fault, stored);
}

static void test_table_unlinked_invalidated(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    kernel_map(0, ARENA_VA + 0x3000, BEFORE, USER_PAGE);
    uint32_t at = PROCESS_TABLE(0) + (ARENA_VA >> 20) * 4;
    world_store(STATIC(at), 0);
    kernel_publish(at, 4);
    kernel_tlb_page(0, ARENA_VA + 0x3000);
    world_fault(ARENA_VA + 0x3000);
    expect_none();
}

/* A large page becomes small ones of the same frames. */
static void large_to_small(bool cleaned, bool invalidated) {
    kernel_map_large(NO_PROCESS, LARGE, FRAME(16), KERNEL_PAGE);
    world_load(LARGE);
    for (uint32_t i = 0; i < 16; i++) {
        kernel_store_entry(NO_PROCESS, LARGE + i * SMALL_BYTES, 0);
    }
    if (cleaned) {
        kernel_publish(kernel_entry(NO_PROCESS, LARGE), 64);
    }
    if (invalidated) {
        kernel_tlb_page(NO_PROCESS, LARGE + 3 * SMALL_BYTES);
    }
    for (uint32_t i = 0; i < 16; i++) {
        kernel_store_entry(NO_PROCESS, LARGE + i * SMALL_BYTES, entry_small(v7(), FRAME(16 + i), KERNEL_PAGE));
    }
    kernel_publish(kernel_entry(NO_PROCESS, LARGE), 64);
}

static void test_large_to_small(void **state) {
    kernel_boot(*state);
    large_to_small(true, true);
    world_load(LARGE);
    expect_none();
}

static void test_large_to_small_at_once(void **state) {
    kernel_boot(*state);
    kernel_map_large(NO_PROCESS, LARGE, FRAME(16), KERNEL_PAGE);
    uint32_t stored = kernel_store_entry(NO_PROCESS, LARGE, entry_small(v7(), FRAME(16), KERNEL_PAGE));
    expect_one(FINDING_TWO_SIZES, NOBODY, stored, stored);
}

static void test_large_to_small_uncleaned(void **state) {
    kernel_boot(*state);
    large_to_small(false, true);
    assert_true(model_finding_count() != 0);
    assert_int_equal(model_finding(0)->kind, FINDING_TWO_SIZES);
}

static void test_large_to_small_not_invalidated(void **state) {
    kernel_boot(*state);
    large_to_small(true, false);
    assert_true(model_finding_count() != 0);
    assert_int_equal(model_finding(0)->kind, FINDING_TWO_SIZES);
}

/* The entries of another process, and of other addresses, are no matter. */
static void test_sizes_elsewhere(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    kernel_store_entry(0, SECTION_VA, section_entry(RAM_PA + SECTION_BYTES));
    kernel_publish(kernel_entry(0, SECTION_VA), 4);
    kernel_store_entry(0, SECTION_VA, 0);
    kernel_publish(kernel_entry(0, SECTION_VA), 4);
    kernel_map(0, SECTION_VA - SMALL_BYTES, FRAME(0), USER_PAGE);
    kernel_switch(1);
    world_store(STATIC(SPARE_TABLE), entry_small(v7(), FRAME(1), USER_PAGE));
    kernel_publish(SPARE_TABLE, 4);
    kernel_store_entry(1, SECTION_VA, entry_table(v7(), SPARE_TABLE));
    expect_none();
}

/* ARMv7: an invalidation is complete with the DSB.  A small page follows at the address of a section. */
static void section_to_small(bool completed) {
    kernel_boot("cortex-a9");
    section_changes(0);
    kernel_store_entry(0, SECTION_VA, 0);
    kernel_publish(kernel_entry(0, SECTION_VA), 4);
    world_store(STATIC(SPARE_TABLE), entry_small(v7(), AFTER, USER_PAGE));
    kernel_publish(SPARE_TABLE, 4);
    world_operation(OP_TLB_PAGE, kernel_tlb_value(0, SECTION_VA));
    if (completed) {
        world_operation(OP_DSB, 0);
    }
    kernel_store_entry(0, SECTION_VA, entry_table(v7(), SPARE_TABLE));
}

static void test_sizes_invalidation_completed(void **state) {
    (void)state;
    section_to_small(true);
    expect_none();
}

static void test_sizes_invalidation_issued(void **state) {
    (void)state;
    section_to_small(false);
    assert_true(model_finding_count() != 0);
    assert_int_equal(model_finding(0)->kind, FINDING_TWO_SIZES);
}

static void test_small_to_section(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    kernel_map(0, ARENA_VA + 0x3000, BEFORE, USER_PAGE);
    uint32_t at = PROCESS_TABLE(0) + (ARENA_VA >> 20) * 4;
    uint32_t stored = world_store(STATIC(at), section_entry(RAM_PA + SECTION_BYTES));
    expect_one(FINDING_TWO_SIZES, NOBODY, stored, stored);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_large_to_small),
        ON_BOTH(test_large_to_small_at_once),
        ON_BOTH(test_large_to_small_uncleaned),
        ON_BOTH(test_large_to_small_not_invalidated),
        ON_BOTH(test_sizes_elsewhere),
        ON_BOTH(test_small_to_section),
        ON_CORTEX_A9(test_sizes_invalidation_completed),
        ON_CORTEX_A9(test_sizes_invalidation_issued),
        ON_BOTH(test_large_page),
        ON_BOTH(test_large_page_by_any_address),
        ON_BOTH(test_large_page_by_a_neighbour),
        ON_BOTH(test_small_pages_one_invalidated),
        ON_BOTH(test_large_page_in_parts),
        ON_BOTH(test_section),
        ON_BOTH(test_section_by_any_address),
        ON_BOTH(test_section_by_a_neighbour),
        ON_BOTH(test_section_to_table),
        ON_BOTH(test_section_to_table_invalidated),
        ON_BOTH(test_table_unlinked),
        ON_BOTH(test_table_unlinked_invalidated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
