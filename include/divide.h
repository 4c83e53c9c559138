/* 64 bits by 32: the kernel is linked without the compiler's division of 64 bits, which takes several hundred
 * instructions. */
#ifndef INCLUDE_DIVIDE_H
#define INCLUDE_DIVIDE_H

#include "include/types.h"

/* value / by; by: a constant above 1.  Each 2^32 of the high word is so many times by, and a remainder that goes back
 * to the rest, which gets smaller by 2^32 / by in each round. */
ALWAYS_INLINE uint64_t divide_u64(uint64_t value, uint32_t by) {
    uint64_t quotient = 0;
    while (value >> 32 != 0) {
        uint64_t high = value >> 32;
        quotient += high * (UINT32_MAX / by);
        value = high * (UINT32_MAX % by + 1) + (uint32_t)value;
    }
    return quotient + (uint32_t)value / by;
}

#endif
