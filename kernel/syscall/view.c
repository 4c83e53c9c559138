/* MapViewOfFile and UnmapViewOfFile (contract: docs/api.md, File mapping), and listing views. */
#include "kernel/syscall/mapping.h"
#include "kernel/syscall/syscall.h"
#include "mm/view.h"
#include <string.h>

#define FILE_MAP_WRITE_BIT 2u
#define FILE_MAP_READ_BIT  4u
#define FILE_MAP_ALL       0xf001fu

static void view_gone(void *object) {
    object_unref(object);
}

static status_t check_access(uint32_t access, uint32_t granted, prot_t *prot) {
    if (access == FILE_MAP_READ_BIT) {
        *prot = PROT_READ;
        return ERROR_SUCCESS;
    }
    if (access == FILE_MAP_WRITE_BIT || access == FILE_MAP_ALL || access == (FILE_MAP_READ_BIT | FILE_MAP_WRITE_BIT)) {
        *prot = PROT_READ | PROT_WRITE;
        return granted & MAPPING_ACCESS_WRITE ? ERROR_SUCCESS : ERROR_ACCESS_DENIED;
    }
    return ERROR_INVALID_PARAMETER;
}

/* What of a file a mapping object may show can be less than the file, which the section does not know. */
static COLD status_t check_part(const struct mapping *mapping, uint64_t offset, uint32_t *bytes) {
    if (!is_aligned((uint32_t)offset, PAGE_SIZE)) {
        return ERROR_MAPPED_ALIGNMENT;
    }
    if (offset >= mapping->size || *bytes > mapping->size - offset) {
        return ERROR_ACCESS_DENIED;
    }
    if (*bytes == 0) {
        uint64_t rest = mapping->size - offset;
        if (rest > UINT32_MAX) {
            return ERROR_NOT_ENOUGH_MEMORY;
        }
        *bytes = (uint32_t)rest;
    }
    return ERROR_SUCCESS;
}

/* On success the view takes over the caller's reference on the mapping. */
static status_t map(struct mapping *mapping, prot_t prot, uint64_t offset, uint32_t bytes, uint32_t *va) {
    if (mapping->size != mapping->section->bytes) {
        status_t status = check_part(mapping, offset, &bytes);
        if (status != ERROR_SUCCESS) {
            return status;
        }
    }
    struct view_owner owner = {.object = &mapping->object, .release = view_gone};
    return view_map(&process_current()->space, mapping->section, offset, bytes, prot, owner, va);
}

sysret_t sys_view_map(uint32_t handle, uint32_t access, uint32_t offset_low, uint32_t offset_high, uint32_t bytes) {
    uint64_t offset = (uint64_t)offset_high << 32 | offset_low;
    struct object *object;
    uint32_t granted;
    status_t status = sys_lookup(handle, &mapping_type, &object, &granted);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    uint32_t va = 0;
    prot_t prot;
    status = check_access(access, granted, &prot);
    if (status == ERROR_SUCCESS) {
        status = map(mapping_of(object), prot, offset, bytes, &va);
    }
    if (status != ERROR_SUCCESS) {
        object_unref(object); /* else the view has the reference */
    }
    return sysret(status, va);
}

sysret_t sys_view_unmap(uint32_t address) {
    return sysret_status(view_unmap(&process_current()->space, address));
}

/* Views are described a few at a time: the description is made under the lock of mm and copied out after. */
#define BATCH 4u

struct listing {
    struct abi_view_info infos[BATCH];
    uint32_t first; /* number of the first view wanted */
    uint32_t seen;
};

/* The file's name or the object's, cut to fit. */
static void describe_name(const struct mapping *mapping, struct abi_view_info *info) {
    if (mapping->node != NULL) {
        sys_widen(info->name, ARRAY_COUNT(info->name), mapping->node->file.name);
    } else if (mapping->name != NULL) {
        uint32_t length = min_u32(mapping->name_length, ARRAY_COUNT(info->name) - 1);
        memcpy(info->name, mapping->name, length * sizeof(uint16_t));
    }
}

static bool describe(void *context, const struct view_info *view) {
    struct listing *listing = context;
    uint32_t index = listing->seen++;
    if (index >= listing->first && index - listing->first < BATCH) {
        struct abi_view_info *info = &listing->infos[index - listing->first];
        const struct mapping *mapping = mapping_of(view->owner);
        *info = (struct abi_view_info){.base = view->base,
                                       .bytes = view->bytes,
                                       .offset_low = (uint32_t)view->offset,
                                       .offset_high = (uint32_t)(view->offset >> 32),
                                       .protection = view->prot & (PROT_READ | PROT_WRITE),
                                       .in_place = view->in_place,
                                       .faults = view->faults};
        describe_name(mapping, info);
    }
    return true;
}

static status_t list_views(struct process *process, uint32_t infos, uint32_t capacity, uint32_t *count) {
    struct listing listing = {.first = 0};
    do {
        listing.seen = 0;
        view_enumerate(&process->space, describe, &listing);
        uint32_t end = min_u32(min_u32(listing.seen, capacity), listing.first + BATCH);
        if (end > listing.first) {
            uint32_t bytes = (end - listing.first) * (uint32_t)sizeof(struct abi_view_info);
            uint32_t to = infos + listing.first * (uint32_t)sizeof(struct abi_view_info);
            status_t status = user_copy_out(to, listing.infos, bytes);
            if (status != ERROR_SUCCESS) {
                return status;
            }
        }
        *count = listing.seen;
        listing.first += BATCH;
    } while (listing.first < min_u32(listing.seen, capacity));
    return ERROR_SUCCESS;
}

sysret_t sys_enum_views(uint32_t process_id, uint32_t infos, uint32_t capacity) {
    struct process *process = process_find(process_id);
    if (process == NULL) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    uint32_t count = 0;
    status_t status = list_views(process, infos, capacity, &count);
    object_unref(&process->object);
    return sysret(status, count);
}
