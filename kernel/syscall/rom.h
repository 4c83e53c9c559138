/* The mounted ROM image, and the ROM files that are in use.
 *
 * A node stands for one ROM file while anybody has it open, mapped or running.  All who use the file share it: its
 * sharing state and its section, so that every mapping object and every view of a file means the same memory.
 */
#ifndef KERNEL_SYSCALL_ROM_H
#define KERNEL_SYSCALL_ROM_H

#include "fs/namespace.h"
#include "include/list.h"
#include "mm/section.h"

extern struct romfs rom;

struct rom_node {
    struct list link;
    uint32_t references;
    struct rom_file file;
    struct section *section; /* from the first mapping on, with a reference of the node's */
    uint32_t opens;          /* open files */
    uint32_t readers;        /* of them: that read */
    uint32_t deny_read;      /* that let nobody else read */
    uint32_t exclusive;      /* that let nobody else open the file at all */
};

/* Mounts the image at the board's flash.  available: bytes.  Errors as romfs_mount; prints what is wrong. */
status_t rom_mount(const void *image, uint32_t available);

/* Finds what a path leads to, like namespace_lookup. */
status_t rom_lookup(const uint16_t *text, struct namespace_node *out);

/* Lets go of the file that is still known from its last use, so that counts can be compared. */
void rom_settle(void);

/* How a file is open. */
#define ROM_OPEN_READS     1u
#define ROM_OPEN_DENIES    2u /* no other may read */
#define ROM_OPEN_EXCLUSIVE 4u /* no other open of any kind */

/* Opens a file, by the rules of CreateFile: its node, with a reference for the caller that rom_node_close gives back
 * with the same mode.  mode: ROM_OPEN_ bits, 0 only asks.  Errors: ERROR_SHARING_VIOLATION, ERROR_NOT_ENOUGH_MEMORY. */
status_t rom_node_open(const struct rom_file *file, uint32_t mode, struct rom_node **node);
void rom_node_close(struct rom_node *node, uint32_t mode);

/* The section of a file that is open, with a reference on it and one on the node for the caller (rom_node_put,
 * section_unref): the ROM itself, or a pager for a compressed file. Errors: ERROR_NOT_SUPPORTED (the console says why),
 * ERROR_NOT_ENOUGH_MEMORY, ERROR_FILE_INVALID (empty). */
status_t rom_node_map(struct rom_node *node, struct section **section);
void rom_node_put(struct rom_node *node);

/* The MMU domain of the flash bank that an address of the static map lies in. */
unsigned rom_domain(const void *va);

/* Reads a file, one thread at a time where that is needed. */
status_t rom_read(const struct rom_file *file, uint32_t offset, const struct romfs_sink *sink, uint32_t bytes,
                  uint32_t *got);
status_t rom_read_memory(const struct rom_file *file, uint32_t offset, void *buffer, uint32_t bytes, uint32_t *got);

#endif
