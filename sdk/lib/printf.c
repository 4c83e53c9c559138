/* The printf family over the formatting engine (format.h).  The forms without floating point that newlib uses inside
 * (siprintf and relatives) are the same functions. */
#define _GNU_SOURCE /* asprintf */
#include "sdk/lib/stream_sink.h"
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int vfprintf(FILE *restrict stream, const char *restrict format, va_list list) {
    return stream_format(stream, false, format, list);
}

int fprintf(FILE *restrict stream, const char *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = vfprintf(stream, format, list);
    va_end(list);
    return count;
}

int vprintf(const char *restrict format, va_list list) {
    return vfprintf(stdout, format, list);
}

int printf(const char *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = vfprintf(stdout, format, list);
    va_end(list);
    return count;
}

int vsnprintf(char *restrict buffer, size_t capacity, const char *restrict format, va_list list) {
    size_t room = capacity ? capacity - 1 : 0;
    int count = format_memory(false, buffer, room, format, list);
    if (capacity) {
        buffer[count >= 0 && (size_t)count < room ? (size_t)count : room] = 0;
    }
    return count;
}

int snprintf(char *restrict buffer, size_t capacity, const char *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = vsnprintf(buffer, capacity, format, list);
    va_end(list);
    return count;
}

int vsprintf(char *restrict buffer, const char *restrict format, va_list list) {
    return vsnprintf(buffer, INT_MAX, format, list);
}

int sprintf(char *restrict buffer, const char *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = vsprintf(buffer, format, list);
    va_end(list);
    return count;
}

int _vsnprintf(char *buffer, size_t capacity, const char *format, va_list list) {
    int count = format_memory(false, buffer, capacity, format, list);
    if (count < 0 || (size_t)count > capacity) {
        return -1;
    }
    if ((size_t)count < capacity) {
        buffer[count] = 0;
    }
    return count;
}

int _snprintf(char *buffer, size_t capacity, const char *format, ...) {
    va_list list;
    va_start(list, format);
    int count = _vsnprintf(buffer, capacity, format, list);
    va_end(list);
    return count;
}

int vasprintf(char **text, const char *format, va_list list) {
    int count = format_memory(false, NULL, 0, format, list);
    *text = count < 0 ? NULL : malloc((size_t)count + 1);
    return *text ? vsnprintf(*text, (size_t)count + 1, format, list) : -1;
}

int asprintf(char **restrict text, const char *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = vasprintf(text, format, list);
    va_end(list);
    return count;
}

int siprintf(char *buffer, const char *format, ...) __attribute__((alias("sprintf")));
int sniprintf(char *buffer, size_t capacity, const char *format, ...) __attribute__((alias("snprintf")));
int fiprintf(FILE *stream, const char *format, ...) __attribute__((alias("fprintf")));
int iprintf(const char *format, ...) __attribute__((alias("printf")));
