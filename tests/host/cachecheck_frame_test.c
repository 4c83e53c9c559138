/* The cache model: frames and the addresses that caches know them by.  Virtually tagged caches (ARM926): two addresses
 * of one frame, two frames at one address after another, FCSE slots.  The Cortex-A9 has none of these hazards with
 * data.
 */
#include "cachecheck_kernel.h"

#define A  (WINDOW_VA + 0x4000u)
#define B  (WINDOW_VA + 0x9000u)
#define FA FRAME(0)

/* A and B are two cached addresses of one frame. */
static void boot_with_alias(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, A, FA, KERNEL_PAGE);
    kernel_map(NO_PROCESS, B, FA, KERNEL_PAGE);
}

static void expect_on_arm926(enum finding_kind kind, uint32_t va, uint32_t pc, uint32_t other_pc) {
    if (world.cpu->v7) {
        expect_none();
    } else {
        expect_one(kind, va, pc, other_pc);
    }
}

static void test_alias_read_after_store(void **state) {
    boot_with_alias(state);
    uint32_t stored = world_store(A, 1);
    uint32_t read = world_load(B);
    expect_on_arm926(FINDING_UNWRITTEN_READ, B, read, stored);
}

static void test_alias_read_after_clean(void **state) {
    boot_with_alias(state);
    world_store(A, 1);
    world_operation(OP_DATA_CLEAN, A);
    world_operation(OP_DSB, 0);
    world_load(B);
    expect_none();
}

/* A line under the other address is not what was cleaned. */
static void test_alias_wrong_address_cleaned(void **state) {
    boot_with_alias(state);
    uint32_t stored = world_store(A, 1);
    world_operation(OP_DATA_CLEAN, B);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(B);
    expect_on_arm926(FINDING_UNWRITTEN_READ, B, read, stored);
}

static void test_alias_stale(void **state) {
    boot_with_alias(state);
    world_load(A);
    uint32_t stored = world_store(B, 1);
    world_operation(OP_DATA_CLEAN, B);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(A);
    expect_on_arm926(FINDING_STALE_READ, A, read, stored);
}

static void test_alias_stale_invalidated(void **state) {
    boot_with_alias(state);
    world_load(A);
    world_store(B, 1);
    world_operation(OP_DATA_CLEAN, B);
    world_operation(OP_DSB, 0);
    world_operation(OP_DATA_CLEAN_INVALIDATE, A);
    world_load(A);
    expect_none();
}

/* Of a line that is stale in one byte under A, the others are read. */
static void test_alias_stale_byte(void **state) {
    boot_with_alias(state);
    world_load(A);
    uint32_t stored = world_store_bytes(B + 1, 1, 1);
    world_operation(OP_DATA_CLEAN, B);
    world_operation(OP_DSB, 0);
    world_load_bytes(A, 1);
    world_load_bytes(A + 2, 2);
    world_load(A + 28);
    expect_none();
    uint32_t read = world_load_bytes(A + 1, 1);
    expect_on_arm926(FINDING_STALE_READ, A + 1, read, stored);
}

static void test_alias_overwrites(void **state) {
    boot_with_alias(state);
    uint32_t stored = world_store(A, 1);
    uint32_t over = world_store(B + 4, 2);
    expect_on_arm926(FINDING_OVERWRITE, B + 4, over, stored);
}

static void test_alias_store_after_clean(void **state) {
    boot_with_alias(state);
    world_store(A, 1);
    world_operation(OP_DATA_CLEAN_INVALIDATE, A);
    world_operation(OP_DSB, 0);
    world_store(B + 4, 2);
    world_operation(OP_DATA_CLEAN_INVALIDATE, B);
    world_operation(OP_DSB, 0);
    world_load(A + 4);
    world_load(B);
    expect_none();
}

/* Read-only aliases are harmless, as with ROM. */
static void test_alias_only_read(void **state) {
    boot_with_alias(state);
    world_load(A);
    world_load(B);
    world_load(STATIC(FA));
    world_load(A);
    expect_none();
}

static void test_frame_leaves_by_static_address(void **state) {
    boot_with_alias(state);
    uint32_t stored = world_store(STATIC(FA), 1);
    uint32_t read = world_load(A);
    expect_on_arm926(FINDING_UNWRITTEN_READ, A, read, stored);
}

/* One window address, two frames: all but the flush of the lines. */
static void test_another_frame(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, A, FA, KERNEL_PAGE);
    world_load(A);
    kernel_store_entry(NO_PROCESS, A, 0);
    kernel_publish(kernel_entry(NO_PROCESS, A), 4);
    kernel_tlb_page(NO_PROCESS, A);
    kernel_map(NO_PROCESS, A, FRAME(1), KERNEL_PAGE);
    world_load(A + LINE);
    expect_none();
    uint32_t read = world_load(A + 4);
    expect_on_arm926(FINDING_OLD_FRAME, A + 4, read, NOBODY);
}

static void test_another_frame_stored_to(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, A, FA, KERNEL_PAGE);
    world_load(A);
    kernel_change(NO_PROCESS, A, FRAME(1), KERNEL_PAGE);
    uint32_t stored = world_store(A, 1);
    expect_on_arm926(FINDING_OLD_FRAME, A, stored, NOBODY);
}

static void test_another_frame_after_flush(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, A, FA, KERNEL_PAGE);
    world_store(A, 1);
    kernel_unmap(NO_PROCESS, A, false);
    kernel_map(NO_PROCESS, A, FRAME(1), KERNEL_PAGE);
    world_load(A);
    world_store(A, 1);
    world_load(STATIC(FA));
    expect_none();
}

/* Cleaning alone leaves the line where it is. */
static void test_another_frame_only_cleaned(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, A, FA, KERNEL_PAGE);
    world_store(A, 1);
    world_operation(OP_DATA_CLEAN, A);
    world_operation(OP_DSB, 0);
    kernel_change(NO_PROCESS, A, FRAME(1), KERNEL_PAGE);
    uint32_t read = world_load(A);
    expect_on_arm926(FINDING_OLD_FRAME, A, read, NOBODY);
}

static void test_another_frame_other_line_flushed(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, A, FA, KERNEL_PAGE);
    world_load(A);
    kernel_lines_leave(A + LINE, SMALL_BYTES - LINE, false);
    kernel_change(NO_PROCESS, A, FRAME(1), KERNEL_PAGE);
    uint32_t read = world_load(A);
    expect_on_arm926(FINDING_OLD_FRAME, A, read, NOBODY);
}

/* The same frame again at the same address: its lines are still right. */
static void test_same_frame_again(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, A, FA, KERNEL_PAGE);
    world_store(A, 1);
    kernel_change(NO_PROCESS, A, FRAME(1), KERNEL_PAGE);
    kernel_change(NO_PROCESS, A, FA, KERNEL_PAGE);
    world_load(A);
    expect_none();
}

/* A page that is not cached does not look into the cache, or so we hope; the frame's own dirty lines are what counts.
 */
static void test_dirty_line_of_a_lost_address(void **state) {
    kernel_boot(*state);
    kernel_map(NO_PROCESS, A, FA, KERNEL_PAGE);
    uint32_t stored = world_store(A, 1);
    kernel_store_entry(NO_PROCESS, A, 0);
    kernel_publish(kernel_entry(NO_PROCESS, A), 4);
    kernel_tlb_page(NO_PROCESS, A);
    uint32_t read = world_load(STATIC(FA));
    expect_on_arm926(FINDING_UNWRITTEN_READ, STATIC(FA), read, stored);
}

/* An arena address that two processes share, then gets another section. */
static void test_arena_without_flush(void **state) {
    kernel_boot(*state);
    kernel_map(0, ARENA_VA, FA, USER_PAGE);
    kernel_map(1, ARENA_VA, FA, USER_PAGE);
    kernel_switch(0);
    world_store(ARENA_VA, 1);
    kernel_switch(1);
    world_load(ARENA_VA);
    kernel_store_entry(0, ARENA_VA, 0);
    kernel_publish(kernel_entry(0, ARENA_VA), 4);
    kernel_tlb_page(0, ARENA_VA);
    kernel_change(1, ARENA_VA, FRAME(1), USER_PAGE);
    expect_none();
    uint32_t read = world_load(ARENA_VA);
    if (world.cpu->v7) {
        expect_none();
    } else {
        expect_one(FINDING_OLD_FRAME, ARENA_VA, read, NOBODY);
    }
}

static void test_arena_with_flush(void **state) {
    kernel_boot(*state);
    kernel_map(0, ARENA_VA, FA, USER_PAGE);
    kernel_map(1, ARENA_VA, FA, USER_PAGE);
    kernel_switch(0);
    world_store(ARENA_VA, 1);
    kernel_switch(1);
    world_load(ARENA_VA);
    kernel_unmap(0, ARENA_VA, false);
    kernel_unmap(1, ARENA_VA, false);
    kernel_map(1, ARENA_VA, FRAME(1), USER_PAGE);
    world_load(ARENA_VA);
    kernel_switch(0);
    kernel_map(0, ARENA_VA, FRAME(1), USER_PAGE);
    world_store(ARENA_VA, 2);
    kernel_switch(1);
    world_load(ARENA_VA);
    expect_none();
}

/* The same address in two slots: two modified addresses. */
static void test_slots(void **state) {
    kernel_boot(*state);
    kernel_map(0, PRIVATE_VA, FRAME(0), USER_PAGE);
    kernel_map(1, PRIVATE_VA, FRAME(1), USER_PAGE);
    for (uint32_t i = 0; i < 3; i++) {
        kernel_switch(0);
        world_store(PRIVATE_VA + 4 * i, i);
        world_load(PRIVATE_VA);
        kernel_switch(1);
        world_load(PRIVATE_VA);
        world_store(PRIVATE_VA + 4 * i, i);
    }
    expect_none();
}

/* A frame goes from one slot to the other without a flush. */
static void test_frame_between_slots(void **state) {
    kernel_boot(*state);
    kernel_map(0, PRIVATE_VA, FA, USER_PAGE);
    kernel_switch(0);
    uint32_t stored = world_store(PRIVATE_VA, 1);
    kernel_store_entry(0, PRIVATE_VA, 0);
    kernel_publish(kernel_entry(0, PRIVATE_VA), 4);
    kernel_tlb_page(0, PRIVATE_VA);
    kernel_map(1, PRIVATE_VA, FA, USER_PAGE);
    kernel_switch(1);
    uint32_t read = world_load(PRIVATE_VA);
    expect_on_arm926(FINDING_UNWRITTEN_READ, PRIVATE_VA, read, stored);
}

static void test_frame_between_slots_flushed(void **state) {
    kernel_boot(*state);
    kernel_map(0, PRIVATE_VA, FA, USER_PAGE);
    kernel_switch(0);
    world_store(PRIVATE_VA, 1);
    kernel_unmap(0, PRIVATE_VA, false);
    kernel_map(1, PRIVATE_VA, FA, USER_PAGE);
    kernel_switch(1);
    world_load(PRIVATE_VA);
    expect_none();
}

/* The address without the slot's number names another line. */
static void test_flush_without_slot(void **state) {
    kernel_boot(*state);
    kernel_map(0, PRIVATE_VA, FA, USER_PAGE);
    kernel_switch(0);
    uint32_t stored = world_store(PRIVATE_VA, 1);
    world_operation(OP_DATA_CLEAN_INVALIDATE, PRIVATE_VA);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(STATIC(FA));
    expect_on_arm926(FINDING_UNWRITTEN_READ, STATIC(FA), read, stored);
}

/* A slot's number is given to a new process; the caches still have lines of the old one's. */
static void slot_again(bool flush) {
    kernel_map(0, PRIVATE_VA, FRAME(0), USER_PAGE);
    kernel_switch(0);
    world_store(PRIVATE_VA, 1);
    kernel_switch(NO_PROCESS);
    if (flush) {
        kernel_flush_all();
    }
    kernel_process(2, kernel.id[0]);
    kernel_map(2, PRIVATE_VA, FRAME(1), USER_PAGE);
    kernel_switch(2);
}

static void test_slot_again(void **state) {
    kernel_boot(*state);
    slot_again(false);
    uint32_t read = world_load(PRIVATE_VA);
    expect_one(FINDING_OLD_FRAME, PRIVATE_VA, read, NOBODY);
}

static void test_slot_again_after_flush(void **state) {
    kernel_boot(*state);
    slot_again(true);
    world_load(PRIVATE_VA);
    world_load(STATIC(FRAME(0)));
    expect_none();
}

/* A line that came with what memory had before the other address was cleaned. */
static void test_alias_filled_too_early(void **state) {
    boot_with_alias(state);
    uint32_t stored = world_store(A, 1);
    world_load(B + 4);
    world_operation(OP_DATA_CLEAN, A);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(B);
    expect_on_arm926(FINDING_STALE_READ, B, read, stored);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_alias_read_after_store),
        ON_BOTH(test_alias_read_after_clean),
        ON_BOTH(test_alias_wrong_address_cleaned),
        ON_BOTH(test_alias_stale),
        ON_BOTH(test_alias_stale_invalidated),
        ON_BOTH(test_alias_stale_byte),
        ON_BOTH(test_alias_overwrites),
        ON_BOTH(test_alias_store_after_clean),
        ON_BOTH(test_alias_only_read),
        ON_BOTH(test_frame_leaves_by_static_address),
        ON_BOTH(test_another_frame),
        ON_BOTH(test_another_frame_stored_to),
        ON_BOTH(test_another_frame_after_flush),
        ON_BOTH(test_another_frame_only_cleaned),
        ON_BOTH(test_another_frame_other_line_flushed),
        ON_BOTH(test_same_frame_again),
        ON_BOTH(test_dirty_line_of_a_lost_address),
        ON_BOTH(test_arena_without_flush),
        ON_BOTH(test_arena_with_flush),
        ON_BOTH(test_slots),
        ON_BOTH(test_frame_between_slots),
        ON_BOTH(test_frame_between_slots_flushed),
        ON_ARM926(test_flush_without_slot),
        ON_ARM926(test_slot_again),
        ON_ARM926(test_slot_again_after_flush),
        ON_BOTH(test_alias_filled_too_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
