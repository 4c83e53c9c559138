/* A set of small numbers with the lowest one found in a few steps: a bitmap, over it one that says which of its words
 * are not zero, and so on up to a single word.  Bit n of a word is counted from the top, so that one CLZ finds the
 * lowest member.
 *
 * Locking: the caller's.
 */
#ifndef MM_BITSET_H
#define MM_BITSET_H

#include "include/types.h"

#define BITSET_LEVELS 4u /* up to 2^20 members */

struct bitset {
    uint32_t *level[BITSET_LEVELS]; /* level 0: the members */
    unsigned depth;                 /* levels in use; the last one is a single word */
};

/* Words of memory for members 0 .. count - 1. */
static inline uint32_t bitset_words(uint32_t count) {
    uint32_t words = 0;
    do {
        count = (count + 31) / 32;
        words += max_u32(count, 1);
    } while (count > 1);
    return words;
}

/* Makes an empty set in zeroed memory of bitset_words(count) words. */
static inline void bitset_init(struct bitset *set, uint32_t count, uint32_t *memory) {
    set->depth = 0;
    do {
        count = (count + 31) / 32;
        set->level[set->depth++] = memory;
        memory += count;
    } while (count > 1);
}

static inline bool bitset_has(const struct bitset *set, uint32_t member) {
    return (set->level[0][member / 32] & (0x80000000u >> (member % 32))) != 0;
}

static inline void bitset_add(struct bitset *set, uint32_t member) {
    for (unsigned i = 0; i < set->depth; i++) {
        uint32_t *word = &set->level[i][member / 32];
        uint32_t before = *word;
        *word = before | (0x80000000u >> (member % 32));
        if (before != 0) {
            return;
        }
        member /= 32;
    }
}

static inline void bitset_remove(struct bitset *set, uint32_t member) {
    for (unsigned i = 0; i < set->depth; i++) {
        uint32_t *word = &set->level[i][member / 32];
        *word &= ~(0x80000000u >> (member % 32));
        if (*word != 0) {
            return;
        }
        member /= 32;
    }
}

static inline bool bitset_empty(const struct bitset *set) {
    return set->level[set->depth - 1][0] == 0;
}

/* The lowest member; the set must not be empty. */
static inline uint32_t bitset_first(const struct bitset *set) {
    uint32_t member = 0;
    for (unsigned i = set->depth; i-- > 0;) {
        member = member * 32 + (uint32_t)__builtin_clz(set->level[i][member]);
    }
    return member;
}

#endif
