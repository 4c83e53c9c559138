/* The locked forms of stdio's position functions: each takes the stream's lock around newlib's own. */
#include "sdk/lib/stdio_lock.h"
#include <reent.h>

int fseek(FILE *stream, long distance, int method) {
    stream_lock(stream);
    int result = _fseek_r(_impure_ptr, stream, distance, method);
    stream_unlock(stream);
    return result;
}

int fseeko(FILE *stream, off_t distance, int method) {
    stream_lock(stream);
    int result = _fseeko_r(_impure_ptr, stream, distance, method);
    stream_unlock(stream);
    return result;
}

long ftell(FILE *stream) {
    stream_lock(stream);
    long result = _ftell_r(_impure_ptr, stream);
    stream_unlock(stream);
    return result;
}

off_t ftello(FILE *stream) {
    stream_lock(stream);
    off_t result = _ftello_r(_impure_ptr, stream);
    stream_unlock(stream);
    return result;
}

int fgetpos(FILE *restrict stream, fpos_t *restrict position) {
    stream_lock(stream);
    int result = _fgetpos_r(_impure_ptr, stream, position);
    stream_unlock(stream);
    return result;
}

int fsetpos(FILE *stream, const fpos_t *position) {
    stream_lock(stream);
    int result = _fsetpos_r(_impure_ptr, stream, position);
    stream_unlock(stream);
    return result;
}

void rewind(FILE *stream) {
    stream_lock(stream);
    _rewind_r(_impure_ptr, stream);
    stream_unlock(stream);
}
