/* ROM files: mapping 16 MB in place, and what reading and opening cost. */
#include "bench.h"
#include "helpers.h"

#define FILE_NAME L"16m.bin"
#define MEGABYTES 16
#define ROUNDS    9

static uint32_t map_once(void) {
    uint32_t start = bench_read();
    HANDLE file = open_for_mapping(FILE_NAME);
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    void *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);

    UnmapViewOfFile(view);
    CloseHandle(mapping);
    return view == NULL ? 0xffffffffu : bench_since(start);
}

static void mapping_cost(void) {
    uint32_t values[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        values[i] = map_once();
    }
    bench_line("rom_map_16mb_first", values[0], "instructions");
    bench_line("rom_map_16mb", bench_median(values, ROUNDS), "instructions");
}

/* Page faults and pages of RAM that mapping and touching every page takes. */
static void mapping_pages(void) {
    struct abi_counters before, after;
    HANDLE mapping;
    volatile const char *view;

    raw_counters(&before, NULL, 0);
    raw_counters(&after, NULL, 0); /* both have been touched */
    raw_counters(&before, NULL, 0);
    mapping = CreateFileMappingW(open_for_mapping(FILE_NAME), NULL, PAGE_READONLY, 0, 0, NULL);
    view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    for (uint32_t at = 0; at < MEGABYTES << 20; at += 4096) {
        (void)view[at];
    }
    raw_counters(&after, (const void *)view, MEGABYTES << 20);
    bench_line("rom_map_16mb_faults", after.range_faults, "faults");
    bench_line("rom_map_16mb_ram_pages", before.pages_free - after.pages_free, "pages");
    UnmapViewOfFile((const void *)view);
    CloseHandle(mapping);
}

static void reading(void) {
    static char buffer[0x10000];
    HANDLE file = open_read(FILE_NAME);
    uint32_t start;
    DWORD got;

    ReadFile(file, buffer, sizeof(buffer), &got, NULL);
    start = bench_read();
    ReadFile(file, buffer, 4096, &got, NULL);
    bench_line("rom_read_4k", bench_since(start), "instructions");
    start = bench_read();
    ReadFile(file, buffer, sizeof(buffer), &got, NULL);
    bench_line("rom_read_64k", bench_since(start), "instructions");
    CloseHandle(file);
    start = bench_read();
    CloseHandle(open_read(FILE_NAME));
    bench_line("rom_open_close", bench_since(start), "instructions");
}

int main(void) {
    bench_start();
    mapping_cost();
    mapping_pages();
    reading();
    return 0;
}
