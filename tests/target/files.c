/* ROM files: opening by every spelling of a path, reading, seeking, sizes, attributes, and every documented error. */
#include <string.h>

#include "helpers.h"
#include "tap.h"

static BOOL close_twice(HANDLE handle) {
    CloseHandle(handle);
    return CloseHandle(handle);
}

static int opens(const wchar_t *path) {
    HANDLE file = open_read(path);

    if (file == INVALID_HANDLE_VALUE) {
        return 0;
    }
    return CloseHandle(file);
}

static int open_fails(const wchar_t *path, DWORD access, DWORD disposition, DWORD flags) {
    HANDLE file = CreateFileW(path, access, FILE_SHARE_READ, NULL, disposition, flags, NULL);

    if (file == INVALID_HANDLE_VALUE) {
        return 1;
    }
    CloseHandle(file);
    return 0;
}

static void test_paths(void) {
    static wchar_t long_path[400];

    OK(opens(L"page.txt"), "a bare name is looked up in \\Windows");
    OK(opens(L"\\Windows\\page.txt"), "a full path");
    OK(opens(L"\\WINDOWS\\PAGE.TXT"), "upper case");
    OK(opens(L"/Windows/page.txt"), "slashes for backslashes");
    OK(opens(L"\\\\Windows\\\\page.txt"), "doubled separators count as one");
    FAILS(!opens(L"missing.txt"), ERROR_FILE_NOT_FOUND, "a missing file");
    FAILS(!opens(L"\\Windows\\missing.txt"), ERROR_FILE_NOT_FOUND, "a missing file by its full path");
    FAILS(!opens(L"\\page.txt"), ERROR_FILE_NOT_FOUND, "the root does not hold what \\Windows holds");
    FAILS(!opens(L"\\Nowhere\\page.txt"), ERROR_PATH_NOT_FOUND, "a missing directory");
    FAILS(!opens(L"\\Windows\\page.txt\\x"), ERROR_PATH_NOT_FOUND, "a file taken for a directory");
    FAILS(!opens(L"\\Windows\\pa*e.txt"), ERROR_INVALID_NAME, "a wildcard in a name");
    FAILS(!opens(L"\\Windows\\a<b"), ERROR_INVALID_NAME, "a character that no name holds");
    for (int i = 0; i < 399; i++) {
        long_path[i] = 'a';
    }
    FAILS(!opens(long_path), ERROR_FILENAME_EXCED_RANGE, "a path longer than MAX_PATH");
    FAILS(!opens(L"\\Windows"), ERROR_ACCESS_DENIED, "a directory is no file");
    FAILS(!opens(NULL), ERROR_INVALID_PARAMETER, "no path");
}

static void test_open_errors(void) {
    HANDLE file;

    FAILS(open_fails(L"page.txt", GENERIC_WRITE, OPEN_EXISTING, 0), ERROR_ACCESS_DENIED, "write access to a ROM file");
    FAILS(open_fails(L"page.txt", GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING, 0), ERROR_ACCESS_DENIED,
          "read and write access to a ROM file");
    FAILS(open_fails(L"page.txt", GENERIC_READ, CREATE_NEW, 0), ERROR_FILE_EXISTS, "CREATE_NEW of a ROM file");
    FAILS(open_fails(L"page.txt", GENERIC_READ, 0, 0), ERROR_INVALID_PARAMETER, "disposition 0");
    FAILS(open_fails(L"page.txt", GENERIC_READ, 6, 0), ERROR_INVALID_PARAMETER, "disposition 6");
    FAILS(open_fails(L"page.txt", GENERIC_READ, OPEN_EXISTING, FILE_FLAG_OVERLAPPED), ERROR_INVALID_PARAMETER,
          "FILE_FLAG_OVERLAPPED");
    OK(!open_fails(L"page.txt", GENERIC_READ, OPEN_EXISTING, FILE_FLAG_RANDOM_ACCESS),
       "FILE_FLAG_RANDOM_ACCESS is accepted");
    OK(!open_fails(L"page.txt", GENERIC_READ, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN),
       "FILE_FLAG_SEQUENTIAL_SCAN is accepted");

    SetLastError(1);
    file = CreateFileW(L"page.txt", GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_ALWAYS, 0, NULL);
    OK(file != INVALID_HANDLE_VALUE && GetLastError() == ERROR_ALREADY_EXISTS,
       "OPEN_ALWAYS of a file that is there says ERROR_ALREADY_EXISTS");
    CloseHandle(file);
    SetLastError(1);
    file = open_read(L"page.txt");
    OK(file != INVALID_HANDLE_VALUE && GetLastError() == 0, "OPEN_EXISTING sets the last error to 0");
    FAILS(!close_twice(file), ERROR_INVALID_HANDLE, "closing twice");
}

static void test_sharing(void) {
    HANDLE alone = CreateFileW(L"page.txt", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE first, second;

    OK(alone != INVALID_HANDLE_VALUE, "share mode 0 opens");
    FAILS(!opens(L"page.txt"), ERROR_SHARING_VIOLATION, "and nobody else does");
    FAILS(!opens(L"\\windows\\PAGE.txt"), ERROR_SHARING_VIOLATION, "by no other spelling either");
    OK(opens(L"one.txt"), "another file is not concerned");
    CloseHandle(alone);
    first = open_read(L"page.txt");
    second = open_read(L"page.txt");
    OK(first != INVALID_HANDLE_VALUE && second != INVALID_HANDLE_VALUE && first != second, "share-read opens twice");
    FAILS(CreateFileW(L"page.txt", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE,
          ERROR_SHARING_VIOLATION, "and refuses who would not share");
    CloseHandle(first);
    CloseHandle(second);
}

static void test_read(void) {
    static char buffer[5000];
    HANDLE file = open_read(L"page-more.txt"); /* 4097 bytes */
    HANDLE query = CreateFileW(L"page.txt", 0, 0, NULL, OPEN_EXISTING, 0, NULL);
    DWORD got = 99;

    OK(ReadFile(file, buffer, 100, &got, NULL) && got == 100 && data_equal(buffer, 0, 100), "the first 100 bytes");
    OK(ReadFile(file, buffer, 3990, &got, NULL) && got == 3990 && data_equal(buffer, 100, 3990), "the next 3990");
    OK(ReadFile(file, buffer, 5000, &got, NULL) && got == 7 && data_equal(buffer, 4090, 7), "the rest is shorter");
    OK(ReadFile(file, buffer, 10, &got, NULL) && got == 0, "at the end: success and 0 bytes");
    OK(ReadFile(file, buffer, 0, &got, NULL) && got == 0, "0 bytes asked for");
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    FAILS(!ReadFile(file, (void *)0x80001000, 10, &got, NULL), ERROR_INVALID_PARAMETER, "into kernel memory");
    FAILS(!ReadFile(file, NULL, 10, &got, NULL), ERROR_INVALID_PARAMETER, "into address 0");
    FAILS(!ReadFile(file, (void *)0x10000, 10, &got, NULL), ERROR_INVALID_PARAMETER, "into read-only text");
    OK(query != INVALID_HANDLE_VALUE, "access 0 opens for queries");
    FAILS(!ReadFile(query, buffer, 10, &got, NULL), ERROR_ACCESS_DENIED, "which do not include reading");
    FAILS(!ReadFile((HANDLE)0x1234567c, buffer, 10, &got, NULL), ERROR_INVALID_HANDLE, "a handle that never was");
    CloseHandle(query);
    CloseHandle(file);
    FAILS(!ReadFile(file, buffer, 10, &got, NULL), ERROR_INVALID_HANDLE, "a closed handle");
}

static void test_seek(void) {
    HANDLE file = open_read(L"64k.txt");
    char buffer[16];
    LONG high;
    DWORD got;

    IS(SetFilePointer(file, 1000, NULL, FILE_BEGIN), 1000, "from the beginning");
    IS(SetFilePointer(file, -10, NULL, FILE_CURRENT), 990, "back from the current position");
    OK(ReadFile(file, buffer, 16, &got, NULL) && got == 16 && data_equal(buffer, 990, 16), "reads from there");
    IS(SetFilePointer(file, 0, NULL, FILE_CURRENT), 1006, "reading moved the position");
    IS(SetFilePointer(file, -5, NULL, FILE_END), 65531, "from the end");
    IS(SetFilePointer(file, 10, NULL, FILE_END), 65546, "behind the end");
    OK(ReadFile(file, buffer, 16, &got, NULL) && got == 0, "where there is nothing to read");
    high = 1;
    SetLastError(1);
    OK(SetFilePointer(file, 5, &high, FILE_BEGIN) == 5 && high == 1 && GetLastError() == 0, "a 64-bit position");
    high = 0;
    SetLastError(1);
    OK(SetFilePointer(file, -1, &high, FILE_BEGIN) == 0xffffffffu && high == 0 && GetLastError() == 0,
       "0xffffffff is a position when the last error is 0");
    SetFilePointer(file, 7, NULL, FILE_BEGIN);
    FAILS(SetFilePointer(file, -8, NULL, FILE_CURRENT) == 0xffffffffu, ERROR_NEGATIVE_SEEK, "before the beginning");
    IS(SetFilePointer(file, 0, NULL, FILE_CURRENT), 7, "changes nothing");
    FAILS(SetFilePointer(file, 0, NULL, 3) == 0xffffffffu, ERROR_INVALID_PARAMETER, "method 3");
    CloseHandle(file);
    FAILS(SetFilePointer(file, 0, NULL, FILE_BEGIN) == 0xffffffffu, ERROR_INVALID_HANDLE, "a closed handle");
}

static void test_sizes(void) {
    static const struct {
        const wchar_t *name;
        DWORD size;
    } files[] = {
        {L"empty.txt", 0},        {L"one.txt", 1},       {L"page-less.txt", 4095}, {L"page.txt", 4096},
        {L"page-more.txt", 4097}, {L"64k.txt", 0x10000}, {L"1m.txt", 0x10007b},    {L"packed.txt", 100000},
    };
    static char buffer[4096];

    for (unsigned i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        HANDLE file = open_read(files[i].name);
        DWORD high = 1, got, at = 0;
        int same = 1;

        OK(GetFileSize(file, &high) == files[i].size && high == 0, "size %lu", (unsigned long)files[i].size);
        while (ReadFile(file, buffer, sizeof(buffer), &got, NULL) && got > 0) {
            same &= data_equal(buffer, at, got);
            at += got;
        }
        OK(same && at == files[i].size, "and all the bytes are right");
        CloseHandle(file);
    }
    FAILS(GetFileSize((HANDLE)3, NULL) == 0xffffffffu, ERROR_INVALID_HANDLE, "size of no file");
}

static void test_attributes(void) {
    WIN32_FILE_ATTRIBUTE_DATA data;
    BY_HANDLE_FILE_INFORMATION one, again, other;
    HANDLE first = open_read(L"page.txt"), second = open_read(L"\\windows\\PAGE.TXT"), third = open_read(L"one.txt");
    const DWORD rom = FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_INROM;

    IS(GetFileAttributesW(L"page.txt") & rom, rom, "a ROM file is READONLY and INROM");
    OK(GetFileAttributesW(L"packed.txt") & FILE_ATTRIBUTE_COMPRESSED, "a compressed one is COMPRESSED");
    OK(!(GetFileAttributesW(L"page.txt") & FILE_ATTRIBUTE_COMPRESSED), "another is not");
    OK(GetFileAttributesW(L"\\Windows") & FILE_ATTRIBUTE_DIRECTORY, "\\Windows is a DIRECTORY");
    FAILS(GetFileAttributesW(L"missing.txt") == 0xffffffffu, ERROR_FILE_NOT_FOUND, "attributes of a missing file");
    FAILS(GetFileAttributesW(L"\\no\\page.txt") == 0xffffffffu, ERROR_PATH_NOT_FOUND, "of a missing directory");
    OK(GetFileAttributesExW(L"1m.txt", GetFileExInfoStandard, &data) && data.nFileSizeLow == 0x10007b &&
           data.nFileSizeHigh == 0 && (data.dwFileAttributes & rom) == rom,
       "GetFileAttributesEx");
    FAILS(!GetFileAttributesExW(L"missing.txt", GetFileExInfoStandard, &data), ERROR_FILE_NOT_FOUND,
          "GetFileAttributesEx of a missing file");

    OK(GetFileInformationByHandle(first, &one) && GetFileInformationByHandle(second, &again) &&
           GetFileInformationByHandle(third, &other),
       "GetFileInformationByHandle");
    OK(one.nFileSizeLow == 4096 && other.nFileSizeLow == 1, "gives the size");
    OK(one.nFileIndexLow == again.nFileIndexLow && one.nFileIndexHigh == again.nFileIndexHigh &&
           one.dwVolumeSerialNumber == again.dwVolumeSerialNumber,
       "the same index for the same file");
    OK(one.nFileIndexLow != other.nFileIndexLow || one.nFileIndexHigh != other.nFileIndexHigh,
       "another one for another file");
    CloseHandle(first);
    CloseHandle(second);
    CloseHandle(third);
    FAILS(!GetFileInformationByHandle(first, &one), ERROR_INVALID_HANDLE, "of a closed handle");
}

int main(void) {
    test_paths();
    test_open_errors();
    test_sharing();
    test_read();
    test_seek();
    test_sizes();
    test_attributes();
    return tap_done();
}
