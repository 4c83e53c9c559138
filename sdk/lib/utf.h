/* UTF-8 and UTF-16, one into the other.
 *
 * What is malformed (a lone surrogate, a byte that no sequence explains, an overlong form, a value above
 * 0x10FFFF) becomes U+FFFD, once for each maximal part of a sequence, and is counted.
 */
#ifndef SDK_LIB_UTF_H
#define SDK_LIB_UTF_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#define UTF_REPLACEMENT 0xfffdu

/* Takes the character at *text (before end) and moves *text behind it.  Returns its code point; what is malformed
 * gives UTF_REPLACEMENT and sets *bad to 1. */
uint32_t utf8_take(const char **text, const char *end, int *bad);
uint32_t utf16_take(const wchar_t **text, const wchar_t *end, int *bad);

/* Writes the code point to out (4 bytes, 2 units) and returns how many bytes or units it took. */
size_t utf8_put(uint32_t point, char *out);
size_t utf16_put(uint32_t point, wchar_t *out);

/* Convert count units (bytes), zeros included, into out, which has room for capacity; whole characters only.
 * Return how many were written, or, with out NULL, how many are needed. */
size_t utf16_to_utf8(const wchar_t *text, size_t count, char *out, size_t capacity);
size_t utf8_to_utf16(const char *text, size_t count, wchar_t *out, size_t capacity);

#endif
