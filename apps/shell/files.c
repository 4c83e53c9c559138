/* dir, type and verify. */
#include "shell.h"
#include <situ.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_PATTERN L"\\Windows\\*"

/* Makes a search pattern of what the user wrote: everything in a directory, or what was written. */
static BOOL pattern_make(const wchar_t *argument, wchar_t *pattern) {
    size_t length = wcslen(argument);
    if (length == 0) {
        wcscpy(pattern, DEFAULT_PATTERN);
        return TRUE;
    }
    if (length + 3 > MAX_PATH) {
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return report_error(argument);
    }
    wcscpy(pattern, argument);
    DWORD attributes = wcspbrk(argument, L"*?") ? 0 : GetFileAttributes(argument);
    if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        BOOL separated = argument[length - 1] == L'\\' || argument[length - 1] == L'/';
        wcscat(pattern, separated ? L"*" : L"\\*");
    }
    return TRUE;
}

static void entry_print(const WIN32_FIND_DATA *entry) {
    DWORD attributes = entry->dwFileAttributes;
    if (attributes & FILE_ATTRIBUTE_DIRECTORY) {
        printf("  directory             %ls\n", entry->cFileName);
        return;
    }
    printf("%11lu  %c%c%c%c%c%c  %ls\n", entry->nFileSizeLow, attributes & FILE_ATTRIBUTE_READONLY ? 'r' : '-',
           attributes & FILE_ATTRIBUTE_HIDDEN ? 'h' : '-', attributes & FILE_ATTRIBUTE_SYSTEM ? 's' : '-',
           attributes & FILE_ATTRIBUTE_INROM ? 'i' : '-', attributes & FILE_ATTRIBUTE_COMPRESSED ? 'c' : '-',
           attributes & FILE_ATTRIBUTE_ROMMODULE ? 'm' : '-', entry->cFileName);
}

BOOL command_dir(wchar_t *argument) {
    WIN32_FIND_DATA entry;
    wchar_t pattern[MAX_PATH];
    unsigned long files = 0;
    unsigned long long bytes = 0;
    if (!pattern_make(argument, pattern)) {
        return FALSE;
    }
    HANDLE find = FindFirstFile(pattern, &entry);
    if (find == INVALID_HANDLE_VALUE) {
        return report_error(pattern);
    }
    do {
        entry_print(&entry);
        if (!(entry.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)) {
            files++;
            bytes += entry.nFileSizeLow;
        }
    } while (FindNextFile(find, &entry));
    BOOL complete = GetLastError() == ERROR_NO_MORE_FILES;
    if (!complete) {
        report_error(pattern);
    }
    FindClose(find);
    printf("%11llu  bytes in %lu %s\n", bytes, files, files == 1 ? "file" : "files");
    return complete;
}

BOOL command_type(wchar_t *argument) {
    static char buffer[512];
    DWORD length;
    char last = '\n';
    if (!*argument) {
        printf("usage: type FILE\n");
        return FALSE;
    }
    HANDLE file = CreateFile(argument, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return report_error(argument);
    }
    BOOL good;
    while ((good = ReadFile(file, buffer, sizeof(buffer), &length, NULL)) && length) {
        fwrite(buffer, 1, length, stdout);
        last = buffer[length - 1];
    }
    if (last != '\n') {
        putchar('\n');
    }
    if (!good) {
        report_error(argument);
    }
    CloseHandle(file);
    return good;
}

static BOOL verify_all(void) {
    WIN32_FIND_DATA entry;
    wchar_t path[MAX_PATH];
    unsigned long good = 0, bad = 0;
    HANDLE find = FindFirstFile(DEFAULT_PATTERN, &entry);
    if (find == INVALID_HANDLE_VALUE) {
        return report_error(DEFAULT_PATTERN);
    }
    do {
        if (!(entry.dwFileAttributes & FILE_ATTRIBUTE_INROM) || (entry.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)) {
            continue;
        }
        if (_snwprintf(path, MAX_PATH, L"\\Windows\\%s", entry.cFileName) < 0) {
            SetLastError(ERROR_FILENAME_EXCED_RANGE);
            report_error(entry.cFileName);
            bad++;
        } else if (SituVerifyFile(path)) {
            good++;
        } else {
            report_error(path);
            bad++;
        }
    } while (FindNextFile(find, &entry));
    FindClose(find);
    printf("%lu good, %lu bad\n", good, bad);
    return bad == 0;
}

BOOL command_verify(wchar_t *argument) {
    if (!*argument || _wcsicmp(argument, L"all") == 0) {
        return verify_all();
    }
    if (!SituVerifyFile(argument)) {
        return report_error(argument);
    }
    printf("%ls: good\n", argument);
    return TRUE;
}
