/* The C library as programs meet it: formats, wide strings, memory, files by stdio, time, floating point. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tchar.h>
#include <wchar.h>

#include "helpers.h"
#include "tap.h"

static void test_formats(void) {
    char text[80];
    wchar_t wide[80];

    sprintf(text, "%d %5d|%-5d|%05d %x %X %o %c %s %%", -7, 42, 42, 42, 255, 255, 8, 'z', "str");
    OK(strcmp(text, "-7    42|42   |00042 ff FF 10 z str %") == 0, "sprintf of integers and strings: %s", text);
    sprintf(text, "%.3f %e %g", 3.14159, 12345.678, 0.5);
    OK(strcmp(text, "3.142 1.234568e+04 0.5") == 0, "of floating point: %s", text);
    sprintf(text, "%lld %llu", -1234567890123LL, 18446744073709551615ULL);
    OK(strcmp(text, "-1234567890123 18446744073709551615") == 0, "of 64-bit integers: %s", text);
    _snprintf(text, sizeof(text), "%I64d %I64u", -5LL, 5ULL);
    OK(strcmp(text, "-5 5") == 0, "_snprintf with I64: %s", text);
    _snwprintf(wide, 80, L"%d %s %c", 12, L"wide", L'w');
    OK(wcscmp(wide, L"12 wide w") == 0, "_snwprintf");
    OK(_stricmp("AbC", "aBc") == 0 && _strnicmp("ABx", "aby", 2) == 0, "_stricmp and _strnicmp");
}

static void test_wide(void) {
    wchar_t text[20] = L"one";

    OK(sizeof(wchar_t) == 2, "wchar_t has 2 bytes");
    wcscat(text, L", two");
    OK(wcslen(text) == 8 && wcschr(text, L',') == text + 3 && wcsstr(text, L"two") == text + 5, "wcs functions");
    OK(wcstol(L"-12x", NULL, 10) == -12, "wcstol");
    OK(_tcslen(_T("abc")) == 3, "tchar.h");
}

static void test_memory(void) {
    char *block = malloc(1000000);
    void *many[100];
    int right = 1;

    OK(block != NULL, "malloc of 1 MB");
    memset(block, 0x5a, 1000000);
    block = realloc(block, 2000000);
    OK(block != NULL && block[999999] == 0x5a, "realloc keeps it");
    free(block);
    for (int i = 0; i < 100; i++) {
        many[i] = calloc(1, (size_t)i * 37 + 1);
        right &= many[i] != NULL && *(char *)many[i] == 0;
    }
    for (int i = 0; i < 100; i++) {
        free(many[i]);
    }
    OK(right, "100 blocks");
    OK(malloc(0x70000000u) == NULL && errno == ENOMEM, "more than there is: NULL and ENOMEM");
}

static void test_stdio(void) {
    char line[20];
    FILE *files[16];
    FILE *file = fopen("\\Windows\\64k.txt", "r");
    int right = 1;

    OK(file != NULL, "fopen of a ROM file");
    OK(fgets(line, sizeof(line), file) != NULL && strcmp(line, "0000000\n") == 0, "fgets");
    OK(fseek(file, 800, SEEK_SET) == 0 && fgets(line, sizeof(line), file) != NULL && strcmp(line, "0000100\n") == 0,
       "fseek");
    OK(fseek(file, 0, SEEK_END) == 0 && ftell(file) == 0x10000, "ftell");
    OK(fclose(file) == 0, "fclose");
    OK(fopen("\\Windows\\missing.txt", "r") == NULL && errno == ENOENT, "a missing file: ENOENT");
    OK(fopen("\\Windows\\page.txt", "w") == NULL, "a ROM file cannot be written");
    for (int i = 0; i < 16; i++) {
        files[i] = fopen("\\Windows\\page.txt", "r");
        right &= files[i] != NULL;
    }
    OK(right, "16 open files");
    for (int i = 0; i < 16; i++) {
        fclose(files[i]);
    }
}

static int compare(const void *left, const void *right) {
    return *(const int *)left - *(const int *)right;
}

static void test_rest(void) {
    int numbers[5] = {5, 3, 9, 1, 7};
    jmp_buf place;
    volatile int jumps = 0;

    qsort(numbers, 5, sizeof(int), compare);
    OK(numbers[0] == 1 && numbers[4] == 9, "qsort");
    if (setjmp(place) < 3) {
        jumps++;
        longjmp(place, jumps);
    }
    OK(jumps == 3, "setjmp and longjmp");
    OK(fabs(sqrt(2.0) * sqrt(2.0) - 2.0) < 1e-12 && fabs(sin(1.0) - 0.8414709848) < 1e-9, "mathematics");
    OK(strtoul("0xffffffff", NULL, 0) == 0xffffffffu && strtod("1.5e3", NULL) == 1500.0, "strtoul and strtod");
    OK(getenv("PATH") == NULL && system("ls") != 0, "getenv and system fail cleanly");
}

int main(void) {
    test_formats();
    test_wide();
    test_memory();
    test_stdio();
    test_rest();
    return tap_done();
}
