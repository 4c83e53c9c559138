/* The cache model: findings are counted, not repeated; operations are counted by their instruction, and those that were
 * of no use. */
#include "cachecheck_kernel.h"

#include <string.h>

#define PAGE STATIC(FRAME(0))
#define SITE 0x90aa0000u

static bool v7(void) {
    return world.cpu->v7;
}

/* The same instruction as ever performs the operation. */
static void at_site(enum operation operation, uint32_t value) {
    world_operation_at(operation, value, SITE);
}

static void expect_site(enum operation operation, uint64_t executed, uint64_t useless) {
    for (size_t i = 0; i < model_site_count(); i++) {
        const struct site *site = model_site(i);
        if (site->pc == SITE && site->operation == operation) {
            assert_int_equal(site->executed, executed);
            assert_int_equal(site->useless, useless);
            return;
        }
    }
    fail_msg("no such site");
}

/* The same two instructions meet many times, at many addresses. */
static void test_same_pair(void **state) {
    kernel_boot(*state);
    uint32_t pc = world.pc;
    for (uint32_t i = 0; i < 5; i++) {
        world.pc = pc;
        world_store(PAGE + i * LINE, i);
        world_load(UNCACHED(FRAME(0)) + i * LINE);
    }
    expect_one(FINDING_UNWRITTEN_READ, UNCACHED(FRAME(0)), pc + 8, pc + 4);
    assert_int_equal(model_finding(0)->count, 5);
    assert_int_equal(model_finding(0)->other_va, PAGE);
}

static void test_other_reader(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE, 1);
    uint32_t first = world_load(UNCACHED(FRAME(0)));
    uint32_t second = world_load(UNCACHED(FRAME(0)));
    assert_int_equal(model_finding_count(), 2);
    expect_among(FINDING_UNWRITTEN_READ, UNCACHED(FRAME(0)), first, stored);
    expect_among(FINDING_UNWRITTEN_READ, UNCACHED(FRAME(0)), second, stored);
    assert_int_equal(model_finding(0)->pc, first);
}

static void test_other_writer(void **state) {
    kernel_boot(*state);
    uint32_t first = world_store(PAGE, 1);
    uint32_t second = world_store(PAGE + LINE, 1);
    uint32_t pc = world.pc;
    uint32_t read = world_load(UNCACHED(FRAME(0)));
    world.pc = pc;
    world_load(UNCACHED(FRAME(0)) + LINE);
    assert_int_equal(model_finding_count(), 2);
    expect_among(FINDING_UNWRITTEN_READ, UNCACHED(FRAME(0)), read, first);
    expect_among(FINDING_UNWRITTEN_READ, UNCACHED(FRAME(0)) + LINE, read, second);
}

static void test_names(void **state) {
    (void)state;
    for (int i = 0; i < FINDING_KINDS; i++) {
        const char *name = finding_name((enum finding_kind)i);
        assert_true(strlen(name) > 3);
        assert_true(strlen(finding_sentence((enum finding_kind)i)) > strlen(name));
        for (int other = 0; other < i; other++) {
            assert_string_not_equal(name, finding_name((enum finding_kind)other));
        }
    }
    for (int i = 0; i < OP_COUNT; i++) {
        assert_non_null(operation_name((enum operation)i));
        for (int other = 0; other < i; other++) {
            assert_string_not_equal(operation_name((enum operation)i), operation_name((enum operation)other));
        }
    }
    assert_null(cpu_model_find("z80"));
    assert_string_equal(cpu_model_find("arm926")->name, "arm926");
    assert_true(cpu_model_find("cortex-a9")->v7);
}

static void test_clean(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    at_site(OP_DATA_CLEAN, PAGE);
    expect_site(OP_DATA_CLEAN, 1, 0);
    world_operation(OP_DSB, 0);
    at_site(OP_DATA_CLEAN, PAGE);
    at_site(OP_DATA_CLEAN, PAGE + LINE);
    expect_site(OP_DATA_CLEAN, 3, 2);
    world_store(PAGE, 1);
    at_site(OP_DATA_CLEAN, PAGE + 4);
    expect_site(OP_DATA_CLEAN, 4, 2);
}

/* ARMv7: to one point, then to the other: both move something. */
static void test_clean_to_both_points(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    at_site(OP_DATA_CLEAN_POU, PAGE);
    world_operation(OP_DSB, 0);
    at_site(OP_DATA_CLEAN_POU, PAGE);
    world_operation(OP_DSB, 0);
    expect_site(OP_DATA_CLEAN_POU, 2, 1);
    at_site(OP_DATA_CLEAN, PAGE);
    world_operation(OP_DSB, 0);
    at_site(OP_DATA_CLEAN, PAGE);
    expect_site(OP_DATA_CLEAN, 2, 1);
}

static void test_clean_and_invalidate(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    at_site(OP_DATA_CLEAN_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    at_site(OP_DATA_CLEAN_INVALIDATE, PAGE);
    expect_site(OP_DATA_CLEAN_INVALIDATE, 2, 1);
}

/* ARMv5: a line that is there. */
static void test_invalidate_present(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    at_site(OP_DATA_INVALIDATE, PAGE);
    at_site(OP_DATA_INVALIDATE, PAGE);
    expect_site(OP_DATA_INVALIDATE, 2, 1);
}

/* What is stale must go. */
static void test_invalidate_stale(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    world_store(UNCACHED(FRAME(0)), 1);
    world_operation(OP_DSB, 0);
    at_site(OP_DATA_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    at_site(OP_DATA_INVALIDATE, PAGE);
    expect_site(OP_DATA_INVALIDATE, 2, 1);
}

static void test_fetch_invalidate(void **state) {
    kernel_boot(*state);
    world_fetch(PAGE);
    world_store(PAGE, 1);
    world_operation(v7() ? OP_DATA_CLEAN_POU : OP_DATA_CLEAN, PAGE);
    world_operation(OP_DSB, 0);
    at_site(OP_FETCH_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    at_site(OP_FETCH_INVALIDATE, PAGE);
    expect_site(OP_FETCH_INVALIDATE, 2, 1);
}

/* A barrier that something waits for, and the next one. */
static void test_dsb(void **state) {
    kernel_boot(*state);
    world_operation(OP_DSB, 0);
    at_site(OP_DSB, 0);
    expect_site(OP_DSB, 1, 1);
    kernel_store_entry(NO_PROCESS, WINDOW_VA, entry_small(v7(), FRAME(0), KERNEL_PAGE));
    kernel_clean_line(kernel_entry(NO_PROCESS, WINDOW_VA));
    at_site(OP_DSB, 0);
    expect_site(OP_DSB, 2, 1);
    at_site(OP_DSB, 0);
    expect_site(OP_DSB, 3, 2);
}

static void test_isb(void **state) {
    kernel_boot(*state);
    world_operation(OP_ISB, 0);
    at_site(OP_ISB, 0);
    expect_site(OP_ISB, 1, 1);
    kernel_store_entry(NO_PROCESS, WINDOW_VA, entry_small(v7(), FRAME(0), KERNEL_PAGE));
    kernel_clean_line(kernel_entry(NO_PROCESS, WINDOW_VA));
    world_operation(OP_DSB, 0);
    at_site(OP_ISB, 0);
    expect_site(OP_ISB, 2, 1);
    at_site(OP_ISB, 0);
    expect_site(OP_ISB, 3, 2);
    world_operation(OP_TTBR0, PROCESS_TABLE(0) | 0x4a);
    at_site(OP_ISB, 0);
    expect_site(OP_ISB, 4, 2);
}

static void test_tlb_page(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, WINDOW_VA, FRAME(0), KERNEL_PAGE);
    world_load(WINDOW_VA);
    kernel_store_entry(NO_PROCESS, WINDOW_VA, 0);
    kernel_publish(kernel_entry(NO_PROCESS, WINDOW_VA), 4);
    at_site(OP_TLB_PAGE, WINDOW_VA + SMALL_BYTES);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    expect_site(OP_TLB_PAGE, 1, 1);
    at_site(OP_TLB_PAGE, WINDOW_VA);
    expect_site(OP_TLB_PAGE, 2, 1);
    at_site(OP_DSB, 0);
    at_site(OP_DSB, 0);
    at_site(OP_ISB, 0);
    at_site(OP_ISB, 0);
    expect_site(OP_DSB, 2, v7() ? 1 : 2);
    expect_site(OP_ISB, 2, v7() ? 1 : 2);
    at_site(OP_TLB_PAGE, WINDOW_VA);
    expect_site(OP_TLB_PAGE, 3, 2);
}

/* Two operations by one instruction address, in two places of a loop that was copied, are two sites. */
static void test_sites_by_operation(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    at_site(OP_DATA_CLEAN, PAGE);
    at_site(OP_DSB, 0);
    expect_site(OP_DATA_CLEAN, 1, 0);
    for (size_t i = 0, found = 0; i <= model_site_count(); i++) {
        if (i == model_site_count()) {
            assert_int_equal(found, 2);
        } else {
            found += model_site(i)->pc == SITE;
        }
    }
}

/* The numbers of processes that no longer run: of use once, if they had pages. */
static void test_tlb_all(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    kernel_map(0, ARENA_VA, FRAME(0), USER_PAGE);
    world_load(ARENA_VA);
    kernel_switch(NO_PROCESS);
    at_site(OP_TLB_ALL, 0);
    expect_site(OP_TLB_ALL, 1, v7() ? 0 : 1); /* ARMv5: the switch did it */
    at_site(OP_DSB, 0);
    at_site(OP_ISB, 0);
    expect_site(OP_DSB, 1, v7() ? 0 : 1);
    expect_site(OP_ISB, 1, v7() ? 0 : 1);
    at_site(OP_TLB_ALL, 0);
    expect_site(OP_TLB_ALL, 2, v7() ? 1 : 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_same_pair),
        ON_BOTH(test_other_reader),
        ON_BOTH(test_other_writer),
        ON_ARM926(test_names),
        ON_BOTH(test_clean),
        ON_CORTEX_A9(test_clean_to_both_points),
        ON_BOTH(test_clean_and_invalidate),
        ON_ARM926(test_invalidate_present),
        ON_BOTH(test_invalidate_stale),
        ON_BOTH(test_fetch_invalidate),
        ON_BOTH(test_dsb),
        ON_CORTEX_A9(test_isb),
        ON_BOTH(test_tlb_page),
        ON_BOTH(test_sites_by_operation),
        ON_BOTH(test_tlb_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
