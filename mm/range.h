/* A set of address ranges that do not overlap: a balanced tree (AVL) in address order, each node knowing the largest
 * gap inside its subtree.  Nodes are embedded in what they describe; nothing is allocated.
 *
 * Colours: ranges of different colours never share a megabyte (the MMU's domains are per megabyte).  A set may also
 * keep a distance between neighbours.  All calls are O(log n); a search for a gap may take longer only when
 * fragmentation leaves no gap that fits for certain.
 *
 * Locking: the caller's.
 */
#ifndef MM_RANGE_H
#define MM_RANGE_H

#include "include/types.h"

struct range {
    uint32_t start; /* page aligned */
    uint32_t end;   /* behind the last byte; > start */
    uint8_t colour; /* domain */
    uint8_t height; /* from here on: the tree's own */
    struct range *left;
    struct range *right;
    uint32_t first;   /* start of the lowest range of the subtree */
    uint32_t last;    /* end of the highest */
    uint32_t max_gap; /* largest gap between two ranges of the subtree */
};

struct range_set {
    struct range *root; /* NULL: empty */
    uint32_t count;
    uint32_t distance; /* bytes kept free between two ranges; page aligned */
};

void range_set_init(struct range_set *set, uint32_t distance);

/* The range that holds address, or NULL. */
struct range *range_find(const struct range_set *set, uint32_t address);

/* The lowest range that ends above address (it may begin above it, too), or NULL: for walking a set. */
struct range *range_find_above(const struct range_set *set, uint32_t address);

/* True when [start, end) overlaps nothing, keeps the set's distance, and shares no megabyte with another colour. */
bool range_fits(const struct range_set *set, uint32_t start, uint32_t end, unsigned colour);

/* Adds a range whose start, end and colour are set; it must fit as range_fits says (distance and colour: the caller's
 * word, overlap is checked).  The set links it until range_remove. */
void range_insert(struct range_set *set, struct range *range);
void range_remove(struct range_set *set, struct range *range);

/* What range_find_gap found: nothing, the lowest gap that fits, or one that fits behind many that do not, between which
 * lower ones may have been left out. */
enum range_gap { RANGE_GAP_NONE, RANGE_GAP_LOWEST, RANGE_GAP_SOME };

/* A gap: *start >= low, a multiple of align (a power of two, at least a page), so that [start, start + bytes) ends at
 * or below high and range_fits.  bytes: page aligned, not 0. */
enum range_gap range_find_gap(const struct range_set *set, uint32_t bytes, uint32_t align, uint32_t low, uint32_t high,
                              unsigned colour, uint32_t *start);

#endif
