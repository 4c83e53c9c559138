/* Numbers in wide text: the text's ASCII part goes through newlib's conversions of narrow text. */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <stdint.h>

#define NUMBER_MAX 1100 /* characters of a number looked at: a double's exact value has fewer than 800 digits */

/* Copies what could belong to a number behind white space.  Returns how many characters of space were left out. */
static size_t number_copy(const wchar_t *text, char *narrow) {
    size_t space = 0;
    size_t length = 0;
    while (text[space] == L' ' || (text[space] >= L'\t' && text[space] <= L'\r')) {
        space++;
    }
    for (const wchar_t *at = text + space; length < NUMBER_MAX - 1 && *at > L' ' && *at < 0x7f; at++) {
        narrow[length++] = (char)*at;
    }
    narrow[length] = 0;
    return space;
}

/* Sets *end as the conversion of narrow ended at narrow_end; nothing converted means the text's own start. */
static void end_set(const wchar_t *text, size_t space, const char *narrow, const char *narrow_end, wchar_t **end) {
    if (end) {
        size_t length = (size_t)(narrow_end - narrow);
        *end = (wchar_t *)(uintptr_t)(length ? text + space + length : text);
    }
}

long long wcstoll(const wchar_t *restrict text, wchar_t **restrict end, int base) {
    char narrow[NUMBER_MAX];
    char *stop;
    size_t space = number_copy(text, narrow);
    long long value = strtoll(narrow, &stop, base);
    end_set(text, space, narrow, stop, end);
    return value;
}

unsigned long long wcstoull(const wchar_t *restrict text, wchar_t **restrict end, int base) {
    char narrow[NUMBER_MAX];
    char *stop;
    size_t space = number_copy(text, narrow);
    unsigned long long value = strtoull(narrow, &stop, base);
    end_set(text, space, narrow, stop, end);
    return value;
}

long wcstol(const wchar_t *restrict text, wchar_t **restrict end, int base) {
    char narrow[NUMBER_MAX];
    char *stop;
    size_t space = number_copy(text, narrow);
    long value = strtol(narrow, &stop, base);
    end_set(text, space, narrow, stop, end);
    return value;
}

unsigned long wcstoul(const wchar_t *restrict text, wchar_t **restrict end, int base) {
    char narrow[NUMBER_MAX];
    char *stop;
    size_t space = number_copy(text, narrow);
    unsigned long value = strtoul(narrow, &stop, base);
    end_set(text, space, narrow, stop, end);
    return value;
}

double wcstod(const wchar_t *restrict text, wchar_t **restrict end) {
    char narrow[NUMBER_MAX];
    char *stop;
    size_t space = number_copy(text, narrow);
    double value = strtod(narrow, &stop);
    end_set(text, space, narrow, stop, end);
    return value;
}

float wcstof(const wchar_t *restrict text, wchar_t **restrict end) {
    char narrow[NUMBER_MAX];
    char *stop;
    size_t space = number_copy(text, narrow);
    float value = strtof(narrow, &stop);
    end_set(text, space, narrow, stop, end);
    return value;
}

int _wtoi(const wchar_t *text) {
    return (int)wcstol(text, NULL, 10);
}

long _wtol(const wchar_t *text) {
    return wcstol(text, NULL, 10);
}

long long _wtoi64(const wchar_t *text) {
    return wcstoll(text, NULL, 10);
}

double _wtof(const wchar_t *text) {
    return wcstod(text, NULL);
}
