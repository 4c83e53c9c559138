/* Handle tables: one a process.
 *
 * A handle is  generation 31..16 | index 15..2 | 0 0.  The generation of an entry changes each time it is closed, and
 * closed entries wait in a queue, so a stale handle names nothing for a long time.  No handle is 0,
 * INVALID_HANDLE_VALUE or a pseudo-handle.
 *
 * A handle may own another one of the same table, which is closed with it (the file behind a mapping made from
 * CreateFileForMapping).
 *
 * Locking: lookups and changes hold preemption off for a few instructions; closing an object happens outside.
 */
#ifndef KERNEL_HANDLE_H
#define KERNEL_HANDLE_H

#include "include/status.h"
#include "kernel/object.h"

#define HANDLE_LIMIT 8192u /* handles a process can hold */

struct handle_entry {
    struct object *object; /* NULL: free */
    uint16_t generation;
    uint16_t access; /* bits of the type's own */
    uint32_t owned;  /* handle that is closed with this one, or 0 */
    uint32_t next;   /* free entries: index of the next in the queue */
};

struct handle_table {
    struct handle_entry *entries;
    uint32_t capacity;
    uint32_t count;
    uint32_t free_first, free_last; /* queue of closed entries */
};

/* An empty table with room for a few handles.  Error: ERROR_NOT_ENOUGH_MEMORY. */
status_t handle_table_init(struct handle_table *table);

/* Closes every handle and frees the table. */
void handle_table_destroy(struct handle_table *table);

/* Makes a handle; it takes over the caller's reference on success.
 * Errors: ERROR_NOT_ENOUGH_MEMORY, ERROR_TOO_MANY_OPEN_FILES (HANDLE_LIMIT). */
status_t handle_create(struct handle_table *table, struct object *object, uint32_t access, uint32_t *handle);

/* Finds the object of a handle and adds a reference for the caller.  type: what it must be, NULL: anything.
 * access: gets the handle's access bits; may be NULL.  Error: ERROR_INVALID_HANDLE. */
status_t handle_lookup(struct handle_table *table, uint32_t handle, const struct object_type *type,
                       struct object **object, uint32_t *access);

/* Closes a handle, and the one it owns.  Error: ERROR_INVALID_HANDLE. */
status_t handle_close(struct handle_table *table, uint32_t handle);

/* Gives owner the handle owned to close with itself (no effect if owner is gone), or takes it away (owned 0). */
void handle_set_owned(struct handle_table *table, uint32_t owner, uint32_t owned);

uint32_t handle_total_count(void); /* handles open in all processes */

#endif
