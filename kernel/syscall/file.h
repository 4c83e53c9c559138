/* Open files and searches, as kernel objects. */
#ifndef KERNEL_SYSCALL_FILE_H
#define KERNEL_SYSCALL_FILE_H

#include "kernel/mutex.h"
#include "kernel/object.h"
#include "kernel/syscall/rom.h"

#define FILE_ACCESS_READ  1u
#define FILE_ACCESS_WRITE 2u

struct file {
    struct object object;
    struct rom_node *node;
    struct kmutex lock; /* over position: reads and seeks of several threads come one after the other */
    uint64_t position;
    uint32_t access;  /* FILE_ACCESS_ bits */
    uint32_t mode;    /* ROM_OPEN_ bits */
    bool for_mapping; /* from CreateFileForMapping: valid in few calls only */
};

extern const struct object_type file_type;

/* Writes the description of a node to the struct abi_file_info at pointer of the caller.  Error:
 * ERROR_INVALID_PARAMETER. */
status_t file_give_info(const struct namespace_node *node, uint32_t pointer);

#endif
