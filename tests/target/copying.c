/* memcpy, memmove, memset and memcmp against copies byte by byte: every alignment of both sides with every length up to
 * 100, longer ones around the steps that the library takes, and nothing outside touched or read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "helpers.h"
#include "tap.h"

#define ROOM   3072
#define MARGIN 64

static unsigned char from[ROOM] __attribute__((aligned(32)));
static unsigned char to[ROOM] __attribute__((aligned(32)));
static unsigned char want[ROOM];

static int lengths[400];
static int length_count;

/* The calls are made through pointers, so that they are calls. */
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static void *(*volatile fill)(void *, int, size_t) = memset;
static int (*volatile compare)(const void *, const void *, size_t) = memcmp;

static void bytes_set(volatile unsigned char *at, unsigned char value, int count) {
    while (count-- > 0) {
        *at++ = value;
    }
}

static int bytes_differ(const volatile unsigned char *a, const volatile unsigned char *b, int count) {
    while (count-- > 0) {
        if (*a++ != *b++) {
            return 1;
        }
    }
    return 0;
}

static void choose_lengths(void) {
    static const int steps[] = {128, 160, 200, 224, 240, 256, 288, 320, 400, 440, 480, 512, 800, 840, 1024, 1200, 2000};

    for (int i = 0; i <= 100; i++) {
        lengths[length_count++] = i;
    }
    for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        for (int around = -5; around <= 5; around++) {
            lengths[length_count++] = steps[i] + around;
        }
    }
}

static int copy_once(int to_offset, int from_offset, int length) {
    volatile unsigned char *expected = want + MARGIN + to_offset;
    const volatile unsigned char *source = from + MARGIN + from_offset;

    bytes_set(to, 0xee, length + 2 * MARGIN + 8);
    bytes_set(want, 0xee, length + 2 * MARGIN + 8);
    for (int i = 0; i < length; i++) {
        expected[i] = source[i];
    }
    return copy(to + MARGIN + to_offset, from + MARGIN + from_offset, (size_t)length) == to + MARGIN + to_offset &&
           !bytes_differ(to, want, length + 2 * MARGIN + 8);
}

static void copies(void) {
    int wrong = 0;

    for (int i = 0; i < length_count; i++) {
        for (int offsets = 0; offsets < 64; offsets++) {
            wrong += !copy_once(offsets & 7, offsets >> 3, lengths[i]);
        }
    }
    IS(wrong, 0, "memcpy: %d lengths in 64 positions", length_count);
}

static void fills(void) {
    int wrong = 0;

    for (int i = 0; i < length_count; i++) {
        for (int offset = 0; offset < 8; offset++) {
            int all = lengths[i] + 2 * MARGIN + 8;

            bytes_set(to, 0xee, all);
            bytes_set(want, 0xee, all);
            bytes_set(want + MARGIN + offset, (unsigned char)i, lengths[i]);
            wrong += fill(to + MARGIN + offset, i | 0x5500, (size_t)lengths[i]) != to + MARGIN + offset ||
                     bytes_differ(to, want, all);
        }
    }
    IS(wrong, 0, "memset: %d lengths in 8 positions", length_count);
}

static void moves(void) {
    static const int distances[] = {-65, -32, -7, -4, -3, -1, 0, 1, 2, 4, 5, 8, 31, 64};
    int wrong = 0;

    for (int i = 0; i < length_count; i += 3) {
        for (unsigned d = 0; d < sizeof(distances) / sizeof(distances[0]); d++) {
            int length = lengths[i];
            int start = 100 + i % 4;

            for (int b = 0; b < length + 200; b++) {
                to[b] = want[b] = (unsigned char)(b * 7 + b / 251);
            }
            for (int b = 0; b < length; b++) {
                want[start + distances[d] + b] = to[start + b];
            }
            move(to + start + distances[d], to + start, (size_t)length);
            wrong += bytes_differ(to, want, length + 200);
        }
    }
    IS(wrong, 0, "memmove: both directions, overlapping");
}

static void compares(void) {
    int wrong = 0;

    for (int length = 1; length < 40; length++) {
        for (int offset = 0; offset < 4; offset++) {
            copy(to + offset, from, (size_t)length);
            wrong += compare(to + offset, from, (size_t)length) != 0;
            to[offset + length - 1] ^= 0x80;
            wrong += (compare(to + offset, from, (size_t)length) < 0) != (to[offset + length - 1] < from[length - 1]);
        }
    }
    IS(wrong, 0, "memcmp: signs");
}

/* A view ends where its file ends: one byte more would be an exception. */
static void edges(void) {
    HANDLE mapping = CreateFileMappingW(open_for_mapping(L"64k.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
    const unsigned char *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    volatile int wrong = 0, faults = 0;

    for (int i = 0; i < length_count; i++) {
        for (int offset = 0; offset < 4; offset++) {
            const unsigned char *start = view + 0x10000 - lengths[i];

            __try {
                copy(to + offset, start, (size_t)lengths[i]);
                wrong += bytes_differ(to + offset, start, lengths[i]);
            } __except (EXCEPTION_EXECUTE_HANDLER) {
                faults++;
            }
        }
    }
    IS(wrong, 0, "memcpy to the last byte of a view");
    IS(faults, 0, "reads nothing behind it");
    UnmapViewOfFile(view);
    CloseHandle(mapping);
}

int main(void) {
    for (int i = 0; i < ROOM; i++) {
        from[i] = (unsigned char)(i * 31 + i / 256);
    }
    choose_lengths();
    copies();
    fills();
    moves();
    compares();
    edges();
    return tap_done();
}
