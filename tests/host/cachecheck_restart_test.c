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

/* Tables that are stored to while a process of before might have walked them: nobody does any more. */
static void test_boot_again(void **state) {
    kernel_boot(*state);
    kernel_map(0, ARENA_VA, FRAME(1), USER_PAGE);
    kernel_switch(0);
    world_store(ARENA_VA, 1);
    world_load(ARENA_VA);
    world_restart();
    for (uint32_t at = 0; at < 0x4000; at += 4) {
        world_store(KERNEL_TABLE + at, 0);
    }
    kernel_boot_again();
    kernel_map(0, ARENA_VA, FRAME(2), USER_PAGE);
    kernel_switch(0);
    world_store(ARENA_VA, 2);
    world_load(ARENA_VA);
    kernel_switch(1);
    kernel_switch(0);
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
    kernel_boot_again();
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
