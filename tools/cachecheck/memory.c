/* Physical pages, their copies in caches, and what is on its way to memory.
 *
 * frame->settled is what memory has for certain: it differs from the bytes themselves where stores have not arrived.
 * It begins as a copy of the page (made at the start for pages that are not empty, zero for the others).
 */
#include "tools/cachecheck/state.h"
#include <stdlib.h>
#include <string.h>

#define RANGES   8u
#define TAG_MASK 0xfffffu

struct model model;

static struct range {
    struct memory memory;
    struct frame **frames; /* one for each page, NULL: never looked at */
    uint8_t **before;      /* flash: contents as caches may know them; NULL: erased.  RAM: first contents; NULL: zero */
} ranges[RANGES];
static size_t range_count;

/* Lines with bytes on their way. */
struct line_name {
    struct frame *frame;
    uint32_t line;
};
static struct line_name *waiting;
static size_t waiting_count, waiting_room;

static void *zeroed(size_t count, size_t bytes) {
    void *memory = calloc(count, bytes);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static bool all_bytes_are(const uint8_t *bytes, size_t count, uint8_t value) {
    return bytes[0] == value && memcmp(bytes, bytes + 1, count - 1) == 0;
}

static void range_free(struct range *range) {
    for (uint32_t page = 0; page < range->memory.size / PAGE; page++) {
        struct frame *frame = range->frames[page];
        if (frame != NULL) {
            free(frame->settled);
            free(frame->marks);
            free(frame->blank);
            free(frame->table);
            free(frame);
        }
        free(range->before[page]);
    }
    free(range->frames);
    free(range->before);
}

/* Copies of the pages that are not empty. */
static void range_start(struct range *range, const struct memory *memory) {
    uint32_t pages = memory->size / PAGE;
    uint8_t empty = memory->flash_block != 0 ? 0xff : 0;
    range->memory = *memory;
    range->frames = zeroed(pages, sizeof *range->frames);
    range->before = zeroed(pages, sizeof *range->before);
    for (uint32_t page = 0; page < pages; page++) {
        const uint8_t *bytes = memory->bytes + page * PAGE;
        if (!all_bytes_are(bytes, PAGE, empty)) {
            range->before[page] = memcpy(zeroed(1, PAGE), bytes, PAGE);
        }
    }
}

static void cache_start(struct cache *cache, bool virtual_tags) {
    free(cache->by_tag);
    *cache = (struct cache){0};
    if (virtual_tags) {
        cache->by_tag = zeroed(TAG_MASK + 1, sizeof *cache->by_tag);
    }
}

void memory_start(const struct memory *memory, size_t count) {
    cache_drop_all(&model.data);
    cache_drop_all(&model.fetch);
    cache_start(&model.data, model.cpu.data_virtual);
    cache_start(&model.fetch, model.cpu.fetch_virtual);
    for (size_t i = 0; i < range_count; i++) {
        range_free(&ranges[i]);
    }
    range_count = count < RANGES ? count : RANGES;
    for (size_t i = 0; i < range_count; i++) {
        range_start(&ranges[i], &memory[i]);
    }
    waiting_count = 0;
}

static struct range *range_at(uint32_t pa) {
    for (size_t i = 0; i < range_count; i++) {
        if (pa - ranges[i].memory.pa < ranges[i].memory.size) {
            return &ranges[i];
        }
    }
    return NULL;
}

struct frame *frame_at(uint32_t pa) {
    struct range *range = range_at(pa);
    if (range == NULL) {
        return NULL;
    }
    uint32_t page = (pa - range->memory.pa) / PAGE;
    struct frame *frame = range->frames[page];
    if (frame == NULL) {
        frame = zeroed(1, sizeof *frame);
        frame->pa = pa & ~(PAGE - 1);
        frame->bytes = range->memory.bytes + page * PAGE;
        frame->flash_block = range->memory.flash_block;
        if (range->memory.undefined && range->before[page] == NULL) {
            frame->blank = memset(zeroed(PAGE_LINES, sizeof *frame->blank), 0xff, PAGE_LINES * sizeof *frame->blank);
        }
        range->frames[page] = frame;
    }
    return frame;
}

/* ---- copies ---- */

struct copy *copy_of(struct frame *frame, struct cache *cache, uint32_t tag) {
    bool fetch = cache == &model.fetch;
    struct copy **first = fetch ? &frame->fetch : &frame->data;
    for (struct copy *copy = *first; copy != NULL; copy = copy->next) {
        if (copy->tag == tag) {
            return copy;
        }
    }
    struct copy *copy = zeroed(1, sizeof *copy);
    copy->frame = frame;
    copy->tag = tag;
    copy->fetch = fetch;
    copy->next = *first;
    *first = copy;
    copy->older = cache->all;
    if (cache->all != NULL) {
        cache->all->newer = copy;
    }
    cache->all = copy;
    cache->count++;
    if (cache->by_tag != NULL) {
        copy->next_tag = cache->by_tag[tag & TAG_MASK];
        cache->by_tag[tag & TAG_MASK] = copy;
    }
    return copy;
}

static void copy_free(struct copy *copy) {
    free(copy->marks);
    free(copy);
}

void copy_drop(struct copy *copy) {
    struct cache *cache = copy->fetch ? &model.fetch : &model.data;
    struct copy **at = copy->fetch ? &copy->frame->fetch : &copy->frame->data;
    while (*at != copy) {
        at = &(*at)->next;
    }
    *at = copy->next;
    if (cache->by_tag != NULL) {
        at = &cache->by_tag[copy->tag & TAG_MASK];
        while (*at != copy) {
            at = &(*at)->next_tag;
        }
        *at = copy->next_tag;
    }
    if (copy->older != NULL) {
        copy->older->newer = copy->newer;
    }
    if (copy->newer != NULL) {
        copy->newer->older = copy->older;
    } else {
        cache->all = copy->older;
    }
    cache->count--;
    copy_free(copy);
    mark_generation();
}

void cache_drop_all(struct cache *cache) {
    struct copy *copy = cache->all;
    while (copy != NULL) {
        struct copy *older = copy->older;
        if (copy->fetch) {
            copy->frame->fetch = NULL;
        } else {
            copy->frame->data = NULL;
        }
        if (cache->by_tag != NULL) {
            cache->by_tag[copy->tag & TAG_MASK] = NULL;
        }
        copy_free(copy);
        copy = older;
    }
    cache->all = NULL;
    cache->count = 0;
    mark_generation();
}

struct marks *copy_marks(struct copy *copy) {
    if (copy->marks == NULL) {
        copy->marks = zeroed(1, sizeof *copy->marks);
    }
    return copy->marks;
}

bool copy_is_empty(const struct copy *copy) {
    for (uint32_t i = 0; i < PAGE_LINES / 64; i++) {
        if (copy->present[i] != 0) {
            return false;
        }
    }
    for (uint32_t line = 0; copy->marks != NULL && line < PAGE_LINES; line++) {
        if ((copy->marks->dirty[line] | copy->marks->stale[line]) != 0) {
            return false;
        }
    }
    return true;
}

void frame_stored(struct frame *frame, uint32_t line, uint32_t bytes) {
    if (!frame_is_blank(frame, line, bytes)) {
        return;
    }
    frame->blank[line] &= ~bytes;
    uint32_t left = 0;
    for (uint32_t i = 0; i < PAGE_LINES && left == 0; i++) {
        left = frame->blank[i];
    }
    if (left == 0) {
        free(frame->blank);
        frame->blank = NULL;
    }
}

/* ---- on the way ---- */

struct memory_marks *frame_marks(struct frame *frame) {
    if (frame->marks == NULL) {
        frame->marks = zeroed(1, sizeof *frame->marks);
        frame->settled = zeroed(1, PAGE);
        const struct range *range = range_at(frame->pa);
        const uint8_t *before = range->before[(frame->pa - range->memory.pa) / PAGE];
        if (before != NULL) {
            memcpy(frame->settled, before, PAGE);
        } else if (frame->flash_block != 0) {
            memset(frame->settled, 0xff, PAGE);
        }
    }
    return frame->marks;
}

void memory_wait(struct frame *frame, uint32_t line, uint32_t bytes, bool cleaned) {
    struct memory_marks *marks = frame_marks(frame);
    if (marks->waiting[line] == 0) {
        if (waiting_count == waiting_room) {
            waiting_room = waiting_room != 0 ? 2 * waiting_room : 256;
            waiting = realloc(waiting, waiting_room * sizeof *waiting);
            if (waiting == NULL) {
                abort();
            }
        }
        waiting[waiting_count++] = (struct line_name){frame, line};
    }
    marks->waiting[line] |= bytes;
    if (cleaned) {
        marks->cleaned[line] |= bytes;
    }
    marks->waiting_by[line] = model.now;
}

static void line_settle(struct frame *frame, uint32_t line) {
    uint32_t bytes = frame->marks->waiting[line];
    if (frame->table != NULL) {
        entry_became_visible(frame, line, bytes);
    }
    for (uint32_t i = 0; i < LINE; i++) {
        if (bytes >> i & 1u) {
            frame->settled[line * LINE + i] = frame->bytes[line * LINE + i];
        }
    }
    frame->marks->waiting[line] = 0;
    frame->marks->cleaned[line] = 0;
    frame->marks->uncertain[line] &= ~bytes;
}

bool memory_settle(void) {
    bool any = false;
    for (size_t i = 0; i < waiting_count; i++) {
        struct frame *frame = waiting[i].frame;
        if (frame->marks->waiting[waiting[i].line] != 0) {
            line_settle(frame, waiting[i].line);
            any = true;
        }
    }
    waiting_count = 0;
    return any;
}

void memory_reset(void) {
    for (size_t i = 0; i < waiting_count; i++) {
        struct memory_marks *marks = waiting[i].frame->marks;
        uint32_t line = waiting[i].line;
        if (marks->waiting[line] != 0) {
            marks->lost[line] |= marks->waiting[line];
            marks->overwritten[line] = false;
            marks->lost_by[line] = model.now;
        }
    }
    memory_settle();
}

uint32_t line_unseen(const struct frame *frame, uint32_t line) {
    uint32_t unseen = frame->marks != NULL ? frame->marks->waiting[line] : 0;
    if (!model.cpu.walks_look) {
        for (const struct copy *copy = frame->data; copy != NULL; copy = copy->next) {
            if (copy->marks != NULL) {
                unseen |= copy->marks->dirty_unified[line];
            }
        }
    }
    return unseen;
}

void line_passed_by(struct frame *frame, uint32_t line, uint32_t bytes, const struct copy *except) {
    for (struct copy *copy = frame->data; copy != NULL; copy = copy->next) {
        if (copy != except && line_present(copy, line)) {
            struct marks *marks = copy_marks(copy);
            marks->stale[line] |= bytes;
            marks->stale_by[line] = model.now;
        }
    }
    for (struct copy *copy = frame->fetch; copy != NULL; copy = copy->next) {
        if (line_present(copy, line)) {
            struct marks *marks = copy_marks(copy);
            marks->stale[line] |= bytes;
            marks->issued[line] &= ~bytes;
            marks->fenced[line] &= ~bytes;
            marks->stale_by[line] = model.now;
            model.fetch_epoch++;
        }
    }
}

/* ---- flash ---- */

static uint32_t bytes_changed(const uint8_t *before, const uint8_t *after) {
    uint32_t changed = 0;
    for (uint32_t i = 0; i < LINE; i++) {
        changed |= (uint32_t)(before[i] != after[i]) << i;
    }
    return changed;
}

static void flash_page_changed(struct range *range, uint32_t page) {
    const uint8_t *after = range->memory.bytes + page * PAGE;
    uint8_t *before = range->before[page];
    if (before == NULL ? all_bytes_are(after, PAGE, 0xff) : memcmp(before, after, PAGE) == 0) {
        return;
    }
    if (before == NULL) {
        before = range->before[page] = memset(zeroed(1, PAGE), 0xff, PAGE);
    }
    struct frame *frame = frame_at(range->memory.pa + page * PAGE);
    for (uint32_t line = 0; line < PAGE_LINES; line++) {
        uint32_t changed = bytes_changed(before + line * LINE, after + line * LINE);
        if (changed != 0) {
            if (model.speculated) { /* by way of the cacheable mapping that flash has, or may have had */
                line_set_present(copy_of(frame, &model.data, 0), line);
            }
            line_passed_by(frame, line, changed, NULL);
        }
    }
    memcpy(before, after, PAGE);
    if (frame->settled != NULL) {
        memcpy(frame->settled, after, PAGE);
    }
}

void memory_flash_command(struct frame *frame) {
    struct range *range = range_at(frame->pa);
    uint32_t from = (frame->pa - range->memory.pa) & ~(range->memory.flash_block - 1);
    for (uint32_t at = from; at < from + range->memory.flash_block && at < range->memory.size; at += PAGE) {
        flash_page_changed(range, at / PAGE);
    }
}
