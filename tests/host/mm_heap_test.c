/* The kernel heap: classes, low water, objects that wait, large objects, misuse, random work. */
#include "fake_mmu.h"

#include <string.h>

#include "mm/heap.h"
#include "mm/page.h"

#define PAGES 2048u

static void sizes(void **state) {
    (void)state;
    fake_start(PAGES);
    for (uint32_t bytes = 1; bytes <= 3 * PAGE_SIZE; bytes += bytes < 2100 ? 1 : 611) {
        uint8_t *object = heap_alloc(bytes);
        assert_non_null(object);
        assert_int_equal((uintptr_t)object % 16, 0);
        memset(object, 0xee, bytes); /* the address sanitizer watches the end */
        heap_free(object);
        object = heap_alloc_zero(bytes);
        for (uint32_t i = 0; i < bytes; i++) {
            assert_int_equal(object[i], 0);
        }
        heap_free(object);
    }
    assert_null(heap_alloc(0));
    assert_null(heap_alloc(HEAP_LARGE_MAX + 1));
    assert_null(heap_alloc(0xffffffff));
    uint8_t *largest = heap_alloc(HEAP_LARGE_MAX);
    assert_non_null(largest);
    assert_int_equal((uintptr_t)largest % PAGE_SIZE, 0);
    heap_free(largest);
    heap_free(NULL);
    fake_stop();
}

#define STOCKED 10 /* classes that are stocked */

static void low_water(void **state) {
    (void)state;
    fake_start(PAGES);
    heap_replenish();
    uint32_t stocked = heap_page_count();
    assert_int_equal(stocked, STOCKED); /* one page for each class up to 496 bytes */
    void *objects[STOCKED * HEAP_LOW_WATER];
    static const uint32_t sizes[STOCKED] = {16, 32, 48, 64, 96, 128, 192, 256, 336, 496};
    for (unsigned i = 0; i < ARRAY_COUNT(objects); i++) {
        objects[i] = heap_alloc(sizes[i % STOCKED]);
    }
    assert_int_equal(heap_page_count(), stocked); /* no new page for that many */
    heap_replenish();
    for (unsigned i = 0; i < ARRAY_COUNT(objects); i++) {
        heap_free(objects[i]);
    }
    assert_int_equal(heap_object_count(), 0);
    heap_replenish();
    assert_true(heap_page_count() <= stocked + STOCKED);

    /* A larger class gives its page back, a stocked one the pages beyond its stock. */
    heap_settle();
    uint32_t before = heap_page_count();
    void *large = heap_alloc(1000);
    assert_int_equal(heap_page_count(), before + 1);
    heap_free(large);
    assert_int_equal(heap_page_count(), before + 1); /* it waits */
    heap_settle();
    assert_int_equal(heap_page_count(), before);
    void *many[1000];
    for (unsigned i = 0; i < ARRAY_COUNT(many); i++) {
        many[i] = heap_alloc(256);
    }
    assert_true(heap_page_count() > before + 50);
    for (unsigned i = 0; i < ARRAY_COUNT(many); i++) {
        heap_free(many[i]);
    }
    heap_settle();
    assert_int_equal(heap_page_count(), before);
    heap_trim();
    assert_int_equal(heap_page_count(), 0);
    fake_stop();
}

#define WAITING 4u /* objects of a class that wait at most */
#define CLASSES 14u

/* What was freed last is given out first; only so many wait. */
static void objects_wait(void **state) {
    (void)state;
    fake_start(PAGES);
    void *objects[WAITING + 2];
    for (unsigned i = 0; i < ARRAY_COUNT(objects); i++) {
        objects[i] = heap_alloc(1000);
        assert_int_equal(heap_object_count(), i + 1);
    }
    for (unsigned i = ARRAY_COUNT(objects); i > 0; i--) {
        heap_free(objects[i - 1]);
        assert_int_equal(heap_object_count(), i - 1);
    }
    for (unsigned i = 0; i < WAITING; i++) {
        assert_ptr_equal(heap_alloc(1000), objects[ARRAY_COUNT(objects) - WAITING + i]);
        assert_int_equal(heap_object_count(), i + 1);
    }
    for (unsigned i = 0; i < WAITING; i++) {
        heap_free(objects[ARRAY_COUNT(objects) - WAITING + i]);
    }
    assert_int_equal(heap_object_count(), 0);
    fake_stop();
}

/* Pages that only waiting objects hold go with heap_settle, the stock with heap_trim, a page with a live object never.
 */
static void settling_and_trimming(void **state) {
    (void)state;
    static const uint16_t largest[CLASSES] = {16,  32,  48,  64,  96,   128,  192,
                                              256, 336, 496, 672, 1008, 1344, HEAP_SMALL_MAX};
    void *objects[CLASSES][WAITING];
    fake_start(PAGES);
    for (unsigned i = 0; i < CLASSES; i++) {
        for (unsigned n = 0; n < WAITING; n++) {
            objects[i][n] = heap_alloc(largest[i]);
        }
    }
    assert_int_equal(heap_page_count(), CLASSES + 2); /* two of the largest and three of the next share a page */
    for (unsigned i = 0; i < CLASSES; i++) {
        for (unsigned n = 1; n < WAITING; n++) {
            heap_free(objects[i][n]);
        }
    }
    assert_int_equal(heap_object_count(), CLASSES);
    assert_int_equal(heap_page_count(), CLASSES + 2);
    heap_settle();
    assert_int_equal(heap_object_count(), CLASSES);
    assert_int_equal(heap_page_count(), CLASSES);
    heap_trim();
    assert_int_equal(heap_page_count(), CLASSES);
    for (unsigned i = 0; i < CLASSES; i++) {
        heap_free(objects[i][0]);
    }
    assert_int_equal(heap_object_count(), 0);
    assert_int_equal(heap_page_count(), CLASSES);
    heap_settle();
    assert_int_equal(heap_page_count(), STOCKED);
    for (unsigned i = 0; i < CLASSES; i++) {
        heap_free(heap_alloc(largest[i]));
    }
    heap_trim();
    assert_int_equal(heap_object_count(), 0);
    assert_int_equal(heap_page_count(), 0);
    assert_int_equal(page_committed_count(), 0);
    fake_stop();
}

static void memory_runs_out(void **state) {
    (void)state;
    fake_start(64);
    void *objects[65];
    unsigned count = 0;
    while ((objects[count] = heap_alloc(2000)) != NULL) {
        count++;
    }
    assert_int_equal(count, 64);
    assert_int_equal(page_committed_count(), 32);
    assert_null(heap_alloc(16));
    assert_null(heap_alloc(5000));
    heap_replenish(); /* as far as memory reaches: not at all */
    heap_free(objects[--count]);
    heap_free(objects[--count]);
    assert_null(heap_alloc(16));
    heap_settle(); /* the two shared a page */
    void *small = heap_alloc(16);
    assert_non_null(small);
    heap_free(small);
    while (count > 0) {
        heap_free(objects[--count]);
    }
    fake_stop();
}

static void misuse_stops_the_machine(void **state) {
    (void)state;
    fake_start(PAGES);
    char *kept = heap_alloc(100);
    char *object = heap_alloc(100);
    FAKE_ASSERT_PANICS(heap_free(object + 16));
    heap_free(object);
    FAKE_ASSERT_PANICS(heap_free(object));
    char *large = heap_alloc(9000);
    FAKE_ASSERT_PANICS(heap_free(large + PAGE_SIZE));
    heap_free(large);
    FAKE_ASSERT_PANICS(heap_free(large));
    heap_free(kept);
    fake_stop();
}

static void free_again(void *object) {
    FAKE_ASSERT_PANICS(heap_free(object));
}

/* Twice freed: each object that waits, and one that is back in its slab. */
static void double_free_stops_the_machine(void **state) {
    (void)state;
    fake_start(PAGES);
    uint32_t *objects[WAITING + 3];
    for (unsigned i = 0; i < ARRAY_COUNT(objects); i++) {
        objects[i] = heap_alloc(64);
        memset(objects[i], 0, 64);
    }
    for (unsigned i = 0; i < WAITING + 1; i++) {
        heap_free(objects[i]);
        for (unsigned n = 0; n <= i; n++) {
            free_again(objects[n]);
        }
    }
    assert_int_equal(heap_object_count(), 2);
    /* An object in use may begin with the same word. */
    uint32_t mark = *objects[0];
    assert_int_not_equal(mark, 0);
    *objects[WAITING + 1] = mark;
    heap_free(objects[WAITING + 1]);
    heap_settle();
    *objects[WAITING + 2] = mark;
    heap_free(objects[WAITING + 2]);
    assert_int_equal(heap_object_count(), 0);
    fake_stop();
}

#define SLOTS 600u

static void random_work(void **state) {
    (void)state;
    (void)fake_seed(2);
    static struct {
        uint8_t *object;
        uint32_t bytes;
        uint8_t mark;
    } slots[SLOTS];
    uint32_t alive = 0;
    fake_start(PAGES);
    memset(slots, 0, sizeof(slots));
    for (unsigned step = 0; step < 60000; step++) {
        unsigned i = fake_random(SLOTS);
        if (slots[i].object != NULL) {
            for (uint32_t at = 0; at < slots[i].bytes; at++) {
                assert_int_equal(slots[i].object[at], slots[i].mark);
            }
            heap_free(slots[i].object);
            slots[i].object = NULL;
            alive--;
        } else {
            uint32_t bytes = 1 + fake_random(fake_random(10) == 0 ? 20000 : 400);
            slots[i].object = heap_alloc(bytes);
            assert_non_null(slots[i].object);
            slots[i].bytes = bytes;
            slots[i].mark = (uint8_t)step;
            memset(slots[i].object, slots[i].mark, bytes);
            alive++;
        }
        assert_int_equal(heap_object_count(), alive);
        assert_int_equal(heap_page_count(), page_committed_count());
        if (step % 5000 == 0) {
            heap_trim();
        } else if (step % 700 == 0) {
            heap_settle();
        }
    }
    for (unsigned i = 0; i < SLOTS; i++) {
        heap_free(slots[i].object);
    }
    fake_stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(low_water),
        cmocka_unit_test(objects_wait),
        cmocka_unit_test(settling_and_trimming),
        cmocka_unit_test(memory_runs_out),
        cmocka_unit_test(misuse_stops_the_machine),
        cmocka_unit_test(double_free_stops_the_machine),
        cmocka_unit_test(random_work),
    };
    return cmocka_run_group_tests_name("mm_heap", tests, NULL, NULL);
}
