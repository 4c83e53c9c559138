/* Range sets against a sorted array: look-ups, fits, gaps, balance. */
#include "fake_mmu.h"

#include "mm/range.h"

#define SLOTS 400u
#define LIMIT 0x08000000u

static struct range slots[SLOTS];
static bool used[SLOTS];

/* Whether [start, end) may be added, by the words of range_fits. */
static bool naive_fits(const struct range_set *set, uint32_t start, uint32_t end, unsigned colour) {
    for (unsigned i = 0; i < SLOTS; i++) {
        if (!used[i]) {
            continue;
        }
        const struct range *range = &slots[i];
        if (start < range->end + set->distance && range->start < end + set->distance) {
            return false;
        }
        if (range->colour != colour && round_down(start, SECTION_SIZE) < round_up(range->end, SECTION_SIZE) &&
            round_down(range->start, SECTION_SIZE) < round_up(end, SECTION_SIZE)) {
            return false;
        }
    }
    return true;
}

/* The lowest place, by trying every one that could be the lowest: low itself, behind each range, each megabyte. */
static bool naive_gap(const struct range_set *set, uint32_t bytes, uint32_t align, uint32_t low, uint32_t high,
                      unsigned colour, uint32_t *found) {
    *found = 0xffffffff;
    for (unsigned i = 0; i <= SLOTS; i++) {
        if (i < SLOTS && !used[i]) {
            continue;
        }
        uint32_t end = i < SLOTS ? slots[i].end : low;
        uint32_t starts[] = {end + (i < SLOTS ? set->distance : 0), max_u32(round_up(end, SECTION_SIZE), low),
                             max_u32(round_up(end, SECTION_SIZE), end + set->distance)};
        for (unsigned k = 0; k < ARRAY_COUNT(starts); k++) {
            uint32_t start = round_up(max_u32(starts[k], low), align);
            if (start < high && high - start >= bytes && naive_fits(set, start, start + bytes, colour)) {
                *found = start < *found ? start : *found;
            }
        }
    }
    return *found != 0xffffffff;
}

/* Height and summaries of every node, and the number of nodes. */
static uint32_t check_tree(const struct range *range, uint32_t *count) {
    if (range == NULL) {
        return 0;
    }
    uint32_t left = check_tree(range->left, count);
    uint32_t right = check_tree(range->right, count);
    (*count)++;
    assert_true(left <= right + 1 && right <= left + 1);
    assert_int_equal(range->height, 1 + max_u32(left, right));
    assert_int_equal(range->first, range->left != NULL ? range->left->first : range->start);
    assert_int_equal(range->last, range->right != NULL ? range->right->last : range->end);
    uint32_t gap = 0;
    if (range->left != NULL) {
        assert_true(range->left->last <= range->start);
        gap = max_u32(range->left->max_gap, range->start - range->left->last);
    }
    if (range->right != NULL) {
        assert_true(range->right->first >= range->end);
        gap = max_u32(gap, max_u32(range->right->max_gap, range->right->first - range->end));
    }
    assert_int_equal(range->max_gap, gap);
    return range->height;
}

static void look_up(const struct range_set *set) {
    uint32_t address = fake_random(LIMIT);
    const struct range *inside = NULL;
    const struct range *above = NULL;
    for (unsigned i = 0; i < SLOTS; i++) {
        if (used[i]) {
            if (slots[i].start <= address && address < slots[i].end) {
                inside = &slots[i];
            }
            if (slots[i].end > address && (above == NULL || slots[i].start < above->start)) {
                above = &slots[i];
            }
        }
    }
    assert_ptr_equal(range_find(set, address), inside);
    assert_ptr_equal(range_find_above(set, address), above);
}

static void random_run(uint32_t seed, uint32_t distance, unsigned colours, uint32_t largest) {
    struct range_set set;
    fake_seed(seed);
    range_set_init(&set, distance);
    uint32_t alive = 0;
    for (unsigned i = 0; i < SLOTS; i++) {
        used[i] = false;
    }
    for (unsigned step = 0; step < 6000; step++) {
        unsigned i = fake_random(SLOTS);
        if (used[i]) {
            range_remove(&set, &slots[i]);
            used[i] = false;
            alive--;
        } else {
            uint32_t bytes = (1 + fake_random(largest)) * PAGE_SIZE;
            uint32_t align = PAGE_SIZE << (4 * fake_random(3));
            uint32_t low = fake_random(3) == 0 ? fake_random(LIMIT) & ~(PAGE_SIZE - 1) : SECTION_SIZE;
            uint32_t high = fake_random(3) == 0 ? fake_random(LIMIT) & ~(PAGE_SIZE - 1) : LIMIT;
            unsigned colour = fake_random(colours);
            uint32_t expected = 0;
            uint32_t start = 0;
            bool there = naive_gap(&set, bytes, align, low, high, colour, &expected);
            enum range_gap gap = range_find_gap(&set, bytes, align, low, high, colour, &start);
            bool found = gap != RANGE_GAP_NONE;
            assert_int_equal(found, there);
            if (found) {
                assert_true(start >= low && start + bytes <= high && is_aligned(start, align));
                assert_true(naive_fits(&set, start, start + bytes, colour));
                assert_true(gap == RANGE_GAP_LOWEST ? start == expected : start >= expected);
                slots[i] = (struct range){.start = start, .end = start + bytes, .colour = (uint8_t)colour};
                range_insert(&set, &slots[i]);
                used[i] = true;
                alive++;
            }
            uint32_t probe = fake_random(LIMIT) & ~(PAGE_SIZE - 1);
            assert_int_equal(range_fits(&set, probe, probe + bytes, colour),
                             naive_fits(&set, probe, probe + bytes, colour));
        }
        look_up(&set);
        if (step % 16 == 0) {
            uint32_t count = 0;
            check_tree(set.root, &count);
            assert_int_equal(count, alive);
            assert_int_equal(set.count, alive);
        }
    }
}

static void plain(void **state) {
    (void)state;
    random_run(3, 0, 1, 200);
}

static void with_distance(void **state) {
    (void)state;
    random_run(4, PAGE_SIZE, 1, 100);
}

static void with_colours(void **state) {
    (void)state;
    random_run(5, PAGE_SIZE, 3, 300);
}

static void crowded(void **state) {
    (void)state;
    random_run(6, PAGE_SIZE, 3, 1500);
}

/* When every gap that is long enough fits, the answer is the lowest one. */
static void first_fit(void **state) {
    (void)state;
    struct range_set set;
    static struct range ranges[100];
    range_set_init(&set, 0);
    for (uint32_t i = 0; i < 100; i++) { /* gaps of 1, 2, 3, ... pages */
        uint32_t start = SECTION_SIZE + (i + i * (i + 1) / 2) * PAGE_SIZE;
        ranges[i] = (struct range){.start = start, .end = start + PAGE_SIZE};
        range_insert(&set, &ranges[i]);
    }
    for (uint32_t pages = 1; pages < 100; pages++) {
        uint32_t start;
        assert_true(range_find_gap(&set, pages * PAGE_SIZE, PAGE_SIZE, SECTION_SIZE, LIMIT, 0, &start));
        assert_int_equal(start, ranges[pages - 1].end);
        assert_true(range_find_gap(&set, pages * PAGE_SIZE, PAGE_SIZE, start + PAGE_SIZE, LIMIT, 0, &start));
        assert_int_equal(start, pages < 99 ? ranges[pages].end : ranges[99].end);
    }
    assert_false(range_find_gap(&set, 200 * PAGE_SIZE, PAGE_SIZE, SECTION_SIZE, ranges[99].end, 0, &(uint32_t){0}));
}

static void misuse_stops_the_machine(void **state) {
    (void)state;
    struct range_set set;
    struct range a = {.start = 0x10000, .end = 0x20000};
    struct range b = {.start = 0x1f000, .end = 0x21000};
    struct range c = {.start = 0x30000, .end = 0x30000};
    range_set_init(&set, 0);
    range_insert(&set, &a);
    FAKE_ASSERT_PANICS(range_insert(&set, &b));
    FAKE_ASSERT_PANICS(range_insert(&set, &c));
    range_remove(&set, &a);
    FAKE_ASSERT_PANICS(range_remove(&set, &a));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),   cmocka_unit_test(with_distance), cmocka_unit_test(with_colours),
        cmocka_unit_test(crowded), cmocka_unit_test(first_fit),     cmocka_unit_test(misuse_stops_the_machine),
    };
    return cmocka_run_group_tests_name("mm_range", tests, NULL, NULL);
}
