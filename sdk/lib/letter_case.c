/* Letter case by ranges (Unicode's simple mappings).  In a run of step 1 the upper letters lie together and each lower
 * one at a fixed distance; in a run of step 2 upper and lower alternate, upper first. */
#include "sdk/lib/letter_case.h"
#include <stddef.h>
#include <stdint.h>

static const struct {
    uint16_t first, last; /* upper-case letters */
    uint16_t distance;    /* to the lower-case one */
    uint16_t step;
} runs[] = {
    {'A', 'Z', 32, 1},     {0xc0, 0xd6, 32, 1},   {0xd8, 0xde, 32, 1},   {0x100, 0x12e, 1, 2},  {0x132, 0x136, 1, 2},
    {0x139, 0x147, 1, 2},  {0x14a, 0x176, 1, 2},  {0x179, 0x17d, 1, 2},  {0x386, 0x386, 38, 1}, {0x388, 0x38a, 37, 1},
    {0x38c, 0x38c, 64, 1}, {0x38e, 0x38f, 63, 1}, {0x391, 0x3a1, 32, 1}, {0x3a3, 0x3ab, 32, 1}, {0x400, 0x40f, 80, 1},
    {0x410, 0x42f, 32, 1}, {0x460, 0x480, 1, 2},  {0x48a, 0x4be, 1, 2},  {0x4c1, 0x4cd, 1, 2},  {0x4d0, 0x52e, 1, 2},
};

#define RUNS              (sizeof(runs) / sizeof(runs[0]))
#define Y_DIAERESIS_UPPER 0x178
#define Y_DIAERESIS_LOWER 0xff
#define SIGMA_FINAL       0x3c2
#define SIGMA_UPPER       0x3a3

wchar_t letter_lower(wchar_t c) {
    if (c == Y_DIAERESIS_UPPER) {
        return Y_DIAERESIS_LOWER;
    }
    for (size_t i = 0; i < RUNS; i++) {
        if (c >= runs[i].first && c <= runs[i].last && (c - runs[i].first) % runs[i].step == 0) {
            return (wchar_t)(c + runs[i].distance);
        }
    }
    return c;
}

wchar_t letter_upper(wchar_t c) {
    if (c == Y_DIAERESIS_LOWER) {
        return Y_DIAERESIS_UPPER;
    }
    if (c == SIGMA_FINAL) {
        return SIGMA_UPPER;
    }
    for (size_t i = 0; i < RUNS; i++) {
        int upper = c - runs[i].distance;
        if (upper >= runs[i].first && upper <= runs[i].last && (upper - runs[i].first) % runs[i].step == 0) {
            return (wchar_t)upper;
        }
    }
    return c;
}
