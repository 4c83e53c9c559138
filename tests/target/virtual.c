/* VirtualAlloc and its family: results, errors, what pages hold, what is charged, and what VirtualQuery says. */
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define MB    0x100000u
#define PAGE  0x1000u
#define ARENA 0x42000000u

static int is_filled(const char *at, SIZE_T bytes, char with) {
    for (SIZE_T i = 0; i < bytes; i++) {
        if (at[i] != with) {
            return 0;
        }
    }
    return 1;
}

static DWORD committed_pages(void) {
    struct abi_counters counters;
    raw_counters(&counters, NULL, 0);
    return counters.pages_committed;
}

static DWORD free_pages(void) {
    struct abi_counters counters;
    raw_counters(&counters, NULL, 0);
    return counters.pages_free;
}

static MEMORY_BASIC_INFORMATION query(const void *at) {
    MEMORY_BASIC_INFORMATION info;
    memset(&info, 0, sizeof(info));
    VirtualQuery(at, &info, sizeof(info));
    return info;
}

static void life(void) {
    DWORD before = committed_pages(), there = free_pages(), old;
    char *memory = VirtualAlloc(NULL, 0x23456, MEM_RESERVE, PAGE_NOACCESS);

    OK(memory != NULL && ((DWORD)memory & 0xffff) == 0, "a reservation begins on 64 KB");
    IS(committed_pages(), before, "and costs nothing");
    OK(VirtualAlloc(memory + 0x1fff, 2, MEM_COMMIT, PAGE_READWRITE) == memory + 0x1000, "committing goes by pages");
    IS(committed_pages(), before + 2, "and is charged at once");
    IS(free_pages(), there, "but takes no page yet");
    OK(is_filled(memory + 0x1000, 2 * PAGE, 0), "new memory is zero");
    IS(free_pages(), there - 2, "and comes when it is touched");
    memset(memory + 0x1000, 'a', 2 * PAGE);
    OK(VirtualAlloc(memory, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE) == memory, "committing over committed pages");
    IS(committed_pages(), before + 4, "charges the new ones");
    OK(is_filled(memory + 0x1000, 2 * PAGE, 'a'), "and keeps what is in the old ones");
    OK(VirtualProtect(memory, 4 * PAGE, PAGE_READONLY, &old) && old == PAGE_READWRITE,
       "VirtualProtect tells the old one");
    OK(VirtualProtect(memory, PAGE, PAGE_NOACCESS, &old) && old == PAGE_READONLY, "and again");
    OK(VirtualProtect(memory, 4 * PAGE, PAGE_READWRITE, &old) && old == PAGE_NOACCESS, "that of the first page");
    OK(is_filled(memory + 0x1000, 2 * PAGE, 'a'), "contents stay");
    OK(VirtualFree(memory + 0x1000, PAGE, MEM_DECOMMIT), "a page is decommitted");
    IS(committed_pages(), before + 3, "which gives its charge back");
    OK(VirtualAlloc(memory + 0x1000, PAGE, MEM_COMMIT, PAGE_READWRITE) && is_filled(memory + 0x1000, PAGE, 0) &&
           is_filled(memory + 0x2000, PAGE, 'a'),
       "committed again it is zero, its neighbour is not");
    OK(VirtualFree(memory, 0, MEM_DECOMMIT), "all of it is decommitted");
    IS(committed_pages(), before, "nothing is charged any more");
    OK(VirtualFree(memory, 0, MEM_RELEASE), "and released");
    IS(free_pages(), there, "every page is back");
    IS(query(memory).State, MEM_FREE, "and the addresses are free");
}

static void both_at_once(void) {
    DWORD before = committed_pages();
    char *memory = VirtualAlloc(NULL, 10 * PAGE, MEM_COMMIT, PAGE_READWRITE);
    char *lazy;

    OK(memory != NULL && is_filled(memory, 10 * PAGE, 0), "MEM_COMMIT alone reserves, too");
    IS(committed_pages(), before + 10, "ten pages");
    lazy = VirtualAlloc(NULL, 8 * PAGE, MEM_AUTO_COMMIT, PAGE_READWRITE);
    OK(lazy != NULL, "MEM_AUTO_COMMIT");
    IS(committed_pages(), before + 18, "charges the whole");
    OK(is_filled(lazy, 8 * PAGE, 0), "and brings each page when it is touched");
    FAILS(VirtualAlloc(memory, PAGE, MEM_RESERVE, PAGE_NOACCESS) == NULL, ERROR_INVALID_ADDRESS,
          "reserving over reserved");
    OK(VirtualFree(memory, 0, MEM_RELEASE) && VirtualFree(lazy, 0, MEM_RELEASE), "both are released");
    OK(VirtualAlloc(memory, 2 * PAGE, MEM_RESERVE | MEM_COMMIT | MEM_TOP_DOWN, PAGE_READWRITE) == memory,
       "at an address of one's choice");
    OK(VirtualFree(memory, 0, MEM_RELEASE), "released");
}

static void errors(void) {
    char *memory = VirtualAlloc(NULL, 4 * PAGE, MEM_RESERVE, PAGE_NOACCESS);
    DWORD old;

    FAILS(VirtualAlloc(NULL, 0, MEM_COMMIT, PAGE_READWRITE) == NULL, ERROR_INVALID_PARAMETER, "no bytes");
    FAILS(VirtualAlloc(NULL, PAGE, 0, PAGE_READWRITE) == NULL, ERROR_INVALID_PARAMETER, "no kind");
    FAILS(VirtualAlloc(NULL, PAGE, MEM_TOP_DOWN, PAGE_READWRITE) == NULL, ERROR_INVALID_PARAMETER, "top-down alone");
    FAILS(VirtualAlloc(NULL, PAGE, MEM_COMMIT | 1, PAGE_READWRITE) == NULL, ERROR_INVALID_PARAMETER, "unknown kind");
    FAILS(VirtualAlloc(NULL, PAGE, MEM_COMMIT, 0) == NULL, ERROR_INVALID_PARAMETER, "no protection");
    FAILS(VirtualAlloc(NULL, PAGE, MEM_COMMIT, 3) == NULL, ERROR_INVALID_PARAMETER, "two protections");
    FAILS(VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_WRITECOPY) == NULL, ERROR_INVALID_PARAMETER, "write-copy");
    FAILS(VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_NOACCESS | PAGE_GUARD) == NULL, ERROR_INVALID_PARAMETER,
          "a guard of nothing");
    FAILS(VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_PHYSICAL | PAGE_READWRITE) == NULL, ERROR_INVALID_PARAMETER,
          "physical");
    FAILS(VirtualAlloc(memory, 4 * PAGE + 1, MEM_COMMIT, PAGE_READWRITE) == NULL, ERROR_INVALID_ADDRESS,
          "more than was reserved");
    FAILS(VirtualAlloc((void *)0x01e00000, 1, MEM_COMMIT, PAGE_READWRITE) == NULL, ERROR_INVALID_ADDRESS,
          "what nobody reserved");
    FAILS(VirtualAlloc((void *)0x80000000u, 1, MEM_RESERVE, PAGE_NOACCESS) == NULL, ERROR_INVALID_PARAMETER,
          "the kernel's addresses");
    FAILS(VirtualAlloc(NULL, 0xfffff000u, MEM_RESERVE, PAGE_NOACCESS) == NULL, ERROR_NOT_ENOUGH_MEMORY, "4 GB");
    FAILS(VirtualAlloc(NULL, 0x7f000000u, MEM_RESERVE, PAGE_NOACCESS) == NULL, ERROR_NOT_ENOUGH_MEMORY, "too large");
    FAILS(!VirtualProtect(memory, PAGE, PAGE_READONLY, &old), ERROR_INVALID_ADDRESS,
          "protecting what is not committed");
    FAILS(!VirtualProtect(memory, PAGE, PAGE_READONLY, NULL), ERROR_INVALID_PARAMETER,
          "nowhere for the old protection");
    FAILS(!VirtualProtect((void *)0x10000, PAGE, PAGE_READWRITE, &old), ERROR_INVALID_ADDRESS, "protecting text");
    FAILS(!VirtualFree(memory, PAGE, MEM_RELEASE), ERROR_INVALID_PARAMETER, "releasing with a size");
    FAILS(!VirtualFree(memory + PAGE, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER, "releasing from the middle");
    FAILS(!VirtualFree(memory, 0, MEM_RELEASE | MEM_DECOMMIT), ERROR_INVALID_PARAMETER, "both at once");
    FAILS(!VirtualFree(memory, 0, 0), ERROR_INVALID_PARAMETER, "neither");
    FAILS(!VirtualFree(memory + PAGE, 0, MEM_DECOMMIT), ERROR_INVALID_ADDRESS,
          "decommitting the middle without a size");
    FAILS(!VirtualFree(memory, 5 * PAGE, MEM_DECOMMIT), ERROR_INVALID_ADDRESS, "decommitting too much");
    FAILS(!VirtualFree(NULL, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER, "releasing nothing");
    FAILS(!VirtualFree(&old, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER, "releasing the stack");
    FAILS(!VirtualFree((void *)0x10000, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER, "releasing the program");
    FAILS(!VirtualCopy(memory, (void *)0x100000, PAGE, PAGE_PHYSICAL | PAGE_READWRITE), ERROR_ACCESS_DENIED,
          "physical memory is for drivers");
    OK(VirtualFree(memory, 0, MEM_RELEASE), "releasing it");
    FAILS(!VirtualFree(memory, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER, "and again");
}

/* Called twice: tables for the next ones stay after the first time, and nothing more after the second. */
static void large(int again) {
    unsigned cpu = *(volatile unsigned *)(0xffffc800u + ABI_KDATA_CPU);
    DWORD before = committed_pages(), there = free_pages();
    char *small = VirtualAlloc(NULL, 2 * MB - PAGE, MEM_RESERVE, PAGE_NOACCESS);
    char *big = VirtualAlloc(NULL, 2 * MB, MEM_RESERVE, PAGE_NOACCESS);
    char *whole = VirtualAlloc(NULL, 32 * MB, MEM_RESERVE, PAGE_NOACCESS);
    char *more;

    OK((DWORD)small < ARENA, "less than 2 MB is the process's own");
    OK(cpu != 5 || (DWORD)big >= ARENA, "on ARMv5 2 MB lie in the arena");
    OK(whole != NULL, "32 MB at a time");
    OK(VirtualAlloc(whole, 32 * MB, MEM_COMMIT, PAGE_READWRITE) == whole, "committed");
    OK(committed_pages() - before >= 8192, "and promised");
    whole[0] = 1;
    whole[32 * MB - 1] = 2;
    OK(whole[0] == 1 && whole[32 * MB - 1] == 2 && whole[16 * MB] == 0, "and there");
    more = VirtualAlloc(NULL, 256 * MB, MEM_RESERVE, PAGE_NOACCESS);
    OK(more != NULL, "256 MB of addresses");
    FAILS(VirtualAlloc(NULL, 900 * MB, MEM_COMMIT, PAGE_READWRITE) == NULL, ERROR_NOT_ENOUGH_MEMORY,
          "900 MB of memory are not there");
    OK(VirtualFree(small, 0, MEM_RELEASE) && VirtualFree(big, 0, MEM_RELEASE) && VirtualFree(whole, 0, MEM_RELEASE) &&
           VirtualFree(more, 0, MEM_RELEASE),
       "all are released");
    if (again) {
        IS(committed_pages(), before, "nothing is charged any more");
        IS(free_pages(), there, "every page is back");
    }
}

/* The slot, then the arena: until there are no addresses any more; and then all of them again. */
static void addresses_run_out(void) {
    static char *taken[2048];
    int counts[2];

    for (int round = 0; round < 2; round++) {
        int count = 0;
        while (count < 2048 && (taken[count] = VirtualAlloc(NULL, MB, MEM_RESERVE, PAGE_NOACCESS)) != NULL) {
            count++;
        }
        IS(GetLastError(), ERROR_NOT_ENOUGH_MEMORY, "%d times 1 MB, then an error", count);
        counts[round] = count;
        while (count-- > 0) {
            VirtualFree(taken[count], 0, MEM_RELEASE);
        }
    }
    OK(counts[0] > 900, "slot and arena");
    IS(counts[0], counts[1], "the second time as many");
}

static void promises_run_out(int again) {
    static char *taken[4096];
    DWORD before = committed_pages(), there = free_pages();
    MEMORYSTATUS start, now;
    int count = 0, right = 1;

    GlobalMemoryStatus(&start);
    while (count < 4096 && (taken[count] = VirtualAlloc(NULL, 16 * PAGE, MEM_COMMIT, PAGE_READWRITE)) != NULL) {
        count++;
    }
    if (count == 4096) { /* much memory: the rest in one */
        GlobalMemoryStatus(&now);
        OK(now.dwAvailPhys < start.dwAvailPhys, "GlobalMemoryStatus goes down");
    } else {
        IS(GetLastError(), ERROR_NOT_ENOUGH_MEMORY, "%d times 64 KB, then an error", count);
        GlobalMemoryStatus(&now);
        OK(now.dwAvailPhys < 20 * PAGE, "GlobalMemoryStatus says so");
    }
    for (int i = 0; i < count; i += 17) {
        memset(taken[i], i, 16 * PAGE);
    }
    for (int i = 0; i < count; i += 17) {
        right &= is_filled(taken[i], 16 * PAGE, (char)i);
    }
    OK(right, "what was promised is there");
    while (count-- > 0) {
        right &= VirtualFree(taken[count], 0, MEM_RELEASE);
    }
    OK(right, "all are released");
    GlobalMemoryStatus(&now);
    if (again) {
        IS(now.dwAvailPhys, start.dwAvailPhys, "as much is there as before");
        IS(committed_pages(), before, "nothing is charged any more");
        IS(free_pages(), there, "every page is back");
    }
    OK(now.dwTotalPhys >= 16 * MB && now.dwTotalVirtual >= 31 * MB && now.dwAvailVirtual < now.dwTotalVirtual,
       "GlobalMemoryStatus tells the totals");
}

/* Everything is promised; then more addresses want page tables, for which nothing is left.  Called twice, too. */
static void tables_run_out(int again) {
    static char *taken[1025];
    DWORD before = committed_pages(), there = free_pages(), done = 0, count = 0;
    struct abi_counters counters;
    char *all;

    raw_counters(&counters, NULL, 0);
    all = VirtualAlloc(NULL, (counters.commit_limit - before) * PAGE, MEM_RESERVE, PAGE_NOACCESS);
    for (DWORD step = counters.commit_limit - before; step > 0;) {
        if (VirtualAlloc(all + done * PAGE, step * PAGE, MEM_COMMIT, PAGE_READWRITE) != NULL) {
            done += step;
        } else {
            step /= 2;
        }
    }
    while (count < 1024 && (taken[count] = VirtualAlloc(NULL, MB, MEM_RESERVE, PAGE_NOACCESS)) != NULL) {
        count++;
    }
    FAILS(VirtualAlloc(NULL, MB, MEM_RESERVE, PAGE_NOACCESS) == NULL, ERROR_NOT_ENOUGH_MEMORY,
          "no page is left to promise: %lu times 1 MB of addresses, then an error", count);
    OK(count < 100, "though there are addresses");
    IS(committed_pages(), counters.commit_limit, "all is promised");
    all[0] = 1;
    all[(done - 1) * PAGE] = 2;
    OK(all[0] == 1 && all[(done - 1) * PAGE] == 2, "and can be had");
    OK(VirtualFree(all, 16 * PAGE, MEM_DECOMMIT), "some pages are decommitted");
    taken[count] = VirtualAlloc(NULL, MB, MEM_RESERVE, PAGE_NOACCESS);
    OK(taken[count] != NULL, "which is room for a table");
    for (DWORD i = 0; i <= count; i++) {
        VirtualFree(taken[i], 0, MEM_RELEASE);
    }
    OK(VirtualFree(all, 0, MEM_RELEASE), "all are released");
    if (again) {
        IS(committed_pages(), before, "nothing is charged any more");
        IS(free_pages(), there, "every page is back");
    }
}

static void asking(void) {
    static const char *constant = "text";
    MEMORY_BASIC_INFORMATION info;
    char *memory = VirtualAlloc(NULL, 8 * PAGE, MEM_RESERVE, PAGE_READWRITE);
    DWORD at = 0, regions = 0, reserved = 0, old;
    int local;

    VirtualAlloc(memory + PAGE, 3 * PAGE, MEM_COMMIT, PAGE_READONLY);
    info = query(memory + 2 * PAGE + 5);
    OK(info.BaseAddress == memory + 2 * PAGE && info.AllocationBase == memory && info.RegionSize == 2 * PAGE &&
           info.AllocationProtect == PAGE_READWRITE && info.State == MEM_COMMIT && info.Protect == PAGE_READONLY &&
           info.Type == MEM_PRIVATE,
       "VirtualQuery inside a reservation");
    info = query(memory + 4 * PAGE);
    OK(info.State == MEM_RESERVE && info.RegionSize == 4 * PAGE && info.Protect == 0, "and behind its committed part");
    VirtualProtect(memory + PAGE, PAGE, PAGE_EXECUTE_READWRITE, &old);
    memory[PAGE] = 1;
    IS(query(memory + PAGE).Protect, PAGE_EXECUTE_READWRITE, "execution is told");
    VirtualProtect(memory + PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD, &old);
    IS(query(memory + PAGE).Protect, PAGE_READWRITE | PAGE_GUARD, "a guard is told");
    IS(query(memory + 2 * PAGE).Protect, PAGE_READONLY, "of this page only");
    OK(!IsBadReadPtr(memory + 2 * PAGE, 2 * PAGE) && IsBadReadPtr(memory + 2 * PAGE, 2 * PAGE + 1), "IsBadReadPtr");
    OK(IsBadWritePtr(memory + 2 * PAGE, 1) && IsBadWritePtr(memory + PAGE, 1) && !IsBadWritePtr(&local, 4),
       "IsBadWritePtr");
    IS(query(memory + PAGE).Protect, PAGE_READWRITE | PAGE_GUARD, "they touch nothing");
    IS(query(constant).Type, MEM_IMAGE, "the program");
    IS(query(&local).Protect, PAGE_READWRITE, "the stack");
    FAILS(VirtualQuery((void *)0x80000000u, &info, sizeof(info)) == 0, ERROR_INVALID_PARAMETER,
          "the kernel's addresses");
    FAILS(VirtualQuery(memory, &info, sizeof(info) - 1) == 0, ERROR_BAD_LENGTH, "too little room");
    while (VirtualQuery((void *)at, &info, sizeof(info)) != 0 && (DWORD)info.BaseAddress == at &&
           info.RegionSize != 0) {
        at += info.RegionSize;
        regions++;
        reserved += info.State != MEM_FREE ? info.RegionSize : 0;
    }
    IS(at, 0x80000000u, "a walk over the whole space: %lu regions, %lu KB in use", regions, reserved / 1024);
    VirtualFree(memory, 0, MEM_RELEASE);
}

/* Code can be made and run. */
static void code(void) {
    static const unsigned program[] = {0xe2800007, 0xe12fff1e}; /* add r0, r0, #7; bx lr */
    DWORD old;
    char *memory = VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_READWRITE);

    memcpy(memory, program, sizeof(program));
    OK(VirtualProtect(memory, PAGE, PAGE_EXECUTE_READ, &old), "memory becomes executable");
    IS(((int (*)(int))(DWORD)memory)(35), 42, "and runs");
    VirtualFree(memory, 0, MEM_RELEASE);
}

/* As a program does that makes a page writable, changes the code in it, and gives it back the protection that it had.
 */
static void patch(char *page, const char *what) {
    static const unsigned first[] = {0xe2800007, 0xe12fff1e};  /* add r0, r0, #7; bx lr */
    static const unsigned second[] = {0xe2800008, 0xe12fff1e}; /* add r0, r0, #8; bx lr */
    DWORD old, before;

    memcpy(page, first, sizeof(first));
    OK(VirtualProtect(page, PAGE, PAGE_EXECUTE_READWRITE, &old) && old == PAGE_READWRITE, "%s becomes executable",
       what);
    IS(query(page).Protect, PAGE_EXECUTE_READWRITE, "which VirtualQuery tells");
    IS(((int (*)(int))(DWORD)page)(35), 42, "it runs");
    OK(VirtualProtect(page, PAGE, PAGE_READWRITE, &before) && before == PAGE_EXECUTE_READWRITE,
       "VirtualProtect tells it, too");
    IS(query(page).Protect, PAGE_READWRITE, "now it is data");
    memcpy(page, second, sizeof(second));
    VirtualProtect(page, PAGE, before, &old);
    IS(((int (*)(int))(DWORD)page)(35), 43, "other code there runs, too");
    VirtualProtect(page, PAGE, PAGE_READWRITE, &old);
}

static char *page_in(char *memory) {
    return (char *)(((DWORD)memory + PAGE - 1) & ~(PAGE - 1));
}

static void code_changes(void) {
    static char data[2 * PAGE] = {1};
    char local[2 * PAGE];
    char *memory = VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_READWRITE);

    patch(memory, "memory");
    patch(page_in(data), "data");
    patch(page_in(local), "stack");
    VirtualFree(memory, 0, MEM_RELEASE);
}

static DWORD __attribute__((noinline)) code_of_store(volatile char *at) {
    volatile DWORD code = 0;
    __try {
        *at = 1;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        code = GetExceptionCode();
    }
    return code;
}

/* A guard inside a stack is not the stack's end. */
static void guard_on_stack(void) {
    char local[4 * PAGE];
    char *page = page_in(local) + PAGE;
    DWORD old;

    *page = 0;
    OK(VirtualProtect(page, PAGE, PAGE_READWRITE | PAGE_GUARD, &old), "a guard on the stack");
    IS(code_of_store(page), STATUS_GUARD_PAGE_VIOLATION, "tells of itself");
    IS(code_of_store(page), 0, "once");
}

int main(void) {
    IS(query(NULL).State, MEM_FREE, "address 0"); /* stack and console are there now */
    life();
    both_at_once();
    errors();
    large(0);
    large(1);
    addresses_run_out();
    promises_run_out(0);
    promises_run_out(1);
    tables_run_out(0);
    tables_run_out(1);
    asking();
    code();
    code_changes();
    guard_on_stack();
    return tap_done();
}
