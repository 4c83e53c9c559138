/* The cache model: from reset on, with caches that hold anything, to the MMU; and turning a cache off and on again. */
#include "cachecheck_kernel.h"

#define VA RAM_PA /* with the MMU off */

static bool v7(void) {
    return world.cpu->v7;
}

static void data_invalidate(void) {
    if (v7()) {
        kernel_all_sets(OP_DATA_INVALIDATE_SET_WAY);
        world_operation(OP_DSB, 0);
    } else {
        world_operation(OP_DATA_INVALIDATE_ALL, 0);
    }
}

static void expect_reset(uint32_t pc) {
    expect_one(FINDING_RESET_CONTENTS, NOBODY, pc, NOBODY);
}

/* The sections of a flat map of RAM. */
static void flat_map(void) {
    for (uint32_t i = 0; i < RAM_BYTES / SECTION_BYTES; i++) {
        uint32_t pa = RAM_PA + i * SECTION_BYTES;
        world_store(KERNEL_TABLE + (pa >> 20) * 4, entry_section(v7(), pa, MAP_CACHED));
    }
    world_operation(OP_TTBR0, KERNEL_TABLE);
    world_operation(OP_DACR, 0x55555555);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
}

static void test_flat_and_uncached(void **state) {
    world_reset(*state);
    world_store(VA, 1);
    world_load(VA);
    world_fetch(VA + 0x1000);
    world_store(VA + 0x1000, 1);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_fetch(VA + 0x1000);
    expect_none();
}

static void test_data_cache_as_found(void **state) {
    world_reset(*state);
    world_operation(OP_FETCH_INVALIDATE_ALL, 0);
    world_operation(OP_TLB_ALL, 0);
    uint32_t on = world_operation(OP_SCTLR, SCTLR_C);
    expect_reset(on);
}

static void test_instruction_cache_as_found(void **state) {
    world_reset(*state);
    data_invalidate();
    world_operation(OP_TLB_ALL, 0);
    uint32_t on = world_operation(OP_SCTLR, SCTLR_I);
    expect_reset(on);
}

static void test_tlb_as_found(void **state) {
    world_reset(*state);
    data_invalidate();
    world_operation(OP_FETCH_INVALIDATE_ALL, 0);
    flat_map();
    uint32_t on = world_operation(OP_SCTLR, SCTLR_M);
    expect_reset(on);
}

static void test_all_invalidated(void **state) {
    world_reset(*state);
    kernel_clean_reset();
    flat_map();
    world_operation(OP_SCTLR, SCTLR_I);
    world_operation(OP_SCTLR, SCTLR_M | SCTLR_C | SCTLR_I);
    world_operation(OP_ISB, 0);
    world_store(VA + 0x100000, 1);
    world_load(VA + 0x100000);
    expect_none();
}

/* Each cache needs its own only. */
static void test_instruction_cache_alone(void **state) {
    world_reset(*state);
    world_operation(OP_FETCH_INVALIDATE_ALL, 0);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_operation(OP_SCTLR, SCTLR_I);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    expect_none();
}

static void test_only_lines_invalidated(void **state) {
    world_reset(*state);
    for (uint32_t at = 0; at < 0x1000; at += LINE) {
        world_operation_at(OP_DATA_INVALIDATE, VA + at, 0x90300000);
    }
    world_operation(OP_DSB, 0);
    uint32_t on = world_operation(OP_SCTLR, SCTLR_C);
    expect_reset(on);
}

/* ARMv7: one way is not named. */
static void test_not_all_ways(void **state) {
    world_reset(*state);
    model_geometry(0, 255u << 13 | 3u << 3 | 1);
    for (uint32_t way = 0; way < 3; way++) {
        for (uint32_t set = 0; set < 256; set++) {
            world_operation_at(OP_DATA_INVALIDATE_SET_WAY, way << 30 | set << 5, 0x90300000);
        }
    }
    for (uint32_t set = 0; set < 255; set++) {
        world_operation_at(OP_DATA_INVALIDATE_SET_WAY, 3u << 30 | set << 5, 0x90300000);
    }
    world_operation(OP_DSB, 0);
    uint32_t on = world_operation(OP_SCTLR, SCTLR_C);
    expect_reset(on);
}

/* ARMv7: lines that were named twice do not make up for those that were not. */
static void test_sets_named_twice(void **state) {
    world_reset(*state);
    model_geometry(0, 255u << 13 | 3u << 3 | 1);
    for (uint32_t i = 0; i < 1024; i++) {
        world_operation_at(OP_DATA_INVALIDATE_SET_WAY, (i & 1) << 30 | (i >> 2) << 5, 0x90300000);
    }
    world_operation(OP_DSB, 0);
    uint32_t on = world_operation(OP_SCTLR, SCTLR_C);
    expect_reset(on);
}

/* Instructions fetched flat before the program was copied to where they are. */
static void flat_fetches(bool invalidate) {
    kernel_clean_reset();
    world_operation(OP_SCTLR, SCTLR_I);
    world_operation(OP_ISB, 0);
    world_fetch(VA + 0x1000);
    world_store(VA + 0x1000, 1);
    world_operation(OP_DSB, 0);
    if (invalidate) {
        world_operation(OP_FETCH_INVALIDATE_ALL, 0);
        world_operation(OP_DSB, 0);
    }
    world_operation(OP_ISB, 0);
    world_fetch(VA + 0x1000);
}

static void test_copied_over_fetched(void **state) {
    world_reset(*state);
    flat_fetches(false);
    expect_one(FINDING_FETCH_STALE, VA + 0x1000, VA + 0x1000, NOBODY);
}

static void test_copied_over_fetched_and_invalidated(void **state) {
    world_reset(*state);
    flat_fetches(true);
    expect_none();
}

/* Tables stored with the MMU off only have to be drained. */
static void table_then_mmu(bool drain) {
    kernel_clean_reset();
    world_operation(OP_TTBR0, KERNEL_TABLE);
    world_operation(OP_DACR, 0x55555555);
    world_operation(OP_DSB, 0);
    world_store(KERNEL_TABLE + (RAM_PA >> 20) * 4, entry_section(v7(), RAM_PA, MAP_CACHED));
    if (drain) {
        world_operation(OP_DSB, 0);
    }
    world_operation(OP_ISB, 0);
    world_operation(OP_SCTLR, SCTLR_M | SCTLR_C);
    world_operation(OP_ISB, 0);
}

static void test_tables_in_the_write_buffer(void **state) {
    world_reset(*state);
    table_then_mmu(false);
    uint32_t read = world_load(VA + 0x80000);
    expect_one(FINDING_WALK_MISSES, VA + 0x80000, read, NOBODY);
}

static void test_tables_drained(void **state) {
    world_reset(*state);
    table_then_mmu(true);
    world_load(VA + 0x80000);
    expect_none();
}

/* Dirty lines stay in a cache that is turned off, and nobody sees them. */
static void test_turned_off_dirty(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(STATIC(FRAME(0)), 1);
    world_operation(OP_SCTLR, world.registers.sctlr & ~SCTLR_C);
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(STATIC(FRAME(0)));
    expect_one(FINDING_UNWRITTEN_READ, STATIC(FRAME(0)), read, stored);
}

static void flush(void) {
    if (v7()) {
        world_operation(OP_DSB, 0);
        kernel_all_sets(OP_DATA_CLEAN_INVALIDATE_SET_WAY);
    } else {
        world_operation(OP_DATA_CLEAN_INVALIDATE_ALL, 0);
    }
    world_operation(OP_DSB, 0);
}

static void test_turned_off_clean(void **state) {
    kernel_boot(*state);
    world_store(STATIC(FRAME(0)), 1);
    if (!v7()) {
        flush();
    }
    world_operation(OP_SCTLR, world.registers.sctlr & ~SCTLR_C);
    world_operation(OP_ISB, 0);
    if (v7()) {
        flush();
    }
    world_load(STATIC(FRAME(0)));
    expect_none();
}

/* Old lines are still there when it is turned on again. */
static void off_store_on(bool invalidate) {
    world_load(STATIC(FRAME(0)));
    world_operation(OP_SCTLR, world.registers.sctlr & ~SCTLR_C);
    world_operation(OP_ISB, 0);
    if (invalidate) {
        flush();
    }
    world_store(STATIC(FRAME(0)), 1);
    world_operation(OP_DSB, 0);
    world_operation(OP_SCTLR, world.registers.sctlr | SCTLR_C);
    world_operation(OP_ISB, 0);
}

static void test_turned_on_again(void **state) {
    kernel_boot(*state);
    off_store_on(false);
    uint32_t read = world_load(STATIC(FRAME(0)));
    expect_one(FINDING_STALE_READ, STATIC(FRAME(0)), read, NOBODY);
}

static void test_turned_on_again_invalidated(void **state) {
    kernel_boot(*state);
    off_store_on(true);
    world_load(STATIC(FRAME(0)));
    expect_none();
}

/* With the cache off, a cacheable mapping of a device is only a mapping. */
static void test_device_with_cache_off(void **state) {
    kernel_boot(*state);
    flush();
    world_operation(OP_SCTLR, world.registers.sctlr & ~SCTLR_C);
    world_operation(OP_ISB, 0);
    world_load(STRAY_VA);
    world_store(STRAY_VA, 1);
    expect_none();
}

/* A new start forgets findings, sites and all state. */
static void test_start_again(void **state) {
    kernel_boot(*state);
    world_store(STATIC(FRAME(0)), 1);
    world_load(UNCACHED(FRAME(0)));
    assert_int_equal(model_finding_count(), 1);
    world_reset(*state);
    assert_int_equal(model_finding_count(), 0);
    assert_int_equal(model_site_count(), 0);
    world_load(FRAME(0));
    expect_none();
    uint32_t on = world_operation(OP_SCTLR, SCTLR_C);
    expect_reset(on);
}

/* ARMv7: which cache the size register tells of, and what the MMU starts with, takes a barrier to be in effect. */
static void test_cache_size_without_isb(void **state) {
    world_reset(*state);
    world_operation(OP_CSSELR, 0);
    world_operation(OP_ISB, 0);
    model_geometry(0, 255u << 13 | 3u << 3 | 1);
    expect_none();
    uint32_t wrote = world_operation(OP_CSSELR, 2);
    model_geometry(2, 511u << 13 | 7u << 3 | 1);
    assert_int_equal(model_finding_count(), 1);
    assert_int_equal(model_finding(0)->kind, FINDING_NO_BARRIER);
    assert_int_equal(model_finding(0)->other_pc, wrote);
}

static void test_table_base_without_isb(void **state) {
    world_reset(*state);
    kernel_clean_reset();
    flat_map();
    uint32_t wrote = world_operation(OP_TTBR0, KERNEL_TABLE);
    uint32_t on = world_operation(OP_SCTLR, SCTLR_M);
    expect_one(FINDING_NO_BARRIER, NOBODY, on, wrote);
}

/* The invalidations were not waited for. */
static void test_invalidation_not_waited_for(void **state) {
    world_reset(*state);
    world_operation(OP_FETCH_INVALIDATE_ALL, 0);
    uint32_t on = world_operation(OP_SCTLR, SCTLR_I);
    expect_one(FINDING_NO_BARRIER, NOBODY, on, NOBODY);
}

static void test_split_without_isb(void **state) {
    world_reset(*state);
    kernel_clean_reset();
    flat_map();
    uint32_t wrote = world_operation(OP_TTBCR, 1);
    uint32_t on = world_operation(OP_SCTLR, SCTLR_M);
    expect_one(FINDING_NO_BARRIER, NOBODY, on, wrote);
}

/* ARMv7: the cache that was turned off may be in use until a barrier. */
static void test_cache_off_without_isb(void **state) {
    kernel_boot(*state);
    uint32_t off = world_operation(OP_SCTLR, world.registers.sctlr & ~SCTLR_C);
    uint32_t read = world_load(STATIC(FRAME(0)));
    expect_one(FINDING_NO_BARRIER, STATIC(FRAME(0)), read, off);
}

static void half_of_the_sets(uint32_t first) {
    for (uint32_t set = first; set < first + 128; set++) {
        for (uint32_t way = 0; way < 4; way++) {
            world_operation_at(OP_DATA_INVALIDATE_SET_WAY, way << 30 | set << 5, 0x90300000);
        }
    }
    world_operation(OP_DSB, 0);
}

/* Nor does it know which lines were named in the last run. */
static void test_start_again_half_way(void **state) {
    world_reset(*state);
    model_geometry(0, 255u << 13 | 3u << 3 | 1);
    half_of_the_sets(0);
    world_reset(*state);
    model_geometry(0, 255u << 13 | 3u << 3 | 1);
    half_of_the_sets(128);
    uint32_t on = world_operation(OP_SCTLR, SCTLR_C);
    expect_reset(on);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_flat_and_uncached),
        ON_BOTH(test_data_cache_as_found),
        ON_BOTH(test_instruction_cache_as_found),
        ON_BOTH(test_tlb_as_found),
        ON_BOTH(test_all_invalidated),
        ON_BOTH(test_instruction_cache_alone),
        ON_BOTH(test_only_lines_invalidated),
        ON_CORTEX_A9(test_not_all_ways),
        ON_CORTEX_A9(test_sets_named_twice),
        ON_BOTH(test_copied_over_fetched),
        ON_BOTH(test_copied_over_fetched_and_invalidated),
        ON_BOTH(test_tables_in_the_write_buffer),
        ON_BOTH(test_tables_drained),
        ON_BOTH(test_turned_off_dirty),
        ON_BOTH(test_turned_off_clean),
        ON_BOTH(test_turned_on_again),
        ON_BOTH(test_turned_on_again_invalidated),
        ON_BOTH(test_device_with_cache_off),
        ON_BOTH(test_start_again),
        ON_CORTEX_A9(test_cache_size_without_isb),
        ON_CORTEX_A9(test_table_base_without_isb),
        ON_CORTEX_A9(test_invalidation_not_waited_for),
        ON_CORTEX_A9(test_split_without_isb),
        ON_CORTEX_A9(test_cache_off_without_isb),
        ON_CORTEX_A9(test_start_again_half_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
