/* The cache model: from one address space to another.  ARMv5: the TLB has no tags.  ARMv7: table and ASID are two
 * registers, each takes effect at some moment up to the next barrier, and walks may be made at any time.
 */
#include "cachecheck_kernel.h"

#define USER  (ARENA_VA + 0x2000u) /* mapped in both processes, to different frames */
#define OTHER (ARENA_VA + 0x3000u)

static uint32_t table_value(unsigned process) {
    return (process == NO_PROCESS ? KERNEL_TABLE : PROCESS_TABLE(process)) | (world.cpu->v7 ? 0x4a : 0);
}

static void dsb_isb(void) {
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
}

/* Process 0 is current; both have pages. */
static void boot_two(void **state) {
    kernel_boot(*state);
    kernel_map(0, USER, FRAME(0), USER_PAGE);
    kernel_map(1, OTHER, FRAME(1), USER_PAGE);
    kernel_switch(0);
    world_load(USER);
}

static void test_back_and_forth(void **state) {
    boot_two(state);
    for (unsigned i = 0; i < 3; i++) {
        kernel_switch(1);
        world_load(OTHER);
        world_store(OTHER, i);
        kernel_switch(NO_PROCESS);
        kernel_switch(0);
        world_load(USER);
    }
    expect_none();
}

/* ARMv5. */
static void test_table_without_invalidation(void **state) {
    boot_two(state);
    world_operation(OP_FCSE, kernel.id[1] << 25);
    world_operation(OP_TTBR0, table_value(1));
    world_load(STATIC(FRAME(7)));
    expect_none();
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_ASID_REUSED, OTHER, read, NOBODY);
}

static void test_table_then_invalidation(void **state) {
    boot_two(state);
    world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_FCSE, kernel.id[1] << 25);
    world_operation(OP_TLB_ALL, 0);
    world_load(OTHER);
    expect_none();
}

static void test_invalidation_is_late(void **state) {
    boot_two(state);
    world_operation(OP_FCSE, kernel.id[1] << 25);
    world_operation(OP_TTBR0, table_value(1));
    uint32_t read = world_load(OTHER);
    world_operation(OP_TLB_ALL, 0);
    world_load(OTHER);
    expect_one(FINDING_ASID_REUSED, OTHER, read, NOBODY);
}

/* With the MMU off nothing is walked: an invalidation then is one of the current table, too. */
static void change_with_mmu_off(void **state, bool invalidate) {
    boot_two(state);
    uint32_t on = world.registers.sctlr;
    world_operation(OP_SCTLR, on & ~(SCTLR_M | SCTLR_C));
    if (invalidate) {
        world_operation(OP_TLB_ALL, 0);
    }
    world_operation(OP_FCSE, kernel.id[1] << 25);
    world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_SCTLR, on);
}

static void test_table_with_mmu_off(void **state) {
    change_with_mmu_off(state, true);
    world_load(OTHER);
    expect_none();
}

static void test_table_with_mmu_off_without_invalidation(void **state) {
    change_with_mmu_off(state, false);
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_ASID_REUSED, OTHER, read, NOBODY);
}

/* ARMv7: by the empty table, step by step as the kernel does it. */
static void test_by_the_empty_table(void **state) {
    boot_two(state);
    world_operation(OP_TTBR0, table_value(NO_PROCESS));
    world_operation(OP_ISB, 0);
    world_operation(OP_DSB, 0);
    world_operation(OP_CONTEXTIDR, kernel.id[1]);
    world_operation(OP_ISB, 0);
    world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_ISB, 0);
    world_load(OTHER);
    kernel_switch(0);
    world_load(USER);
    expect_none();
}

/* Exceptions do what barriers do. */
static void test_by_the_empty_table_with_exceptions(void **state) {
    boot_two(state);
    world_operation(OP_TTBR0, table_value(NO_PROCESS));
    world_exception();
    world_operation(OP_CONTEXTIDR, kernel.id[1]);
    world_exception();
    world_operation(OP_TTBR0, table_value(1));
    world_exception();
    world_load(OTHER);
    kernel_switch(0);
    world_load(USER);
    expect_none();
}

/* The old table under the new number. */
static void test_asid_first(void **state) {
    boot_two(state);
    world_operation(OP_CONTEXTIDR, kernel.id[1]);
    world_operation(OP_ISB, 0);
    world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_ISB, 0);
    world_load(STATIC(FRAME(7)));
    expect_none();
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_ASID_REUSED, OTHER, read, NOBODY);
}

/* The new table under the old number: who comes back meets it. */
static void test_table_first(void **state) {
    boot_two(state);
    world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_ISB, 0);
    world_operation(OP_CONTEXTIDR, kernel.id[1]);
    world_operation(OP_ISB, 0);
    world_load(OTHER);
    expect_none();
    kernel_switch(0);
    uint32_t read = world_load(USER);
    expect_one(FINDING_ASID_REUSED, USER, read, NOBODY);
}

static void test_both_at_once(void **state) {
    boot_two(state);
    world_operation(OP_CONTEXTIDR, kernel.id[1]);
    world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_ASID_REUSED, OTHER, read, NOBODY);
}

/* No barrier behind the empty table: the old one may be in effect still when the number changes. */
static void test_empty_table_without_isb(void **state) {
    boot_two(state);
    world_operation(OP_TTBR0, table_value(NO_PROCESS));
    world_operation(OP_CONTEXTIDR, kernel.id[1]);
    world_operation(OP_ISB, 0);
    world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_ISB, 0);
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_ASID_REUSED, OTHER, read, NOBODY);
}

/* No barrier behind the number: the new table may be in effect under the old one. */
static void test_number_without_isb(void **state) {
    boot_two(state);
    world_operation(OP_TTBR0, table_value(NO_PROCESS));
    world_operation(OP_ISB, 0);
    world_operation(OP_CONTEXTIDR, kernel.id[1]);
    world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_ISB, 0);
    world_load(OTHER);
    expect_none();
    kernel_switch(0);
    uint32_t read = world_load(USER);
    expect_one(FINDING_ASID_REUSED, USER, read, NOBODY);
}

/* What came into the TLB on the way can be thrown out. */
static void naive_then(void **state, enum operation operation, uint32_t value) {
    boot_two(state);
    world_operation(OP_CONTEXTIDR, kernel.id[1]);
    world_operation(OP_ISB, 0);
    world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_ISB, 0);
    world_operation(operation, value);
    dsb_isb();
    world_load(OTHER);
}

static void test_naive_then_all(void **state) {
    naive_then(state, OP_TLB_ALL, 0);
    expect_none();
}

static void test_naive_then_asid(void **state) {
    naive_then(state, OP_TLB_ASID, 2);
    expect_none();
}

static void test_naive_then_wrong_asid(void **state) {
    naive_then(state, OP_TLB_ASID, 1);
    assert_int_equal(model_finding_count(), 1);
    assert_int_equal(model_finding(0)->kind, FINDING_ASID_REUSED);
}

/* The last barrier of the switch is missing. */
static void test_table_without_isb(void **state) {
    boot_two(state);
    world_operation(OP_TTBR0, table_value(NO_PROCESS));
    world_operation(OP_ISB, 0);
    world_operation(OP_CONTEXTIDR, kernel.id[1]);
    world_operation(OP_ISB, 0);
    uint32_t wrote = world_operation(OP_TTBR0, table_value(1));
    world_load(STATIC(FRAME(7)));
    expect_none();
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_NO_BARRIER, OTHER, read, wrote);
}

static void test_number_last_without_isb(void **state) {
    kernel_boot(*state);
    kernel_map(1, OTHER, FRAME(1), USER_PAGE);
    world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_ISB, 0);
    uint32_t wrote = world_operation(OP_CONTEXTIDR, kernel.id[1]);
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_NO_BARRIER, OTHER, read, wrote);
}

static void test_split_without_isb(void **state) {
    boot_two(state);
    uint32_t wrote = world_operation(OP_TTBCR, 1);
    uint32_t read = world_load(USER);
    expect_one(FINDING_NO_BARRIER, USER, read, wrote);
}

/* A DSB is no ISB. */
static void test_table_with_dsb(void **state) {
    boot_two(state);
    world_operation(OP_TTBR0, table_value(NO_PROCESS));
    world_operation(OP_ISB, 0);
    world_operation(OP_CONTEXTIDR, kernel.id[1]);
    world_operation(OP_ISB, 0);
    uint32_t wrote = world_operation(OP_TTBR0, table_value(1));
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_NO_BARRIER, OTHER, read, wrote);
}

/* A number is given to a second process: the end of a generation. */
enum flush { FLUSH_NONE, FLUSH_EARLY, FLUSH_UNFINISHED, FLUSH_AND_BACK, FLUSH_ALL, FLUSH_NUMBER };

static void number_again(void **state, enum flush flush) {
    boot_two(state);
    kernel_process(2, kernel.id[0]);
    kernel_map(2, OTHER, FRAME(2), USER_PAGE);
    if (flush == FLUSH_EARLY) {
        world_operation(OP_TLB_ALL, 0);
        dsb_isb();
    }
    world_operation(OP_TTBR0, table_value(NO_PROCESS));
    world_operation(OP_ISB, 0);
    if (flush == FLUSH_ALL || flush == FLUSH_NUMBER) {
        world_operation(flush == FLUSH_ALL ? OP_TLB_ALL : OP_TLB_ASID, flush == FLUSH_ALL ? 0 : kernel.id[0]);
        dsb_isb();
    }
    if (flush == FLUSH_UNFINISHED) {
        world_operation(OP_TLB_ALL, 0);
        world_operation(OP_ISB, 0);
    }
    if (flush == FLUSH_AND_BACK) {
        world_operation(OP_TLB_ALL, 0);
        world_operation(OP_TTBR0, table_value(0));
        world_operation(OP_ISB, 0);
        world_operation(OP_TTBR0, table_value(NO_PROCESS));
        dsb_isb();
    }
    world_operation(OP_CONTEXTIDR, kernel.id[2]);
    world_operation(OP_ISB, 0);
    world_operation(OP_TTBR0, table_value(2));
    world_operation(OP_ISB, 0);
}

static void test_number_again(void **state) {
    number_again(state, FLUSH_NONE);
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_ASID_REUSED, OTHER, read, NOBODY);
}

static void test_number_again_flushed(void **state) {
    number_again(state, FLUSH_ALL);
    world_load(OTHER);
    expect_none();
}

static void test_number_again_its_entries_flushed(void **state) {
    number_again(state, FLUSH_NUMBER);
    world_load(OTHER);
    expect_none();
}

/* While the old table was still current: entries come back. */
static void test_number_again_flushed_too_early(void **state) {
    number_again(state, FLUSH_EARLY);
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_ASID_REUSED, OTHER, read, NOBODY);
}

/* A process that ended before its number did: nothing of it is left, neither pages nor tables. */
static void process_ends(void) {
    static const uint32_t addresses[] = {0, ARENA_VA};
    kernel_unmap(0, USER, false);
    for (unsigned i = 0; i < 2; i++) {
        uint32_t at = PROCESS_TABLE(0) + (addresses[i] >> 20) * 4;
        world_store(STATIC(at), 0);
        kernel_publish(at, 4);
        kernel_tlb_page(0, addresses[i]);
    }
}

static void test_number_again_of_an_empty_process(void **state) {
    boot_two(state);
    process_ends();
    kernel_process(2, kernel.id[0]);
    kernel_map(2, USER, FRAME(2), USER_PAGE);
    kernel_switch(2);
    world_load(USER);
    expect_none();
}

/* More processes than numbers, a generation after the other. */
static void test_generations(void **state) {
    unsigned next = 3;
    kernel_boot(*state);
    for (unsigned i = 0; i < 40; i++) {
        unsigned process = i % PROCESSES;
        kernel_switch(NO_PROCESS);
        if (next > 6) {
            world_operation(OP_TLB_ALL, 0);
            dsb_isb();
            next = 3;
        }
        kernel_process(process, next++);
        kernel_map(process, OTHER, FRAME(process), USER_PAGE);
        kernel_switch(process);
        world_load(OTHER);
        world_store(OTHER, i);
    }
    expect_none();
}

static void test_number_again_flush_not_waited_for(void **state) {
    number_again(state, FLUSH_UNFINISHED);
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_NO_BARRIER, OTHER, read, NOBODY);
}

/* The old process was back before the invalidation was complete. */
static void test_number_again_flushed_and_back(void **state) {
    number_again(state, FLUSH_AND_BACK);
    uint32_t read = world_load(OTHER);
    expect_one(FINDING_ASID_REUSED, OTHER, read, NOBODY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_back_and_forth),
        ON_ARM926(test_table_without_invalidation),
        ON_ARM926(test_table_then_invalidation),
        ON_ARM926(test_invalidation_is_late),
        ON_ARM926(test_table_with_mmu_off),
        ON_ARM926(test_table_with_mmu_off_without_invalidation),
        ON_CORTEX_A9(test_by_the_empty_table),
        ON_CORTEX_A9(test_by_the_empty_table_with_exceptions),
        ON_CORTEX_A9(test_asid_first),
        ON_CORTEX_A9(test_table_first),
        ON_CORTEX_A9(test_both_at_once),
        ON_CORTEX_A9(test_empty_table_without_isb),
        ON_CORTEX_A9(test_number_without_isb),
        ON_CORTEX_A9(test_naive_then_all),
        ON_CORTEX_A9(test_naive_then_asid),
        ON_CORTEX_A9(test_naive_then_wrong_asid),
        ON_CORTEX_A9(test_table_without_isb),
        ON_CORTEX_A9(test_number_last_without_isb),
        ON_CORTEX_A9(test_split_without_isb),
        ON_CORTEX_A9(test_table_with_dsb),
        ON_CORTEX_A9(test_number_again),
        ON_CORTEX_A9(test_number_again_flushed),
        ON_CORTEX_A9(test_number_again_its_entries_flushed),
        ON_CORTEX_A9(test_number_again_flushed_too_early),
        ON_CORTEX_A9(test_number_again_of_an_empty_process),
        ON_CORTEX_A9(test_generations),
        ON_CORTEX_A9(test_number_again_flush_not_waited_for),
        ON_CORTEX_A9(test_number_again_flushed_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
