/* What the TLB may hold that the tables no longer say.
 *
 * Three lists.
 *   records  translations that an entry gave until it changed, and tables that a first-level entry pointed to (those
 * may still be walked).  A record ends with an invalidation that covers it, issued when the change was visible to
 *            walks; on ARMv7 completed by a DSB and then an ISB.
 *   pairs    table and ASID that were in effect together: the TLB may hold any entry of the table under that ASID.  On
 *            ARMv5 there are no ASIDs, all have number 0.
 *   kernel   the table of TTBR1, whose entries are global.
 */
#include "tools/cachecheck/state.h"
#include <stdlib.h>
#include <string.h>

#define RECORDS  8192u
#define PAIRS    1024u
#define GLOBAL   0xffffffffu
#define MEGABYTE 0x100000u
#define LARGE    0x10000u

enum stage { HELD, ISSUED, FENCED };

static struct record {
    bool walk;    /* old is a first-level entry whose table may be walked; else the entry of a translation */
    uint32_t tag; /* ASID or GLOBAL */
    uint32_t va, size;
    uint32_t old;
    uint32_t entry; /* address of the entry that changed */
    enum stage stage;
    bool visible; /* walks saw the change: what the word becomes later is another matter */
    struct party by;
    struct party reused_by; /* pc 0: the table was not used for anything else */
} records[RECORDS];
static size_t record_count;

static struct pair {
    struct root *root;
    uint32_t asid;
    enum stage stage;
    struct party by;
} pairs[PAIRS];
static size_t pair_count;

static struct root *kernel_root;

void tlb_start(void) {
    record_count = 0;
    pair_count = 0;
    kernel_root = NULL;
}

/* ---- pairs ---- */

static uint32_t user_entries(void) {
    return 4096u >> table_split();
}

static struct root *root_in_effect(void) {
    return root_use(table_base(), 0, user_entries());
}

static bool pair_possible(const struct pair *pair) {
    if ((model.sctlr & SCTLR_M) == 0) {
        return false; /* nothing is walked */
    }
    uint32_t bases[4], asids[4];
    size_t base_count = order_roots(bases);
    size_t asid_count = order_asids(asids);
    bool base = false, asid = false;
    for (size_t i = 0; i < base_count; i++) {
        base = base || pair->root->base == bases[i];
    }
    for (size_t i = 0; i < asid_count; i++) {
        asid = asid || pair->asid == asids[i];
    }
    return base && asid;
}

static void pair_add(struct root *root, uint32_t asid) {
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

void tlb_roots_changed(void) {
    uint32_t bases[4], asids[4];
    if ((model.sctlr & SCTLR_M) == 0) {
        return;
    }
    size_t base_count = order_roots(bases);
    size_t asid_count = order_asids(asids);
    for (size_t b = 0; b < base_count; b++) {
        struct root *root = root_use(bases[b], 0, user_entries());
        for (size_t a = 0; a < asid_count; a++) {
            pair_add(root, asids[a]);
        }
    }
    if (user_entries() != 4096) {
        kernel_root = root_use(model.ttbr1 & ~0x3fffu, user_entries(), 4096);
    }
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

/* ---- records ---- */

static void record_add(const struct record *wanted) {
    for (size_t i = 0; i < record_count; i++) {
        struct record *record = &records[i];
        if (record->walk == wanted->walk && record->tag == wanted->tag && record->va == wanted->va &&
            record->size == wanted->size && record->old == wanted->old) {
            record->stage = HELD;
            record->visible = false;
            record->entry = wanted->entry;
            record->by = wanted->by;
            return;
        }
    }
    if (record_count == RECORDS) {
        abort(); /* the report is then incomplete, which is a failure */
    }
    records[record_count++] = *wanted;
}

/* One record for each tag that the root's entries may have. */
static void records_add(struct record *record, const struct root *root, bool global) {
    if (!model.cpu.v7 || global || root == kernel_root) {
        record->tag = GLOBAL;
        record_add(record);
        return;
    }
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].root == root) {
            record->tag = pairs[i].asid;
            record_add(record);
        }
    }
}

static void second_gone(const struct root *root, uint32_t va, uint32_t old, uint32_t entry) {
    bool large = (old & 3u) == 1;
    struct record record = {
        .va = large ? va & 0xffff0000u : va, .size = large ? LARGE : PAGE, .old = old, .entry = entry, .by = model.now};
    records_add(&record, root, (old & 1u << 11) == 0);
}

static void first_gone(const struct root *root, uint32_t index, uint32_t old, uint32_t entry) {
    struct record record = {.va = index << 20, .size = MEGABYTE, .old = old, .entry = entry, .by = model.now};
    if (!entry_is_table(old)) {
        records_add(&record, root, (old & 1u << 17) == 0);
        return;
    }
    if (model.cpu.walks_keep) {
        record.walk = true;
        records_add(&record, root, false);
    }
    for (uint32_t i = 0; i < 256; i++) {
        bool known;
        uint32_t second = word_at((old & ~0x3ffu) + i * 4, &known);
        if (known && entry_present(second)) {
            second_gone(root, index << 20 | i << 12, second, entry);
        }
    }
}

/* Whether the TLB may hold entries of the root under the tag. */
static bool root_has_tag(const struct root *root, uint32_t tag) {
    if (tag == GLOBAL || root == kernel_root) {
        return true;
    }
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].root == root && pairs[i].asid == tag) {
            return true;
        }
    }
    return false;
}

/* A translation of size is in the tables from now on.  One of another size that may still be in the TLB would match
 * beside it. */
static void size_check(const struct root *root, uint32_t va, uint32_t size, uint32_t entry) {
    for (size_t i = 0; i < record_count; i++) {
        const struct record *record = &records[i];
        if (!record->walk && record->stage != FENCED && record->size != size &&
            (va - record->va < record->size || record->va - va < size) && root_has_tag(root, record->tag)) {
            finding_add(FINDING_TWO_SIZES, model.now.va, entry, record->by);
        }
    }
}

static void second_size_check(const struct root *root, uint32_t va, uint32_t second, uint32_t entry) {
    bool large = (second & 3u) == 1;
    size_check(root, large ? va & 0xffff0000u : va, large ? LARGE : PAGE, entry);
}

static void first_size_check(const struct root *root, uint32_t index, uint32_t first, uint32_t entry) {
    if (!entry_is_table(first)) {
        size_check(root, index << 20, MEGABYTE, entry);
        return;
    }
    for (uint32_t i = 0; i < 256; i++) {
        bool known;
        uint32_t second = word_at((first & ~0x3ffu) + i * 4, &known);
        if (known && entry_present(second)) {
            second_size_check(root, index << 20 | i << 12, second, entry);
        }
    }
}

struct change {
    uint32_t pa, before, after;
    bool used;
};

static void second_changed(struct root *root, uint32_t index, void *context) {
    struct change *change = context;
    uint32_t va = index << 20 | (change->pa >> 2 & 0xffu) << 12;
    change->used = true;
    if (!root_is_live(root)) {
        return;
    }
    if (entry_present(change->before)) {
        second_gone(root, va, change->before, change->pa);
    }
    if (entry_present(change->after)) {
        second_size_check(root, va, change->after, change->pa);
    }
}

bool tlb_entry_changed(uint32_t pa, uint32_t before, uint32_t after) {
    struct change change = {pa, before, after, false};
    struct root *root = root_of_word(pa, 0);
    while (root != NULL) {
        size_t next = root_number(root) + 1;
        if (root_is_live(root)) {
            uint32_t index = (pa - root->base) / 4;
            change.used = true;
            if (entry_present(before)) {
                first_gone(root, index, before, pa);
            }
            if (entry_present(after)) {
                first_size_check(root, index, after, pa);
            }
            link_change(root, index, before, after);
        } else {
            root_forget(root);
        }
        root = root_of_word(pa, next);
    }
    links_each(pa & ~0x3ffu, second_changed, &change);
    return change.used;
}

bool tlb_table_store(uint32_t pa, uint32_t value) {
    bool watched = false;
    for (size_t i = 0; i < record_count; i++) {
        struct record *record = &records[i];
        if (!record->walk || pa - (record->old & ~0x3ffu) >= 0x400u) {
            continue;
        }
        watched = true;
        if (!entry_present(value)) {
            continue;
        }
        if (record->tag == GLOBAL || record->tag == model.asid) {
            finding_add(FINDING_TABLE_REUSED, model.now.va, pa, record->by);
        } else if (record->reused_by.pc == 0) {
            record->reused_by = model.now;
        }
    }
    return watched;
}

bool tlb_watches_page(uint32_t pa) {
    for (size_t i = 0; i < record_count; i++) {
        if (records[i].walk && (records[i].old & ~(PAGE - 1)) == pa) {
            return true;
        }
    }
    return false;
}

/* ---- use ---- */

static void record_check(const struct record *record, uint32_t va, const struct translation *translation,
                         bool faulted) {
    uint32_t pa = translation->pa + va % PAGE;
    enum finding_kind kind = record->stage == HELD ? FINDING_OLD_TRANSLATION : FINDING_NO_BARRIER;
    if (!record->walk) {
        if (translation->entry != record->old) {
            finding_add(kind, va, pa, record->by);
        }
        return;
    }
    bool known;
    if (record->reused_by.pc != 0) {
        finding_add(FINDING_TABLE_REUSED, va, pa, record->reused_by);
    } else if (!faulted && word_at(translation->first, &known) != record->old) {
        finding_add(kind, va, pa, record->by);
    }
}

void tlb_check(uint32_t va, const struct translation *translation, bool faulted) {
    uint32_t mva = modified(va);
    if (order_user_half(va)) {
        const struct root *root = root_in_effect();
        for (size_t i = 0; i < pair_count; i++) {
            const struct pair *pair = &pairs[i];
            if (pair->asid == model.asid && pair->root != root && pair->root->entries != 0) {
                finding_add(pair->stage == HELD ? FINDING_ASID_REUSED : FINDING_NO_BARRIER, va, 0, pair->by);
            }
        }
    }
    for (size_t i = 0; i < record_count; i++) {
        const struct record *record = &records[i];
        if (mva - record->va < record->size && (record->tag == GLOBAL || record->tag == model.asid)) {
            record_check(record, va, translation, faulted);
        }
    }
}

/* ---- invalidation ---- */

static void record_remove(size_t index) {
    records[index] = records[--record_count];
}

static void pair_remove(size_t index) {
    pairs[index] = pairs[--pair_count];
}

/* A walk could bring an entry back whose change it cannot see yet. */
static bool record_invalidate(size_t *index) {
    struct record *record = &records[*index];
    if (record->stage != HELD || (!record->visible && !entry_is_settled(record->entry))) {
        return false;
    }
    if (model.cpu.v7) {
        record->stage = ISSUED;
    } else {
        record_remove((*index)--);
    }
    return true;
}

static bool pairs_invalidate(bool all, uint32_t asid) {
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

bool tlb_invalidate_all(void) {
    bool useful = pairs_invalidate(true, 0);
    for (size_t i = 0; i < record_count; i++) {
        useful = record_invalidate(&i) || useful;
    }
    order_tlb_invalidated();
    return useful;
}

bool tlb_invalidate_page(uint32_t value) {
    uint32_t page = value & ~(PAGE - 1);
    bool useful = false;
    for (size_t i = 0; i < record_count; i++) {
        const struct record *record = &records[i];
        if (page - record->va < record->size && (record->tag == GLOBAL || record->tag == (value & 0xffu))) {
            useful = record_invalidate(&i) || useful;
        }
    }
    return useful;
}

bool tlb_invalidate_asid(uint32_t asid) {
    bool useful = pairs_invalidate(false, asid & 0xffu);
    for (size_t i = 0; i < record_count; i++) {
        if (records[i].tag == (asid & 0xffu)) {
            useful = record_invalidate(&i) || useful;
        }
    }
    return useful;
}

bool tlb_barrier(void) {
    bool any = false;
    for (size_t i = 0; i < record_count; i++) {
        records[i].visible = records[i].visible || entry_is_settled(records[i].entry);
        if (records[i].stage == ISSUED) {
            records[i].stage = FENCED;
            any = true;
        }
    }
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].stage == ISSUED) {
            pairs[i].stage = FENCED;
            any = true;
        }
    }
    return any;
}

bool tlb_synchronise(void) {
    bool any = false;
    for (size_t i = 0; i < record_count; i++) {
        if (records[i].stage == FENCED) {
            record_remove(i--);
            any = true;
        }
    }
    for (size_t i = 0; i < pair_count; i++) {
        if (pairs[i].stage == FENCED) {
            pair_remove(i--);
            any = true;
        }
    }
    return any;
}
