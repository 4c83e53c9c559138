/* Exceptions, and copying and filling memory. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define MEGABYTE 0x100000u
#define ROUNDS   9

static volatile char *rom_view(void) {
    HANDLE file = CreateFileForMappingW(L"16m.bin", GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);

    return MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
}

/* Entering a block, a store to a read-only view, filter and handler. */
static void access_violation(void) {
    volatile char *view = rom_view();
    uint32_t values[ROUNDS];
    volatile int caught = 0;

    for (volatile int i = 0; i < ROUNDS; i++) {
        volatile uint32_t start = bench_read();

        __try {
            *view = 1;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            caught++;
        }
        values[i] = bench_since(start);
    }
    bench_line("av_caught", caught == ROUNDS ? bench_median(values, ROUNDS) : 0, "instructions");
}

/* A block that nothing happens in. */
static void empty_block(void) {
    uint32_t start = bench_read();

    for (int i = 0; i < 100; i++) {
        __try {
            __asm__ volatile("");
        } __except (EXCEPTION_EXECUTE_HANDLER) {
        }
    }
    bench_line("try_block", bench_since(start) / 100, "instructions");
}

static void memory(void) {
    char *from = malloc(MEGABYTE), *to = malloc(MEGABYTE);
    uint32_t start;

    memset(from, 1, MEGABYTE);
    memset(to, 2, MEGABYTE);
    __asm__ volatile("" ::: "memory"); /* each call is made */
    start = bench_read();
    memcpy(to, from, MEGABYTE);
    __asm__ volatile("" ::: "memory");
    bench_line("memcpy_1mb", bench_since(start), "instructions");
    start = bench_read();
    memset(to, 0, MEGABYTE);
    __asm__ volatile("" ::: "memory");
    bench_line("memset_1mb", bench_since(start), "instructions");
}

/* malloc and free of 64 bytes between blocks of other sizes, and HeapAlloc in a heap without a lock. */
static void allocation(void) {
    void *volatile block[16];
    HANDLE heap = HeapCreate(HEAP_NO_SERIALIZE, 0, 0);
    uint32_t start;

    for (int i = 0; i < 16; i++) {
        block[i] = malloc((size_t)(i * 24));
    }
    for (int i = 0; i < 16; i += 2) {
        free(block[i]);
    }
    start = bench_read();
    for (int i = 0; i < 100; i++) {
        block[0] = malloc(64);
        free(block[0]);
    }
    bench_line("malloc_free_64", bench_since(start) / 100, "instructions");
    block[0] = HeapAlloc(heap, 0, 100);
    start = bench_read();
    for (int i = 0; i < 100; i++) {
        block[0] = HeapAlloc(heap, 0, 64);
        HeapFree(heap, 0, block[0]);
    }
    bench_line("heap_alloc_free_64", bench_since(start) / 100, "instructions");
    HeapDestroy(heap);
}

int main(void) {
    bench_start();
    allocation();
    access_violation();
    empty_block();
    memory();
    return 0;
}
