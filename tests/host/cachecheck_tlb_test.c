/* The cache model: entries that change.  The TLB keeps what they said until it is told, after walks can see the new. */
#include "cachecheck_kernel.h"

#define VA     (WINDOW_VA + 0x7000u)
#define ENTRY  kernel_entry(NO_PROCESS, VA)
#define BEFORE FRAME(0)
#define AFTER  FRAME(1)

static bool v7(void) {
    return world.cpu->v7;
}

static void barriers(void) {
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
}

/* VA is BEFORE's, used, its lines gone. */
static void boot_with_page(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, VA, BEFORE, KERNEL_PAGE);
    world_load(VA);
    kernel_lines_leave(VA, SMALL_BYTES, false);
}

static uint32_t change(uint32_t pa) {
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, pa == 0 ? 0 : entry_small(v7(), pa, KERNEL_PAGE));
    kernel_publish(ENTRY, 4);
    return stored;
}

static void test_no_invalidation(void **state) {
    boot_with_page(state);
    uint32_t stored = change(AFTER);
    uint32_t read = world_load(VA + 8);
    expect_one(FINDING_OLD_TRANSLATION, VA + 8, read, stored);
}

static void test_store_by_old_translation(void **state) {
    boot_with_page(state);
    uint32_t changed = change(AFTER);
    uint32_t stored = world_store(VA + SMALL_BYTES - 4, 1);
    expect_one(FINDING_OLD_TRANSLATION, VA + SMALL_BYTES - 4, stored, changed);
}

static void test_fetch_by_old_translation(void **state) {
    boot_with_page(state);
    uint32_t changed = change(AFTER);
    world_fetch(VA + 0x40);
    expect_one(FINDING_OLD_TRANSLATION, VA + 0x40, VA + 0x40, changed);
}

static void test_page_invalidated(void **state) {
    boot_with_page(state);
    change(AFTER);
    world_operation(OP_TLB_PAGE, VA);
    if (v7()) {
        barriers();
    }
    world_load(VA);
    world_store(VA + 4, 1);
    expect_none();
}

static void test_all_invalidated(void **state) {
    boot_with_page(state);
    change(AFTER);
    world_operation(OP_TLB_ALL, 0);
    if (v7()) {
        barriers();
    }
    world_load(VA);
    expect_none();
}

static void test_other_page_invalidated(void **state) {
    boot_with_page(state);
    uint32_t stored = change(AFTER);
    world_operation(OP_TLB_PAGE, VA + SMALL_BYTES);
    world_operation(OP_TLB_PAGE, VA - SMALL_BYTES);
    barriers();
    uint32_t read = world_load(VA);
    expect_one(FINDING_OLD_TRANSLATION, VA, read, stored);
}

/* A walk between the two brings the old entry back. */
static void test_invalidated_before_clean(void **state) {
    boot_with_page(state);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, entry_small(v7(), AFTER, KERNEL_PAGE));
    kernel_tlb_page(NO_PROCESS, VA);
    kernel_publish(ENTRY, 4);
    uint32_t read = world_load(VA);
    expect_one(FINDING_OLD_TRANSLATION, VA, read, stored);
}

static void test_invalidated_before_store(void **state) {
    boot_with_page(state);
    kernel_tlb_page(NO_PROCESS, VA);
    uint32_t stored = change(AFTER);
    uint32_t read = world_load(VA);
    expect_one(FINDING_OLD_TRANSLATION, VA, read, stored);
}

/* Cleaned, but perhaps still on its way when the invalidation was done. */
static void test_invalidated_before_drain(void **state) {
    boot_with_page(state);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, entry_small(v7(), AFTER, KERNEL_PAGE));
    kernel_clean_line(ENTRY);
    world_operation(OP_TLB_PAGE, VA);
    barriers();
    uint32_t read = world_load(VA);
    expect_one(FINDING_OLD_TRANSLATION, VA, read, stored);
}

static void test_not_waited_for(void **state) {
    boot_with_page(state);
    change(AFTER);
    world_operation(OP_TLB_PAGE, VA);
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_NO_BARRIER, VA, read, NOBODY);
}

static void test_invalidated_without_isb(void **state) {
    boot_with_page(state);
    change(AFTER);
    world_operation(OP_TLB_PAGE, VA);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_NO_BARRIER, VA, read, NOBODY);
}

static void test_isb_before_dsb(void **state) {
    boot_with_page(state);
    change(AFTER);
    world_operation(OP_TLB_PAGE, VA);
    world_operation(OP_ISB, 0);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(VA);
    expect_one(FINDING_NO_BARRIER, VA, read, NOBODY);
}

static void test_exception_instead_of_isb(void **state) {
    boot_with_page(state);
    change(AFTER);
    world_operation(OP_TLB_PAGE, VA);
    world_operation(OP_DSB, 0);
    world_exception();
    world_load(VA);
    expect_none();
}

/* The old translation would let an access through that the new one refuses. */
static void test_unmapped_then_fault(void **state) {
    boot_with_page(state);
    uint32_t stored = change(0);
    uint32_t fault = world_fault(VA + 12);
    expect_one(FINDING_OLD_TRANSLATION, VA + 12, fault, stored);
}

static void test_unmapped_invalidated_then_fault(void **state) {
    boot_with_page(state);
    change(0);
    kernel_tlb_page(NO_PROCESS, VA);
    world_fault(VA + 12);
    world_fault(VA + SMALL_BYTES);
    expect_none();
}

/* By way of "not present", with one invalidation at the end; before, somebody might have walked in between. */
static void test_through_not_present(void **state) {
    boot_with_page(state);
    uint32_t stored = change(0);
    change(AFTER);
    uint32_t read = world_load(VA);
    expect_one(FINDING_OLD_TRANSLATION, VA, read, stored);
}

static void test_through_not_present_invalidated(void **state) {
    boot_with_page(state);
    change(0);
    kernel_tlb_page(NO_PROCESS, VA);
    change(AFTER);
    world_load(VA);
    expect_none();
}

static void test_same_entry_again(void **state) {
    boot_with_page(state);
    change(BEFORE);
    world_load(VA);
    world_store(VA, 1);
    expect_none();
}

/* There and back: what may be old is the one in between. */
static void test_there_and_back(void **state) {
    boot_with_page(state);
    change(AFTER);
    uint32_t back = change(BEFORE);
    uint32_t read = world_load(VA);
    expect_one(FINDING_OLD_TRANSLATION, VA, read, back);
}

/* Taken away and put back as it was: an old translation says the same. */
static void test_away_and_back(void **state) {
    boot_with_page(state);
    change(0);
    change(BEFORE);
    world_load(VA);
    expect_none();
}

/* Less permission: a store that must be refused is not. */
static void test_made_read_only(void **state) {
    boot_with_page(state);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, entry_small(v7(), BEFORE, KERNEL_PAGE | MAP_READ_ONLY));
    kernel_publish(ENTRY, 4);
    uint32_t fault = world_fault(VA);
    expect_one(FINDING_OLD_TRANSLATION, VA, fault, stored);
}

static void test_made_read_only_invalidated(void **state) {
    boot_with_page(state);
    kernel_change(NO_PROCESS, VA, BEFORE, KERNEL_PAGE | MAP_READ_ONLY);
    world_fault(VA);
    expect_none();
}

/* ARMv7: whose entries an operation names. */
static uint32_t user_page_changes(void) {
    kernel_switch(0);
    kernel_map(0, ARENA_VA, BEFORE, USER_PAGE);
    world_load(ARENA_VA);
    kernel_lines_leave(ARENA_VA, SMALL_BYTES, false);
    uint32_t stored = kernel_store_entry(0, ARENA_VA, entry_small(v7(), AFTER, USER_PAGE));
    kernel_publish(kernel_entry(0, ARENA_VA), 4);
    return stored;
}

static void test_page_under_wrong_asid(void **state) {
    kernel_boot(*state);
    uint32_t stored = user_page_changes();
    world_operation(OP_TLB_PAGE, ARENA_VA | kernel.id[1]);
    barriers();
    uint32_t read = world_load(ARENA_VA);
    expect_one(FINDING_OLD_TRANSLATION, ARENA_VA, read, stored);
}

static void test_page_under_right_asid(void **state) {
    kernel_boot(*state);
    user_page_changes();
    world_operation(OP_TLB_PAGE, ARENA_VA | kernel.id[0]);
    barriers();
    world_load(ARENA_VA);
    expect_none();
}

static void test_wrong_asid(void **state) {
    kernel_boot(*state);
    uint32_t stored = user_page_changes();
    world_operation(OP_TLB_ASID, kernel.id[1]);
    barriers();
    uint32_t read = world_load(ARENA_VA);
    expect_one(FINDING_OLD_TRANSLATION, ARENA_VA, read, stored);
}

static void test_right_asid(void **state) {
    kernel_boot(*state);
    user_page_changes();
    world_operation(OP_TLB_ASID, kernel.id[0]);
    barriers();
    world_load(ARENA_VA);
    expect_none();
}

/* Global entries: any ASID does with the page's address, but an ASID alone does not. */
static void test_global_page_under_any_asid(void **state) {
    boot_with_page(state);
    change(AFTER);
    world_operation(OP_TLB_PAGE, VA | 77);
    barriers();
    world_load(VA);
    expect_none();
}

static void test_global_page_by_asid(void **state) {
    boot_with_page(state);
    kernel_switch(0);
    uint32_t stored = change(AFTER);
    world_operation(OP_TLB_ASID, kernel.id[0]);
    barriers();
    uint32_t read = world_load(VA);
    expect_one(FINDING_OLD_TRANSLATION, VA, read, stored);
}

/* Under another ASID nobody meets the old entry; under its own, later, somebody does. */
static void test_old_entry_of_another_process(void **state) {
    kernel_boot(*state);
    kernel_map(1, ARENA_VA, FRAME(2), USER_PAGE);
    uint32_t stored = user_page_changes();
    kernel_switch(1);
    world_load(ARENA_VA);
    kernel_lines_leave(ARENA_VA, SMALL_BYTES, false);
    expect_none();
    kernel_switch(0);
    uint32_t read = world_load(ARENA_VA);
    if (v7()) {
        expect_one(FINDING_OLD_TRANSLATION, ARENA_VA, read, stored);
    } else {
        expect_none(); /* each switch drops all of the TLB */
    }
}

/* A process's entry changes while another one runs. */
static void test_changed_from_outside(void **state) {
    kernel_boot(*state);
    kernel_switch(0);
    kernel_map(0, ARENA_VA, BEFORE, USER_PAGE);
    kernel_switch(1);
    uint32_t stored = kernel_store_entry(0, ARENA_VA, entry_small(v7(), AFTER, USER_PAGE));
    kernel_publish(kernel_entry(0, ARENA_VA), 4);
    kernel_switch(0);
    uint32_t read = world_load(ARENA_VA);
    if (v7()) {
        expect_one(FINDING_OLD_TRANSLATION, ARENA_VA, read, stored);
    } else {
        expect_none();
    }
}

/* A table that never was in effect may be changed at will. */
static void test_changed_before_first_use(void **state) {
    kernel_boot(*state);
    kernel_map(0, ARENA_VA, BEFORE, USER_PAGE);
    kernel_store_entry(0, ARENA_VA, entry_small(v7(), AFTER, USER_PAGE));
    kernel_publish(kernel_entry(0, ARENA_VA), 4);
    kernel_switch(0);
    world_load(ARENA_VA);
    expect_none();
}

/* ARMv5: a slot's page is named by its modified address. */
static void slot_page_changes(uint32_t value, uint32_t *stored) {
    kernel_switch(0);
    kernel_map(0, PRIVATE_VA, BEFORE, USER_PAGE);
    *stored = kernel_store_entry(0, PRIVATE_VA, entry_small(false, AFTER, USER_PAGE));
    kernel_publish(kernel_entry(0, PRIVATE_VA), 4);
    world_operation(OP_TLB_PAGE, value);
}

static void test_slot_page_by_plain_address(void **state) {
    uint32_t stored;
    kernel_boot(*state);
    slot_page_changes(PRIVATE_VA, &stored);
    uint32_t read = world_load(PRIVATE_VA);
    expect_one(FINDING_OLD_TRANSLATION, PRIVATE_VA, read, stored);
}

static void test_slot_page_by_modified_address(void **state) {
    uint32_t stored;
    kernel_boot(*state);
    slot_page_changes(kernel_modified(0, PRIVATE_VA), &stored);
    world_load(PRIVATE_VA);
    expect_none();
}

/* Nothing at all is done about the change; the page was used just before and is just after. */
static void test_nothing_done(void **state) {
    boot_with_page(state);
    world_load(VA);
    uint32_t stored = kernel_store_entry(NO_PROCESS, VA, entry_small(v7(), AFTER, KERNEL_PAGE));
    uint32_t read = world_load(VA + 64);
    expect_among(FINDING_OLD_TRANSLATION, VA + 64, read, stored);
    expect_among(FINDING_WALK_MISSES, VA + 64, read, stored);
}

/* Back for a moment while the invalidation was under way: the walker may have seen it. */
static void test_back_for_a_moment(void **state) {
    boot_with_page(state);
    change(AFTER);
    world_operation(OP_TLB_PAGE, VA);
    kernel_store_entry(NO_PROCESS, VA, entry_small(v7(), BEFORE, KERNEL_PAGE));
    kernel_store_entry(NO_PROCESS, VA, entry_small(v7(), AFTER, KERNEL_PAGE));
    kernel_clean_line(ENTRY);
    barriers();
    uint32_t read = world_load(VA);
    expect_one(FINDING_OLD_TRANSLATION, VA, read, NOBODY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_no_invalidation),
        ON_BOTH(test_store_by_old_translation),
        ON_BOTH(test_fetch_by_old_translation),
        ON_BOTH(test_page_invalidated),
        ON_BOTH(test_all_invalidated),
        ON_BOTH(test_other_page_invalidated),
        ON_BOTH(test_invalidated_before_clean),
        ON_BOTH(test_invalidated_before_store),
        ON_BOTH(test_invalidated_before_drain),
        ON_CORTEX_A9(test_not_waited_for),
        ON_CORTEX_A9(test_invalidated_without_isb),
        ON_CORTEX_A9(test_isb_before_dsb),
        ON_CORTEX_A9(test_exception_instead_of_isb),
        ON_BOTH(test_unmapped_then_fault),
        ON_BOTH(test_unmapped_invalidated_then_fault),
        ON_BOTH(test_through_not_present),
        ON_BOTH(test_through_not_present_invalidated),
        ON_BOTH(test_same_entry_again),
        ON_BOTH(test_there_and_back),
        ON_BOTH(test_away_and_back),
        ON_BOTH(test_made_read_only),
        ON_BOTH(test_made_read_only_invalidated),
        ON_CORTEX_A9(test_page_under_wrong_asid),
        ON_CORTEX_A9(test_page_under_right_asid),
        ON_CORTEX_A9(test_wrong_asid),
        ON_CORTEX_A9(test_right_asid),
        ON_CORTEX_A9(test_global_page_under_any_asid),
        ON_CORTEX_A9(test_global_page_by_asid),
        ON_BOTH(test_old_entry_of_another_process),
        ON_BOTH(test_changed_from_outside),
        ON_BOTH(test_changed_before_first_use),
        ON_ARM926(test_slot_page_by_plain_address),
        ON_ARM926(test_slot_page_by_modified_address),
        ON_BOTH(test_nothing_done),
        ON_CORTEX_A9(test_back_for_a_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
