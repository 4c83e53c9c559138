/* Objects with names: each type has names of its own; they go with the object.
 *
 * Named objects stand in a small hash table, guarded by one kernel mutex, which is held while an object is made, so
 * that two makers of one name get one object.  An object that nobody refers to any more is not found, though it may
 * stand there until it is destroyed.
 */
#ifndef KERNEL_NAME_H
#define KERNEL_NAME_H

#include "include/abi.h"
#include "include/status.h"
#include "kernel/object.h"

/* A name as it comes from a program. */
struct name {
    uint32_t length;
    uint16_t text[ABI_PATH_MAX];
};

/* The head of every object that can have a name. */
struct named {
    struct object object;
    struct list link; /* in the table; linked to itself without a name */
    uint16_t *text;   /* heap memory; NULL: no name */
    uint32_t length;
};

/* Starts the head of an object that cannot be found yet. */
void named_init(struct named *named);

/* Finds the object of a type by name, with a reference, or NULL. */
struct object *name_find(const struct object_type *type, const struct name *name);

/* Finds the object (ERROR_ALREADY_EXISTS, with a reference), or has make(context, named) make it and gives it the name.
 * name NULL: makes it.  make returns what it makes as a struct named with one reference.
 * Errors: make's own, ERROR_NOT_ENOUGH_MEMORY. */
status_t name_find_or_make(const struct object_type *type, const struct name *name,
                           status_t (*make)(void *context, struct named **named), void *context,
                           struct object **object);

/* For the type's destroy: takes the name off. */
void name_drop(struct named *named);

#endif
