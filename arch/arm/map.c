/* Mapping and unmapping frames: the part of arch/mmu.h that handles present entries. */
#include "arch/arm/entry.h"
#include "include/panic.h"
#include "include/preempt.h"

#define TLB_ENTRIES_SINGLY 4u /* beyond, dropping all of a space's entries costs less */

void mmu_map_page(struct mmu_space *space, uint32_t va, uint32_t pa, prot_t prot) {
    uint32_t *entry = entry_second(space, va);
    ASSERT(!pte_is_present(*entry));
    entry_store(entry, pte_small(pa, prot));
}

/* Fills the part of one megabyte's table with the largest entries that fit; frames are contiguous from pa. */
static void table_map(uint32_t *table, uint32_t va, uint32_t pa, uint32_t bytes, prot_t prot) {
    uint32_t *entry = &table[entry_index(va)];
    uint32_t *start = entry;
    while (bytes != 0) {
        if (bytes >= LARGE_SIZE && is_aligned(va | pa, LARGE_SIZE)) {
            for (uint32_t i = 0; i < LARGE_SIZE / PAGE_SIZE; i++) {
                ASSERT(!pte_is_present(*entry));
                *entry++ = pte_large(pa, prot);
            }
            va += LARGE_SIZE;
            pa += LARGE_SIZE;
            bytes -= LARGE_SIZE;
        } else {
            ASSERT(!pte_is_present(*entry));
            *entry++ = pte_small(pa, prot);
            va += PAGE_SIZE;
            pa += PAGE_SIZE;
            bytes -= PAGE_SIZE;
        }
    }
    maintain_tables(start, (uint32_t)((char *)entry - (char *)start));
}

void mmu_map_range(struct mmu_space *space, uint32_t va, uint32_t pa, uint32_t bytes, prot_t prot, unsigned domain) {
    if (space->idle != NULL) {
        space_idle_end(space); /* it may lie where a 1 MB entry is to be */
    }
    while (bytes != 0) {
        uint32_t *first = entry_first(space, va);
        uint32_t chunk = min_u32(bytes, SECTION_SIZE - (va & (SECTION_SIZE - 1)));
        if (*first == 0) {
            uint32_t *start = first;
            ASSERT(chunk == SECTION_SIZE && is_aligned(pa, SECTION_SIZE));
            uint32_t entry = pte_section(pa, prot, domain);
            const uint32_t *end = first + bytes / SECTION_SIZE;
            do {
                *first++ = entry;
                entry += SECTION_SIZE;
            } while (first != end && *first == 0);
            chunk = (uint32_t)((char *)first - (char *)start);
            maintain_tables(start, chunk);
            chunk *= SECTION_SIZE / sizeof *start;
            va += chunk;
            pa += chunk;
            bytes -= chunk;
        } else {
            ASSERT(pte_is_table(*first) && entry_domain(*first) == domain);
            table_map(entry_table(*first), va, pa, chunk, prot);
            va += chunk;
            pa += chunk;
            bytes -= chunk;
        }
    }
}

void *mmu_fill_begin(struct mmu_space *space, uint32_t va, uint32_t pa, bool cached) {
    ASSERT(space == space_current);
    uint32_t *entry = entry_second(space, va);
    ASSERT(!pte_is_present(*entry));
    if (!cached) {
        maintain_frame_recached(static_va(pa));
    }
    entry_store(entry, pte_small_kernel(pa, cached));
    maintain_before_use();
    return (void *)va;
}

void mmu_fill_end(struct mmu_space *space, uint32_t va, prot_t prot) {
    uint32_t *entry = entry_second(space, va);
    uint32_t modified = space_modified(space, va);
    if (prot & PROT_EXEC) {
        maintain_code(modified, PAGE_SIZE);
    }
    entry_store(entry, pte_small(*entry & ~(PAGE_SIZE - 1), prot));
    maintain_tlb_page(space, modified);
}

/* Takes a 64 KB entry apart into sixteen small ones with the same meaning, by way of "not present". */
static void large_split(struct mmu_space *space, uint32_t *entry, uint32_t va) {
    uint32_t *group = (uint32_t *)((uint32_t)entry & ~63u);
    uint32_t pa = *entry & ~(LARGE_SIZE - 1);
    prot_t prot = pte_page_prot(*entry);
    for (uint32_t i = 0; i < LARGE_SIZE / PAGE_SIZE; i++) {
        group[i] = 0;
    }
    maintain_tables(group, 64);
    maintain_tlb_page(space, space_modified(space, round_down(va, LARGE_SIZE)));
    for (uint32_t i = 0; i < LARGE_SIZE / PAGE_SIZE; i++) {
        group[i] = pte_small(pa + i * PAGE_SIZE, prot);
    }
    maintain_tables(group, 64);
}

/* Who gets the frames of an unmapping, and whether the caches still have to be told. */
struct unmapping {
    struct mmu_space *space;
    bool in_place;
    void (*frame)(void *context, uint32_t va, uint32_t pa);
    void *context;
};

static void frames_give(const struct unmapping *work, uint32_t va, uint32_t pa, uint32_t bytes) {
    if (work->frame != NULL) {
        for (uint32_t at = 0; at < bytes; at += PAGE_SIZE) {
            work->frame(work->context, va + at, pa + at);
        }
    }
}

/* A run of 1 MB entries that bytes cover; returns the bytes done.  They are in place, so that caches have nothing of
 * theirs to lose.  The entries go together, then what the TLB knows. */
static uint32_t sections_unmap(const struct unmapping *work, uint32_t *first, uint32_t va, uint32_t bytes) {
    struct mmu_space *space = work->space;
    uint32_t modified = space_modified(space, va);
    uint32_t *entry = first;
    const uint32_t *end = first + bytes / SECTION_SIZE;
    ASSERT(work->in_place && work->frame == NULL && first != end);
    do {
        *entry++ = 0;
    } while (entry != end && pte_is_section(*entry));
    uint32_t count = (uint32_t)(entry - first);
    maintain_tables(first, count * sizeof *first);
    if (space->quiet) {
        /* The TLB has nothing of this space. */
    } else if (count > TLB_ENTRIES_SINGLY) {
        maintain_tlb_space(space);
    } else {
        for (uint32_t i = 0; i < count; i++) {
            maintain_tlb_page(space, modified + i * SECTION_SIZE);
        }
    }
    return count * SECTION_SIZE;
}

/* One small or large page; returns its size. */
static uint32_t page_unmap(const struct unmapping *work, uint32_t *entry, uint32_t va, uint32_t left) {
    struct mmu_space *space = work->space;
    if (pte_is_large(*entry) && (!is_aligned(va, LARGE_SIZE) || left < LARGE_SIZE)) {
        large_split(space, entry, va);
    }
    uint32_t bytes = pte_is_large(*entry) ? LARGE_SIZE : PAGE_SIZE;
    uint32_t pa = entry_page(*entry, va);
    uint32_t count = bytes / PAGE_SIZE;
    if (space->quiet) {
        for (uint32_t i = 0; i < count; i++) {
            entry[i] = 0;
        }
    } else {
        uint32_t modified = space_modified(space, va);
        /* Nobody may make a line dirty again between the cleaning and the end of the translation. */
        preempt_disable();
        if (!work->in_place) {
            maintain_page_leaves(modified, bytes);
        }
        if (count == 1) {
            entry_store(entry, 0);
        } else {
            for (uint32_t i = 0; i < count; i++) {
                entry[i] = 0;
            }
            maintain_tables(entry, count * sizeof *entry);
        }
        maintain_tlb_page(space, modified);
        preempt_enable();
    }
    frames_give(work, va, pa, bytes);
    return bytes;
}

void mmu_unmap(struct mmu_space *space, uint32_t va, uint32_t bytes, bool in_place,
               void (*frame)(void *context, uint32_t va, uint32_t pa), void *context) {
    struct unmapping work = {.space = space, .in_place = in_place, .frame = frame, .context = context};
    while (bytes != 0) {
        uint32_t *first = entry_first(space, va);
        uint32_t chunk = min_u32(bytes, SECTION_SIZE - (va & (SECTION_SIZE - 1)));
        if (pte_is_section(*first)) {
            ASSERT(chunk == SECTION_SIZE);
            chunk = sections_unmap(&work, first, va, bytes);
        } else if (pte_is_table(*first)) {
            uint32_t *entry = &entry_table(*first)[entry_index(va)];
            const uint32_t *start = entry;
            const uint32_t *end = entry + chunk / PAGE_SIZE;
            while (entry != end) {
                if ((*entry & PTE_FRAME_BITS) == 0) {
                    entry = entries_clear(entry, end);
                    continue;
                }
                uint32_t old = *entry;
                uint32_t done = (uint32_t)(entry - start) * PAGE_SIZE;
                if (pte_is_present(old)) {
                    entry += page_unmap(&work, entry, va + done, chunk - done) / PAGE_SIZE;
                } else {
                    *entry++ = 0;
                    frames_give(&work, va + done, soft_frame(old), PAGE_SIZE);
                }
            }
        }
        va += chunk;
        bytes -= chunk;
    }
}
