/* One conversion of a format, taken apart, and the parts of the engine that act on it. */
#ifndef SDK_LIB_FORMAT_SPEC_H
#define SDK_LIB_FORMAT_SPEC_H

#include "sdk/lib/format.h"
#include <stdint.h>

enum format_size { SIZE_INT, SIZE_CHAR, SIZE_SHORT, SIZE_LONG, SIZE_64, SIZE_WIDE };

struct format_spec {
    bool left, plus, space, alternate, zero;
    int width;     /* 0: none */
    int precision; /* -1: none */
    enum format_size size;
    char letter;
};

/* The output so far. */
struct format_out {
    struct format_sink *sink;
    size_t count;
};

/* Emit units of the sink's own kind; ASCII text; one ASCII character many times (count <= 0: nothing). */
void out_native(struct format_out *out, const void *units, size_t count);
void out_ascii(struct format_out *out, const char *text, size_t count);
void out_fill(struct format_out *out, char c, long count);

/* Emits prefix (sign, 0x) and a body of body_length with the padding that the spec asks for around and between; the
 * body itself is emitted by the caller after out_begin and before out_end.  zero_pad: pad with zeros behind the prefix.
 */
void out_begin(struct format_out *out, const struct format_spec *spec, const char *prefix, size_t body_length,
               bool zero_pad);
void out_end(struct format_out *out, const struct format_spec *spec, const char *prefix, size_t body_length);

void format_integer(struct format_out *out, const struct format_spec *spec, uint64_t magnitude, bool negative);
void format_float(struct format_out *out, const struct format_spec *spec, double value);
void format_string(struct format_out *out, const struct format_spec *spec, const void *text, bool wide);
void format_character(struct format_out *out, const struct format_spec *spec, unsigned c, bool wide);

#endif
