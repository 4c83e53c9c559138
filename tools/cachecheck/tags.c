/* ASIDs that are worn: so many entries of theirs went while they were not in effect that the single ones are not
 * remembered any more.  A process that has ended leaves such a number behind, and it is in nobody's way until it is
 * used again.  Until an invalidation covers the whole number, the TLB may hold anything under it.
 */
#include "tools/cachecheck/state.h"
#include <string.h>

static struct tag {
    bool worn;
    enum stage stage;
    struct party by; /* who changed the last of the entries */
} tags[TAGS];

void tags_start(void) {
    memset(tags, 0, sizeof tags);
}

bool tag_is_worn(uint32_t tag) {
    return tag < TAGS && tags[tag].worn;
}

void tag_wear(uint32_t tag, struct party by) {
    tags[tag] = (struct tag){true, HELD, by};
}

void tags_check(uint32_t va, uint32_t pa) {
    const struct tag *tag = &tags[model.asid];
    if (tag->worn && order_user_half(va)) {
        finding_add(tag->stage == HELD ? FINDING_OLD_TRANSLATION : FINDING_NO_BARRIER, va, pa, tag->by);
    }
}

/* What walks do not see yet of entries that went needs no thought here: should they be used again, they are checked by
 * themselves. */
bool tag_invalidate(uint32_t asid) {
    struct tag *tag = &tags[asid];
    bool useful = tag->worn && tag->stage == HELD;
    if (useful) {
        tag->stage = ISSUED;
    }
    return useful;
}

bool tags_invalidate_all(void) {
    bool useful = false;
    for (uint32_t asid = 0; asid < TAGS; asid++) {
        useful = tag_invalidate(asid) || useful;
    }
    return useful;
}

bool tags_barrier(void) {
    bool any = false;
    for (uint32_t asid = 0; asid < TAGS; asid++) {
        if (tags[asid].worn && tags[asid].stage == ISSUED) {
            tags[asid].stage = FENCED;
            any = true;
        }
    }
    return any;
}

bool tags_synchronise(void) {
    bool any = false;
    for (uint32_t asid = 0; asid < TAGS; asid++) {
        if (tags[asid].worn && tags[asid].stage == FENCED) {
            tags[asid].worn = false;
            any = true;
        }
    }
    return any;
}
