/* The atomic operations of the kernel's helper page (include/abi.h), as C functions.  Each returns the old value. */
#ifndef SDK_LIB_HELPER_H
#define SDK_LIB_HELPER_H

#include <stdint.h>
#include "include/abi.h"
#include "include/layout.h"

typedef int32_t (*helper_two)(volatile int32_t *word, int32_t value);
typedef int32_t (*helper_three)(volatile int32_t *word, int32_t value, int32_t comparand);

#define HELPER_TWO(offset) ((helper_two)(HELPER_VA + (offset)))

static inline int32_t helper_exchange(volatile int32_t *word, int32_t value) {
    return HELPER_TWO(ABI_HELPER_EXCHANGE)(word, value);
}

/* Stores value if the word equals comparand. */
static inline int32_t helper_compare_exchange(volatile int32_t *word, int32_t value, int32_t comparand) {
    return ((helper_three)(HELPER_VA + ABI_HELPER_COMPARE_EXCHANGE))(word, value, comparand);
}

static inline int32_t helper_add(volatile int32_t *word, int32_t value) {
    return HELPER_TWO(ABI_HELPER_ADD)(word, value);
}

static inline int32_t helper_and(volatile int32_t *word, int32_t value) {
    return HELPER_TWO(ABI_HELPER_AND)(word, value);
}

static inline int32_t helper_or(volatile int32_t *word, int32_t value) {
    return HELPER_TWO(ABI_HELPER_OR)(word, value);
}

static inline int32_t helper_xor(volatile int32_t *word, int32_t value) {
    return HELPER_TWO(ABI_HELPER_XOR)(word, value);
}

#endif
