/* Wide characters on stdio streams, which hold UTF-8.
 *
 * A stream has no orientation: narrow and wide calls may be mixed, as on CE.  A character above 0xFFFF is two wide
 * characters; the half that waits is kept in the stream's own conversion state, one for each direction as a stream goes
 * in one at a time.  Writing: __count = 1 and the first half in __value.  Reading: __count = 2 and the second half, or
 * one put back.
 */
#include "sdk/lib/stdio_lock.h"
#include "sdk/lib/utf.h"
#include <errno.h>
#include <reent.h>
#include <string.h>
#include <wchar.h>

#define WRITING 1
#define READING 2

static int bytes_put(FILE *stream, uint32_t point) {
    char bytes[4];
    size_t length = utf8_put(point, bytes);
    return _fwrite_r(_impure_ptr, bytes, 1, length, stream) == length ? 0 : -1;
}

/* Writes one character; the stream is locked. */
static wint_t wide_put(wchar_t c, FILE *stream) {
    mbstate_t *state = &stream->_mbstate;
    wchar_t first = state->__count == WRITING ? (wchar_t)state->__value.__wch : 0;
    int bad = 0;
    state->__count = 0;
    if (first) {
        wchar_t pair[2] = {first, c};
        const wchar_t *at = pair;
        if (bytes_put(stream, utf16_take(&at, pair + 2, &bad)) != 0) {
            return WEOF;
        }
        if (!bad) {
            return c;
        }
    }
    if ((c & 0xfc00) == 0xd800) {
        state->__count = WRITING;
        state->__value.__wch = c;
        return c;
    }
    const wchar_t *at = &c;
    return bytes_put(stream, utf16_take(&at, &c + 1, &bad)) == 0 ? c : WEOF;
}

/* Reads one character; the stream is locked.  What is malformed reads as U+FFFD. */
static wint_t wide_get(FILE *stream) {
    mbstate_t *state = &stream->_mbstate;
    if (state->__count == READING) {
        state->__count = 0;
        return state->__value.__wch;
    }
    char bytes[4];
    wchar_t units[2];
    int c = _fgetc_r(_impure_ptr, stream);
    if (c == EOF) {
        return WEOF;
    }
    size_t length = 0;
    uint32_t point;
    for (;;) {
        const char *at = bytes;
        int bad = 0;
        bytes[length++] = (char)c;
        point = utf8_take(&at, bytes + length, &bad);
        int more = (unsigned char)bytes[0] >= 0xc2 && (unsigned char)bytes[0] <= 0xf4;
        if (bad && at < bytes + length && length > 1) {
            _ungetc_r(_impure_ptr, c, stream); /* this byte does not belong to the sequence */
            break;
        }
        if (!bad || !more || (c = _fgetc_r(_impure_ptr, stream)) == EOF) {
            break;
        }
    }
    if (utf16_put(point, units) == 2) {
        state->__count = READING;
        state->__value.__wch = units[1];
    }
    return units[0];
}

wint_t fputwc(wchar_t c, FILE *stream) {
    stream_lock(stream);
    wint_t result = wide_put(c, stream);
    stream_unlock(stream);
    return result;
}

wint_t(putwc)(wchar_t c, FILE *stream) {
    return fputwc(c, stream);
}

wint_t(putwchar)(wchar_t c) {
    return fputwc(c, stdout);
}

int fputws(const wchar_t *restrict text, FILE *restrict stream) {
    int result = 0;
    stream_lock(stream);
    for (; *text && result == 0; text++) {
        result = wide_put(*text, stream) == WEOF ? -1 : 0;
    }
    stream_unlock(stream);
    return result;
}

int _putws(const wchar_t *text) {
    stream_lock(stdout);
    int result = fputws(text, stdout) == 0 && wide_put(L'\n', stdout) != WEOF ? 0 : -1;
    stream_unlock(stdout);
    return result;
}

wint_t fgetwc(FILE *stream) {
    stream_lock(stream);
    wint_t result = wide_get(stream);
    stream_unlock(stream);
    return result;
}

wint_t(getwc)(FILE *stream) {
    return fgetwc(stream);
}

wint_t(getwchar)(void) {
    return fgetwc(stdin);
}

wint_t ungetwc(wint_t c, FILE *stream) {
    wint_t result = WEOF;
    stream_lock(stream);
    if (c != WEOF && stream->_mbstate.__count != READING) {
        stream->_mbstate.__count = READING;
        stream->_mbstate.__value.__wch = c;
        stream->_flags &= (short)~__SEOF;
        result = c;
    }
    stream_unlock(stream);
    return result;
}

wchar_t *fgetws(wchar_t *restrict line, int size, FILE *restrict stream) {
    int length = 0;
    stream_lock(stream);
    while (length < size - 1) {
        wint_t c = wide_get(stream);
        if (c == WEOF) {
            break;
        }
        line[length++] = (wchar_t)c;
        if (c == L'\n') {
            break;
        }
    }
    stream_unlock(stream);
    if (length == 0) {
        return NULL;
    }
    line[length] = 0;
    return line;
}

/* A line from the console without its end; the caller's buffer must be long enough, as for gets. */
wchar_t *_getws(wchar_t *line) {
    size_t length = 0;
    wint_t c;
    stream_lock(stdin);
    while ((c = wide_get(stdin)) != WEOF && c != L'\n') {
        line[length++] = (wchar_t)c;
    }
    stream_unlock(stdin);
    line[length] = 0;
    return c == WEOF && length == 0 ? NULL : line;
}

int fwide(FILE *stream, int mode) {
    (void)stream;
    (void)mode;
    return 0;
}

FILE *_wfopen(const wchar_t *name, const wchar_t *mode) {
    char path[3 * 260 + 1];
    char how[16];
    if (utf16_to_utf8(name, wcslen(name) + 1, NULL, 0) > sizeof(path) ||
        utf16_to_utf8(mode, wcslen(mode) + 1, NULL, 0) > sizeof(how)) {
        errno = EINVAL;
        return NULL;
    }
    utf16_to_utf8(name, wcslen(name) + 1, path, sizeof(path));
    utf16_to_utf8(mode, wcslen(mode) + 1, how, sizeof(how));
    return fopen(path, how);
}
