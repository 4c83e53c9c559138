/* The cache model: RAM as power-up leaves it.  The emulator has zeroes where hardware has anything, so that nothing may
 * be read, executed or walked that was never stored to.
 */
#include "cachecheck_kernel.h"

#define PA FRAME(3)
#define VA STATIC(PA)

static void expect_blank(uint32_t va, uint32_t pc) {
    expect_one(FINDING_NEVER_STORED, va, pc, NOBODY);
}

/* MMU and caches off. */
static void reset(void **state) {
    world_undefined = true;
    world_reset(*state);
}

/* A kernel that clears its tables. */
static void boot(void **state) {
    reset(state);
    for (uint32_t at = KERNEL_TABLE; at < KERNEL_TABLE + 0x30000; at += 4) {
        world_store(at, 0);
    }
    kernel_boot_again();
    expect_none();
}

static int all_defined(void **state) {
    (void)state;
    world_undefined = false;
    world_contents = NULL;
    return 0;
}

static void test_load_flat(void **state) {
    reset(state);
    expect_blank(PA, world_load(PA));
}

static void test_load_cached(void **state) {
    boot(state);
    expect_blank(VA, world_load(VA));
}

static void test_load_uncached(void **state) {
    boot(state);
    expect_blank(UNCACHED(PA), world_load(UNCACHED(PA)));
}

static void test_stored(void **state) {
    boot(state);
    world_store(VA, 0);
    world_load(VA);
    world_store_bytes(VA + LINE - 4, 0, 8);
    world_load(VA + LINE - 4);
    world_load(VA + LINE);
    expect_none();
}

static void test_stored_another_way(void **state) {
    boot(state);
    world_store(UNCACHED(PA), 7);
    world_operation(OP_DSB, 0);
    world_restart();
    world_load(PA);
    expect_none();
}

static void test_part_of_a_word(void **state) {
    boot(state);
    world_store_bytes(VA, 1, 2);
    world_store_bytes(VA + 3, 1, 1);
    world_load_bytes(VA, 2);
    expect_none();
    expect_blank(VA, world_load(VA));
}

static void test_beside(void **state) {
    boot(state);
    world_store(VA + 4, 1);
    world_store(VA + 12, 1);
    world_store(VA + LINE + 8, 1);
    world_load(VA + 4);
    expect_none();
    expect_blank(VA + 8, world_load(VA + 8));
}

/* All of a page but one byte. */
static void test_nearly_a_page(void **state) {
    boot(state);
    for (uint32_t at = 0; at < SMALL_BYTES; at += 4) {
        world_store_bytes(VA + at, 0, at == 0x800 ? 2 : 4);
    }
    world_load(VA + 0x7fc);
    world_load_bytes(VA + 0x800, 2);
    world_load(VA + 0x804);
    expect_none();
    uint32_t stored = world_load_bytes(VA + 0x802, 1);
    expect_blank(VA + 0x802, stored);
}

static void test_fetch(void **state) {
    boot(state);
    expect_blank(VA, world_fetch(VA));
}

/* The second instruction of a line whose first one is there. */
static void test_fetch_next(void **state) {
    boot(state);
    world_store(VA, 1);
    world_operation(world.cpu->v7 ? OP_DATA_CLEAN_POU : OP_DATA_CLEAN, VA);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_fetch(VA);
    expect_none();
    expect_blank(VA + 4, world_fetch(VA + 4));
}

/* A second-level table that relies on zeroes. */
static void test_second_table(void **state) {
    uint32_t table = FRAME(4);
    boot(state);
    uint32_t entry = entry_small(world.cpu->v7, PA, KERNEL_PAGE);
    world_store(STATIC(table), entry);
    kernel_publish(table, 4);
    world_store(STATIC(KERNEL_TABLE + 0xf10 * 4), entry_table(world.cpu->v7, table));
    kernel_publish(KERNEL_TABLE + 0xf10 * 4, 4);
    world_store(0xf1000000, 1);
    expect_none();
    expect_blank(0xf1001000, world_fault(0xf1001000));
}

/* So does a first-level table. */
static void test_first_table(void **state) {
    reset(state);
    kernel_boot_again();
    expect_none();
    expect_blank(0xf8000000, world_fault(0xf8000000));
}

/* ARMv7 walks them at any time, so that a table is whole before it is in use. */
static void test_second_table_linked(void **state) {
    uint32_t table = FRAME(4);
    boot(state);
    for (uint32_t at = 0; at < 0x400; at += 4) {
        if (at != 0x304) {
            world_store(STATIC(table) + at, 0);
        }
    }
    kernel_publish(table, 0x400);
    expect_none();
    uint32_t entry = STATIC(KERNEL_TABLE + 0xf10 * 4);
    expect_one(FINDING_NEVER_STORED, NOBODY, world_store(entry, entry_table(true, table)), NOBODY);
}

static void test_second_table_linked_whole(void **state) {
    uint32_t table = FRAME(4);
    boot(state);
    for (uint32_t at = 0; at < 0x400; at += 4) {
        world_store(STATIC(table) + at, 0);
    }
    kernel_publish(table, 0x400);
    world_store(STATIC(KERNEL_TABLE + 0xf10 * 4), entry_table(true, table));
    expect_none();
}

static void test_first_table_in_effect(void **state) {
    boot(state);
    uint32_t table = FRAME(16);
    for (uint32_t at = 0; at < 0x2000; at += 4) {
        if (at != 0x1ffc) {
            world_store(STATIC(table) + at, 0);
        }
    }
    kernel_publish(table, 0x2000);
    expect_none();
    uint32_t wrote = world_operation(OP_TTBR0, table | 0x4a);
    expect_one(FINDING_NEVER_STORED, NOBODY, wrote, NOBODY);
}

/* The kernel's own, by TTBR1. */
static void test_kernel_table_in_effect(void **state) {
    reset(state);
    for (uint32_t at = KERNEL_TABLE; at < KERNEL_TABLE + 0x30000; at += 4) {
        if (at != KERNEL_TABLE + 0x3ffc) {
            world_store(at, 0);
        }
    }
    kernel_boot_again();
    expect_among(FINDING_NEVER_STORED, NOBODY, NOBODY, NOBODY);
}

static void test_reset_keeps(void **state) {
    boot(state);
    world_store(VA, 1);
    world_operation(OP_DATA_CLEAN, VA);
    world_operation(OP_DSB, 0);
    world_restart();
    world_load(PA);
    expect_none();
    expect_blank(PA + 4, world_load(PA + 4));
}

static void image(void) {
    *world_bytes(PA + 100) = 1;
}

/* A page that is not empty was loaded before the start. */
static void test_loaded(void **state) {
    world_contents = image;
    reset(state);
    world_load(PA);
    world_fetch(PA + 4);
    expect_none();
    expect_blank(PA + SMALL_BYTES, world_load(PA + SMALL_BYTES));
}

static void test_flash(void **state) {
    reset(state);
    world_load(FLASH_PA);
    world_fetch(FLASH_PA + 8);
    expect_none();
}

static void test_defined(void **state) {
    world_reset(*state);
    world_load(PA);
    expect_none();
}

#define BLANK_ON(test, cpu)                                                                                            \
    { #test " on " cpu, test, NULL, all_defined, (void *)cpu }
#define BLANK_CORTEX_A9(test) BLANK_ON(test, "cortex-a9")
#define BLANK_ARM926(test)    BLANK_ON(test, "arm926")
#define BLANK(test)           BLANK_ARM926(test), BLANK_CORTEX_A9(test)

int main(void) {
    const struct CMUnitTest tests[] = {
        BLANK(test_load_flat),
        BLANK(test_load_cached),
        BLANK(test_load_uncached),
        BLANK(test_stored),
        BLANK(test_stored_another_way),
        BLANK(test_part_of_a_word),
        BLANK(test_beside),
        BLANK(test_nearly_a_page),
        BLANK(test_fetch),
        BLANK(test_fetch_next),
        BLANK_ARM926(test_second_table),
        BLANK_ARM926(test_first_table),
        BLANK_CORTEX_A9(test_second_table_linked),
        BLANK_CORTEX_A9(test_second_table_linked_whole),
        BLANK_CORTEX_A9(test_first_table_in_effect),
        BLANK_CORTEX_A9(test_kernel_table_in_effect),
        BLANK(test_reset_keeps),
        BLANK(test_loaded),
        BLANK(test_flash),
        BLANK(test_defined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
