/* What only the cache checker can see go wrong (tests/caches/mutants): each part needs a call of maintenance that
 * nothing else here needs so soon.  The first argument says which part.
 */
#include <string.h>

#include "helpers.h"
#include "tap.h"

#define PAGE     0x1000u
#define PAGES    64u
#define MB       0x100000u
#define CHILDREN 8

static char *commit(DWORD bytes, DWORD protect) {
    return VirtualAlloc(NULL, bytes, MEM_COMMIT, protect);
}

/* ---- uncached: frames whose lines are dirty, or known to the cache, when they begin and cease to be uncached ---- */

static int all_are(const char *memory, char value) {
    for (DWORD at = 0; at < PAGES * PAGE; at += 32) {
        if (memory[at] != value) {
            return 0;
        }
    }
    return 1;
}

static void uncached(void) {
    char *memory = commit(PAGES * PAGE, PAGE_READWRITE);
    DWORD old;

    memset(memory, 1, PAGES * PAGE);
    VirtualFree(memory, 0, MEM_RELEASE);
    memory = commit(PAGES * PAGE, PAGE_READWRITE | PAGE_NOCACHE);
    OK(all_are(memory, 0), "uncached pages are zero");
    memset(memory, 2, PAGES * PAGE);
    OK(all_are(memory, 2), "and hold what is stored");
    VirtualFree(memory, 0, MEM_RELEASE);

    memory = commit(PAGES * PAGE, PAGE_READWRITE);
    memset(memory, 3, PAGES * PAGE);
    OK(VirtualProtect(memory, PAGES * PAGE, PAGE_READWRITE | PAGE_NOCACHE, &old) && all_are(memory, 3),
       "cached pages become uncached");
    memset(memory, 4, PAGES * PAGE);
    OK(VirtualProtect(memory, PAGES * PAGE, PAGE_READWRITE, &old) && all_are(memory, 4), "and cached again");
    VirtualFree(memory, 0, MEM_RELEASE);
}

/* ---- split: half of a 64 KB page is unmapped, the small pages of the other half are used ---- */

static void split(void) {
    HANDLE mapping = CreateFileMappingW(open_for_mapping(L"64k.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
    const char *whole = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    const char *half = MapViewOfFile(mapping, FILE_MAP_READ, 0, 8 * PAGE, 8 * PAGE);
    int right = data_equal(whole, 0, 16 * PAGE);

    UnmapViewOfFile((void *)whole);
    OK(right && data_equal(half, 8 * PAGE, 8 * PAGE), "half of a large page stays");
    UnmapViewOfFile((void *)half);
    CloseHandle(mapping);
}

/* ---- code: instructions that ran are replaced, and the new ones run at once ---- */

static void code(void) {
    unsigned *memory = (unsigned *)(void *)commit(PAGE, PAGE_READWRITE);
    int (*function)(int) = (int (*)(int))(DWORD)memory;
    int got[4];
    DWORD old;

    memory[1] = 0xe12fff1e; /* bx lr */
    for (unsigned i = 0; i < 4; i++) {
        memory[0] = 0xe2800000 | i; /* add r0, r0, #i */
        VirtualProtect(memory, PAGE, PAGE_EXECUTE_READ, &old);
        got[i] = function(40);
        VirtualProtect(memory, PAGE, PAGE_READWRITE, &old);
    }
    OK(got[0] == 40 && got[1] == 41 && got[2] == 42 && got[3] == 43, "each version of the code runs");
    VirtualFree(memory, 0, MEM_RELEASE);
}

/* ---- views: code of one file, then that of another at the same address (ARMv5: views can be executed) ---- */

static int run_view(const wchar_t *name, DWORD *address) {
    HANDLE mapping = CreateFileMappingW(open_for_mapping(name), NULL, PAGE_READONLY, 0, 0, NULL);
    void *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    int got = ((int (*)(int))(DWORD)view)(40);

    *address = (DWORD)view;
    UnmapViewOfFile(view);
    CloseHandle(mapping);
    return got;
}

static void views(void) {
    DWORD first, second;

    IS(run_view(L"code7.bin", &first), 47, "a file's code runs");
    IS(run_view(L"code8.bin", &second), 48, "and that of the next");
    IS(first, second, "at the same address");
}

/* ---- tables: page tables lie where memory holds words that look like entries ---- */

/* Reads a word in each 64 MB but the first; how many can be read. */
static int probe(void) {
    volatile int readable = 0;

    for (volatile DWORD at = 64 * MB; at < 0x80000000u; at += 64 * MB) {
        __try {
            (void)*(volatile int *)at;
            readable++;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
        }
    }
    return readable;
}

static void tables(void) {
    PROCESS_INFORMATION children[CHILDREN];
    char *memory = commit(4 * MB, PAGE_READWRITE);
    int right = 1;
    DWORD old;

    memset(memory, 0x12, 4 * MB);
    VirtualProtect(memory, 4 * MB, PAGE_EXECUTE_READ, &old); /* the rubbish is out of the cache */
    VirtualFree(memory, 0, MEM_RELEASE);
    for (int i = 0; i < CHILDREN; i++) {
        right &= start_program(L"caches.exe", L"probe", &children[i]);
    }
    for (int i = 0; i < CHILDREN; i++) {
        right &= finish_program(&children[i]) == 0;
    }
    OK(right, "processes find nothing where nothing is mapped");
}

/* ---- programs: one after the other at the same addresses (ARMv5: with the same process number) ---- */

static void programs(void) {
    IS(run_program(L"child.exe", L"exit 5"), 5, "one program");
    IS(run_program(L"caches.exe", L"probe"), 0, "another one");
}

/* ---- switch: a thread that waited in the kernel goes on there, and stores to its user's memory ---- */

static int read_packed(HANDLE file) {
    static char buffer[3 * PAGE];
    DWORD got;

    memset(buffer, 0, sizeof(buffer));
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    return ReadFile(file, buffer, sizeof(buffer), &got, NULL) && got == sizeof(buffer) && data_equal(buffer, 0, got);
}

/* Reads until it is ended. */
static void read_on(void) {
    HANDLE file = open_read(L"packed.txt");

    while (read_packed(file)) {
    }
}

static void switches(void) {
    HANDLE file = open_read(L"packed.txt");
    PROCESS_INFORMATION child;
    int right = start_program(L"caches.exe", L"read", &child);

    SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_HIGHEST);
    for (int i = 0; i < 8; i++) {
        Sleep(1); /* most of the time the child reads, and its file's lock is taken */
        right &= read_packed(file);
    }
    TerminateProcess(child.hProcess, 9);
    OK(right, "two processes read a compressed file at once");
    IS(finish_program(&child), 9, "until one is ended");
    CloseHandle(file);
}

int main(int argc, char **argv) {
    const char *part = argc > 1 ? argv[1] : "";

    if (strcmp(part, "probe") == 0) {
        return probe();
    }
    if (strcmp(part, "read") == 0) {
        read_on();
        return 1;
    }
    if (strcmp(part, "uncached") == 0) {
        uncached();
    } else if (strcmp(part, "split") == 0) {
        split();
    } else if (strcmp(part, "code") == 0) {
        code();
    } else if (strcmp(part, "views") == 0) {
        views();
    } else if (strcmp(part, "tables") == 0) {
        tables();
    } else if (strcmp(part, "programs") == 0) {
        programs();
    } else if (strcmp(part, "switch") == 0) {
        switches();
    }
    return tap_done();
}
