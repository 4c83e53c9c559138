/* Handle tables: one a process.
 *
 * A handle is  generation 31..16 | index 15..2 | 0 0.  The generation of an entry changes each time it is closed, and
 * closed entries wait in a queue, so a stale handle names nothing for a long time.  No handle is 0,
 * INVALID_HANDLE_VALUE or a pseudo-handle.
 *
 * Entries lie in chunks and never move.  Indices begin at 16, and a chunk holds those with the same highest bit:
 * 16 to 31, 32 to 63 and so on; so each chunk but the last has twice the entries of the one before, and where an entry
 * is follows from its index.  A new chunk is made ready before it is linked in.
 *
 * A handle may own another one of the same table, which is closed with it (the file behind a mapping made from
 * CreateFileForMapping).
 *
 * Locking: lookups and changes hold preemption off for a few instructions; closing an object happens outside.  Other
 * processes may use a table as long as they have a reference on its process, also while it is destroyed and after.
 */
#ifndef KERNEL_HANDLE_H
#define KERNEL_HANDLE_H

#include "include/abi.h"
#include "include/status.h"
#include "kernel/object.h"

#define HANDLE_LIMIT  8192u /* handles a process can hold */
#define HANDLE_FIRST  16u   /* lowest index, and entries of the first chunk */
#define HANDLE_CHUNKS 10u   /* the last one has what is left to HANDLE_LIMIT */

struct handle_entry {
    struct object *object; /* NULL: free */
    uint32_t handle;       /* that names it; free: the generation of the next one, with an index that no entry has */
    uint32_t owned;        /* handle that is closed with this one, or 0 */
    uint16_t next;         /* free entries: index of the next in the queue, or 0 */
    uint8_t access;        /* bits of the type's own */
    uint8_t flags;         /* ABI_HANDLE_ bits; free: 0 */
};
_Static_assert(sizeof(struct handle_entry) == sizeof(void *) * 2 + 8, "16 bytes with pointers of 4");

struct handle_table {
    uint32_t capacity; /* entries in the chunks */
    uint32_t count;    /* of open ones */
    struct handle_entry *chunks[HANDLE_CHUNKS];
    uint16_t free_first; /* queue of closed entries; 0: empty */
    uint16_t no_queue;   /* where entries go that are closed while the table is destroyed */
    uint16_t *free_end;  /* next of the last in the queue */
    bool closed;         /* for ever: its process ends */
};

/* An empty table with room for a few handles.  Error: ERROR_NOT_ENOUGH_MEMORY. */
status_t handle_table_init(struct handle_table *table);

/* Closes every handle and frees the memory.  From then on there are no handles in the table, and none are made. */
void handle_table_destroy(struct handle_table *table);

/* Copies the handles of another process's table that have ABI_HANDLE_INHERIT to one that is new and that nobody else
 * uses yet: same values, access and flags, with references of their own; one that owned another still does if both came
 * over.  Error, after which the table can only be destroyed: ERROR_NOT_ENOUGH_MEMORY. */
status_t handle_table_inherit(struct handle_table *table, const struct handle_table *from);

/* Makes a handle; it takes over the caller's reference on success.  access: bits of the type's own, below 256.
 * flags: ABI_HANDLE_ bits.  Errors: ERROR_NOT_ENOUGH_MEMORY, ERROR_TOO_MANY_OPEN_FILES (HANDLE_LIMIT),
 * ERROR_INVALID_PARAMETER (the table's process ends). */
status_t handle_add(struct handle_table *table, struct object *object, uint32_t access, uint32_t flags,
                    uint32_t *handle);

/* The same without flags. */
static inline status_t handle_create(struct handle_table *table, struct object *object, uint32_t access,
                                     uint32_t *handle) {
    return handle_add(table, object, access, 0, handle);
}

/* The entry with an index, which the table has room for. */
ALWAYS_INLINE struct handle_entry *handle_at(const struct handle_table *table, uint32_t index) {
    uint32_t zeros = (uint32_t)__builtin_clz(index);
    return &table->chunks[27 - zeros][index & ~(0x80000000u >> zeros)];
}

/* The entry that a handle names, or NULL.  Preemption is off, and stays so as long as the entry is used. */
ALWAYS_INLINE struct handle_entry *handle_entry(const struct handle_table *table, uint32_t handle) {
    uint32_t index = handle >> 2 & 0x3fffu;
    if (index - HANDLE_FIRST >= table->capacity) {
        return NULL;
    }
    struct handle_entry *entry = handle_at(table, index);
    if (entry == NULL) {
        __builtin_unreachable(); /* a chunk is not at address 0, which the compiler would look for */
    }
    return entry->handle == handle ? entry : NULL;
}

/* Finds the object of a handle and adds a reference for the caller.  type: what it must be, NULL: anything.
 * access: gets the handle's access bits; may be NULL.  Error: ERROR_INVALID_HANDLE. */
status_t handle_lookup(struct handle_table *table, uint32_t handle, const struct object_type *type,
                       struct object **object, uint32_t *access);

/* Closes a handle, and the one it owns.  Error: ERROR_INVALID_HANDLE. */
status_t handle_close(struct handle_table *table, uint32_t handle);

/* Gives owner the handle owned to close with itself (no effect if owner is gone), or takes it away (owned 0). */
void handle_set_owned(struct handle_table *table, uint32_t owner, uint32_t owned);

/* Sets the flags in mask to those of flags; *now are all of them after it.  Error: ERROR_INVALID_HANDLE. */
status_t handle_set_flags(struct handle_table *table, uint32_t handle, uint32_t mask, uint32_t flags, uint32_t *now);

uint32_t handle_total_count(void); /* handles open in all processes */

#endif
