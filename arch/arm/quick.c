/* The short ways of page faults, of changes of one page's protection, and of stacks that go from one thread to the
 * next: one look at the tables, one change (arch/mmu.h). */
#include "arch/arm/entry.h"

void *mmu_find_committed(const struct mmu_space *space, uint32_t va, prot_t *prot) {
    uint32_t first = *entry_first(space, va);
    if (!pte_is_table(first)) {
        return NULL;
    }
    uint32_t *entry = &entry_table(first)[entry_index(va)];
    uint32_t second = *entry;
    *prot = soft_prot(second);
    return !pte_is_present(second) && soft_state(second) == PAGE_COMMITTED ? entry : NULL;
}

void mmu_bring(void *entry, uint32_t va, uint32_t pa, prot_t prot, bool zero) {
    entry_store(entry, pte_small(pa, prot));
    maintain_before_use();
    if (zero) {
        page_zero((void *)va);
    }
}

bool mmu_protect_present(struct mmu_space *space, uint32_t va, prot_t prot, prot_t *before) {
    uint32_t first = *entry_first(space, va);
    if (!pte_is_table(first)) {
        return false;
    }
    uint32_t *entry = &entry_table(first)[entry_index(va)];
    uint32_t second = *entry;
    prot_t old = pte_page_prot(second);
#if defined(SITU_ARMV5)
    old &= ~PROT_EXEC; /* the entry does not know */
#endif
    if (!pte_is_present(second) || pte_is_large(second) || ((old ^ prot) & PROT_NOCACHE) != 0) {
        return false;
    }
    *before = old;
    entry_store(entry, pte_small(second & ~(PAGE_SIZE - 1), prot));
    maintain_tlb_page(space, space_modified(space, va));
    return true;
}

void *mmu_close_page(struct mmu_space *space, uint32_t va) {
    uint32_t *entry = entry_second(space, va);
    if (!pte_is_present(*entry)) {
        return NULL;
    }
    /* Lines of it may stay: processors check the access where they find one, too. */
    entry_store(entry, pte_small_kernel(soft_frame(*entry), true));
    maintain_tlb_page(space, space_modified(space, va));
    return entry;
}

void *mmu_closed_page(const struct mmu_space *space, void *entry, uint32_t va) {
    (void)entry;
    ASSERT(space == space_current);
    return (void *)va;
}

void mmu_open_page(struct mmu_space *space, void *entry, uint32_t va, prot_t prot) {
    entry_store(entry, pte_small(soft_frame(*(uint32_t *)entry), prot));
    maintain_tlb_page(space, space_modified(space, va));
}

uint32_t *entries_clear(uint32_t *entry, const uint32_t *end) {
    while (end - entry >= 4 && ((entry[0] | entry[1] | entry[2] | entry[3]) & PTE_FRAME_BITS) == 0) {
        entry[0] = entry[1] = entry[2] = entry[3] = 0;
        entry += 4;
    }
    while (entry != end && (*entry & PTE_FRAME_BITS) == 0) {
        *entry++ = 0;
    }
    return entry;
}
