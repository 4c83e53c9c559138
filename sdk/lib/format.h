/* The formatting behind the printf and wprintf families.
 *
 * One engine serves both: the format and the output have the same kind of characters, bytes (UTF-8) or UTF-16 units.
 * What it understands: the flags - + space # 0, width and precision (also *), the sizes hh h l ll L q j z t w I I32
 * I64, and d i u o x X c C s S p n e E f F g G a A %.  %s and %c take text of the format's own kind, %S and %C of the
 * other; h means narrow and l or w wide for all four.  Text of the other kind is converted, and its precision counts
 * characters of the output.  %p is 8 hexadecimal digits, as on CE.  An unknown letter stands for itself.
 */
#ifndef SDK_LIB_FORMAT_H
#define SDK_LIB_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/* Where the output goes.  units points to count chars (wide false) or wchar_t (wide true). */
struct format_sink {
    bool wide;
    void (*emit)(struct format_sink *sink, const void *units, size_t count);
};

/* Formats into the sink.  format is a const char * or const wchar_t *, as the sink says.  Returns how many units were
 * emitted, or -1 when they are more than an int holds. */
int format_text(struct format_sink *sink, const void *format, va_list list);

/* A sink that writes to memory: what exceeds the room is counted but not written. */
struct format_memory {
    struct format_sink sink;
    void *next;
    size_t room; /* units */
};

/* Formats to memory with room for capacity units, and no zero behind.  Returns as format_text does. */
int format_memory(bool wide, void *buffer, size_t capacity, const void *format, va_list list);

/* The shortest decimal digits of |value|, without point or trailing zeros, correctly rounded: significant: at most
 * count of them in all; otherwise at most count behind the decimal point.  *point is how many digits lie
 * before the point (may be negative, or more than there are).  value is finite.  The text lives until the thread's next
 * call.  (float_digits.c; tests on the host have their own.) */
const char *float_digits(double value, bool significant, int count, int *point);

#endif
