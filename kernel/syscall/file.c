/* Files: CreateFile, ReadFile and their like on ROM files (API contract: docs/api.md). */
#include "kernel/syscall/file.h"
#include "fs/find.h"
#include "fs/namespace.h"
#include "kernel/syscall/syscall.h"
#include "mm/heap.h"

/* Access and disposition bits of CreateFile. */
#define GENERIC_READ_BIT     0x80000000u
#define GENERIC_WRITE_BIT    0x40000000u
#define GENERIC_ALL_BIT      0x10000000u
#define FILE_READ_DATA_BIT   1u
#define FILE_WRITE_BITS      6u
#define SHARE_READ_BIT       1u
#define FLAG_OVERLAPPED      0x40000000u
#define FLAG_DELETE_ON_CLOSE 0x04000000u
enum { CREATE_NEW_FILE = 1, CREATE_ALWAYS_FILE, OPEN_EXISTING_FILE, OPEN_ALWAYS_FILE, TRUNCATE_EXISTING_FILE };
enum { SEEK_FROM_BEGIN, SEEK_FROM_CURRENT, SEEK_FROM_END };

static struct file *file_of(struct object *object) {
    return CONTAINER_OF(object, struct file, object);
}

static void file_destroy(struct object *object) {
    struct file *file = file_of(object);
    rom_node_close(file->node, file->mode);
    heap_free(file);
}

const struct object_type file_type = {.name = "file", .destroy = file_destroy};

static uint32_t access_of(uint32_t generic) {
    uint32_t access = 0;
    if (generic & (GENERIC_READ_BIT | GENERIC_ALL_BIT | FILE_READ_DATA_BIT)) {
        access |= FILE_ACCESS_READ;
    }
    if (generic & (GENERIC_WRITE_BIT | GENERIC_ALL_BIT | FILE_WRITE_BITS)) {
        access |= FILE_ACCESS_WRITE;
    }
    return access;
}

/* What a file in ROM, or none, means for each disposition.  ERROR_ALREADY_EXISTS: it is opened all the same. */
static status_t check_disposition(uint32_t disposition, bool exists, uint32_t access) {
    switch (disposition) {
    case CREATE_NEW_FILE:
        return exists ? ERROR_FILE_EXISTS : ERROR_ACCESS_DENIED;
    case CREATE_ALWAYS_FILE:
        return ERROR_ACCESS_DENIED;
    case OPEN_EXISTING_FILE:
        return exists ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
    case OPEN_ALWAYS_FILE:
        return exists ? ERROR_ALREADY_EXISTS : ERROR_ACCESS_DENIED;
    case TRUNCATE_EXISTING_FILE:
        if ((access & FILE_ACCESS_WRITE) == 0) {
            return ERROR_INVALID_PARAMETER;
        }
        return exists ? ERROR_ACCESS_DENIED : ERROR_FILE_NOT_FOUND;
    default:
        return ERROR_INVALID_PARAMETER;
    }
}

static status_t file_create(const struct rom_file *rom_file, uint32_t access, uint32_t mode, bool for_mapping,
                            struct file **out) {
    struct file *file = heap_alloc_zero(sizeof *file);
    if (file == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    status_t status = rom_node_open(rom_file, mode, &file->node);
    if (status != ERROR_SUCCESS) {
        heap_free(file);
        return status;
    }
    object_init(&file->object, &file_type);
    kmutex_init(&file->lock);
    file->access = access;
    file->mode = mode;
    file->for_mapping = for_mapping;
    *out = file;
    return ERROR_SUCCESS;
}

/* Looks a path of the caller's up. */
static status_t lookup(uint32_t path, struct namespace_node *node) {
    uint16_t text[ABI_PATH_MAX];
    uint32_t length;
    status_t status = user_copy_string(text, path, ABI_PATH_MAX, &length);
    return status != ERROR_SUCCESS ? status : rom_lookup(text, node);
}

/* CreateFileForMapping: GENERIC_READ alone is shared, everything else is exclusive; the share bits mean nothing.
 * CreateFile: who only asks is in nobody's way. */
static uint32_t open_mode(uint32_t generic, uint32_t share, bool for_mapping) {
    uint32_t reads = access_of(generic) & FILE_ACCESS_READ ? ROM_OPEN_READS : 0;
    if (for_mapping) {
        return reads | (generic == GENERIC_READ_BIT ? 0 : ROM_OPEN_EXCLUSIVE);
    }
    return reads | (reads != 0 && (share & SHARE_READ_BIT) == 0 ? ROM_OPEN_DENIES : 0);
}

sysret_t sys_file_open(uint32_t path, uint32_t generic, uint32_t share, uint32_t disposition, uint32_t flags,
                       uint32_t for_mapping) {
    struct namespace_node node;
    uint32_t access = access_of(generic);
    if (flags & FLAG_OVERLAPPED) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = lookup(path, &node);
    if (status != ERROR_SUCCESS && status != ERROR_FILE_NOT_FOUND) {
        return sysret_status(status);
    }
    status_t opened = check_disposition(disposition, status == ERROR_SUCCESS, access);
    if (opened != ERROR_SUCCESS && opened != ERROR_ALREADY_EXISTS) {
        return sysret_status(opened);
    }
    if (node.kind != NODE_ROM_FILE || (access & FILE_ACCESS_WRITE) || (flags & FLAG_DELETE_ON_CLOSE)) {
        return sysret_status(ERROR_ACCESS_DENIED);
    }
    struct file *file;
    status = file_create(&node.file, access, open_mode(generic, share, for_mapping != 0), for_mapping != 0, &file);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    uint32_t handle;
    status = handle_create(&process_current()->handles, &file->object, access, &handle);
    if (status != ERROR_SUCCESS) {
        object_unref(&file->object);
        return sysret_status(status);
    }
    return sysret(opened, handle);
}

#define READ_PIECE 0x10000u

/* Where romfs_read delivers: user memory. */
struct user_sink {
    uint32_t buffer;
};

static status_t sink_copy(void *context, uint32_t at, const void *from, uint32_t bytes) {
    const struct user_sink *sink = context;
    status_t status = ERROR_SUCCESS;
    /* In pieces, so that a killed thread does not go on for long. */
    for (uint32_t done = 0; done < bytes && status == ERROR_SUCCESS; done += READ_PIECE) {
        uint32_t piece = min_u32(bytes - done, READ_PIECE);
        status = thread_current->attention & ATTENTION_KILLED
                     ? WAKE_KILLED
                     : user_copy_out(sink->buffer + at + done, (const uint8_t *)from + done, piece);
    }
    return status;
}

sysret_t sys_file_read(uint32_t handle, uint32_t buffer, uint32_t bytes) {
    struct object *object;
    if (bytes != 0 && !user_range(buffer, bytes)) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = sys_lookup(handle, &file_type, &object, NULL);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    struct file *file = file_of(object);
    const struct rom_file *rom_file = &file->node->file;
    uint32_t got = 0;
    kmutex_lock(&file->lock);
    if ((file->access & FILE_ACCESS_READ) == 0) {
        status = ERROR_ACCESS_DENIED;
    } else if (file->position < rom_file->size) {
        struct user_sink target = {.buffer = buffer};
        struct romfs_sink sink = {.copy = sink_copy, .context = &target};
        status = rom_read(rom_file, (uint32_t)file->position, &sink, bytes, &got);
        if (status == ERROR_SUCCESS) {
            file->position += got;
        }
    }
    kmutex_unlock(&file->lock);
    object_unref(object);
    return sysret(status, got);
}

sysret_t sys_file_seek(uint32_t handle, uint32_t distance_pointer, uint32_t method) {
    int64_t distance;
    status_t status = user_copy_in(&distance, distance_pointer, sizeof distance);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    struct object *object;
    status = sys_lookup(handle, &file_type, &object, NULL);
    if (status != ERROR_SUCCESS) {
        return sysret_status(status);
    }
    struct file *file = file_of(object);
    kmutex_lock(&file->lock);
    int64_t start = method == SEEK_FROM_BEGIN     ? 0
                    : method == SEEK_FROM_CURRENT ? (int64_t)file->position
                                                  : (int64_t)file->node->file.size;
    int64_t position;
    if (method > SEEK_FROM_END) {
        status = ERROR_INVALID_PARAMETER;
    } else if (__builtin_add_overflow(start, distance, &position)) {
        status = ERROR_INVALID_PARAMETER;
    } else if (position < 0) {
        status = ERROR_NEGATIVE_SEEK;
    } else {
        status = user_copy_out(distance_pointer, &position, sizeof position);
        if (status == ERROR_SUCCESS) {
            file->position = (uint64_t)position;
        }
    }
    kmutex_unlock(&file->lock);
    object_unref(object);
    return sysret_status(status);
}

sysret_t sys_file_size(uint32_t handle, uint32_t size_pointer) {
    struct object *object;
    status_t status = sys_lookup(handle, &file_type, &object, NULL);
    if (status == ERROR_SUCCESS) {
        uint64_t size = file_of(object)->node->file.size;
        status = user_copy_out(size_pointer, &size, sizeof size);
        object_unref(object);
    }
    return sysret_status(status);
}

status_t file_give_info(const struct namespace_node *node, uint32_t pointer) {
    struct abi_file_info info;
    namespace_info(&rom, node, &info);
    return user_copy_out(pointer, &info, sizeof info);
}

sysret_t sys_file_info(uint32_t handle, uint32_t pointer) {
    struct object *object;
    status_t status = sys_lookup(handle, &file_type, &object, NULL);
    if (status == ERROR_SUCCESS) {
        const struct file *file = file_of(object);
        struct namespace_node node = {.kind = NODE_ROM_FILE, .file = file->node->file};
        status = file->for_mapping ? ERROR_INVALID_HANDLE : file_give_info(&node, pointer);
        object_unref(object);
    }
    return sysret_status(status);
}

sysret_t sys_path_info(uint32_t path, uint32_t pointer) {
    struct namespace_node node;
    status_t status = lookup(path, &node);
    return sysret_status(status != ERROR_SUCCESS ? status : file_give_info(&node, pointer));
}

sysret_t sys_file_verify(uint32_t path) {
    struct namespace_node node;
    status_t status = lookup(path, &node);
    if (status == ERROR_SUCCESS) {
        status = node.kind == NODE_ROM_FILE ? romfs_verify(&rom, &node.file) : ERROR_ACCESS_DENIED;
    }
    return sysret_status(status);
}
