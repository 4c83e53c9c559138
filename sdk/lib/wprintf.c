/* The wprintf family over the formatting engine (format.h). */
#include "sdk/lib/stream_sink.h"
#include <limits.h>
#include <wchar.h>

int vfwprintf(FILE *restrict stream, const wchar_t *restrict format, va_list list) {
    return stream_format(stream, true, format, list);
}

int fwprintf(FILE *restrict stream, const wchar_t *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = vfwprintf(stream, format, list);
    va_end(list);
    return count;
}

int vwprintf(const wchar_t *restrict format, va_list list) {
    return vfwprintf(stdout, format, list);
}

int wprintf(const wchar_t *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = vfwprintf(stdout, format, list);
    va_end(list);
    return count;
}

/* ISO C's form: -1 when the text and its zero do not fit. */
int(vswprintf)(wchar_t *restrict buffer, size_t capacity, const wchar_t *restrict format, va_list list) {
    size_t room = capacity ? capacity - 1 : 0;
    int count = format_memory(true, buffer, room, format, list);
    if (capacity == 0) {
        return -1;
    }
    buffer[count >= 0 && (size_t)count < room ? (size_t)count : room] = 0;
    return count < 0 || (size_t)count > room ? -1 : count;
}

int(swprintf)(wchar_t *restrict buffer, size_t capacity, const wchar_t *restrict format, ...) {
    va_list list;
    va_start(list, format);
    int count = (vswprintf)(buffer, capacity, format, list);
    va_end(list);
    return count;
}

int __situ_vswprintf(wchar_t *buffer, const wchar_t *format, va_list list) {
    return (vswprintf)(buffer, INT_MAX, format, list);
}

int __situ_swprintf(wchar_t *buffer, const wchar_t *format, ...) {
    va_list list;
    va_start(list, format);
    int count = __situ_vswprintf(buffer, format, list);
    va_end(list);
    return count;
}

int _vsnwprintf(wchar_t *buffer, size_t capacity, const wchar_t *format, va_list list) {
    int count = format_memory(true, buffer, capacity, format, list);
    if (count < 0 || (size_t)count > capacity) {
        return -1;
    }
    if ((size_t)count < capacity) {
        buffer[count] = 0;
    }
    return count;
}

int _snwprintf(wchar_t *buffer, size_t capacity, const wchar_t *format, ...) {
    va_list list;
    va_start(list, format);
    int count = _vsnwprintf(buffer, capacity, format, list);
    va_end(list);
    return count;
}
