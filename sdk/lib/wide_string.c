/* The wcs and wmem functions on 2-byte characters. */
#include "sdk/lib/letter_case.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

size_t wcslen(const wchar_t *text) {
    const wchar_t *at = text;
    while (*at) {
        at++;
    }
    return (size_t)(at - text);
}

size_t wcsnlen(const wchar_t *text, size_t count) {
    size_t length = 0;
    while (length < count && text[length]) {
        length++;
    }
    return length;
}

wchar_t *wcscpy(wchar_t *restrict to, const wchar_t *restrict from) {
    wchar_t *at = to;
    while ((*at++ = *from++) != 0) {
    }
    return to;
}

wchar_t *wcpcpy(wchar_t *restrict to, const wchar_t *restrict from) {
    while ((*to = *from++) != 0) {
        to++;
    }
    return to;
}

wchar_t *wcsncpy(wchar_t *restrict to, const wchar_t *restrict from, size_t count) {
    size_t i = 0;
    for (; i < count && from[i]; i++) {
        to[i] = from[i];
    }
    for (; i < count; i++) {
        to[i] = 0;
    }
    return to;
}

wchar_t *wcscat(wchar_t *restrict to, const wchar_t *restrict from) {
    wcscpy(to + wcslen(to), from);
    return to;
}

wchar_t *wcsncat(wchar_t *restrict to, const wchar_t *restrict from, size_t count) {
    wchar_t *end = to + wcslen(to);
    size_t length = wcsnlen(from, count);
    memcpy(end, from, length * sizeof(wchar_t));
    end[length] = 0;
    return to;
}

int wcscmp(const wchar_t *a, const wchar_t *b) {
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a - *b;
}

int wcsncmp(const wchar_t *a, const wchar_t *b, size_t count) {
    for (; count; a++, b++, count--) {
        if (*a != *b || !*a) {
            return *a - *b;
        }
    }
    return 0;
}

int wcscoll(const wchar_t *a, const wchar_t *b) {
    return wcscmp(a, b);
}

size_t wcsxfrm(wchar_t *restrict to, const wchar_t *restrict from, size_t count) {
    size_t length = wcslen(from);
    if (length < count) {
        wcscpy(to, from);
    }
    return length;
}

int _wcsicmp(const wchar_t *a, const wchar_t *b) {
    return _wcsnicmp(a, b, (size_t)-1);
}

int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t count) {
    for (; count; a++, b++, count--) {
        wchar_t x = letter_lower(*a);
        wchar_t y = letter_lower(*b);
        if (x != y || !x) {
            return x - y;
        }
    }
    return 0;
}

int wcscasecmp(const wchar_t *a, const wchar_t *b) {
    return _wcsnicmp(a, b, (size_t)-1);
}

int wcsncasecmp(const wchar_t *a, const wchar_t *b, size_t count) {
    return _wcsnicmp(a, b, count);
}

wchar_t *wcschr(const wchar_t *text, wchar_t c) {
    for (;; text++) {
        if (*text == c) {
            return (wchar_t *)(uintptr_t)text;
        }
        if (!*text) {
            return NULL;
        }
    }
}

wchar_t *wcsrchr(const wchar_t *text, wchar_t c) {
    const wchar_t *found = NULL;
    do {
        if (*text == c) {
            found = text;
        }
    } while (*text++);
    return (wchar_t *)(uintptr_t)found;
}

wchar_t *wcsstr(const wchar_t *restrict text, const wchar_t *restrict part) {
    size_t length = wcslen(part);
    for (; wcsncmp(text, part, length) != 0; text++) {
        if (!*text) {
            return NULL;
        }
    }
    return (wchar_t *)(uintptr_t)text;
}

/* How many characters at the start of text are (inside = 1) or are not (0) in set. */
static size_t span(const wchar_t *text, const wchar_t *set, int inside) {
    size_t length = 0;
    while (text[length] && (wcschr(set, text[length]) != NULL) == inside) {
        length++;
    }
    return length;
}

size_t wcsspn(const wchar_t *text, const wchar_t *set) {
    return span(text, set, 1);
}

size_t wcscspn(const wchar_t *text, const wchar_t *set) {
    return span(text, set, 0);
}

wchar_t *wcspbrk(const wchar_t *text, const wchar_t *set) {
    text += span(text, set, 0);
    return *text ? (wchar_t *)(uintptr_t)text : NULL;
}

wchar_t *(wcstok)(wchar_t *restrict text, const wchar_t *restrict delimiters, wchar_t **restrict state) {
    text = text ? text : *state;
    if (!text) {
        return NULL;
    }
    text += wcsspn(text, delimiters);
    wchar_t *end = text + wcscspn(text, delimiters);
    *state = *end ? end + 1 : NULL;
    *end = 0;
    return end == text ? NULL : text;
}

wchar_t *_wcsdup(const wchar_t *text) {
    size_t bytes = (wcslen(text) + 1) * sizeof(wchar_t);
    wchar_t *copy = malloc(bytes);
    return copy ? memcpy(copy, text, bytes) : NULL;
}

wchar_t *wcsdup(const wchar_t *text) {
    return _wcsdup(text);
}

wchar_t *_wcslwr(wchar_t *text) {
    for (wchar_t *at = text; *at; at++) {
        *at = letter_lower(*at);
    }
    return text;
}

wchar_t *_wcsupr(wchar_t *text) {
    for (wchar_t *at = text; *at; at++) {
        *at = letter_upper(*at);
    }
    return text;
}

wchar_t *_wcsrev(wchar_t *text) {
    for (size_t low = 0, high = wcslen(text); low + 1 < high; low++) {
        wchar_t c = text[low];
        text[low] = text[--high];
        text[high] = c;
    }
    return text;
}

wchar_t *wmemchr(const wchar_t *text, wchar_t c, size_t count) {
    for (; count; text++, count--) {
        if (*text == c) {
            return (wchar_t *)(uintptr_t)text;
        }
    }
    return NULL;
}

int wmemcmp(const wchar_t *a, const wchar_t *b, size_t count) {
    for (; count; a++, b++, count--) {
        if (*a != *b) {
            return *a - *b;
        }
    }
    return 0;
}

wchar_t *wmemcpy(wchar_t *restrict to, const wchar_t *restrict from, size_t count) {
    return memcpy(to, from, count * sizeof(wchar_t));
}

wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t count) {
    return memmove(to, from, count * sizeof(wchar_t));
}

wchar_t *wmemset(wchar_t *to, wchar_t c, size_t count) {
    for (size_t i = 0; i < count; i++) {
        to[i] = c;
    }
    return to;
}
