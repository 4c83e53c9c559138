/* The balanced tree of mm/range.h: insertion, removal, look-up.  The search for gaps is in range_gap.c.
 *
 * Nodes have no parent pointers: a change goes down once, notes the links that it followed, and repairs the nodes on
 * the way back.  Heights of siblings differ by one at most, so the way is at most 1.44 log2(n) links long.
 */
#include "mm/range.h"

#include "include/panic.h"

#define PATH_MAX 32u /* more than 2^21 ranges are not to be had */

void range_set_init(struct range_set *set, uint32_t distance) {
    set->root = NULL;
    set->count = 0;
    set->distance = distance;
}

static inline unsigned height_of(const struct range *range) {
    return range != NULL ? range->height : 0;
}

/* Computes what a node knows of its subtree from its children, whose height is that of the higher one. */
ALWAYS_INLINE void combine(struct range *range, unsigned height) {
    const struct range *left = range->left;
    const struct range *right = range->right;
    uint32_t first = range->start;
    uint32_t last = range->end;
    uint32_t max_gap = 0;
    if (left != NULL) {
        max_gap = max_u32(left->max_gap, first - left->last);
        first = left->first;
    }
    if (right != NULL) {
        max_gap = max_u32(max_gap, max_u32(right->max_gap, right->first - last));
        last = right->last;
    }
    range->height = (uint8_t)(height + 1);
    range->first = first;
    range->last = last;
    range->max_gap = max_gap;
}

static COLD void summarise(struct range *range) {
    combine(range, max_u32(height_of(range->left), height_of(range->right)));
}

static void rotate_right(struct range **link) {
    struct range *top = *link;
    struct range *left = top->left;
    top->left = left->right;
    left->right = top;
    *link = left;
    summarise(top);
    summarise(left);
}

static void rotate_left(struct range **link) {
    struct range *top = *link;
    struct range *right = top->right;
    top->right = right->left;
    right->left = top;
    *link = right;
    summarise(top);
    summarise(right);
}

/* One of the subtrees of the node at link is two higher than the other. */
static COLD void rebalance(struct range **link) {
    struct range *range = *link;
    if (height_of(range->left) > height_of(range->right)) {
        if (height_of(range->left->left) < height_of(range->left->right)) {
            rotate_left(&range->left);
        }
        rotate_right(link);
    } else {
        if (height_of(range->right->right) < height_of(range->right->left)) {
            rotate_right(&range->right);
        }
        rotate_left(link);
    }
}

/* Makes the subtree at link balanced and its summary right, given that of its children. */
static void repair(struct range **link) {
    struct range *range = *link;
    unsigned left = height_of(range->left);
    unsigned right = height_of(range->right);
    if (left - right + 1 <= 2) {
        combine(range, max_u32(left, right));
    } else {
        rebalance(link);
    }
}

struct range *range_find(const struct range_set *set, uint32_t address) {
    struct range *range = set->root;
    while (range != NULL && (address < range->start || address >= range->end)) {
        range = address < range->start ? range->left : range->right;
    }
    return range;
}

struct range *range_find_above(const struct range_set *set, uint32_t address) {
    struct range *best = NULL;
    struct range *range = set->root;
    while (range != NULL) {
        if (range->end > address) {
            best = range;
            range = range->left;
        } else {
            range = range->right;
        }
    }
    return best;
}

void range_insert(struct range_set *set, struct range *range) {
    struct range **path[PATH_MAX];
    unsigned depth = 0;
    struct range **link = &set->root;
    ASSERT(range->start < range->end);
    while (*link != NULL) {
        /* Both neighbours of the new range lie on the way down. */
        ASSERT(range->end <= (*link)->start || range->start >= (*link)->end);
        ASSERT(depth < PATH_MAX);
        path[depth++] = link;
        link = range->start < (*link)->start ? &(*link)->left : &(*link)->right;
    }
    *link = range;
    range->left = NULL;
    range->right = NULL;
    range->height = 1;
    range->first = range->start;
    range->last = range->end;
    range->max_gap = 0;
    set->count++;
    while (depth-- > 0) {
        repair(path[depth]);
    }
}

void range_remove(struct range_set *set, struct range *range) {
    struct range **path[PATH_MAX];
    unsigned depth = 0;
    struct range **link = &set->root;
    while (*link != range) {
        ASSERT(*link != NULL && depth < PATH_MAX);
        path[depth++] = link;
        link = range->start < (*link)->start ? &(*link)->left : &(*link)->right;
    }
    if (range->left == NULL || range->right == NULL) {
        *link = range->left != NULL ? range->left : range->right;
    } else {
        /* The next higher range takes its place. */
        unsigned own = depth;
        path[depth++] = link;
        struct range **next_link = &range->right;
        while ((*next_link)->left != NULL) {
            ASSERT(depth < PATH_MAX);
            path[depth++] = next_link;
            next_link = &(*next_link)->left;
        }
        struct range *next = *next_link;
        *next_link = next->right;
        next->left = range->left;
        next->right = range->right;
        *link = next;
        if (depth > own + 1) {
            path[own + 1] = &next->right;
        }
    }
    set->count--;
    while (depth-- > 0) {
        repair(path[depth]);
    }
}
