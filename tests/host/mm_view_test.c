/* Sections and views: the contract of MapViewOfFile and UnmapViewOfFile as far as mm keeps it, and what the page tables
 * look like. */
#include "fake_mmu.h"

#include <string.h>

#include "include/layout.h"
#include "mm/area.h"
#include "mm/arena.h"
#include "mm/heap.h"
#include "mm/lock.h"
#include "mm/page.h"
#include "mm/view.h"

#define PAGES 4096u
#define RW    (PROT_READ | PROT_WRITE)
#define CHIP  (DOMAIN_FLASH + 0)
#define ROM   FAKE_ROM_PA

static struct space space;
static struct space other;
static const struct view_owner nobody;

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

static struct section *rom(uint32_t offset, uint32_t bytes) {
    struct section *section;
    assert_int_equal(section_create_in_place(ROM + offset, bytes, CHIP, &section), 0);
    return section;
}

static uint32_t map(struct space *in, struct section *section, uint64_t offset, uint32_t bytes, prot_t prot) {
    uint32_t va = 0;
    assert_int_equal(view_map(in, section, offset, bytes, prot, nobody, &va), 0);
    return va;
}

static uint32_t size_at(uint32_t va) {
    struct mmu_page page = fake_query(&space, va);
    return page.state == PAGE_PRESENT ? page.size : 0;
}

/* The main promise: no RAM page, no fault, large entries. */
static void rom_is_mapped_in_place(void **state) {
    (void)state;
    uint32_t free_pages = page_free_count();
    uint32_t committed = page_committed_count();
    struct section *section = rom(0x100000, (16 << 20) + 0x12345);
    uint32_t va = map(&space, section, 0, 0, PROT_READ);
    assert_true(is_aligned(va, SECTION_SIZE) && va >= ARENA_BASE);
    for (uint32_t at = 0; at < (16 << 20) + 0x13000; at += PAGE_SIZE) {
        assert_int_equal(fake_query(&space, va + at).pa, ROM + 0x100000 + at);
        assert_int_equal(fake_access(&space, va + at, PROT_READ, NULL), 0);
    }
    assert_int_equal(page_free_count(), free_pages);
    assert_int_equal(page_committed_count(), committed);
    assert_int_equal(space.faults, 0);
    assert_int_equal(size_at(va), SECTION_SIZE);
    assert_int_equal(size_at(va + (15 << 20)), SECTION_SIZE);
    assert_int_equal(size_at(va + (16 << 20)), LARGE_SIZE);
    assert_int_equal(size_at(va + (16 << 20) + 0x10000), PAGE_SIZE);
    assert_int_equal(fake_query(&space, va).domain, CHIP);
    /* Not beyond the last page, not for writing, not in another process. */
    assert_int_equal(fake_access(&space, va + (16 << 20) + 0x13000, PROT_READ, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&space, va, PROT_WRITE, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&other, va, PROT_READ, NULL), ERROR_NOACCESS);
    assert_int_equal(view_unmap(&space, va), 0);
    assert_int_equal(fake_access(&space, va, PROT_READ, NULL), ERROR_NOACCESS);
    section_unref(section);
    assert_int_equal(page_free_count(), free_pages);
}

static void alignment_in_the_arena(void **state) {
    (void)state;
    static const struct {
        uint32_t offset, bytes, align, entry;
    } cases[] = {
        {0x000000, 1, PAGE_SIZE, PAGE_SIZE},
        {0x000000, 0xf000, PAGE_SIZE, PAGE_SIZE},
        {0x010000, 0x10000, LARGE_SIZE, LARGE_SIZE},
        {0x011000, 0x40000, PAGE_SIZE, 0}, /* ROM not aligned: no promise but that it works */
        {0x110000, 0xfffff, LARGE_SIZE, LARGE_SIZE},
        {0x200000, 0x100000, SECTION_SIZE, SECTION_SIZE},
        {0x310000, 0x100000, LARGE_SIZE, LARGE_SIZE},
    };
    for (unsigned i = 0; i < ARRAY_COUNT(cases); i++) {
        struct section *section = rom(cases[i].offset, cases[i].bytes);
        uint32_t va = map(&space, section, 0, 0, PROT_READ);
        section_unref(section); /* the view keeps it */
        assert_true(is_aligned(va, cases[i].align));
        if (cases[i].entry != 0) {
            assert_int_equal(size_at(va), cases[i].entry);
        }
        assert_int_equal(fake_query(&space, va + cases[i].bytes - 1).pa,
                         ROM + cases[i].offset + round_down(cases[i].bytes - 1, PAGE_SIZE));
    }
}

/* No megabyte holds ROM and RAM, nor two chips; two ranges never touch. */
static void domains_and_distance(void **state) {
    (void)state;
    struct section *sections[12];
    uint32_t views[12];
    for (unsigned i = 0; i < 12; i++) {
        if (i % 3 == 0) {
            assert_int_equal(section_create_ram(0x3000, &sections[i]), 0);
        } else {
            assert_int_equal(section_create_in_place(ROM, 0x3000, CHIP + i % 3 - 1, &sections[i]), 0);
        }
        views[i] = map(&space, sections[i], 0, 0, PROT_READ);
    }
    for (unsigned i = 0; i < 12; i++) {
        for (unsigned k = 0; k < 12; k++) {
            if (i % 3 != k % 3) {
                assert_int_not_equal(views[i] / SECTION_SIZE, views[k] / SECTION_SIZE);
            } else if (i != k) {
                assert_int_equal(views[i] / SECTION_SIZE, views[k] / SECTION_SIZE);
                assert_true(views[i] + 0x4000 <= views[k] || views[k] + 0x4000 <= views[i]);
            }
        }
        section_unref(sections[i]);
    }
}

static void one_address(void **state) {
    (void)state;
    struct section *section = rom(0, 0x20000);
    uint32_t va = map(&space, section, 0, 0, PROT_READ);
    assert_int_equal(map(&space, section, 0, 0, PROT_READ), va);
    assert_int_equal(map(&other, section, 0x5000, 0x1000, PROT_READ), va + 0x5000);
    assert_int_equal(map(&other, section, 0x1000, 1, PROT_READ), va + 0x1000);
    assert_int_equal(arena_range_count(), 1);
    /* Somebody else's first view does not move it. */
    assert_int_equal(view_unmap(&space, va), 0);
    assert_int_equal(view_unmap(&space, va), 0);
    assert_int_equal(view_unmap(&space, va), ERROR_INVALID_PARAMETER);
    assert_int_equal(map(&space, section, 0, 0, PROT_READ), va);
    assert_int_equal(fake_query(&other, va + 0x6000).state, PAGE_FREE); /* private unless mapped */
    section_unref(section);
}

static uint8_t *byte_at(struct space *in, uint32_t va, prot_t access) {
    uint8_t *byte;
    assert_int_equal(fake_access(in, va, access, &byte), 0);
    return byte;
}

static bool is_cached(struct space *in, uint32_t va) {
    return (fake_query(in, va).prot & PROT_NOCACHE) == 0;
}

/* A read-only and a writable view that overlap in one space lie at two addresses, and are the same memory; where the
 * cache goes by addresses it is out of use for all mappings meanwhile. */
static void two_addresses(void **state) {
    (void)state;
    struct section *section;
    assert_int_equal(section_create_ram(0x8000, &section), 0);
    uint32_t reading = map(&space, section, 0, 0x4000, PROT_READ);
    uint32_t elsewhere = map(&other, section, 0, 0, RW);
    assert_int_equal(elsewhere, reading);
    *byte_at(&other, elsewhere + 0x2000, PROT_WRITE) = 3;
    assert_int_equal(*byte_at(&space, reading + 0x2000, PROT_READ), 3);
    uint32_t beside = map(&space, section, 0x4000, 0, RW); /* does not overlap */
    assert_int_equal(beside, reading + 0x4000);
    uint32_t writing = map(&space, section, 0x1000, 0x4000, RW);
    assert_true(writing >= reading + 0x9000 || writing + 0x5000 <= reading);
    assert_int_equal(arena_range_count(), 2);
#if defined(SITU_ARMV5)
    bool cached = false;
#else
    bool cached = true;
#endif
    assert_int_equal(is_cached(&space, reading + 0x2000), cached);
    assert_int_equal(is_cached(&other, elsewhere + 0x2000), cached);
    *byte_at(&space, writing + 0x1000, PROT_WRITE) = 4; /* there already */
    *byte_at(&space, writing, PROT_WRITE) = 5;          /* new */
    assert_int_equal(*byte_at(&space, reading + 0x2000, PROT_READ), 4);
    assert_int_equal(*byte_at(&other, elsewhere + 0x1000, PROT_READ), 5);
    *byte_at(&other, elsewhere + 0x3000, PROT_WRITE) = 6;
    assert_int_equal(is_cached(&other, elsewhere + 0x3000), cached);
    assert_int_equal(*byte_at(&space, writing + 0x2000, PROT_READ), 6);
    assert_int_equal(fake_access(&space, writing + 0x4000, PROT_READ, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&space, reading, PROT_WRITE, NULL), ERROR_NOACCESS);
    uint32_t second = map(&space, section, 0, 0x1000, RW); /* once more, by itself */
    assert_int_equal(view_unmap(&space, writing), 0);
    assert_int_equal(fake_access(&space, writing, PROT_READ, NULL), ERROR_NOACCESS);
    assert_int_equal(is_cached(&other, elsewhere + 0x2000), cached);
    assert_int_equal(view_unmap(&space, reading), 0);
    assert_int_equal(*byte_at(&space, second, PROT_READ), 0);
    assert_int_equal(view_unmap(&space, second), 0);
    assert_true(is_cached(&other, elsewhere + 0x2000)); /* it is over */
    assert_int_equal(*byte_at(&other, elsewhere + 0x2000, PROT_READ), 4);
    /* The end of a process ends it, too. */
    struct space third;
    assert_int_equal(space_create(&third), 0);
    (void)byte_at(&third, map(&third, section, 0, 0, PROT_READ) + 0x1000, PROT_READ);
    (void)byte_at(&third, map(&third, section, 0, 0, RW) + 0x1000, PROT_WRITE);
    assert_int_equal(is_cached(&other, elsewhere + 0x1000), cached);
    space_destroy(&third);
    assert_true(is_cached(&other, elsewhere + 0x1000));
    section_unref(section);
}

/* What is mapped once more stays there. */
static void second_address_stays(void **state) {
    (void)state;
    struct section *section;
    assert_int_equal(section_create_ram(0x8000, &section), 0);
    uint32_t reading = map(&space, section, 0, 0, PROT_READ);
    uint32_t writing = map(&space, section, 0x1000, 0x5000, RW);
    assert_int_equal(map(&space, section, 0x1000, 0x5000, RW), writing);
    assert_int_equal(map(&space, section, 0x3000, 0x3000, RW), writing + 0x2000);
    assert_int_equal(view_unmap(&space, writing), 0);
    assert_int_equal(view_unmap(&space, reading), 0); /* nothing is in the way any more */
    assert_int_equal(map(&space, section, 0x2000, 0x4000, RW), writing + 0x1000);
    assert_int_equal(view_unmap(&space, writing + 0x1000), 0);
    assert_int_equal(arena_range_count(), 1);
    section_unref(section);
}

static void bad_arguments(void **state) {
    (void)state;
    struct section *section = rom(0, 0x5001);
    struct section *memory;
    assert_int_equal(section_create_ram(0x2000, &memory), 0);
    struct fake_count before = fake_count(&space);
    static const struct {
        uint64_t offset;
        uint32_t bytes;
        prot_t prot;
        status_t status;
    } wrong[] = {
        {0x800, 1, PROT_READ, ERROR_MAPPED_ALIGNMENT},
        {0x100000001, 1, PROT_READ, ERROR_MAPPED_ALIGNMENT},
        {0x6000, 0, PROT_READ, ERROR_ACCESS_DENIED},
        {0x6000, 1, PROT_READ, ERROR_ACCESS_DENIED},
        {0x5000, 2, PROT_READ, ERROR_ACCESS_DENIED},
        {0, 0x5002, PROT_READ, ERROR_ACCESS_DENIED},
        {0, 0xffffffff, PROT_READ, ERROR_ACCESS_DENIED},
        {0x1000, 0xfffff000, PROT_READ, ERROR_ACCESS_DENIED},
        {0x100000000, 1, PROT_READ, ERROR_ACCESS_DENIED},
        {0xfffffffffffff000, 0x1000, PROT_READ, ERROR_ACCESS_DENIED},
        {0, 0, RW, ERROR_ACCESS_DENIED}, /* ROM */
    };
    for (unsigned i = 0; i < ARRAY_COUNT(wrong); i++) {
        uint32_t va = 77;
        assert_int_equal(view_map(&space, section, wrong[i].offset, wrong[i].bytes, wrong[i].prot, nobody, &va),
                         wrong[i].status);
        assert_int_equal(va, 77);
    }
    fake_assert_same(before, fake_count(&space));

    uint32_t va = map(&space, section, 0x5000, 0, PROT_READ);
    assert_int_equal(fake_access(&space, va + 0xfff, PROT_READ, NULL), 0); /* the last page, whole */
    assert_int_equal(view_unmap(&space, va + 1), ERROR_INVALID_PARAMETER);
    assert_int_equal(view_unmap(&space, va - 0x5000), ERROR_INVALID_PARAMETER);
    assert_int_equal(view_unmap(&space, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(view_unmap(&space, 0xffffffff), ERROR_INVALID_PARAMETER);
    assert_int_equal(view_unmap(&other, va), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_release(&space, va), ERROR_INVALID_PARAMETER);
    assert_int_equal(area_release(&space, va - 0x5000), ERROR_INVALID_PARAMETER);

    /* Views with different protection may lie side by side, not over each other. */
    va = map(&space, memory, 0, 0x1000, PROT_READ);
    map(&space, memory, 0x1000, 0, RW);
    assert_int_equal(view_map(&space, memory, 0x2000, 0, PROT_READ, nobody, &va), ERROR_ACCESS_DENIED); /* its end */
    section_unref(memory);
    section_unref(section);

    uint32_t reserved = 0;
    assert_int_equal(area_reserve(&space, &reserved, PAGE_SIZE, PROT_NONE), 0);
    assert_int_equal(view_unmap(&space, reserved), ERROR_INVALID_PARAMETER);

    struct section *none = NULL;
    assert_int_equal(section_create_in_place(ROM + 4, 1, CHIP, &none), ERROR_INVALID_PARAMETER);
    assert_int_equal(section_create_in_place(ROM, 0, CHIP, &none), ERROR_INVALID_PARAMETER);
    assert_int_equal(section_create_in_place(0xfffff000, 0x2000, CHIP, &none), ERROR_INVALID_PARAMETER);
    assert_int_equal(section_create_ram(0, &none), ERROR_INVALID_PARAMETER);
    assert_int_equal(section_create_ram(1ull << 60, &none), ERROR_NOT_ENOUGH_MEMORY);
    assert_null(none);
}

static void released(void *object) {
    assert_false(mm_lock_held());
    (*(unsigned *)object)++;
}

/* Views with equal base are a stack, and each owner is released once, when its view goes. */
static void stack_of_views(void **state) {
    (void)state;
    struct section *section = rom(0, 0x10000);
    unsigned gone[4] = {0};
    uint32_t va = 0;
    uint32_t again;
    static const uint32_t bytes[] = {0x10000, 0x2000, 0x5000};
    for (unsigned i = 0; i < 3; i++) {
        struct view_owner owner = {.object = &gone[i], .release = released};
        assert_int_equal(view_map(&space, section, 0, bytes[i], PROT_READ, owner, &again), 0);
        assert_true(va == 0 || va == again);
        va = again;
    }
    struct view_owner owner = {.object = &gone[3], .release = released};
    assert_int_equal(view_map(&space, section, 0x10000, 1, PROT_READ, owner, &again), ERROR_ACCESS_DENIED);
    assert_int_equal(gone[3], 0); /* a failed call leaves the owner to the caller */
    assert_int_equal(view_unmap(&space, va), 0);
    assert_true(gone[0] == 0 && gone[1] == 0 && gone[2] == 1);
    assert_int_equal(view_unmap(&space, va), 0);
    assert_true(gone[0] == 0 && gone[1] == 1);
    assert_int_equal(size_at(va + 0xf000), LARGE_SIZE);
    space_destroy(&space);
    assert_true(gone[0] == 1 && gone[1] == 1 && gone[2] == 1);
    section_unref(section); /* the owner is who keeps it */
    assert_int_equal(section_count(), 0);
    assert_int_equal(space_create(&space), 0);
}

/* Entries follow the views: split where one ends, whole again when it has gone. */
static void split_and_merge(void **state) {
    (void)state;
    struct section *section = rom(0, 4 << 20);
    uint32_t tables = space.mmu.table_count;
    uint32_t base = map(&space, section, 0, 0, PROT_READ);
    assert_int_equal(space.mmu.table_count, tables);
    uint32_t part = map(&space, section, 0x108000, 0x20000, PROT_READ);
    assert_int_equal(size_at(base), SECTION_SIZE);
    assert_int_equal(size_at(part), LARGE_SIZE); /* the first view still covers it whole */
    assert_int_equal(space.mmu.table_count, tables + 1);
    assert_int_equal(view_unmap(&space, part), 0);
    assert_int_equal(size_at(part), SECTION_SIZE);
    assert_int_equal(space.mmu.table_count, tables);

    part = map(&space, section, 0x108000, 0x20000, PROT_READ);
    assert_int_equal(view_unmap(&space, base), 0);
    assert_int_equal(size_at(base), 0);
    assert_int_equal(size_at(part), PAGE_SIZE); /* half a large page */
    assert_int_equal(size_at(part + 0x8000), LARGE_SIZE);
    assert_int_equal(size_at(part + 0x18000), PAGE_SIZE);
    assert_int_equal(size_at(part + 0x20000), 0);
    assert_int_equal(size_at(part - 1), 0);
    /* Two views that cover a large page together do not make it one. */
    uint32_t rest = map(&space, section, 0x100000, 0x8000, PROT_READ);
    assert_int_equal(size_at(rest), PAGE_SIZE);
    assert_int_equal(map(&space, section, 0x100000, 0x10000, PROT_READ), rest);
    assert_int_equal(size_at(rest), LARGE_SIZE);
    assert_int_equal(view_unmap(&space, rest), 0);
    assert_int_equal(size_at(rest), PAGE_SIZE);
    assert_int_equal(size_at(part), PAGE_SIZE);
    assert_int_equal(view_unmap(&space, rest), 0);
    assert_int_equal(map(&space, section, 0, 0, PROT_READ), base);
    assert_int_equal(size_at(base), SECTION_SIZE);
    assert_int_equal(size_at(part), LARGE_SIZE);
    assert_int_equal(view_unmap(&space, part), 0);
    assert_int_equal(size_at(part), SECTION_SIZE);
    assert_int_equal(view_unmap(&space, base), 0);
    assert_int_equal(space.mmu.table_count, tables);
    assert_int_equal(arena_range_count(), 0);
    section_unref(section);
    assert_int_equal(space.faults, 0);
}

static void ram_sections_are_shared(void **state) {
    (void)state;
    struct section *section;
    uint32_t committed = page_committed_count();
    assert_int_equal(section_create_ram(0x5001, &section), 0);
    assert_int_equal(page_committed_count(), committed + 6);
    uint32_t va = map(&space, section, 0, 0, RW);
    assert_int_equal(map(&other, section, 0, 0, PROT_READ), va);
    uint8_t *mine;
    uint8_t *yours;
    assert_int_equal(fake_access(&other, va + 0x1234, PROT_READ, &yours), 0);
    assert_int_equal(*yours, 0);
    assert_int_equal(fake_access(&space, va + 0x1234, PROT_WRITE, &mine), 0);
    assert_ptr_equal(mine, yours);
    *mine = 42;
    assert_int_equal(fake_access(&other, va + 0x1234, PROT_WRITE, NULL), ERROR_NOACCESS);
    assert_int_equal(fake_access(&space, va + 0x6000, PROT_READ, NULL), ERROR_NOACCESS);
    assert_int_equal(page_committed_count(), committed + 6);
    /* Contents live as long as the section, not the views. */
    assert_int_equal(view_unmap(&space, va), 0);
    assert_int_equal(view_unmap(&other, va), 0);
    assert_int_equal(arena_range_count(), 0);
    struct section *elsewhere;
    assert_int_equal(section_create_ram(0x1000, &elsewhere), 0);
    uint32_t first = map(&space, elsewhere, 0, 0, RW); /* takes the place */
    va = map(&space, section, 0, 0, RW);
    assert_int_not_equal(va, first);
    assert_int_equal(fake_access(&space, va + 0x1234, PROT_READ, &mine), 0);
    assert_int_equal(*mine, 42);
    section_unref(elsewhere);
    section_unref(section);
    assert_int_equal(view_unmap(&space, va), 0);
    assert_int_equal(view_unmap(&space, first), 0);
    assert_int_equal(page_committed_count(), committed);
}

/* Memory sections as large as RAM allows, and no larger. */
static void large_ram_section(void **state) {
    (void)state;
    struct section *section;
    uint32_t left = page_commit_limit() - page_committed_count() - 8;
    assert_int_equal(section_create_ram((uint64_t)(left + 9) * PAGE_SIZE, &section), ERROR_NOT_ENOUGH_MEMORY);
    left -= 2 * (left / 1024); /* its frame table, and the tables of the view */
    assert_int_equal(section_create_ram((uint64_t)left * PAGE_SIZE, &section), 0);
    uint32_t va = map(&space, section, 0, 0, RW);
    for (uint32_t page = 0; page < left; page++) {
        assert_int_equal(fake_access(&space, va + page * PAGE_SIZE, PROT_WRITE, NULL), 0);
    }
    section_unref(section);
}

static void no_address_space(void **state) {
    (void)state;
    struct section *huge;
    struct section *half[3];
    uint32_t va;
    assert_int_equal(section_create_in_place(0x10000000, 0xe0000000, CHIP, &huge), 0);
    struct fake_count before = fake_count(&space);
    assert_int_equal(view_map(&space, huge, 0, 0x1000, PROT_READ, nobody, &va), ERROR_NOT_ENOUGH_MEMORY);
    fake_assert_same(before, fake_count(&space));
    section_unref(huge);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(section_create_in_place(0x10000000, 400u << 20, CHIP, &half[i]), 0);
    }
    (void)map(&space, half[0], 0, 0, PROT_READ);
    va = map(&other, half[1], 0, 0, PROT_READ);
    uint32_t none;
    assert_int_equal(view_map(&space, half[2], 0, 1, PROT_READ, nobody, &none), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(view_unmap(&other, va), 0);
    assert_int_equal(map(&space, half[2], 0, 1, PROT_READ), va); /* the same place serves again */
    for (unsigned i = 0; i < 3; i++) {
        section_unref(half[i]);
    }
}

static bool collect(void *context, const struct view_info *info) {
    struct view_info **next = context;
    *(*next)++ = *info;
    return info->bytes != 0x7777;
}

static void enumeration(void **state) {
    (void)state;
    struct section *section = rom(0, 0x20000);
    struct section *memory;
    int tag;
    assert_int_equal(section_create_ram(0x2000, &memory), 0);
    uint32_t va = map(&space, section, 0, 0, PROT_READ);
    uint32_t ram = map(&space, memory, 0x1000, 0, RW);
    (void)map(&space, section, 0x4000, 0x123, PROT_READ);
    uint32_t same;
    struct view_owner owner = {.object = &tag};
    assert_int_equal(view_map(&space, section, 0, 0x2000, PROT_READ, owner, &same), 0);
    assert_int_equal(fake_access(&space, ram, PROT_WRITE, NULL), 0);

    struct view_info infos[8];
    struct view_info *end = infos;
    view_enumerate(&space, collect, &end);
    assert_int_equal(end - infos, 4);
    assert_int_equal(space.view_count, 4);
    assert_int_equal(view_count(), 4);
    assert_true(infos[0].base == va && infos[0].bytes == 0x2000 && infos[0].owner == &tag); /* newest first */
    assert_true(infos[1].base == va && infos[1].bytes == 0x20000 && infos[1].in_place && infos[1].faults == 0);
    assert_true(infos[2].base == va + 0x4000 && infos[2].bytes == 0x123 && infos[2].offset == 0x4000);
    assert_true(infos[3].base == ram && infos[3].prot == RW && !infos[3].in_place && infos[3].faults == 1);

    (void)map(&space, section, 0x3000, 0x7777, PROT_READ); /* stops there */
    end = infos;
    view_enumerate(&space, collect, &end);
    assert_int_equal(end - infos, 3);
    section_unref(section);
    section_unref(memory);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(rom_is_mapped_in_place),  TEST(alignment_in_the_arena), TEST(domains_and_distance), TEST(one_address),
        TEST(two_addresses),           TEST(bad_arguments),          TEST(stack_of_views),       TEST(split_and_merge),
        TEST(ram_sections_are_shared), TEST(large_ram_section),      TEST(no_address_space),     TEST(enumeration),
        TEST(second_address_stays),
    };
    return cmocka_run_group_tests_name("mm_view", tests, NULL, NULL);
}
