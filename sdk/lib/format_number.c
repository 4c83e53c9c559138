/* Integer and text conversions of the formatting engine. */
#include "sdk/lib/format_spec.h"
#include "sdk/lib/utf.h"
#include <string.h>

#define DIGITS_MAX 22 /* of a 64-bit number in octal */

/* Writes the digits so that they end at end; returns where they begin.  Zero has none. */
static char *digits_write(uint64_t value, unsigned base, bool upper, char *end) {
    const char *set = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    while (value >> 32) {
        *--end = set[value % base];
        value /= base;
    }
    for (uint32_t low = (uint32_t)value; low; low /= base) {
        *--end = set[low % base];
    }
    return end;
}

void format_integer(struct format_out *out, const struct format_spec *spec, uint64_t magnitude, bool negative) {
    char buffer[DIGITS_MAX];
    char *end = buffer + sizeof(buffer);
    bool hexadecimal = spec->letter == 'x' || spec->letter == 'X';
    bool has_sign = spec->letter == 'd' || spec->letter == 'i';
    unsigned base = hexadecimal ? 16 : spec->letter == 'o' ? 8 : 10;
    const char *prefix = "";
    char *digits = digits_write(magnitude, base, spec->letter == 'X', end);
    long count = end - digits;
    long least = spec->precision >= 0 ? spec->precision : 1;
    if (negative) {
        prefix = "-";
    } else if (has_sign && spec->plus) {
        prefix = "+";
    } else if (has_sign && spec->space) {
        prefix = " ";
    } else if (hexadecimal && spec->alternate && magnitude) {
        prefix = spec->letter == 'X' ? "0X" : "0x";
    }
    if (spec->letter == 'o' && spec->alternate && least <= count) {
        least = count + 1;
    }
    long zeros = least > count ? least - count : 0;
    size_t body = (size_t)(zeros + count);
    out_begin(out, spec, prefix, body, spec->zero && spec->precision < 0);
    out_fill(out, '0', zeros);
    out_ascii(out, digits, (size_t)count);
    out_end(out, spec, prefix, body);
}

/* How many units of text there are, looked for up to the limit (-1: none). */
static size_t length_of(const void *text, bool wide, int limit) {
    size_t length = 0;
    while (limit < 0 || length < (size_t)limit) {
        if (wide ? ((const wchar_t *)text)[length] == 0 : ((const char *)text)[length] == 0) {
            break;
        }
        length++;
    }
    return length;
}

static void format_native(struct format_out *out, const struct format_spec *spec, const void *text, size_t length) {
    out_begin(out, spec, "", length, false);
    out_native(out, text, length);
    out_end(out, spec, "", length);
}

/* Converts one character after the other; with emit false it only measures. */
static size_t convert_wide(struct format_out *out, const wchar_t *text, size_t limit, bool emit) {
    const wchar_t *end = text + length_of(text, true, -1);
    size_t done = 0;
    int bad = 0;
    while (text < end) {
        char bytes[4];
        size_t length = utf8_put(utf16_take(&text, end, &bad), bytes);
        if (length > limit - done) {
            break;
        }
        if (emit) {
            out_native(out, bytes, length);
        }
        done += length;
    }
    return done;
}

static size_t convert_narrow(struct format_out *out, const char *text, size_t limit, bool emit) {
    /* No more bytes are looked at than could give limit characters: the text need not end with a zero then. */
    const char *end = text + length_of(text, false, limit < 0x10000000 ? (int)(limit * 4) : -1);
    size_t done = 0;
    int bad = 0;
    while (text < end) {
        wchar_t units[2];
        size_t length = utf16_put(utf8_take(&text, end, &bad), units);
        if (length > limit - done) {
            break;
        }
        if (emit) {
            out_native(out, units, length);
        }
        done += length;
    }
    return done;
}

void format_string(struct format_out *out, const struct format_spec *spec, const void *text, bool wide) {
    size_t limit = spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision;
    if (!text) {
        size_t length = limit < 6 ? limit : 6;
        out_begin(out, spec, "", length, false);
        out_ascii(out, "(null)", length);
        out_end(out, spec, "", length);
        return;
    }
    if (wide == out->sink->wide) {
        format_native(out, spec, text, length_of(text, wide, spec->precision));
        return;
    }
    size_t length = wide ? convert_wide(out, text, limit, false) : convert_narrow(out, text, limit, false);
    out_begin(out, spec, "", length, false);
    if (wide) {
        convert_wide(out, text, limit, true);
    } else {
        convert_narrow(out, text, limit, true);
    }
    out_end(out, spec, "", length);
}

void format_character(struct format_out *out, const struct format_spec *spec, unsigned c, bool wide) {
    wchar_t unit = (wchar_t)c;
    char byte = (char)c;
    char bytes[4];
    if (out->sink->wide) {
        unit = wide || c < 0x80 ? unit : (wchar_t)UTF_REPLACEMENT; /* half a UTF-8 sequence has no wide form */
        format_native(out, spec, &unit, 1);
    } else if (wide) {
        bool surrogate = (unit & 0xf800) == 0xd800;
        format_native(out, spec, bytes, utf8_put(surrogate ? UTF_REPLACEMENT : unit, bytes));
    } else {
        format_native(out, spec, &byte, 1);
    }
}
