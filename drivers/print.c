/* Formatting straight to the console, byte by byte, without a buffer for a line: works on any stack, however small. */
#include <stdarg.h>
#include <string.h>

#include "include/print.h"
#include "drivers/uart.h"

#define NUMBER_MAX 12u /* digits and sign of any 32-bit number */

/* A conversion: %[-][0][width][.precision][l]letter */
struct field {
    bool left, zeros, wide;
    uint32_t width;
    uint32_t precision;
};

void print_write(const char *text, uint32_t bytes) {
    uint32_t from = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        if (text[i] == '\n') {
            uart_write(text + from, i - from);
            uart_write("\r\n", 2);
            from = i + 1;
        }
    }
    uart_write(text + from, bytes - from);
}

static void print_repeated(char c, uint32_t count) {
    while (count-- > 0) {
        uart_write(&c, 1);
    }
}

/* text is used columns wide when printed. */
static void print_padded(const struct field *field, uint32_t columns, const char *text, uint32_t bytes) {
    uint32_t padding = field->width > columns ? field->width - columns : 0;
    if (!field->left) {
        print_repeated(' ', padding);
    }
    print_write(text, bytes);
    if (field->left) {
        print_repeated(' ', padding);
    }
}

/* digits end at the end of the buffer; zeros go between sign and digits. */
static void print_number(const struct field *field, bool negative, uint32_t value, uint32_t base) {
    char buffer[NUMBER_MAX];
    char *digits = buffer + NUMBER_MAX;
    do {
        *--digits = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    uint32_t count = (uint32_t)(buffer + NUMBER_MAX - digits);
    if (field->zeros && !field->left) {
        if (negative) {
            uart_write("-", 1);
            count++;
        }
        print_repeated('0', field->width > count ? field->width - count : 0);
        uart_write(digits, (uint32_t)(buffer + NUMBER_MAX - digits));
        return;
    }
    if (negative) {
        *--digits = '-';
        count++;
    }
    print_padded(field, count, digits, count);
}

static uint32_t length_up_to(const char *text, uint32_t most) {
    uint32_t length = 0;
    while (length < most && text[length] != 0) {
        length++;
    }
    return length;
}

static void print_string(const struct field *field, const char *text) {
    if (text == NULL) {
        text = "(null)";
    }
    uint32_t length = length_up_to(text, field->precision);
    print_padded(field, length, text, length);
}

/* Prints one character as UTF-8 (RFC 3629). */
static void print_character(uint32_t c) {
    char bytes[4];
    uint32_t count = 0;
    if (c < 0x80) {
        bytes[count++] = (char)c;
    } else if (c < 0x800) {
        bytes[count++] = (char)(0xc0u | c >> 6);
        bytes[count++] = (char)(0x80u | (c & 0x3fu));
    } else {
        if (c < 0x10000) {
            bytes[count++] = (char)(0xe0u | c >> 12);
        } else {
            bytes[count++] = (char)(0xf0u | c >> 18);
            bytes[count++] = (char)(0x80u | (c >> 12 & 0x3fu));
        }
        bytes[count++] = (char)(0x80u | (c >> 6 & 0x3fu));
        bytes[count++] = (char)(0x80u | (c & 0x3fu));
    }
    print_write(bytes, count);
}

static bool is_high_surrogate(uint32_t unit) {
    return (unit & 0xfc00u) == 0xd800u;
}

static bool is_low_surrogate(uint32_t unit) {
    return (unit & 0xfc00u) == 0xdc00u;
}

/* Half a surrogate pair prints as the replacement character. */
static void print_wide(const struct field *field, const uint16_t *text) {
    if (text == NULL) {
        print_string(field, NULL);
        return;
    }
    uint32_t units = 0;
    uint32_t columns = 0;
    for (; units < field->precision && text[units] != 0; units++) {
        columns += is_low_surrogate(text[units]) ? 0 : 1;
    }
    uint32_t padding = field->width > columns ? field->width - columns : 0;
    if (!field->left) {
        print_repeated(' ', padding);
    }
    for (uint32_t i = 0; i < units; i++) {
        uint32_t c = text[i];
        if (is_high_surrogate(c) && i + 1 < units && is_low_surrogate(text[i + 1])) {
            i++;
            c = 0x10000u + ((c & 0x3ffu) << 10) + (text[i] & 0x3ffu);
        } else if (is_high_surrogate(c) || is_low_surrogate(c)) {
            c = 0xfffd;
        }
        print_character(c);
    }
    if (field->left) {
        print_repeated(' ', padding);
    }
}

static const char *parse_number(const char *format, uint32_t *number) {
    uint32_t value = 0;
    while (*format >= '0' && *format <= '9') {
        value = value * 10 + (uint32_t)(*format++ - '0');
    }
    *number = value;
    return format;
}

/* format: behind the '%'.  Returns the conversion letter's place. */
static const char *parse_field(const char *format, struct field *field) {
    memset(field, 0, sizeof *field);
    field->precision = UINT32_MAX;
    for (; *format == '-' || *format == '0'; format++) {
        if (*format == '-') {
            field->left = true;
        } else {
            field->zeros = true;
        }
    }
    format = parse_number(format, &field->width);
    if (*format == '.') {
        format = parse_number(format + 1, &field->precision);
    }
    if (*format == 'l') {
        field->wide = true;
        format++;
    }
    return format;
}

void kprintf(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    while (*format != 0) {
        const char *text = format;
        while (*format != 0 && *format != '%') {
            format++;
        }
        print_write(text, (uint32_t)(format - text));
        if (*format == 0) {
            break;
        }
        struct field field;
        format = parse_field(format + 1, &field);
        switch (*format) {
        case 's':
            if (field.wide) {
                print_wide(&field, va_arg(arguments, const uint16_t *));
            } else {
                print_string(&field, va_arg(arguments, const char *));
            }
            break;
        case 'c': {
            char c = (char)va_arg(arguments, int);
            print_padded(&field, 1, &c, 1);
            break;
        }
        case 'd': {
            int value = va_arg(arguments, int);
            print_number(&field, value < 0, value < 0 ? 0u - (uint32_t)value : (uint32_t)value, 10);
            break;
        }
        case 'u':
            print_number(&field, false, va_arg(arguments, uint32_t), 10);
            break;
        case 'x':
            print_number(&field, false, va_arg(arguments, uint32_t), 16);
            break;
        case 'p':
            field.zeros = true;
            field.width = 8;
            uart_write("0x", 2);
            print_number(&field, false, va_arg(arguments, uint32_t), 16);
            break;
        case '%':
            uart_write("%", 1);
            break;
        default: /* not a conversion of ours: shown as it stands, its argument is unknown */
            uart_write("%", 1);
            continue;
        }
        format++;
    }
    va_end(arguments);
}
