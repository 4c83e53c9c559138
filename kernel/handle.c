/* Handle tables: see handle.h. */
#include "kernel/handle.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "mm/heap.h"
#include <string.h>

#define FIRST_CAPACITY  15u
#define NO_ENTRY        0xffffffffu
#define GENERATION_LAST 0x7fffu

static uint32_t handles_open;

static uint32_t handle_of(uint32_t index, uint16_t generation) {
    return (uint32_t)generation << 16 | index << 2;
}

/* Puts the entries from first to the end of the table into the queue. */
static void queue_append_new(struct handle_table *table, uint32_t first) {
    for (uint32_t i = first; i < table->capacity; i++) {
        table->entries[i] = (struct handle_entry){.generation = 1, .next = i + 1};
    }
    table->entries[table->capacity - 1].next = NO_ENTRY;
    if (table->free_first == NO_ENTRY) {
        table->free_first = first;
    } else {
        table->entries[table->free_last].next = first;
    }
    table->free_last = table->capacity - 1;
}

status_t handle_table_init(struct handle_table *table) {
    *table = (struct handle_table){.capacity = FIRST_CAPACITY, .free_first = NO_ENTRY, .free_last = NO_ENTRY};
    table->entries = heap_alloc(FIRST_CAPACITY * (uint32_t)sizeof *table->entries);
    if (table->entries == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    queue_append_new(table, 0);
    return ERROR_SUCCESS;
}

/* Doubles the table.  Allocation happens with preemption on; another thread may have grown it meanwhile. */
static status_t table_grow(struct handle_table *table, uint32_t seen) {
    uint32_t capacity = min_u32(seen * 2 + 2, HANDLE_LIMIT);
    if (capacity == seen) {
        return ERROR_TOO_MANY_OPEN_FILES;
    }
    struct handle_entry *entries = heap_alloc(capacity * (uint32_t)sizeof *entries);
    if (entries == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    struct handle_entry *unused = entries;
    preempt_disable();
    if (table->capacity == seen) {
        memcpy(entries, table->entries, seen * sizeof *entries);
        unused = table->entries;
        table->entries = entries;
        table->capacity = capacity;
        queue_append_new(table, seen);
    }
    preempt_enable();
    heap_free(unused);
    return ERROR_SUCCESS;
}

status_t handle_create(struct handle_table *table, struct object *object, uint32_t access, uint32_t *handle) {
    preempt_disable();
    while (table->free_first == NO_ENTRY) {
        uint32_t seen = table->capacity;
        preempt_enable();
        status_t status = table_grow(table, seen);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        preempt_disable();
    }
    uint32_t index = table->free_first;
    struct handle_entry *entry = &table->entries[index];
    table->free_first = entry->next;
    entry->object = object;
    object_count_handles(object, 1);
    entry->access = (uint16_t)access;
    entry->owned = 0;
    table->count++;
    handles_open++;
    *handle = handle_of(index, entry->generation);
    preempt_enable();
    return ERROR_SUCCESS;
}

/* The entry that a handle names, or NULL.  Preemption is off. */
ALWAYS_INLINE struct handle_entry *entry_of(struct handle_table *table, uint32_t handle) {
    uint32_t index = handle >> 2 & 0x3fffu;
    if ((handle & 3u) != 0 || index >= table->capacity) {
        return NULL;
    }
    struct handle_entry *entry = &table->entries[index];
    return entry->object != NULL && entry->generation == handle >> 16 ? entry : NULL;
}

status_t handle_lookup(struct handle_table *table, uint32_t handle, const struct object_type *type,
                       struct object **object, uint32_t *access) {
    status_t status = ERROR_INVALID_HANDLE;
    preempt_disable();
    struct handle_entry *entry = entry_of(table, handle);
    if (entry != NULL && (type == NULL || entry->object->type == type)) {
        entry->object->references++;
        *object = entry->object;
        if (access != NULL) {
            *access = entry->access;
        }
        status = ERROR_SUCCESS;
    }
    preempt_enable();
    return status;
}

/* Takes one handle out; its object (with the reference) and the handle it owned go to the caller. */
static status_t handle_take(struct handle_table *table, uint32_t handle, struct object **object, uint32_t *owned) {
    preempt_disable();
    struct handle_entry *entry = entry_of(table, handle);
    if (entry == NULL) {
        preempt_enable();
        return ERROR_INVALID_HANDLE;
    }
    uint32_t index = (uint32_t)(entry - table->entries);
    *object = entry->object;
    *owned = entry->owned;
    entry->object = NULL;
    entry->owned = 0;
    entry->generation = entry->generation == GENERATION_LAST ? 1 : (uint16_t)(entry->generation + 1);
    entry->next = NO_ENTRY;
    if (table->free_first == NO_ENTRY) {
        table->free_first = index;
    } else {
        table->entries[table->free_last].next = index;
    }
    table->free_last = index;
    table->count--;
    handles_open--;
    preempt_enable();
    return ERROR_SUCCESS;
}

/* Lets go of what a handle referred to. */
static void release(struct object *object) {
    object_count_handles(object, -1);
    object_unref(object);
}

status_t handle_close(struct handle_table *table, uint32_t handle) {
    struct object *object;
    uint32_t owned;
    status_t status = handle_take(table, handle, &object, &owned);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    release(object);
    if (owned != 0) {
        uint32_t nothing;
        if (handle_take(table, owned, &object, &nothing) == ERROR_SUCCESS) {
            release(object);
        }
    }
    return ERROR_SUCCESS;
}

void handle_set_owned(struct handle_table *table, uint32_t owner, uint32_t owned) {
    preempt_disable();
    struct handle_entry *entry = entry_of(table, owner);
    if (entry != NULL) {
        entry->owned = owned;
    }
    preempt_enable();
}

void handle_table_destroy(struct handle_table *table) {
    for (uint32_t i = 0; i < table->capacity && table->count != 0; i++) {
        if (table->entries[i].object != NULL) {
            (void)handle_close(table, handle_of(i, table->entries[i].generation));
        }
    }
    ASSERT(table->count == 0);
    heap_free(table->entries);
}

uint32_t handle_total_count(void) {
    return handles_open;
}
