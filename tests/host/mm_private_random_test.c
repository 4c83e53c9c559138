/* Random work on the private memory of several spaces, against a naive model: an array with a few words for every page
 * of every reservation.  What each call returns, what is charged, what an access does and finds, and what area_query
 * says must be what the model says.
 *
 * 1,000,000 operations, or as many as OPERATIONS says; the seed is printed, and SEED gives another one.
 */
#include "fake_mmu.h"

#include <stdlib.h>
#include <string.h>

#include "include/layout.h"
#include "mm/area.h"
#include "mm/fault.h"
#include "mm/heap.h"
#include "mm/page.h"

#define PAGES        1500u /* few enough that commit runs out now and then */
#define SPACES       5u
#define RESERVATIONS 16u
#define PAGES_MAX    520u
#define RW           (PROT_READ | PROT_WRITE)
#define ACCESS       (PROT_READ | PROT_WRITE | PROT_EXEC)

struct model_page {
    bool committed;
    uint8_t prot;
    uint8_t content; /* of the page's first byte */
    bool touched;
};

struct reservation {
    uint32_t base; /* 0: none */
    uint32_t pages;
    prot_t allocated;
    struct model_page page[PAGES_MAX + 1];
};

static struct space spaces[SPACES];
static struct reservation model[SPACES][RESERVATIONS];

static const prot_t prots[] = {
    PROT_NONE,       PROT_READ,         RW, RW, RW, PROT_READ | PROT_EXEC, ACCESS, PROT_READ | PROT_GUARD,
    RW | PROT_GUARD, RW | PROT_NOCACHE,
};

static prot_t random_prot(void) {
    return prots[fake_random(ARRAY_COUNT(prots))];
}

/* What the model says of a whole space. */
static uint32_t count_pages(unsigned s, bool touched) {
    uint32_t count = 0;
    for (unsigned r = 0; r < RESERVATIONS; r++) {
        const struct reservation *reservation = &model[s][r];
        for (uint32_t i = 0; reservation->base != 0 && i < reservation->pages; i++) {
            count += touched ? reservation->page[i].touched : reservation->page[i].committed;
        }
    }
    return count;
}

static void check_counts(unsigned s) {
    assert_int_equal(spaces[s].charged, count_pages(s, false));
    assert_int_equal(spaces[s].resident, count_pages(s, true));
}

/* A call may be refused for want of memory only where less than its pages and a few tables and objects can be had. */
static void check_refusal(uint32_t pages) {
    uint32_t left = page_commit_limit() - page_committed_count();
    assert_true(left < pages + 8);
}

static bool overlaps(unsigned s, uint32_t start, uint32_t end) {
    for (unsigned r = 0; r < RESERVATIONS; r++) {
        const struct reservation *reservation = &model[s][r];
        if (reservation->base != 0 && reservation->base < end &&
            reservation->base + reservation->pages * PAGE_SIZE > start) {
            return true;
        }
    }
    return false;
}

static void set_pages(struct reservation *reservation, uint32_t first, uint32_t end, prot_t prot) {
    for (uint32_t i = first; i < end; i++) {
        reservation->page[i].committed = true;
        reservation->page[i].prot = (uint8_t)prot;
    }
}

static void do_reserve(unsigned s, struct reservation *reservation) {
    uint32_t pages = fake_random(20) == 0 ? 1 + fake_random(PAGES_MAX) : 1 + fake_random(40);
    bool fixed = fake_random(3) == 0;
    bool commit = fake_random(2) == 0;
    prot_t prot = random_prot();
    uint32_t asked = fixed ? USER_BASE + fake_random(0x01000000) : 0;
    uint32_t bytes = pages * PAGE_SIZE - fake_random(PAGE_SIZE);
    uint32_t va = asked;
    uint32_t start = round_down(asked, LARGE_SIZE);
    uint32_t end = round_up(asked + bytes, PAGE_SIZE);
    if (fixed && (end - start) / PAGE_SIZE > PAGES_MAX) {
        return;
    }
    status_t status = commit ? area_allocate(&spaces[s], &va, bytes, prot) : area_reserve(&spaces[s], &va, bytes, prot);
    if (fixed && overlaps(s, start, end)) {
        assert_int_equal(status, ERROR_INVALID_ADDRESS);
        return;
    }
    if (status != 0) {
        assert_int_equal(status, ERROR_NOT_ENOUGH_MEMORY);
        check_refusal(commit ? pages + 1 : 0);
        return;
    }
    if (fixed) {
        assert_int_equal(va, start);
    } else {
        assert_true(is_aligned(va, LARGE_SIZE) && !overlaps(s, va, va + bytes));
        end = round_up(va + bytes, PAGE_SIZE);
    }
#if defined(SITU_ARMV5)
    assert_true(fixed || bytes + PAGE_SIZE <= AREA_LARGE || va >= ARENA_BASE);
#endif
    memset(reservation, 0, sizeof(*reservation));
    reservation->base = va;
    reservation->pages = (end - va) / PAGE_SIZE;
    reservation->allocated = prot;
    if (commit) {
        set_pages(reservation, fixed ? (round_down(asked, PAGE_SIZE) - va) / PAGE_SIZE : 0, reservation->pages, prot);
    }
}

/* A part of a reservation, now and then more than there is. */
struct part {
    uint32_t va, bytes, first, end;
    bool inside;
};

static struct part random_part(const struct reservation *reservation) {
    struct part part;
    part.first = fake_random(reservation->pages);
    part.end = part.first + 1 + fake_random(min_u32(reservation->pages - part.first + (fake_random(30) == 0), 24));
    uint32_t skip = fake_random(PAGE_SIZE);
    part.va = reservation->base + part.first * PAGE_SIZE + skip;
    part.bytes =
        (part.end - part.first) * PAGE_SIZE - skip - fake_random(PAGE_SIZE - (part.end - part.first == 1 ? skip : 0));
    part.inside = part.end <= reservation->pages;
    return part;
}

static uint32_t count_committed(const struct reservation *reservation, const struct part *part) {
    uint32_t count = 0;
    for (uint32_t i = part->first; i < part->end; i++) {
        count += reservation->page[i].committed;
    }
    return count;
}

static void do_commit(unsigned s, struct reservation *reservation) {
    struct part part = random_part(reservation);
    prot_t prot = random_prot();
    status_t status = area_commit(&spaces[s], part.va, part.bytes, prot);
    if (!part.inside) {
        assert_int_equal(status, ERROR_INVALID_ADDRESS);
    } else if (status != 0) {
        assert_int_equal(status, ERROR_NOT_ENOUGH_MEMORY);
        check_refusal(part.end - part.first - count_committed(reservation, &part));
    } else {
        set_pages(reservation, part.first, part.end, prot);
    }
}

static void do_protect(unsigned s, struct reservation *reservation) {
    struct part part = random_part(reservation);
    prot_t prot = random_prot();
    prot_t before = 0;
    status_t status = area_protect(&spaces[s], part.va, part.bytes, prot, &before);
    if (!part.inside || count_committed(reservation, &part) != part.end - part.first) {
        assert_int_equal(status, ERROR_INVALID_ADDRESS);
    } else if (status != 0) {
        assert_int_equal(status, ERROR_NOT_ENOUGH_MEMORY); /* of the bits of ARMv5 */
        check_refusal(1);
    } else {
        assert_int_equal(before, reservation->page[part.first].prot);
        set_pages(reservation, part.first, part.end, prot);
    }
}

static void do_decommit(unsigned s, struct reservation *reservation) {
    struct part part = random_part(reservation);
    if (fake_random(10) == 0) {
        part = (struct part){.va = reservation->base, .end = reservation->pages, .inside = true};
    }
    status_t status = area_decommit(&spaces[s], part.va, part.bytes);
    assert_int_equal(status, part.inside ? 0 : ERROR_INVALID_ADDRESS);
    if (part.inside) {
        memset(&reservation->page[part.first], 0, (part.end - part.first) * sizeof(reservation->page[0]));
    }
}

static void do_free(unsigned s, struct reservation *reservation) {
    if (fake_random(8) == 0) {
        assert_int_equal(area_free(&spaces[s], reservation->base + 1 + fake_random(reservation->pages * PAGE_SIZE - 1)),
                         ERROR_INVALID_PARAMETER);
        return;
    }
    assert_int_equal(area_free(&spaces[s], reservation->base), 0);
    reservation->base = 0;
}

static bool allowed(prot_t prot, prot_t access) {
#if defined(SITU_ARMV5)
    access = access == PROT_EXEC ? PROT_READ : access;
#endif
    return (prot & access) != 0;
}

static void do_touch(unsigned s, struct reservation *reservation) {
    static const prot_t accesses[] = {PROT_READ, PROT_WRITE, PROT_EXEC};
    prot_t access = accesses[fake_random(3)];
    uint32_t i = fake_random(reservation->pages + 1);
    uint32_t va = reservation->base + i * PAGE_SIZE;
    if (i == reservation->pages && overlaps(s, va, va + PAGE_SIZE)) {
        return; /* another one's page */
    }
    struct model_page *page = &reservation->page[i];
    uint8_t *byte;
    uint32_t faults = spaces[s].faults;
    status_t status = fake_access(&spaces[s], va, access, &byte);
    if (i == reservation->pages) {
        assert_int_equal(status, ERROR_NOACCESS);
    } else if (page->committed && (page->prot & PROT_GUARD) != 0) {
        assert_int_equal(status, FAULT_GUARD_PAGE);
        page->prot &= (uint8_t)~PROT_GUARD;
    } else if (!page->committed || !allowed(page->prot, access)) {
        assert_int_equal(status, ERROR_NOACCESS);
    } else {
        assert_int_equal(status, 0);
        assert_int_equal(spaces[s].faults - faults, !page->touched);
        if (!page->touched) {
            page->touched = true;
            page->content = 0;
        }
        assert_int_equal(*byte, page->content);
        if (access == PROT_WRITE) {
            *byte = page->content = (uint8_t)fake_random(256);
        }
    }
}

static bool alike(const struct model_page *a, const struct model_page *b) {
    return a->committed == b->committed && (!a->committed || a->prot == b->prot);
}

static void do_query(unsigned s, const struct reservation *reservation) {
    struct area_info info;
    uint32_t i = fake_random(reservation->pages);
    const struct model_page *page = &reservation->page[i];
    uint32_t end = i + 1;
    while (end < reservation->pages && alike(page, &reservation->page[end])) {
        end++;
    }
    assert_int_equal(area_query(&spaces[s], reservation->base + i * PAGE_SIZE + fake_random(PAGE_SIZE), 0, &info), 0);
    assert_int_equal(info.base, reservation->base + i * PAGE_SIZE);
    assert_int_equal(info.bytes, (end - i) * PAGE_SIZE);
    assert_int_equal(info.allocation, reservation->base);
    assert_int_equal(info.allocated, reservation->allocated);
    assert_true(info.reserved);
    assert_int_equal(info.committed, page->committed);
    assert_int_equal(info.prot, page->committed ? page->prot : 0);
}

static void do_new_space(unsigned s) {
    space_destroy(&spaces[s]);
    memset(model[s], 0, sizeof(model[s]));
    assert_int_equal(space_create(&spaces[s]), 0);
}

/* The reserved bytes of a space, found by asking from its one end to the other. */
static void check_walk(unsigned s) {
    uint32_t reserved = 0;
    uint32_t want = 0;
    struct area_info info;
    for (uint32_t at = 0; at < USER_END; at += info.bytes) {
        assert_int_equal(area_query(&spaces[s], at, 0, &info), 0);
        assert_true(info.base == at && info.bytes != 0);
        reserved += info.reserved ? info.bytes : 0;
    }
    for (unsigned r = 0; r < RESERVATIONS; r++) {
        want += model[s][r].base != 0 ? model[s][r].pages * PAGE_SIZE : 0;
    }
    assert_int_equal(reserved, want);
}

static void operate(void) {
    unsigned s = fake_random(SPACES);
    struct reservation *reservation = &model[s][fake_random(RESERVATIONS)];
    unsigned what = fake_random(1000);
    mmu_space_activate(&spaces[s].mmu);
    if (reservation->base == 0) {
        do_reserve(s, reservation);
    } else if (what < 200) {
        do_commit(s, reservation);
    } else if (what < 300) {
        do_protect(s, reservation);
    } else if (what < 380) {
        do_decommit(s, reservation);
    } else if (what < 440) {
        do_free(s, reservation);
    } else if (what < 800) {
        do_touch(s, reservation);
    } else if (what < 998) {
        do_query(s, reservation);
    } else {
        do_new_space(s);
    }
}

static void many_operations(void **state) {
    const char *given = getenv("OPERATIONS");
    uint32_t operations = given != NULL ? (uint32_t)strtoul(given, NULL, 0) : 1000000;
    (void)state;
    print_message("seed %u, %u operations\n", fake_seed(4), operations);
    fake_start(PAGES);
    for (unsigned s = 0; s < SPACES; s++) {
        assert_int_equal(space_create(&spaces[s]), 0);
    }
    for (uint32_t i = 0; i < operations; i++) {
        operate();
        if (i % 64 == 0) {
            check_counts(i / 64 % SPACES);
        }
        if (i % 4096 == 0) {
            check_walk(i / 4096 % SPACES);
        }
    }
    for (unsigned s = 0; s < SPACES; s++) {
        check_counts(s);
        space_destroy(&spaces[s]);
    }
    fake_stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(many_operations)};
    return cmocka_run_group_tests_name("mm_private_random", tests, NULL, NULL);
}
