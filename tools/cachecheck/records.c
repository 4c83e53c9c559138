/* Records of what the TLB and the walker may hold though the tables no longer say so, by ASID: translations that an
 * entry gave until it changed; and, apart, tables that a first-level entry pointed to.
 *
 * An ASID whose process has ended may leave thousands behind until it is used again.  So lists are only gone through
 * where something may happen: at barriers, those of ASIDs in effect, those with an invalidation under way, and those
 * that have got a record lately.
 */
#include "tools/cachecheck/state.h"
#include <stdlib.h>

#define LATELY 8u /* barriers */

static struct records {
    struct record *all;
    size_t count, room;
    uint32_t lately;                         /* barriers left of the time since the last record came */
    bool invalidated;                        /* some are not HELD */
} translations[ASIDS + 1], walks[ASIDS + 1]; /* the last: TAG_GLOBAL */

static struct records *list_of(bool walk, uint32_t tag) {
    return &(walk ? walks : translations)[tag == TAG_GLOBAL ? ASIDS : tag];
}

void records_start(void) {
    for (uint32_t i = 0; i <= ASIDS; i++) {
        translations[i].count = walks[i].count = 0;
        translations[i].invalidated = walks[i].invalidated = false;
    }
}

void record_add(const struct record *wanted) {
    struct records *list = list_of(wanted->walk, wanted->tag);
    list->lately = LATELY;
    for (size_t i = 0; i < list->count; i++) {
        struct record *record = &list->all[i];
        if (record->va == wanted->va && record->size == wanted->size && record->old == wanted->old) {
            record->stage = HELD;
            record->visible = false;
            record->entry = wanted->entry;
            record->base = wanted->base;
            record->by = wanted->by;
            return;
        }
    }
    if (list->count == list->room) {
        list->room = list->room != 0 ? 2 * list->room : 16;
        list->all = realloc(list->all, list->room * sizeof *list->all);
        if (list->all == NULL) {
            abort();
        }
    }
    list->all[list->count++] = *wanted;
}

static void each(struct records *list, void (*use)(struct record *record, void *context), void *context) {
    for (size_t i = 0; i < list->count; i++) {
        use(&list->all[i], context);
    }
}

void records_of(uint32_t tag, void (*use)(struct record *record, void *context), void *context) {
    each(list_of(false, tag), use, context);
    each(list_of(true, tag), use, context);
}

void records_of_walks(void (*use)(struct record *record, void *context), void *context) {
    for (uint32_t i = 0; i <= ASIDS; i++) {
        each(&walks[i], use, context);
    }
}

/* ---- invalidation ---- */

static void record_remove(struct records *list, size_t *index) {
    list->all[(*index)--] = list->all[--list->count];
}

/* A walk could bring an entry back whose change it cannot see yet, unless it cannot come to the table. */
static bool list_invalidate(struct records *list, bool all, uint32_t page) {
    bool useful = false;
    for (size_t i = 0; i < list->count; i++) {
        struct record *record = &list->all[i];
        if ((!all && page - record->va >= record->size) || record->stage != HELD) {
            continue;
        }
        if (!record->visible && !entry_is_settled(record->entry) && table_may_be_walked(record->base, record->tag)) {
            continue;
        }
        useful = true;
        if (model.cpu.v7) {
            record->stage = ISSUED;
            list->invalidated = true;
        } else {
            record_remove(list, &i);
        }
    }
    return useful;
}

static bool tag_invalidate(uint32_t tag, bool all, uint32_t page) {
    bool useful = list_invalidate(list_of(false, tag), all, page);
    return list_invalidate(list_of(true, tag), all, page) || useful;
}

bool records_invalidate_all(void) {
    bool useful = tag_invalidate(TAG_GLOBAL, true, 0);
    for (uint32_t tag = 0; tag < ASIDS; tag++) {
        useful = tag_invalidate(tag, true, 0) || useful;
    }
    return useful;
}

bool records_invalidate_tag(uint32_t tag) {
    return tag_invalidate(tag, true, 0);
}

bool records_invalidate_page(uint32_t tag, uint32_t page) {
    return tag_invalidate(tag, false, page);
}

static bool list_barrier(struct records *list, bool in_effect) {
    bool any = false;
    if (!in_effect && !list->invalidated && list->lately == 0) {
        return false;
    }
    list->lately -= list->lately != 0;
    for (size_t i = 0; i < list->count; i++) {
        struct record *record = &list->all[i];
        record->visible = record->visible || entry_is_settled(record->entry);
        if (record->stage == ISSUED) {
            record->stage = FENCED;
            any = true;
        }
    }
    return any;
}

bool records_barrier(void) {
    bool any = false;
    for (uint32_t i = 0; i <= ASIDS; i++) {
        bool in_effect = i == ASIDS || asid_is_possible(i);
        any = list_barrier(&translations[i], in_effect) || any;
        any = list_barrier(&walks[i], in_effect) || any;
    }
    return any;
}

static bool list_synchronise(struct records *list) {
    bool any = false;
    if (!list->invalidated) {
        return false;
    }
    list->invalidated = false;
    for (size_t i = 0; i < list->count; i++) {
        if (list->all[i].stage == FENCED) {
            record_remove(list, &i);
            any = true;
        } else if (list->all[i].stage == ISSUED) {
            list->invalidated = true;
        }
    }
    return any;
}

bool records_synchronise(void) {
    bool any = false;
    for (uint32_t i = 0; i <= ASIDS; i++) {
        any = list_synchronise(&translations[i]) || any;
        any = list_synchronise(&walks[i]) || any;
    }
    return any;
}
