/* Page tables that change, and what the TLB and the walker may then hold that the tables no longer say (records.c).
 *
 * A record ends with an invalidation that covers it, issued when the change was visible to walks; on ARMv7 completed by
 * a DSB and then an ISB.
 */
#include "tools/cachecheck/state.h"

#define MEGABYTE 0x100000u
#define LARGE    0x10000u

void tlb_start(void) {
    records_start();
    pairs_start();
}

/* ---- entries that go ---- */

/* One record for each tag that the entry may have in the TLB.  It had been there since the moment born, in a
 * second-level table since second; 0: it is of the first level. */
static void records_add(struct record *record, const struct root *root, bool global, uint32_t born, uint32_t second) {
    record->base = root->base;
    if (!model.cpu.v7 || global || root_is_kernel(root)) {
        record->tag = TAG_GLOBAL;
        record_add(record);
        return;
    }
    uint32_t asids[ASIDS];
    size_t count = pairs_of(root, born, second, asids);
    for (size_t i = 0; i < count; i++) {
        record->tag = asids[i];
        record_add(record);
    }
}

static void second_gone(const struct root *root, uint32_t va, uint32_t old, uint32_t entry, uint32_t born,
                        uint32_t second) {
    bool large = (old & 3u) == 1;
    struct record record = {
        .va = large ? va & 0xffff0000u : va, .size = large ? LARGE : PAGE, .old = old, .entry = entry, .by = model.now};
    records_add(&record, root, (old & 1u << 11) == 0, born, second);
}

static void first_gone(const struct root *root, uint32_t index, uint32_t old, uint32_t entry, uint32_t born) {
    struct record record = {.va = index << 20, .size = MEGABYTE, .old = old, .entry = entry, .by = model.now};
    if (!entry_is_table(old)) {
        records_add(&record, root, (old & 1u << 17) == 0, born, 0);
        return;
    }
    if (model.cpu.walks_keep) {
        record.walk = true;
        records_add(&record, root, false, born, 0);
    }
    for (uint32_t i = 0; i < 256; i++) {
        bool known;
        uint32_t pa = (old & ~0x3ffu) + i * 4;
        uint32_t second = word_at(pa, &known);
        if (known && entry_present(second)) {
            second_gone(root, index << 20 | i << 12, second, entry, born, entry_born(pa));
        }
    }
}

/* ---- two sizes ---- */

/* A translation of size is in the tables from now on.  One of another size that may still be in the TLB would match
 * beside it. */
struct sized {
    uint32_t va, size;
    uint32_t entry;
};

static void size_check_one(struct record *record, void *context) {
    const struct sized *sized = context;
    if (!record->walk && record->stage != FENCED && record->size != sized->size &&
        (sized->va - record->va < record->size || record->va - sized->va < sized->size)) {
        finding_add(FINDING_TWO_SIZES, model.now.va, sized->entry, record->by);
    }
}

static void size_check(const struct root *root, uint32_t va, uint32_t size, uint32_t entry) {
    struct sized sized = {va, size, entry};
    uint32_t asids[ASIDS];
    size_t count = pairs_in_effect(root, asids);
    records_of(TAG_GLOBAL, size_check_one, &sized);
    for (size_t i = 0; i < count; i++) {
        records_of(asids[i], size_check_one, &sized);
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

/* Whether the table's translation at va, where it has one, has another size. */
static bool has_other_size(const struct root *root, uint32_t va, uint32_t size) {
    bool known;
    uint32_t first = word_at(root->base + (va >> 20) * 4, &known);
    if (!known || !entry_present(first)) {
        return false;
    }
    if (!entry_is_table(first)) {
        return size != MEGABYTE;
    }
    uint32_t second = word_at((first & ~0x3ffu) + (va >> 12 & 0xffu) * 4, &known);
    return known && entry_present(second) && size != ((second & 3u) == 1 ? LARGE : PAGE);
}

static void returned_check_one(struct record *record, void *context) {
    const struct root *root = context;
    if (record->walk || record->stage == FENCED || record->va >> 20 >= root->high) {
        return;
    }
    for (uint32_t at = 0; at < record->size; at += PAGE) {
        if (has_other_size(root, record->va + at, record->size)) {
            finding_add(FINDING_TWO_SIZES, model.now.va, record->entry, record->by);
            return;
        }
    }
}

void tlb_pair_returns(struct root *root, uint32_t asid) {
    records_of(asid, returned_check_one, root);
}

/* ---- changes ---- */

struct change {
    uint32_t pa, before, after;
    uint32_t born; /* when before was stored */
    bool used;
};

static void second_changed(struct root *root, uint32_t index, void *context) {
    struct change *change = context;
    uint32_t va = index << 20 | (change->pa >> 2 & 0xffu) << 12;
    change->used = true;
    root->changed = true;
    if (!root_is_live(root)) {
        return;
    }
    if (entry_present(change->before)) {
        second_gone(root, va, change->before, change->pa, entry_born(root->base + index * 4), change->born);
    }
    if (root_in_effect(root) && entry_present(change->after)) {
        second_size_check(root, va, change->after, change->pa);
    }
}

/* What is stored to a table that is not in effect may be no entry at all, if its process has ended: it is read when it
 * is in effect again. */
static void first_changed(struct root *root, uint32_t index, const struct change *change) {
    bool in_effect = root_in_effect(root);
    if (in_effect || change->born <= root->last) { /* else nobody has looked at what was there */
        if (entry_present(change->before)) {
            first_gone(root, index, change->before, change->pa, change->born);
        }
        link_change(root, index, change->before, 0);
    }
    root->changed = true;
    if (in_effect) {
        if (entry_present(change->after)) {
            first_size_check(root, index, change->after, change->pa);
        }
        link_change(root, index, 0, change->after);
        if (entry_is_table(change->after)) {
            table_comes(change->after & ~0x3ffu, 0x400u);
        }
    } else {
        root->behind = true;
    }
}

bool tlb_entry_changed(uint32_t pa, uint32_t before, uint32_t after, uint32_t born) {
    struct change change = {pa, before, after, born, false};
    struct root *root = root_of_word(pa, 0);
    while (root != NULL) {
        size_t next = root_number(root) + 1;
        if (root_is_live(root)) {
            change.used = true;
            first_changed(root, (pa - root->base) / 4, &change);
        } else {
            root_forget(root);
        }
        root = root_of_word(pa, next);
    }
    links_each(pa & ~0x3ffu, second_changed, &change);
    return change.used;
}

/* ---- tables that become something else ---- */

struct store {
    uint32_t pa, value;
    bool watched;
};

static void table_store_one(struct record *record, void *context) {
    struct store *store = context;
    if (store->pa - (record->old & ~0x3ffu) >= 0x400u) {
        return;
    }
    store->watched = true;
    if (!entry_present(store->value)) {
        return;
    }
    if (record->tag == TAG_GLOBAL || record->tag == model.asid) {
        finding_add(FINDING_TABLE_REUSED, model.now.va, store->pa, record->by);
    } else if (record->reused_by.pc == 0) {
        record->reused_by = model.now;
    }
}

bool tlb_table_store(uint32_t pa, uint32_t value) {
    struct store store = {pa, value, false};
    records_of_walks(table_store_one, &store);
    return store.watched;
}

static void watches_page_one(struct record *record, void *context) {
    struct store *page = context;
    page->watched = page->watched || (record->old & ~(PAGE - 1)) == page->pa;
}

bool tlb_watches_page(uint32_t pa) {
    struct store page = {.pa = pa};
    records_of_walks(watches_page_one, &page);
    return page.watched;
}

/* ---- use ---- */

struct use {
    uint32_t va, mva;
    const struct translation *translation;
    bool faulted;
};

static void use_check_one(struct record *record, void *context) {
    const struct use *use = context;
    if (use->mva - record->va >= record->size) {
        return;
    }
    uint32_t pa = use->translation->pa + use->va % PAGE;
    enum finding_kind kind = record->stage == HELD ? FINDING_OLD_TRANSLATION : FINDING_NO_BARRIER;
    if (!record->walk) {
        if (use->translation->entry != record->old) {
            finding_add(kind, use->va, pa, record->by);
        }
        return;
    }
    bool known;
    if (record->reused_by.pc != 0) {
        finding_add(FINDING_TABLE_REUSED, use->va, pa, record->reused_by);
    } else if (!use->faulted && word_at(use->translation->first, &known) != record->old) {
        finding_add(kind, use->va, pa, record->by);
    }
}

void tlb_check(uint32_t va, const struct translation *translation, bool faulted) {
    struct use use = {va, modified(va), translation, faulted};
    pairs_check(va);
    records_of(TAG_GLOBAL, use_check_one, &use);
    records_of(model.asid, use_check_one, &use);
}

/* ---- invalidation ---- */

bool tlb_invalidate_all(void) {
    bool useful = pairs_invalidate(true, 0);
    useful = records_invalidate_all() || useful;
    order_tlb_invalidated();
    return useful;
}

bool tlb_invalidate_page(uint32_t value) {
    uint32_t page = value & ~(PAGE - 1);
    bool useful = records_invalidate_page(TAG_GLOBAL, page);
    return records_invalidate_page(value & 0xffu, page) || useful;
}

bool tlb_invalidate_asid(uint32_t asid) {
    bool useful = pairs_invalidate(false, asid & 0xffu);
    return records_invalidate_tag(asid & 0xffu) || useful;
}

bool tlb_barrier(void) {
    bool any = pairs_barrier();
    return records_barrier() || any;
}

bool tlb_synchronise(void) {
    bool any = pairs_synchronise();
    return records_synchronise() || any;
}
