/* Page-table entries of both architectures for the tests of the cache checker: made and read back.  Written from the
 * manuals (ARMv5: DDI 0100 B3.3; ARMv7 short descriptors: DDI 0406 B3.5), not from the model. */
#ifndef TESTS_HOST_CACHECHECK_TABLES_H
#define TESTS_HOST_CACHECHECK_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#define SMALL_BYTES   0x1000u
#define LARGE_BYTES   0x10000u
#define SECTION_BYTES 0x100000u

/* What a mapping is like; for the kernel, writable, executable, normal and uncached without any of these. */
#define MAP_CACHED    1u
#define MAP_DEVICE    2u
#define MAP_USER      4u /* on ARMv7 not global, too */
#define MAP_READ_ONLY 8u
#define MAP_XN        16u /* ARMv7 only */
#define MAP_THROUGH   32u /* cached, write-through */

/* Entries for pa with MAP_ flags, and a first-level entry that points to the second-level table at pa. */
uint32_t entry_section(bool v7, uint32_t pa, unsigned flags);
uint32_t entry_large(bool v7, uint32_t pa, unsigned flags);
uint32_t entry_small(bool v7, uint32_t pa, unsigned flags);
uint32_t entry_table(bool v7, uint32_t pa);

/* What an address is translated to. */
struct translation {
    uint32_t base, size; /* the virtual range that one entry translates (ARMv5: of modified addresses) */
    uint32_t pa;         /* of base */
    bool cached;
    bool global;
};

bool entry_is_table(uint32_t first);

/* The physical address of the second-level entry for va, by way of a first-level entry that points to a table. */
uint32_t entry_second_pa(uint32_t first, uint32_t va);

/* What first (a section) or second (if first is a table) says about va; false: not present. */
bool entry_decode(bool v7, uint32_t first, uint32_t second, uint32_t va, struct translation *translation);

#endif
