/* Page-table entries: the CPU's own, and the meaning of those that are not present.
 *
 * Not present: bits 1..0 are 0; bits 3..2 the state (enum page_state), bits 9..4 the protection (prot_t); of a held
 * page bit 10 is set and bits 31..12 are its frame.
 */
#ifndef ARCH_ARM_PTE_H
#define ARCH_ARM_PTE_H

#include "arch/mmu.h"

/* Kinds of entries: the same on both architectures. */
static inline bool pte_is_section(uint32_t first) {
    return (first & 3u) == 2u;
}

static inline bool pte_is_table(uint32_t first) {
    return (first & 3u) == 1u;
}

static inline bool pte_is_present(uint32_t second) {
    return (second & 3u) != 0;
}

static inline bool pte_is_large(uint32_t second) {
    return (second & 3u) == 1u;
}

#if defined(SITU_ARMV5)
#include "arch/arm/v5/pte.h"
#else
#include "arch/arm/v7/pte.h"
#endif

static inline uint32_t soft_entry(enum page_state state, prot_t prot) {
    return (uint32_t)state << 2 | prot << 4;
}

/* The entry of a held page. */
static inline uint32_t soft_held(uint32_t pa, prot_t prot) {
    return pa | 0x400u | soft_entry(PAGE_HELD, prot);
}

/* What of any second-level entry is 0 unless it has a frame, present or held. */
#define PTE_FRAME_BITS 0xfffffc03u

static inline enum page_state soft_state(uint32_t entry) {
    return (enum page_state)(entry >> 2 & 3u);
}

static inline prot_t soft_prot(uint32_t entry) {
    return entry >> 4 & 0x3fu;
}

static inline uint32_t soft_frame(uint32_t entry) {
    return entry & ~(PAGE_SIZE - 1);
}

#endif
