/* The C library among threads, and its wide and Microsoft side: errno and strtok for each thread, malloc and stdio from
 * several threads, wide text on streams, both forms of swprintf, atomic operations of all sizes, exit functions. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tchar.h>
#include <unistd.h>
#include <wchar.h>

#include "helpers.h"
#include "tap.h"

#define THREADS 4
#define PASSES  20

static DWORD WINAPI own_errno(void *argument) {
    errno = (int)(LONG_PTR)argument;
    for (int i = 0; i < 50; i++) {
        Sleep(i % 3 == 0);
        if (errno != (int)(LONG_PTR)argument) {
            return 1;
        }
    }
    strtol("99999999999999", NULL, 10); /* newlib's own way to set it */
    return errno == ERANGE ? 0 : 2;
}

static DWORD WINAPI own_token(void *argument) {
    char text[] = "a b c d e f";
    wchar_t wide[] = L"a b c d e f";
    int count = 0;
    (void)argument;
    char *part = strtok(text, " ");
    wchar_t *wide_part = wcstok(wide, L" ");
    while (part && wide_part && part[0] == wide_part[0]) {
        count++;
        Sleep(0);
        part = strtok(NULL, " ");
        wide_part = wcstok(NULL, L" ");
    }
    return count != 6;
}

/* The first of the threads wakes every millisecond above the others, and so comes in between them anywhere. */
static void come_between(void *argument, int round) {
    if ((LONG_PTR)argument == 1 && round % 8 == 0) {
        CeSetThreadPriority(GetCurrentThread(), 200);
        Sleep(1);
    }
}

static DWORD WINAPI allocate(void *argument) {
    unsigned char mark = (unsigned char)(LONG_PTR)argument;
    unsigned char *blocks[16] = {0};
    int rounds = mark == 1 ? 2000 : 20000;
    for (int i = 0; i < rounds; i++) {
        unsigned slot = (unsigned)i * 7 % 16;
        come_between(argument, i);
        size_t size = (size_t)i * 37 % 500 + 1;
        if (blocks[slot] && blocks[slot][0] != mark) {
            return 1;
        }
        free(blocks[slot]);
        blocks[slot] = malloc(size);
        if (!blocks[slot]) {
            return 2;
        }
        memset(blocks[slot], mark, size);
    }
    for (int i = 0; i < 16; i++) {
        free(blocks[i]);
    }
    return 0;
}

static FILE *shared;
static volatile LONG lines_read;

static DWORD WINAPI read_lines(void *argument) {
    char line[32];
    for (int i = 0; fgets(line, sizeof(line), shared); i++) {
        come_between(argument, i);
        if (strlen(line) != 8) {
            return 1; /* two threads in one line */
        }
        InterlockedIncrement(&lines_read);
        if (lines_read % 64 == 0) {
            Sleep(0);
        }
    }
    return 0;
}

/* Runs function in several threads at once; returns how many of them did not return 0. */
static int failures(LPTHREAD_START_ROUTINE function) {
    HANDLE threads[THREADS];
    int failed = 0;
    for (int i = 0; i < THREADS; i++) {
        threads[i] = CreateThread(NULL, 0, function, (void *)(LONG_PTR)(i + 1), 0, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        DWORD code = 1;
        WaitForSingleObject(threads[i], INFINITE);
        GetExitCodeThread(threads[i], &code);
        CloseHandle(threads[i]);
        failed += code != 0;
    }
    return failed;
}

static void test_threads(void) {
    errno = 77;
    IS(failures(own_errno), 0, "each thread has its errno");
    IS(errno, 77, "and the first thread, too");
    IS(failures(own_token), 0, "strtok and wcstok keep a place for each thread");
    IS(failures(allocate), 0, "malloc and free in several threads");
    shared = fopen("\\Windows\\64k.txt", "r");
    OK(shared != NULL, "a file for all");
    int failed = 0;
    for (int i = 0; i < PASSES; i++) {
        rewind(shared);
        failed += failures(read_lines);
    }
    IS(failed, 0, "lines read by several threads are whole");
    IS(lines_read, PASSES * 0x10000 / 8, "and all there");
    fclose(shared);
}

static void test_formats(void) {
    wchar_t wide[40];
    char text[40];
    IS(swprintf(wide, L"%s-%d", L"two", 2), 5, "swprintf without a size");
    OK(wcscmp(wide, L"two-2") == 0, "its text");
    IS(swprintf(wide, 4, L"%d", 123456), -1, "swprintf with a size that is too small");
    OK(wcscmp(wide, L"123") == 0, "writes what fits");
    IS(_snwprintf(wide, 3, L"%d", 123456), -1, "_snwprintf that does not fit");
    IS(wsprintf(wide, TEXT("%s %hs"), L"w", "n"), 3, "wsprintf");
    sprintf(text, "%ls|%S|%a|%g", L"\x20ac", L"x", 1.5, 1e-7);
    OK(strcmp(text, "\xe2\x82\xac|x|0x1.8p+0|1e-07") == 0, "wide text and %%a in sprintf: %s", text);
    IS(_snprintf(text, 4, "%s", "abcd"), 4, "_snprintf that just fits");
    int value = 0;
    IS(sscanf("12 0x1f", "%*d %i", &value), 1, "sscanf");
    IS(value, 31, "and its value");
    long long large = 0;
    const char *pattern = "x %I64d %I32d"; /* not a literal in the call: the compiler knows no I64 */
    IS(sscanf("x 0123456789012 7", pattern, &large, &value), 2, "sscanf with I64");
    OK(large == 123456789012LL && value == 7, "and its values");
}

static void test_wide_streams(void) {
    wchar_t line[16];
    FILE *file = _wfopen(L"\\Windows\\64k.txt", L"r");
    OK(file && fgetws(line, 16, file) && wcscmp(line, L"0000000\n") == 0, "fgetws");
    IS(getwc(file), L'0', "getwc");
    IS(ungetwc(L'x', file), L'x', "ungetwc");
    IS(getwc(file), L'x', "gives it back");
    fclose(file);
    char bytes[16] = "";
    file = fmemopen(bytes, sizeof(bytes), "w");
    OK(file && putwc(0xd83d, file) != WEOF && putwc(0xde00, file) != WEOF && putwc(0x20ac, file) != WEOF, "putwc");
    fclose(file);
    OK(strcmp(bytes, "\xf0\x9f\x98\x80\xe2\x82\xac") == 0, "writes UTF-8, a pair as one character");
    file = fmemopen(bytes, 7, "r");
    OK(file && getwc(file) == 0xd83d && getwc(file) == 0xde00 && getwc(file) == 0x20ac && getwc(file) == WEOF,
       "and getwc reads it");
    fclose(file);
    wprintf(L"# %s: \x4e2d %c%c\n", L"wide text on the console", 0xd83d, 0xde00);
    OK(fputws(L"# fputws\n", stdout) >= 0, "fputws");
    IS(_putws(L"# _putws"), 0, "_putws");
}

static void test_conversions(void) {
    wchar_t wide[8];
    char text[8];
    IS(MultiByteToWideChar(CP_ACP, 0, "a\xe2\x82\xac", -1, NULL, 0), 3, "MultiByteToWideChar tells the length");
    IS(MultiByteToWideChar(CP_UTF8, 0, "a\xe2\x82\xac", -1, wide, 8), 3, "and converts");
    OK(wcscmp(wide, L"a\x20ac") == 0, "rightly");
    FAILS(!MultiByteToWideChar(CP_ACP, 0, "abc", -1, wide, 2), ERROR_INSUFFICIENT_BUFFER, "too little room");
    FAILS(!MultiByteToWideChar(CP_ACP, MB_ERR_INVALID_CHARS, "\xff", 1, wide, 8), ERROR_NO_UNICODE_TRANSLATION,
          "what is no UTF-8");
    FAILS(!MultiByteToWideChar(1252, 0, "a", 1, wide, 8), ERROR_INVALID_PARAMETER, "another code page");
    IS(WideCharToMultiByte(CP_ACP, 0, L"\x20ac", -1, text, 8, NULL, NULL), 4, "WideCharToMultiByte");
    OK(strcmp(text, "\xe2\x82\xac") == 0, "rightly");
    wcscpy(wide, L"\xc4"
                 L"b");
    OK(wcscmp(CharLower(wide), L"\xe4"
                               L"b") == 0 &&
           (LONG_PTR)CharUpper((LPWSTR)L'x') == L'X',
       "CharLower, CharUpper");
}

static void test_atomics(void) {
    static _Atomic unsigned char byte = 250;
    static _Atomic short half[2] = {-1, 5};
    static _Atomic int word = 5;
    static _Atomic long long twice = 0x100000000ll;
    unsigned char expected = 1;
    OK(atomic_fetch_add(&byte, 10) == 250 && byte == 4, "a byte wraps");
    OK(!atomic_compare_exchange_strong(&byte, &expected, 9) && expected == 4, "compare-and-exchange of a byte");
    OK(atomic_exchange(&half[1], 7) == 5 && half[0] == -1 && half[1] == 7, "a halfword leaves its neighbour alone");
    OK(atomic_fetch_sub(&word, 2) == 5 && word == 3, "a word");
    OK(atomic_fetch_add(&twice, -1) == 0x100000000ll && twice == 0xffffffffll, "a double word");
}

static void test_errors(void) {
    SetLastError(123);
    OK(!CloseHandle((HANDLE)0x12345678) && GetLastError() == ERROR_INVALID_HANDLE, "a failure sets the last error");
    OK(GetFileAttributes(L"\\Windows\\64k.txt") != INVALID_FILE_ATTRIBUTES && GetLastError() == 0, "success clears it");
    OK(fopen("\\Windows\\missing.txt", "r") == NULL && errno == ENOENT, "a missing file: ENOENT");
    OK(fopen("\\Windows\\new.txt", "w") == NULL && errno == EROFS, "a new file in ROM: EROFS");
    OK(fopen("\\Windows\\64k.txt", "r+") == NULL && errno == EACCES, "one that is there: EACCES");
    OK(remove("\\Windows\\64k.txt") != 0 && errno == EACCES, "remove");
    OK(isatty(1) == 1 && isatty(9) == 0 && errno == EBADF, "isatty");
}

static int exit_steps;

static void exit_second(void) {
    printf("# exit functions: %s\n", exit_steps == 1 ? "in order" : "WRONG ORDER");
    if (exit_steps != 1) {
        _exit(99);
    }
}

static void exit_first(void) {
    exit_steps++;
}

int main(void) {
    atexit(exit_second);
    atexit(exit_first);
    test_threads();
    test_formats();
    test_wide_streams();
    test_conversions();
    test_atomics();
    test_errors();
    return tap_done();
}
