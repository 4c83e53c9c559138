/* The page table that a process keeps in place when nothing is left in its megabyte: used again there, in the way of
 * nothing else, and gone with the process.  The kernel stops itself when its count of tables is wrong at the end.
 */
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define PAGE 0x1000u
#define MB   0x100000u

static HANDLE memory(DWORD bytes) {
    return CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, bytes, NULL);
}

/* A view of one page that is used. */
static char *page_at(HANDLE mapping, DWORD offset) {
    char *view = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, offset, PAGE);

    memset(view, 'x', PAGE);
    return view;
}

static void again(HANDLE large) {
    char *first = page_at(large, 0), *second;

    UnmapViewOfFile(first);
    second = page_at(large, PAGE);
    OK(second == first + PAGE, "the same megabyte again");
    UnmapViewOfFile(second);
}

/* The range of a large object goes over the kept table while a neighbour keeps others from being given back unseen. */
static void among_others(HANDLE large, HANDLE small) {
    char *first, *neighbour, *three[3];

    for (DWORD i = 0; i < 3; i++) { /* leaves tables for the views below, which would take the kept one else */
        three[i] = page_at(large, i * MB);
    }
    for (DWORD i = 0; i < 3; i++) {
        UnmapViewOfFile(three[i]);
    }
    UnmapViewOfFile(page_at(large, MB));
    first = page_at(large, 0);
    neighbour = page_at(small, 0);
    OK((((DWORD)neighbour ^ (DWORD)(first + 7 * MB / 2)) < MB), "the neighbour is in the last megabyte");
    UnmapViewOfFile(first);
    OK(neighbour[PAGE - 1] == 'x', "the neighbour is still there");
    first = page_at(large, MB);
    OK(first[0] == 'x', "the megabyte can be used again");
    UnmapViewOfFile(first);
    UnmapViewOfFile(neighbour);
}

/* A large entry of the MMU comes where the table is. */
static void under_rom(HANDLE large) {
    HANDLE rom = CreateFileMappingW(open_for_mapping(L"6m.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
    char *first = page_at(large, 0), *view;

    UnmapViewOfFile(first);
    view = MapViewOfFile(rom, FILE_MAP_READ, 0, 0, 0);
    OK(view <= first && first < view + 6 * MB, "a file lies where the memory was");
    OK(data_equal(view, 0, 2 * MB), "and can be read");
    UnmapViewOfFile(view);
    CloseHandle(rom);
}

int main(int argc, char **argv) {
    struct abi_counters before, after;
    HANDLE large = memory(7 * MB / 2), small = memory(PAGE);

    (void)argv;
    if (argc > 1) { /* ends with the table in place */
        UnmapViewOfFile(page_at(large, 0));
        return 0;
    }
    IS(run_program(L"tables.exe", L"end"), 0, "a process ends with such a table");
    for (int round = 0; round < 4; round++) {
        if (round == 2) { /* now everything is kept that ever is; each second round ends with the same tables */
            raw_counters(&before, NULL, 0);
        }
        again(large);
        among_others(large, small);
        under_rom(large);
    }
    raw_counters(&after, NULL, 0);
    IS(after.pages_free, before.pages_free, "the pages are back");
    IS(after.arena_ranges, before.arena_ranges, "and the ranges");
    return tap_done();
}
