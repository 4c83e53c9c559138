/* The cache model: flash memory that changes by commands.  What an erase block holds is another way of storing for all
 * copies of the bytes that differ. */
#include "cachecheck_kernel.h"

#include <string.h>

#define WHERE 0x41000u /* in the second block */

static void test_program_then_read(void **state) {
    kernel_boot(*state);
    world_load(FLASH_VA + WHERE);
    uint32_t changed = world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE, 1, 0x12345678);
    uint32_t read = world_load(FLASH_VA + WHERE);
    expect_one(FINDING_STALE_READ, FLASH_VA + WHERE, read, changed);
}

static void test_program_invalidate_read(void **state) {
    kernel_boot(*state);
    world_load(FLASH_VA + WHERE);
    world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE, 1, 0x12345678);
    world_operation(OP_DSB, 0);
    world_operation(OP_DATA_INVALIDATE, FLASH_VA + WHERE);
    world_operation(OP_DSB, 0);
    world_load(FLASH_VA + WHERE);
    expect_none();
}

/* Before the command: a CPU that speculates has loaded it again. */
static void test_invalidate_program_read(void **state) {
    kernel_boot(*state);
    world_load(FLASH_VA + WHERE);
    world_operation(OP_DATA_INVALIDATE, FLASH_VA + WHERE);
    world_operation(OP_DSB, 0);
    uint32_t changed = world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE, 1, 0x12345678);
    uint32_t read = world_load(FLASH_VA + WHERE);
    if (world.cpu->v7) {
        expect_one(FINDING_STALE_READ, FLASH_VA + WHERE, read, changed);
    } else {
        expect_none();
    }
}

/* Commands that change nothing; bytes that stay as they were beside others that change. */
static void test_nothing_changes(void **state) {
    kernel_boot(*state);
    world_load(FLASH_VA + WHERE);
    world_store(COMMAND_VA + WHERE, 0x00700070);
    world_store(COMMAND_VA + WHERE, 0x00ff00ff);
    world_load(FLASH_VA + WHERE);
    world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE + 4, 1, 0x0fffffff); /* its last byte changes */
    world_load(FLASH_VA + WHERE);
    world_load(FLASH_VA + WHERE + 8);
    world_load_bytes(FLASH_VA + WHERE + 4, 2);
    world_load_bytes(FLASH_VA + WHERE + 6, 1);
    expect_none();
}

static void test_one_byte_changes(void **state) {
    kernel_boot(*state);
    world_load(FLASH_VA + WHERE);
    uint32_t changed = world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE, 1, 0x0fffffff);
    uint32_t read = world_load_bytes(FLASH_VA + WHERE + 3, 1);
    expect_one(FINDING_STALE_READ, FLASH_VA + WHERE + 3, read, changed);
}

/* A command at one end of a block changes all of it. */
static void test_erase(void **state) {
    uint32_t last = FLASH_BLOCK * 2 - 4;
    kernel_boot(*state);
    world_flash(COMMAND_VA + WHERE, FLASH_PA + last, 1, 0);
    world_operation(OP_DSB, 0);
    world_operation(OP_DATA_INVALIDATE, FLASH_VA + last);
    world_operation(OP_DSB, 0);
    world_load(FLASH_VA + last);
    uint32_t changed = world_flash(COMMAND_VA + FLASH_BLOCK, FLASH_PA + last, 1, UINT32_MAX);
    expect_none();
    uint32_t read = world_load(FLASH_VA + last);
    expect_one(FINDING_STALE_READ, FLASH_VA + last, read, changed);
}

/* Programmed and put back before anyone looked: copies from in between may be there. */
static void test_changed_and_back(void **state) {
    kernel_boot(*state);
    world_load(FLASH_VA + WHERE);
    world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE, 1, 0);
    world_load(FLASH_VA + WHERE + 2 * LINE);
    uint32_t back = world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE, 1, UINT32_MAX);
    uint32_t read = world_load(FLASH_VA + WHERE);
    expect_one(FINDING_STALE_READ, FLASH_VA + WHERE, read, back);
}

/* A second mapping of the flash, as a view of a file has. */
static void test_view_of_flash(void **state) {
    kernel_boot(*state);
    kernel_map(0, ARENA_VA, FLASH_PA + WHERE, USER_PAGE | MAP_READ_ONLY);
    kernel_switch(0);
    world_load(ARENA_VA);
    world_load(FLASH_VA + WHERE);
    uint32_t changed = world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE, 1, 0);
    world_operation(OP_DSB, 0);
    world_operation(OP_DATA_INVALIDATE, FLASH_VA + WHERE);
    world_operation(OP_DSB, 0);
    world_load(FLASH_VA + WHERE);
    expect_none();
    uint32_t read = world_load(ARENA_VA);
    if (world.cpu->v7) {
        expect_none(); /* one line for both addresses */
    } else {
        expect_one(FINDING_STALE_READ, ARENA_VA, read, changed);
    }
}

static void test_code_in_flash(void **state) {
    kernel_boot(*state);
    world_fetch(FLASH_VA + WHERE);
    uint32_t changed = world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE, 1, 0);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_fetch(FLASH_VA + WHERE);
    expect_one(FINDING_FETCH_STALE, FLASH_VA + WHERE, FLASH_VA + WHERE, changed);
}

static void test_code_in_flash_invalidated(void **state) {
    kernel_boot(*state);
    world_fetch(FLASH_VA + WHERE);
    world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE, 1, 0);
    world_operation(OP_DSB, 0);
    world_operation(OP_FETCH_INVALIDATE, FLASH_VA + WHERE);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_fetch(FLASH_VA + WHERE);
    expect_none();
}

/* What was there before the start is no change. */
static void found_in_flash(void) {
    memset(world_bytes(FLASH_PA + WHERE), 0x11, 256);
    memset(world_bytes(RAM_PA + SECTION_BYTES), 0x11, 256);
}

static void test_found_in_flash(void **state) {
    world_contents = found_in_flash;
    kernel_boot(*state);
    world_contents = NULL;
    world_load(FLASH_VA + WHERE);
    world_store(COMMAND_VA + WHERE, 0x00700070);
    world_load(FLASH_VA + WHERE);
    expect_none();
    uint32_t changed = world_flash(COMMAND_VA + WHERE, FLASH_PA + WHERE + 4, 1, 0x11111122);
    world_load(FLASH_VA + WHERE);
    world_load_bytes(FLASH_VA + WHERE + 5, 1);
    expect_none();
    uint32_t read = world_load_bytes(FLASH_VA + WHERE + 4, 1);
    expect_one(FINDING_STALE_READ, FLASH_VA + WHERE + 4, read, changed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_program_then_read),       ON_BOTH(test_program_invalidate_read),
        ON_BOTH(test_invalidate_program_read), ON_BOTH(test_nothing_changes),
        ON_BOTH(test_one_byte_changes),        ON_BOTH(test_erase),
        ON_CORTEX_A9(test_changed_and_back),   ON_BOTH(test_view_of_flash),
        ON_BOTH(test_code_in_flash),           ON_BOTH(test_code_in_flash_invalidated),
        ON_BOTH(test_found_in_flash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
