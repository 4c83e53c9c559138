/* Heaps of the SDK on the host, with a source of memory that counts, can fail, and makes everything that is not
 * committed inaccessible (fake_source.h): single properties, damage, and random operations against a plain model with
 * every byte checked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdk/lib/heap.h"
#include "sdk/lib/heap_source.h"
#include "tests/host/fake_source.h"

static struct heap heap;

static int start(void **state) {
    (void)state;
    memset(&heap, 0, sizeof(heap));
    heap_init(&heap, 0, 0x5a17c0deu, 0);
    source_calls = source_fail_at = 0;
    source_limit = source_largest = 0;
    return 0;
}

static int stop(void **state) {
    (void)state;
    heap_drop(&heap);
    assert_int_equal(source_live, 0);
    return 0;
}

static unsigned char *take(size_t bytes, int zero) {
    void *address = NULL;
    enum heap_result result = heap_take(&heap, bytes, 8, zero, &address);
    if (result == HEAP_NO_MEMORY) {
        return NULL;
    }
    assert_int_equal(result, HEAP_OK);
    assert_int_equal((uintptr_t)address % 8, 0);
    return address;
}

static void give(void *address) {
    assert_int_equal(heap_give(&heap, address), HEAP_OK);
}

static void check(void) {
    assert_int_equal(heap_check(&heap), HEAP_OK);
}

static int all_are(const unsigned char *bytes, size_t count, unsigned char value) {
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != value) {
            return 0;
        }
    }
    return 1;
}

/* ---- single properties ---- */

static void sizes_are_kept(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 7, 8, 9, 15, 16, 17, 100, 255, 256, 257, 4095, 4096, 65535, 65536, 1000000};
    for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        size_t size = 99;
        unsigned char *block = take(sizes[i], 0);
        assert_non_null(block);
        memset(block, 0xff, sizes[i]);
        assert_int_equal(heap_size(&heap, block, &size), HEAP_OK);
        assert_int_equal(size, sizes[i]);
        check();
    }
}

static void zero_is_zero(void **state) {
    (void)state;
    for (int round = 0; round < 3; round++) {
        unsigned char *blocks[40];
        for (unsigned i = 0; i < 40; i++) {
            blocks[i] = take(i * 37, 1);
            assert_true(all_are(blocks[i], i * 37, 0));
            memset(blocks[i], 0xff, i * 37);
        }
        for (unsigned i = 0; i < 40; i++) {
            give(blocks[(i * 7) % 40]);
        }
    }
}

static void free_neighbours_join(void **state) {
    (void)state;
    unsigned char *blocks[10];
    for (unsigned i = 0; i < 10; i++) {
        blocks[i] = take(1000, 0);
    }
    uint32_t before = source_committed();
    for (unsigned i = 0; i < 10; i += 2) {
        give(blocks[i]);
        check();
    }
    for (unsigned i = 1; i < 10; i += 2) {
        give(blocks[i]);
        check();
    }
    assert_ptr_equal(take(10000, 0), blocks[0]);
    assert_int_equal(source_committed(), before);
}

static void memory_goes_back(void **state) {
    (void)state;
    unsigned char *small = take(10, 0);
    unsigned char *large = take(3000000, 0);
    assert_int_equal(source_live, 2);
    give(large);
    assert_int_equal(source_live, 1);
    unsigned char *blocks[300];
    for (unsigned i = 0; i < 300; i++) {
        blocks[i] = take(5000, 0);
    }
    assert_true(source_live >= 3 && source_live < 8); /* they double */
    for (unsigned i = 0; i < 300; i++) {
        give(blocks[i]);
    }
    assert_int_equal(source_live, 1);
    give(small);
    check();
}

/* Small blocks are handed out again as they are, and joined before the heap grows. */
static void quick_blocks(void **state) {
    (void)state;
    unsigned char *a = take(64, 0);
    take(64, 0);
    give(a);
    assert_ptr_equal(take(64, 0), a);
    memset(a, 0xff, 64);
    give(a);
    assert_ptr_equal(take(60, 1), a);
    assert_true(all_are(a, 60, 0));
    unsigned char *all[3000];
    for (unsigned i = 0; i < 3000; i++) {
        all[i] = take(100, 0);
    }
    uint32_t before = source_committed();
    for (unsigned i = 0; i < 3000; i++) {
        give(all[i]);
        assert_true(heap.quick_count <= QUICK_MAX);
        check();
    }
    for (unsigned i = 0; i < 30; i++) {
        assert_non_null(take(8000, 0));
    }
    assert_true(source_committed() <= before);
}

/* Where there is no room for a segment of twice the size, one of the size that is needed will do. */
static void little_room(void **state) {
    (void)state;
    assert_non_null(take(1000000, 0));
    source_largest = SEGMENT_GRAIN;
    unsigned before = source_live;
    for (unsigned i = 0; i < 40; i++) {
        assert_non_null(take(20000, 0));
    }
    assert_true(source_live > before);
    assert_null(take(1000000, 0));
    check();
}

static void resize_in_place(void **state) {
    (void)state;
    size_t size;
    unsigned char *block = take(100, 0);
    unsigned char *next = take(100, 0);
    unsigned char *wall = take(100, 0);
    assert_int_equal(heap_resize(&heap, block, 200), HEAP_NO_MEMORY);
    give(next);
    assert_int_equal(heap_resize(&heap, block, 200), HEAP_OK);
    check();
    assert_int_equal(heap_resize(&heap, block, 230), HEAP_NO_MEMORY);
    assert_int_equal(heap_resize(&heap, block, 3), HEAP_OK);
    assert_int_equal(heap_size(&heap, block, &size), HEAP_OK);
    assert_int_equal(size, 3);
    check();
    assert_ptr_equal(take(190, 0), (char *)block + 16);
    give(wall);
    check();
}

static void alignments(void **state) {
    (void)state;
    for (size_t alignment = 16; alignment <= 65536; alignment *= 2) {
        for (size_t bytes = 0; bytes < 200; bytes += 33) {
            void *address;
            size_t size;
            assert_int_equal(heap_take(&heap, bytes, alignment, 1, &address), HEAP_OK);
            assert_int_equal((uintptr_t)address % alignment, 0);
            assert_int_equal(heap_size(&heap, address, &size), HEAP_OK);
            assert_int_equal(size, bytes);
            assert_true(all_are(address, bytes, 0));
            memset(address, 0xff, bytes);
            check();
            if (bytes % 2) {
                give(address);
            }
        }
    }
}

static void too_much(void **state) {
    (void)state;
    void *address;
    assert_int_equal(heap_take(&heap, SIZE_MAX, 8, 0, &address), HEAP_NO_MEMORY);
    assert_int_equal(heap_take(&heap, 0xfffffff0u, 8, 0, &address), HEAP_NO_MEMORY);
    assert_int_equal(heap_take(&heap, 100, 0x80000000u, 0, &address), HEAP_NO_MEMORY);
    unsigned char *block = take(10, 0);
    assert_int_equal(heap_resize(&heap, block, 0xfffffff0u), HEAP_NO_MEMORY);
    check();
}

static void fixed_heap(void **state) {
    (void)state;
    struct heap_segment *segment = heap_source_reserve(0x10000);
    assert_true(heap_source_commit(segment, 0x1000));
    heap_init(&heap, 0, 77, 0x10000);
    heap_add_first(&heap, segment, 0x10000, 0x1000, 256);
    unsigned count = 0;
    while (take(1000, 0)) {
        count++;
    }
    assert_int_equal(count, (0x10000 - 256 - sizeof(*segment) - 8) / 1008);
    assert_int_equal(source_live, 1);
    check();
    for (void *block = (char *)segment_begin(segment) + HEADER_BYTES; count > 60; count--) {
        give(block);
        block = (char *)block + 1008;
    }
    unsigned char *small[20];
    while (take(100, 0)) {
    }
    for (unsigned i = 0; i < 20; i++) {
        small[i] = (unsigned char *)block_bytes(segment_begin(segment)) + i * 112;
        give(small[i]);
    }
    assert_int_equal(heap.quick_count, 20);
    assert_ptr_equal(take(20 * 112 - 8, 0), small[0]); /* they are joined before the heap is full */
    check();
    heap_source_release(segment);
    heap.segments = NULL;
}

/* ---- misuse and damage ---- */

static void misuse_is_seen(void **state) {
    (void)state;
    unsigned char *a = take(100, 0);
    unsigned char *b = take(100, 0);
    unsigned char *c = take(100, 0);
    static uint64_t elsewhere[4];
    size_t size;
    memset(b, 0, 100);
    assert_int_equal(heap_give(&heap, elsewhere + 2), HEAP_NOT_A_BLOCK);
    assert_int_equal(heap_give(&heap, b + 4), HEAP_NOT_A_BLOCK);
    assert_int_equal(heap_give(&heap, b + 16), HEAP_NOT_A_BLOCK);
    memset(b, 0xff, 100);
    assert_int_equal(heap_give(&heap, b + 16), HEAP_NOT_A_BLOCK);
    assert_int_equal(heap_size(&heap, b + 32, &size), HEAP_NOT_A_BLOCK);
    give(b);
    assert_int_equal(heap_give(&heap, b), HEAP_NOT_A_BLOCK);
    assert_int_equal(heap_resize(&heap, b, 5), HEAP_NOT_A_BLOCK);
    give(a);
    assert_int_equal(heap_give(&heap, b), HEAP_NOT_A_BLOCK); /* joined by now */
    assert_int_equal(heap_give(&heap, a), HEAP_NOT_A_BLOCK);
    give(c);
    assert_int_equal(heap_give(&heap, c), HEAP_NOT_A_BLOCK);
    check();
}

static void overrun_is_seen(void **state) {
    (void)state;
    unsigned char *a = take(100, 0);
    unsigned char *b = take(100, 0);
    take(100, 0);
    memset(a, 0x41, 112); /* over the header of b */
    assert_int_equal(heap_check(&heap), HEAP_DAMAGED);
    assert_int_equal(heap_give(&heap, a), HEAP_DAMAGED);
    assert_int_equal(heap_give(&heap, b), HEAP_DAMAGED);
}

static void use_after_free_is_seen(void **state) {
    (void)state;
    unsigned char *a = take(100, 0);
    take(100, 0);
    give(a);
    memset(a, 0x41, 100); /* the links of the list */
    void *address;
    assert_int_equal(heap_check(&heap), HEAP_DAMAGED);
    assert_int_equal(heap_take(&heap, 100, 8, 0, &address), HEAP_DAMAGED);
}

static void broken_links_are_seen(void **state) {
    (void)state;
    unsigned char *a = take(200, 0);
    take(200, 0);
    unsigned char *b = take(200, 0);
    take(200, 0);
    give(a);
    give(b); /* the list: b, a */
    uint32_t wrong = (uint32_t)(uintptr_t)a;
    void *address;
    memcpy(a + 4, &wrong, 4);
    assert_int_equal(heap_check(&heap), HEAP_DAMAGED);
    assert_int_equal(heap_take(&heap, 200, 8, 0, &address), HEAP_DAMAGED);
}

/* ---- random operations against a model ---- */

#define SLOTS 200

static struct {
    unsigned char *bytes;
    size_t size;
    unsigned char fill;
} slot[SLOTS];

static uint32_t seed;

static uint32_t random_below(uint32_t below) {
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)seed * below >> 32);
}

static size_t random_size(void) {
    uint32_t kind = random_below(100);
    return kind < 60   ? random_below(200)
           : kind < 90 ? random_below(5000)
           : kind < 99 ? random_below(100000)
                       : random_below(2000000);
}

static void slot_verify(unsigned i) {
    size_t size;
    assert_int_equal(heap_size(&heap, slot[i].bytes, &size), HEAP_OK);
    assert_int_equal(size, slot[i].size);
    assert_true(all_are(slot[i].bytes, slot[i].size, slot[i].fill));
}

static void slot_empty(unsigned i) {
    slot_verify(i);
    give(slot[i].bytes);
    slot[i].bytes = NULL;
}

static void slot_fill(unsigned i, size_t size) {
    slot[i].size = size;
    slot[i].fill = (unsigned char)random_below(256);
    memset(slot[i].bytes, slot[i].fill, size);
}

static void step(void) {
    unsigned i = random_below(SLOTS);
    size_t size = random_size();
    if (!slot[i].bytes) {
        int zero = random_below(4) == 0;
        void *address = NULL;
        size_t alignment = random_below(8) == 0 ? 16u << random_below(8) : 8;
        enum heap_result result = heap_take(&heap, size, alignment, zero, &address);
        assert_true(result == HEAP_OK || (result == HEAP_NO_MEMORY && source_limit));
        if (result == HEAP_OK) {
            assert_int_equal((uintptr_t)address % alignment, 0);
            assert_true(!zero || all_are(address, size, 0));
            slot[i].bytes = address;
            slot_fill(i, size);
        }
    } else if (random_below(3) == 0) {
        slot_verify(i);
        enum heap_result result = heap_resize(&heap, slot[i].bytes, size);
        if (result == HEAP_OK) {
            assert_true(all_are(slot[i].bytes, size < slot[i].size ? size : slot[i].size, slot[i].fill));
            slot_fill(i, size);
        } else {
            assert_int_equal(result, HEAP_NO_MEMORY);
            slot_verify(i);
        }
    } else {
        slot_empty(i);
    }
}

static void random_operations(void **state) {
    (void)state;
    for (uint32_t run = 1; run <= 20; run++) {
        seed = run * 7919;
        source_limit = run % 4 == 0 ? 3000000 : 0;
        for (unsigned i = 0; i < 10000; i++) {
            step();
            if (i % 64 == 0) {
                check();
            }
        }
        for (unsigned i = 0; i < SLOTS; i++) {
            if (slot[i].bytes) {
                slot_empty(i);
            }
        }
        check();
        assert_int_equal(heap_settle(&heap), HEAP_OK);
        check();
        assert_true(source_live <= 1);
    }
}

/* Every call of the source fails once; what was given out stays as it is, and all goes back. */
static void each_call_fails(void **state) {
    (void)state;
    unsigned fired = 1;
    for (unsigned n = 1; fired; n++) {
        seed = 12345;
        source_calls = 0;
        source_fail_at = n;
        source_limit = 0x7fffffff;
        for (unsigned i = 0; i < 600; i++) {
            step();
        }
        fired = source_calls >= n;
        check();
        for (unsigned i = 0; i < SLOTS; i++) {
            if (slot[i].bytes) {
                slot_empty(i);
            }
        }
        check();
        heap_drop(&heap);
        assert_int_equal(source_live, 0);
        memset(&heap, 0, sizeof(heap));
        heap_init(&heap, 0, n, 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(sizes_are_kept),
        TEST(zero_is_zero),
        TEST(free_neighbours_join),
        TEST(memory_goes_back),
        TEST(resize_in_place),
        TEST(alignments),
        TEST(too_much),
        TEST(fixed_heap),
        TEST(misuse_is_seen),
        TEST(overrun_is_seen),
        TEST(use_after_free_is_seen),
        TEST(random_operations),
        TEST(each_call_fails),
        TEST(quick_blocks),
        TEST(little_room),
        TEST(broken_links_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
