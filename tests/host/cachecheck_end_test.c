/* The cache model, ARMv7: processes that end and leave their entries in the TLB.  An ASID that is not used again does
 * no harm, whatever becomes of the tables; one that is used again must have been invalidated.
 */
#include "cachecheck_spaces.h"

/* Process 0 had that many pages; process 1 is current, and 0 has ended: nothing is left in its tables, nothing was said
 * to the TLB. */
static void process_ended(void **state, unsigned pages) {
    asleep_with_pages(state, pages);
    for (unsigned i = 0; i < pages; i++) {
        kernel_store_entry(0, page_va(i), 0);
    }
    kernel_publish(ARENA_TABLE(0), 0x400);
    first_store(0, ARENA_VA, 0);
    first_store(0, 0, 0);
}

/* The next one gets tables and memory of the first, and that number. */
static void next_runs(uint32_t id) {
    kernel_process(0, id);
    kernel_map(0, USER, FRAME(PAGES + 1), USER_PAGE);
    kernel_switch(0);
}

static void test_table_again(void **state) {
    static const unsigned pages[] = {1, 15, 16, 17, PAGES};
    for (unsigned i = 0; i < sizeof pages / sizeof *pages; i++) {
        process_ended(state, pages[i]);
        next_runs(7);
        world_load(USER);
        world_store(USER, 1);
        kernel_switch(1);
        kernel_switch(0);
        world_load(USER);
        expect_none();
    }
}

/* What comes of its own in the same table is watched as before. */
static void test_table_again_then_a_change(void **state) {
    process_ended(state, PAGES);
    next_runs(7);
    world_load(USER);
    uint32_t stored = kernel_store_entry(0, USER, entry_small(true, FRAME(3), USER_PAGE));
    kernel_publish(kernel_entry(0, USER), 4);
    uint32_t read = world_load(USER);
    expect_one(FINDING_OLD_TRANSLATION, USER, read, stored);
}

/* Pages, where the one before had entries of another size. */
static void test_table_again_with_another_size(void **state) {
    kernel_boot(*state);
    kernel_map_large(0, ARENA_VA, FRAME(16), USER_PAGE);
    kernel_switch(0);
    world_load(ARENA_VA);
    kernel_switch(1);
    for (unsigned i = 0; i < 16; i++) {
        kernel_store_entry(0, page_va(i), 0);
    }
    kernel_publish(ARENA_TABLE(0), 64);
    next_runs(7);
    world_load(USER);
    expect_none();
}

/* Memory that was its first-level table is anything now. */
static void test_table_is_memory(void **state) {
    process_ended(state, PAGES);
    for (unsigned round = 1; round < 4; round++) {
        for (uint32_t at = 0; at < 0x2000; at += 4) {
            world_store(STATIC(PROCESS_TABLE(0) + at), RAM_PA + at * 0x400 * round + round);
        }
        for (uint32_t at = 0; at < 0x400; at += 4) {
            world_store(STATIC(ARENA_TABLE(0) + at), RAM_PA + at * 0x400 * round + 2);
        }
    }
    kernel_map(1, USER, FRAME(1), USER_PAGE);
    world_load(USER);
    expect_none();
}

/* The number is still in effect: the walker may know the table by it, though the tables in effect have no entry. */
static void test_table_again_while_number_in_effect(void **state) {
    kernel_boot(*state);
    for (unsigned i = 0; i < PAGES; i++) {
        kernel_map(0, page_va(i), FRAME(i), USER_PAGE);
    }
    kernel_switch(0);
    kernel_switch(NO_PROCESS);
    uint32_t unlinked = first_store(0, ARENA_VA, 0);
    expect_none();
    uint32_t stored = world_store(STATIC(ARENA_TABLE(0)), 0x12345672);
    expect_one(FINDING_TABLE_REUSED, STATIC(ARENA_TABLE(0)), stored, unlinked);
}

static void number_again(void **state, unsigned pages, enum operation operation, uint32_t value, bool waited) {
    process_ended(state, pages);
    world_operation(operation, value);
    if (waited) {
        world_operation(OP_DSB, 0);
    }
    world_operation(OP_ISB, 0);
    next_runs(1);
}

static void test_number_again_single(void **state) {
    number_again(state, 3, OP_DMB, 0, true);
    uint32_t read = world_load(USER);
    expect_first(FINDING_OLD_TRANSLATION, USER, read, NOBODY);
}

static void test_number_again(void **state) {
    process_ended(state, PAGES);
    next_runs(1);
    uint32_t read = world_load(USER);
    expect_first(FINDING_OLD_TRANSLATION, USER, read, NOBODY);
}

/* All but the page that is invalidated. */
static void test_number_again_by_page(void **state) {
    number_again(state, PAGES, OP_TLB_PAGE, USER | 1, true);
    world_load(USER);
    expect_none();
    uint32_t other = USER + 5 * SMALL_BYTES;
    kernel_map(0, other, FRAME(PAGES + 2), USER_PAGE);
    uint32_t read = world_load(other);
    expect_first(FINDING_OLD_TRANSLATION, other, read, NOBODY);
}

static void test_number_again_wrong_number(void **state) {
    number_again(state, PAGES, OP_TLB_ASID, 3, true);
    uint32_t read = world_load(USER);
    expect_first(FINDING_OLD_TRANSLATION, USER, read, NOBODY);
}

/* The switch has the barrier. */
static void test_number_again_not_waited(void **state) {
    number_again(state, PAGES, OP_TLB_ASID, 1, false);
    world_load(USER);
    expect_none();
}

static void test_number_again_invalidated(void **state) {
    number_again(state, PAGES, OP_TLB_ASID, 1, true);
    world_load(USER);
    expect_none();
}

static void test_number_again_all_invalidated(void **state) {
    number_again(state, PAGES, OP_TLB_ALL, 0, true);
    world_load(USER);
    expect_none();
}

/* DSB and ISB in the right order, but the number is in use between them. */
static void test_number_in_use_before_the_barrier(void **state) {
    process_ended(state, PAGES);
    kernel_process(0, 1);
    kernel_map(0, USER, FRAME(1), USER_PAGE);
    world_operation(OP_TLB_ASID, 1);
    world_operation(OP_CONTEXTIDR, 1);
    world_operation(OP_TTBR0, PROCESS_TABLE(0) | 0x4a);
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(USER);
    expect_among(FINDING_NO_BARRIER, USER, read, NOBODY);
}

static void test_number_in_use_behind_the_dsb(void **state) {
    process_ended(state, PAGES);
    next_runs(1);
    world_operation(OP_TLB_ASID, 1);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(USER);
    expect_among(FINDING_NO_BARRIER, USER, read, NOBODY);
}

/* A generation of them. */
static void test_many_end(void **state) {
    kernel_boot(*state);
    for (unsigned id = 3; id < 200; id++) {
        kernel_process(0, id);
        for (unsigned i = 0; i < PAGES; i++) {
            kernel_map(0, page_va(i), FRAME(i), USER_PAGE);
        }
        kernel_switch(0);
        world_load(USER);
        kernel_switch(1);
        for (unsigned i = 0; i < PAGES; i++) {
            kernel_store_entry(0, page_va(i), 0);
        }
        kernel_publish(ARENA_TABLE(0), 0x400);
    }
    expect_none();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_CORTEX_A9(test_table_again),
        ON_CORTEX_A9(test_table_again_then_a_change),
        ON_CORTEX_A9(test_table_again_with_another_size),
        ON_CORTEX_A9(test_table_is_memory),
        ON_CORTEX_A9(test_table_again_while_number_in_effect),
        ON_CORTEX_A9(test_number_again_single),
        ON_CORTEX_A9(test_number_again),
        ON_CORTEX_A9(test_number_again_by_page),
        ON_CORTEX_A9(test_number_again_wrong_number),
        ON_CORTEX_A9(test_number_again_not_waited),
        ON_CORTEX_A9(test_number_again_invalidated),
        ON_CORTEX_A9(test_number_again_all_invalidated),
        ON_CORTEX_A9(test_number_in_use_before_the_barrier),
        ON_CORTEX_A9(test_number_in_use_behind_the_dsb),
        ON_CORTEX_A9(test_many_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
