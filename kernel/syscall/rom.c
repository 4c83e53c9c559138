/* The mounted ROM image and its nodes: see rom.h.
 *
 * node_lock guards the list of nodes and what is in them.  A node holds a reference on its section from the first
 * mapping on; the section does not need the node: a pager has its own copy of the file's description.
 */
#include "kernel/syscall/rom.h"
#include "arch/static.h"
#include "include/board.h"
#include "include/panic.h"
#include "include/print.h"
#include "fs/romname.h"
#include "kernel/mutex.h"
#include "mm/heap.h"

struct romfs rom;

static struct list nodes = {&nodes, &nodes};
static struct rom_node *kept; /* the one that was let go of last: in the list, without references; or NULL */
static struct kmutex node_lock = KMUTEX_INIT(node_lock);
static struct kmutex read_lock = KMUTEX_INIT(read_lock); /* the block cache of romfs_read */

status_t rom_mount(const void *image, uint32_t available) {
    struct romfs_problem problem;
    status_t status = romfs_mount(&rom, image, available, 0, &problem);
    if (status != ERROR_SUCCESS) {
        kprintf("situ: ROM image refused: %s at offset 0x%x\n", problem.what, problem.where);
    }
    return status;
}

/* The node of a file, or NULL; node_lock is held. */
static struct rom_node *node_find(uint32_t index) {
    LIST_EACH(node, &nodes, struct rom_node, link) {
        if (node->file.index == index) {
            return node;
        }
    }
    return NULL;
}

/* Frees the kept node, if there is one; node_lock is held. */
static void kept_free(void) {
    struct rom_node *node = kept;
    kept = NULL;
    if (node != NULL) {
        list_remove(&node->link);
        if (node->section != NULL) {
            section_unref(node->section);
        }
        heap_free(node);
    }
}

/* Drops a reference; node_lock is held. */
static void node_drop(struct rom_node *node) {
    if (--node->references == 0) {
        kept_free();
        kept = node;
    }
}

void rom_settle(void) {
    kmutex_lock(&node_lock);
    kept_free();
    kmutex_unlock(&node_lock);
}

/* Whether the kept node is the file that a path names; then *file is filled. */
static bool kept_is(const struct path *path, struct rom_file *file) {
    kmutex_lock(&node_lock);
    bool is = kept != NULL && kept->file.name_length == path->length &&
              (path->place == PATH_BARE || path->place == PATH_IN_WINDOWS) && !path->directory &&
              rom_name_compare(path->name, path->length, (const uint8_t *)kept->file.name) == 0;
    if (is) {
        *file = kept->file;
    }
    kmutex_unlock(&node_lock);
    return is;
}

status_t rom_lookup(const uint16_t *text, struct namespace_node *out) {
    struct path path;
    status_t status = path_parse(text, false, &path);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (kept_is(&path, &out->file)) {
        out->kind = NODE_ROM_FILE;
        return ERROR_SUCCESS;
    }
    return namespace_find(&rom, &path, out);
}

/* Counts an open file in (1) or out (-1). */
static void node_count(struct rom_node *node, uint32_t mode, uint32_t change) {
    node->opens += change;
    node->readers += mode & ROM_OPEN_READS ? change : 0;
    node->deny_read += mode & ROM_OPEN_DENIES ? change : 0;
    node->exclusive += mode & ROM_OPEN_EXCLUSIVE ? change : 0;
}

static bool node_conflicts(const struct rom_node *node, uint32_t mode) {
    return node->exclusive != 0 || ((mode & ROM_OPEN_EXCLUSIVE) && node->opens != 0) ||
           ((mode & ROM_OPEN_READS) && node->deny_read != 0) || ((mode & ROM_OPEN_DENIES) && node->readers != 0);
}

status_t rom_node_open(const struct rom_file *file, uint32_t mode, struct rom_node **out) {
    status_t status = ERROR_SUCCESS;
    kmutex_lock(&node_lock);
    struct rom_node *node = node_find(file->index);
    if (node == NULL) {
        node = heap_alloc_zero(sizeof *node);
        if (node == NULL) {
            status = ERROR_NOT_ENOUGH_MEMORY;
            goto done;
        }
        node->file = *file;
        list_insert(&nodes, &node->link);
    } else if (node_conflicts(node, mode)) {
        status = ERROR_SHARING_VIOLATION;
        goto done;
    }
    if (node == kept) {
        kept = NULL;
    }
    node->references++;
    node_count(node, mode, 1);
    *out = node;
done:
    kmutex_unlock(&node_lock);
    return status;
}

void rom_node_close(struct rom_node *node, uint32_t mode) {
    kmutex_lock(&node_lock);
    node_count(node, mode, (uint32_t)-1);
    node_drop(node);
    kmutex_unlock(&node_lock);
}

void rom_node_put(struct rom_node *node) {
    kmutex_lock(&node_lock);
    node_drop(node);
    kmutex_unlock(&node_lock);
}

static status_t page_in(void *context, uint64_t offset, void *page) {
    return romfs_read_block(&rom, context, (uint32_t)(offset / PAGE_SIZE), page);
}

static const struct pager_ops rom_pager = {.page_in = page_in, .release = heap_free};

unsigned rom_domain(const void *va) {
    for (const struct board_row *row = board_map; row->kind != BOARD_END; row++) {
        if (row->kind == BOARD_FLASH && (uint32_t)va - row->va < (uint32_t)row->megabytes << 20) {
            return row->domain;
        }
    }
    PANIC("ROM file outside the flash");
}

static status_t section_make(struct rom_node *node, struct section **section) {
    const void *address;
    if (node->file.size == 0) {
        return ERROR_FILE_INVALID;
    }
    if (node->file.kind == ROM_FILE_BLOCKS) {
        struct rom_file *file = heap_alloc(sizeof *file);
        if (file == NULL) {
            return ERROR_NOT_ENOUGH_MEMORY;
        }
        *file = node->file;
        status_t status = section_create_pager(&rom_pager, file, file->size, section);
        if (status != ERROR_SUCCESS) {
            heap_free(file);
        }
        return status;
    }
    status_t status = romfs_in_place(&rom, &node->file, &address);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    return section_create_in_place(static_pa(address), node->file.size, rom_domain(address), section);
}

status_t rom_node_map(struct rom_node *node, struct section **section) {
    status_t status = ERROR_SUCCESS;
    kmutex_lock(&node_lock);
    if (node->section == NULL) {
        status = section_make(node, &node->section);
    }
    if (status == ERROR_SUCCESS) {
        section_ref(node->section);
        node->references++;
        *section = node->section;
    }
    kmutex_unlock(&node_lock);
    return status;
}

status_t rom_read(const struct rom_file *file, uint32_t offset, const struct romfs_sink *sink, uint32_t bytes,
                  uint32_t *got) {
    if (file->kind == ROM_FILE_PLAIN) {
        return romfs_read(&rom, file, offset, sink, bytes, got);
    }
    kmutex_lock(&read_lock);
    status_t status = romfs_read(&rom, file, offset, sink, bytes, got);
    kmutex_unlock(&read_lock);
    return status;
}

status_t rom_read_memory(const struct rom_file *file, uint32_t offset, void *buffer, uint32_t bytes, uint32_t *got) {
    if (file->kind == ROM_FILE_PLAIN) {
        return romfs_read_memory(&rom, file, offset, buffer, bytes, got);
    }
    kmutex_lock(&read_lock);
    status_t status = romfs_read_memory(&rom, file, offset, buffer, bytes, got);
    kmutex_unlock(&read_lock);
    return status;
}
