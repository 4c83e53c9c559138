/* Second-level tables: 1 KB each, four to a page frame.
 *
 * A free table is all zero but for its first three words (links and a mark); an allocated one is all zero and clean in
 * the data cache.  A frame whose four tables are free goes back at once, but
 * for one that is kept ready (arch/frames.h).
 *
 * Locking: the caller holds the mm lock; table_release_kept needs none.
 */
#ifndef ARCH_ARM_TABLE_H
#define ARCH_ARM_TABLE_H

#include "include/types.h"

#define TABLE_BYTES   0x400u
#define TABLE_ENTRIES 256u

/* Returns a zero table in the static map, or NULL when there is no memory. */
uint32_t *table_alloc(void);

/* Gives back a table whose entries are all zero. */
void table_free(uint32_t *table);

/* Gives the frame that is kept ready back.  False: there is none. */
bool table_release_kept(void);

/* True if no entry of the table is in use. */
bool table_is_empty(const uint32_t *table);

#endif
