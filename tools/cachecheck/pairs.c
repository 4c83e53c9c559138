/* Tables and the ASIDs that they were in effect with: the TLB may hold any entry of the table under that ASID that was
 * there while the two were in effect together, until an invalidation covers it.  On ARMv5 there are no ASIDs, all have
 * number 0.  Beside the pairs there is the table of TTBR1, whose entries are global.
 *
 * Time is counted in moments: one begins whenever another pair comes into effect or one is not any more.
 */
#include "tools/cachecheck/state.h"
#include <stdlib.h>

#define PAIRS 1024u

static struct pair {
    struct root *root;
    uint32_t asid;
    bool in_effect; /* or may be */
    uint32_t last;  /* moment in which it was */
    uint32_t kept;  /* in which the walker could keep first-level entries of then, and go on from them */
    enum stage stage;
    struct party by;
} pairs[PAIRS];
static size_t pair_count;
static struct root *kernel_root;
static uint32_t moment;

void pairs_start(void) {
    pair_count = 0;
    kernel_root = NULL;
    moment++; /* pages remember it */
}

uint32_t pairs_moment(void) {
    return moment;
}

static uint32_t user_entries(void) {
    return 4096u >> table_split();
}

static bool is_among(uint32_t value, const uint32_t *values, size_t count) {
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        found = found || value == values[i];
    }
    return found;
}

bool asid_is_possible(uint32_t asid) {
    uint32_t asids[4];
    size_t count = order_asids(asids);
    return is_among(asid, asids, count);
}

static bool is_possible(uint32_t base) {
    if ((model.sctlr & SCTLR_M) == 0) {
        return false; /* nothing is walked */
    }
    uint32_t bases[4];
    size_t count = order_roots(bases);
    return is_among(base, bases, count);
}

static bool pair_is_possible(const struct pair *pair) {
    return asid_is_possible(pair->asid) && is_possible(pair->root->base);
}

bool root_is_kernel(const struct root *root) {
    return root == kernel_root;
}

static bool kernel_walked(void) {
    return kernel_root != NULL && (model.sctlr & SCTLR_M) != 0;
}

bool root_in_effect(const struct root *root) {
    return root == kernel_root ? kernel_walked() : is_possible(root->base);
}

bool table_may_be_walked(uint32_t base, uint32_t tag) {
    bool walked = (kernel_walked() && kernel_root->base == base) || is_possible(base);
    return walked && (tag == TAG_GLOBAL || asid_is_possible(tag));
}

bool root_is_live(const struct root *root) {
    if (root == kernel_root) {
        return true;
    }
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].root == root) {
            return true;
        }
    }
    return false;
}

size_t pairs_of(const struct root *root, uint32_t born, uint32_t second, uint32_t *asids) {
    size_t count = 0;
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].root == root && (pairs[i].in_effect || (born <= pairs[i].last && second <= pairs[i].kept))) {
            asids[count++] = pairs[i].asid;
        }
    }
    return count;
}

size_t pairs_in_effect(const struct root *root, uint32_t *asids) {
    size_t count = 0;
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].root == root && pairs[i].in_effect) {
            asids[count++] = pairs[i].asid;
        }
    }
    return count;
}

/* ---- registers ---- */

/* A moment begins. */
static void moment_begin(void) {
    moment++;
    if (kernel_walked()) {
        kernel_root->last = moment;
    }
    for (size_t i = 0; i < pair_count; i++) {
        struct pair *pair = &pairs[i];
        pair->in_effect = pair_is_possible(pair);
        if (pair->in_effect) {
            pair->last = moment;
            pair->root->last = moment;
        }
        if (pair->in_effect || (model.cpu.walks_keep && (model.sctlr & SCTLR_M) != 0 && asid_is_possible(pair->asid))) {
            pair->kept = moment;
        }
    }
}

static struct pair *pair_find(const struct root *root, uint32_t asid) {
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].root == root && pairs[i].asid == asid) {
            return &pairs[i];
        }
    }
    return NULL;
}

static void pair_comes(struct root *root, uint32_t asid) {
    struct pair *pair = pair_find(root, asid);
    if (pair == NULL) {
        if (pair_count == PAIRS) {
            abort();
        }
        pair = &pairs[pair_count++];
        *pair = (struct pair){.root = root, .asid = asid};
    }
    if (!pair->in_effect) {
        tlb_pair_returns(root, asid);
    }
    pair->in_effect = true;
    pair->stage = HELD;
    pair->by = model.now;
}

static void pairs_come(void) {
    uint32_t bases[4], asids[4];
    size_t base_count = order_roots(bases);
    size_t asid_count = order_asids(asids);
    for (size_t b = 0; b < base_count; b++) {
        struct root *root = root_use(bases[b], 0, user_entries());
        bool comes = false;
        for (size_t a = 0; a < asid_count; a++) {
            struct pair *pair = pair_find(root, asids[a]);
            comes = comes || pair == NULL || !pair->in_effect;
        }
        if (comes) {
            root_comes(root);
        }
        for (size_t a = 0; a < asid_count; a++) {
            pair_comes(root, asids[a]);
        }
    }
    if (user_entries() != 4096) {
        struct root *root = root_use(model.ttbr1 & ~0x3fffu, user_entries(), 4096);
        if (root != kernel_root || root->behind) {
            root_comes(root);
        }
        kernel_root = root;
    }
}

void pairs_registers_changed(void) {
    if ((model.sctlr & SCTLR_M) != 0) {
        pairs_come();
    }
    moment_begin();
}

void pairs_possible_fewer(void) {
    moment_begin();
}

void pairs_check(uint32_t va) {
    if (!order_user_half(va)) {
        return;
    }
    const struct root *root = root_use(table_base(), 0, user_entries());
    for (size_t i = 0; i < pair_count; i++) {
        const struct pair *pair = &pairs[i];
        if (pair->asid == model.asid && pair->root != root && pair->root->entries != 0) {
            finding_add(pair->stage == HELD ? FINDING_ASID_REUSED : FINDING_NO_BARRIER, va, 0, pair->by);
        }
    }
}

/* ---- invalidation ---- */

static void pair_remove(size_t index) {
    pairs[index] = pairs[--pair_count];
}

bool pairs_invalidate(bool all, uint32_t asid) {
    bool useful = false;
    for (size_t i = 0; i < pair_count; i++) {
        struct pair *pair = &pairs[i];
        if ((!all && pair->asid != asid) || pair->stage != HELD || pair_is_possible(pair)) {
            continue;
        }
        useful = useful || pair->root->entries != 0;
        if (model.cpu.v7) {
            pair->stage = ISSUED;
        } else {
            pair_remove(i--);
        }
    }
    return useful;
}

bool pairs_barrier(void) {
    bool any = false;
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].stage == ISSUED) {
            pairs[i].stage = FENCED;
            any = true;
        }
    }
    return any;
}

bool pairs_synchronise(void) {
    bool any = false;
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].stage == FENCED) {
            pair_remove(i--);
            any = true;
        }
    }
    return any;
}
