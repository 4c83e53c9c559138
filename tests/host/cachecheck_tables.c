/* Page-table entries of both architectures: see cachecheck_tables.h.  Domain 0 everywhere; ARMv7 with TRE = 0, AFE = 0.
 */
#include "cachecheck_tables.h"

#define C_BIT 8u
#define B_BIT 4u

/* Cacheable and bufferable bits; for ARMv7 device memory (TEX = 0) is B alone, as is strongly ordered ARMv5 memory. */
static uint32_t cache_bits(unsigned flags) {
    if (flags & MAP_CACHED) {
        return C_BIT | B_BIT;
    }
    if (flags & MAP_THROUGH) {
        return C_BIT;
    }
    return (flags & MAP_DEVICE) ? B_BIT : 0;
}

/* ARMv5: access permissions with SCTLR.R = 1: 0 read-only, 1 kernel, 3 all. */
static uint32_t access_v5(unsigned flags) {
    if (flags & MAP_READ_ONLY) {
        return 0;
    }
    return (flags & MAP_USER) ? 3 : 1;
}

/* ARMv7: AP[1:0], always with the user's bit for the user's pages. */
static uint32_t access_v7(unsigned flags) {
    return (flags & MAP_USER) ? 3 : 1;
}

/* TEX is 1 for normal memory, but for write-through. */
static uint32_t tex(unsigned flags) {
    return (flags & (MAP_DEVICE | MAP_THROUGH)) ? 0 : 1;
}

static uint32_t flag(unsigned flags, unsigned which, unsigned bit) {
    return (flags & which) ? 1u << bit : 0;
}

uint32_t entry_section(bool v7, uint32_t pa, unsigned flags) {
    if (!v7) {
        return pa | access_v5(flags) << 10 | 0x10u | cache_bits(flags) | 2;
    }
    return pa | flag(flags, MAP_USER, 17) | flag(flags, MAP_READ_ONLY, 15) | tex(flags) << 12 | access_v7(flags) << 10 |
           flag(flags, MAP_XN, 4) | cache_bits(flags) | 2;
}

uint32_t entry_large(bool v7, uint32_t pa, unsigned flags) {
    if (!v7) {
        return pa | access_v5(flags) * 0x550 | cache_bits(flags) | 1;
    }
    return pa | flag(flags, MAP_XN, 15) | tex(flags) << 12 | flag(flags, MAP_USER, 11) | flag(flags, MAP_READ_ONLY, 9) |
           access_v7(flags) << 4 | cache_bits(flags) | 1;
}

uint32_t entry_small(bool v7, uint32_t pa, unsigned flags) {
    if (!v7) {
        return pa | access_v5(flags) * 0x550 | cache_bits(flags) | 2;
    }
    return pa | flag(flags, MAP_USER, 11) | flag(flags, MAP_READ_ONLY, 9) | tex(flags) << 6 | access_v7(flags) << 4 |
           cache_bits(flags) | 2 | flag(flags, MAP_XN, 0);
}

uint32_t entry_table(bool v7, uint32_t pa) {
    return pa | (v7 ? 1u : 0x11u);
}

bool entry_is_table(uint32_t first) {
    return (first & 3) == 1;
}

uint32_t entry_second_pa(uint32_t first, uint32_t va) {
    return (first & 0xfffffc00) + (va >> 12 & 0xff) * 4;
}

bool entry_decode(bool v7, uint32_t first, uint32_t second, uint32_t va, struct translation *translation) {
    uint32_t entry = first;
    if ((first & 3) == 2) {
        translation->size = SECTION_BYTES;
        translation->global = !v7 || !(first >> 17 & 1);
    } else if (entry_is_table(first) && (second & 3) != 0) {
        entry = second;
        translation->size = (second & 3) == 1 ? LARGE_BYTES : SMALL_BYTES;
        translation->global = !v7 || !(second >> 11 & 1);
    } else {
        return false;
    }
    translation->base = va & ~(translation->size - 1);
    translation->pa = entry & ~(translation->size - 1);
    translation->cached = entry & C_BIT;
    return true;
}
