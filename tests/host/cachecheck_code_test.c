/* The cache model: instructions.  What is stored must reach memory before it is fetched, and lines from before must go,
 * in this order; ARMv7 waits for each (DSB) and starts fetching anew (ISB). */
#include "cachecheck_kernel.h"

#define CODE FRAME(0)
#define VA   STATIC(CODE)

static bool v7(void) {
    return world.cpu->v7;
}

static enum operation clean_to_fetch(void) {
    return v7() ? OP_DATA_CLEAN_POU : OP_DATA_CLEAN;
}

static void clean(uint32_t va) {
    world_operation(clean_to_fetch(), va);
    world_operation(OP_DSB, 0);
}

static void barriers(void) {
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
}

static void test_first_use(void **state) {
    kernel_boot(*state);
    world_store(VA, 1);
    kernel_code(VA, LINE);
    world_fetch(VA);
    world_fetch(VA + 4);
    world_fetch(VA + 0x800);
    expect_none();
}

static void test_not_cleaned(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(VA + 4, 1);
    world_operation(OP_DSB, 0);
    world_operation(OP_FETCH_INVALIDATE_ALL, 0);
    barriers();
    world_fetch(VA + LINE);
    expect_none();
    world_fetch(VA + 4);
    expect_first(FINDING_FETCH_NOT_CLEANED, VA + 4, VA + 4, stored);
}

static void test_other_line_cleaned(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(VA + LINE, 1);
    kernel_code(VA, LINE);
    kernel_code(VA + 2 * LINE, LINE);
    world_fetch(VA + LINE);
    expect_first(FINDING_FETCH_NOT_CLEANED, VA + LINE, VA + LINE, stored);
}

static void test_not_drained(void **state) {
    kernel_boot(*state);
    world_store(VA, 1);
    world_operation(clean_to_fetch(), VA);
    if (v7()) {
        world_operation(OP_ISB, 0);
    }
    world_fetch(VA);
    expect_first(FINDING_FETCH_NOT_CLEANED, VA, VA, NOBODY);
}

static void test_drained_before_clean(void **state) {
    kernel_boot(*state);
    world_store(VA, 1);
    world_operation(OP_DSB, 0);
    world_operation(clean_to_fetch(), VA);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    expect_first(FINDING_FETCH_NOT_CLEANED, VA, VA, NOBODY);
}

static void test_uncached_store_not_drained(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(UNCACHED(CODE), 1);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    expect_first(FINDING_FETCH_NOT_CLEANED, VA, VA, stored);
}

static void test_uncached_store_drained(void **state) {
    kernel_boot(*state);
    world_store(UNCACHED(CODE), 1);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    expect_none();
}

/* The line was fetched before. */
static uint32_t boot_with_old_line(void **state) {
    kernel_boot(*state);
    world_fetch(VA);
    return world_store(VA, 1);
}

static void test_old_line(void **state) {
    uint32_t stored = boot_with_old_line(state);
    clean(VA);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    expect_one(FINDING_FETCH_STALE, VA, VA, stored);
}

static void test_old_line_invalidated(void **state) {
    boot_with_old_line(state);
    clean(VA);
    world_operation(OP_FETCH_INVALIDATE, VA);
    if (v7()) {
        barriers();
    }
    world_fetch(VA);
    expect_none();
}

static void test_all_lines_invalidated(void **state) {
    boot_with_old_line(state);
    clean(VA);
    world_operation(OP_FETCH_INVALIDATE_ALL, 0);
    if (v7()) {
        barriers();
    }
    world_fetch(VA);
    expect_none();
}

static void test_other_line_invalidated(void **state) {
    uint32_t stored = boot_with_old_line(state);
    clean(VA);
    world_operation(OP_FETCH_INVALIDATE, VA + LINE);
    barriers();
    world_fetch(VA);
    expect_one(FINDING_FETCH_STALE, VA, VA, stored);
}

/* Only the stored byte differs. */
static void test_other_instruction_of_the_line(void **state) {
    kernel_boot(*state);
    world_fetch(VA);
    uint32_t stored = world_store_bytes(VA + 9, 0xea, 1);
    clean(VA);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    world_fetch(VA + 4);
    world_fetch(VA + 12);
    expect_none();
    world_fetch(VA + 8);
    assert_int_equal(model_finding_count(), 1);
    assert_int_equal(model_finding(0)->kind, FINDING_FETCH_STALE);
    assert_int_equal(model_finding(0)->pc, VA + 8);
    assert_int_equal(model_finding(0)->other_pc, stored);
}

/* Invalidated first: on ARMv7 the old bytes may be loaded again before the clean. */
static void test_invalidated_before_clean(void **state) {
    uint32_t stored = boot_with_old_line(state);
    world_operation(OP_FETCH_INVALIDATE, VA);
    clean(VA);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    if (v7()) {
        expect_one(FINDING_FETCH_STALE, VA, VA, stored);
    } else {
        expect_none();
    }
}

static void test_invalidated_before_drain(void **state) {
    uint32_t stored = boot_with_old_line(state);
    world_operation(clean_to_fetch(), VA);
    world_operation(OP_FETCH_INVALIDATE, VA);
    barriers();
    world_fetch(VA);
    expect_one(FINDING_FETCH_STALE, VA, VA, stored);
}

static void test_invalidated_before_store(void **state) {
    kernel_boot(*state);
    world_fetch(VA);
    world_operation(OP_FETCH_INVALIDATE, VA);
    barriers();
    uint32_t stored = world_store(VA, 1);
    clean(VA);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    if (v7()) {
        expect_one(FINDING_FETCH_STALE, VA, VA, stored);
    } else {
        expect_none(); /* nobody fetched since */
    }
}

static void test_invalidation_not_waited_for(void **state) {
    boot_with_old_line(state);
    clean(VA);
    world_operation(OP_FETCH_INVALIDATE, VA);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    expect_one(FINDING_NO_BARRIER, VA, VA, NOBODY);
}

static void test_no_isb(void **state) {
    boot_with_old_line(state);
    clean(VA);
    world_operation(OP_FETCH_INVALIDATE, VA);
    world_operation(OP_DSB, 0);
    world_fetch(VA);
    expect_one(FINDING_NO_BARRIER, VA, VA, NOBODY);
}

static void test_isb_before_dsb(void **state) {
    boot_with_old_line(state);
    clean(VA);
    world_operation(OP_FETCH_INVALIDATE, VA);
    world_operation(OP_ISB, 0);
    world_operation(OP_DSB, 0);
    world_fetch(VA);
    expect_one(FINDING_NO_BARRIER, VA, VA, NOBODY);
}

static void test_exception_instead_of_isb(void **state) {
    boot_with_old_line(state);
    clean(VA);
    world_operation(OP_FETCH_INVALIDATE, VA);
    world_operation(OP_DSB, 0);
    world_exception();
    world_fetch(VA);
    expect_none();
}

/* How much one fetch brings: ARMv5 the line and, from its end on, the next; ARMv7 as much of the page as it likes. */
static void fetch_then_change(void **state, uint32_t fetched, uint32_t changed) {
    kernel_boot(*state);
    world_fetch(VA + fetched);
    world_store(VA + changed, 1);
    clean(VA + changed);
    world_operation(OP_ISB, 0);
    world_fetch(VA + changed);
}

static void test_next_line(void **state) {
    fetch_then_change(state, LINE - 4, LINE);
    assert_int_equal(model_finding_count(), 1);
    assert_int_equal(model_finding(0)->kind, FINDING_FETCH_STALE);
}

static void test_far_line_of_the_page(void **state) {
    fetch_then_change(state, 0, 0xf80);
    if (v7()) {
        assert_int_equal(model_finding_count(), 1);
        assert_int_equal(model_finding(0)->kind, FINDING_FETCH_STALE);
    } else {
        expect_none();
    }
}

static void test_another_page(void **state) {
    fetch_then_change(state, 0xffc, 0x1000);
    expect_none();
}

static void test_data_store_elsewhere(void **state) {
    kernel_boot(*state);
    world_fetch(VA);
    world_store(STATIC(FRAME(1)), 1);
    world_fetch(VA);
    expect_none();
}

/* A second address for the code: A differs from VA in the page colour or not. */
static void code_by_two_addresses(void **state, uint32_t page, bool invalidate_there) {
    uint32_t other = WINDOW_VA + page * SMALL_BYTES;
    kernel_boot(*state);
    kernel_map(NO_PROCESS, other, CODE, KERNEL_PAGE);
    world_fetch(other);
    world_store(VA, 1);
    clean(VA);
    world_operation(OP_FETCH_INVALIDATE, invalidate_there ? other : VA);
    barriers();
    world_fetch(other);
}

/* A virtually tagged line goes by its own address only, one of the same colour by any. */
static void test_invalidated_by_another_address(void **state) {
    code_by_two_addresses(state, 8, false);
    if (v7()) {
        expect_none();
    } else {
        expect_one(FINDING_FETCH_STALE, WINDOW_VA + 0x8000, WINDOW_VA + 0x8000, NOBODY);
    }
}

static void test_invalidated_by_another_colour(void **state) {
    code_by_two_addresses(state, 9, false);
    expect_one(FINDING_FETCH_STALE, WINDOW_VA + 0x9000, WINDOW_VA + 0x9000, NOBODY);
}

static void test_invalidated_by_its_address(void **state) {
    code_by_two_addresses(state, 9, true);
    expect_none();
}

/* Virtually tagged lines of the frame that was there before. */
static void another_frame(void **state, bool invalidate) {
    uint32_t va = WINDOW_VA + 0x3000;
    kernel_boot(*state);
    kernel_map(NO_PROCESS, va, FRAME(2), KERNEL_PAGE);
    world_fetch(va);
    kernel_unmap(NO_PROCESS, va, invalidate);
    kernel_map(NO_PROCESS, va, FRAME(3), KERNEL_PAGE);
    world_fetch(va);
}

static void test_another_frame(void **state) {
    another_frame(state, false);
    if (v7()) {
        expect_none();
    } else {
        expect_one(FINDING_OLD_FRAME, WINDOW_VA + 0x3000, WINDOW_VA + 0x3000, NOBODY);
    }
}

static void test_another_frame_invalidated(void **state) {
    another_frame(state, true);
    expect_none();
}

/* Two processes have different code at one address. */
static void test_code_in_slots(void **state) {
    kernel_boot(*state);
    for (unsigned process = 0; process < 2; process++) {
        kernel_map(process, PRIVATE_VA, FRAME(process), USER_PAGE);
        kernel_switch(process);
        world_store(PRIVATE_VA, process);
        kernel_code(kernel_modified(process, PRIVATE_VA), LINE);
        world_fetch(PRIVATE_VA);
    }
    kernel_switch(0);
    world_fetch(PRIVATE_VA);
    kernel_switch(1);
    world_fetch(PRIVATE_VA);
    expect_none();
}

/* ARMv5: the invalidation names an address of slot 0. */
static void test_code_in_a_slot_by_plain_address(void **state) {
    kernel_boot(*state);
    kernel_map(0, PRIVATE_VA, CODE, USER_PAGE);
    kernel_switch(0);
    world_fetch(PRIVATE_VA);
    uint32_t stored = world_store(PRIVATE_VA, 1);
    clean(kernel_modified(0, PRIVATE_VA));
    world_operation(OP_FETCH_INVALIDATE, PRIVATE_VA);
    world_fetch(PRIVATE_VA);
    expect_one(FINDING_FETCH_STALE, PRIVATE_VA, PRIVATE_VA, stored);
}

/* With the instruction cache off nothing of it is met. */
static void test_cache_off(void **state) {
    kernel_boot(*state);
    world_fetch(VA);
    world_store(VA, 1);
    clean(VA);
    world_operation(OP_SCTLR, world.registers.sctlr & ~SCTLR_I);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    expect_none();
}

/* Fetched, and cleaned after that: the line has what memory had. */
static void test_cleaned_after_fetch(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(VA + 8, 1);
    world_fetch(VA);
    expect_none();
    clean(VA);
    world_operation(OP_ISB, 0);
    world_fetch(VA + 8);
    expect_one(FINDING_FETCH_STALE, VA + 8, VA + 8, stored);
}

static void test_thrown_away(void **state) {
    kernel_boot(*state);
    world_store(VA, 1);
    uint32_t thrown = world_operation(OP_DATA_INVALIDATE, VA);
    barriers();
    world_fetch(VA);
    expect_one(FINDING_LOST, VA, VA, thrown);
}

/* Two lines on their way: each waits for its own barriers. */
static void test_two_lines_in_turn(void **state) {
    kernel_boot(*state);
    world_fetch(VA);
    world_store(VA, 1);
    world_store(VA + LINE, 1);
    clean(VA);
    clean(VA + LINE);
    world_operation(OP_FETCH_INVALIDATE, VA);
    world_operation(OP_DSB, 0);
    world_operation(OP_FETCH_INVALIDATE, VA + LINE);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    expect_none();
    world_fetch(VA + LINE);
    expect_one(FINDING_NO_BARRIER, VA + LINE, VA + LINE, NOBODY);
    barriers();
    world_fetch(VA + LINE);
    assert_int_equal(model_finding(0)->count, 1);
}

/* Stored again between the invalidation and the barriers. */
static void test_stored_again(void **state) {
    boot_with_old_line(state);
    clean(VA);
    world_operation(OP_FETCH_INVALIDATE, VA);
    uint32_t stored = world_store(VA, 2);
    clean(VA);
    barriers();
    world_fetch(VA);
    expect_one(FINDING_FETCH_STALE, VA, VA, stored);
}

/* Written through, and still on its way. */
static void test_write_through_not_drained(void **state) {
    uint32_t va = WINDOW_VA + 0x5000;
    kernel_boot(*state);
    kernel_map(NO_PROCESS, va, CODE, MAP_THROUGH);
    uint32_t stored = world_store(va, 1);
    world_operation(OP_ISB, 0);
    world_fetch(va);
    expect_first(FINDING_FETCH_NOT_CLEANED, va, va, stored);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_first_use),
        ON_BOTH(test_not_cleaned),
        ON_BOTH(test_other_line_cleaned),
        ON_BOTH(test_not_drained),
        ON_BOTH(test_drained_before_clean),
        ON_BOTH(test_uncached_store_not_drained),
        ON_BOTH(test_uncached_store_drained),
        ON_BOTH(test_old_line),
        ON_BOTH(test_old_line_invalidated),
        ON_BOTH(test_all_lines_invalidated),
        ON_BOTH(test_other_line_invalidated),
        ON_BOTH(test_other_instruction_of_the_line),
        ON_BOTH(test_invalidated_before_clean),
        ON_CORTEX_A9(test_invalidated_before_drain),
        ON_BOTH(test_invalidated_before_store),
        ON_CORTEX_A9(test_invalidation_not_waited_for),
        ON_CORTEX_A9(test_no_isb),
        ON_CORTEX_A9(test_isb_before_dsb),
        ON_CORTEX_A9(test_exception_instead_of_isb),
        ON_BOTH(test_next_line),
        ON_BOTH(test_far_line_of_the_page),
        ON_BOTH(test_another_page),
        ON_BOTH(test_data_store_elsewhere),
        ON_BOTH(test_invalidated_by_another_address),
        ON_BOTH(test_invalidated_by_another_colour),
        ON_BOTH(test_invalidated_by_its_address),
        ON_BOTH(test_another_frame),
        ON_BOTH(test_another_frame_invalidated),
        ON_BOTH(test_code_in_slots),
        ON_ARM926(test_code_in_a_slot_by_plain_address),
        ON_BOTH(test_cache_off),
        ON_BOTH(test_cleaned_after_fetch),
        ON_BOTH(test_thrown_away),
        ON_CORTEX_A9(test_two_lines_in_turn),
        ON_CORTEX_A9(test_stored_again),
        ON_BOTH(test_write_through_not_drained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
