/* UTF-8 and UTF-16 conversion; utf.h has the rules.  Table 3-7 of the Unicode Standard is where the ranges of second
 * bytes come from: they exclude overlong forms, surrogates and values above 0x10FFFF. */
#include "sdk/lib/utf.h"

uint32_t utf8_take(const char **text, const char *end, int *bad) {
    const char *at = *text;
    uint32_t first = (unsigned char)*at++;
    uint32_t low = 0x80, high = 0xbf;
    uint32_t point;
    int more;
    *text = at;
    if (first < 0x80) {
        return first;
    }
    if (first < 0xc2 || first > 0xf4) {
        *bad = 1;
        return UTF_REPLACEMENT;
    }
    if (first < 0xe0) {
        more = 1;
        point = first & 0x1f;
    } else if (first < 0xf0) {
        more = 2;
        point = first & 0x0f;
        low = first == 0xe0 ? 0xa0 : low;
        high = first == 0xed ? 0x9f : high;
    } else {
        more = 3;
        point = first & 0x07;
        low = first == 0xf0 ? 0x90 : low;
        high = first == 0xf4 ? 0x8f : high;
    }
    for (; more; more--) {
        uint32_t next = at < end ? (unsigned char)*at : 0u;
        if (next < low || next > high) {
            *text = at;
            *bad = 1;
            return UTF_REPLACEMENT;
        }
        point = point << 6 | (next & 0x3f);
        low = 0x80;
        high = 0xbf;
        at++;
    }
    *text = at;
    return point;
}

uint32_t utf16_take(const wchar_t **text, const wchar_t *end, int *bad) {
    const wchar_t *at = *text;
    uint32_t first = (uint16_t)*at++;
    *text = at;
    if ((first & 0xf800) != 0xd800) {
        return first;
    }
    if (first < 0xdc00 && at < end && ((uint16_t)*at & 0xfc00) == 0xdc00) {
        *text = at + 1;
        return 0x10000 + ((first & 0x3ff) << 10 | ((uint16_t)*at & 0x3ff));
    }
    *bad = 1;
    return UTF_REPLACEMENT;
}

size_t utf8_put(uint32_t point, char *out) {
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xc0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xe0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3f));
        out[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3f));
    out[2] = (char)(0x80 | (point >> 6 & 0x3f));
    out[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

size_t utf16_put(uint32_t point, wchar_t *out) {
    if (point < 0x10000) {
        out[0] = (wchar_t)point;
        return 1;
    }
    out[0] = (wchar_t)(0xd800 | (point - 0x10000) >> 10);
    out[1] = (wchar_t)(0xdc00 | (point & 0x3ff));
    return 2;
}

size_t utf16_to_utf8(const wchar_t *text, size_t count, char *out, size_t capacity) {
    const wchar_t *end = text + count;
    size_t done = 0;
    int bad = 0;
    while (text < end) {
        char bytes[4];
        size_t length = utf8_put(utf16_take(&text, end, &bad), bytes);
        if (out) {
            if (length > capacity - done) {
                break;
            }
            for (size_t i = 0; i < length; i++) {
                out[done + i] = bytes[i];
            }
        }
        done += length;
    }
    return done;
}

size_t utf8_to_utf16(const char *text, size_t count, wchar_t *out, size_t capacity) {
    const char *end = text + count;
    size_t done = 0;
    int bad = 0;
    while (text < end) {
        wchar_t units[2];
        size_t length = utf16_put(utf8_take(&text, end, &bad), units);
        if (out) {
            if (length > capacity - done) {
                break;
            }
            for (size_t i = 0; i < length; i++) {
                out[done + i] = units[i];
            }
        }
        done += length;
    }
    return done;
}
