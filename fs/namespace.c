/* The namespace: the root \, in it the directory Windows, in that the ROM files. */
#include "fs/namespace.h"
#include "fs/cp1252.h"
#include <string.h>

/* File indexes: the two directories, then the table of the image. */
#define INDEX_ROOT       1u
#define INDEX_WINDOWS    2u
#define INDEX_FIRST_FILE 16u

status_t namespace_find(const struct romfs *rom, const struct path *path, struct namespace_node *out) {
    switch (path->place) {
    case PATH_ROOT_ITSELF:
        out->kind = NODE_ROOT;
        return ERROR_SUCCESS;
    case PATH_WINDOWS_ITSELF:
        out->kind = NODE_WINDOWS;
        return ERROR_SUCCESS;
    case PATH_IN_WINDOWS:
    case PATH_BARE:
        break;
    case PATH_IN_ROOT:
        return path->directory ? ERROR_PATH_NOT_FOUND : ERROR_FILE_NOT_FOUND;
    }
    out->kind = NODE_ROM_FILE;
    status_t status = romfs_lookup(rom, path->name, path->length, &out->file);
    if (status == ERROR_FILE_NOT_FOUND && path->place == PATH_BARE && path_is_windows(path->name, path->length)) {
        out->kind = NODE_WINDOWS; /* the one name that the root has */
        return ERROR_SUCCESS;
    }
    return status == ERROR_SUCCESS && path->directory ? ERROR_PATH_NOT_FOUND : status;
}

status_t namespace_lookup(const struct romfs *rom, const uint16_t *text, struct namespace_node *out) {
    struct path path;
    status_t status = path_parse(text, false, &path);
    return status == ERROR_SUCCESS ? namespace_find(rom, &path, out) : status;
}

static void set_name(struct abi_file_info *out, const char *name, uint32_t length) {
    for (uint32_t i = 0; i < length; i++) {
        out->name[i] = cp1252_to_utf16((uint8_t)name[i]);
    }
    out->name[length] = 0;
}

void namespace_info(const struct romfs *rom, const struct namespace_node *node, struct abi_file_info *out) {
    memset(out, 0, sizeof(*out));
    out->volume = rom->serial;
    switch (node->kind) {
    case NODE_ROOT:
        out->attributes = ROM_DIRECTORY;
        out->index_low = INDEX_ROOT;
        return;
    case NODE_WINDOWS:
        out->attributes = ROM_DIRECTORY;
        out->index_low = INDEX_WINDOWS;
        set_name(out, "Windows", 7);
        return;
    case NODE_ROM_FILE:
        break;
    }
    out->attributes = node->file.attributes;
    out->time_low = node->file.time_low;
    out->time_high = node->file.time_high;
    out->size_low = node->file.size;
    out->index_low = INDEX_FIRST_FILE + node->file.index;
    set_name(out, node->file.name, node->file.name_length);
}
