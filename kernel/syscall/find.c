/* Searches: FindFirstFile, FindNextFile.  A search object holds the state of fs/find.h; its lock lets one thread at a
 * time use it. */
#include "fs/find.h"
#include "kernel/mutex.h"
#include "kernel/syscall/file.h"
#include "kernel/syscall/syscall.h"
#include "mm/heap.h"

struct search {
    struct object object;
    struct kmutex lock;
    struct find find;
};

static struct search *search_of(struct object *object) {
    return CONTAINER_OF(object, struct search, object);
}

static void search_destroy(struct object *object) {
    heap_free(search_of(object));
}

static const struct object_type search_type = {.name = "search", .destroy = search_destroy};

sysret_t sys_find_first(uint32_t pattern, uint32_t pointer) {
    uint16_t text[ABI_PATH_MAX];
    uint32_t length;
    status_t status = user_copy_string(text, pattern, ABI_PATH_MAX, &length);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    struct search *search = heap_alloc(sizeof *search);
    if (search == NULL) {
        return sysret_status(ERROR_NOT_ENOUGH_MEMORY);
    }
    object_init(&search->object, &search_type);
    kmutex_init(&search->lock);
    struct namespace_node node;
    status = find_first(&search->find, &rom, text, &node);
    if (status == ERROR_SUCCESS) {
        status = file_give_info(&node, pointer);
    }
    uint32_t handle = 0;
    if (status == ERROR_SUCCESS) {
        status = handle_create(&process_current()->handles, &search->object, 0, &handle);
    }
    if (status != ERROR_SUCCESS) {
        object_unref(&search->object);
    }
    return sysret(status, handle);
}

sysret_t sys_find_next(uint32_t handle, uint32_t pointer) {
    struct object *object;
    status_t status = sys_lookup(handle, &search_type, &object, NULL);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    struct search *search = search_of(object);
    kmutex_lock(&search->lock);
    uint32_t next = search->find.next;
    struct namespace_node node;
    status = find_next(&search->find, &node);
    if (status == ERROR_SUCCESS) {
        status = file_give_info(&node, pointer);
    }
    if (status != ERROR_SUCCESS) {
        search->find.next = next; /* nothing was told */
    }
    kmutex_unlock(&search->lock);
    object_unref(object);
    return sysret_status(status);
}

sysret_t sys_find_close(uint32_t handle) {
    struct object *object;
    status_t status = sys_lookup(handle, &search_type, &object, NULL);
    if (status == ERROR_SUCCESS) {
        status = handle_close(&process_current()->handles, handle);
        object_unref(object);
    }
    return sysret_status(status);
}
