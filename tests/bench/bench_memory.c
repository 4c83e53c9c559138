/* Virtual memory: faults, VirtualAlloc and its family, and a named mapping object from its making to its end. */
#include "bench.h"
#include "helpers.h"

#define PAGE   4096u
#define PAGES  64
#define ROUNDS 9

/* One store a page, and what the loop costs by itself. */
static uint32_t touch(volatile char *memory) {
    uint32_t start = bench_read();

    for (int i = 0; i < PAGES; i++) {
        memory[i * (int)PAGE] = 1;
    }
    return bench_since(start);
}

static uint32_t fault_cost(volatile char *memory) {
    uint32_t first = touch(memory);

    return (first - touch(memory)) / PAGES;
}

static void fault_zero_page(void) {
    uint32_t values[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        char *memory = VirtualAlloc(NULL, PAGES * PAGE, MEM_COMMIT, PAGE_READWRITE);

        values[i] = fault_cost(memory);
        VirtualFree(memory, 0, MEM_RELEASE);
    }
    bench_line("fault_zero_page", bench_median(values, ROUNDS), "instructions");
}

/* The pages are in the section already: another view had them. */
static void fault_view_page(void) {
    uint32_t values[ROUNDS];
    HANDLE mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, PAGES * PAGE, NULL);

    for (int i = 0; i < ROUNDS; i++) {
        char *view = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);

        if (i == 0) {
            (void)touch(view);
            UnmapViewOfFile(view);
            view = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);
        }
        values[i] = fault_cost(view);
        UnmapViewOfFile(view);
    }
    CloseHandle(mapping);
    bench_line("fault_view_page", bench_median(values, ROUNDS), "instructions");
}

static void valloc_64k(void) {
    uint32_t values[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        uint32_t start = bench_read();
        char *memory = VirtualAlloc(NULL, 0x10000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

        VirtualFree(memory, 0, MEM_RELEASE);
        values[i] = bench_since(start);
    }
    bench_line("valloc_64k", bench_median(values, ROUNDS), "instructions");
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t start = bench_read();
        char *memory = VirtualAlloc(NULL, 0x10000, MEM_RESERVE, PAGE_NOACCESS);

        VirtualAlloc(memory, 0x10000, MEM_COMMIT, PAGE_READWRITE);
        VirtualFree(memory, 0, MEM_RELEASE);
        values[i] = bench_since(start);
    }
    bench_line("valloc_64k_steps", bench_median(values, ROUNDS), "instructions");
}

static void vprotect_page(void) {
    uint32_t values[ROUNDS];
    DWORD old;
    volatile char *memory = VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_READWRITE);

    *memory = 1;
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t start = bench_read();

        VirtualProtect((void *)memory, PAGE, PAGE_READONLY, &old);
        VirtualProtect((void *)memory, PAGE, PAGE_READWRITE, &old);
        values[i] = bench_since(start);
    }
    VirtualFree((void *)memory, 0, MEM_RELEASE);
    bench_line("vprotect_page", bench_median(values, ROUNDS), "instructions");
}

static void named_mapping(void) {
    uint32_t values[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        uint32_t start = bench_read();
        HANDLE mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, PAGE, L"bench memory");
        volatile char *view = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);

        *view = 1;
        UnmapViewOfFile((void *)view);
        CloseHandle(mapping);
        values[i] = bench_since(start);
    }
    bench_line("named_mapping", bench_median(values, ROUNDS), "instructions");
}

/* Costs what the range needs, not what the memory around it is. */
static void is_bad_read_ptr(void) {
    uint32_t values[ROUNDS];
    char *memory = VirtualAlloc(NULL, 0x4000000, MEM_COMMIT, PAGE_READWRITE);

    for (int i = 0; i < ROUNDS; i++) {
        uint32_t start = bench_read();

        if (memory == NULL || IsBadReadPtr(memory, 2 * PAGE)) {
            return;
        }
        values[i] = bench_since(start);
    }
    VirtualFree(memory, 0, MEM_RELEASE);
    bench_line("is_bad_read_ptr", bench_median(values, ROUNDS), "instructions");
}

int main(void) {
    bench_start();
    fault_zero_page();
    fault_view_page();
    valloc_64k();
    vprotect_page();
    named_mapping();
    is_bad_read_ptr();
    return 0;
}
