/* Finding and storing page-table entries. */
#ifndef ARCH_ARM_ENTRY_H
#define ARCH_ARM_ENTRY_H

#include "arch/arm/maintain.h"
#include "arch/arm/pte.h"
#include "arch/arm/space.h"
#include "arch/static.h"
#include "include/panic.h"

/* The first-level entry of the megabyte that holds va. */
ALWAYS_INLINE uint32_t *entry_first(const struct mmu_space *space, uint32_t va) {
    return &space->table[space_modified(space, va) >> 20];
}

static inline unsigned entry_domain(uint32_t first) {
    return first >> 5 & 0xfu;
}

/* The second-level table that a first-level entry points to. */
static inline uint32_t *entry_table(uint32_t first) {
    return static_va(first & ~0x3ffu);
}

static inline uint32_t entry_index(uint32_t va) {
    return va >> PAGE_SHIFT & 0xffu;
}

/* The second-level entry of va; its table must be there. */
static inline uint32_t *entry_second(const struct mmu_space *space, uint32_t va) {
    uint32_t first = *entry_first(space, va);
    ASSERT(pte_is_table(first));
    return &entry_table(first)[entry_index(va)];
}

/* Frame of the 4 KB page at va, from a present second-level entry. */
static inline uint32_t entry_page(uint32_t second, uint32_t va) {
    if (pte_is_large(second)) {
        return (second & ~(LARGE_SIZE - 1)) | (va & (LARGE_SIZE - 1) & ~(PAGE_SIZE - 1));
    }
    return second & ~(PAGE_SIZE - 1);
}

/* Makes a page zero, at the address of its user (arch/arm/string.S). */
void page_zero(void *page);

/* Stores value in count entries, not cleaned (arch/arm/string.S). */
void entries_fill(uint32_t *entry, uint32_t count, uint32_t value);

/* Makes entries that are not present and have no frame zero, from entry on; returns where others begin, or end
 * (arch/arm/quick.c). */
uint32_t *entries_clear(uint32_t *entry, const uint32_t *end);

/* Stores one entry where table walks see it. */
static inline void entry_store(uint32_t *entry, uint32_t value) {
    *(volatile uint32_t *)entry = value;
    maintain_entry(entry);
}

#endif
