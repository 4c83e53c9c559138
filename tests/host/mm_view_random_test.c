/* Random work on sections and views of several spaces, against a naive model: a list of views, from which each page's
 * state, frame and entry size follow by looking at all of them. */
#include "fake_mmu.h"

#include <string.h>

#include "include/layout.h"
#include "mm/arena.h"
#include "mm/lock.h"
#include "mm/page.h"
#include "mm/view.h"

#define PAGES    8192u
#define SPACES   3u
#define SECTIONS 9u
#define VIEWS    40u
#define RW       (PROT_READ | PROT_WRITE)

struct model_view {
    bool alive;
    unsigned section;
    uint32_t start; /* pages from the section's begin */
    uint32_t end;
    prot_t prot;
    unsigned born;
};

static const struct shape {
    enum section_kind kind;
    uint32_t rom; /* offset in ROM */
    uint32_t bytes;
    unsigned domain;
} shapes[SECTIONS] = {
    {SECTION_IN_PLACE, 0x00100000, 0x00345678, DOMAIN_FLASH},     /* megabytes and a rest */
    {SECTION_IN_PLACE, 0x00600000, 0x00200000, DOMAIN_FLASH},     /* two whole megabytes */
    {SECTION_IN_PLACE, 0x00810000, 0x00280000, DOMAIN_FLASH},     /* on 64 KB only */
    {SECTION_IN_PLACE, 0x00b01000, 0x00120000, DOMAIN_FLASH + 1}, /* on 4 KB only */
    {SECTION_IN_PLACE, 0x00d10000, 0x00050000, DOMAIN_FLASH},     /* shares its megabyte */
    {SECTION_IN_PLACE, 0x00d70000, 0x00003001, DOMAIN_FLASH},     /* small */
    {SECTION_RAM, 0, 0x00028000, DOMAIN_USER},
    {SECTION_RAM, 0, 0x00123456, DOMAIN_USER},
    {SECTION_PAGER, 0, 0x00061000, DOMAIN_USER},
};

static struct space spaces[SPACES];
static struct section *sections[SECTIONS];
static uint32_t bases[SECTIONS]; /* 0: no views at present */
static uint8_t contents[SECTIONS][0x130];
static struct model_view views[SPACES][VIEWS];
static struct model_view aliases[SPACES]; /* a view with a range of its own, one a space */
static uint32_t alias_at[SPACES];
static unsigned clock_now;
static uint32_t pagers_alive;
static const struct view_owner nobody;

static uint32_t page_count(unsigned section) {
    return (shapes[section].bytes + PAGE_SIZE - 1) / PAGE_SIZE;
}

static status_t page_in(void *context, uint64_t offset, void *page) {
    (void)context;
    memset(page, (int)(offset / PAGE_SIZE % 251), PAGE_SIZE);
    return ERROR_SUCCESS;
}

static void pager_release(void *context) {
    (void)context;
    pagers_alive--;
}

static const struct pager_ops pager = {.page_in = page_in, .release = pager_release};

static void section_make(unsigned i) {
    const struct shape *shape = &shapes[i];
    status_t status;
    if (shape->kind == SECTION_IN_PLACE) {
        status = section_create_in_place(FAKE_ROM_PA + shape->rom, shape->bytes, shape->domain, &sections[i]);
    } else if (shape->kind == SECTION_RAM) {
        status = section_create_ram(shape->bytes, &sections[i]);
        memset(contents[i], 0, sizeof(contents[i]));
    } else {
        status = section_create_pager(&pager, NULL, shape->bytes, &sections[i]);
        pagers_alive++;
    }
    assert_int_equal(status, 0);
}

static unsigned count_views(unsigned section) {
    unsigned count = 0;
    for (unsigned s = 0; s < SPACES; s++) {
        for (unsigned v = 0; v < VIEWS; v++) {
            count += views[s][v].alive && views[s][v].section == section;
        }
    }
    return count;
}

/* How the views of a space cover [start, end) of a section, in pages. */
struct cover {
    bool whole, partly;
    prot_t prot;
};

static struct cover cover_of(unsigned s, unsigned section, uint32_t start, uint32_t end) {
    struct cover cover = {0};
    for (unsigned v = 0; v < VIEWS; v++) {
        const struct model_view *view = &views[s][v];
        if (view->alive && view->section == section && view->start < end && view->end > start) {
            bool whole = view->start <= start && view->end >= end;
            cover.whole |= whole;
            cover.partly |= !whole;
            cover.prot = view->prot;
        }
    }
    return cover;
}

static uint32_t expected_size(unsigned s, unsigned section, uint32_t page) {
    uint32_t differ = bases[section] ^ (FAKE_ROM_PA + shapes[section].rom);
    uint32_t first = bases[section] / PAGE_SIZE; /* blocks are of addresses */
    uint32_t block = (first + page) / 256 * 256;
    if (is_aligned(differ, SECTION_SIZE) && block >= first) {
        struct cover cover = cover_of(s, section, block - first, block - first + 256);
        if (cover.whole && !cover.partly) {
            return SECTION_SIZE;
        }
    }
    block = (first + page) / 16 * 16;
    if (is_aligned(differ, LARGE_SIZE) && block >= first &&
        cover_of(s, section, block - first, block - first + 16).whole) {
        return LARGE_SIZE;
    }
    return PAGE_SIZE;
}

/* Whether the present pages of a section must be uncached: while it has an alias, where caches go by addresses. */
static bool is_uncached(unsigned section) {
    bool uncached = false;
#if defined(SITU_ARMV5)
    for (unsigned s = 0; s < SPACES; s++) {
        uncached |= aliases[s].alive && aliases[s].section == section;
    }
#else
    (void)section;
#endif
    return uncached;
}

static void check_page(unsigned s, unsigned section, uint32_t page) {
    struct mmu_page got = fake_query(&spaces[s], bases[section] + page * PAGE_SIZE);
    struct cover cover = cover_of(s, section, page, page + 1);
    if (!cover.whole) {
        assert_int_equal(got.state, PAGE_FREE);
        return;
    }
    bool uncached = got.state == PAGE_PRESENT && is_uncached(section);
    assert_int_equal(got.prot, cover.prot | (uncached ? PROT_NOCACHE : 0));
    assert_int_equal(got.domain, shapes[section].domain);
    if (shapes[section].kind == SECTION_IN_PLACE) {
        assert_int_equal(got.state, PAGE_PRESENT);
        assert_int_equal(got.pa, FAKE_ROM_PA + shapes[section].rom + page * PAGE_SIZE);
        assert_int_equal(got.size, expected_size(s, section, page));
    } else if (got.state == PAGE_PRESENT) {
        assert_int_equal(got.pa, section_frame(sections[section], page));
        assert_int_not_equal(got.pa, PAGE_NONE);
    } else {
        assert_int_equal(got.state, PAGE_COMMITTED);
    }
}

static void check_section(unsigned section) {
    if (bases[section] == 0) {
        return;
    }
    for (unsigned s = 0; s < SPACES; s++) {
        for (uint32_t page = 0; page < page_count(section); page++) {
            check_page(s, section, page);
        }
        assert_int_equal(fake_query(&spaces[s], bases[section] + page_count(section) * PAGE_SIZE).state, PAGE_FREE);
    }
}

static bool clashes(unsigned s, unsigned section, uint32_t start, uint32_t end, prot_t prot) {
    for (unsigned v = 0; v < VIEWS; v++) {
        const struct model_view *view = &views[s][v];
        if (view->alive && view->section == section && view->start < end && view->end > start && view->prot != prot) {
            return true;
        }
    }
    return false;
}

/* A random place: often at the edges of blocks, where the rules change. */
static uint32_t random_page(uint32_t count) {
    uint32_t page = fake_random(count);
    switch (fake_random(4)) {
    case 0:
        return page / 256 * 256;
    case 1:
        return page / 16 * 16;
    default:
        return page;
    }
}

static void do_map(unsigned s, unsigned section) {
    unsigned v = 0;
    while (v < VIEWS && views[s][v].alive) {
        v++;
    }
    if (v == VIEWS) {
        return;
    }
    uint32_t count = page_count(section);
    uint32_t start = fake_random(3) == 0 ? 0 : random_page(count);
    uint32_t end = fake_random(3) == 0 ? count : start + 1 + random_page(count - start);
    uint32_t bytes = end == count ? 0 : (end - start) * PAGE_SIZE - fake_random(PAGE_SIZE - 1);
    prot_t prot = shapes[section].kind == SECTION_RAM && fake_random(2) == 0 ? RW : PROT_READ;
    uint32_t va = 0;
    status_t status = view_map(&spaces[s], sections[section], (uint64_t)start * PAGE_SIZE, bytes, prot, nobody, &va);
    assert_int_equal(status, 0);
    const struct model_view *alias = &aliases[s];
    if (alias->alive && alias->section == section && alias->prot == prot && alias->start <= start &&
        alias->end >= end) { /* it is there already */
        assert_int_equal(va, alias_at[s] + (start - alias->start) * PAGE_SIZE);
        assert_int_equal(view_unmap(&spaces[s], va), 0);
        return;
    }
    if (clashes(s, section, start, end, prot)) {
        if (aliases[s].alive) {
            assert_int_equal(view_unmap(&spaces[s], alias_at[s]), 0);
        }
        aliases[s] = (struct model_view){true, section, start, end, prot, 0};
        alias_at[s] = va;
        return;
    }
    uint32_t base = va - start * PAGE_SIZE;
    assert_true(bases[section] == 0 || bases[section] == base); /* one address */
    bases[section] = base;
    views[s][v] = (struct model_view){true, section, start, end, prot, ++clock_now};
}

/* Unmaps at a random view's base: what goes is the newest one there. */
static void do_unmap(unsigned s) {
    unsigned v = fake_random(VIEWS);
    if (!views[s][v].alive) {
        return;
    }
    unsigned section = views[s][v].section;
    for (unsigned i = 0; i < VIEWS; i++) {
        if (views[s][i].alive && views[s][i].section == section && views[s][i].start == views[s][v].start &&
            views[s][i].born > views[s][v].born) {
            v = i;
        }
    }
    assert_int_equal(view_unmap(&spaces[s], bases[section] + views[s][v].start * PAGE_SIZE), 0);
    views[s][v].alive = false;
    check_section(section);
    if (count_views(section) == 0) {
        bases[section] = 0;
    }
}

/* Touches a page of a section in every space: allowed or not by the views, and the contents agree. */
static void do_touch(unsigned section) {
    uint32_t page = random_page(page_count(section));
    if (bases[section] == 0 || shapes[section].kind == SECTION_IN_PLACE) {
        return;
    }
    for (unsigned s = 0; s < SPACES; s++) {
        uint32_t va = bases[section] + page * PAGE_SIZE + fake_random(PAGE_SIZE);
        struct cover cover = cover_of(s, section, page, page + 1);
        uint8_t *byte;
        status_t status = fake_access(&spaces[s], va, PROT_READ, &byte);
        assert_int_equal(status, cover.whole ? 0 : ERROR_NOACCESS);
        if (status == 0 && shapes[section].kind == SECTION_PAGER) {
            assert_int_equal(*byte, page % 251);
        } else if (status == 0) {
            assert_int_equal(byte[-(ptrdiff_t)(va % PAGE_SIZE)], contents[section][page]);
        }
        status = fake_access(&spaces[s], round_down(va, PAGE_SIZE), PROT_WRITE, &byte);
        assert_int_equal(status, (cover.prot & PROT_WRITE) != 0 ? 0 : ERROR_NOACCESS);
        if (status == 0) {
            *byte = contents[section][page] = (uint8_t)fake_random(256);
        }
    }
}

/* Touches a page of a space's alias, if it has one, and compares with what the section holds. */
static void do_touch_alias(unsigned s) {
    const struct model_view *alias = &aliases[s];
    if (!alias->alive) {
        return;
    }
    uint32_t page = alias->start + fake_random(alias->end - alias->start);
    uint32_t va = alias_at[s] + (page - alias->start) * PAGE_SIZE;
    uint8_t *byte;
    assert_int_equal(fake_access(&spaces[s], va, PROT_READ, &byte), 0);
    assert_int_equal(*byte, contents[alias->section][page]);
    status_t status = fake_access(&spaces[s], va, PROT_WRITE, &byte);
    assert_int_equal(status, (alias->prot & PROT_WRITE) != 0 ? 0 : ERROR_NOACCESS);
    if (status == 0) {
        *byte = contents[alias->section][page] = (uint8_t)fake_random(256);
    }
    if (fake_random(4) == 0) {
        assert_int_equal(view_unmap(&spaces[s], alias_at[s]), 0);
        aliases[s].alive = false;
    }
}

/* Clean pages may go at any time. */
static void do_reclaim(void) {
    mm_lock();
    (void)section_reclaim(1 + fake_random(20));
    mm_unlock();
}

static void do_new_space(unsigned s) {
    space_destroy(&spaces[s]);
    aliases[s].alive = false;
    for (unsigned v = 0; v < VIEWS; v++) {
        views[s][v].alive = false;
    }
    assert_int_equal(space_create(&spaces[s]), 0);
    for (unsigned section = 0; section < SECTIONS; section++) {
        if (count_views(section) == 0) {
            bases[section] = 0;
        }
    }
}

/* Drops our reference: without views the section is gone, and a new one takes its part. */
static void do_new_section(unsigned section) {
    bool aliased = false;
    for (unsigned s = 0; s < SPACES; s++) {
        aliased |= aliases[s].alive && aliases[s].section == section;
    }
    if (bases[section] == 0 && !aliased) {
        section_unref(sections[section]);
        section_make(section);
    }
}

static void run(uint32_t seed, unsigned steps) {
    uint32_t used = fake_seed(seed);
    print_message("seed %u\n", used);
    fake_start(PAGES);
    memset(views, 0, sizeof(views));
    memset(bases, 0, sizeof(bases));
    memset(aliases, 0, sizeof(aliases));
    for (unsigned s = 0; s < SPACES; s++) {
        assert_int_equal(space_create(&spaces[s]), 0);
    }
    for (unsigned i = 0; i < SECTIONS; i++) {
        section_make(i);
    }
    for (unsigned step = 0; step < steps; step++) {
        unsigned s = fake_random(SPACES);
        unsigned section = fake_random(SECTIONS);
        unsigned what = fake_random(100);
        if (what < 45) {
            do_map(s, section);
            check_section(section);
        } else if (what < 80) {
            do_unmap(s);
        } else if (what < 96) {
            do_touch(section);
            do_touch_alias(s);
        } else if (what < 98) {
            do_new_section(section);
        } else if (what < 99) {
            do_reclaim();
        } else {
            do_new_space(s);
        }
        uint32_t ranges = 0;
        for (unsigned i = 0; i < SECTIONS; i++) {
            ranges += bases[i] != 0;
        }
        for (unsigned i = 0; i < SPACES; i++) {
            ranges += aliases[i].alive;
        }
        assert_int_equal(arena_range_count(), ranges);
        if (step % 100 == 0) {
            for (unsigned i = 0; i < SECTIONS; i++) {
                check_section(i);
            }
        }
    }
    for (unsigned s = 0; s < SPACES; s++) {
        assert_true(spaces[s].charged == 0 && spaces[s].resident == 0);
        space_destroy(&spaces[s]);
    }
    for (unsigned i = 0; i < SECTIONS; i++) {
        section_unref(sections[i]);
    }
    assert_int_equal(pagers_alive, 0);
    fake_stop();
}

static void several_seeds(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 4; seed++) {
        run(seed, 1200);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(several_seeds)};
    return cmocka_run_group_tests_name("mm_view_random", tests, NULL, NULL);
}
