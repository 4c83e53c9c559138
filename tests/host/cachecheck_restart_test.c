/* The cache model: a reset of the CPU while the machine goes on, as by a watchdog.  What was in the caches and write
 * buffers is lost, what they and the TLB hold afterwards is anything.
 */
#include "cachecheck_kernel.h"

#define VA (STATIC_VA + 0x100000u) /* of FRAME(0) */
#define PA FRAME(0)                /* with the MMU off */

static void clean(uint32_t va) {
    world_operation(OP_DATA_CLEAN, va);
}

static void test_dirty_line(void **state) {
    kernel_boot(*state);
    world_store(VA, 1);
    uint32_t restarted = world_restart();
    expect_none();
    uint32_t read = world_load(PA);
    expect_one(FINDING_LOST, PA, read, restarted);
}

static void test_cleaned(void **state) {
    kernel_boot(*state);
    world_store(VA, 1);
    clean(VA);
    world_operation(OP_DSB, 0);
    world_restart();
    world_load(PA);
    expect_none();
}

static void test_cleaned_and_not_waited_for(void **state) {
    kernel_boot(*state);
    world_store(VA, 1);
    clean(VA);
    uint32_t restarted = world_restart();
    uint32_t read = world_load(PA);
    expect_one(FINDING_LOST, PA, read, restarted);
}

static void test_uncached_store(void **state) {
    kernel_boot(*state);
    world_store(UNCACHED(PA), 1);
    uint32_t restarted = world_restart();
    uint32_t read = world_load(PA);
    expect_one(FINDING_LOST, PA, read, restarted);
}

static void test_uncached_store_waited_for(void **state) {
    kernel_boot(*state);
    world_store(UNCACHED(PA), 1);
    world_operation(OP_DSB, 0);
    world_restart();
    world_load(PA);
    expect_none();
}

/* Only the bytes that were stored. */
static void test_neighbours(void **state) {
    kernel_boot(*state);
    world_store(VA + 4, 1);
    world_restart();
    world_load(PA);
    world_load(PA + 8);
    world_store(PA + LINE + 4, 1);
    world_restart();
    world_load(PA + LINE);
    world_load(PA + LINE + 8);
    expect_none();
}

static void test_stored_anew(void **state) {
    kernel_boot(*state);
    world_store(VA, 1);
    world_restart();
    world_store(PA, 2);
    world_operation(OP_DSB, 0);
    world_load(PA);
    kernel_boot_again();
    world_load(VA);
    expect_none();
}

static void expect_reset(uint32_t pc) {
    expect_one(FINDING_RESET_CONTENTS, NOBODY, pc, NOBODY);
}

static void test_caches_as_found(void **state) {
    kernel_boot(*state);
    world_restart();
    world_operation(OP_TLB_ALL, 0);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    expect_reset(world_operation(OP_SCTLR, SCTLR_C));
}

static void test_instructions_as_found(void **state) {
    kernel_boot(*state);
    world_restart();
    world_operation(OP_TLB_ALL, 0);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    expect_reset(world_operation(OP_SCTLR, SCTLR_I));
}

static void test_tlb_as_found(void **state) {
    kernel_boot(*state);
    world_restart();
    world_operation(OP_TTBR0, KERNEL_TABLE);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    expect_reset(world_operation(OP_SCTLR, SCTLR_M));
}

/* A kernel that begins anew has stored all of its tables before they are used: what memory has of the old ones may be
 * anything between. */
static void boot_again(void) {
    for (uint32_t at = KERNEL_TABLE; at < KERNEL_TABLE + 0x26000; at += 4) {
        world_store(at, 0);
    }
    kernel_boot_again();
}

/* Tables that are stored to while a process of before might have walked them: nobody does any more. */
static void test_boot_again(void **state) {
    kernel_boot(*state);
    kernel_map(0, ARENA_VA, FRAME(1), USER_PAGE);
    kernel_switch(0);
    world_store(ARENA_VA, 1);
    world_load(ARENA_VA);
    world_restart();
    boot_again();
    kernel_map(0, ARENA_VA, FRAME(2), USER_PAGE);
    kernel_switch(0);
    world_store(ARENA_VA, 2);
    world_load(ARENA_VA);
    kernel_switch(1);
    kernel_switch(0);
    expect_none();
}

/* A table entry that was dirty is walked. */
static void test_dirty_entry(void **state) {
    kernel_boot(*state);
    kernel_store_entry(NO_PROCESS, WINDOW_VA, entry_small(world.cpu->v7, FRAME(1), KERNEL_PAGE));
    uint32_t restarted = world_restart();
    kernel_boot_again();
    world_load(WINDOW_VA);
    expect_among(FINDING_LOST, NOBODY, NOBODY, restarted);
}

/* Instructions that were cached, or on their way out, are neither known nor waited for any more. */
static void test_instructions(void **state) {
    kernel_boot(*state);
    world_fetch(VA);
    world_fetch(VA + 0x1000);
    world_store(VA, 1);
    world_store(VA + 0x1000, 1);
    kernel_clean_line(PA);
    world_operation(OP_DSB, 0);
    world_operation(OP_FETCH_INVALIDATE, VA); /* and no barrier */
    world_restart();
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_store(PA, 2);
    world_store(PA + 0x1000, 2);
    boot_again();
    world_fetch(VA);
    world_fetch(VA + 0x1000);
    expect_none();
}

/* Barriers are counted on: a table that was clean before stays so. */
static void test_table_of_before(void **state) {
    kernel_boot(*state);
    for (unsigned i = 0; i < 100; i++) {
        world_operation(OP_ISB, 0);
    }
    kernel_map(NO_PROCESS, WINDOW_VA, FRAME(1), KERNEL_PAGE);
    world_operation(OP_DATA_CLEAN, STATIC(kernel_entry(NO_PROCESS, WINDOW_VA)));
    world_operation(OP_DSB, 0);
    world_restart();
    for (uint32_t at = KERNEL_TABLE; at < WINDOW_TABLE; at += 4) {
        world_store(at, 0);
    }
    kernel_boot_again();
    for (unsigned i = 0; i < 300; i++) {
        world_operation(OP_TTBR0, world.registers.ttbr[0]); /* all translations are made anew */
        world_operation(OP_ISB, 0);
        world_load(WINDOW_VA);
    }
    expect_none();
}

/* The old life's changes are no excuse in the new one, and its findings are kept. */
static void test_findings_stay(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, WINDOW_VA, FRAME(1), KERNEL_PAGE);
    uint32_t changed = kernel_store_entry(NO_PROCESS, WINDOW_VA, entry_small(world.cpu->v7, FRAME(2), KERNEL_PAGE));
    kernel_publish(kernel_entry(NO_PROCESS, WINDOW_VA), 4);
    uint32_t read = world_load(WINDOW_VA);
    expect_one(FINDING_OLD_TRANSLATION, WINDOW_VA, read, changed);
    size_t sites = model_site_count();
    world_restart();
    assert_int_equal(model_finding_count(), 1);
    assert_int_equal(model_site_count(), sites);
    boot_again();
    kernel_map(NO_PROCESS, WINDOW_VA, FRAME(1), KERNEL_PAGE);
    world_load(WINDOW_VA);
    assert_int_equal(model_finding_count(), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_dirty_line),
        ON_BOTH(test_cleaned),
        ON_BOTH(test_cleaned_and_not_waited_for),
        ON_BOTH(test_uncached_store),
        ON_BOTH(test_uncached_store_waited_for),
        ON_BOTH(test_neighbours),
        ON_BOTH(test_stored_anew),
        ON_BOTH(test_caches_as_found),
        ON_BOTH(test_instructions_as_found),
        ON_BOTH(test_tlb_as_found),
        ON_BOTH(test_boot_again),
        ON_BOTH(test_findings_stay),
        ON_BOTH(test_dirty_entry),
        ON_BOTH(test_instructions),
        ON_BOTH(test_table_of_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
