/* The cache model: sequences that are right, or wrong in one way only, and look like something else. */
#include "cachecheck_kernel.h"

static void barriers(void) {
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
}

/* ARMv5: nothing of the old table can be in the TLB but kernel entries, which are the same in the new one. */
static void test_from_a_table_without_pages(void **state) {
    kernel_boot(*state);
    kernel_map(1, ARENA_VA, FRAME(1), USER_PAGE);
    world_operation(OP_FCSE, kernel.id[1] << 25);
    world_operation(OP_TTBR0, PROCESS_TABLE(1));
    world_load(ARENA_VA);
    expect_none();
}

/* an entry goes there and back and the cache may have written the one in between; only the last clean is missing. */
static void test_there_and_back_uncleaned(void **state) {
    uint32_t va = WINDOW_VA + 0x7000;
    kernel_boot(*state);
    uint32_t present = entry_small(world.cpu->v7, FRAME(0), KERNEL_PAGE);
    uint32_t other = entry_small(world.cpu->v7, FRAME(1), KERNEL_PAGE);
    kernel_map(NO_PROCESS, va, FRAME(0), KERNEL_PAGE);
    kernel_store_entry(NO_PROCESS, va, other);
    kernel_clean_line(kernel_entry(NO_PROCESS, va));
    uint32_t stored = kernel_store_entry(NO_PROCESS, va, present);
    barriers();
    kernel_tlb_page(NO_PROCESS, va);
    uint32_t read = world_load(va);
    expect_first(FINDING_WALK_MISSES, va, read, stored);
}

/* a number's old entries end with TLB_ALL, also if their table is other data by then. */
static void test_table_is_data_at_roll_over(void **state) {
    kernel_boot(*state);
    kernel_map(0, ARENA_VA, FRAME(0), USER_PAGE);
    kernel_switch(0);
    world_load(ARENA_VA);
    kernel_switch(1);
    kernel_store_entry(0, ARENA_VA, 0);
    kernel_publish(kernel_entry(0, ARENA_VA), 4);
    uint32_t at = PROCESS_TABLE(0) + (ARENA_VA >> 20) * 4;
    world_store(STATIC(at), 0);
    kernel_publish(at, 4);
    world_store(STATIC(ARENA_TABLE(0)), 0x12345677); /* somebody's data */
    world_operation(OP_TLB_ALL, 0);
    barriers();
    kernel_process(2, kernel.id[0]);
    kernel_map(2, ARENA_VA, FRAME(2), USER_PAGE);
    kernel_switch(2);
    world_load(ARENA_VA);
    expect_none();
}

/* the first fetch ever from a page goes wrong in one way, not two. */
static void test_first_fetch_not_cleaned(void **state) {
    uint32_t va = STATIC(FRAME(0));
    kernel_boot(*state);
    uint32_t stored = world_store(va, 1);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_fetch(va);
    expect_one(FINDING_FETCH_NOT_CLEANED, va, va, stored);
}

/* nothing of an earlier run is left. */
static void until_fetch(const char *cpu, bool store) {
    world_reset(cpu);
    world_operation(OP_FETCH_INVALIDATE_ALL, 0);
    barriers();
    world_operation(OP_SCTLR, SCTLR_I);
    world_operation(OP_ISB, 0);
    if (store) {
        world_store(RAM_PA, 1);
    }
    world_fetch(RAM_PA);
    world_fetch(RAM_PA);
}

static void test_start_forgets_the_last_fetch(void **state) {
    until_fetch(*state, false);
    until_fetch(*state, true);
    expect_first(FINDING_FETCH_NOT_CLEANED, RAM_PA, RAM_PA, NOBODY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_ARM926(test_from_a_table_without_pages),    ON_BOTH(test_there_and_back_uncleaned),
        ON_CORTEX_A9(test_table_is_data_at_roll_over), ON_BOTH(test_first_fetch_not_cleaned),
        ON_BOTH(test_start_forgets_the_last_fetch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
