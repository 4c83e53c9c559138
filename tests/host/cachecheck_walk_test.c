/* The cache model: table walks.  An entry counts from when it is where walks look; a table may be walked until the TLB
 * is told that nothing points to it. */
#include "cachecheck_kernel.h"

#include <string.h>

#define VA    (WINDOW_VA + 0x7000u)
#define PAGE  FRAME(0)
#define ENTRY kernel_entry(NO_PROCESS, VA)

static uint32_t small(uint32_t pa) {
    return entry_small(world.cpu->v7, pa, KERNEL_PAGE);
}

static enum operation clean_to_walks(void) {
    return world.cpu->v7 ? OP_DATA_CLEAN_POU : OP_DATA_CLEAN;
}

static void test_not_cleaned(void **state) {
    kernel_boot(*state);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_WALK_MISSES, VA, read, stored);
}

static void test_not_drained(void **state) {
    kernel_boot(*state);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    kernel_clean_line(ENTRY);
    world_operation(OP_ISB, 0);
    uint32_t read = world_store(VA, 1);
    expect_one(FINDING_WALK_MISSES, VA, read, stored);
}

static void test_drained_too_early(void **state) {
    kernel_boot(*state);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    world_operation(OP_DSB, 0);
    kernel_clean_line(ENTRY);
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_WALK_MISSES, VA, read, stored);
}

static void test_cleaned_too_early(void **state) {
    kernel_boot(*state);
    kernel_clean_line(ENTRY);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_WALK_MISSES, VA, read, stored);
}

static void test_other_line_cleaned(void **state) {
    kernel_boot(*state);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    kernel_clean_line(ENTRY + LINE);
    kernel_clean_line(ENTRY - LINE);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_WALK_MISSES, VA, read, stored);
}

static void test_no_isb(void **state) {
    kernel_boot(*state);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    kernel_clean_line(ENTRY);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_NO_BARRIER, VA, read, stored);
}

static void test_isb_before_dsb(void **state) {
    kernel_boot(*state);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    kernel_clean_line(ENTRY);
    world_operation(OP_ISB, 0);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_NO_BARRIER, VA, read, stored);
}

/* A data memory barrier orders accesses, not walks. */
static void test_dmb_instead(void **state) {
    kernel_boot(*state);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    kernel_clean_line(ENTRY);
    world_operation(OP_DMB, 0);
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_WALK_MISSES, VA, read, stored);
}

static void test_published(void **state) {
    kernel_boot(*state);
    kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    kernel_clean_line(ENTRY);
    world_operation(OP_DSB, 0);
    if (world.cpu->v7) {
        world_operation(OP_ISB, 0);
    }
    world_load(VA);
    world_store(VA, 1);
    world_fetch(VA + 0x100);
    expect_none();
}

/* To the point of coherency is further than is needed. */
static void test_published_to_coherency(void **state) {
    kernel_boot(*state);
    kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    world_operation(OP_DATA_CLEAN, STATIC(ENTRY));
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_load(VA);
    expect_none();
}

static void test_exception_instead_of_isb(void **state) {
    kernel_boot(*state);
    kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    kernel_clean_line(ENTRY);
    world_operation(OP_DSB, 0);
    world_exception();
    world_load(VA);
    expect_none();
}

static void test_two_entries_one_line(void **state) {
    uint32_t next = VA ^ SMALL_BYTES;
    kernel_boot(*state);
    kernel_store_entry(NO_PROCESS, VA, small(PAGE));
    kernel_store_entry(NO_PROCESS, next, small(FRAME(1)));
    kernel_publish(ENTRY, 4);
    world_load(VA);
    world_load(next);
    expect_none();
}

/* Past the cache: only the write buffer is in the way. */
static void test_uncached_store(void **state) {
    kernel_boot(*state);
    world_operation(OP_DATA_CLEAN_INVALIDATE, STATIC(ENTRY));
    world_operation(OP_DSB, 0);
    world_store(UNCACHED(ENTRY), small(PAGE));
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_load(VA);
    expect_none();
}

static void test_uncached_store_not_drained(void **state) {
    kernel_boot(*state);
    world_operation(OP_DATA_CLEAN_INVALIDATE, STATIC(ENTRY));
    world_operation(OP_DSB, 0);
    uint32_t stored = world_store(UNCACHED(ENTRY), small(PAGE));
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_WALK_MISSES, VA, read, stored);
}

/* What walks find there is nothing, before and after. */
static void test_not_present_either_way(void **state) {
    kernel_boot(*state);
    kernel_store_entry(NO_PROCESS, VA, 0x1f0);
    world_fault(VA);
    kernel_store_entry(NO_PROCESS, VA, 0x2f4);
    world_fault(VA);
    kernel_store_entry(NO_PROCESS, VA, 0);
    world_fault(VA);
    expect_none();
}

static void test_section_not_cleaned(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    uint32_t entry = entry_section(world.cpu->v7, RAM_PA + SECTION_BYTES, USER_PAGE);
    uint32_t stored = kernel_store_entry(0, SECTION_VA, entry);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(SECTION_VA + 0x54320);
    expect_one(FINDING_WALK_MISSES, SECTION_VA + 0x54320, read, stored);
}

static void test_section_published(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    kernel_store_entry(0, SECTION_VA, entry_section(world.cpu->v7, RAM_PA + SECTION_BYTES, USER_PAGE));
    kernel_publish(kernel_entry(0, SECTION_VA), 4);
    world_load(SECTION_VA + 0x54320);
    expect_none();
}

/* Of both levels, one is not visible. */
static void link_spare(bool first, bool second, uint32_t *stored_first, uint32_t *stored_second) {
    uint32_t at = kernel_entry(0, SECTION_VA);
    *stored_second = world_store(STATIC(SPARE_TABLE + 4), entry_small(world.cpu->v7, PAGE, USER_PAGE));
    *stored_first = world_store(STATIC(at), entry_table(world.cpu->v7, SPARE_TABLE));
    if (second) {
        world_operation(clean_to_walks(), STATIC(SPARE_TABLE + 4));
    }
    if (first) {
        world_operation(clean_to_walks(), STATIC(at));
    }
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
}

static void test_new_table(void **state) {
    uint32_t first, second;
    kernel_boot(*state);
    kernel_switch(0);
    link_spare(true, true, &first, &second);
    world_load(SECTION_VA + SMALL_BYTES);
    expect_none();
}

static void test_new_table_first_level_not_cleaned(void **state) {
    uint32_t first, second;
    kernel_boot(*state);
    kernel_switch(0);
    link_spare(false, true, &first, &second);
    uint32_t read = world_load(SECTION_VA + SMALL_BYTES);
    expect_one(FINDING_WALK_MISSES, SECTION_VA + SMALL_BYTES, read, first);
}

static void test_new_table_second_level_not_cleaned(void **state) {
    uint32_t first, second;
    kernel_boot(*state);
    kernel_switch(0);
    link_spare(true, false, &first, &second);
    uint32_t read = world_load(SECTION_VA + SMALL_BYTES);
    expect_one(FINDING_WALK_MISSES, SECTION_VA + SMALL_BYTES, read, second);
}

/* A large page has sixteen entries; each is walked for its own 4 KB. */
static void test_large_page_one_line_cleaned(void **state) {
    uint32_t large = WINDOW_VA + LARGE_BYTES;
    uint32_t stored = 0;
    kernel_boot(*state);
    for (uint32_t i = 0; i < 16; i++) {
        stored =
            kernel_store_entry(NO_PROCESS, large + i * SMALL_BYTES, entry_large(world.cpu->v7, FRAME(16), KERNEL_PAGE));
    }
    kernel_publish(kernel_entry(NO_PROCESS, large), 4);
    world_load(large + 7 * SMALL_BYTES);
    expect_none();
    uint32_t read = world_load(large + 15 * SMALL_BYTES);
    expect_one(FINDING_WALK_MISSES, large + 15 * SMALL_BYTES, read, stored);
}

/* A table that nobody walks may be dirty until somebody does. */
static void test_table_before_it_is_used(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    uint32_t stored = kernel_store_entry(1, PRIVATE_VA, entry_small(world.cpu->v7, PAGE, USER_PAGE));
    expect_none();
    kernel_switch(1);
    uint32_t read = world_load(PRIVATE_VA);
    expect_one(FINDING_WALK_MISSES, PRIVATE_VA, read, stored);
}

/* A first-level table filled while another one was current. */
static void test_table_published_before_the_switch(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    kernel_map(1, PRIVATE_VA, PAGE, USER_PAGE);
    kernel_switch(1);
    world_load(PRIVATE_VA);
    expect_none();
}

/* The frame of a table is used for something else.  Only a walker that keeps first-level entries still reads it. */
static void link_and_unlink(bool tlb, uint32_t *unlinked) {
    uint32_t at = kernel_entry(0, SECTION_VA);
    kernel_switch(0);
    world_store(STATIC(at), entry_table(world.cpu->v7, SPARE_TABLE));
    kernel_publish(at, 4);
    *unlinked = world_store(STATIC(at), 0);
    kernel_publish(at, 4);
    if (tlb) {
        kernel_tlb_page(0, SECTION_VA);
    }
}

static void test_table_reused(void **state) {
    uint32_t unlinked;
    kernel_boot(*state);
    link_and_unlink(false, &unlinked);
    world_store(STATIC(SPARE_TABLE + 8), 0xfffffffc); /* does not look like an entry */
    expect_none();
    uint32_t stored = world_store(STATIC(SPARE_TABLE + 12), 0x00000002);
    if (world.cpu->v7) {
        expect_one(FINDING_TABLE_REUSED, STATIC(SPARE_TABLE + 12), stored, unlinked);
    } else {
        expect_none();
    }
}

static void test_table_reused_after_invalidation(void **state) {
    uint32_t unlinked;
    kernel_boot(*state);
    link_and_unlink(true, &unlinked);
    world_store(STATIC(SPARE_TABLE + 12), 0x00000002);
    world_store(STATIC(SPARE_TABLE + 0x3fc), 0x00000001);
    expect_none();
}

static void test_table_reused_after_space_invalidation(void **state) {
    uint32_t unlinked;
    kernel_boot(*state);
    link_and_unlink(false, &unlinked);
    world_operation(OP_TLB_ASID, kernel.id[0]);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_store(STATIC(SPARE_TABLE + 12), 0x00000002);
    expect_none();
}

static void test_table_reused_other_range_invalidated(void **state) {
    uint32_t unlinked;
    kernel_boot(*state);
    link_and_unlink(false, &unlinked);
    kernel_tlb_page(0, SECTION_VA + SECTION_BYTES);
    kernel_tlb_page(0, SECTION_VA - SMALL_BYTES);
    uint32_t stored = world_store(STATIC(SPARE_TABLE + 12), 0x00000002);
    expect_one(FINDING_TABLE_REUSED, STATIC(SPARE_TABLE + 12), stored, unlinked);
}

/* The invalidation was not waited for. */
static void test_table_reused_too_early(void **state) {
    uint32_t unlinked;
    kernel_boot(*state);
    link_and_unlink(false, &unlinked);
    world_operation(OP_TLB_PAGE, kernel_tlb_value(0, SECTION_VA));
    uint32_t stored = world_store(STATIC(SPARE_TABLE + 12), 0x00000002);
    assert_int_equal(model_finding_count(), 1);
    expect_one(FINDING_TABLE_REUSED, STATIC(SPARE_TABLE + 12), stored, NOBODY);
}

/* The invalidation came before walks saw that the table is gone. */
static void test_table_reused_invalidated_before_clean(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    uint32_t at = kernel_entry(0, SECTION_VA);
    world_store(STATIC(at), entry_table(world.cpu->v7, SPARE_TABLE));
    kernel_publish(at, 4);
    uint32_t unlinked = world_store(STATIC(at), 0);
    kernel_tlb_page(0, SECTION_VA);
    kernel_publish(at, 4);
    uint32_t stored = world_store(STATIC(SPARE_TABLE + 12), 0x00000002);
    expect_one(FINDING_TABLE_REUSED, STATIC(SPARE_TABLE + 12), stored, unlinked);
}

/* Memory that becomes a table has anything in it: zeroes that stay in the cache do not help. */
static void garbage_in_table(void) {
    uint32_t garbage = 0x60123432;
    memcpy(world_bytes(SPARE_TABLE + 8), &garbage, 4);
}

static void link_cleared_table(bool clean) {
    kernel_switch(0);
    world_store(STATIC(SPARE_TABLE + 8), 0);
    if (clean) {
        kernel_publish(SPARE_TABLE + 8, 4);
    }
    kernel_store_entry(0, SECTION_VA, entry_table(world.cpu->v7, SPARE_TABLE));
    kernel_publish(PROCESS_TABLE(0) + (SECTION_VA >> 20) * 4, 4);
}

static void test_table_cleared_in_the_cache(void **state) {
    world_contents = garbage_in_table;
    kernel_boot(*state);
    world_contents = NULL;
    link_cleared_table(false);
    if (world.cpu->v7) { /* anybody may walk it already */
        expect_one(FINDING_WALK_MISSES, NOBODY, NOBODY, NOBODY);
    }
    uint32_t fault = world_fault(SECTION_VA + 2 * SMALL_BYTES);
    expect_among(FINDING_WALK_MISSES, SECTION_VA + 2 * SMALL_BYTES, fault, NOBODY);
}

static void test_table_cleared_in_memory(void **state) {
    world_contents = garbage_in_table;
    kernel_boot(*state);
    world_contents = NULL;
    link_cleared_table(true);
    world_fault(SECTION_VA + 2 * SMALL_BYTES);
    expect_none();
}

/* Another process runs while the table is used for data; who comes back may walk it. */
static void test_table_reused_by_another_process(void **state) {
    uint32_t unlinked;
    kernel_boot(*state);
    link_and_unlink(false, &unlinked);
    kernel_switch(1);
    uint32_t stored = world_store(STATIC(SPARE_TABLE + 12), 0x00000002);
    expect_none();
    kernel_switch(0);
    uint32_t fault = world_fault(SECTION_VA + 3 * SMALL_BYTES);
    expect_one(FINDING_TABLE_REUSED, SECTION_VA + 3 * SMALL_BYTES, fault, stored);
}

/* One table takes another's place: by the old one there is nothing. */
static void replace_table(bool tlb, uint32_t *replaced) {
    uint32_t at = kernel_entry(0, SECTION_VA);
    kernel_switch(0);
    world_store(STATIC(at), entry_table(world.cpu->v7, SPARE_TABLE));
    kernel_publish(at, 4);
    world_store(STATIC(SPARE_TABLE + 0x400), entry_small(world.cpu->v7, PAGE, USER_PAGE));
    kernel_publish(SPARE_TABLE + 0x400, 4);
    *replaced = world_store(STATIC(at), entry_table(world.cpu->v7, SPARE_TABLE + 0x400));
    kernel_publish(at, 4);
    if (tlb) {
        kernel_tlb_page(0, SECTION_VA);
    }
}

static void test_table_replaced(void **state) {
    uint32_t replaced;
    kernel_boot(*state);
    replace_table(false, &replaced);
    uint32_t read = world_load(SECTION_VA);
    if (world.cpu->v7) {
        expect_one(FINDING_OLD_TRANSLATION, SECTION_VA, read, replaced);
    } else {
        expect_none();
    }
}

static void test_table_replaced_and_invalidated(void **state) {
    uint32_t replaced;
    kernel_boot(*state);
    replace_table(true, &replaced);
    world_load(SECTION_VA);
    expect_none();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_not_cleaned),
        ON_BOTH(test_not_drained),
        ON_BOTH(test_drained_too_early),
        ON_BOTH(test_cleaned_too_early),
        ON_BOTH(test_other_line_cleaned),
        ON_CORTEX_A9(test_no_isb),
        ON_CORTEX_A9(test_isb_before_dsb),
        ON_CORTEX_A9(test_dmb_instead),
        ON_BOTH(test_published),
        ON_CORTEX_A9(test_published_to_coherency),
        ON_CORTEX_A9(test_exception_instead_of_isb),
        ON_BOTH(test_two_entries_one_line),
        ON_BOTH(test_uncached_store),
        ON_BOTH(test_uncached_store_not_drained),
        ON_BOTH(test_not_present_either_way),
        ON_BOTH(test_section_not_cleaned),
        ON_BOTH(test_section_published),
        ON_BOTH(test_new_table),
        ON_BOTH(test_new_table_first_level_not_cleaned),
        ON_BOTH(test_new_table_second_level_not_cleaned),
        ON_BOTH(test_large_page_one_line_cleaned),
        ON_BOTH(test_table_before_it_is_used),
        ON_BOTH(test_table_published_before_the_switch),
        ON_BOTH(test_table_reused),
        ON_BOTH(test_table_reused_after_invalidation),
        ON_CORTEX_A9(test_table_reused_after_space_invalidation),
        ON_CORTEX_A9(test_table_reused_other_range_invalidated),
        ON_CORTEX_A9(test_table_reused_too_early),
        ON_CORTEX_A9(test_table_reused_invalidated_before_clean),
        ON_BOTH(test_table_cleared_in_the_cache),
        ON_BOTH(test_table_cleared_in_memory),
        ON_CORTEX_A9(test_table_reused_by_another_process),
        ON_BOTH(test_table_replaced),
        ON_BOTH(test_table_replaced_and_invalidated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
