/* The scanf family: newlib's, under the stream's lock, with %I64 and %I32 translated to what it knows.
 *
 * A format is copied only when it has one of them.  Within a conversion (% up to its letter, or up to the ] of a set)
 * I64 becomes ll and I32 nothing.
 */
#include "sdk/lib/stdio_lock.h"
#include <errno.h>
#include <reent.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Writes the translation, with its zero, to out, which has room for as many bytes as format. */
static void translate(const char *format, char *out) {
    while (*format) {
        if (*format != '%') {
            *out++ = *format++;
            continue;
        }
        *out++ = *format++;
        while (*format == '*' || (*format >= '0' && *format <= '9')) {
            *out++ = *format++;
        }
        if (strncmp(format, "I64", 3) == 0) {
            memcpy(out, "ll", 2);
            out += 2;
            format += 3;
        } else if (strncmp(format, "I32", 3) == 0) {
            format += 3;
        } else if (*format) {
            *out++ = *format++; /* also the second of two percent signs */
        }
    }
    *out = 0;
}

/* Returns the format to use: itself, or a translation that *copy keeps for the caller to free; NULL: no memory. */
static const char *translation(const char *format, char **copy) {
    *copy = NULL;
    if (!strstr(format, "I64") && !strstr(format, "I32")) {
        return format;
    }
    *copy = malloc(strlen(format) + 1);
    if (!*copy) {
        errno = ENOMEM;
        return NULL;
    }
    translate(format, *copy);
    return *copy;
}

int vfscanf(FILE *restrict stream, const char *restrict format, va_list list) {
    char *copy;
    int count = EOF;
    const char *used = translation(format, &copy);
    if (used) {
        stream_lock(stream);
        count = _vfscanf_r(_impure_ptr, stream, used, list);
        stream_unlock(stream);
    }
    free(copy);
    return count;
}

int vsscanf(const char *restrict text, const char *restrict format, va_list list) {
    char *copy;
    const char *used = translation(format, &copy);
    int count = used ? _vsscanf_r(_impure_ptr, text, used, list) : EOF;
    free(copy);
    return count;
}

int vscanf(const char *restrict format, va_list list) {
    return vfscanf(stdin, format, list);
}

int scanf(const char *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = vfscanf(stdin, format, list);
    va_end(list);
    return count;
}

int fscanf(FILE *restrict stream, const char *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = vfscanf(stream, format, list);
    va_end(list);
    return count;
}

int sscanf(const char *restrict text, const char *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = vsscanf(text, format, list);
    va_end(list);
    return count;
}
