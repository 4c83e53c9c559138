/* The cache model, ARMv7: tables of processes that are alive, and change while they are not in effect, or under another
 * number.
 */
#include "cachecheck_spaces.h"

/* Entries that go behind the invalidation are not covered by it. */
static void test_invalidated_then_more(void **state) {
    asleep_with_pages(state, PAGES);
    for (unsigned i = 0; i < PAGES; i++) {
        if (i == PAGES / 2) {
            kernel_publish(ARENA_TABLE(0), 0x400);
            world_operation(OP_TLB_ASID, kernel.id[0]);
        }
        kernel_store_entry(0, page_va(i), 0);
    }
    kernel_publish(ARENA_TABLE(0), 0x400);
    dsb_isb();
    kernel_map(0, USER, FRAME(PAGES + 1), USER_PAGE);
    kernel_map(0, page_va(PAGES - 1), FRAME(PAGES + 2), USER_PAGE);
    kernel_switch(0);
    world_load(USER);
    expect_none();
    uint32_t read = world_load(page_va(PAGES - 1));
    expect_one(FINDING_OLD_TRANSLATION, page_va(PAGES - 1), read, NOBODY);
}

/* A batch of pages, each invalidated by itself. */
static void test_batch_by_page(void **state) {
    asleep_with_pages(state, PAGES);
    for (unsigned i = 0; i < PAGES; i++) {
        kernel_store_entry(0, page_va(i), 0);
    }
    kernel_publish(ARENA_TABLE(0), 0x400);
    for (unsigned i = 0; i < PAGES; i++) {
        world_operation(OP_TLB_PAGE, page_va(i) | kernel.id[0]);
    }
    dsb_isb();
    kernel_map(0, USER, FRAME(PAGES + 1), USER_PAGE);
    kernel_switch(0);
    world_load(USER);
    expect_none();
}

/* Nobody walks the table when its entries are invalidated, but memory has the old ones still when somebody does. */
static void test_invalidated_before_visible(void **state) {
    asleep_with_pages(state, 17);
    uint32_t stored = 0;
    for (unsigned i = 0; i < 17; i++) {
        uint32_t entry = entry_small(true, FRAME(60 + i), USER_PAGE);
        stored = i == 0 ? kernel_store_entry(0, page_va(i), entry) : (kernel_store_entry(0, page_va(i), entry), stored);
    }
    world_operation(OP_TLB_ASID, kernel.id[0]);
    dsb_isb();
    expect_none();
    kernel_switch(0);
    expect_among(FINDING_WALK_MISSES, NOBODY, NOBODY, stored);
}

static void test_invalidated_then_visible(void **state) {
    asleep_with_pages(state, 17);
    for (unsigned i = 0; i < 17; i++) {
        kernel_store_entry(0, page_va(i), entry_small(true, FRAME(60 + i), USER_PAGE));
    }
    world_operation(OP_TLB_ASID, kernel.id[0]);
    dsb_isb();
    kernel_publish(ARENA_TABLE(0), 0x400);
    kernel_switch(0);
    world_load(USER);
    expect_none();
}

/* Process 0 was current, and 1 is. */
static void boot_asleep(void **state) {
    kernel_boot(*state);
    kernel_map(0, USER, FRAME(0), USER_PAGE);
    kernel_switch(0);
    world_load(USER);
    kernel_switch(1);
}

static void test_section_comes_while_asleep(void **state) {
    boot_asleep(state);
    first_store(0, FAR_VA, entry_section(true, FRAME(0) & ~(SECTION_BYTES - 1), USER_PAGE));
    kernel_switch(0);
    world_load(FAR_VA);
    expect_none();
}

/* It is watched from then on. */
static void test_section_comes_while_asleep_and_changes(void **state) {
    boot_asleep(state);
    uint32_t entry = entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE);
    first_store(0, FAR_VA, entry);
    kernel_switch(0);
    world_load(FAR_VA);
    uint32_t stored = first_store(0, FAR_VA, entry + SECTION_BYTES);
    uint32_t read = world_load(FAR_VA);
    expect_one(FINDING_OLD_TRANSLATION, FAR_VA, read, stored);
}

/* So is a second-level table that was linked. */
static void test_table_comes_while_asleep_and_changes(void **state) {
    boot_asleep(state);
    world_store(STATIC(SPARE_TABLE), entry_small(true, FRAME(5), USER_PAGE));
    kernel_publish(SPARE_TABLE, 4);
    first_store(0, FAR_VA, entry_table(true, SPARE_TABLE));
    kernel_switch(0);
    world_load(FAR_VA);
    expect_none();
    uint32_t stored = world_store(STATIC(SPARE_TABLE), entry_small(true, FRAME(6), USER_PAGE));
    kernel_publish(SPARE_TABLE, 4);
    uint32_t read = world_load(FAR_VA);
    expect_one(FINDING_OLD_TRANSLATION, FAR_VA, read, stored);
}

static void test_page_goes_while_asleep(void **state) {
    boot_asleep(state);
    uint32_t stored = kernel_store_entry(0, USER, entry_small(true, FRAME(1), USER_PAGE));
    kernel_publish(kernel_entry(0, USER), 4);
    kernel_switch(0);
    uint32_t read = world_load(USER);
    expect_one(FINDING_OLD_TRANSLATION, USER, read, stored);
}

static void test_page_goes_while_asleep_invalidated(void **state) {
    boot_asleep(state);
    kernel_change(0, USER, FRAME(1), USER_PAGE);
    kernel_switch(0);
    world_load(USER);
    expect_none();
}

/* A section where pages were, which the TLB may still have. */
static void test_other_size_comes_while_asleep(void **state) {
    boot_asleep(state);
    kernel_store_entry(0, USER, 0);
    kernel_publish(kernel_entry(0, USER), 4);
    first_store(0, ARENA_VA, entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE));
    expect_none();
    kernel_switch(0);
    assert_int_not_equal(model_finding_count(), 0);
    assert_int_equal(model_finding(0)->kind, FINDING_TWO_SIZES);
}

/* Many pages, and invalidated when it is too late: both sizes may have been there. */
static void test_section_for_many_pages_while_asleep(void **state) {
    asleep_with_pages(state, PAGES);
    for (unsigned i = 0; i < PAGES; i++) {
        kernel_store_entry(0, page_va(i), 0);
    }
    kernel_publish(ARENA_TABLE(0), 0x400);
    first_store(0, ARENA_VA, entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE));
    expect_none();
    kernel_switch(0);
    expect_among(FINDING_TWO_SIZES, NOBODY, NOBODY, NOBODY);
}

static void test_section_for_many_pages_while_asleep_invalidated(void **state) {
    asleep_with_pages(state, PAGES);
    for (unsigned i = 0; i < PAGES; i++) {
        kernel_store_entry(0, page_va(i), 0);
    }
    kernel_publish(ARENA_TABLE(0), 0x400);
    first_store(0, ARENA_VA, entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE));
    world_operation(OP_TLB_ASID, kernel.id[0]);
    dsb_isb();
    kernel_switch(0);
    world_load(USER);
    expect_none();
}

/* The table is in effect under another number meanwhile, for which all is done; the first comes back. */
static void number_comes_back(void **state, bool invalidate) {
    asleep_with_pages(state, 3);
    uint32_t number = kernel.id[0];
    kernel.id[0] = 9;
    kernel_switch(0);
    world_load(USER);
    for (unsigned i = 0; i < 3; i++) {
        kernel_store_entry(0, page_va(i), 0);
    }
    kernel_publish(ARENA_TABLE(0), 0x400);
    world_operation(OP_TLB_ASID, 9);
    dsb_isb();
    first_store(0, ARENA_VA, entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE));
    world_operation(OP_TLB_ASID, 9);
    dsb_isb();
    world_load(USER);
    expect_none();
    kernel_switch(1);
    kernel.id[0] = number;
    if (invalidate) {
        world_operation(OP_TLB_ASID, number);
    }
    kernel_switch(0);
}

static void test_number_comes_back(void **state) {
    number_comes_back(state, false);
    expect_among(FINDING_TWO_SIZES, NOBODY, NOBODY, NOBODY);
}

static void test_number_comes_back_invalidated(void **state) {
    number_comes_back(state, true);
    world_load(USER);
    expect_none();
}

/* Process 0 under another number for a while; back_under_first is the end of it. */
static uint32_t first_number;

static void under_another_number(void **state) {
    asleep_with_pages(state, 3);
    first_number = kernel.id[0];
    kernel.id[0] = 9;
    kernel_switch(0);
}

static void invalidate_number(uint32_t number) {
    world_operation(OP_TLB_ASID, number);
    dsb_isb();
}

static void back_under_first(void) {
    kernel_switch(1);
    kernel.id[0] = first_number;
    kernel_switch(0);
}

/* What came and went under the one number was never there under the other. */
static void test_page_of_another_number(void **state) {
    uint32_t va = page_va(50);
    under_another_number(state);
    kernel_map(0, va, FRAME(50), USER_PAGE);
    world_load(va);
    kernel_store_entry(0, va, 0);
    kernel_publish(kernel_entry(0, va), 4);
    invalidate_number(9);
    back_under_first();
    kernel_map(0, va, FRAME(51), USER_PAGE);
    world_load(va);
    expect_none();
}

static void test_page_of_both_numbers(void **state) {
    under_another_number(state);
    kernel_store_entry(0, USER, 0);
    kernel_publish(kernel_entry(0, USER), 4);
    invalidate_number(9);
    back_under_first();
    kernel_map(0, USER, FRAME(51), USER_PAGE);
    uint32_t read = world_load(USER);
    expect_one(FINDING_OLD_TRANSLATION, USER, read, NOBODY);
}

/* The same of an old table that was linked and unlinked. */
static void test_table_of_another_number(void **state) {
    asleep_with_pages(state, 3);
    world_store(STATIC(SPARE_TABLE), entry_small(true, FRAME(5), USER_PAGE));
    world_store(STATIC(SPARE_TABLE + 4), entry_small(true, FRAME(6), USER_PAGE));
    kernel_publish(SPARE_TABLE, 0x400);
    first_store(0, FAR_VA + SECTION_BYTES, entry_table(true, SPARE_TABLE)); /* so that its page is known for tables */
    first_number = kernel.id[0];
    kernel.id[0] = 9;
    kernel_switch(0);
    first_store(0, FAR_VA, entry_table(true, SPARE_TABLE));
    world_load(FAR_VA);
    world_store(STATIC(SPARE_TABLE), 0);
    kernel_publish(SPARE_TABLE, 4);
    first_store(0, FAR_VA, 0);
    first_store(0, FAR_VA + SECTION_BYTES, 0);
    invalidate_number(9);
    back_under_first();
    first_store(0, FAR_VA, entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE));
    world_load(FAR_VA);
    world_load(FAR_VA + SMALL_BYTES);
    expect_none();
}

/* Nobody was there to see it: the empty table was in effect. */
static void test_section_comes_and_goes_while_asleep(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    kernel_switch(NO_PROCESS);
    first_store(0, FAR_VA, entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE));
    first_store(0, FAR_VA, 0);
    kernel_switch(0);
    first_store(0, FAR_VA, entry_section(true, RAM_PA + 2 * SECTION_BYTES, USER_PAGE));
    world_load(FAR_VA);
    expect_none();
}

static void test_section_changes_while_asleep(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    first_store(0, FAR_VA, entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE));
    world_load(FAR_VA);
    kernel_switch(NO_PROCESS);
    uint32_t stored = first_store(0, FAR_VA, entry_section(true, RAM_PA + 2 * SECTION_BYTES, USER_PAGE));
    kernel_switch(0);
    uint32_t read = world_load(FAR_VA);
    expect_one(FINDING_OLD_TRANSLATION, FAR_VA, read, stored);
}

/* Entries that came while it was asleep are gone at its end, too: its number may be another's at once. */
static void test_ends_after_changes_while_asleep(void **state) {
    boot_asleep(state);
    first_store(0, FAR_VA, entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE));
    kernel_switch(0);
    world_load(FAR_VA);
    kernel_unmap(0, USER, false);
    static const uint32_t addresses[] = {0, ARENA_VA, FAR_VA};
    for (unsigned i = 0; i < 3; i++) {
        first_store(0, addresses[i], 0);
        kernel_tlb_page(0, addresses[i]);
    }
    kernel_process(2, kernel.id[0]);
    kernel_map(2, USER, FRAME(2), USER_PAGE);
    kernel_switch(2);
    world_load(USER);
    expect_none();
}

/* An invalidation more, between the DSB and the ISB. */
static void test_invalidated_twice(void **state) {
    boot_asleep(state);
    kernel_switch(0);
    kernel_store_entry(0, USER, entry_small(true, FRAME(1), USER_PAGE));
    kernel_publish(kernel_entry(0, USER), 4);
    world_operation(OP_TLB_PAGE, USER | kernel.id[0]);
    world_operation(OP_DSB, 0);
    world_operation(OP_TLB_PAGE, USER | kernel.id[0]);
    world_operation(OP_ISB, 0);
    world_load(USER);
    expect_none();
}

/* An entry goes a second time, which walks do not see when it is invalidated. */
static void test_goes_twice(void **state) {
    boot_asleep(state);
    kernel_switch(0);
    uint32_t entry = entry_small(true, FRAME(0), USER_PAGE);
    kernel_store_entry(0, USER, 0);
    kernel_publish(kernel_entry(0, USER), 4);
    kernel_store_entry(0, USER, entry);
    kernel_publish(kernel_entry(0, USER), 4);
    kernel_store_entry(0, USER, entry_small(true, FRAME(1), USER_PAGE));
    kernel_tlb_page(0, USER);
    kernel_publish(kernel_entry(0, USER), 4);
    uint32_t read = world_load(USER);
    expect_one(FINDING_OLD_TRANSLATION, USER, read, NOBODY);
}

/* What a table is told while it is not in effect. */
static void test_entry_changes_twice_while_asleep(void **state) {
    boot_asleep(state);
    uint32_t entry = entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE);
    first_store(0, FAR_VA, entry);
    first_store(0, FAR_VA, entry + SECTION_BYTES);
    kernel_switch(0);
    world_load(FAR_VA);
    expect_none();
}

/* Walks meet the first of the two. */
static void test_entry_changes_twice_and_one_is_visible(void **state) {
    boot_asleep(state);
    uint32_t entry = entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE);
    first_store(0, FAR_VA, entry);
    uint32_t stored = world_store(STATIC(first_of(0, FAR_VA)), entry + SECTION_BYTES);
    expect_none();
    kernel_switch(0);
    expect_among(FINDING_WALK_MISSES, NOBODY, NOBODY, stored);
}

/* So they do in a table that is in effect for the first time, and behind an entry that links one. */
static void test_new_table_not_visible(void **state) {
    kernel_boot(*state);
    uint32_t entry = entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE);
    uint32_t at = FRAME(16) + (FAR_VA >> 20) * 4;
    world_store(STATIC(at), entry);
    kernel_publish(at, 4);
    uint32_t stored = world_store(STATIC(at), entry + SECTION_BYTES);
    expect_none();
    uint32_t wrote = world_operation(OP_TTBR0, FRAME(16) | 0x4a);
    expect_one(FINDING_WALK_MISSES, NOBODY, wrote, stored);
}

static void test_linked_table_not_visible(void **state) {
    kernel_boot(*state);
    world_store(STATIC(SPARE_TABLE), entry_small(true, FRAME(5), USER_PAGE));
    kernel_publish(SPARE_TABLE, 4);
    uint32_t stored = world_store(STATIC(SPARE_TABLE), entry_small(true, FRAME(6), USER_PAGE));
    kernel_switch(0);
    expect_none();
    uint32_t linked = world_store(STATIC(first_of(0, FAR_VA)), entry_table(true, SPARE_TABLE));
    expect_one(FINDING_WALK_MISSES, NOBODY, linked, stored);
}

/* Entries that memory has not yet, where it has none: walks find nothing. */
static void test_linked_table_not_there_yet(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    world_store(STATIC(SPARE_TABLE), entry_small(true, FRAME(6), USER_PAGE));
    first_store(0, FAR_VA, entry_table(true, SPARE_TABLE));
    expect_none();
    kernel_publish(SPARE_TABLE, 4);
    world_load(FAR_VA);
    expect_none();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_CORTEX_A9(test_invalidated_then_more),
        ON_CORTEX_A9(test_batch_by_page),
        ON_CORTEX_A9(test_invalidated_before_visible),
        ON_CORTEX_A9(test_invalidated_then_visible),
        ON_CORTEX_A9(test_section_comes_while_asleep),
        ON_CORTEX_A9(test_section_comes_while_asleep_and_changes),
        ON_CORTEX_A9(test_table_comes_while_asleep_and_changes),
        ON_CORTEX_A9(test_page_goes_while_asleep),
        ON_CORTEX_A9(test_page_goes_while_asleep_invalidated),
        ON_CORTEX_A9(test_other_size_comes_while_asleep),
        ON_CORTEX_A9(test_section_for_many_pages_while_asleep),
        ON_CORTEX_A9(test_section_for_many_pages_while_asleep_invalidated),
        ON_CORTEX_A9(test_number_comes_back),
        ON_CORTEX_A9(test_number_comes_back_invalidated),
        ON_CORTEX_A9(test_page_of_another_number),
        ON_CORTEX_A9(test_page_of_both_numbers),
        ON_CORTEX_A9(test_table_of_another_number),
        ON_CORTEX_A9(test_section_comes_and_goes_while_asleep),
        ON_CORTEX_A9(test_section_changes_while_asleep),
        ON_CORTEX_A9(test_ends_after_changes_while_asleep),
        ON_CORTEX_A9(test_invalidated_twice),
        ON_CORTEX_A9(test_goes_twice),
        ON_CORTEX_A9(test_entry_changes_twice_while_asleep),
        ON_CORTEX_A9(test_entry_changes_twice_and_one_is_visible),
        ON_CORTEX_A9(test_new_table_not_visible),
        ON_CORTEX_A9(test_linked_table_not_visible),
        ON_CORTEX_A9(test_linked_table_not_there_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
