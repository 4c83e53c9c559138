/* The cache model: data lines against uncached accesses, and lines that are thrown away.  Both CPUs, with the
 * difference that the Cortex-A9 may load any line at any time. */
#include "cachecheck_kernel.h"

#define PAGE      STATIC(FRAME(0))
#define OTHER_WAY UNCACHED(FRAME(0))

static bool v7(void) {
    return world.cpu->v7;
}

static void test_plain_use(void **state) {
    kernel_boot(*state);
    for (uint32_t at = 0; at < 256; at += 4) {
        world_store(PAGE + at, at);
        world_load(PAGE + at);
    }
    world_load_bytes(PAGE + 3, 1);
    world_load_bytes(PAGE + 8, 8);
    world_store(UNCACHED(FRAME(1)), 1);
    world_load(UNCACHED(FRAME(1)));
    world_store(DEVICE_VA, 1);
    world_load(DEVICE_VA + 4);
    expect_none();
}

static void test_uncached_load_of_dirty(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE, 1);
    uint32_t read = world_load(OTHER_WAY);
    expect_one(FINDING_UNWRITTEN_READ, OTHER_WAY, read, stored);
}

static void test_uncached_load_of_clean(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_operation(OP_DATA_CLEAN, PAGE);
    world_operation(OP_DSB, 0);
    world_load(OTHER_WAY);
    world_store(PAGE + LINE, 1);
    world_operation(OP_DATA_CLEAN_INVALIDATE, PAGE + LINE + 28);
    world_operation(OP_DSB, 0);
    world_load(OTHER_WAY + LINE);
    expect_none();
}

/* The bytes count, not the line: the others in it are the same in memory. */
static void test_uncached_load_beside_dirty(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store_bytes(PAGE + 5, 0x77, 1);
    world_load(OTHER_WAY);
    world_load_bytes(OTHER_WAY + 6, 2);
    world_load_bytes(OTHER_WAY + 4, 1);
    expect_none();
    uint32_t read = world_load_bytes(OTHER_WAY + 5, 1);
    expect_one(FINDING_UNWRITTEN_READ, OTHER_WAY + 5, read, stored);
}

static void test_clean_of_another_line(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE, 1);
    world_operation(OP_DATA_CLEAN, PAGE + LINE);
    world_operation(OP_DATA_CLEAN, PAGE - LINE);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(OTHER_WAY);
    expect_one(FINDING_UNWRITTEN_READ, OTHER_WAY, read, stored);
}

static void test_clean_before_the_store(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_operation(OP_DATA_CLEAN, PAGE);
    world_operation(OP_DSB, 0);
    uint32_t stored = world_store(PAGE, 2);
    uint32_t read = world_load(OTHER_WAY);
    expect_one(FINDING_UNWRITTEN_READ, OTHER_WAY, read, stored);
}

/* To the point of unification: table walks and fetches see it, a device does not. */
static void test_clean_to_unification(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE, 1);
    world_operation(OP_DATA_CLEAN_POU, PAGE);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(OTHER_WAY);
    expect_one(FINDING_UNWRITTEN_READ, OTHER_WAY, read, stored);
}

static void test_clean_to_unification_then_coherency(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_operation(OP_DATA_CLEAN_POU, PAGE);
    world_operation(OP_DSB, 0);
    world_operation(OP_DATA_CLEAN, PAGE);
    world_operation(OP_DSB, 0);
    world_load(OTHER_WAY);
    expect_none();
}

static void test_stale_line(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    uint32_t stored = world_store(OTHER_WAY, 1);
    uint32_t read = world_load(PAGE);
    expect_one(FINDING_STALE_READ, PAGE, read, stored);
}

static void test_stale_line_invalidated(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    world_store(OTHER_WAY, 1);
    world_operation(OP_DSB, 0);
    world_operation(OP_DATA_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    world_load(PAGE);
    world_store(OTHER_WAY + LINE, 1);
    world_operation(OP_DSB, 0);
    world_operation(OP_DATA_CLEAN_INVALIDATE, PAGE + LINE);
    world_operation(OP_DSB, 0);
    world_load(PAGE + LINE);
    expect_none();
}

static void test_stale_line_another_invalidated(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    uint32_t stored = world_store(OTHER_WAY, 1);
    world_operation(OP_DSB, 0);
    world_operation(OP_DATA_INVALIDATE, PAGE + LINE);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(PAGE);
    expect_one(FINDING_STALE_READ, PAGE, read, stored);
}

/* Cleaning does not help: the line stays. */
static void test_stale_line_cleaned(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    uint32_t stored = world_store(OTHER_WAY, 1);
    world_operation(OP_DATA_CLEAN, PAGE);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(PAGE);
    expect_one(FINDING_STALE_READ, PAGE, read, stored);
}

/* A line that nobody loaded: only a CPU that speculates has it. */
static void test_line_never_loaded(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(OTHER_WAY, 1);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(PAGE);
    if (v7()) {
        expect_one(FINDING_STALE_READ, PAGE, read, stored);
    } else {
        expect_none();
    }
}

/* The same with the line thrown away before the store instead of after it. */
static void test_invalidated_before_the_store(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    world_operation(OP_DATA_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    uint32_t stored = world_store(OTHER_WAY, 1);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(PAGE);
    if (v7()) {
        expect_one(FINDING_STALE_READ, PAGE, read, stored);
    } else {
        expect_none();
    }
}

/* Of a word with one stale byte, only who reads that byte may go wrong. */
static void test_stale_byte(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    uint32_t stored = world_store_bytes(OTHER_WAY + 2, 0x55, 1);
    world_load_bytes(PAGE, 2);
    world_load_bytes(PAGE + 3, 1);
    world_load(PAGE + 4);
    expect_none();
    uint32_t read = world_load_bytes(PAGE + 2, 2);
    expect_one(FINDING_STALE_READ, PAGE + 2, read, stored);
}

/* Byte stores to a stale word: each byte is right from its store on. */
static void test_stale_word_overwritten_by_bytes(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    uint32_t stored = world_store(OTHER_WAY, 0x01020304);
    for (uint32_t i = 0; i < 3; i++) {
        world_store_bytes(PAGE + i, 9, 1);
        world_load_bytes(PAGE, i + 1);
    }
    expect_none();
    uint32_t read = world_load_bytes(PAGE + 3, 1);
    expect_among(FINDING_STALE_READ, PAGE + 3, read, stored);
}

/* A line that is stale in one byte and dirty in another is written back whole. */
static void test_stale_byte_of_a_dirty_line(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    world_store(OTHER_WAY, 1);
    world_store(PAGE + 4, 1);
    world_operation(OP_DATA_CLEAN_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    world_load(PAGE + 4);
    world_load(OTHER_WAY + 4);
    expect_none();
    uint32_t read = world_load(OTHER_WAY);
    expect_one(FINDING_OVERWRITE, OTHER_WAY, read, NOBODY);
}

static void test_stale_word_overwritten(void **state) {
    kernel_boot(*state);
    world_load(PAGE);
    world_store(OTHER_WAY, 0x01020304);
    world_store_bytes(PAGE, 9, 2);
    world_store_bytes(PAGE + 2, 9, 2);
    world_load(PAGE);
    expect_none();
}

/* Eight bytes: the second word is the stale one. */
static void test_stale_in_a_double_word(void **state) {
    kernel_boot(*state);
    world_load(PAGE + 8);
    uint32_t stored = world_store(OTHER_WAY + 12, 1);
    world_load(PAGE + 8);
    expect_none();
    uint32_t read = world_load_bytes(PAGE + 8, 8);
    assert_int_equal(model_finding_count(), 1);
    assert_int_equal(model_finding(0)->kind, FINDING_STALE_READ);
    assert_int_equal(model_finding(0)->pc, read);
    assert_int_equal(model_finding(0)->other_pc, stored);
}

/* Not aligned, over the end of a line. */
static void test_two_lines_at_once(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE + LINE - 2, 0x11223344);
    world_operation(OP_DATA_CLEAN, PAGE);
    world_operation(OP_DSB, 0);
    world_load_bytes(OTHER_WAY + LINE - 2, 2);
    expect_none();
    uint32_t read = world_load_bytes(OTHER_WAY + LINE, 2);
    expect_one(FINDING_UNWRITTEN_READ, OTHER_WAY + LINE, read, stored);
}

static void test_uncached_store_over_dirty(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE, 1);
    uint32_t over = world_store(OTHER_WAY, 2);
    expect_one(FINDING_OVERWRITE, OTHER_WAY, over, stored);
}

/* Lines are written back whole. */
static void test_uncached_store_beside_dirty(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE, 1);
    uint32_t over = world_store(OTHER_WAY + 16, 2);
    expect_one(FINDING_OVERWRITE, OTHER_WAY + 16, over, stored);
}

static void test_uncached_store_over_clean(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_operation(OP_DATA_CLEAN_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    world_store(OTHER_WAY, 2);
    world_store(PAGE + LINE, 1);
    world_operation(OP_DATA_CLEAN, PAGE + LINE);
    world_operation(OP_DSB, 0);
    world_store(OTHER_WAY + LINE, 2);
    expect_none();
}

static void test_dirty_thrown_away(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    uint32_t thrown = world_operation(OP_DATA_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(PAGE);
    expect_one(FINDING_LOST, PAGE, read, thrown);
}

static void test_dirty_thrown_away_then_read_uncached(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    uint32_t thrown = world_operation(OP_DATA_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    uint32_t read = world_load(OTHER_WAY);
    expect_one(FINDING_LOST, OTHER_WAY, read, thrown);
}

static void test_cleaned_then_thrown_away(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_operation(OP_DATA_CLEAN, PAGE);
    world_operation(OP_DATA_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    world_load(PAGE);
    world_store(PAGE, 2);
    world_operation(OP_DATA_CLEAN_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    world_load(PAGE);
    expect_none();
}

/* A frame that is given away unread: what it held may go; each byte counts again from its next store on. */
static void test_thrown_away_then_stored_anew(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_store(PAGE + 4, 1);
    uint32_t thrown = world_operation(OP_DATA_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    world_load(PAGE + 8);
    world_store(PAGE, 2);
    world_load(PAGE);
    world_operation(OP_DATA_CLEAN, PAGE);
    world_operation(OP_DSB, 0);
    world_load(OTHER_WAY);
    expect_none();
    uint32_t read = world_load(PAGE + 4);
    expect_one(FINDING_LOST, PAGE + 4, read, thrown);
}

static void test_thrown_away_then_stored_uncached(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_operation(OP_DATA_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    world_store(OTHER_WAY, 2);
    world_load(OTHER_WAY);
    expect_none();
}

/* The same memory by two cached addresses: one line where tags are physical. */
static void test_two_addresses_one_line(void **state) {
    uint32_t other = WINDOW_VA + 0x5000;
    kernel_boot(*state);
    kernel_map(NO_PROCESS, other, FRAME(0), KERNEL_PAGE);
    world_store(PAGE, 1);
    world_load(other);
    world_store(other, 2);
    world_load(PAGE);
    world_operation(OP_DATA_CLEAN, other);
    world_operation(OP_DSB, 0);
    world_load(OTHER_WAY);
    expect_none();
}

static void test_device_through_a_cache(void **state) {
    kernel_boot(*state);
    uint32_t read = world_load(STRAY_VA + 0x18);
    expect_one(FINDING_CACHED_DEVICE, STRAY_VA + 0x18, read, 0);
}

static void test_device_store_through_a_cache(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(STRAY_VA, 1);
    expect_one(FINDING_CACHED_DEVICE, STRAY_VA, stored, 0);
}

/* ARMv7: cleaned, and not waited for. */
static void test_clean_not_waited_for(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    uint32_t cleaned = world_operation(OP_DATA_CLEAN, PAGE);
    uint32_t read = world_load(OTHER_WAY);
    expect_one(FINDING_NO_BARRIER, OTHER_WAY, read, cleaned);
}

/* The line on its way could arrive behind the store. */
static void test_clean_not_waited_for_by_store(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    uint32_t cleaned = world_operation(OP_DATA_CLEAN_INVALIDATE, PAGE);
    uint32_t over = world_store(OTHER_WAY, 2);
    expect_one(FINDING_NO_BARRIER, OTHER_WAY, over, cleaned);
}

/* A load over the end of a line, of which the second part is dirty. */
static void test_second_line_dirty(void **state) {
    kernel_boot(*state);
    uint32_t stored = world_store(PAGE + LINE, 1);
    uint32_t read = world_load(OTHER_WAY + LINE - 2);
    assert_int_equal(model_finding_count(), 1);
    assert_int_equal(model_finding(0)->kind, FINDING_UNWRITTEN_READ);
    assert_int_equal(model_finding(0)->pc, read);
    assert_int_equal(model_finding(0)->other_pc, stored);
}

/* What was thrown away and stored anew past the cache is as good as any. */
static void test_thrown_away_then_fetched(void **state) {
    kernel_boot(*state);
    world_store(PAGE, 1);
    world_operation(OP_DATA_INVALIDATE, PAGE);
    world_operation(OP_DSB, 0);
    world_store(OTHER_WAY, 2);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_fetch(PAGE);
    expect_none();
}

/* Write-through lines are never dirty. */
static void test_write_through(void **state) {
    uint32_t va = WINDOW_VA + 0x5000;
    kernel_boot(*state);
    kernel_map(NO_PROCESS, va, FRAME(0), MAP_THROUGH);
    world_store(va, 1);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
    world_load(OTHER_WAY);
    world_fetch(va);
    world_operation(OP_DATA_INVALIDATE, va);
    world_load(va);
    expect_none();
    world_load(va + LINE);
    uint32_t stored = world_store(OTHER_WAY + LINE, 1);
    uint32_t read = world_load(va + LINE);
    expect_one(FINDING_STALE_READ, va + LINE, read, stored);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_plain_use),
        ON_BOTH(test_uncached_load_of_dirty),
        ON_BOTH(test_uncached_load_of_clean),
        ON_BOTH(test_uncached_load_beside_dirty),
        ON_BOTH(test_clean_of_another_line),
        ON_BOTH(test_clean_before_the_store),
        ON_CORTEX_A9(test_clean_to_unification),
        ON_CORTEX_A9(test_clean_to_unification_then_coherency),
        ON_BOTH(test_stale_line),
        ON_BOTH(test_stale_line_invalidated),
        ON_BOTH(test_stale_line_another_invalidated),
        ON_BOTH(test_stale_line_cleaned),
        ON_BOTH(test_line_never_loaded),
        ON_BOTH(test_invalidated_before_the_store),
        ON_BOTH(test_stale_byte),
        ON_BOTH(test_stale_word_overwritten_by_bytes),
        ON_BOTH(test_stale_word_overwritten),
        ON_BOTH(test_stale_byte_of_a_dirty_line),
        ON_BOTH(test_stale_in_a_double_word),
        ON_CORTEX_A9(test_two_lines_at_once),
        ON_BOTH(test_uncached_store_over_dirty),
        ON_BOTH(test_uncached_store_beside_dirty),
        ON_BOTH(test_uncached_store_over_clean),
        ON_BOTH(test_dirty_thrown_away),
        ON_BOTH(test_dirty_thrown_away_then_read_uncached),
        ON_BOTH(test_cleaned_then_thrown_away),
        ON_BOTH(test_thrown_away_then_stored_anew),
        ON_BOTH(test_thrown_away_then_stored_uncached),
        ON_CORTEX_A9(test_two_addresses_one_line),
        ON_BOTH(test_device_through_a_cache),
        ON_BOTH(test_device_store_through_a_cache),
        ON_CORTEX_A9(test_clean_not_waited_for),
        ON_BOTH(test_clean_not_waited_for_by_store),
        ON_CORTEX_A9(test_second_line_dirty),
        ON_BOTH(test_thrown_away_then_fetched),
        ON_BOTH(test_write_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
