/* Searching: patterns, order of calls, what is found in \ and \Windows, and every documented error. */
#include <string.h>

#include "helpers.h"
#include "tap.h"

/* Number of files that a pattern finds; *last: the last one found. */
static int count(const wchar_t *pattern, WIN32_FIND_DATAW *last) {
    HANDLE find = FindFirstFileW(pattern, last);
    int found = 0;

    if (find == INVALID_HANDLE_VALUE) {
        return 0;
    }
    do {
        found++;
        if (last->cFileName[0] == '.') {
            return -1;
        }
    } while (FindNextFileW(find, last));
    return FindClose(find) ? found : -2;
}

static int same_name(const wchar_t *found, const char *name) {
    size_t i = 0;

    while (name[i] != '\0' && found[i] == (wchar_t)name[i]) {
        i++;
    }
    return name[i] == '\0' && found[i] == 0;
}

static int find_fails(const wchar_t *pattern) {
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(pattern, &data);

    if (find == INVALID_HANDLE_VALUE) {
        return 1;
    }
    FindClose(find);
    return 0;
}

static void test_patterns(void) {
    WIN32_FIND_DATAW data;

    IS(count(L"\\Windows\\page.txt", &data), 1, "a name without wildcards finds the one file");
    OK(same_name(data.cFileName, "page.txt") && data.nFileSizeLow == 4096 && data.nFileSizeHigh == 0,
       "with its name and size");
    OK((data.dwFileAttributes & (FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_INROM)) ==
           (FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_INROM),
       "and attributes");
    IS(count(L"\\Windows\\PAGE.TXT", &data), 1, "in any case");
    OK(same_name(data.cFileName, "page.txt"), "and the name is as it was made");
    IS(count(L"\\Windows\\page*.txt", &data), 3, "page*.txt");
    IS(count(L"\\Windows\\page?????.txt", &data), 2, "page?????.txt");
    IS(count(L"\\Windows\\*.TXT", &data), count(L"\\Windows\\*.txt", &data), "patterns know no case");
    IS(count(L"\\Windows\\*", &data), count(L"\\Windows\\*.*", &data), "* and *.* are the same");
    OK(count(L"\\Windows\\*", &data) > 20, "all of \\Windows, no . and ..");
    IS(count(L"\\*", &data), 1, "the root holds one thing");
    OK(same_name(data.cFileName, "Windows") && (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY),
       "the directory Windows");
}

static void test_errors(void) {
    WIN32_FIND_DATAW data;
    HANDLE find, file;
    char byte;
    DWORD got;

    FAILS(find_fails(L"\\Windows\\missing.txt"), ERROR_FILE_NOT_FOUND, "a name that is not there");
    FAILS(find_fails(L"\\Windows\\miss*.txt"), ERROR_NO_MORE_FILES, "a pattern that finds nothing");
    FAILS(find_fails(L"\\Nowhere\\*"), ERROR_PATH_NOT_FOUND, "a directory that is not there");
    FAILS(find_fails(NULL), ERROR_INVALID_PARAMETER, "no pattern");
    find = FindFirstFileW(L"\\Windows\\page.txt", &data);
    FAILS(!FindNextFileW(find, &data), ERROR_NO_MORE_FILES, "nothing after the only one");
    FAILS(!FindNextFileW(find, &data), ERROR_NO_MORE_FILES, "and nothing again");
    FAILS(!ReadFile(find, &byte, 1, &got, NULL), ERROR_INVALID_HANDLE, "a search is no file");
    OK(FindClose(find), "FindClose");
    FAILS(!FindClose(find), ERROR_INVALID_HANDLE, "FindClose twice");
    FAILS(!FindNextFileW(find, &data), ERROR_INVALID_HANDLE, "FindNextFile when closed");
    file = open_read(L"page.txt");
    FAILS(!FindNextFileW(file, &data), ERROR_INVALID_HANDLE, "a file is no search");
    OK(CloseHandle(file), "and can be closed");
}

int main(void) {
    test_patterns();
    test_errors();
    return tap_done();
}
