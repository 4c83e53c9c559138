/* The cache model, ARMv7: what memory has of a table when it comes back into effect, and what the walker knows while
 * another table is in effect under the same number.  In each of these the machine of cachecheck_machine.h fails in a
 * good part of its runs.
 */
#include "cachecheck_spaces.h"

static uint32_t small(unsigned frame) {
    return entry_small(true, FRAME(frame), USER_PAGE);
}

static void user_store(uint32_t entry) {
    kernel_store_entry(0, USER, entry);
}

static void user_publish(void) {
    kernel_publish(kernel_entry(0, USER), 4);
}

/* Process 0 is current and has a page. */
static void boot(void **state) {
    kernel_boot(*state);
    kernel_map(0, USER, FRAME(0), USER_PAGE);
    kernel_switch(0);
    world_load(USER);
    expect_none();
}

static void number(uint32_t id) {
    world_operation(OP_CONTEXTIDR, id);
    world_operation(OP_ISB, 0);
}

static void invalidate(uint32_t id) {
    world_operation(OP_TLB_ASID, id);
    dsb_isb();
}

static void expect_walk_misses(void) {
    expect_among(FINDING_WALK_MISSES, NOBODY, NOBODY, NOBODY);
}

/* Changed while it was in effect, invalidated while it was not: the old entry can come once more. */
static void test_page_changed_before(void **state) {
    boot(state);
    user_store(small(1));
    kernel_switch(1);
    invalidate(kernel.id[0]);
    expect_none();
    kernel_switch(0);
    expect_walk_misses();
}

static void test_page_changed_before_and_cleaned(void **state) {
    boot(state);
    user_store(small(1));
    kernel_switch(1);
    user_publish();
    invalidate(kernel.id[0]);
    kernel_switch(0);
    world_load(USER);
    expect_none();
}

static void test_section_changed_before(void **state) {
    boot(state);
    uint32_t entry = entry_section(true, RAM_PA + SECTION_BYTES, USER_PAGE);
    first_store(0, FAR_VA, entry);
    world_load(FAR_VA);
    world_store(STATIC(first_of(0, FAR_VA)), entry + SECTION_BYTES);
    kernel_switch(1);
    invalidate(kernel.id[0]);
    expect_none();
    kernel_switch(0);
    expect_walk_misses();
}

/* Nothing of the process was in the TLB when it changed. */
static void test_page_changed_when_all_was_forgotten(void **state) {
    boot(state);
    kernel_switch(1);
    invalidate(kernel.id[0]);
    user_store(small(1));
    expect_none();
    kernel_switch(0);
    expect_walk_misses();
}

/* The table stays in effect, its number changes. */
static void test_new_number(void **state) {
    boot(state);
    user_store(small(1));
    expect_none();
    number(9);
    expect_walk_misses();
}

static void test_number_and_back(void **state) {
    boot(state);
    number(9);
    user_store(small(1));
    invalidate(1);
    expect_none();
    number(1);
    expect_walk_misses();
}

static void test_number_and_back_cleaned(void **state) {
    boot(state);
    number(9);
    user_store(small(1));
    user_publish();
    invalidate(1);
    invalidate(9);
    number(1);
    world_load(USER);
    expect_none();
}

/* The empty table under the old number: the walker goes on from the first-level entry that it keeps. */
static void test_page_under_the_empty_table(void **state) {
    boot(state);
    kernel_unmap(0, USER, false);
    kernel_switch(NO_PROCESS);
    user_store(small(1));
    user_publish();
    user_store(small(2));
    user_publish();
    kernel_switch(0);
    uint32_t read = world_load(USER);
    expect_one(FINDING_OLD_TRANSLATION, USER, read, NOBODY);
}

static void test_page_under_the_empty_table_invalidated(void **state) {
    boot(state);
    kernel_unmap(0, USER, false);
    kernel_switch(NO_PROCESS);
    user_store(small(1));
    user_publish();
    kernel_change(0, USER, FRAME(2), USER_PAGE);
    kernel_switch(0);
    world_load(USER);
    expect_none();
}

/* With the MMU off nobody walks the kernel's table either. */
static void test_kernel_table_with_mmu_off(void **state) {
    boot(state);
    uint32_t on = world.registers.sctlr, at = KERNEL_TABLE + (0xf1000000u >> 20) * 4;
    kernel_switch(NO_PROCESS);
    world_operation(OP_SCTLR, on & ~(SCTLR_M | SCTLR_C));
    world_operation(OP_ISB, 0);
    kernel_all_sets(OP_DATA_CLEAN_INVALIDATE_SET_WAY);
    world_operation(OP_DSB, 0);
    world_store(SPARE_TABLE, small(3));
    world_operation(OP_DSB, 0);
    world_store(SPARE_TABLE, small(4));
    world_store(at, entry_table(true, SPARE_TABLE));
    world_operation(OP_DSB, 0);
    world_operation(OP_SCTLR, on);
    world_operation(OP_ISB, 0);
    world_load(0xf1000000u);
    expect_none();
    uint32_t stored = world_store(STATIC(SPARE_TABLE), small(5));
    kernel_publish(SPARE_TABLE, 4);
    uint32_t read = world_load(0xf1000000u);
    expect_one(FINDING_OLD_TRANSLATION, 0xf1000000u, read, stored);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_CORTEX_A9(test_page_changed_before),
        ON_CORTEX_A9(test_page_changed_before_and_cleaned),
        ON_CORTEX_A9(test_section_changed_before),
        ON_CORTEX_A9(test_page_changed_when_all_was_forgotten),
        ON_CORTEX_A9(test_new_number),
        ON_CORTEX_A9(test_number_and_back),
        ON_CORTEX_A9(test_number_and_back_cleaned),
        ON_CORTEX_A9(test_page_under_the_empty_table),
        ON_CORTEX_A9(test_page_under_the_empty_table_invalidated),
        ON_CORTEX_A9(test_kernel_table_with_mmu_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
