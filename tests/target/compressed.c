/* Compressed ROM files: read and mapped like others, through RAM; damaged ones fail with an error. */
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define PACKED_BYTES 100000u

static void test_read(void) {
    static char buffer[9000];
    HANDLE file = open_read(L"packed.txt");
    DWORD got, at = 0;
    int same = 1;

    for (DWORD want = 1; ReadFile(file, buffer, want, &got, NULL) && got > 0; want = want * 3 % 8999 + 1) {
        same &= data_equal(buffer, at, got);
        at += got;
    }
    OK(same && at == PACKED_BYTES, "read in pieces of all sizes");
    SetFilePointer(file, 4090, NULL, FILE_BEGIN);
    OK(ReadFile(file, buffer, 20, &got, NULL) && got == 20 && data_equal(buffer, 4090, 20), "over a block's end");
    SetFilePointer(file, -10, NULL, FILE_END);
    OK(ReadFile(file, buffer, 20, &got, NULL) && got == 10 && data_equal(buffer, PACKED_BYTES - 10, 10), "at the end");
    CloseHandle(file);
}

static void test_map(void) {
    HANDLE mapping;
    struct abi_counters before, after;
    const char *view;
    int zero = 1;

    raw_counters(&before, NULL, 0);
    mapping = CreateFileMappingW(open_for_mapping(L"packed.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
    view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    OK(view != NULL, "mapped");
    OK(view[50000] == data_byte(50000), "a byte in the middle");
    raw_counters(&after, view, PACKED_BYTES);
    IS(after.range_faults, 1, "took one fault");
    OK(data_equal(view, 0, PACKED_BYTES), "all the bytes");
    for (DWORD i = PACKED_BYTES; i < 0x19000; i++) {
        zero &= view[i] == 0;
    }
    OK(zero, "and zeros behind them");
    raw_counters(&after, view, PACKED_BYTES);
    IS(after.range_faults, 25, "25 pages, 25 faults");
    OK(data_equal(view, 0, PACKED_BYTES), "again");
    raw_counters(&after, view, PACKED_BYTES);
    IS(after.range_faults, 25, "without any more");
    IS(run_program(L"child.exe", L"map packed.txt"), (DWORD)view, "at the same address in another process");
    UnmapViewOfFile((void *)view);
    CloseHandle(mapping);
    raw_counters(&after, NULL, 0);
    IS(after.pages_committed, before.pages_committed, "the commitment has been given back");
}

/* Text that is not in place is copied to frames that held other text a moment ago. */
static void test_programs(void) {
    int right = 1;

    for (int i = 1; i <= 6; i++) {
        wchar_t arguments[] = L"exit 1";

        arguments[5] = (wchar_t)(L'0' + i);
        right &= run_program(L"packed.exe", arguments) == (DWORD)i;
    }
    OK(right, "a compressed program, six times one after another");
}

/* How many of the pages of a view are not said to be for reading only. */
static DWORD pages_wrong(const volatile char *view, DWORD bytes) {
    MEMORY_BASIC_INFORMATION info;
    DWORD wrong = 0;

    for (DWORD at = 0; at < bytes; at += 0x1000) {
        wrong += VirtualQuery((const char *)view + at, &info, sizeof(info)) == 0 || info.Protect != PAGE_READONLY;
    }
    return wrong;
}

/* All memory that can be promised is taken and touched: the pages of a compressed file make room, and come again. */
static void test_pressure(void) {
    HANDLE mapping = CreateFileMappingW(open_for_mapping(L"packed.big"), NULL, PAGE_READONLY, 0, 0, NULL);
    const volatile char *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    static char *taken[4096];
    struct abi_counters before, after;
    MEMORYSTATUS status;
    DWORD sum = 0, again = 0, bytes = 4 << 20, faults;
    int count = 0, right = 1;

    raw_counters(&before, NULL, 0);
    for (DWORD at = 0; at < bytes; at += 0x1000) {
        sum = sum * 31 + view[at + 4];
    }
    raw_counters(&after, NULL, 0);
    OK(before.pages_free - after.pages_free >= 1024, "1024 pages of a compressed file are in memory");
    IS(after.pages_committed, before.pages_committed, "uncharged");
    raw_counters(&before, (const void *)view, bytes);
    GlobalMemoryStatus(&status);
    while (count < 4096 && (taken[count] = VirtualAlloc(NULL, 0x100000, MEM_COMMIT, PAGE_READWRITE)) != NULL) {
        memset(taken[count], count, 0x100000);
        count++;
    }
    OK((DWORD)count + 2 >= status.dwAvailPhys >> 20, "%d MB are promised and touched, all that was free", count);
    for (int i = 0; i < count; i++) {
        right &= taken[i][12345] == (char)i;
    }
    OK(right, "and hold what was written");
    IS(pages_wrong(view, bytes), 0, "the file's pages, there or not, are for reading as before");
    for (DWORD at = 0; at < bytes; at += 0x1000) {
        again = again * 31 + view[at + 4];
    }
    IS(again, sum, "the file's pages read the same");
    raw_counters(&after, (const void *)view, bytes);
    faults = after.range_faults - before.range_faults;
    OK(faults > 100, "%lu of them had to come again", (unsigned long)faults);
    while (count > 0) {
        VirtualFree(taken[--count], 0, MEM_RELEASE);
    }
    UnmapViewOfFile((const void *)view);
    CloseHandle(mapping);
}

int main(void) {
    test_read();
    test_map();
    test_programs();
    test_pressure();
    return tap_done();
}
