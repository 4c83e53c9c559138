/* Floating-point conversions of the formatting engine.
 *
 * A number is its decimal digits and where the point lies among them; what is not there is zeros.  The digits come from
 * float_digits, correctly rounded.  Hexadecimal (%a) is exact and made of the bits.
 */
#include "sdk/lib/format_spec.h"
#include <math.h>
#include <string.h>

#define DEFAULT_PRECISION 6
#define HEX_DIGITS        13 /* of a double's fraction */
#define FRACTION_BITS     52
#define EXPONENT_BIAS     1023
#define EXPONENT_MASK     0x7ff

static bool is_upper(const struct format_spec *spec) {
    return spec->letter >= 'A' && spec->letter <= 'Z';
}

static const char *sign_of(const struct format_spec *spec, double value) {
    if (signbit(value)) {
        return "-";
    }
    return spec->plus ? "+" : spec->space ? " " : "";
}

static void format_special(struct format_out *out, const struct format_spec *spec, double value) {
    const char *prefix = sign_of(spec, value);
    const char *text = isnan(value) ? (is_upper(spec) ? "NAN" : "nan") : (is_upper(spec) ? "INF" : "inf");
    out_begin(out, spec, prefix, 3, false);
    out_ascii(out, text, 3);
    out_end(out, spec, prefix, 3);
}

/* Emits the digits from..to of a number; those before the first and behind the last are zeros. */
static void out_digits(struct format_out *out, const char *digits, long count, long from, long to) {
    long zeros = from < 0 ? (to < 0 ? to : 0) - from : 0;
    out_fill(out, '0', zeros);
    from += zeros;
    long have = to < count ? to : count;
    if (from < have) {
        out_ascii(out, digits + from, (size_t)(have - from));
        from = have;
    }
    out_fill(out, '0', to - from);
}

static void out_point(struct format_out *out, bool point) {
    if (point) {
        out_ascii(out, ".", 1);
    }
}

static void format_fixed(struct format_out *out, const struct format_spec *spec, double value, const char *digits,
                         int point, long precision) {
    const char *prefix = sign_of(spec, value);
    long count = (long)strlen(digits);
    long whole = point > 0 ? point : 1;
    long start = point > 0 ? 0 : point - 1; /* index of the first digit before the point */
    bool has_point = precision > 0 || spec->alternate;
    size_t body = (size_t)(whole + has_point + precision);
    out_begin(out, spec, prefix, body, spec->zero);
    out_digits(out, digits, count, start, start + whole);
    out_point(out, has_point);
    out_digits(out, digits, count, start + whole, start + whole + precision);
    out_end(out, spec, prefix, body);
}

/* Writes e+12 (letter, sign, at least minimum digits) into text; returns its length. */
static size_t exponent_write(char *text, char letter, int exponent, int minimum) {
    char reversed[8];
    unsigned value = (unsigned)(exponent < 0 ? -exponent : exponent);
    size_t length = 0;
    int count = 0;
    while (value || count < minimum) {
        reversed[count++] = (char)('0' + value % 10);
        value /= 10;
    }
    text[length++] = letter;
    text[length++] = exponent < 0 ? '-' : '+';
    while (count) {
        text[length++] = reversed[--count];
    }
    return length;
}

static void format_exponent(struct format_out *out, const struct format_spec *spec, double value, const char *digits,
                            int point, long precision) {
    char exponent[8];
    const char *prefix = sign_of(spec, value);
    long count = (long)strlen(digits);
    bool has_point = precision > 0 || spec->alternate;
    size_t exponent_length = exponent_write(exponent, is_upper(spec) ? 'E' : 'e', value == 0 ? 0 : point - 1, 2);
    size_t body = (size_t)(1 + has_point + precision) + exponent_length;
    out_begin(out, spec, prefix, body, spec->zero);
    out_digits(out, digits, count, 0, 1);
    out_point(out, has_point);
    out_digits(out, digits, count, 1, 1 + precision);
    out_ascii(out, exponent, exponent_length);
    out_end(out, spec, prefix, body);
}

/* %g: fixed or with an exponent, whichever suits, and no more digits than there are unless # asks for them. */
static void format_general(struct format_out *out, const struct format_spec *spec, double value) {
    int point;
    int precision = spec->precision < 0 ? DEFAULT_PRECISION : spec->precision == 0 ? 1 : spec->precision;
    const char *digits = float_digits(value, true, precision, &point);
    int shown = spec->alternate ? precision : (int)strlen(digits);
    int exponent = value == 0 ? 0 : point - 1;
    if (exponent < -4 || exponent >= precision) {
        format_exponent(out, spec, value, digits, point, shown > 0 ? shown - 1 : 0);
        return;
    }
    int behind = shown - 1 - exponent;
    format_fixed(out, spec, value, digits, value == 0 ? 1 : point, behind > 0 ? behind : 0);
}

/* Rounds the fraction to digits hexadecimal digits, to even; the carry goes into the leading digit. */
static uint64_t hex_round(uint64_t mantissa, int digits) {
    int drop = 4 * (HEX_DIGITS - digits);
    uint64_t unit = (uint64_t)1 << drop;
    uint64_t rest = mantissa & (unit - 1);
    mantissa &= ~(unit - 1);
    if (rest > unit / 2 || (rest == unit / 2 && (mantissa & unit))) {
        mantissa += unit;
    }
    return mantissa;
}

static void format_hexadecimal(struct format_out *out, const struct format_spec *spec, double value) {
    const char *set = is_upper(spec) ? "0123456789ABCDEF" : "0123456789abcdef";
    const char *sign = sign_of(spec, value);
    char prefix[4] = "";
    char text[HEX_DIGITS + 1];
    char exponent[8];
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    int power = (int)(bits >> FRACTION_BITS & EXPONENT_MASK);
    uint64_t mantissa = bits & (((uint64_t)1 << FRACTION_BITS) - 1);
    if (power) {
        mantissa |= (uint64_t)1 << FRACTION_BITS;
        power -= EXPONENT_BIAS;
    } else if (mantissa) {
        power = 1 - EXPONENT_BIAS;
    }
    if (spec->precision >= 0 && spec->precision < HEX_DIGITS) {
        mantissa = hex_round(mantissa, spec->precision);
    }
    for (int i = 0; i <= HEX_DIGITS; i++) {
        text[i] = set[mantissa >> (FRACTION_BITS - 4 * i) & 0xf];
    }
    long shown = spec->precision;
    if (shown < 0) {
        for (shown = HEX_DIGITS; shown > 0 && text[shown] == '0'; shown--) {
        }
    }
    strcpy(prefix, sign);
    strcat(prefix, is_upper(spec) ? "0X" : "0x");
    bool has_point = shown > 0 || spec->alternate;
    size_t exponent_length = exponent_write(exponent, is_upper(spec) ? 'P' : 'p', power, 1);
    size_t body = (size_t)(1 + has_point + shown) + exponent_length;
    out_begin(out, spec, prefix, body, spec->zero);
    out_ascii(out, text, 1);
    out_point(out, has_point);
    out_digits(out, text + 1, HEX_DIGITS, 0, shown);
    out_ascii(out, exponent, exponent_length);
    out_end(out, spec, prefix, body);
}

void format_float(struct format_out *out, const struct format_spec *spec, double value) {
    int point;
    long precision = spec->precision < 0 ? DEFAULT_PRECISION : spec->precision;
    if (!isfinite(value)) {
        format_special(out, spec, value);
        return;
    }
    switch (spec->letter) {
    case 'a':
    case 'A':
        format_hexadecimal(out, spec, value);
        return;
    case 'g':
    case 'G':
        format_general(out, spec, value);
        return;
    case 'e':
    case 'E': {
        const char *digits = float_digits(value, true, (int)precision + 1, &point);
        format_exponent(out, spec, value, digits, point, precision);
        return;
    }
    default: {
        const char *digits = float_digits(value, false, (int)precision, &point);
        format_fixed(out, spec, value, digits, point, precision);
        return;
    }
    }
}
