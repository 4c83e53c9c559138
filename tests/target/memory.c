/* Random work on private memory against a naive model: what calls return, what VirtualQuery says, what is in the pages,
 * which exception each access makes, and how many faults were taken.  The seed is printed; another one may be given as
 * argument.
 */
#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define OPERATIONS   20000
#define RESERVATIONS 12
#define PAGES_SMALL  48
#define PAGES_LARGE  512 /* 2 MB: on ARMv5 these lie in the arena */
#define PAGES_MAX    (PAGES_LARGE + PAGES_SMALL)
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
static int wrong, refused;

static uint32_t next(uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

static DWORD next_protect(void) {
    static const DWORD protects[] = {PAGE_READWRITE,
                                     PAGE_READWRITE,
                                     PAGE_READWRITE,
                                     PAGE_READONLY,
                                     PAGE_NOACCESS,
                                     PAGE_EXECUTE_READ,
                                     PAGE_EXECUTE_READWRITE,
                                     PAGE_READWRITE | PAGE_GUARD,
                                     PAGE_READONLY | PAGE_GUARD};
    return protects[next(sizeof(protects) / sizeof(protects[0]))];
}

/* The kernel tells the architecture's number. */
static int is_armv5(void) {
    return *(volatile unsigned *)(0xffffc800u + ABI_KDATA_CPU) == 5;
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
    int pages = 1 + (int)next(PAGES_SMALL) + (next(4) == 0 ? PAGES_LARGE : 0), commit = (int)next(2);
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

/* ---- what an access does ---- */

enum access { READ = 0, WRITE = 1, EXECUTE = 8 }; /* as ExceptionInformation[0] tells them */

static EXCEPTION_RECORD seen;

static int note(const EXCEPTION_POINTERS *pointers) {
    seen = *pointers->ExceptionRecord;
    return EXCEPTION_EXECUTE_HANDLER;
}

/* The code of the exception that an access makes; 0: none. */
static DWORD attempt(volatile char *at, enum access access) {
    __try {
        if (access == WRITE) {
            *at = 0;
        } else if (access == READ) {
            (void)*at;
        } else {
            ((void (*)(void))(DWORD)at)();
        }
    } __except (note(GetExceptionInformation())) {
        return seen.ExceptionCode;
    }
    return 0;
}

static int allowed(DWORD protect, enum access access) {
    if (protect == 0 || (protect & (PAGE_NOACCESS | PAGE_GUARD)) != 0) {
        return 0;
    }
    if (access == WRITE) {
        return (protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) != 0;
    }
    return access == READ || is_armv5() || (protect & (PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE)) != 0;
}

/* The page comes, with zeros in it. */
static void bring(struct reservation *reservation, struct page *page) {
    if (!page->touched) {
        reservation->faults++;
        page->touched = 1;
        page->content = 0;
    }
}

/* The model's part of an access: the code of its exception. */
static DWORD foretell(struct reservation *reservation, struct page *page, enum access access) {
    if (allowed(page->protect, access)) {
        bring(reservation, page);
        return 0;
    }
    if (page->protect & PAGE_GUARD) {
        reservation->faults++;
        page->protect &= ~(DWORD)PAGE_GUARD;
        return EXCEPTION_GUARD_PAGE;
    }
    if (is_armv5() && allowed(page->protect, READ)) {
        bring(reservation,
              page); /* what is not there is not known to be a store: it comes, and the store faults again */
    }
    reservation->faults++;
    return EXCEPTION_ACCESS_VIOLATION;
}

/* Touches a page in some way, and looks at what is in it if it may. */
static void do_touch(struct reservation *reservation) {
    static const enum access kinds[] = {READ, WRITE, EXECUTE};
    enum access access = kinds[next(3)];
    int i = (int)next((uint32_t)reservation->pages);
    struct page *page = &reservation->page[i];
    volatile char *first = reservation->base + (DWORD)i * PAGE;
    volatile char *at = first + 4 + (next(PAGE - 4) & ~3u);
    DWORD code;

    if (next(8) == 0) {
        expect(IsBadReadPtr((void *)at, 1) != allowed(page->protect, READ), "IsBadReadPtr");
    }
    if (access == EXECUTE && allowed(page->protect, EXECUTE)) {
        access = READ; /* there is nothing to execute */
    }
    code = foretell(reservation, page, access);
    expect(attempt(at, access) == code, "the code of an exception");
    if (code != 0) {
        refused++;
        expect(seen.NumberParameters == 2 && seen.ExceptionInformation[0] == (DWORD)access &&
                   seen.ExceptionInformation[1] == (DWORD)at,
               "the parameters of an exception");
        return;
    }
    expect(*first == page->content, "the content of a page");
    if (access == WRITE) {
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

/* The process's pages and promises; those of page tables, of which a few stay for the next reservations, do not count.
 */
static struct abi_process_info used(void) {
    static struct abi_process_info processes[64];
    const uint32_t arguments[6] = {(uint32_t)processes, 64};
    uint32_t count = raw_call(SYS_ENUM_PROCESSES, arguments).value;

    for (uint32_t i = 0; i < count; i++) {
        if (processes[i].id == GetCurrentProcessId()) {
            return processes[i];
        }
    }
    return processes[0];
}

static void work(void) {
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
            model[i].base = NULL;
        }
    }
}

int main(int argc, char **argv) {
    uint32_t seed = argc > 1 ? strtoul(argv[1], NULL, 0) : 2026;
    struct abi_process_info before, after;

    state = seed;
    OK(1, "seed %lu, %d operations", (unsigned long)seed, OPERATIONS);
    memset(model, 1, sizeof(model)); /* its pages are there before anything is counted */
    memset(model, 0, sizeof(model));
    (void)used();
    before = used();
    work();
    after = used();
    IS(wrong, 0, "everything is as the model says, %d refused accesses, too", refused);
    IS(after.pages, before.pages, "no page is lost");
    IS(after.committed, before.committed, "no promise is lost");
    return tap_done();
}
