/* Integers to text in any base from 2 to 36: _itoa and its relatives, narrow and wide. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <wchar.h>

#define DIGITS_MAX 64

/* Writes the digits of value backwards, the last first.  Returns how many. */
static size_t digits(uint64_t value, unsigned base, char *out) {
    size_t count = 0;
    do {
        unsigned digit = (unsigned)(value % base);
        out[count++] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
        value /= base;
    } while (value);
    return count;
}

static char *narrow(uint64_t value, bool negative, char *text, int base) {
    char reversed[DIGITS_MAX];
    char *at = text;
    size_t count = base >= 2 && base <= 36 ? digits(value, (unsigned)base, reversed) : 0;
    if (negative) {
        *at++ = '-';
    }
    while (count) {
        *at++ = reversed[--count];
    }
    *at = 0;
    return text;
}

static wchar_t *wide(uint64_t value, bool negative, wchar_t *text, int base) {
    char buffer[DIGITS_MAX + 2];
    size_t i = 0;
    narrow(value, negative, buffer, base);
    do {
        text[i] = (unsigned char)buffer[i];
    } while (buffer[i++]);
    return text;
}

/* Only base 10 has a sign; in the others a negative value shows its bits. */
char *_i64toa(long long value, char *text, int base) {
    bool negative = value < 0 && base == 10;
    return narrow(negative ? -(uint64_t)value : (uint64_t)value, negative, text, base);
}

char *_ui64toa(unsigned long long value, char *text, int base) {
    return narrow(value, false, text, base);
}

char *_ltoa(long value, char *text, int base) {
    return base == 10 ? _i64toa(value, text, base) : narrow((unsigned long)value, false, text, base);
}

char *_ultoa(unsigned long value, char *text, int base) {
    return narrow(value, false, text, base);
}

char *_itoa(int value, char *text, int base) {
    return _ltoa(value, text, base);
}

wchar_t *_ultow(unsigned long value, wchar_t *text, int base) {
    return wide(value, false, text, base);
}

wchar_t *_ltow(long value, wchar_t *text, int base) {
    bool negative = value < 0 && base == 10;
    return wide(negative ? -(unsigned long)value : (unsigned long)value, negative, text, base);
}

wchar_t *_itow(int value, wchar_t *text, int base) {
    return _ltow(value, text, base);
}

long long _atoi64(const char *text) {
    return strtoll(text, NULL, 10);
}
