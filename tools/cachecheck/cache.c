/* Loads, stores and fetches: what each may hit, and what it leaves behind.
 *
 * A store is dirty under its own cache address until cleaned; under every other one where the line may be, the bytes
 * are stale.  A load may hit any line that may be there under its own cache address.  Nothing is asked of which lines
 * really are there.
 */
#include "tools/cachecheck/state.h"

static struct party nobody;

static uint32_t bytes_of(uint32_t va, uint32_t bytes) {
    return (uint32_t)((UINT64_C(1) << bytes) - 1) << va % LINE;
}

static struct copy *data_copy(struct translation *translation, uint32_t va) {
    if (translation->data == NULL) {
        uint32_t tag = model.cpu.data_virtual ? modified(va) / PAGE : 0;
        translation->data = copy_of(translation->frame, &model.data, tag);
    }
    return translation->data;
}

/* A virtually tagged line of another frame under the same address. */
static void old_frame_check(const struct copy *copy, uint32_t line, uint32_t va, uint32_t pa) {
    const struct cache *cache = copy->fetch ? &model.fetch : &model.data;
    if (cache->by_tag == NULL) {
        return;
    }
    for (const struct copy *other = cache->by_tag[copy->tag]; other != NULL; other = other->next_tag) {
        if (other != copy && line_present(other, line)) {
            struct party party = line_dirty(other, line) ? other->marks->dirty_by[line] : nobody;
            finding_add(FINDING_OLD_FRAME, va, pa, party);
        }
    }
}

static void lost_check(const struct frame *frame, uint32_t line, uint32_t bytes, uint32_t va, uint32_t pa) {
    if (frame_is_blank(frame, line, bytes)) {
        finding_add(FINDING_NEVER_STORED, va, pa, nobody);
    }
    if (frame->marks != NULL && (frame->marks->lost[line] & bytes) != 0) {
        finding_add(frame->marks->overwritten[line] ? FINDING_OVERWRITE : FINDING_LOST, va, pa,
                    frame->marks->lost_by[line]);
    }
}

/* Dirty under another cache address than that of the access (NULL: past the cache). */
static void unwritten_check(const struct frame *frame, uint32_t line, uint32_t bytes, const struct copy *except,
                            uint32_t va, uint32_t pa) {
    for (const struct copy *copy = frame->data; copy != NULL; copy = copy->next) {
        if (copy != except && (line_dirty(copy, line) & bytes) != 0) {
            finding_add(FINDING_UNWRITTEN_READ, va, pa, copy->marks->dirty_by[line]);
        }
    }
}

static void load_line(struct translation *translation, uint32_t va, uint32_t bytes) {
    struct frame *frame = translation->frame;
    uint32_t line = va % PAGE / LINE;
    uint32_t pa = translation->pa + va % PAGE;
    lost_check(frame, line, bytes, va, pa);
    if (!translation->data_cached) {
        unwritten_check(frame, line, bytes, NULL, va, pa);
        if (frame->marks != NULL && (frame->marks->cleaned[line] & bytes) != 0) {
            finding_add(FINDING_NO_BARRIER, va, pa, frame->marks->waiting_by[line]);
        }
        return;
    }
    struct copy *copy = data_copy(translation, va);
    old_frame_check(copy, line, va, pa);
    unwritten_check(frame, line, bytes, copy, va, pa);
    if (line_stale(copy, line) & bytes) {
        finding_add(FINDING_STALE_READ, va, pa, copy->marks->stale_by[line]);
    }
    if (!line_present(copy, line)) {
        line_set_present(copy, line);
        for (const struct copy *other = frame->data; other != NULL; other = other->next) {
            if (other != copy && line_dirty(other, line)) { /* the fill brings what memory has */
                struct marks *marks = copy_marks(copy);
                marks->stale[line] |= line_dirty(other, line);
                marks->stale_by[line] = other->marks->dirty_by[line];
            }
        }
    }
}

static void store_cached(struct translation *translation, uint32_t va, uint32_t bytes) {
    struct frame *frame = translation->frame;
    uint32_t line = va % PAGE / LINE;
    uint32_t pa = translation->pa + va % PAGE;
    struct copy *copy = data_copy(translation, va);
    struct marks *marks = copy_marks(copy);
    struct memory_marks *on_way = frame_marks(frame);
    old_frame_check(copy, line, va, pa);
    for (const struct copy *other = frame->data; other != NULL; other = other->next) {
        if (other != copy && line_dirty(other, line)) {
            finding_add(FINDING_OVERWRITE, va, pa, other->marks->dirty_by[line]);
        }
    }
    line_passed_by(frame, line, bytes, copy);
    line_set_present(copy, line);
    marks->stale[line] &= ~bytes;
    on_way->lost[line] &= ~bytes;
    on_way->uncertain[line] |= on_way->waiting[line] & bytes;
    on_way->waiting[line] &= ~bytes;
    on_way->cleaned[line] &= ~bytes;
    if (!translation->write_back) {
        memory_wait(frame, line, bytes, false);
        return;
    }
    if (marks->stale[line] != 0) { /* they will be written back with the line */
        on_way->lost[line] |= marks->stale[line];
        on_way->overwritten[line] = true;
        on_way->lost_by[line] = marks->stale_by[line];
    }
    marks->dirty[line] |= bytes;
    marks->dirty_unified[line] |= bytes;
    marks->dirty_by[line] = model.now;
    order_store();
}

static void store_uncached(struct translation *translation, uint32_t va, uint32_t bytes) {
    struct frame *frame = translation->frame;
    uint32_t line = va % PAGE / LINE;
    uint32_t pa = translation->pa + va % PAGE;
    if (frame->flash_block != 0) {
        memory_flash_command(frame);
        return;
    }
    for (const struct copy *copy = frame->data; copy != NULL; copy = copy->next) {
        if (line_dirty(copy, line)) {
            finding_add(FINDING_OVERWRITE, va, pa, copy->marks->dirty_by[line]);
        }
    }
    if (model.speculated) {
        line_set_present(copy_of(frame, &model.data, 0), line);
    }
    line_passed_by(frame, line, bytes, NULL);
    struct memory_marks *on_way = frame_marks(frame);
    if (on_way->cleaned[line] & bytes) { /* nothing orders the line that is on its way before this store */
        finding_add(FINDING_NO_BARRIER, va, pa, on_way->waiting_by[line]);
    }
    on_way->lost[line] &= ~bytes;
    on_way->cleaned[line] &= ~bytes;
    memory_wait(frame, line, bytes, false);
}

/* The translation of an access to memory, or NULL: a device, or nothing that is known. */
static struct translation *access_begin(uint32_t va, uint32_t pc) {
    model.now = (struct party){va, pc};
    struct translation *translation = translate(va);
    order_check(va, false);
    if (translation->frame == NULL) {
        if (translation->mapped && translation->data_cached) {
            finding_add(FINDING_CACHED_DEVICE, va, translation->pa + va % PAGE, nobody);
        }
        return NULL;
    }
    return translation;
}

static uint32_t first_part(uint32_t va, uint32_t bytes) {
    uint32_t room = LINE - va % LINE;
    return bytes < room ? bytes : room;
}

void model_load(uint32_t va, uint32_t bytes, uint32_t pc) {
    while (bytes != 0) {
        uint32_t part = first_part(va, bytes);
        struct translation *translation = access_begin(va, pc);
        if (translation != NULL) {
            load_line(translation, va, bytes_of(va, part));
        }
        va += part;
        bytes -= part;
    }
}

void model_store(uint32_t va, uint32_t bytes, uint32_t pc) {
    while (bytes != 0) {
        uint32_t part = first_part(va, bytes);
        struct translation *translation = access_begin(va, pc);
        if (translation != NULL) {
            frame_stored(translation->frame, va % PAGE / LINE, bytes_of(va, part));
            if (translation->data_cached) {
                store_cached(translation, va, bytes_of(va, part));
            } else {
                store_uncached(translation, va, bytes_of(va, part));
            }
            if (translation->frame->table != NULL) {
                table_stored(translation->frame, va % PAGE, part);
            }
        }
        va += part;
        bytes -= part;
    }
}

/* ---- instructions ---- */

/* Lines come as memory has them: what has not arrived is stale in them. */
static void fetch_fill(struct copy *copy, uint32_t line) {
    if (line_present(copy, line)) {
        return;
    }
    line_set_present(copy, line);
    uint32_t unseen = line_unseen(copy->frame, line);
    if (unseen != 0) {
        struct marks *marks = copy_marks(copy);
        marks->stale[line] |= unseen;
        marks->stale_by[line] = nobody;
        for (const struct copy *data = copy->frame->data; data != NULL; data = data->next) {
            if (line_dirty(data, line)) {
                marks->stale_by[line] = data->marks->dirty_by[line];
            }
        }
    }
}

static struct copy *fetch_copy(struct translation *translation, uint32_t va) {
    if (translation->fetch == NULL) {
        uint32_t tag = model.cpu.fetch_virtual ? modified(va) / PAGE : va / PAGE & model.cpu.fetch_colour;
        translation->fetch = copy_of(translation->frame, &model.fetch, tag);
        if (model.cpu.speculates) {
            for (uint32_t line = 0; line < PAGE_LINES; line++) {
                fetch_fill(translation->fetch, line);
            }
        }
    }
    return translation->fetch;
}

static void unseen_check(const struct frame *frame, uint32_t line, uint32_t bytes, uint32_t va, uint32_t pa) {
    if ((line_unseen(frame, line) & bytes) == 0) {
        return;
    }
    struct party party = nobody;
    for (const struct copy *copy = frame->data; copy != NULL; copy = copy->next) {
        if (copy->marks != NULL && (copy->marks->dirty_unified[line] & bytes) != 0) {
            party = copy->marks->dirty_by[line];
        }
    }
    if (party.pc == 0 && frame->marks != NULL) {
        party = frame->marks->waiting_by[line];
    }
    finding_add(FINDING_FETCH_NOT_CLEANED, va, pa, party);
}

static void fetch_line(struct translation *translation, uint32_t va, uint32_t bytes) {
    struct frame *frame = translation->frame;
    uint32_t line = va % PAGE / LINE;
    uint32_t pa = translation->pa + va % PAGE;
    lost_check(frame, line, bytes, va, pa);
    unseen_check(frame, line, bytes, va, pa);
    if (!translation->fetch_cached) {
        return;
    }
    struct copy *copy = fetch_copy(translation, va);
    old_frame_check(copy, line, va, pa);
    uint32_t stale = line_stale(copy, line) & bytes & ~line_unseen(frame, line);
    if (stale != 0) {
        bool ordered = (stale & ~(copy->marks->issued[line] | copy->marks->fenced[line])) == 0;
        finding_add(ordered ? FINDING_NO_BARRIER : FINDING_FETCH_STALE, va, pa, copy->marks->stale_by[line]);
    }
    fetch_fill(copy, line);
    if (va % LINE >= LINE - 12 && line + 1 < PAGE_LINES) { /* the pipeline reads on */
        fetch_fill(copy, line + 1);
    }
}

/* Nothing of the line could be old: its other instructions need no look until something happens. */
static bool line_is_plain(const struct translation *translation, uint32_t line) {
    const struct frame *frame = translation->frame;
    return frame != NULL && translation->fetch != NULL && line_stale(translation->fetch, line) == 0 &&
           line_unseen(frame, line) == 0 && (frame->marks == NULL || frame->marks->lost[line] == 0) &&
           !frame_is_blank(frame, line, WHOLE_LINE);
}

void model_fetch(uint32_t va, uint32_t bytes) {
    bool reads_on = va % LINE >= LINE - 12;
    if (va / LINE == model.plain_line && model.plain_epoch == model.fetch_epoch && !reads_on) {
        return;
    }
    model.now = (struct party){va, va};
    struct translation *translation = translate(va);
    order_check(va, true);
    model.plain_epoch = model.fetch_epoch - 1;
    if (translation->frame != NULL) {
        fetch_line(translation, va, bytes_of(va, bytes));
        if (line_is_plain(translation, va % PAGE / LINE)) {
            model.plain_line = va / LINE;
            model.plain_epoch = model.fetch_epoch;
        }
    }
}
