/* What the TLB may hold that the tables no longer say: records of translations that an entry gave until it changed, and
 * of tables that a first-level entry pointed to (those may still be walked).  A record ends with an invalidation that
 * covers it, issued when the change was visible to walks; on ARMv7 completed by a DSB and then an ISB.
 */
#include "tools/cachecheck/state.h"
#include <stdlib.h>
#include <string.h>

#define RECORDS  8192u
#define AT_REST  16u /* records of an ASID that is not in effect, before it is worn (tags.c) */
#define MEGABYTE 0x100000u
#define LARGE    0x10000u

static struct record {
    bool walk;    /* old is a first-level entry whose table may be walked; else the entry of a translation */
    uint32_t tag; /* ASID or TAG_GLOBAL */
    uint32_t va, size;
    uint32_t old;
    uint32_t entry; /* address of the entry that changed */
    enum stage stage;
    bool visible; /* walks saw the change: what the word becomes later is another matter */
    struct party by;
    struct party reused_by; /* pc 0: the table was not used for anything else */
} records[RECORDS];
static size_t record_count;

void tlb_start(void) {
    record_count = 0;
    pairs_start();
    tags_start();
}

/* ---- records ---- */

static void record_remove(size_t index) {
    records[index] = records[--record_count];
}

/* The ASID is worn: what is remembered of it goes. */
static void records_wear(uint32_t tag, struct party by) {
    tag_wear(tag, by);
    for (size_t i = 0; i < record_count; i++) {
        if (records[i].tag == tag) {
            record_remove(i--);
        }
    }
}

static void record_add(const struct record *wanted) {
    if (tag_is_worn(wanted->tag)) {
        tag_wear(wanted->tag, wanted->by); /* no invalidation so far covers this one */
        return;
    }
    size_t of_tag = 0;
    for (size_t i = 0; i < record_count; i++) {
        struct record *record = &records[i];
        of_tag += record->tag == wanted->tag;
        if (record->walk == wanted->walk && record->tag == wanted->tag && record->va == wanted->va &&
            record->size == wanted->size && record->old == wanted->old) {
            record->stage = HELD;
            record->visible = false;
            record->entry = wanted->entry;
            record->by = wanted->by;
            return;
        }
    }
    if (of_tag >= AT_REST && wanted->tag != TAG_GLOBAL && !asid_possible(wanted->tag)) {
        records_wear(wanted->tag, wanted->by);
        return;
    }
    if (record_count == RECORDS) {
        abort(); /* the report is then incomplete, which is a failure */
    }
    records[record_count++] = *wanted;
}

/* One record for each tag that the root's entries may have. */
static void records_add(struct record *record, const struct root *root, bool global) {
    if (!model.cpu.v7 || global || root_is_kernel(root)) {
        record->tag = TAG_GLOBAL;
        record_add(record);
        return;
    }
    uint32_t asids[TAGS];
    size_t count = pairs_of(root, asids);
    for (size_t i = 0; i < count; i++) {
        record->tag = asids[i];
        record_add(record);
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

/* A translation of size is in the tables from now on.  One of another size that may still be in the TLB would match
 * beside it. */
static void size_check(const struct root *root, uint32_t va, uint32_t size, uint32_t entry) {
    for (size_t i = 0; i < record_count; i++) {
        const struct record *record = &records[i];
        if (!record->walk && record->stage != FENCED && record->size != size &&
            (va - record->va < record->size || record->va - va < size) && root_takes(root, record->tag)) {
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

/* A table that had entries stored to while it was not in effect is from now on. */
void tlb_sizes_check(const struct root *root) {
    for (uint32_t index = root->low; index < root->high; index++) {
        bool known;
        uint32_t pa = root->base + index * 4;
        uint32_t first = word_at(pa, &known);
        if (known && entry_present(first)) {
            first_size_check(root, index, first, pa);
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

static void first_leaves(struct root *root, uint32_t index, uint32_t before, uint32_t entry) {
    if (entry_present(before)) {
        first_gone(root, index, before, entry);
    }
    link_change(root, index, before, 0);
}

static void first_comes(struct root *root, uint32_t index, uint32_t after, uint32_t entry) {
    if (entry_present(after)) {
        first_size_check(root, index, after, entry);
    }
    link_change(root, index, 0, after);
}

bool tlb_entry_changed(uint32_t pa, uint32_t before, uint32_t after) {
    struct change change = {pa, before, after, false};
    struct root *root = root_of_word(pa, 0);
    while (root != NULL) {
        size_t next = root_number(root) + 1;
        if (root_is_live(root)) {
            uint32_t index = (pa - root->base) / 4;
            bool possible = root_possible(root);
            change.used = change.used || possible;
            if (root_sees(root, index)) {
                first_leaves(root, index, before, pa);
            }
            if (possible) {
                first_comes(root, index, after, pa);
            } else {
                root_store_unseen(root, index);
            }
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
        if (record->tag == TAG_GLOBAL || record->tag == model.asid) {
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
    pairs_check(va);
    tags_check(va, translation->pa + va % PAGE);
    for (size_t i = 0; i < record_count; i++) {
        const struct record *record = &records[i];
        if (mva - record->va < record->size && (record->tag == TAG_GLOBAL || record->tag == model.asid)) {
            record_check(record, va, translation, faulted);
        }
    }
}

/* ---- invalidation ---- */

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

bool tlb_invalidate_all(void) {
    bool useful = pairs_invalidate(true, 0);
    useful = tags_invalidate_all() || useful;
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
        if (page - record->va < record->size && (record->tag == TAG_GLOBAL || record->tag == (value & 0xffu))) {
            useful = record_invalidate(&i) || useful;
        }
    }
    return useful;
}

bool tlb_invalidate_asid(uint32_t asid) {
    bool useful = pairs_invalidate(false, asid & 0xffu);
    useful = tag_invalidate(asid & 0xffu) || useful;
    for (size_t i = 0; i < record_count; i++) {
        if (records[i].tag == (asid & 0xffu)) {
            useful = record_invalidate(&i) || useful;
        }
    }
    return useful;
}

bool tlb_barrier(void) {
    bool any = pairs_barrier();
    any = tags_barrier() || any;
    for (size_t i = 0; i < record_count; i++) {
        records[i].visible = records[i].visible || entry_is_settled(records[i].entry);
        if (records[i].stage == ISSUED) {
            records[i].stage = FENCED;
            any = true;
        }
    }
    return any;
}

bool tlb_synchronise(void) {
    bool any = pairs_synchronise();
    any = tags_synchronise() || any;
    for (size_t i = 0; i < record_count; i++) {
        if (records[i].stage == FENCED) {
            record_remove(i--);
            any = true;
        }
    }
    return any;
}
