/* Stacks that go from one thread to the next: nobody may see that one is kept. */
#include "fake_mmu.h"

#include <stdlib.h>
#include <string.h>

#include "include/layout.h"
#include "mm/area.h"
#include "mm/fault.h"
#include "mm/heap.h"
#include "mm/page.h"
#include "mm/section.h"

#define PAGES  2048u
#define USUAL  AREA_STACK_USUAL
#define RW     (PROT_READ | PROT_WRITE)
#define DIRTY  0xd7
#define GUARDS (PAGE_SIZE) /* never mapped, below a stack */

static struct space space;
static struct space other;

static int start(void **state) {
    (void)state;
    fake_start(PAGES);
    assert_int_equal(space_create(&space), 0);
    assert_int_equal(space_create(&other), 0);
    heap_replenish();
    return 0;
}

static int stop(void **state) {
    (void)state;
    space_destroy(&space);
    space_destroy(&other);
    fake_stop();
    return 0;
}

struct stack {
    uint32_t low, high;
    bool begun;
};

/* What a thread does with its block. */
static uint8_t *touch(struct space *in, uint32_t va) {
    uint8_t *byte;
    assert_int_equal(fake_access(in, va, PROT_WRITE, &byte), 0);
    return byte;
}

static struct stack stack_map(struct space *in) {
    struct stack stack;
    mmu_space_activate(&in->mmu);
    assert_int_equal(area_map_stack(in, USUAL, &stack.low, &stack.high, &stack.begun), 0);
    assert_int_equal(stack.high - stack.low, USUAL);
    return stack;
}

/* A stack that was used in its highest page only has ended and is kept. */
static struct stack stack_kept(struct space *in) {
    struct stack stack = stack_map(in);
    memset(touch(in, stack.high - PAGE_SIZE), DIRTY, PAGE_SIZE);
    area_end_stack(in, stack.low);
    assert_non_null(in->kept);
    return stack;
}

/* A stack is as new: the block is zero, the guard is there, so is the page below it, nothing else has come. */
static void assert_new(struct space *in, struct stack stack) {
    const uint32_t *block = (uint32_t *)(void *)touch(in, stack.high - AREA_STACK_BLOCK);
    for (uint32_t i = 0; i < AREA_STACK_BLOCK / 4; i++) {
        uint32_t word = !stack.begun ? 0 : i == 1 ? stack.low : i == 2 ? stack.high : 0;
        assert_int_equal(block[i], word);
    }
    assert_int_equal(fake_query(in, stack.low - GUARDS).state, PAGE_RESERVED);
    assert_int_equal(fake_query(in, stack.low).state, PAGE_COMMITTED);
    assert_int_equal(fake_query(in, stack.low).prot, RW | PROT_GUARD);
    for (uint32_t va = stack.low + PAGE_SIZE; va < stack.high - PAGE_SIZE; va += PAGE_SIZE) {
        assert_int_equal(fake_query(in, va).state, PAGE_COMMITTED);
        assert_int_equal(fake_query(in, va).prot, RW);
    }
    struct area_info info;
    assert_int_equal(fake_query(in, stack.high - PAGE_SIZE).prot, RW);
    assert_int_equal(area_query(in, stack.low, 0, &info), 0);
    assert_true(info.reserved && info.committed && info.kind == AREA_STACK);
    assert_int_equal(info.prot, RW | PROT_GUARD);
}

static void goes_to_the_next(void **state) {
    (void)state;
    uint32_t committed = page_committed_count();
    struct stack first = stack_kept(&space);
    uint32_t faults = space.faults;
    struct stack second = stack_map(&space);
    assert_int_equal(second.low, first.low);
    assert_int_equal(second.high, first.high);
    assert_int_equal(page_committed_count(), committed + USUAL / PAGE_SIZE);
    assert_int_equal(space.charged, USUAL / PAGE_SIZE);
    assert_int_equal(space.resident, 1);
    assert_new(&space, second);
    assert_int_equal(space.faults, faults); /* its page was there */
    /* Two at a time: one is kept, and only one. */
    struct stack third = stack_map(&space);
    (void)touch(&space, third.high - 4);
    area_end_stack(&space, third.low);
    area_end_stack(&space, second.low);
    assert_int_equal(space.charged, 0);
    assert_int_equal(stack_map(&space).low, third.low);
    area_end_stack(&space, third.low);
}

/* The same in the short way: the second one has just been used. */
static void only_one(void **state) {
    (void)state;
    struct stack first = stack_map(&space);
    struct stack second = stack_map(&space);
    (void)touch(&space, first.high - 4);
    area_end_stack(&space, first.low);
    (void)touch(&space, second.high - 4);
    area_end_stack(&space, second.low);
    assert_int_equal(fake_query(&space, second.high - 4).state, PAGE_FREE);
    assert_int_equal(stack_map(&space).low, first.low);
}

/* Used up to the guard and over it: the next one has it again, and no page but the highest. */
static void used_to_the_end(void **state) {
    (void)state;
    for (int round = 0; round < 3; round++) {
        struct stack stack = stack_map(&space);
        assert_new(&space, stack);
        for (uint32_t va = stack.high - 4; va >= stack.low + PAGE_SIZE; va -= PAGE_SIZE) {
            memset(touch(&space, round_down(va, PAGE_SIZE)), DIRTY, PAGE_SIZE);
        }
        assert_int_equal(fake_access(&space, stack.low + 8, PROT_WRITE, NULL), ERROR_STACK_OVERFLOW);
        (void)touch(&space, stack.low + 8);
        assert_int_equal(space.resident, USUAL / PAGE_SIZE);
        assert_int_equal(space_range_faults(&space, stack.low, USUAL), USUAL / PAGE_SIZE + 1); /* guard: twice */
        area_end_stack(&space, stack.low);
        assert_int_equal(space.resident, 0);
        assert_int_equal(space.charged, 0);
        assert_non_null(space.kept);
    }
}

/* The fault of another thread does not pass for the one that brought the highest page. */
static void one_fault_elsewhere(void **state) {
    (void)state;
    struct stack stack = stack_map(&space);
    (void)touch(&space, stack.low + PAGE_SIZE);
    area_end_stack(&space, stack.low);
    assert_null(space.kept);
    stack = stack_kept(&space);
    assert_int_equal(stack_map(&space).low, stack.low);
    (void)touch(&space, stack.low + PAGE_SIZE);
    area_end_stack(&space, stack.low);
    uint32_t low = stack.low;
    stack = stack_map(&space);
    assert_int_equal(stack.low, low);
    assert_new(&space, stack);
}

/* What somebody changed about its pages is no concern of the next thread. */
static void protections_go(void **state) {
    (void)state;
    static const prot_t prots[] = {PROT_READ, PROT_NONE, RW | PROT_GUARD, RW | PROT_EXEC, RW | PROT_NOCACHE};
    for (unsigned i = 0; i < 2 * ARRAY_COUNT(prots); i++) {
        prot_t before;
        struct stack stack = stack_map(&space);
        (void)touch(&space, stack.high - 4);
        uint32_t va = i % 2 == 0 ? stack.high - PAGE_SIZE : stack.low + 2 * PAGE_SIZE;
        assert_int_equal(area_protect(&space, va, 1, prots[i / 2], &before), 0);
        area_end_stack(&space, stack.low);
        stack = stack_map(&space);
        assert_new(&space, stack);
        area_end_stack(&space, stack.low);
    }
}

/* Other sizes, and what lies in the arena, are not kept. */
static void only_the_usual(void **state) {
    (void)state;
    struct stack stack;
    assert_int_equal(area_map_stack(&space, USUAL + PAGE_SIZE, &stack.low, &stack.high, NULL), 0);
    (void)touch(&space, stack.high - 4);
    area_end_stack(&space, stack.low);
    assert_null(space.kept);
    (void)stack_kept(&space);
    assert_int_equal(area_map_stack(&space, USUAL + PAGE_SIZE, &stack.low, &stack.high, NULL), 0);
    assert_int_equal(stack.high - stack.low, USUAL + PAGE_SIZE);
    area_end_stack(&space, stack.low);
    uint32_t va = USER_BASE;
    assert_int_equal(area_reserve(&space, &va, SLOT_END - USER_BASE, PROT_NONE), 0);
    stack = stack_map(&space);
    assert_true(stack.low >= ARENA_BASE);
    (void)touch(&space, stack.high - 4);
    area_end_stack(&space, stack.low);
    assert_null(space.kept);
    assert_int_equal(area_release(&space, va), 0);
}

/* While it is kept, its addresses are nobody's. */
static void is_not_seen(void **state) {
    (void)state;
    struct stack stack = stack_kept(&space);
    struct area_info info;
    prot_t before;
    uint32_t faults = space.faults;
    for (uint32_t va = stack.low - GUARDS; va < stack.high; va += PAGE_SIZE) {
        assert_int_equal(fake_access(&space, va, PROT_READ, NULL), ERROR_NOACCESS);
        assert_int_equal(fake_access(&space, va, PROT_WRITE, NULL), ERROR_NOACCESS);
    }
    assert_int_equal(space.faults, faults + 2 * (USUAL / PAGE_SIZE + 1)); /* told of like others */
    assert_int_equal(area_protect(&space, stack.high - PAGE_SIZE, 1, RW, &before), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_commit(&space, stack.low, 1, RW), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_decommit(&space, stack.low, 1), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_map_device(&space, stack.low, 0x10000000, PAGE_SIZE, RW), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_free(&space, stack.low), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_release(&space, stack.low), ERROR_INVALID_PARAMETER);
    assert_non_null(space.kept);
    assert_int_equal(area_query(&space, stack.high - 4, 0, &info), 0);
    assert_false(info.reserved);
    (void)stack_kept(&space);
    assert_int_equal(space_free_bytes(&space), SLOT_END - USER_BASE);
    (void)stack_kept(&space);
    assert_int_equal(space_range_faults(&space, stack.low, USUAL), 0);
    assert_null(space.kept);
}

/* Its addresses are had by whoever wants them. */
static void makes_way(void **state) {
    (void)state;
    struct stack stack = stack_kept(&space);
    uint32_t va = stack.high - 1; /* exactly there */
    assert_int_equal(area_allocate(&space, &va, 1, RW), 0);
    assert_int_equal(*touch(&space, va), 0);
    assert_int_equal(area_release(&space, va), 0);
    (void)stack_kept(&space);
    va = USER_BASE; /* all there is */
    assert_int_equal(area_reserve(&space, &va, SLOT_END - USER_BASE, PROT_NONE), 0);
    assert_int_equal(area_release(&space, va), 0);
    /* As much as fits, at any place. */
    va = USER_BASE + LARGE_SIZE * 2;
    uint32_t rest = 0;
    assert_int_equal(area_reserve(&space, &va, SLOT_END - va - LARGE_SIZE, PROT_NONE), 0);
    assert_true(stack_kept(&space).high <= va);
    assert_int_equal(area_reserve(&space, &rest, 2 * LARGE_SIZE, PROT_NONE), 0);
    assert_int_equal(rest, USER_BASE);
    assert_int_equal(area_release(&space, rest), 0);
    assert_int_equal(area_release(&space, va), 0);
}

/* Frames without a charge, as clean pages of pagers are, until so many are free. */
static uint32_t taken[PAGES];
static uint32_t taken_count;

static void take_frames(uint32_t left) {
    while (page_free_count() > left && (taken[taken_count] = page_alloc(0, PAGE_USE_CACHE)) != PAGE_NONE) {
        taken_count++;
    }
    assert_int_equal(page_free_count(), left);
}

static void give_frames(void) {
    while (taken_count != 0) {
        page_free(taken[--taken_count], 0);
    }
}

/* Everything that can be promised can be promised while stacks are kept, and every promise is kept. */
static void gives_its_page(void **state) {
    (void)state;
    struct stack stack;
    (void)stack_kept(&space);
    (void)stack_kept(&other);
    uint32_t va = 0;
    uint32_t most = page_commit_limit() - page_committed_count();
    while (area_allocate(&space, &va, most * PAGE_SIZE, RW) != 0) {
        most--; /* tables want some, too */
        assert_true(most + 8 > page_commit_limit() - page_committed_count());
    }
    uint32_t rest = page_commit_limit() - page_committed_count();
    assert_true(commit_charge(rest));
    assert_int_equal(area_map_stack(&space, USUAL, &stack.low, &stack.high, NULL), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(area_map_stack(&other, USUAL, &stack.low, &stack.high, NULL), ERROR_NOT_ENOUGH_MEMORY);
    take_frames(most);
    for (uint32_t page = 0; page < most; page++) {
        (void)touch(&space, va + page * PAGE_SIZE);
    }
    assert_int_equal(page_free_count(), 0);
    assert_non_null(space.kept);
    assert_non_null(other.kept);
    give_frames();
    commit_release(rest);
}

/* No frame is left but those of kept stacks: they go, the stacks stay and are used again. */
static void pressure(void **state) {
    (void)state;
    struct stack mine = stack_kept(&space);
    (void)stack_kept(&other); /* goes with its space, without a page */
    uint32_t free = page_free_count();
    take_frames(0);
    assert_int_equal(fake_query(&space, mine.high - 4).state, PAGE_COMMITTED);
    assert_int_equal(fake_access(&space, mine.high - 4, PROT_READ, NULL), ERROR_NOACCESS);
    give_frames();
    for (int round = 0; round < 2; round++) { /* the second time with its page */
        mine = stack_map(&space);
        assert_int_equal(mine.begun, round);
        assert_int_equal(space.resident, round);
        assert_new(&space, mine);
        assert_int_equal(space.resident, 1);
        assert_int_equal(space_range_faults(&space, mine.low, USUAL), 1);
        area_end_stack(&space, mine.low);
        assert_int_equal(page_free_count(), free);
    }
}

/* Its page goes into a table of its own space, in the middle of the call that wants several. */
static void pressure_by_tables(void **state) {
    (void)state;
    struct stack stack = stack_kept(&space);
    uint32_t va = stack.low + 0x00100000;
    take_frames(1);
    assert_int_equal(area_reserve(&space, &va, 0x00600000, PROT_NONE), 0);
    assert_int_equal(page_free_count(), 0);
    give_frames();
    uint32_t low = stack.low;
    stack = stack_map(&space);
    assert_int_equal(stack.low, low);
    assert_new(&space, stack);
    assert_int_equal(area_release(&space, va), 0);
}

static void settled(void **state) {
    (void)state;
    struct fake_count before = fake_count(&space);
    uint32_t free = page_free_count();
    (void)stack_kept(&space);
    (void)stack_kept(&other);
    area_settle();
    assert_null(space.kept);
    assert_null(other.kept);
    heap_settle();
    fake_assert_same(before, fake_count(&space));
    assert_int_equal(page_free_count(), free);
}

/* ---- random ---- */

#define LIVE 4u

static struct stack live[2][LIVE];
static uint32_t reserved[2];

static void nothing(void) {
}

static void step_stack(unsigned s, struct space *in, struct stack *stack) {
    fake_before_lock(fake_random(2) == 0 ? nothing : NULL); /* the lock is not free: no short way */
    if (stack->low == 0) {
        mmu_space_activate(&in->mmu);
        if (area_map_stack(in, fake_random(8) == 0 ? USUAL * 2 : USUAL, &stack->low, &stack->high, &stack->begun) !=
            0) {
            *stack = (struct stack){0};
            return;
        }
        for (unsigned i = 0; i < LIVE; i++) {
            const struct stack *one = &live[s][i];
            assert_true(one == stack || one->low == 0 || one->high <= stack->low - GUARDS ||
                        one->low - GUARDS >= stack->high);
        }
        if (fake_random(8) != 0) {
            assert_new(in, *stack);
            memset(touch(in, stack->high - PAGE_SIZE), DIRTY, PAGE_SIZE);
        }
    } else if (fake_random(2) == 0) {
        uint32_t va = stack->low + fake_random(stack->high - stack->low);
        prot_t before;
        if (fake_random(6) == 0) {
            assert_int_equal(area_protect(in, va, 1, fake_random(2) == 0 ? PROT_READ : RW | PROT_GUARD, &before), 0);
        }
        (void)fake_access(in, va, PROT_WRITE, NULL);
    } else {
        area_end_stack(in, stack->low);
        assert_true(fake_access(in, stack->high - 4, PROT_READ, NULL) == ERROR_NOACCESS);
        *stack = (struct stack){0};
    }
}

static void step_other(unsigned s, struct space *in) {
    struct area_info info;
    uint32_t va = USER_BASE + fake_random(8) * LARGE_SIZE;
    switch (fake_random(12)) {
    case 0:
        assert_int_equal(area_query(in, va, 0, &info), 0);
        break;
    case 1:
        area_settle();
        break;
    case 2:
        take_frames(0);
        give_frames();
        break;
    default:
        if (reserved[s] != 0) {
            assert_int_equal(area_release(in, reserved[s]), 0);
            reserved[s] = 0;
        } else if (area_reserve(in, &va, (1 + fake_random(40)) * PAGE_SIZE, PROT_NONE) == 0) {
            reserved[s] = va;
        }
        break;
    }
}

static void at_random(void **state) {
    (void)state;
    struct space *spaces[] = {&space, &other};
    print_message("seed %u\n", fake_seed(5));
    for (unsigned step = 0; step < 40000; step++) {
        unsigned s = fake_random(2);
        if (fake_random(4) == 0) {
            step_other(s, spaces[s]);
        } else {
            step_stack(s, spaces[s], &live[s][fake_random(LIVE)]);
        }
        uint32_t charged = 0;
        for (unsigned i = 0; i < LIVE; i++) {
            charged += (live[s][i].high - live[s][i].low) / PAGE_SIZE;
        }
        assert_int_equal(spaces[s]->charged, charged);
    }
}

/* A compressed program's end: while its data's section goes, another process asks for the counters. */
static void settled_at_the_end(void **state) {
    (void)state;
    struct space dying;
    struct section *section;
    assert_int_equal(space_create(&dying), 0);
    assert_int_equal(section_create_in_place(FAKE_ROM_PA + 0x2000, 0x5000, 1, &section), 0);
    assert_int_equal(area_map_copy(&dying, 0x10000, 0x1000, section, 0, 0x1000, PROT_READ), 0);
    assert_int_equal(area_map_copy(&dying, 0x100000, 0x4000, section, 0x1000, 0x1004, RW), 0);
    section_unref(section);
    struct stack stack = stack_kept(&dying);
    assert_true(stack.low < 0x100000);
    fake_after_unlock(area_settle);
    space_destroy(&dying);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(goes_to_the_next),   TEST(only_one),       TEST(used_to_the_end),    TEST(one_fault_elsewhere),
        TEST(protections_go),     TEST(only_the_usual), TEST(is_not_seen),        TEST(makes_way),
        TEST(gives_its_page),     TEST(pressure),       TEST(pressure_by_tables), TEST(settled),
        TEST(settled_at_the_end), TEST(at_random),
    };
    return cmocka_run_group_tests_name("mm_stack", tests, NULL, NULL);
}
