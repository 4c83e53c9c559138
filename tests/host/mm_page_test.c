/* Physical pages and commit: exact counts, random work against a model, what must stop the machine. */
#include "fake_mmu.h"

#include <stdlib.h>

#include "arch/frames.h"
#include "mm/lock.h"
#include "mm/page.h"

/* Every block of every size can be had from any number of pages, and all pages come back as large as they were. */
static void counts_of_all_sizes(void **state) {
    (void)state;
    static const uint32_t counts[] = {1, 2, 33, 255, 256, 257, 1000, 1024, 4097, 8191};
    for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
        fake_start(counts[i]);
        assert_int_equal(page_total_count(), counts[i]);
        assert_true(page_metadata_bytes(counts[i]) <= 4 * counts[i] + 9 * 4);
        for (unsigned order = 0; order <= PAGE_ORDER_MAX; order++) {
            uint32_t blocks = counts[i] >> order;
            uint32_t *pa = malloc((blocks + 1) * sizeof(*pa));
            for (uint32_t b = 0; b < blocks; b++) {
                pa[b] = page_alloc(order, PAGE_USE_USER);
                assert_true(is_aligned(pa[b], PAGE_SIZE << order));
                assert_int_equal(page_order(pa[b]), order);
            }
            assert_int_equal(page_alloc(order, PAGE_USE_USER), PAGE_NONE);
            assert_int_equal(page_free_count(), counts[i] - (blocks << order));
            for (uint32_t b = 0; b < blocks; b++) {
                page_free(pa[b], order);
            }
            assert_int_equal(page_free_count(), counts[i]);
            free(pa);
        }
        fake_stop();
    }
}

#define MODEL_PAGES 1500u

static void random_against_model(void **state) {
    (void)state;
    uint32_t seed = fake_seed(1);
    static uint8_t owner[MODEL_PAGES]; /* 0: free; else a number that tells neighbours apart */
    static struct {
        uint32_t pa;
        unsigned order;
    } blocks[MODEL_PAGES];
    uint32_t count = 0;
    uint32_t used = 0;
    fake_start(MODEL_PAGES);
    for (unsigned step = 0; step < 40000; step++) {
        bool grow = fake_random(100) < (step / 5000 % 2 == 0 ? 60u : 40u);
        if (grow) {
            unsigned order = fake_random(4) == 0 ? fake_random(PAGE_ORDER_MAX + 1) : 0;
            uint32_t pa = page_alloc(order, PAGE_USE_USER);
            if (pa == PAGE_NONE) {
                /* Only when no aligned block of the size is wholly free. */
                for (uint32_t at = 0; at + (1u << order) <= MODEL_PAGES; at += 1u << order) {
                    bool whole = true;
                    for (uint32_t i = 0; i < 1u << order; i++) {
                        whole = whole && owner[at + i] == 0;
                    }
                    if (whole) {
                        fail_msg("a free block of order %u was not found, seed %u", order, seed);
                    }
                }
                continue;
            }
            assert_true(is_aligned(pa, PAGE_SIZE << order));
            uint32_t first = (pa - FAKE_RAM_PA) / PAGE_SIZE;
            for (uint32_t i = 0; i < 1u << order; i++) {
                assert_true(first + i < MODEL_PAGES);
                assert_int_equal(owner[first + i], 0);
                owner[first + i] = 1;
            }
            blocks[count].pa = pa;
            blocks[count++].order = order;
            used += 1u << order;
        } else if (count > 0) {
            uint32_t at = fake_random(count);
            uint32_t first = (blocks[at].pa - FAKE_RAM_PA) / PAGE_SIZE;
            page_free(blocks[at].pa, blocks[at].order);
            for (uint32_t i = 0; i < 1u << blocks[at].order; i++) {
                owner[first + i] = 0;
            }
            used -= 1u << blocks[at].order;
            blocks[at] = blocks[--count];
        }
        assert_int_equal(page_free_count(), MODEL_PAGES - used);
    }
    while (count > 0) {
        count--;
        page_free(blocks[count].pa, blocks[count].order);
    }
    /* All merged again. */
    for (uint32_t i = 0; i < MODEL_PAGES / 256; i++) {
        blocks[i].pa = page_alloc(PAGE_ORDER_MAX, PAGE_USE_USER);
        assert_int_not_equal(blocks[i].pa, PAGE_NONE);
    }
    for (uint32_t i = 0; i < MODEL_PAGES / 256; i++) {
        page_free(blocks[i].pa, PAGE_ORDER_MAX);
    }
    fake_stop();
}

static void reserved_pages_are_never_free(void **state) {
    (void)state;
    fake_start(512);
    page_reserve(FAKE_RAM_PA + 0x10123, 0x2000); /* three pages */
    page_reserve(FAKE_RAM_PA + 0x11000, 0x1000); /* again: nothing */
    page_reserve(FAKE_RAM_PA + 511 * PAGE_SIZE, PAGE_SIZE);
    assert_int_equal(page_free_count(), 508);
    assert_int_equal(page_commit_limit(), 508 - 32);
    uint32_t got = 0;
    uint32_t pages[512];
    uint32_t pa;
    while ((pa = page_alloc(0, PAGE_USE_USER)) != PAGE_NONE) {
        uint32_t page = (pa - FAKE_RAM_PA) / PAGE_SIZE;
        assert_true((page < 0x10 || page > 0x12) && page != 511);
        pages[got++] = pa;
    }
    assert_int_equal(got, 508);
    FAKE_ASSERT_PANICS(page_free(FAKE_RAM_PA + 0x10000, 0));
    while (got > 0) {
        page_free(pages[--got], 0);
    }
    assert_int_equal(page_free_count(), 508);
    fake_stop_reserved(4);
}

static void misuse_stops_the_machine(void **state) {
    (void)state;
    fake_start(64);
    uint32_t pa = page_alloc(2, PAGE_USE_USER);
    FAKE_ASSERT_PANICS(page_free(pa, 1));             /* another order */
    FAKE_ASSERT_PANICS(page_free(pa + PAGE_SIZE, 0)); /* inside a block */
    FAKE_ASSERT_PANICS(page_free(pa + 1, 2));
    FAKE_ASSERT_PANICS(page_free(FAKE_RAM_PA - PAGE_SIZE, 0));
    FAKE_ASSERT_PANICS(page_free(FAKE_RAM_PA + 64 * PAGE_SIZE, 0));
    FAKE_ASSERT_PANICS(page_alloc(0, PAGE_USE_RESERVED));
    page_free(pa, 2);
    FAKE_ASSERT_PANICS(page_free(pa, 2)); /* twice */
    FAKE_ASSERT_PANICS(commit_release(1));
    fake_stop();
}

static void commit_is_exact(void **state) {
    (void)state;
    fake_start(6400);
    assert_int_equal(page_commit_limit(), 6400 - 100);
    assert_true(commit_charge(0));
    assert_true(commit_charge(6299));
    assert_false(commit_charge(2));
    assert_false(commit_charge(0xffffffff));
    assert_int_equal(page_committed_count(), 6299);
    assert_int_not_equal(page_alloc_charged(0, PAGE_USE_HEAP), PAGE_NONE);
    assert_int_equal(page_alloc_charged(0, PAGE_USE_HEAP), PAGE_NONE);
    assert_int_equal(page_free_count(), 6399);
    page_free_charged(FAKE_RAM_PA, 0);
    commit_release(6299);
    fake_stop();

    fake_start(40); /* the reserve is 32 at least */
    assert_int_equal(page_commit_limit(), 8);
    assert_int_equal(page_alloc_charged(4, PAGE_USE_HEAP), PAGE_NONE);
    assert_int_equal(page_committed_count(), 0);
    fake_stop();
}

/* A frame that was used through the static map is forgotten there when it goes to another use, not before. */
static void static_map_is_forgotten(void **state) {
    (void)state;
    fake_start(64);
    uint32_t forgotten = fake_forgotten_pages();
    uint32_t block = page_alloc(3, PAGE_USE_HEAP);
    page_free(block, 3);
    assert_int_equal(page_alloc(3, PAGE_USE_TABLE), block); /* static to static */
    page_free(block, 3);
    assert_int_equal(fake_forgotten_pages(), forgotten);
    assert_int_equal(page_alloc(3, PAGE_USE_STACK), block);
    page_free(block, 3);
    assert_int_equal(page_alloc(3, PAGE_USE_USER), block);
    page_free(block, 3);
    assert_int_equal(fake_forgotten_pages(), forgotten + 8);
    /* In a block each page counts for itself. */
    uint32_t first = page_alloc(0, PAGE_USE_USER);
    uint32_t second = page_alloc(0, PAGE_USE_HEAP);
    uint32_t rest = page_alloc(5, PAGE_USE_USER);
    assert_int_equal(second, first + PAGE_SIZE);
    page_free(first, 0);
    page_free(second, 0);
    page_free(rest, 5);
    assert_int_equal(page_alloc(6, PAGE_USE_USER), first);
    assert_int_equal(fake_forgotten_pages(), forgotten + 9);
    page_free(first, 6);
    fake_stop();
}

/* A single page stays on its side of the static map while there are others. */
static void pages_stay_on_their_side(void **state) {
    (void)state;
    fake_start(64);
    uint32_t forgotten = fake_forgotten_pages();
    uint32_t kernel = page_alloc(0, PAGE_USE_HEAP);
    uint32_t user = page_alloc(0, PAGE_USE_USER);
    for (unsigned i = 0; i < 100; i++) {
        page_free(kernel, 0);
        page_free(user, 0);
        assert_int_equal(page_free_count(), 64);
        assert_int_equal(page_alloc(0, PAGE_USE_CACHE), user);
        assert_int_equal(page_alloc(0, PAGE_USE_TABLE), kernel);
    }
    assert_int_equal(fake_forgotten_pages(), forgotten);
    /* When there are none it changes sides. */
    page_free(kernel, 0);
    uint32_t all[64];
    for (unsigned i = 0; i < 63; i++) {
        all[i] = page_alloc(0, PAGE_USE_USER);
        assert_int_not_equal(all[i], PAGE_NONE);
    }
    assert_int_equal(page_alloc(0, PAGE_USE_USER), PAGE_NONE);
    assert_int_equal(fake_forgotten_pages(), forgotten + 1);
    for (unsigned i = 0; i < 63; i++) {
        page_free(all[i], 0);
    }
    page_free(user, 0);
    assert_int_not_equal(page_alloc(6, PAGE_USE_USER), PAGE_NONE); /* nothing is kept from a larger block */
    page_free(FAKE_RAM_PA, 6);
    fake_stop();
}

/* Frames that arch keeps ready count as free, are nobody's charge, and go to who finds no other. */
static void kept_frames_come_back(void **state) {
    (void)state;
    fake_start(64);
    uint32_t kept = page_alloc_charged(2, PAGE_USE_TABLE);
    assert_int_equal(page_free_count(), 60);
    assert_int_equal(page_committed_count(), 4);
    fake_keep(kept, 2);
    assert_int_equal(page_free_count(), 64);
    assert_int_equal(page_committed_count(), 0);
    /* Into use again: charged like any other. */
    assert_int_equal(fake_unkeep(), kept);
    assert_int_equal(page_free_count(), 60);
    assert_int_equal(page_committed_count(), 4);
    assert_int_equal(page_order(kept), 2);
    fake_keep(kept, 2);
    assert_true(commit_charge(page_commit_limit() - 3));
    assert_int_equal(fake_unkeep(), FRAME_NONE);
    assert_int_equal(page_free_count(), 64);
    assert_int_equal(page_committed_count(), page_commit_limit() - 3);
    commit_release(page_commit_limit() - 3);
    /* Not before the others are given out. */
    uint32_t pages[64];
    for (unsigned i = 0; i < 64; i++) {
        assert_int_equal(page_free_count(), 64 - i);
        pages[i] = page_alloc(0, PAGE_USE_USER);
        assert_int_not_equal(pages[i], PAGE_NONE);
        assert_int_equal(pages[i] >= kept && pages[i] < kept + 4 * PAGE_SIZE, i >= 60);
    }
    assert_int_equal(page_alloc(0, PAGE_USE_USER), PAGE_NONE);
    for (unsigned i = 0; i < 64; i++) {
        page_free(pages[i], 0);
    }
    /* A larger block needs it, too. */
    kept = page_alloc_charged(0, PAGE_USE_STACK);
    fake_keep(kept, 0);
    assert_int_equal(page_alloc(6, PAGE_USE_USER), FAKE_RAM_PA);
    assert_int_equal(page_free_count(), 0);
    page_free(FAKE_RAM_PA, 6);
    fake_stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_of_all_sizes),
        cmocka_unit_test(random_against_model),
        cmocka_unit_test(reserved_pages_are_never_free),
        cmocka_unit_test(misuse_stops_the_machine),
        cmocka_unit_test(commit_is_exact),
        cmocka_unit_test(static_map_is_forgotten),
        cmocka_unit_test(pages_stay_on_their_side),
        cmocka_unit_test(kept_frames_come_back),
    };
    return cmocka_run_group_tests_name("mm_page", tests, NULL, NULL);
}
