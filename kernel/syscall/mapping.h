/* Mapping objects: what CreateFileMapping makes. */
#ifndef KERNEL_SYSCALL_MAPPING_H
#define KERNEL_SYSCALL_MAPPING_H

#include "kernel/object.h"
#include "kernel/syscall/rom.h"

#define MAPPING_ACCESS_READ  1u
#define MAPPING_ACCESS_WRITE 2u

struct mapping {
    struct object object;
    struct mapping **list;   /* of the named mappings that it stands in, when it has a name */
    struct mapping *next;    /* in that list */
    struct object *file;     /* of CreateFileForMapping: stays open as long as the mapping; NULL: none */
    struct rom_node *node;   /* the file; NULL: memory */
    struct section *section; /* with a reference */
    uint64_t size;           /* bytes that views may show */
    uint32_t access;         /* the most that a handle or view can have: MAPPING_ACCESS_ bits */
    uint16_t *name;          /* behind the mapping itself; NULL: none */
    uint32_t name_length;
};

extern const struct object_type mapping_type;

static inline struct mapping *mapping_of(struct object *object) {
    return CONTAINER_OF(object, struct mapping, object);
}

#endif
