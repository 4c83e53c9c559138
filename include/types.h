/* Basic types of the kernel.
 *
 * Addresses are uint32_t: a virtual address is called va, a physical one pa.  A virtual address becomes a
 * pointer only where it is dereferenced.
 */
#ifndef INCLUDE_TYPES_H
#define INCLUDE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SHIFT   12u
#define PAGE_SIZE    0x1000u
#define LARGE_SIZE   0x10000u  /* 64 KB, an ARM large page */
#define SECTION_SIZE 0x100000u /* 1 MB, an ARM section */

#define ARRAY_COUNT(a)                      (sizeof(a) / sizeof((a)[0]))
#define CONTAINER_OF(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* A function of few instructions, in line also where code is compiled for size. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* A function off the usual paths: kept out of line and compiled for size. */
#define COLD __attribute__((cold, noinline))

/* Rounds to a power of two. */
static inline uint32_t round_down(uint32_t value, uint32_t to) {
    return value & ~(to - 1);
}

static inline uint32_t round_up(uint32_t value, uint32_t to) {
    return (value + to - 1) & ~(to - 1);
}

static inline bool is_aligned(uint32_t value, uint32_t to) {
    return (value & (to - 1)) == 0;
}

static inline uint32_t min_u32(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static inline uint32_t max_u32(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

#endif
