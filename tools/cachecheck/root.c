/* First-level tables that are known, and which of their entries point to each second-level table.
 *
 * A root is read whole when a base register is set to it; from then on stores to it keep it right (frame->table).  A
 * store to one that nobody can be walking any more makes it unknown again.
 */
#include "tools/cachecheck/state.h"
#include <stdlib.h>
#include <string.h>

#define ROOTS        2048u
#define BUCKETS      1024u
#define SECOND_BYTES 0x400u
#define USER_HALF    2048u /* entries of the lower 2 GB */

struct link {
    uint32_t table;
    struct root *root;
    uint32_t index;
    struct link *next;
};

static struct root roots[ROOTS]; /* high 0: free */
static uint32_t root_count;      /* those from this number on were never used */
static struct link *buckets[BUCKETS];

static struct link **bucket_of(uint32_t table) {
    return &buckets[(table >> 10 ^ table >> 20) % BUCKETS];
}

void root_start(void) {
    for (uint32_t i = 0; i < BUCKETS; i++) {
        while (buckets[i] != NULL) {
            struct link *link = buckets[i];
            buckets[i] = link->next;
            free(link);
        }
    }
    memset(roots, 0, sizeof roots);
    root_count = 0;
}

static void link_add(uint32_t table, struct root *root, uint32_t index) {
    struct link *link = malloc(sizeof *link);
    if (link == NULL) {
        abort();
    }
    *link = (struct link){table, root, index, *bucket_of(table)};
    *bucket_of(table) = link;
    struct frame *frame = frame_at(table);
    if (frame != NULL) {
        frame_make_table(frame);
    }
}

static void link_remove(uint32_t table, const struct root *root, uint32_t index) {
    for (struct link **at = bucket_of(table); *at != NULL; at = &(*at)->next) {
        struct link *link = *at;
        if (link->table == table && link->root == root && link->index == index) {
            *at = link->next;
            free(link);
            return;
        }
    }
}

void link_change(struct root *root, uint32_t index, uint32_t before, uint32_t after) {
    if (index < USER_HALF) {
        root->entries += (uint32_t)entry_present(after) - (uint32_t)entry_present(before);
    }
    if (entry_is_table(before)) {
        link_remove(before & ~0x3ffu, root, index);
    }
    if (entry_is_table(after)) {
        link_add(after & ~0x3ffu, root, index);
    }
}

void links_each(uint32_t table, void (*use)(struct root *root, uint32_t index, void *context), void *context) {
    for (const struct link *link = *bucket_of(table); link != NULL; link = link->next) {
        if (link->table == table) {
            use(link->root, link->index, context);
        }
    }
}

static void root_read(struct root *root) {
    for (uint32_t index = root->low; index < root->high; index++) {
        bool known;
        uint32_t pa = root->base + index * 4;
        uint32_t entry = word_at(pa, &known);
        if (pa % PAGE == 0 || index == root->low) {
            struct frame *frame = frame_at(pa);
            if (frame == NULL) {
                return;
            }
            frame_make_table(frame);
        }
        link_change(root, index, 0, entry);
    }
}

/* Room for one more: a new place, or that of a table that is not in use. */
static struct root *root_place(void) {
    if (root_count < ROOTS) {
        return &roots[root_count++];
    }
    for (uint32_t i = 0; i < ROOTS; i++) {
        if (!root_is_live(&roots[i])) {
            root_forget(&roots[i]);
            return &roots[i];
        }
    }
    abort();
}

struct root *root_use(uint32_t base, uint32_t low, uint32_t high) {
    struct root *place = NULL;
    for (uint32_t i = 0; i < root_count; i++) {
        struct root *root = &roots[i];
        if (root->high != 0 && root->base == base && root->low == low && root->high == high) {
            return root;
        }
        if (root->high == 0 && place == NULL) {
            place = root;
        }
    }
    if (place == NULL) {
        place = root_place();
    }
    *place = (struct root){.base = base, .low = low, .high = high, .changed = true};
    root_read(place);
    return place;
}

struct root *root_of_word(uint32_t pa, size_t from) {
    for (size_t i = from; i < root_count; i++) {
        const struct root *root = &roots[i];
        if (root->high != 0 && pa - root->base < root->high * 4 && pa - root->base >= root->low * 4) {
            return &roots[i];
        }
    }
    return NULL;
}

size_t root_number(const struct root *root) {
    return (size_t)(root - roots);
}

static void links_forget(const struct root *root) {
    for (uint32_t i = 0; i < BUCKETS; i++) {
        struct link **at = &buckets[i];
        while (*at != NULL) {
            struct link *link = *at;
            if (link->root == root) {
                *at = link->next;
                free(link);
            } else {
                at = &link->next;
            }
        }
    }
}

void root_forget(struct root *root) {
    links_forget(root);
    *root = (struct root){0};
}

/* ---- tables that come into use ---- */

/* Words of a line that memory has something else for, which walks would take for an entry. */
static void unsettled_check(const struct frame *frame, uint32_t line) {
    for (uint32_t at = line * LINE; at < (line + 1) * LINE; at += 4) {
        uint32_t memory, now;
        memcpy(&memory, frame->settled + at, sizeof memory);
        memcpy(&now, frame->bytes + at, sizeof now);
        if (entry_is_settled(frame->pa + at) || memory == now) {
            continue;
        }
        if (entry_present(memory) || (frame->marks->uncertain[line] & 0xfu << at % LINE) != 0) {
            struct party by = frame->table != NULL ? frame->table->by[at / 4] : (struct party){0, 0};
            finding_add(FINDING_WALK_MISSES, model.now.va, frame->pa + at, by);
        }
    }
}

void table_comes(uint32_t pa, uint32_t bytes) {
    for (uint32_t at = pa; model.cpu.speculates && at < pa + bytes; at += LINE) {
        const struct frame *frame = frame_at(at);
        uint32_t line = at % PAGE / LINE;
        if (frame == NULL) {
            continue;
        }
        if (frame_is_blank(frame, line, WHOLE_LINE)) {
            finding_add(FINDING_NEVER_STORED, model.now.va, at, (struct party){0, 0});
            return;
        }
        if (frame->marks != NULL && frame->marks->lost[line] != 0) {
            finding_add(FINDING_LOST, model.now.va, at, frame->marks->lost_by[line]);
            return;
        }
        if (frame->settled != NULL && line_unseen(frame, line) != 0) {
            unsettled_check(frame, line);
        }
    }
}

void root_comes(struct root *root) {
    if (root->behind) {
        links_forget(root);
        root->entries = 0;
        root_read(root);
    }
    if (root->behind || root->changed) {
        table_comes(root->base + root->low * 4, (root->high - root->low) * 4);
        for (uint32_t index = root->low; index < root->high; index++) {
            bool known;
            uint32_t entry = word_at(root->base + index * 4, &known);
            if (known && entry_is_table(entry)) {
                table_comes(entry & ~(SECOND_BYTES - 1), SECOND_BYTES);
            }
        }
    }
    root->behind = false;
    root->changed = false;
}

bool root_uses_page(uint32_t pa) {
    for (uint32_t i = 0; i < root_count; i++) {
        const struct root *root = &roots[i];
        if (root->high != 0 && pa < root->base + root->high * 4 && pa + PAGE > root->base + root->low * 4) {
            return true;
        }
    }
    for (uint32_t table = pa; table < pa + PAGE; table += 0x400) {
        for (const struct link *link = *bucket_of(table); link != NULL; link = link->next) {
            if (link->table == table) {
                return true;
            }
        }
    }
    return false;
}
