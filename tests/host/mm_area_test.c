/* Private memory: where it goes, what is charged, what a touch brings, what is refused. */
#include "fake_mmu.h"

#include <string.h>

#include "include/layout.h"
#include "mm/area.h"
#include "mm/arena.h"
#include "mm/heap.h"
#include "mm/page.h"
#include "mm/section.h"

#define PAGES   4096u
#define RW      (PROT_READ | PROT_WRITE)
#define RX      (PROT_READ | PROT_EXEC)
#define CHIP    (DOMAIN_FLASH + 0)
#define TEXT_PA (FAKE_ROM_PA + 0x10000)

static struct space space;

static int start(void **state) {
    (void)state;
    fake_start(PAGES);
    assert_int_equal(space_create(&space), 0);
    heap_replenish(); /* objects take no pages from here on */
    return 0;
}

static int stop(void **state) {
    (void)state;
    space_destroy(&space);
    fake_stop();
    return 0;
}

static bool is_zero(const uint8_t *bytes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void reserve_commit_touch_release(void **state) {
    (void)state;
    uint32_t va = 0;
    uint32_t committed = page_committed_count();
    assert_int_equal(area_reserve(&space, &va, 0x23456, PROT_NONE), 0);
    assert_int_equal(va, USER_BASE); /* the lowest place */
    assert_int_equal(page_committed_count(), committed);
    assert_int_equal(fake_query(&space, va).state, PAGE_RESERVED);
    assert_int_equal(fake_query(&space, va + 0x23000).state, PAGE_RESERVED);
    assert_int_equal(fake_query(&space, va + 0x24000).state, PAGE_FREE);
    assert_int_equal(fake_access(&space, va, PROT_READ, NULL), ERROR_NOACCESS);

    /* The pages that the bytes touch. */
    assert_int_equal(area_commit(&space, va + 0x1fff, 2, RW), 0);
    assert_int_equal(page_committed_count(), committed + 2);
    assert_int_equal(space.charged, 2);
    assert_int_equal(space.resident, 0);
    assert_int_equal(fake_access(&space, va, PROT_READ, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&space, va + 0x3000, PROT_READ, NULL), ERROR_NOACCESS);
    uint32_t free_before = page_free_count();
    uint8_t *byte;
    assert_int_equal(fake_access(&space, va + 0x2000, PROT_WRITE, &byte), 0);
    assert_true(is_zero(byte, PAGE_SIZE));
    *byte = 1;
    assert_int_equal(page_free_count(), free_before - 1);
    assert_int_equal(page_committed_count(), committed + 2);
    assert_int_equal(space.resident, 1);

    /* Again: only what is new is charged, contents stay, the protection is the last one. */
    assert_int_equal(area_commit(&space, va, 0x5000, PROT_READ), 0);
    assert_int_equal(page_committed_count(), committed + 5);
    assert_int_equal(fake_access(&space, va + 0x2000, PROT_READ, &byte), 0);
    assert_int_equal(*byte, 1);
    assert_int_equal(fake_access(&space, va + 0x2000, PROT_WRITE, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&space, va + 0x1000, PROT_WRITE, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&space, va + 0x4000, PROT_READ, NULL), 0);

    assert_int_equal(area_release(&space, va + PAGE_SIZE), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_release(&space, va), 0);
    assert_int_equal(page_committed_count(), committed);
    assert_int_equal(page_free_count(), free_before);
    assert_int_equal(space.charged, 0);
    assert_int_equal(space.resident, 0);
    assert_int_equal(fake_query(&space, va).state, PAGE_FREE);
    assert_int_equal(area_release(&space, va), ERROR_INVALID_PARAMETER);
}

static void reserve_at_an_address(void **state) {
    (void)state;
    uint32_t va = 0x00231234; /* down to 64 KB, up to behind the last byte */
    assert_int_equal(area_reserve(&space, &va, 0x10, PROT_NONE), 0);
    assert_int_equal(va, 0x00230000);
    assert_int_equal(fake_query(&space, 0x00231000).state, PAGE_RESERVED);
    assert_int_equal(fake_query(&space, 0x00232000).state, PAGE_FREE);
    static const struct {
        uint32_t va, bytes;
        status_t status;
    } wrong[] = {
        {0x00230000, 1, ERROR_INVALID_ADDRESS},
        {0x00220000, 0x10001, ERROR_INVALID_ADDRESS},
        {0x00000001, 1, ERROR_INVALID_PARAMETER}, /* below USER_BASE */
        {0x0000ffff, 0x1000, ERROR_INVALID_PARAMETER},
        {0x00300000, 0, ERROR_INVALID_PARAMETER},
        {0x00300000, 0xffffffff, ERROR_INVALID_PARAMETER},
        {SLOT_END - 0x10000, 0x10001, ERROR_INVALID_PARAMETER}, /* over the end */
        {ARENA_END - 0x10000, 0x10001, ERROR_INVALID_PARAMETER},
        {ARENA_END, 1, ERROR_INVALID_PARAMETER},
        {USER_END, 1, ERROR_INVALID_PARAMETER},
        {0xffffffff, 1, ERROR_INVALID_PARAMETER},
        {0, 0xffffffff, ERROR_NOT_ENOUGH_MEMORY},
        {0, USER_END, ERROR_NOT_ENOUGH_MEMORY},
    };
    struct fake_count before = fake_count(&space);
    for (unsigned i = 0; i < ARRAY_COUNT(wrong); i++) {
        va = wrong[i].va;
        assert_int_equal(area_reserve(&space, &va, wrong[i].bytes, PROT_NONE), wrong[i].status);
        assert_int_equal(va, wrong[i].va);
    }
    fake_assert_same(before, fake_count(&space));

    va = ARENA_BASE + 0x10000;
    assert_int_equal(area_reserve(&space, &va, PAGE_SIZE, PROT_NONE), 0);
    assert_int_equal(arena_range_count(), 1);
    struct space other;
    assert_int_equal(space_create(&other), 0);
    assert_int_equal(area_reserve(&other, &va, PAGE_SIZE, PROT_NONE), ERROR_INVALID_ADDRESS); /* unique in the system */
    space_destroy(&other);
}

static void commit_refusals(void **state) {
    (void)state;
    uint32_t va = 0;
    uint32_t low;
    uint32_t high;
    assert_int_equal(area_reserve(&space, &va, 0x20000, PROT_NONE), 0);
    assert_int_equal(area_map_stack(&space, 0x4000, &low, &high, NULL), 0);
    struct fake_count before = fake_count(&space);
    assert_int_equal(area_commit(&space, va, 0, RW), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_commit(&space, va, 1, PROT_GUARD), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_commit(&space, va, 1, PROT_DEVICE | PROT_READ), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_commit(&space, va, 0x20001, RW), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_commit(&space, va, 0xffffffff, RW), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_commit(&space, 0xfffff000, 0x2000, RW), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_commit(&space, va - PAGE_SIZE, PAGE_SIZE, RW), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_commit(&space, low, PAGE_SIZE, RW), ERROR_INVALID_ADDRESS);
    fake_assert_same(before, fake_count(&space));
}

/* Memory promised is memory there: what is committed can be touched to the last page. */
static void commit_never_lies(void **state) {
    (void)state;
    uint32_t va = 0;
    assert_int_equal(area_reserve(&space, &va, 64 << 20, PROT_NONE), 0);
    uint32_t left = page_commit_limit() - page_committed_count();
    assert_int_equal(area_commit(&space, va, (left + 1) * PAGE_SIZE, RW), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(fake_query(&space, va).state, PAGE_RESERVED);
    assert_int_equal(area_commit(&space, va, left * PAGE_SIZE, RW), 0);
    assert_int_equal(area_commit(&space, va + left * PAGE_SIZE, 1, RW), ERROR_NOT_ENOUGH_MEMORY);
    for (uint32_t page = 0; page < left; page++) {
        assert_int_equal(fake_access(&space, va + page * PAGE_SIZE, PROT_WRITE, NULL), 0);
    }
    assert_int_equal(page_free_count(), PAGES - page_commit_limit());
    struct section *section;
    uint32_t low;
    uint32_t high;
    assert_int_equal(section_create_ram(PAGE_SIZE, &section), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(area_map_stack(&space, PAGE_SIZE, &low, &high, NULL), ERROR_NOT_ENOUGH_MEMORY);
}

static void large_reservations(void **state) {
    (void)state;
    uint32_t small = 0;
    uint32_t large = 0;
    assert_int_equal(area_reserve(&space, &small, AREA_LARGE - PAGE_SIZE, PROT_NONE), 0);
    assert_int_equal(area_reserve(&space, &large, AREA_LARGE, PROT_NONE), 0);
    assert_true(small < SLOT_END);
#if defined(SITU_ARMV5)
    assert_true(large >= ARENA_BASE);
    /* Small ones that do not fit the slot go to the arena, too. */
    uint32_t count = 0;
    uint32_t va = 0;
    do {
        va = 0;
        assert_int_equal(area_reserve(&space, &va, SECTION_SIZE, PROT_NONE), 0);
        count++;
    } while (va < SLOT_END);
    assert_int_equal(count, 30); /* 32 MB less the first 64 KB and small */
#else
    assert_true(large < SLOT_END);
    /* What does not fit the space's own range goes to the arena. */
    uint32_t fills = 0;
    assert_int_equal(area_reserve(&space, &fills, 600u << 20, PROT_NONE), 0);
    assert_true(fills < SLOT_END);
    uint32_t va = 0;
    assert_int_equal(area_reserve(&space, &va, 600u << 20, PROT_NONE), 0);
    assert_true(va >= ARENA_BASE);
#endif
    /* Arena ranges keep a page between them that nobody can take. */
    uint32_t next = 0;
    va = ARENA_END - 0x20000;
    assert_int_equal(area_reserve(&space, &va, 0x10000, PROT_NONE), 0);
    next = va + 0x10000;
    assert_int_equal(area_reserve(&space, &next, PAGE_SIZE, PROT_NONE), ERROR_INVALID_ADDRESS);
}

static void text_in_place(void **state) {
    (void)state;
    uint32_t committed = page_committed_count();
    uint32_t free_pages = page_free_count();
    assert_int_equal(area_map_text(&space, USER_TEXT, TEXT_PA, 0x23001, RX, CHIP), 0);
    assert_int_equal(page_committed_count(), committed); /* the table was a spare one */
    assert_int_equal(page_free_count(), free_pages);
    struct mmu_page page = fake_query(&space, USER_TEXT + 0x5000);
    assert_int_equal(page.state, PAGE_PRESENT);
    assert_int_equal(page.pa, TEXT_PA + 0x5000);
    assert_int_equal(page.size, LARGE_SIZE);
    assert_int_equal(page.domain, CHIP);
    assert_int_equal(page.prot, PROT_READ | PROT_EXEC);
    assert_int_equal(fake_query(&space, USER_TEXT + 0x23000).size, PAGE_SIZE); /* the last page, whole */
    assert_int_equal(fake_query(&space, USER_TEXT + 0x24000).state, PAGE_FREE);
    uint8_t *byte;
    assert_int_equal(fake_access(&space, USER_TEXT + 0x5001, PROT_EXEC, &byte), 0);
    assert_ptr_equal(byte, fake_rom(TEXT_PA + 0x5001));
    assert_int_equal(fake_access(&space, USER_TEXT, PROT_WRITE, NULL), ERROR_NOACCESS);
    assert_int_equal(space.faults, 1);

    /* RAM never shares its megabytes. */
    uint32_t va = USER_TEXT + 0x40000;
    uint32_t low;
    uint32_t high;
    assert_int_equal(area_reserve(&space, &va, PAGE_SIZE, PROT_NONE), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_map_data(&space, 0x80000, PAGE_SIZE, NULL, 0, RW), ERROR_INVALID_ADDRESS);
    va = 0;
    assert_int_equal(area_reserve(&space, &va, PAGE_SIZE, PROT_NONE), 0);
    assert_true(va >= SECTION_SIZE);
    assert_int_equal(area_map_stack(&space, PAGE_SIZE, &low, &high, NULL), 0);
    assert_true(low >= SECTION_SIZE + PAGE_SIZE);
    /* Another chip does not, either; the same one does. */
    assert_int_equal(area_map_text(&space, 0x80000, TEXT_PA, PAGE_SIZE, RX, CHIP + 1), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_map_text(&space, 0x80000, TEXT_PA, PAGE_SIZE, RX, CHIP), 0);

    assert_int_equal(area_release(&space, USER_TEXT), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_text(&space, USER_TEXT, TEXT_PA, 1, RX, CHIP), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_map_text(&space, 0x90001, TEXT_PA, 1, RX, CHIP), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_text(&space, 0x90000, TEXT_PA + 4, 1, RX, CHIP), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_text(&space, 0x90000, TEXT_PA, 0, RX, CHIP), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_text(&space, 0x90000, 0xfffff000, 0x2000, RX, CHIP), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_text(&space, 0x90000, TEXT_PA, 1, RW, CHIP), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_text(&space, 0x90000, TEXT_PA, 1, PROT_NONE, CHIP), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_text(&space, 0, TEXT_PA, 1, RX, CHIP), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_text(&space, SLOT_END - PAGE_SIZE, TEXT_PA, 2 * PAGE_SIZE, RX, CHIP),
                     ERROR_INVALID_PARAMETER);
}

/* Text that spans megabytes: 1 MB entries where it covers them, tables at the ends only. */
static void large_text(void **state) {
    (void)state;
    uint32_t tables = space.mmu.table_count;
    assert_int_equal(area_map_text(&space, 0x110000, FAKE_ROM_PA + 0x110000, 0x300000, RX, CHIP), 0);
    assert_int_equal(space.mmu.table_count, tables + 2);
    assert_int_equal(fake_query(&space, 0x110000).size, LARGE_SIZE);
    assert_int_equal(fake_query(&space, 0x200000).size, SECTION_SIZE);
    assert_int_equal(fake_query(&space, 0x3fffff).size, SECTION_SIZE);
    assert_int_equal(fake_query(&space, 0x400000).size, LARGE_SIZE);
    assert_int_equal(fake_query(&space, 0x40ffff).state, PAGE_PRESENT);
    assert_int_equal(fake_query(&space, 0x410000).state, PAGE_FREE);
    /* Where address and ROM address do not agree, small pages do it. */
    assert_int_equal(area_map_text(&space, 0x800000, FAKE_ROM_PA + 0x1000, 0x200000, RX, CHIP), 0);
    assert_int_equal(fake_query(&space, 0x900000).size, PAGE_SIZE);
    assert_int_equal(fake_query(&space, 0x900000).pa, FAKE_ROM_PA + 0x101000);
}

static void data_is_a_private_copy(void **state) {
    (void)state;
    const uint8_t *source = fake_rom(TEXT_PA);
    uint32_t committed = page_committed_count();
    assert_int_equal(area_map_data(&space, 0x100000, 0x3100, source, 0x1080, RW), 0);
    assert_int_equal(page_committed_count(), committed + 4);
    uint8_t *byte;
    assert_int_equal(fake_access(&space, 0x100000, PROT_READ, &byte), 0);
    assert_memory_equal(byte, source, PAGE_SIZE);
    memset(byte, 0, PAGE_SIZE);
    assert_int_equal(fake_access(&space, 0x101000, PROT_WRITE, &byte), 0);
    assert_memory_equal(byte, source + 0x1000, 0x80);
    assert_true(is_zero(byte + 0x80, PAGE_SIZE - 0x80));
    assert_int_equal(fake_access(&space, 0x102000, PROT_READ, &byte), 0);
    assert_true(is_zero(byte, PAGE_SIZE));
    assert_int_equal(fake_access(&space, 0x103fff, PROT_READ, NULL), 0);
    assert_int_equal(fake_access(&space, 0x104000, PROT_READ, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&space, 0x100000, PROT_READ, &byte), 0);
    assert_true(is_zero(byte, PAGE_SIZE)); /* the copy, not the source */

    struct space other; /* has its own */
    assert_int_equal(space_create(&other), 0);
    assert_int_equal(area_map_data(&other, 0x100000, 0x1000, source, 0x1000, PROT_READ), 0);
    assert_int_equal(fake_access(&other, 0x100000, PROT_READ, &byte), 0);
    assert_memory_equal(byte, source, PAGE_SIZE);
    assert_int_equal(fake_access(&other, 0x100000, PROT_WRITE, NULL), ERROR_NOACCESS);
    space_destroy(&other);

    assert_int_equal(area_map_data(&space, 0x200000, 0x1000, source, 0x1001, RW), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_data(&space, 0x200800, 0x1000, source, 0, RW), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_data(&space, 0x200000, 0, source, 0, RW), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_data(&space, 0x200000, 0x1000, source, 0, PROT_NONE), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_data(&space, 0x103000, 0x1000, source, 0, RW), ERROR_INVALID_ADDRESS);
    assert_int_equal(area_release(&space, 0x100000), 0);
    assert_int_equal(page_committed_count(), committed);
}

static void copy_of_a_section(void **state) {
    (void)state;
    struct section *section;
    struct section *memory;
    assert_int_equal(section_create_in_place(FAKE_ROM_PA + 0x2000, 0x5000, CHIP, &section), 0);
    assert_int_equal(section_create_ram(0x5000, &memory), 0);
    assert_int_equal(area_map_copy(&space, 0x100000, 0x4000, section, 0x1000, 0x1004, RW), 0);
    assert_int_equal(area_map_copy(&space, 0x200000, 0x1000, section, 0x1001, 1, RW), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_copy(&space, 0x200000, 0x9000, section, 0x1000, 0x4001, RW), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_copy(&space, 0x200000, 0x1000, section, 1ull << 40, 1, RW), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_map_copy(&space, 0x200000, 0x1000, memory, 0, 1, RW), ERROR_INVALID_PARAMETER);
    section_unref(memory);
    section_unref(section);
    assert_int_equal(section_count(), 1); /* the area's reference */
    uint8_t *byte;
    assert_int_equal(fake_access(&space, 0x100000, PROT_READ, &byte), 0);
    assert_memory_equal(byte, fake_rom(FAKE_ROM_PA + 0x3000), PAGE_SIZE);
    assert_int_equal(fake_access(&space, 0x101000, PROT_READ, &byte), 0);
    assert_memory_equal(byte, fake_rom(FAKE_ROM_PA + 0x4000), 4);
    assert_true(is_zero(byte + 4, PAGE_SIZE - 4));
    assert_int_equal(area_release(&space, 0x100000), 0);
    assert_int_equal(section_count(), 0);
}

static void faults_are_counted(void **state) {
    (void)state;
    uint32_t a = 0;
    uint32_t b = 0;
    assert_int_equal(area_reserve(&space, &a, 0x10000, PROT_NONE), 0);
    assert_int_equal(area_reserve(&space, &b, 0x10000, PROT_NONE), 0);
    assert_int_equal(area_commit(&space, a, 0x4000, RW), 0);
    assert_int_equal(area_commit(&space, b, 0x4000, RW), 0);
    for (uint32_t at = 0; at < 0x3000; at += 0x800) {
        assert_int_equal(fake_access(&space, a + at, PROT_WRITE, NULL), 0);
    }
    assert_int_equal(fake_access(&space, b, PROT_WRITE, NULL), 0);
    assert_int_equal(fake_access(&space, 0x01f00000, PROT_WRITE, NULL), ERROR_NOACCESS); /* no area */
    assert_int_equal(space.faults, 5);
    assert_int_equal(space_range_faults(&space, a, 1), 3);
    assert_int_equal(space_range_faults(&space, a + 0x8000, 1), 3); /* of the whole area */
    assert_int_equal(space_range_faults(&space, b, 1), 1);
    assert_int_equal(space_range_faults(&space, a, b - a), 3);
    assert_int_equal(space_range_faults(&space, a, b + 1 - a), 4);
    assert_int_equal(space_range_faults(&space, 0, 0xffffffff), 4);
    assert_int_equal(space_range_faults(&space, a, 0), 0);
    assert_int_equal(space_range_faults(&space, 0x01000000, 0x1000), 0);
}

/* Execution: a promise of its own where the CPU has execute-never, the same as reading where not. */
static void execution(void **state) {
    (void)state;
    uint32_t va = 0;
    assert_int_equal(area_map_text(&space, USER_TEXT, TEXT_PA, 0x11000, PROT_READ, CHIP), 0); /* constants */
    assert_int_equal(fake_query(&space, USER_TEXT).prot, PROT_READ);
    assert_int_equal(fake_query(&space, USER_TEXT + 0x10000).prot, PROT_READ);
    assert_int_equal(area_reserve(&space, &va, 0x10000, PROT_NONE), 0);
    assert_int_equal(area_commit(&space, va, 0x1000, RW), 0);
    assert_int_equal(area_commit(&space, va + 0x1000, 0x1000, PROT_EXEC), 0);
    assert_int_equal(fake_access(&space, va + 0x1000, PROT_EXEC, NULL), 0);
    assert_int_equal(fake_access(&space, va + 0x1000, PROT_READ, NULL), 0);
    assert_int_equal(fake_access(&space, va + 0x1000, PROT_WRITE, NULL), ERROR_NOACCESS);
#if defined(SITU_ARMV5)
    assert_int_equal(fake_access(&space, va, PROT_EXEC, NULL), 0);
    assert_int_equal(fake_access(&space, USER_TEXT, PROT_EXEC, NULL), 0);
#else
    assert_int_equal(fake_access(&space, USER_TEXT, PROT_EXEC, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&space, va, PROT_EXEC, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&space, va, PROT_WRITE, NULL), 0);
    assert_int_equal(fake_access(&space, va, PROT_EXEC, NULL), ERROR_NOACCESS);
#endif
}

/* Many gaps that alignment spoils do not hide one behind them. */
static void gaps_are_used_again(void **state) {
    (void)state;
    uint32_t megabyte = 0;
    uint32_t va;
    for (unsigned i = 0; i < 40; i++) {
        va = 0;
        assert_int_equal(area_reserve(&space, &va, PAGE_SIZE, PROT_NONE), 0);
    }
    assert_int_equal(area_reserve(&space, &megabyte, SECTION_SIZE, PROT_NONE), 0);
    va = 0;
    assert_int_equal(area_reserve(&space, &va, PAGE_SIZE, PROT_NONE), 0);
    assert_true(va > megabyte);
    assert_int_equal(area_free(&space, megabyte), 0);
    va = 0;
    assert_int_equal(area_reserve(&space, &va, PAGE_SIZE, PROT_NONE), 0); /* behind it: the search gave up */
    assert_true(va > megabyte);
    va = 0;
    assert_int_equal(area_reserve(&space, &va, SECTION_SIZE, PROT_NONE), 0);
    assert_int_equal(va, megabyte);
}

static uint32_t scenario_pages(uint32_t seed) {
    uint32_t charged = 0;
    (void)fake_seed(seed);
    for (unsigned step = 0; step < 60; step++) {
        uint32_t va = 0;
        uint32_t low;
        uint32_t high;
        uint32_t bytes = (1 + fake_random(300)) * PAGE_SIZE;
        switch (fake_random(3)) {
        case 0:
            if (area_reserve(&space, &va, bytes, PROT_NONE) == 0 && area_commit(&space, va, bytes / 2, RW) == 0) {
                charged += (bytes / 2 + PAGE_SIZE - 1) / PAGE_SIZE;
                (void)fake_access(&space, va, PROT_WRITE, NULL);
            }
            break;
        case 1:
            if (area_map_stack(&space, bytes / 8 + 1, &low, &high, NULL) == 0) {
                charged += (high - low) / PAGE_SIZE;
                assert_int_equal(fake_access(&space, high - 1, PROT_WRITE, NULL), 0);
            }
            break;
        default:
            va = 0x01000000 + fake_random(200) * LARGE_SIZE;
            if (area_map_data(&space, va, bytes / 4 + 1, fake_rom(FAKE_ROM_PA), 1, RW) == 0) {
                charged += bytes / 4 / PAGE_SIZE + 1;
                assert_int_equal(fake_access(&space, va, PROT_WRITE, NULL), 0);
            }
            break;
        }
        assert_int_equal(space.charged, charged);
    }
    return charged;
}

/* A space goes with everything in it, also when it is not the active one: fake_stop tells. */
static void space_goes_whole(void **state) {
    (void)state;
    for (uint32_t seed = 0; seed < 5; seed++) {
        assert_true(scenario_pages(seed) > 0);
        mmu_space_activate(seed % 2 == 0 ? NULL : &space.mmu);
        space_destroy(&space);
        assert_int_equal(arena_range_count(), 0);
        assert_int_equal(space_create(&space), 0);
    }
}

#if defined(SITU_ARMV5)
static void no_more_slots(void **state) {
    (void)state;
    static struct space many[SLOT_COUNT];
    for (unsigned i = 1; i < SLOT_COUNT; i++) {
        assert_int_equal(space_create(&many[i]), 0);
    }
    assert_int_equal(space_create(&many[0]), ERROR_NO_PROC_SLOTS);
    for (unsigned i = 1; i < SLOT_COUNT; i++) {
        space_destroy(&many[i]);
    }
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(reserve_commit_touch_release),
        TEST(reserve_at_an_address),
        TEST(commit_refusals),
        TEST(commit_never_lies),
        TEST(large_reservations),
        TEST(text_in_place),
        TEST(large_text),
        TEST(data_is_a_private_copy),
        TEST(copy_of_a_section),
        TEST(faults_are_counted),
        TEST(execution),
        TEST(gaps_are_used_again),
        TEST(space_goes_whole),
#if defined(SITU_ARMV5)
        TEST(no_more_slots),
#endif
    };
    return cmocka_run_group_tests_name("mm_area", tests, NULL, NULL);
}
