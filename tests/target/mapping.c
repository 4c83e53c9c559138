/* File mapping of ROM files: protections, sizes, offsets, names and the view's contents. */
#include <string.h>

#include "helpers.h"
#include "tap.h"

static HANDLE map_named(const wchar_t *file, DWORD high, DWORD low, const wchar_t *name) {
    return CreateFileMappingW(open_for_mapping(file), NULL, PAGE_READONLY, high, low, name);
}

static int create_fails(DWORD protection, DWORD high, DWORD low) {
    HANDLE mapping = CreateFileMappingW(open_for_mapping(L"64k.txt"), NULL, protection, high, low, NULL);

    if (mapping == NULL) {
        return 1;
    }
    CloseHandle(mapping);
    return 0;
}

static int view_fails(HANDLE mapping, DWORD access, DWORD high, DWORD low, SIZE_T bytes) {
    void *view = MapViewOfFile(mapping, access, high, low, bytes);

    if (view == NULL) {
        return 1;
    }
    UnmapViewOfFile(view);
    return 0;
}

static void test_protection(void) {
    HANDLE file, mapping;

    FAILS(create_fails(PAGE_READWRITE, 0, 0), ERROR_ACCESS_DENIED, "PAGE_READWRITE of a file opened for reading");
    FAILS(create_fails(PAGE_WRITECOPY, 0, 0), ERROR_NOT_SUPPORTED, "PAGE_WRITECOPY");
    FAILS(create_fails(PAGE_READONLY | SEC_IMAGE, 0, 0), ERROR_NOT_SUPPORTED, "SEC_IMAGE");
    FAILS(create_fails(PAGE_READONLY | SEC_NOCACHE, 0, 0), ERROR_NOT_SUPPORTED, "SEC_NOCACHE");
    FAILS(create_fails(PAGE_READONLY | SEC_RESERVE, 0, 0), ERROR_NOT_SUPPORTED, "SEC_RESERVE");
    FAILS(create_fails(0, 0, 0), ERROR_INVALID_PARAMETER, "protection 0");
    FAILS(create_fails(PAGE_NOACCESS, 0, 0), ERROR_INVALID_PARAMETER, "PAGE_NOACCESS");
    FAILS(create_fails(PAGE_READONLY | 0x80000000u, 0, 0), ERROR_INVALID_PARAMETER, "a bit that means nothing");
    OK(!create_fails(PAGE_READONLY | SEC_COMMIT, 0, 0), "SEC_COMMIT is accepted");

    file = CreateFileW(L"64k.txt", 0, 0, NULL, OPEN_EXISTING, 0, NULL);
    FAILS(CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL) == NULL, ERROR_ACCESS_DENIED,
          "a file opened for queries cannot be mapped");
    CloseHandle(file);

    mapping = map_named(L"64k.txt", 0, 0, NULL);
    FAILS(view_fails(mapping, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED, "FILE_MAP_WRITE of PAGE_READONLY");
    FAILS(view_fails(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0), ERROR_ACCESS_DENIED, "FILE_MAP_ALL_ACCESS");
    FAILS(view_fails(mapping, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED, "read and write");
    CloseHandle(mapping);
    FAILS(view_fails(mapping, FILE_MAP_READ, 0, 0, 0), ERROR_INVALID_HANDLE, "a closed mapping");
    FAILS(view_fails(NULL, FILE_MAP_READ, 0, 0, 0), ERROR_INVALID_HANDLE, "no mapping");
}

static void test_sizes(void) {
    HANDLE mapping;
    const char *view;

    FAILS(create_fails(PAGE_READONLY, 1, 0), ERROR_INVALID_PARAMETER, "low half 0 with a high half");
    FAILS(create_fails(PAGE_READONLY, 0, 0x10001), ERROR_DISK_FULL, "larger than a file that cannot grow");
    FAILS(create_fails(PAGE_READONLY, 1, 1), ERROR_DISK_FULL, "larger than 4 GB");
    FAILS(map_named(L"empty.txt", 0, 0, NULL) == NULL, ERROR_INVALID_PARAMETER, "an empty file");
    OK(!create_fails(PAGE_READONLY, 0, 0x10000), "just as large as the file");

    mapping = map_named(L"64k.txt", 0, 5000, NULL);
    view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    OK(view != NULL && data_equal(view, 0, 5000), "smaller than the file");
    UnmapViewOfFile((void *)view);
    FAILS(view_fails(mapping, FILE_MAP_READ, 0, 0, 5001), ERROR_ACCESS_DENIED, "a view beyond that size");
    FAILS(view_fails(mapping, FILE_MAP_READ, 0, 8192, 0), ERROR_ACCESS_DENIED, "a view behind it");
    CloseHandle(mapping);

    mapping = map_named(L"one.txt", 0, 0, NULL);
    view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    OK(view != NULL && view[0] == '0', "a file of one byte");
    OK(view != NULL && view[1] == 0 && view[4095] == 0, "and zeros to the end of its page");
    UnmapViewOfFile((void *)view);
    CloseHandle(mapping);
}

static void test_offsets(void) {
    HANDLE mapping = map_named(L"1m.txt", 0, 0, NULL);
    const char *all = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    const char *part;

    OK(all != NULL && data_equal(all, 0, 0x10007b), "all of a file of a little more than 1 MB");
    part = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x3000, 0x2000);
    OK(part == all + 0x3000, "a view at an offset is at base + offset");
    OK(UnmapViewOfFile((void *)part), "which is unmapped by its own address");
    OK(all[0x3000] == data_byte(0x3000), "and leaves the view around it");
    part = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x1000, 0);
    OK(part == all + 0x1000, "4 KB is fine enough");
    UnmapViewOfFile((void *)part);
    FAILS(view_fails(mapping, FILE_MAP_READ, 0, 0x800, 0), ERROR_MAPPED_ALIGNMENT, "half a page is not");
    FAILS(view_fails(mapping, FILE_MAP_READ, 0, 1, 1), ERROR_MAPPED_ALIGNMENT, "nor is a byte");
    FAILS(view_fails(mapping, FILE_MAP_READ, 1, 0, 0), ERROR_ACCESS_DENIED, "an offset behind 4 GB");
    FAILS(view_fails(mapping, FILE_MAP_READ, 0, 0x101000, 0), ERROR_ACCESS_DENIED, "an offset behind the end");
    FAILS(view_fails(mapping, FILE_MAP_READ, 0, 0x1000, 0xfffff000u), ERROR_ACCESS_DENIED, "a size that wraps");
    FAILS(view_fails(mapping, FILE_MAP_READ, 0, 0, 0x10007c), ERROR_ACCESS_DENIED, "one byte too many");
    OK(!view_fails(mapping, FILE_MAP_READ, 0, 0, 0x10007b), "just as many as there are");
    OK(UnmapViewOfFile((void *)all), "unmapped");
    FAILS(!UnmapViewOfFile((void *)all), ERROR_INVALID_PARAMETER, "and not again");
    CloseHandle(mapping);
}

static void test_unmap(void) {
    HANDLE mapping = map_named(L"64k.txt", 0, 0, NULL);
    char *first = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    char *second = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0x2000);
    int local;

    OK(first == second, "the same view twice has the same address");
    FAILS(!UnmapViewOfFile(first + 0x1000), ERROR_INVALID_PARAMETER, "an address inside a view");
    FAILS(!UnmapViewOfFile(first + 1), ERROR_INVALID_PARAMETER, "an odd address");
    FAILS(!UnmapViewOfFile(NULL), ERROR_INVALID_PARAMETER, "address 0");
    FAILS(!UnmapViewOfFile(&local), ERROR_INVALID_PARAMETER, "the stack");
    FAILS(!UnmapViewOfFile((void *)0x80000000u), ERROR_INVALID_PARAMETER, "the kernel");
    OK(UnmapViewOfFile(first), "the one mapped last goes first");
    OK(data_equal(first, 0, 0x10000), "the other is whole");
    CloseHandle(mapping);
    OK(data_equal(first, 0, 0x10000), "a view outlives the handle of its mapping");
    OK(UnmapViewOfFile(second), "and goes");
    FAILS(!UnmapViewOfFile(second), ERROR_INVALID_PARAMETER, "once");
}

static void test_names(void) {
    HANDLE first, second, other;
    void *view;

    SetLastError(1);
    first = map_named(L"64k.txt", 0, 0, L"Shared");
    OK(first != NULL && GetLastError() == 0, "a new name: last error 0");
    SetLastError(1);
    second = map_named(L"page.txt", 0, 4096, L"Shared");
    OK(second != NULL && GetLastError() == ERROR_ALREADY_EXISTS, "an existing one: ERROR_ALREADY_EXISTS");
    OK(!view_fails(second, FILE_MAP_READ, 0, 0, 0x10000), "has its own size and file");
    SetLastError(1);
    other = map_named(L"64k.txt", 0, 0, L"shared");
    OK(other != NULL && GetLastError() == 0, "names are case-sensitive");
    CloseHandle(other);
    view = MapViewOfFile(second, FILE_MAP_READ, 0, 0, 0);
    CloseHandle(first);
    CloseHandle(second);
    SetLastError(1);
    first = map_named(L"page.txt", 0, 0, L"Shared");
    OK(first != NULL && GetLastError() == ERROR_ALREADY_EXISTS, "a view alone keeps object and name alive");
    CloseHandle(first);
    UnmapViewOfFile(view);
    SetLastError(1);
    first = map_named(L"page.txt", 0, 0, L"Shared");
    OK(first != NULL && GetLastError() == 0, "without view and handle the name is free");
    CloseHandle(first);
    SetLastError(1);
    first = map_named(L"page.txt", 0, 0, L"");
    second = map_named(L"page.txt", 0, 0, L"");
    OK(first != NULL && second != NULL && GetLastError() == ERROR_ALREADY_EXISTS, "the empty string is a name");
    CloseHandle(first);
    CloseHandle(second);
    FAILS(map_named(L"page.txt", 0, 0, (const wchar_t *)0x80000000u) == NULL, ERROR_INVALID_PARAMETER,
          "a name in the kernel");
}

int main(void) {
    test_protection();
    test_sizes();
    test_offsets();
    test_unmap();
    test_names();
    return tap_done();
}
