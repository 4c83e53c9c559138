/* Names of objects: see name.h. */
#include "kernel/name.h"
#include "kernel/mutex.h"
#include "mm/heap.h"
#include <string.h>

#define BUCKETS 32u

static struct list table[BUCKETS]; /* struct named.link; all zero: not begun */
static struct kmutex table_lock = KMUTEX_INIT(table_lock);

/* FNV-1a over the characters. */
static struct list *bucket_of(const uint16_t *text, uint32_t length) {
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < length; i++) {
        hash = (hash ^ text[i]) * 16777619u;
    }
    struct list *bucket = &table[(hash >> 16 ^ hash) % BUCKETS];
    if (bucket->next == NULL) {
        list_init(bucket);
    }
    return bucket;
}

void named_init(struct named *named) {
    list_init(&named->link);
    named->text = NULL;
    named->length = 0;
}

static struct object *find(const struct object_type *type, const struct name *name) {
    struct list *bucket = bucket_of(name->text, name->length);
    LIST_EACH(named, bucket, struct named, link) {
        if (named->object.type == type && named->length == name->length &&
            memcmp(named->text, name->text, name->length * sizeof name->text[0]) == 0 &&
            object_ref_if_alive(&named->object)) {
            return &named->object;
        }
    }
    return NULL;
}

struct object *name_find(const struct object_type *type, const struct name *name) {
    kmutex_lock(&table_lock);
    struct object *object = find(type, name);
    kmutex_unlock(&table_lock);
    return object;
}

static status_t make_named(const struct name *name, status_t (*make)(void *context, struct named **named),
                           void *context, struct object **object) {
    struct named *named;
    uint16_t *text = heap_alloc((name->length + 1) * (uint32_t)sizeof *text);
    if (text == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    status_t status = make(context, &named);
    if (status != ERROR_SUCCESS) {
        heap_free(text);
        return status;
    }
    named->text = memcpy(text, name->text, name->length * sizeof *text);
    named->length = name->length;
    list_append(bucket_of(text, name->length), &named->link);
    *object = &named->object;
    return ERROR_SUCCESS;
}

status_t name_find_or_make(const struct object_type *type, const struct name *name,
                           status_t (*make)(void *context, struct named **named), void *context,
                           struct object **object) {
    if (name == NULL) {
        struct named *named;
        status_t status = make(context, &named);
        if (status == ERROR_SUCCESS) {
            *object = &named->object;
        }
        return status;
    }
    kmutex_lock(&table_lock);
    struct object *existing = find(type, name);
    status_t status = ERROR_ALREADY_EXISTS;
    if (existing != NULL) {
        *object = existing;
    } else {
        status = make_named(name, make, context, object);
    }
    kmutex_unlock(&table_lock);
    return status;
}

void name_drop(struct named *named) {
    if (named->text != NULL) {
        kmutex_lock(&table_lock);
        list_remove(&named->link);
        kmutex_unlock(&table_lock);
        heap_free(named->text);
    }
}
