/* Who owns the handle that CreateFileForMapping returns, and what it is good for. */
#include "helpers.h"
#include "tap.h"

static int opens(const wchar_t *name) {
    HANDLE file = open_read(name);

    return file != INVALID_HANDLE_VALUE && CloseHandle(file);
}

static void test_use(void) {
    HANDLE file = open_for_mapping(L"64k.txt");
    BY_HANDLE_FILE_INFORMATION information;
    WIN32_FIND_DATAW data;
    char buffer[16];
    DWORD got;

    OK(file != INVALID_HANDLE_VALUE, "CreateFileForMapping");
    OK(ReadFile(file, buffer, 16, &got, NULL) && got == 16 && data_equal(buffer, 0, 16), "may be read");
    IS(SetFilePointer(file, 800, NULL, FILE_BEGIN), 800, "and sought");
    IS(GetFileSize(file, NULL), 0x10000, "and asked for its size");
    FAILS(!GetFileInformationByHandle(file, &information), ERROR_INVALID_HANDLE, "but is no handle elsewhere");
    FAILS(!FindNextFileW(file, &data), ERROR_INVALID_HANDLE, "nor for a search");
    IS(WaitForSingleObject(file, 0), WAIT_FAILED, "nor for waiting");
    OK(opens(L"64k.txt"), "GENERIC_READ shares reading whatever the share mode said");
    OK(CloseHandle(file), "it can be closed unused");
    FAILS(!CloseHandle(file), ERROR_INVALID_HANDLE, "once");
    FAILS(CreateFileForMappingW(L"missing.txt", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE,
          ERROR_FILE_NOT_FOUND, "of a missing file");
    FAILS(CreateFileForMappingW(L"page.txt", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL) ==
              INVALID_HANDLE_VALUE,
          ERROR_ACCESS_DENIED, "of a ROM file for writing");
}

static void test_owned_by_mapping(void) {
    HANDLE file = open_for_mapping(L"64k.txt");
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    HANDLE fresh[8];
    char *view;
    int clash = 0;

    OK(mapping != NULL, "mapped");
    OK(CloseHandle(mapping), "closing the mapping");
    FAILS(!CloseHandle(file), ERROR_INVALID_HANDLE, "has closed the file");

    file = open_for_mapping(L"64k.txt");
    mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    OK(CloseHandle(file), "closing the file while the mapping lives");
    view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    OK(view != NULL && data_equal(view, 0, 0x10000), "leaves the mapping its file");
    UnmapViewOfFile(view);
    OK(CloseHandle(mapping), "closing the mapping then");
    FAILS(!CloseHandle(file), ERROR_INVALID_HANDLE, "and the file handle stays dead");

    file = open_for_mapping(L"64k.txt");
    FAILS(CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 0, NULL) == NULL, ERROR_ACCESS_DENIED, "a failed mapping");
    FAILS(!CloseHandle(file), ERROR_INVALID_HANDLE, "closes the file handle, too");

    for (int i = 0; i < 8; i++) {
        fresh[i] = open_read(L"page.txt");
        clash |= fresh[i] == file;
    }
    for (int i = 0; i < 5000; i++) {
        HANDLE passing = open_read(L"one.txt");
        clash |= passing == file;
        CloseHandle(passing);
    }
    OK(!clash, "handle values are not used again at once");
    FAILS(!CloseHandle(file), ERROR_INVALID_HANDLE, "so a stale one closes nothing");
    for (int i = 0; i < 8; i++) {
        clash |= !CloseHandle(fresh[i]);
    }
    OK(!clash, "and all the new ones are still there");
}

static void test_owned_by_caller(void) {
    HANDLE file = open_read(L"64k.txt");
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    char byte;
    DWORD got;

    OK(mapping != NULL, "a CreateFile handle may be mapped just as well");
    CloseHandle(mapping);
    OK(ReadFile(file, &byte, 1, &got, NULL) && got == 1, "and stays the caller's");
    FAILS(CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 0, NULL) == NULL, ERROR_ACCESS_DENIED, "a failed mapping");
    OK(CloseHandle(file), "leaves it alone");
    FAILS(CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL) == NULL, ERROR_INVALID_HANDLE, "a closed handle");
}

static void test_named_again(void) {
    HANDLE file = open_for_mapping(L"64k.txt"), second;
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, L"owned");

    second = open_for_mapping(L"page.txt");
    file = CreateFileMappingW(second, NULL, PAGE_READONLY, 0, 0, L"owned");
    OK(file != NULL && GetLastError() == ERROR_ALREADY_EXISTS, "an existing name takes the file handle, too");
    OK(CloseHandle(file), "whose mapping handle");
    FAILS(!CloseHandle(second), ERROR_INVALID_HANDLE, "closes it");
    OK(CloseHandle(mapping), "the first is not concerned");
}

int main(void) {
    test_use();
    test_owned_by_mapping();
    test_owned_by_caller();
    test_named_again();
    return tap_done();
}
