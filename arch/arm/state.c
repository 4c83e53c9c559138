/* What a page is: reading its state from the tables, and the changes of it that bring and take no frame (arch/mmu.h).
 *
 * A held page has no cache lines and no TLB entry: they went when it ceased to be present.  So it becomes present again
 * with nothing but its entry.
 */
#include "arch/arm/entry.h"
#include "include/panic.h"
#include "include/preempt.h"

struct mmu_page mmu_query(const struct mmu_space *space, uint32_t va) {
    uint32_t first = *entry_first(space, va);
    struct mmu_page page = {.state = PAGE_FREE, .size = PAGE_SIZE, .domain = entry_domain(first)};
    if (pte_is_section(first)) {
        page.state = PAGE_PRESENT;
        page.prot = pte_section_prot(first);
        page.pa = (first & ~(SECTION_SIZE - 1)) | (va & (SECTION_SIZE - 1) & ~(PAGE_SIZE - 1));
        page.size = SECTION_SIZE;
    } else if (pte_is_table(first)) {
        uint32_t second = entry_table(first)[entry_index(va)];
        if (!pte_is_present(second)) {
            page.state = soft_state(second);
            page.prot = soft_prot(second);
            page.pa = soft_frame(second);
        } else {
            page.state = PAGE_PRESENT;
            page.prot = pte_page_prot(second);
            page.pa = entry_page(second, va);
            page.size = pte_is_large(second) ? LARGE_SIZE : PAGE_SIZE;
        }
    }
    return page;
}

/* No cleaning: a table walk finds "not present" before and after. */
void mmu_set_state(struct mmu_space *space, uint32_t va, uint32_t bytes, enum page_state state, prot_t prot) {
    uint32_t value = soft_entry(state, prot);
    if (bytes == PAGE_SIZE && state != PAGE_FREE) {
        *entry_second(space, va) = value;
        return;
    }
    while (bytes != 0) {
        uint32_t chunk = min_u32(bytes, SECTION_SIZE - (va & (SECTION_SIZE - 1)));
        uint32_t first = *entry_first(space, va);
        if (pte_is_table(first)) {
            uint32_t *entry = &entry_table(first)[entry_index(va)];
            entries_fill(entry, chunk / PAGE_SIZE, value);
        } else {
            ASSERT(first == 0 && state == PAGE_FREE);
        }
        va += chunk;
        bytes -= chunk;
    }
}

uint32_t mmu_count(const struct mmu_space *space, uint32_t va, uint32_t bytes, enum page_state state) {
    uint32_t count = 0;
    while (bytes != 0) {
        uint32_t chunk = min_u32(bytes, SECTION_SIZE - (va & (SECTION_SIZE - 1)));
        const uint32_t *entry = entry_second(space, va);
        for (const uint32_t *end = entry + chunk / PAGE_SIZE; entry != end; entry++) {
            enum page_state found = pte_is_present(*entry) ? PAGE_PRESENT : soft_state(*entry);
            count += found == state;
        }
        va += chunk;
        bytes -= chunk;
    }
    return count;
}

/* A page with a frame gets another protection.  What it was before decides about the caches: lines may be there when it
 * was present and cached, and go before the page can be reached no more, or not through the cache. */
static void frame_protect(struct mmu_space *space, uint32_t *entry, uint32_t va, prot_t prot) {
    uint32_t old = *entry;
    uint32_t modified = space_modified(space, va);
    uint32_t pa = soft_frame(old);
    bool was_present = pte_is_present(old);
    bool present = (prot & PROT_GUARD) == 0 && (prot & (PROT_READ | PROT_WRITE | PROT_EXEC)) != 0;
    ASSERT(!pte_is_large(old));
    /* Nobody may make a line dirty again between the cleaning and the end of the translation. */
    preempt_disable();
    prot_t before = was_present ? pte_page_prot(old) : soft_prot(old);
    bool recached = ((prot ^ before) & PROT_NOCACHE) != 0;
    if (was_present && (!present || recached)) {
        maintain_page_leaves(modified, PAGE_SIZE);
    }
    entry_store(entry, present ? pte_small(pa, prot) : soft_held(pa, prot));
    if (was_present) {
        maintain_tlb_page(space, modified);
    } else {
        maintain_before_use();
    }
    if (recached) {
        maintain_frame_recached(static_va(pa));
    }
    preempt_enable();
    if (present && (prot & PROT_EXEC)) {
        maintain_code(modified, PAGE_SIZE);
    }
}

void mmu_commit(struct mmu_space *space, uint32_t va, uint32_t bytes, prot_t prot) {
    while (bytes != 0) {
        uint32_t chunk = min_u32(bytes, SECTION_SIZE - (va & (SECTION_SIZE - 1)));
        uint32_t *entry = entry_second(space, va);
        for (const uint32_t *end = entry + chunk / PAGE_SIZE; entry != end; entry++) {
            if (pte_is_present(*entry) || soft_state(*entry) == PAGE_HELD) {
                frame_protect(space, entry, va, prot);
            } else {
                *entry = soft_entry(PAGE_COMMITTED, prot);
            }
            va += PAGE_SIZE;
        }
        bytes -= chunk;
    }
}
