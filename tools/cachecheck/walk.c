/* Translation of addresses by the live tables (short descriptors: DDI 0100 B3.3, DDI 0406 B3.5), and what table walks
 * of real hardware may not see of them.
 *
 * A translation is kept until something happens that could change it; whenever it is made anew, the access is checked
 * against entries that are not visible, barriers and old TLB entries.  So each change is checked by the first access
 * behind it.
 */
#include "tools/cachecheck/state.h"
#include <stdlib.h>
#include <string.h>

#define PAGES (1u << 20)
#define NEVER 0xffffffffu

static struct translation *translations; /* by page number of the modified address */

void walk_start(void) {
    free(translations);
    translations = calloc(PAGES, sizeof *translations);
    if (translations == NULL) {
        abort();
    }
    model.generation = 1;
}

void mark_generation(void) {
    model.generation++;
    model.fetch_epoch++;
}

uint32_t modified(uint32_t va) {
    return !model.cpu.v7 && va < 0x02000000u ? va | model.fcse : va;
}

uint32_t word_at(uint32_t pa, bool *known) {
    const struct frame *frame = frame_at(pa);
    uint32_t word = 0;
    *known = frame != NULL;
    if (frame != NULL) {
        memcpy(&word, frame->bytes + pa % PAGE, sizeof word);
    }
    return word;
}

/* ---- entries ---- */

void frame_make_table(struct frame *frame) {
    if (frame->table != NULL) {
        return;
    }
    frame->table = calloc(1, sizeof *frame->table);
    if (frame->table == NULL) {
        abort();
    }
    memcpy(frame->table->value, frame->bytes, PAGE);
    memset(frame->table->visible_at, 0xff, sizeof frame->table->visible_at);
    for (uint32_t line = 0; line < PAGE_LINES; line++) {
        for (const struct copy *copy = frame->data; copy != NULL; copy = copy->next) {
            for (uint32_t word = 0; line_dirty(copy, line) != 0 && word < LINE / 4; word++) {
                frame->table->by[line * (LINE / 4) + word] = copy->marks->dirty_by[line];
            }
        }
    }
}

void table_stored(struct frame *frame, uint32_t offset, uint32_t bytes) {
    bool used = false;
    for (uint32_t word = offset / 4; word <= (offset + bytes - 1) / 4; word++) {
        uint32_t before = frame->table->value[word];
        uint32_t after;
        memcpy(&after, frame->bytes + word * 4, sizeof after);
        used = tlb_table_store(frame->pa + word * 4, after) || used;
        if (after == before) {
            continue;
        }
        uint32_t born = frame->table->stored_at[word];
        frame->table->value[word] = after;
        frame->table->by[word] = model.now;
        frame->table->stored_at[word] = pairs_moment();
        if (tlb_entry_changed(frame->pa + word * 4, before, after, born)) {
            used = true;
            mark_generation();
        }
    }
    if (!used && !root_uses_page(frame->pa) && !tlb_watches_page(frame->pa)) {
        free(frame->table); /* the page has become something else */
        frame->table = NULL;
    }
}

bool entry_is_settled(uint32_t pa) {
    const struct frame *frame = frame_at(pa);
    uint32_t line = pa % PAGE / LINE;
    if (frame == NULL || frame->settled == NULL || (line_unseen(frame, line) & 0xfu << pa % LINE) == 0) {
        return true;
    }
    if (frame->marks->uncertain[line] & 0xfu << pa % LINE) {
        return false;
    }
    uint32_t before, now;
    memcpy(&before, frame->settled + pa % PAGE, sizeof before);
    memcpy(&now, frame->bytes + pa % PAGE, sizeof now);
    return before == now || (!entry_present(before) && !entry_present(now));
}

uint32_t entry_born(uint32_t pa) {
    const struct frame *frame = frame_at(pa);
    return frame != NULL && frame->table != NULL ? frame->table->stored_at[pa % PAGE / 4] : 0;
}

void entry_became_visible(struct frame *frame, uint32_t line, uint32_t bytes) {
    for (uint32_t at = 0; at < LINE; at += 4) {
        uint32_t before, now;
        memcpy(&before, frame->settled + line * LINE + at, sizeof before);
        memcpy(&now, frame->bytes + line * LINE + at, sizeof now);
        if ((bytes >> at & 0xfu) != 0 && before != now && (entry_present(before) || entry_present(now))) {
            frame->table->visible_at[(line * LINE + at) / 4] = order_synchronised();
            order_fresh_entry();
            mark_generation();
        }
    }
}

static void entry_check(uint32_t pa, uint32_t va, bool faulted) {
    const struct frame *frame = pa != 0 ? frame_at(pa) : NULL;
    if (frame == NULL || frame->table == NULL) {
        return;
    }
    struct party by = frame->table->by[pa % PAGE / 4];
    if (frame_is_blank(frame, pa % PAGE / LINE, 0xfu << pa % LINE)) {
        finding_add(FINDING_NEVER_STORED, va, pa, (struct party){0, 0});
    }
    if (frame->marks != NULL && (frame->marks->lost[pa % PAGE / LINE] & 0xfu << pa % LINE) != 0) {
        finding_add(FINDING_LOST, va, pa, frame->marks->lost_by[pa % PAGE / LINE]);
    }
    if (!entry_is_settled(pa)) {
        finding_add(FINDING_WALK_MISSES, va, pa, by);
    } else if (!faulted && model.cpu.v7 && frame->table->visible_at[pa % PAGE / 4] == order_synchronised()) {
        finding_add(FINDING_NO_BARRIER, va, pa, by);
    }
}

/* ---- walks ---- */

static bool v7_cached(uint32_t tex, uint32_t cb) {
    if (tex & 4u) { /* outer policy in the low bits, inner in C and B */
        return cb != 0;
    }
    return tex == 0 ? (cb & 2u) != 0 : tex == 1 && cb == 3;
}

static void attributes(struct translation *translation, uint32_t tex, uint32_t entry) {
    uint32_t cb = entry >> 2 & 3u;
    bool cached = model.cpu.v7 ? v7_cached(tex, cb) : (cb & 2u) != 0;
    translation->data_cached = cached && (model.sctlr & SCTLR_C) != 0;
    translation->fetch_cached = cached && (model.sctlr & SCTLR_I) != 0;
    translation->write_back = model.cpu.v7 ? (tex & 4u) ? cb != 2 : tex == 1 || cb == 3 : cb == 3;
}

static uint32_t first_entry_address(uint32_t mva) {
    uint32_t n = table_split();
    uint32_t index = mva >> 20;
    if (n != 0 && mva >> (32 - n) != 0) {
        return (model.ttbr1 & ~0x3fffu) + index * 4;
    }
    return table_base() + index * 4;
}

static void walk_second(struct translation *translation, uint32_t mva, uint32_t table) {
    bool known;
    translation->second = table + (mva >> 12 & 0xffu) * 4;
    uint32_t entry = word_at(translation->second, &known);
    translation->entry = entry;
    if (!known || !entry_present(entry)) {
        return;
    }
    bool large = (entry & 3u) == 1;
    translation->mapped = true;
    translation->pa = large ? (entry & 0xffff0000u) | (mva & 0xf000u) : entry & ~(PAGE - 1);
    attributes(translation, large ? entry >> 12 & 7u : entry >> 6 & 7u, entry);
}

static void walk(struct translation *translation, uint32_t mva) {
    bool known;
    translation->first = first_entry_address(mva);
    uint32_t entry = word_at(translation->first, &known);
    translation->entry = entry;
    if (!known) {
        return;
    }
    if (entry_is_table(entry)) {
        walk_second(translation, mva, entry & ~0x3ffu);
    } else if ((entry & 3u) == 2) {
        translation->mapped = true;
        translation->pa = (entry & 0xfff00000u) | (mva & 0xff000u);
        attributes(translation, entry >> 12 & 7u, entry);
    }
}

static void tables_follow(const struct translation *translation) {
    struct frame *first = frame_at(translation->first);
    struct frame *second = translation->second != 0 ? frame_at(translation->second) : NULL;
    if (first != NULL) {
        frame_make_table(first);
    }
    if (second != NULL) {
        frame_make_table(second);
    }
}

static void translation_make(struct translation *translation, uint32_t va, uint32_t mva, bool faulted) {
    *translation = (struct translation){.generation = model.generation};
    if ((model.sctlr & SCTLR_M) == 0) { /* flat; instructions are cached if the cache is on */
        translation->mapped = true;
        translation->pa = mva & ~(PAGE - 1);
        translation->frame = frame_at(mva);
        translation->fetch_cached = (model.sctlr & SCTLR_I) != 0;
        return;
    }
    walk(translation, mva);
    tables_follow(translation);
    if (translation->mapped) {
        translation->frame = frame_at(translation->pa);
    }
    if (translation->mapped || faulted) {
        entry_check(translation->first, va, faulted);
        entry_check(translation->second, va, faulted);
    } else {
        /* The emulator itself used an entry that is gone. */
        finding_add(FINDING_OLD_TRANSLATION, va, 0, (struct party){0, 0});
    }
    tlb_check(va, translation, faulted);
}

struct translation *translate(uint32_t va) {
    uint32_t mva = modified(va);
    struct translation *translation = &translations[mva / PAGE];
    if (translation->generation != model.generation) {
        translation_make(translation, va, mva, false);
        translation->generation = model.generation; /* following the tables may have changed it */
    }
    return translation;
}

void model_fault(uint32_t va, uint32_t pc) {
    struct translation translation;
    model.now = (struct party){va, pc};
    if ((model.sctlr & SCTLR_M) != 0) {
        translation_make(&translation, va, modified(va), true);
    }
}
