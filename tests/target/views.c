/* Views: in place and free of charge, at one address in every process, private to the process that mapped them. */
#include <stdio.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

static struct abi_counters before, after;

static HANDLE map_file(const wchar_t *name) {
    return CreateFileMappingW(open_for_mapping(name), NULL, PAGE_READONLY, 0, 0, NULL);
}

static void test_in_place(void) {
    HANDLE mapping;
    const volatile char *view;
    DWORD faults, sum = 0;

    printf("# \n");                 /* stdio has its memory now */
    raw_counters(&before, NULL, 0); /* touches the counters' own page */
    raw_counters(&before, NULL, 0);
    mapping = map_file(L"1m.txt");
    view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    for (DWORD i = 0; i < 0x10007b; i += 64) {
        sum += (unsigned char)view[i];
    }
    raw_counters(&after, view, 0x10007b);
    faults = after.range_faults;
    IS(faults, 0, "reading 1 MB of a ROM view takes no page fault");
    IS(before.pages_free - after.pages_free, 0, "and no page of RAM, page tables included");
    OK(sum != 0, "and the bytes were there");
    UnmapViewOfFile((void *)view);
    CloseHandle(mapping);
    raw_counters(&after, NULL, 0);
    IS(after.pages_free, before.pages_free, "nothing is lost afterwards");
    IS(after.handles, before.handles, "no handle");
    IS(after.objects, before.objects, "no object");
    IS(after.views, before.views, "no view");
    IS(after.sections, before.sections, "no section");
    IS(after.pages_committed, before.pages_committed, "no commitment");
}

static void test_one_address(void) {
    HANDLE mapping = map_file(L"64k.txt"), again = map_file(L"64k.txt");
    char *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    char *second = MapViewOfFile(again, FILE_MAP_READ, 0, 0, 0);
    wchar_t peek[40];
    char narrow[40];

    OK(view == second, "two mapping objects of one file have one address");
    OK((DWORD)view >= 0x42000000u && (DWORD)view < 0x7fff0000u, "which lies in the arena");
    IS(run_program(L"child.exe", L"map 64k.txt"), (DWORD)view, "another process sees the file there, too");
    IS(run_program(L"child.exe", L"map page.txt") == (DWORD)view, 0, "and another file somewhere else");
    snprintf(narrow, sizeof(narrow), "peek 0x%lx", (unsigned long)view);
    for (int i = 0; i < 40; i++) {
        peek[i] = (wchar_t)narrow[i];
    }
    IS(run_program(L"child.exe", peek), 0xc0000005u, "but nothing where it has mapped nothing");
    OK(data_equal(view, 0, 0x10000), "our view has not changed by all that");
    UnmapViewOfFile(view);
    OK(data_equal(second, 0, 0x10000), "nor by the end of its neighbour");
    UnmapViewOfFile(second);
    CloseHandle(mapping);
    CloseHandle(again);
}

static void test_stack_of_views(void) {
    HANDLE mapping = map_file(L"64k.txt");
    char *whole = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0x10000);
    char *half = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0x8000);
    char *tail = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x4000, 0x8000);

    OK(whole == half && tail == whole + 0x4000, "three views that overlap");
    UnmapViewOfFile(whole); /* the half: mapped last at this base */
    OK(data_equal(whole, 0, 0x10000), "after the first unmap all is there: the larger view stays");
    UnmapViewOfFile(whole);
    OK(data_equal(tail, 0x4000, 0x8000), "after the second one the view in the middle is there");
    UnmapViewOfFile(tail);
    CloseHandle(mapping);
}

static void many_views(void) {
    HANDLE mapping = map_file(L"1m.txt");
    const char *base = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    static void *views[256];
    int right = 1;

    for (DWORD i = 0; i < 256; i++) {
        views[i] = MapViewOfFile(mapping, FILE_MAP_READ, 0, i * 0x1000, 0x1000);
        right &= views[i] == base + i * 0x1000;
    }
    OK(right, "256 views of one page each, all at base + offset");
    UnmapViewOfFile((void *)base);
    for (DWORD i = 0; i < 256; i += 2) {
        right &= UnmapViewOfFile(views[i]);
    }
    for (DWORD i = 1; i < 256; i += 2) {
        right &= data_equal(views[i], i * 0x1000, 0x1000);
    }
    OK(right, "every other one is there when the rest has gone");
    for (DWORD i = 1; i < 256; i += 2) {
        right &= UnmapViewOfFile(views[i]);
    }
    OK(right, "and goes");
    CloseHandle(mapping);
}

/* The kernel's heap keeps what the first round took; the second needs nothing more. */
static void test_many_views(void) {
    many_views();
    raw_counters(&before, NULL, 0);
    many_views();
    raw_counters(&after, NULL, 0);
    IS(after.pages_free, before.pages_free, "with its page tables");
}

int main(void) {
    test_in_place();
    test_one_address();
    test_stack_of_views();
    test_many_views();
    return tap_done();
}
