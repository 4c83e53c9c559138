/* Cache maintenance: by line, whole, by set and way; and the barriers that ARMv7's instruction side waits for.
 *
 * Each function tells whether the operation was of use: whether it changed anything that the hardware could have held.
 */
#include "tools/cachecheck/state.h"
#include <stdlib.h>
#include <string.h>

/* Instruction lines whose invalidation waits for a barrier. */
static struct issued {
    struct copy *copy;
    uint32_t line;
} * issued;
static size_t issued_count, issued_room;
static bool fetch_fenced;

/* Geometry of the first data cache level, and which of its lines were named by set and way. */
static struct {
    uint32_t sets, ways, set_shift, way_shift;
    uint8_t *seen;
    uint32_t count;
} geometry;

void clean_start(void) {
    issued_count = 0;
    fetch_fenced = false;
    free(geometry.seen);
    memset(&geometry, 0, sizeof geometry);
}

/* ---- one line of one copy ---- */

static bool line_clean(struct copy *copy, uint32_t line, bool unified_only) {
    struct marks *marks = copy->marks;
    if (marks == NULL) {
        return false;
    }
    uint32_t bytes = unified_only ? marks->dirty_unified[line] : marks->dirty[line];
    if (bytes == 0) {
        return false;
    }
    memory_wait(copy->frame, line, bytes, !unified_only);
    marks->dirty_unified[line] = 0;
    if (!unified_only) {
        marks->dirty[line] = 0;
    }
    return true;
}

static bool data_line_invalidate(struct copy *copy, uint32_t line) {
    struct marks *marks = copy->marks;
    bool useful = model.cpu.data_virtual && line_present(copy, line);
    line_clear_present(copy, line);
    if (marks == NULL) {
        return useful;
    }
    if (marks->dirty[line] != 0) {
        struct memory_marks *on_way = frame_marks(copy->frame);
        on_way->lost[line] |= marks->dirty[line];
        on_way->overwritten[line] = false;
        on_way->lost_by[line] = model.now;
        useful = true;
    }
    useful = useful || marks->stale[line] != 0;
    marks->dirty[line] = 0;
    marks->dirty_unified[line] = 0;
    marks->stale[line] = 0;
    return useful;
}

static void fetch_line_issue(struct copy *copy, uint32_t line, uint32_t bytes) {
    if (issued_count == issued_room) {
        issued_room = issued_room != 0 ? 2 * issued_room : 256;
        issued = realloc(issued, issued_room * sizeof *issued);
        if (issued == NULL) {
            abort();
        }
    }
    issued[issued_count++] = (struct issued){copy, line};
    copy->marks->issued[line] |= bytes;
}

/* ARMv7: what has not reached memory when the line goes may come back with the old bytes at once. */
static bool fetch_line_invalidate(struct copy *copy, uint32_t line) {
    uint32_t stale = line_stale(copy, line);
    if (!model.cpu.speculates) {
        bool useful = line_present(copy, line);
        line_clear_present(copy, line);
        if (copy->marks != NULL) {
            copy->marks->stale[line] = 0;
        }
        return useful;
    }
    if (stale == 0) {
        return false;
    }
    uint32_t bytes = stale & ~line_unseen(copy->frame, line) & ~copy->marks->issued[line];
    if (bytes != 0) {
        fetch_line_issue(copy, line, bytes);
    }
    return bytes != 0;
}

bool fetch_barrier(void) {
    bool any = false;
    for (size_t i = 0; i < issued_count; i++) {
        struct marks *marks = issued[i].copy->marks;
        uint32_t line = issued[i].line;
        any = any || marks->issued[line] != 0;
        marks->fenced[line] |= marks->issued[line];
        marks->issued[line] = 0;
    }
    fetch_fenced = fetch_fenced || any;
    return any;
}

bool fetch_synchronise(void) {
    bool any = fetch_fenced;
    size_t left = 0;
    fetch_fenced = false;
    for (size_t i = 0; i < issued_count; i++) {
        struct marks *marks = issued[i].copy->marks;
        uint32_t line = issued[i].line;
        marks->stale[line] &= ~marks->fenced[line];
        marks->fenced[line] = 0;
        if (marks->issued[line] != 0) {
            issued[left++] = issued[i];
        }
    }
    issued_count = left;
    return any;
}

/* ---- whole caches ---- */

static bool data_all(bool clean, bool invalidate) {
    bool useful = false;
    for (struct copy *copy = model.data.all; copy != NULL; copy = copy->older) {
        for (uint32_t line = 0; line < PAGE_LINES; line++) {
            if (clean) {
                useful = line_clean(copy, line, false) || useful;
            }
            if (invalidate) {
                useful = data_line_invalidate(copy, line) || useful;
            }
        }
    }
    if (invalidate) {
        cache_drop_all(&model.data);
        model.speculated = model.cpu.speculates && (model.sctlr & SCTLR_C) != 0;
        order_data_invalidated();
    }
    return useful;
}

static bool fetch_all(void) {
    bool useful = false;
    for (struct copy *copy = model.fetch.all; copy != NULL; copy = copy->older) {
        for (uint32_t line = 0; line < PAGE_LINES; line++) {
            useful = fetch_line_invalidate(copy, line) || useful;
        }
    }
    if (!model.cpu.speculates) {
        cache_drop_all(&model.fetch);
    }
    order_fetch_invalidated();
    return useful;
}

/* ---- by set and way ---- */

void model_geometry(uint32_t csselr, uint32_t ccsidr) {
    order_cache_size_read();
    if (csselr != 0) {
        return;
    }
    uint32_t ways = (ccsidr >> 3 & 0x3ffu) + 1;
    uint32_t sets = (ccsidr >> 13 & 0x7fffu) + 1;
    if (ways == geometry.ways && sets == geometry.sets) {
        return;
    }
    geometry.ways = ways;
    geometry.sets = sets;
    geometry.set_shift = (ccsidr & 7u) + 4;
    geometry.way_shift = ways > 1 ? (uint32_t)__builtin_clz(ways - 1) : 31;
    free(geometry.seen);
    geometry.seen = calloc(ways, sets);
    geometry.count = 0;
}

/* The whole cache, when the last of its lines was named. */
static bool set_way(uint32_t value, bool clean) {
    order_set_way();
    if (geometry.seen == NULL || (value & 0xeu) != 0) {
        return true;
    }
    uint32_t set = value >> geometry.set_shift & (geometry.sets - 1);
    uint32_t way = geometry.ways > 1 ? value >> geometry.way_shift : 0;
    if (way < geometry.ways && set < geometry.sets && !geometry.seen[way * geometry.sets + set]) {
        geometry.seen[way * geometry.sets + set] = 1;
        geometry.count++;
    }
    if (geometry.count == geometry.sets * geometry.ways) {
        memset(geometry.seen, 0, geometry.count);
        geometry.count = 0;
        data_all(clean, true);
    }
    return true;
}

/* ---- by address ---- */

static bool data_line_operation(enum operation operation, struct copy *copy, uint32_t line) {
    switch (operation) {
    case OP_DATA_CLEAN:
        return line_clean(copy, line, false);
    case OP_DATA_CLEAN_POU:
        return line_clean(copy, line, true);
    case OP_DATA_INVALIDATE:
        return data_line_invalidate(copy, line);
    default:
        break;
    }
    bool useful = line_clean(copy, line, false);
    return data_line_invalidate(copy, line) || useful;
}

static bool by_tag(enum operation operation, uint32_t address) {
    bool fetch = operation == OP_FETCH_INVALIDATE;
    struct copy *copy = (fetch ? &model.fetch : &model.data)->by_tag[address / PAGE];
    uint32_t line = address % PAGE / LINE;
    bool useful = false;
    while (copy != NULL) {
        struct copy *next = copy->next_tag;
        bool did = fetch ? fetch_line_invalidate(copy, line) : data_line_operation(operation, copy, line);
        useful = useful || did;
        if (did && copy_is_empty(copy)) {
            copy_drop(copy);
        }
        copy = next;
    }
    return useful;
}

static bool by_frame(enum operation operation, uint32_t va) {
    const struct translation *translation = translate(va);
    if (translation->frame == NULL) {
        return false;
    }
    uint32_t line = va % PAGE / LINE;
    bool useful = false;
    if (operation == OP_FETCH_INVALIDATE) {
        for (struct copy *copy = translation->frame->fetch; copy != NULL; copy = copy->next) {
            if (copy->tag == (va / PAGE & model.cpu.fetch_colour)) {
                useful = fetch_line_invalidate(copy, line) || useful;
            }
        }
        return useful;
    }
    for (struct copy *copy = translation->frame->data; copy != NULL; copy = copy->next) {
        useful = data_line_operation(operation, copy, line) || useful;
    }
    return useful;
}

bool clean_operation(enum operation operation, uint32_t value) {
    switch (operation) {
    case OP_DATA_CLEAN_ALL:
        return data_all(true, false);
    case OP_DATA_INVALIDATE_ALL:
        return data_all(false, true);
    case OP_DATA_CLEAN_INVALIDATE_ALL:
        return data_all(true, true);
    case OP_FETCH_INVALIDATE_ALL:
        return fetch_all();
    case OP_DATA_INVALIDATE_SET_WAY:
        return set_way(value, false);
    case OP_DATA_CLEAN_INVALIDATE_SET_WAY:
        return set_way(value, true);
    case OP_FETCH_INVALIDATE:
        return model.cpu.fetch_virtual ? by_tag(operation, value) : by_frame(operation, value);
    default:
        return model.cpu.data_virtual ? by_tag(operation, value) : by_frame(operation, value);
    }
}
