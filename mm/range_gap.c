/* Gaps of a range set (mm/range.h): does a range fit, and where is the first gap for one.
 *
 * A gap is named by the ranges below and above it.  What of it may be used depends on them alone: the set's distance
 * is kept from both, and a megabyte that a neighbour of another colour touches is not entered.  (A range further away
 * in that megabyte has the neighbour's colour.)
 *
 * The search goes through gaps that are long enough, lowest first.  Alignment and colours may still spoil them, so it
 * goes in three steps, and the first two bound the work:
 *   1. a few gaps of the length wanted: nearly always the answer, and the lowest;
 *   2. the lowest gap so long that nothing can spoil it;
 *   3. all gaps.
 */
#include "mm/range.h"

#include "include/panic.h"

#define TRIES 16u

struct request {
    uint32_t bytes;
    uint32_t align;
    uint32_t low;
    uint32_t high;
    unsigned colour;
};

/* Lowest address that may be used above a range. */
static uint32_t bound_above(const struct range_set *set, const struct range *below, unsigned colour) {
    uint32_t bound = below->end + set->distance;
    return below->colour == colour ? bound : max_u32(bound, round_up(below->end, SECTION_SIZE));
}

/* End of what may be used below a range. */
static uint32_t bound_below(const struct range_set *set, const struct range *above, unsigned colour) {
    uint32_t bound = above->start - min_u32(above->start, set->distance);
    return above->colour == colour ? bound : min_u32(bound, round_down(above->start, SECTION_SIZE));
}

/* The highest range that begins below address, or NULL. */
static const struct range *range_below(const struct range_set *set, uint32_t address) {
    const struct range *best = NULL;
    const struct range *range = set->root;
    while (range != NULL) {
        if (range->start < address) {
            best = range;
            range = range->right;
        } else {
            range = range->left;
        }
    }
    return best;
}

bool range_fits(const struct range_set *set, uint32_t start, uint32_t end, unsigned colour) {
    const struct range *above = range_find_above(set, start);
    if (above != NULL && end > bound_below(set, above, colour)) {
        return false;
    }
    const struct range *below = range_below(set, start);
    return below == NULL || (below->end <= start && start >= bound_above(set, below, colour));
}

static bool gap_fits(const struct range_set *set, const struct request *request, const struct range *below,
                     const struct range *above, uint32_t *start) {
    uint32_t low = request->low;
    uint32_t high = request->high;
    if (below != NULL) {
        low = max_u32(low, bound_above(set, below, request->colour));
    }
    if (above != NULL) {
        high = min_u32(high, bound_below(set, above, request->colour));
    }
    low = round_up(low, request->align);
    if (low > high || high - low < request->bytes) {
        return false;
    }
    *start = low;
    return true;
}

/* The lowest gap in a subtree that has need bytes above from: returns the range above it, and the one below in *below
 * (which comes in as the range before the subtree, or NULL).  A gap that the subtree's end bounds is not its own. */
static const struct range *gap_next(const struct range *tree, uint32_t from, uint32_t need,
                                    const struct range **below) {
    while (tree != NULL && tree->last > from) {
        uint32_t edge = max_u32(*below != NULL ? (*below)->end : 0, from);
        bool at_edge = tree->first > edge && tree->first - edge >= need;
        if (!at_edge && tree->max_gap < need) {
            return NULL;
        }
        const struct range *found = gap_next(tree->left, from, need, below);
        if (found != NULL) {
            return found;
        }
        const struct range *before = tree->left;
        while (before != NULL && before->right != NULL) {
            before = before->right;
        }
        if (before != NULL) {
            *below = before;
        }
        edge = max_u32(*below != NULL ? (*below)->end : 0, from);
        if (tree->start > edge && tree->start - edge >= need) {
            return tree;
        }
        *below = tree;
        tree = tree->right;
    }
    return NULL;
}

enum outcome { FOUND, NONE, GAVE_UP };

/* Looks at up to tries gaps of need bytes. */
static enum outcome search(const struct range_set *set, const struct request *request, uint32_t need, uint32_t tries,
                           uint32_t *start) {
    uint32_t from = request->low;
    while (from < request->high) {
        const struct range *below = NULL;
        const struct range *above = gap_next(set->root, from, need, &below);
        if (above == NULL) {
            below = range_below(set, 0xffffffff);
            return gap_fits(set, request, below, NULL, start) ? FOUND : NONE;
        }
        if (gap_fits(set, request, below, above, start)) {
            return FOUND;
        }
        if (--tries == 0) {
            return GAVE_UP;
        }
        from = above->start;
    }
    return NONE;
}

enum range_gap range_find_gap(const struct range_set *set, uint32_t bytes, uint32_t align, uint32_t low, uint32_t high,
                              unsigned colour, uint32_t *start) {
    ASSERT(bytes > 0 && align >= PAGE_SIZE);
    if (low >= high || bytes > high - low) {
        return RANGE_GAP_NONE;
    }
    if (set->root == NULL) {
        *start = round_up(low, align);
        return *start - low <= high - low - bytes;
    }
    struct request request = {.bytes = bytes, .align = align, .low = low, .high = high, .colour = colour};
    enum outcome outcome = search(set, &request, bytes, TRIES, start);
    if (outcome == GAVE_UP) {
        uint32_t certain = bytes + align + 2 * (set->distance + SECTION_SIZE);
        if (search(set, &request, certain, TRIES, start) == FOUND) {
            return RANGE_GAP_SOME;
        }
        outcome = search(set, &request, bytes, 0xffffffff, start);
    }
    return outcome == FOUND ? RANGE_GAP_LOWEST : RANGE_GAP_NONE;
}
