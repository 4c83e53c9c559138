/* Tables and the ASIDs that they were in effect with: the TLB may hold any entry of the table under that ASID, until an
 * invalidation covers it while the two are not in effect together.  On ARMv5 there are no ASIDs, all have number 0.
 * Beside the pairs there is the table of TTBR1, whose entries are global.
 */
#include "tools/cachecheck/state.h"
#include <stdlib.h>

#define PAIRS 1024u

static struct pair {
    struct root *root;
    uint32_t asid;
    enum stage stage;
    struct party by;
} pairs[PAIRS];
static size_t pair_count;
static const struct root *kernel_root;

void pairs_start(void) {
    pair_count = 0;
    kernel_root = NULL;
}

static uint32_t user_entries(void) {
    return 4096u >> table_split();
}

static const struct root *root_in_effect(void) {
    return root_use(table_base(), 0, user_entries());
}

bool root_possible(const struct root *root) {
    if (root == kernel_root) {
        return true;
    }
    if ((model.sctlr & SCTLR_M) == 0) {
        return false; /* nothing is */
    }
    uint32_t bases[4];
    size_t base_count = order_roots(bases);
    bool possible = false;
    for (size_t i = 0; i < base_count; i++) {
        possible = possible || root->base == bases[i];
    }
    return possible;
}

bool asid_possible(uint32_t asid) {
    uint32_t asids[4];
    size_t count = order_asids(asids);
    bool possible = false;
    for (size_t i = 0; i < count; i++) {
        possible = possible || asid == asids[i];
    }
    return possible;
}

static bool pair_possible(const struct pair *pair) {
    return asid_possible(pair->asid) && root_possible(pair->root);
}

static void pair_add(struct root *root, uint32_t asid) {
    root->newest = asid;
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].root == root && pairs[i].asid == asid) {
            pairs[i].stage = HELD;
            pairs[i].by = model.now;
            return;
        }
    }
    if (pair_count == PAIRS) {
        abort();
    }
    pairs[pair_count++] = (struct pair){root, asid, HELD, model.now};
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

bool root_is_kernel(const struct root *root) {
    return root == kernel_root;
}

size_t pairs_of(const struct root *root, uint32_t *asids) {
    size_t count = 0;
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].root == root) {
            asids[count++] = pairs[i].asid;
        }
    }
    return count;
}

/* Not under the numbers of processes that had the table before. */
bool root_takes(const struct root *root, uint32_t tag) {
    if (tag == TAG_GLOBAL || root == kernel_root || root->newest == tag) {
        return true;
    }
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].root == root && pairs[i].asid == tag && pair_possible(&pairs[i])) {
            return true;
        }
    }
    return false;
}

void pairs_registers_changed(void) {
    uint32_t bases[4], asids[4];
    if ((model.sctlr & SCTLR_M) == 0) {
        return;
    }
    size_t base_count = order_roots(bases);
    size_t asid_count = order_asids(asids);
    for (size_t b = 0; b < base_count; b++) {
        struct root *root = root_use(bases[b], 0, user_entries());
        bool was_behind = root->behind;
        if (was_behind) {
            root_read_anew(root);
        }
        for (size_t a = 0; a < asid_count; a++) {
            pair_add(root, asids[a]);
        }
        if (was_behind) {
            tlb_sizes_check(root);
        }
    }
    if (user_entries() != 4096) {
        kernel_root = root_use(model.ttbr1 & ~0x3fffu, user_entries(), 4096);
    }
}

void pairs_check(uint32_t va) {
    if (!order_user_half(va)) {
        return;
    }
    const struct root *root = root_in_effect();
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
        if ((!all && pair->asid != asid) || pair->stage != HELD || pair_possible(pair)) {
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
