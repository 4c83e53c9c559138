/* Formatted output to streams; stream_sink.h says how. */
#include "sdk/lib/stream_sink.h"
#include "sdk/lib/stdio_lock.h"
#include "sdk/lib/utf.h"
#include <reent.h>
#include <string.h>

#define PIECE 256

struct stream_sink {
    struct format_sink sink;
    FILE *stream;
    size_t used;
    wchar_t first; /* half of a surrogate pair that waits for the other, or 0 */
    char piece[PIECE];
};

static void piece_write(struct stream_sink *to) {
    if (to->used) {
        _fwrite_r(_impure_ptr, to->piece, 1, to->used, to->stream);
        to->used = 0;
    }
}

static void narrow_emit(struct format_sink *sink, const void *units, size_t count) {
    struct stream_sink *to = (struct stream_sink *)(void *)sink;
    if (count > PIECE - to->used) {
        piece_write(to);
    }
    if (count > PIECE) {
        _fwrite_r(_impure_ptr, units, 1, count, to->stream);
        return;
    }
    memcpy(to->piece + to->used, units, count);
    to->used += count;
}

static void point_write(struct stream_sink *to, uint32_t point) {
    if (PIECE - to->used < 4) {
        piece_write(to);
    }
    to->used += utf8_put(point, to->piece + to->used);
}

static void wide_emit(struct format_sink *sink, const void *units, size_t count) {
    struct stream_sink *to = (struct stream_sink *)(void *)sink;
    const wchar_t *at = units;
    const wchar_t *end = at + count;
    int bad = 0;
    if (to->first && at < end) {
        wchar_t pair[2] = {to->first, *at};
        const wchar_t *taken = pair;
        point_write(to, utf16_take(&taken, pair + 2, &bad));
        at += taken - pair - 1;
        to->first = 0;
    }
    while (at < end) {
        if (at + 1 == end && (*at & 0xfc00) == 0xd800) {
            to->first = *at;
            return;
        }
        point_write(to, utf16_take(&at, end, &bad));
    }
}

int stream_format(FILE *stream, bool wide, const void *format, va_list list) {
    struct stream_sink to = {.sink = {wide, wide ? wide_emit : narrow_emit}, .stream = stream};
    stream_lock(stream);
    int failed = ferror(stream);
    stream->_flags &= (short)~__SERR;
    int count = format_text(&to.sink, format, list);
    if (to.first) {
        point_write(&to, UTF_REPLACEMENT);
    }
    piece_write(&to);
    if (ferror(stream)) {
        count = -1;
    } else if (failed) {
        stream->_flags |= __SERR;
    }
    stream_unlock(stream);
    return count;
}
