/* The space that the processor is in, and what tags its TLB entries. */
#ifndef ARCH_ARM_SPACE_H
#define ARCH_ARM_SPACE_H

#include "arch/mmu.h"

extern struct mmu_space *space_current; /* NULL: the kernel's own */

#if defined(SITU_ARMV5)
#define FCSE_SHIFT 25u

/* The address that caches and TLBs see. */
ALWAYS_INLINE uint32_t space_modified(const struct mmu_space *space, uint32_t va) {
    return va < 1u << FCSE_SHIFT ? va | space->id << FCSE_SHIFT : va;
}
#else
#define ASID_MASK 0xffu

extern uint32_t asid_generation; /* in the bits above ASID_MASK */

ALWAYS_INLINE uint32_t space_modified(const struct mmu_space *space, uint32_t va) {
    (void)space;
    return va;
}

/* Whether the space's ASID is of the current generation. */
static inline bool space_has_asid(const struct mmu_space *space) {
    return space->id != 0 && ((space->id ^ asid_generation) & ~ASID_MASK) == 0;
}

static inline uint32_t space_asid(const struct mmu_space *space) {
    return space->id & ASID_MASK;
}
#endif

/* The CPU-specific part of mmu_space_create: a slot (v5; ERROR_NO_PROC_SLOTS) or nothing yet (v7). */
status_t space_identify(struct mmu_space *space);

/* Gives the slot back. */
void space_forget(struct mmu_space *space);

/* Gives back the table that space->idle keeps, which must not be NULL. */
void space_idle_end(struct mmu_space *space);

/* First-level table: how large (a power of two of pages), and how a fresh one is filled. */
#if defined(SITU_ARMV5)
#define SPACE_TABLE_ORDER 2u
#define SPACE_TTBR_FLAGS  0u /* walks do not look into the cache */
#else
#define SPACE_TABLE_ORDER 1u
#define SPACE_TTBR_FLAGS  BOOT_TTBR_FLAGS
#endif
void space_fill_table(uint32_t *table);

#endif
