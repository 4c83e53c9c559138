/* Second-level tables: see table.h.
 *
 * The free tables of partly used frames form one list, linked through their own words: [0] next, [1] previous, [2] the
 * mark.  The mark can be no entry: its low bits say "not present", and it has bits that such entries never have.
 *
 * A table is cleaned when it is given out, since many a one is never given out again before its frame goes.
 */
#include "arch/arm/table.h"
#include "arch/arm/kept.h"
#include "arch/arm/maintain.h"
#include "arch/frames.h"
#include "arch/static.h"
#include "include/panic.h"
#include <string.h>

#define TABLE_FREE_MARK 0xf7eef7e0u
#define TABLES_A_FRAME  (PAGE_SIZE / TABLE_BYTES)

struct free_table {
    struct free_table *next;
    struct free_table *previous;
    uint32_t mark;
};

static struct free_table *free_tables;

static void pool_insert(struct free_table *table) {
    table->next = free_tables;
    table->previous = NULL;
    table->mark = TABLE_FREE_MARK;
    if (free_tables != NULL) {
        free_tables->previous = table;
    }
    free_tables = table;
}

static void pool_remove(struct free_table *table) {
    if (table->next != NULL) {
        table->next->previous = table->previous;
    }
    if (table->previous != NULL) {
        table->previous->next = table->next;
    } else {
        free_tables = table->next;
    }
    table->next = NULL;
    table->previous = NULL;
    table->mark = 0;
}

static struct free_table *frame_table(uint32_t frame, uint32_t index) {
    return (struct free_table *)(frame + index * TABLE_BYTES);
}

static struct kept kept_frame = {.most = 1}; /* physical address of a frame of four free, zero tables not in the list */

bool table_release_kept(void) {
    uint32_t pa = kept_drop(&kept_frame);
    if (pa != KEPT_NONE) {
        frame_free_kept(pa, 0);
    }
    return pa != KEPT_NONE;
}

/* A frame of zeroes, or 0. */
static uint32_t frame_make(void) {
    uint32_t pa;
    if (kept_take(&kept_frame, &pa)) {
        return pa != KEPT_NONE ? (uint32_t)static_va(pa) : 0;
    }
    pa = frame_alloc(0, FRAME_TABLE);
    if (pa == FRAME_NONE) {
        return 0;
    }
    return (uint32_t)memset(static_va(pa), 0, PAGE_SIZE);
}

uint32_t *table_alloc(void) {
    if (free_tables == NULL) {
        uint32_t frame = frame_make();
        if (frame == 0) {
            return NULL;
        }
        for (uint32_t i = 0; i < TABLES_A_FRAME; i++) {
            pool_insert(frame_table(frame, i));
        }
    }
    struct free_table *table = free_tables;
    pool_remove(table);
    maintain_tables(table, TABLE_BYTES);
    return (uint32_t *)table;
}

void table_free(uint32_t *entries) {
    ASSERT(entries[2] == 0);
    pool_insert((struct free_table *)(void *)entries);

    uint32_t frame = round_down((uint32_t)entries, PAGE_SIZE);
    for (uint32_t i = 0; i < TABLES_A_FRAME; i++) {
        if (frame_table(frame, i)->mark != TABLE_FREE_MARK) {
            return;
        }
    }
    for (uint32_t i = 0; i < TABLES_A_FRAME; i++) {
        pool_remove(frame_table(frame, i));
    }
    uint32_t pa = static_pa((void *)frame);
    if (!kept_put(&kept_frame, pa)) {
        frame_free(pa, 0);
    }
}
