/* Random work on private memory against a naive model: what calls return, what VirtualQuery says, what is in the pages,
 * and how many faults were taken.  The seed is printed; another one may be given as argument.
 */
#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define OPERATIONS   20000
#define RESERVATIONS 12
#define PAGES_MAX    48
#define PAGE         0x1000u

struct page {
    DWORD protect; /* 0: not committed */
    int touched;
    char content;
};

struct reservation {
    char *base; /* NULL: none */
    int pages;
    DWORD faults;
    struct page page[PAGES_MAX];
};

static struct reservation model[RESERVATIONS];
static uint32_t state;
static int wrong;

static uint32_t next(uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

static DWORD next_protect(void) {
    static const DWORD protects[] = {
        PAGE_READWRITE, PAGE_READWRITE,    PAGE_READWRITE,         PAGE_READONLY,
        PAGE_NOACCESS,  PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_READWRITE | PAGE_GUARD};
    return protects[next(sizeof(protects) / sizeof(protects[0]))];
}

/* Notes that something is not as it should be; the first few are printed. */
static void expect(int right, const char *what) {
    if (!right && wrong++ < 5) {
        printf("# %s, error %lu\n", what, (unsigned long)GetLastError());
    }
}

static void set(struct reservation *reservation, int first, int end, DWORD protect) {
    for (int i = first; i < end; i++) {
        reservation->page[i].protect = protect;
    }
}

static void do_reserve(struct reservation *reservation) {
    int pages = 1 + (int)next(PAGES_MAX), commit = (int)next(2);
    DWORD protect = next_protect();

    memset(reservation, 0, sizeof(*reservation));
    reservation->pages = pages;
    reservation->base =
        VirtualAlloc(NULL, (DWORD)pages * PAGE - next(PAGE), commit ? MEM_COMMIT : MEM_RESERVE, protect);
    expect(reservation->base != NULL, "VirtualAlloc");
    if (commit) {
        set(reservation, 0, pages, protect);
    }
}

static int count_committed(const struct reservation *reservation, int first, int end) {
    int count = 0;

    for (int i = first; i < end; i++) {
        count += reservation->page[i].protect != 0;
    }
    return count;
}

static void do_change(struct reservation *reservation) {
    int first = (int)next((uint32_t)reservation->pages);
    int end = first + 1 + (int)next((uint32_t)(reservation->pages - first));
    char *at = reservation->base + (DWORD)first * PAGE;
    DWORD bytes = (DWORD)(end - first) * PAGE, protect = next_protect(), old = 0;

    switch (next(4)) {
    case 0:
        expect(VirtualAlloc(at, bytes, MEM_COMMIT, protect) == at, "committing");
        set(reservation, first, end, protect);
        break;
    case 1:
        if (count_committed(reservation, first, end) == end - first) {
            expect(VirtualProtect(at, bytes, protect, &old) && old == reservation->page[first].protect,
                   "VirtualProtect");
            set(reservation, first, end, protect);
        } else {
            expect(!VirtualProtect(at, bytes, protect, &old) && GetLastError() == ERROR_INVALID_ADDRESS,
                   "VirtualProtect of what is not committed");
        }
        break;
    case 2:
        expect(VirtualFree(at, bytes, MEM_DECOMMIT), "decommitting");
        memset(&reservation->page[first], 0, (size_t)(end - first) * sizeof(reservation->page[0]));
        break;
    default:
        if (next(8) == 0) {
            expect(VirtualFree(reservation->base, 0, MEM_RELEASE), "releasing");
            reservation->base = NULL;
        }
    }
}

static int readable(DWORD protect) {
    return protect == PAGE_READWRITE || protect == PAGE_READONLY || protect == PAGE_EXECUTE_READ ||
           protect == PAGE_EXECUTE_READWRITE;
}

/* Touches a page as it may be touched. */
static void do_touch(struct reservation *reservation) {
    int i = (int)next((uint32_t)reservation->pages);
    struct page *page = &reservation->page[i];
    volatile char *at = reservation->base + (DWORD)i * PAGE + next(PAGE - 1);
    volatile char *first = reservation->base + (DWORD)i * PAGE;

    if (!readable(page->protect)) {
        expect(IsBadReadPtr((void *)at, 1), "IsBadReadPtr");
        return;
    }
    (void)*at;
    if (!page->touched) {
        reservation->faults++;
        page->touched = 1;
        page->content = 0;
    }
    expect(*first == page->content, "the content of a page");
    if (page->protect == PAGE_READWRITE || page->protect == PAGE_EXECUTE_READWRITE) {
        *first = page->content = (char)next(256);
    }
}

static void do_query(const struct reservation *reservation) {
    struct abi_counters counters;
    MEMORY_BASIC_INFORMATION info;
    int i = (int)next((uint32_t)reservation->pages), end = i;

    while (end < reservation->pages && reservation->page[end].protect == reservation->page[i].protect) {
        end++;
    }
    VirtualQuery(reservation->base + (DWORD)i * PAGE + next(PAGE), &info, sizeof(info));
    expect(info.BaseAddress == reservation->base + (DWORD)i * PAGE && info.AllocationBase == reservation->base &&
               info.RegionSize == (DWORD)(end - i) * PAGE && info.Protect == reservation->page[i].protect &&
               info.State == (reservation->page[i].protect ? MEM_COMMIT : MEM_RESERVE),
           "VirtualQuery");
    raw_counters(&counters, reservation->base, 1);
    expect(counters.range_faults == reservation->faults, "the number of faults");
}

int main(int argc, char **argv) {
    struct abi_counters before, after;

    state = argc > 1 ? strtoul(argv[1], NULL, 0) : 2026;
    OK(1, "seed %lu, %d operations", (unsigned long)state, OPERATIONS);
    memset(model, 1, sizeof(model)); /* its pages are there before anything is counted */
    memset(model, 0, sizeof(model));
    raw_counters(&before, NULL, 0);
    for (int i = 0; i < OPERATIONS; i++) {
        struct reservation *reservation = &model[next(RESERVATIONS)];
        if (reservation->base == NULL) {
            do_reserve(reservation);
            continue;
        }
        switch (next(4)) {
        case 0:
            do_change(reservation);
            break;
        case 1:
            do_query(reservation);
            break;
        default:
            do_touch(reservation);
        }
    }
    for (int i = 0; i < RESERVATIONS; i++) {
        if (model[i].base != NULL) {
            VirtualFree(model[i].base, 0, MEM_RELEASE);
        }
    }
    raw_counters(&after, NULL, 0);
    IS(wrong, 0, "everything is as the model says");
    IS(after.pages_free, before.pages_free, "no page is lost");
    IS(after.pages_committed, before.pages_committed, "no promise is lost");
    return tap_done();
}
