/* Handle tables: see handle.h. */
#include "kernel/handle.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "mm/heap.h"

#define GENERATION_UNIT 0x00010000u
#define GENERATION_MASK 0x7fff0000u

static uint32_t handles_open;

static void queue_clear(struct handle_table *table) {
    table->free_first = 0;
    table->free_end = &table->free_first;
}

/* Puts free entries behind the others in the queue: first, and those linked to it up to last. */
static void queue_append(struct handle_table *table, uint32_t first, struct handle_entry *last) {
    *table->free_end = (uint16_t)first;
    table->free_end = &last->next;
    last->next = 0;
}

static struct handle_entry *queue_take(struct handle_table *table) {
    struct handle_entry *entry = handle_at(table, table->free_first);
    table->free_first = entry->next;
    if (table->free_first == 0) {
        table->free_end = &table->free_first;
    }
    return entry;
}

static struct handle_entry *chunk_create(uint32_t first, uint32_t entries) {
    struct handle_entry *chunk = heap_alloc(entries * (uint32_t)sizeof *chunk);
    for (uint32_t i = 0; chunk != NULL && i < entries; i++) {
        chunk[i] = (struct handle_entry){.handle = GENERATION_UNIT, .next = (uint16_t)(first + i + 1)};
    }
    return chunk;
}

/* Adds a chunk behind the first capacity entries, unless another thread was faster. */
static status_t table_grow(struct handle_table *table, uint32_t capacity) {
    uint32_t first = HANDLE_FIRST + capacity;
    uint32_t entries = min_u32(first, HANDLE_LIMIT - capacity);
    if (entries == 0) {
        return ERROR_TOO_MANY_OPEN_FILES;
    }
    struct handle_entry *chunk = chunk_create(first, entries);
    if (chunk == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    preempt_disable();
    if (table->capacity == capacity && !table->closed) {
        table->chunks[27 - __builtin_clz(first)] = chunk;
        table->capacity = capacity + entries;
        queue_append(table, first, &chunk[entries - 1]);
        chunk = NULL;
    }
    preempt_enable();
    heap_free(chunk);
    return ERROR_SUCCESS;
}

status_t handle_table_init(struct handle_table *table) {
    *table = (struct handle_table){.capacity = 0};
    queue_clear(table);
    return table_grow(table, 0);
}

status_t handle_add(struct handle_table *table, struct object *object, uint32_t access, uint32_t flags,
                    uint32_t *handle) {
    preempt_disable();
    while (table->free_first == 0) {
        uint32_t capacity = table->capacity;
        bool closed = table->closed;
        preempt_enable();
        status_t status = closed ? ERROR_INVALID_PARAMETER : table_grow(table, capacity);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        preempt_disable();
    }
    uint32_t index = table->free_first;
    struct handle_entry *entry = queue_take(table);
    entry->object = object;
    object_count_handles(object, 1);
    entry->handle |= index << 2;
    entry->access = (uint8_t)access;
    entry->flags = (uint8_t)flags;
    table->count++;
    handles_open++;
    *handle = entry->handle;
    preempt_enable();
    return ERROR_SUCCESS;
}

status_t handle_lookup(struct handle_table *table, uint32_t handle, const struct object_type *type,
                       struct object **object, uint32_t *access) {
    status_t status = ERROR_INVALID_HANDLE;
    preempt_disable();
    struct handle_entry *entry = handle_entry(table, handle);
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
    struct handle_entry *entry = handle_entry(table, handle);
    if (entry == NULL) {
        preempt_enable();
        return ERROR_INVALID_HANDLE;
    }
    uint32_t generation = (handle + GENERATION_UNIT) & GENERATION_MASK;
    *object = entry->object;
    *owned = entry->owned;
    entry->object = NULL;
    entry->handle = generation != 0 ? generation : GENERATION_UNIT;
    entry->owned = 0;
    entry->flags = 0;
    queue_append(table, handle >> 2 & 0x3fffu, entry);
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
    struct handle_entry *entry = handle_entry(table, owner);
    if (entry != NULL) {
        entry->owned = owned;
    }
    preempt_enable();
}

status_t handle_set_flags(struct handle_table *table, uint32_t handle, uint32_t mask, uint32_t flags, uint32_t *now) {
    status_t status = ERROR_INVALID_HANDLE;
    preempt_disable();
    struct handle_entry *entry = handle_entry(table, handle);
    if (entry != NULL) {
        entry->flags = (uint8_t)((entry->flags & ~mask) | (flags & mask));
        *now = entry->flags;
        status = ERROR_SUCCESS;
    }
    preempt_enable();
    return status;
}

/* Copies one entry, if it is still to be inherited. */
static void entry_inherit(struct handle_table *table, struct handle_entry *to, const struct handle_entry *from) {
    preempt_disable();
    if ((from->flags & ABI_HANDLE_INHERIT) != 0) {
        *to = *from;
        to->object->references++;
        object_count_handles(to->object, 1);
        table->count++;
        handles_open++;
    }
    preempt_enable();
}

/* The queue of free entries and the owned handles anew, after entries were filled out of order. */
static void table_settle(struct handle_table *table) {
    queue_clear(table);
    for (uint32_t index = HANDLE_FIRST; index - HANDLE_FIRST < table->capacity; index++) {
        struct handle_entry *entry = handle_at(table, index);
        if (entry->object == NULL) {
            queue_append(table, index, entry);
        } else if (entry->owned != 0 && handle_entry(table, entry->owned) == NULL) {
            entry->owned = 0;
        }
    }
}

status_t handle_table_inherit(struct handle_table *table, const struct handle_table *from) {
    uint32_t end = HANDLE_FIRST + from->capacity;
    for (uint32_t index = HANDLE_FIRST; index < end; index++) {
        const struct handle_entry *entry = handle_at(from, index);
        if ((entry->flags & ABI_HANDLE_INHERIT) == 0) {
            continue;
        }
        while (index - HANDLE_FIRST >= table->capacity) {
            status_t status = table_grow(table, table->capacity);
            if (status != ERROR_SUCCESS) {
                return status;
            }
        }
        entry_inherit(table, handle_at(table, index), entry);
    }
    table_settle(table);
    return ERROR_SUCCESS;
}

void handle_table_destroy(struct handle_table *table) {
    preempt_disable();
    table->closed = true;
    table->free_first = 0;
    table->free_end = &table->no_queue;
    uint32_t capacity = table->capacity;
    preempt_enable();
    for (uint32_t index = HANDLE_FIRST; index - HANDLE_FIRST < capacity && table->count != 0; index++) {
        (void)handle_close(table, handle_at(table, index)->handle);
    }
    preempt_disable();
    ASSERT(table->count == 0);
    table->capacity = 0;
    preempt_enable();
    for (uint32_t i = 0; i < HANDLE_CHUNKS; i++) {
        heap_free(table->chunks[i]);
    }
}

uint32_t handle_total_count(void) {
    return handles_open;
}
