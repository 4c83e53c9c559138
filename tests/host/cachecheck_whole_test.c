/* The cache model: operations on the whole data cache.  ARMv5 has them; ARMv7 goes by set and way, which counts when
 * all were named, and waits for a barrier.
 */
#include "cachecheck_kernel.h"

#define PAGE      STATIC(FRAME(0))
#define OTHER_WAY UNCACHED(FRAME(0))
#define SETS_PC   0x90300000u

/* ARMv5: operations on everything. */
static void test_whole_clean(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_store(STATIC(FRAME(300)), 1);
    world_operation(OP_DATA_CLEAN_ALL, 0);
    world_operation(OP_DSB, 0);
    world_load(OTHER_WAY);
    world_load(UNCACHED(FRAME(300)));
    expect_none();
    uint32_t stored = world_store(OTHER_WAY, 2);
    uint32_t read = world_load(PAGE);
    expect_one(FINDING_STALE_READ, PAGE, read, stored);
}

static void test_whole_invalidate(void **state) {
    kernel_boot(*state);
    world_operation(OP_DATA_CLEAN_ALL, 0);
    world_operation(OP_DSB, 0);
    world_load(PAGE);
    world_store(OTHER_WAY, 1);
    world_store(STATIC(FRAME(1)), 1);
    uint32_t thrown = world_operation(OP_DATA_INVALIDATE_ALL, 0);
    world_load(PAGE);
    expect_none();
    uint32_t read = world_load(STATIC(FRAME(1)));
    expect_one(FINDING_LOST, STATIC(FRAME(1)), read, thrown);
}

static void test_whole_clean_and_invalidate(void **state) {
    kernel_boot(*state);
    world_load(PAGE + LINE);
    world_store(PAGE, 1);
    world_operation(OP_DATA_CLEAN_INVALIDATE_ALL, 0);
    world_operation(OP_DSB, 0);
    world_load(OTHER_WAY);
    world_store(OTHER_WAY + LINE, 1);
    world_load(PAGE + LINE);
    expect_none();
}

/* ARMv7: by set and way; all of them, or it does not count. */
static void test_all_sets_cleaned(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_operation(OP_DSB, 0);
    kernel_all_sets(OP_DATA_CLEAN_INVALIDATE_SET_WAY);
    world_operation(OP_DSB, 0);
    world_load(OTHER_WAY);
    expect_none();
}

static void test_not_all_sets_cleaned(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE, 1);
    world_operation(OP_DSB, 0);
    model_geometry(0, 255u << 13 | 3u << 3 | 1);
    for (uint32_t way = 0; way < 3; way++) {
        for (uint32_t set = 0; set < 256; set++) {
            world_operation_at(OP_DATA_CLEAN_INVALIDATE_SET_WAY, way << 30 | set << 5, SETS_PC);
        }
    }
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(OTHER_WAY);
    expect_one(FINDING_UNWRITTEN_READ, OTHER_WAY, read, stored);
}

/* Nothing but a barrier orders stores and operations by set and way. */
static void test_sets_without_barrier(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE, 1);
    uint32_t first = world_operation(OP_DATA_CLEAN_INVALIDATE_SET_WAY, 0);
    expect_one(FINDING_NO_BARRIER, NOBODY, first, stored);
}

static void test_sets_after_dmb(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_operation(OP_DMB, 0);
    kernel_all_sets(OP_DATA_CLEAN_INVALIDATE_SET_WAY);
    world_operation(OP_DSB, 0);
    world_load(OTHER_WAY);
    expect_none();
}

/* Dirty lines are thrown away by set and way. */
static void test_sets_invalidated(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_operation(OP_DSB, 0);
    kernel_all_sets(OP_DATA_INVALIDATE_SET_WAY);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(PAGE);
    expect_one(FINDING_LOST, PAGE, read, NOBODY);
}

/* Lines of the second level are not those of the first. */
static void test_sets_of_another_level(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE, 1);
    world_operation(OP_DSB, 0);
    for (uint32_t i = 0; i < 1024; i++) {
        world_operation_at(OP_DATA_CLEAN_INVALIDATE_SET_WAY, (i & 3) << 30 | i >> 2 << 5 | 2, SETS_PC);
    }
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(OTHER_WAY);
    expect_one(FINDING_UNWRITTEN_READ, OTHER_WAY, read, stored);
}

/* Another geometry: a cache of two ways is done with fewer operations, and what was named before does not count. */
static void test_sets_of_a_small_cache(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE, 1);
    world_operation(OP_DSB, 0);
    model_geometry(0, 255u << 13 | 3u << 3 | 1);
    for (uint32_t i = 0; i < 512; i++) {
        world_operation_at(OP_DATA_CLEAN_INVALIDATE_SET_WAY, (i & 1) << 31 | i >> 1 << 5, SETS_PC);
    }
    model_geometry(0, 511u << 13 | 1u << 3 | 1);
    uint32_t read = 0;
    for (uint32_t i = 0; i < 1024; i++) {
        if (i == 1000) {
            read = world_load(OTHER_WAY);
        }
        world_operation_at(OP_DATA_CLEAN_INVALIDATE_SET_WAY, (i & 1) << 31 | i >> 1 << 5, SETS_PC);
    }
    world_operation(OP_DSB, 0);
    world_load(OTHER_WAY);
    expect_one(FINDING_UNWRITTEN_READ, OTHER_WAY, read, stored);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_ARM926(test_whole_clean),
        ON_ARM926(test_whole_invalidate),
        ON_ARM926(test_whole_clean_and_invalidate),
        ON_CORTEX_A9(test_all_sets_cleaned),
        ON_CORTEX_A9(test_not_all_sets_cleaned),
        ON_CORTEX_A9(test_sets_without_barrier),
        ON_CORTEX_A9(test_sets_after_dmb),
        ON_CORTEX_A9(test_sets_invalidated),
        ON_CORTEX_A9(test_sets_of_another_level),
        ON_CORTEX_A9(test_sets_of_a_small_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
