/* The locked forms of stdio's output functions: each takes the stream's lock around newlib's own. */
#include "sdk/lib/stdio_lock.h"
#include <reent.h>

int fputc(int c, FILE *stream) {
    stream_lock(stream);
    int result = _fputc_r(_impure_ptr, c, stream);
    stream_unlock(stream);
    return result;
}

int putc(int c, FILE *stream) {
    return fputc(c, stream);
}

int putchar(int c) {
    return fputc(c, stdout);
}

int fputs(const char *restrict text, FILE *restrict stream) {
    stream_lock(stream);
    int result = _fputs_r(_impure_ptr, text, stream);
    stream_unlock(stream);
    return result;
}

int puts(const char *text) {
    stream_lock(stdout);
    int result = _puts_r(_impure_ptr, text);
    stream_unlock(stdout);
    return result;
}

size_t fwrite(const void *restrict buffer, size_t size, size_t count, FILE *restrict stream) {
    stream_lock(stream);
    size_t result = _fwrite_r(_impure_ptr, buffer, size, count, stream);
    stream_unlock(stream);
    return result;
}
