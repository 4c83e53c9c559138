/* Multibyte (UTF-8) and wide (UTF-16) text, ISO C's interface.
 *
 * A character above 0xFFFF takes two wide characters.  mbrtowc gives them one after the other: the second waits in the
 * state, and its call takes no byte and returns 0 bytes as (size_t)-3, as C11 says of mbrtoc16; mbsrtowcs and mbstowcs
 * do the same inside. State: __count = bytes of a sequence seen so far, or PENDING; __value the bytes, or the waiting
 * unit.
 */
#include "sdk/lib/utf.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define PENDING    0x100
#define BAD        ((size_t)-1)
#define INCOMPLETE ((size_t)-2)
#define SECOND     ((size_t)-3)

static size_t bad(mbstate_t *state) {
    state->__count = 0;
    errno = EILSEQ;
    return BAD;
}

/* How many bytes a sequence with this first byte has; 0: no sequence begins so. */
static int sequence_length(unsigned char first) {
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2 || first > 0xf4) {
        return 0;
    }
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

size_t mbrtowc(wchar_t *restrict wide, const char *restrict text, size_t count, mbstate_t *restrict state) {
    static mbstate_t own;
    wchar_t unused = 0;
    state = state ? state : &own;
    wide = wide ? wide : &unused;
    if (!text) {
        text = "";
        count = 1;
    }
    if (state->__count == PENDING) {
        *wide = (wchar_t)state->__value.__wch;
        state->__count = 0;
        return SECOND;
    }
    char *bytes = (char *)state->__value.__wchb;
    for (size_t used = 0; used < count;) {
        bytes[state->__count++] = text[used++];
        int length = sequence_length((unsigned char)bytes[0]);
        if (length == 0) {
            return bad(state);
        }
        /* A byte that cannot continue the sequence shows at once, not only when the sequence should be whole. */
        const char *at = bytes;
        int malformed = 0;
        uint32_t point = utf8_take(&at, bytes + state->__count, &malformed);
        if (malformed && (state->__count == length || at < bytes + state->__count)) {
            return bad(state);
        }
        if (state->__count == length) {
            wchar_t units[2];
            size_t number = utf16_put(point, units);
            *wide = units[0];
            state->__count = 0;
            if (number == 2) {
                state->__count = PENDING;
                state->__value.__wch = units[1];
            }
            return point ? used : 0;
        }
    }
    return INCOMPLETE;
}

size_t wcrtomb(char *restrict text, wchar_t wide, mbstate_t *restrict state) {
    static mbstate_t own;
    char unused[4];
    state = state ? state : &own;
    if (!text) {
        text = unused;
        wide = 0;
    }
    if (state->__count == PENDING) {
        wchar_t pair[2] = {(wchar_t)state->__value.__wch, wide};
        const wchar_t *at = pair;
        int malformed = 0;
        uint32_t point = utf16_take(&at, pair + 2, &malformed);
        state->__count = 0;
        if (malformed) {
            errno = EILSEQ;
            return BAD;
        }
        return utf8_put(point, text);
    }
    if ((wide & 0xfc00) == 0xd800) {
        state->__count = PENDING; /* the first of two: its bytes come with the second */
        state->__value.__wch = wide;
        return 0;
    }
    if ((wide & 0xfc00) == 0xdc00) {
        return bad(state);
    }
    return utf8_put(wide, text);
}

size_t mbsrtowcs(wchar_t *restrict wide, const char **restrict text, size_t count, mbstate_t *restrict state) {
    static mbstate_t own;
    const char *at = *text;
    size_t done = 0;
    state = state ? state : &own;
    while (!wide || done < count) {
        wchar_t unit;
        size_t used = mbrtowc(&unit, at, (size_t)-1, state);
        if (used == BAD) {
            if (wide) {
                *text = at;
            }
            return BAD;
        }
        if (wide) {
            wide[done] = unit;
        }
        if (used == 0) {
            if (wide) {
                *text = NULL;
            }
            return done;
        }
        at += used == SECOND ? 0 : used;
        done++;
    }
    *text = at;
    return done;
}

size_t wcsrtombs(char *restrict text, const wchar_t **restrict wide, size_t count, mbstate_t *restrict state) {
    static mbstate_t own;
    const wchar_t *at = *wide;
    size_t done = 0;
    state = state ? state : &own;
    for (;;) {
        char bytes[4];
        size_t length = wcrtomb(bytes, *at, state);
        if (length == BAD) {
            if (text) {
                *wide = at;
            }
            return BAD;
        }
        if (text && length > count - done) {
            *wide = at;
            return done;
        }
        if (text) {
            memcpy(text + done, bytes, length);
        }
        if (*at == 0) {
            if (text) {
                *wide = NULL;
            }
            return done;
        }
        done += length;
        at++;
    }
}

size_t mbstowcs(wchar_t *restrict wide, const char *restrict text, size_t count) {
    mbstate_t state = {0};
    const char *at = text;
    return mbsrtowcs(wide, &at, count, &state);
}

size_t wcstombs(char *restrict text, const wchar_t *restrict wide, size_t count) {
    mbstate_t state = {0};
    const wchar_t *at = wide;
    return wcsrtombs(text, &at, count, &state);
}

int mbtowc(wchar_t *restrict wide, const char *restrict text, size_t count) {
    mbstate_t state = {0};
    if (!text) {
        return 0;
    }
    size_t used = mbrtowc(wide, text, count, &state);
    return used == BAD || used == INCOMPLETE ? -1 : (int)used;
}

int wctomb(char *text, wchar_t wide) {
    mbstate_t state = {0};
    if (!text) {
        return 0;
    }
    size_t length = wcrtomb(text, wide, &state);
    return length == BAD || (length == 0 && state.__count) ? -1 : (int)length;
}

int mblen(const char *text, size_t count) {
    return mbtowc(NULL, text, count);
}

size_t mbrlen(const char *restrict text, size_t count, mbstate_t *restrict state) {
    static mbstate_t own;
    return mbrtowc(NULL, text, count, state ? state : &own);
}

int mbsinit(const mbstate_t *state) {
    return !state || state->__count == 0;
}

wint_t btowc(int c) {
    return c >= 0 && c < 0x80 ? (wint_t)c : WEOF;
}

int wctob(wint_t c) {
    return c < 0x80 ? (int)c : EOF;
}
