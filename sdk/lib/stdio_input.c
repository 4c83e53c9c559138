/* The locked forms of stdio's input functions: each takes the stream's lock around newlib's own. */
#include "sdk/lib/stdio_lock.h"
#include <reent.h>

int fgetc(FILE *stream) {
    stream_lock(stream);
    int result = _fgetc_r(_impure_ptr, stream);
    stream_unlock(stream);
    return result;
}

int getc(FILE *stream) {
    return fgetc(stream);
}

int getchar(void) {
    return fgetc(stdin);
}

int ungetc(int c, FILE *stream) {
    stream_lock(stream);
    int result = _ungetc_r(_impure_ptr, c, stream);
    stream_unlock(stream);
    return result;
}

char *fgets(char *restrict line, int size, FILE *restrict stream) {
    stream_lock(stream);
    char *result = _fgets_r(_impure_ptr, line, size, stream);
    stream_unlock(stream);
    return result;
}

char *gets(char *line) {
    stream_lock(stdin);
    char *result = _gets_r(_impure_ptr, line);
    stream_unlock(stdin);
    return result;
}

size_t fread(void *restrict buffer, size_t size, size_t count, FILE *restrict stream) {
    stream_lock(stream);
    size_t result = _fread_r(_impure_ptr, buffer, size, count, stream);
    stream_unlock(stream);
    return result;
}
