/* LZ4 block format: a row of sequences
 *
 *   token: literal length (high 4 bits), match length - 4 (low 4 bits); 15 = more bytes follow, each added, up to
 *   and with the first that is not 255
 *   [literal length bytes] literals, distance (2 bytes, low first), [match length bytes]
 *
 * The last sequence ends behind its literals.  Each length is tested against both ends before a byte is moved.
 */
#include "fs/lz4.h"
#include <string.h>

#define LENGTH_MORE  15u
#define MATCH_LEAST  4u
#define LENGTH_LIMIT 0x7fffffffu /* keeps sums of lengths within 32 bits */

/* Reads the bytes that extend a length of 15; false when the input ends or the number gets absurd. */
static bool extend_length(const uint8_t **in, const uint8_t *in_end, uint32_t *length) {
    uint32_t more;
    do {
        if (*in == in_end || *length > LENGTH_LIMIT) {
            return false;
        }
        more = *(*in)++;
        *length += more;
    } while (more == 255);
    return true;
}

/* Repeats what lies distance bytes back; source and destination overlap when it is a run. */
static uint8_t *copy_match(uint8_t *out, uint32_t distance, uint32_t length) {
    const uint8_t *from = out - distance;
    if (distance >= length) {
        memcpy(out, from, length);
        return out + length;
    }
    while (length-- != 0) {
        *out++ = *from++;
    }
    return out;
}

status_t lz4_decode(const void *from, uint32_t from_bytes, void *to, uint32_t to_bytes) {
    const uint8_t *in = from;
    const uint8_t *in_end = in + from_bytes;
    uint8_t *out = to;
    uint8_t *out_end = out + to_bytes;

    while (in != in_end) {
        uint32_t token = *in++;
        uint32_t literals = token >> 4;
        if (literals == LENGTH_MORE && !extend_length(&in, in_end, &literals)) {
            return ERROR_INVALID_DATA;
        }
        if (literals > (size_t)(in_end - in) || literals > (size_t)(out_end - out)) {
            return ERROR_INVALID_DATA;
        }
        memcpy(out, in, literals);
        in += literals;
        out += literals;
        if (in == in_end) {
            return out == out_end ? ERROR_SUCCESS : ERROR_INVALID_DATA;
        }
        if (in_end - in < 2) {
            return ERROR_INVALID_DATA;
        }
        uint32_t distance = in[0] | (uint32_t)in[1] << 8;
        in += 2;
        uint32_t length = token & 15;
        if (length == LENGTH_MORE && !extend_length(&in, in_end, &length)) {
            return ERROR_INVALID_DATA;
        }
        length += MATCH_LEAST;
        if (distance == 0 || distance > (size_t)(out - (uint8_t *)to) || length > (size_t)(out_end - out)) {
            return ERROR_INVALID_DATA;
        }
        out = copy_match(out, distance, length);
    }
    return ERROR_INVALID_DATA; /* empty, or it ends with a match */
}
