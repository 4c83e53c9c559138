/* Finding the size of RAM by writing to it; the method alone, so that it also runs on a host (tests/host). */
#ifndef ARCH_ARM_RAM_H
#define ARCH_ARM_RAM_H

#include "include/types.h"

/* Access to one word of each megabyte, past all caches.  Each returns false if the bus reported an error. */
struct ram_bus {
    bool (*load)(uint32_t megabyte, uint32_t *value);
    bool (*store)(uint32_t megabyte, uint32_t value);
};

/* Returns how many megabytes of RAM there are, 1..most, counted from a first one that is there.  RAM is taken to be
 * without holes.  A megabyte is there if a word of it keeps two values and is not the word of a lower megabyte seen
 * once more, as where address lines are not decoded.  No word is read that was not stored before: after power-up it may
 * be anything, with error correction even a fault.  The words do not keep their old values. */
uint32_t ram_find(uint32_t most, const struct ram_bus *bus);

#endif
