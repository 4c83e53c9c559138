/* CreateFileMapping: mapping objects over ROM files and over memory (contract: docs/api.md, File mapping).
 *
 * Named objects stand in short lists, by length and end of their name, guarded by name_lock; an object that is about to
 * be destroyed (no reference left) is not found any more.
 *
 * A file handle of CreateFileForMapping belongs to the mapping handle from the call on: if the call fails it is closed
 * here, else it is closed with the mapping handle.
 */
#include "kernel/syscall/mapping.h"
#include "kernel/mutex.h"
#include "kernel/syscall/file.h"
#include "kernel/syscall/syscall.h"
#include "mm/heap.h"
#include <string.h>

#define PAGE_READONLY_BIT  0x02u
#define PAGE_READWRITE_BIT 0x04u
#define PAGE_WRITECOPY_BIT 0x08u
#define SEC_COMMIT_BIT     0x08000000u
#define SEC_REFUSED_BITS   0x15000000u /* SEC_IMAGE, SEC_RESERVE, SEC_NOCACHE */

#define NAME_LISTS 64u

static struct mapping *named[NAME_LISTS];
static struct kmutex name_lock = KMUTEX_INIT(name_lock);

/* The list of a name: names that somebody counts up differ at their end. */
static struct mapping **name_list(const uint16_t *name, uint32_t length) {
    uint32_t last = length - (length != 0);
    return &named[(length + name[last] + name[last / 2] * 16u) % NAME_LISTS];
}

static void name_remove(const struct mapping *mapping) {
    kmutex_lock(&name_lock);
    struct mapping **link = mapping->list;
    while (*link != mapping) {
        link = &(*link)->next;
    }
    *link = mapping->next;
    kmutex_unlock(&name_lock);
}

static void mapping_destroy(struct object *object) {
    struct mapping *mapping = mapping_of(object);
    if (mapping->name != NULL) {
        name_remove(mapping);
    }
    section_unref(mapping->section);
    if (mapping->node != NULL) {
        rom_node_put(mapping->node);
    }
    if (mapping->file != NULL) {
        object_unref(mapping->file);
    }
    heap_free(mapping);
}

const struct object_type mapping_type = {.name = "mapping", .destroy = mapping_destroy};

/* Everything that a call of CreateFileMapping says, checked. */
struct request {
    uint32_t access;   /* MAPPING_ACCESS_ bits */
    uint64_t size;     /* 0: the file's */
    struct file *file; /* with a reference, which a new mapping may take over; NULL: memory */
    bool file_taken;
    bool for_mapping; /* of the file: looked at again when the file may be gone */
    bool has_name;
    uint32_t name_length;
    uint16_t name[ABI_PATH_MAX];
};

static status_t check_protection(uint32_t protection, uint32_t *access) {
    uint32_t page = protection & ~(SEC_COMMIT_BIT | SEC_REFUSED_BITS);
    if (page != PAGE_READONLY_BIT && page != PAGE_READWRITE_BIT && page != PAGE_WRITECOPY_BIT) {
        return ERROR_INVALID_PARAMETER;
    }
    if ((protection & SEC_REFUSED_BITS) || page == PAGE_WRITECOPY_BIT) {
        return ERROR_NOT_SUPPORTED;
    }
    *access = page == PAGE_READONLY_BIT ? MAPPING_ACCESS_READ : MAPPING_ACCESS_READ | MAPPING_ACCESS_WRITE;
    return ERROR_SUCCESS;
}

/* Sizes: (0, 0) is the file's own; a low word of 0 otherwise, or an empty file with (0, 0), is wrong.  Memory needs
 * one. */
static status_t check_size(const struct request *request, uint64_t *size) {
    if (request->file == NULL) {
        *size = request->size;
        return request->size != 0 ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    }
    uint64_t file_size = request->file->node->file.size;
    if ((uint32_t)request->size == 0 && (request->size != 0 || file_size == 0)) {
        return ERROR_INVALID_PARAMETER;
    }
    if (request->size > file_size) {
        return ERROR_DISK_FULL; /* a file in ROM cannot grow */
    }
    *size = request->size != 0 ? request->size : file_size;
    return ERROR_SUCCESS;
}

/* A live object with this name in its list, with a reference, or NULL.  name_lock is held. */
static struct mapping *find_named(struct mapping *first, const struct request *request) {
    for (struct mapping *mapping = first; mapping != NULL; mapping = mapping->next) {
        if (mapping->name_length == request->name_length &&
            memcmp(mapping->name, request->name, request->name_length * sizeof(uint16_t)) == 0 &&
            object_ref_if_alive(&mapping->object)) {
            return mapping;
        }
    }
    return NULL;
}

static status_t mapping_make(struct request *request, struct mapping **out) {
    uint64_t size;
    status_t status = check_size(request, &size);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    status = ERROR_NOT_ENOUGH_MEMORY;
    /* Whole words, which are copied faster than what is left over of one. */
    uint32_t name_bytes = request->has_name ? round_up((request->name_length + 1) * (uint32_t)sizeof(uint16_t), 8) : 0;
    struct mapping *mapping = heap_alloc((uint32_t)sizeof *mapping + name_bytes);
    if (mapping == NULL) {
        return status;
    }
    mapping->size = size;
    mapping->access = request->access;
    mapping->file = NULL;
    mapping->node = NULL;
    mapping->name = NULL;
    if (request->has_name) {
        mapping->name = memcpy(mapping + 1, request->name, name_bytes);
        mapping->name_length = request->name_length;
    }
    if (request->file != NULL) {
        mapping->node = request->file->node;
        status = rom_node_map(mapping->node, &mapping->section);
    } else {
        status = section_create_ram(size, &mapping->section);
    }
    if (status != ERROR_SUCCESS) {
        heap_free(mapping);
        return status;
    }
    if (request->for_mapping) {
        mapping->file = &request->file->object;
        request->file_taken = true;
    }
    object_init(&mapping->object, &mapping_type);
    *out = mapping;
    return ERROR_SUCCESS;
}

/* Finds or makes the object.  Returns ERROR_ALREADY_EXISTS when it was there. */
static status_t mapping_get(struct request *request, struct mapping **mapping) {
    if (!request->has_name) {
        return mapping_make(request, mapping);
    }
    status_t status;
    struct mapping **list = name_list(request->name, request->name_length);
    kmutex_lock(&name_lock);
    struct mapping *existing = find_named(*list, request);
    if (existing == NULL) {
        status = mapping_make(request, mapping);
        if (status == ERROR_SUCCESS) {
            (*mapping)->list = list;
            (*mapping)->next = *list;
            *list = *mapping;
        }
        kmutex_unlock(&name_lock);
        return status;
    }
    kmutex_unlock(&name_lock);
    if (request->access & ~existing->access) {
        object_unref(&existing->object);
        return ERROR_ACCESS_DENIED;
    }
    *mapping = existing;
    return ERROR_ALREADY_EXISTS;
}

static status_t mapping_create(uint32_t file_handle, struct request *request, uint32_t *handle) {
    struct mapping *mapping;
    status_t status = mapping_get(request, &mapping);
    if (status != ERROR_SUCCESS && status != ERROR_ALREADY_EXISTS) {
        return status;
    }
    struct handle_table *handles = &process_current()->handles;
    status_t made = handle_create(handles, &mapping->object, request->access, handle);
    if (made != ERROR_SUCCESS) {
        object_unref(&mapping->object);
        return made;
    }
    if (request->for_mapping) {
        handle_set_owned(handles, *handle, file_handle);
    }
    return status;
}

/* What a call says besides the file.  file and size are set. */
static status_t copy_request(uint32_t protection, uint32_t name_pointer, struct request *request) {
    request->has_name = name_pointer != 0;
    status_t status = check_protection(protection, &request->access);
    if (status == ERROR_SUCCESS) {
        uint32_t allowed = request->file != NULL ? request->file->access : MAPPING_ACCESS_READ | MAPPING_ACCESS_WRITE;
        status = request->access & ~allowed ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
        if (request->file == NULL && request->access == MAPPING_ACCESS_READ) {
            status = ERROR_INVALID_PARAMETER; /* PAGE_READONLY needs a file */
        }
    }
    if (status == ERROR_SUCCESS && request->file == NULL && request->size == 0) {
        status = ERROR_INVALID_PARAMETER; /* also where the name exists */
    }
    if (status == ERROR_SUCCESS && request->has_name) {
        status = user_copy_string(request->name, name_pointer, ABI_PATH_MAX, &request->name_length);
    }
    return status;
}

sysret_t sys_mapping_create(uint32_t file_handle, uint32_t protection, uint32_t size_low, uint32_t size_high,
                            uint32_t name_pointer) {
    struct request request; /* its name is long: nothing of it is set before it is needed */
    request.file = NULL;
    request.size = (uint64_t)size_high << 32 | size_low;
    request.file_taken = false;
    request.for_mapping = false;
    if (file_handle != ABI_HANDLE_INVALID) {
        struct object *object;
        status_t status = sys_lookup(file_handle, &file_type, &object, NULL);
        if (status != ERROR_SUCCESS) {
            return sysret_status(status);
        }
        request.file = CONTAINER_OF(object, struct file, object);
        request.for_mapping = request.file->for_mapping;
    }
    uint32_t handle = 0;
    status_t status = copy_request(protection, name_pointer, &request);
    if (status == ERROR_SUCCESS) {
        status = mapping_create(file_handle, &request, &handle);
    }
    if (handle == 0 && request.for_mapping) {
        (void)handle_close(&process_current()->handles, file_handle);
    }
    if (request.file != NULL && !request.file_taken) {
        object_unref(&request.file->object);
    }
    return sysret(status, handle);
}
