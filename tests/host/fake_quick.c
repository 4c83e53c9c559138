/* The fake MMU's short ways (arch/mmu.h): of page faults, of changes of one page, and of closed pages. */
#include "fake_mmu.h"

#include <string.h>

#include "fake_machine.h"
#include "include/preempt.h"

void *mmu_find_committed(const struct mmu_space *space, uint32_t va, prot_t *prot) {
    fake_check(preempt.count != 0 && space == fake_active, "mmu_find_committed: preemption is on, or space not active");
    struct mmu_page page = fake_mmu_query(space, va);
    *prot = page.prot;
    return page.state == PAGE_COMMITTED ? fake_entry_at(space, va) : NULL;
}

void mmu_bring(void *found, uint32_t va, uint32_t pa, prot_t prot, bool zero) {
    struct fake_entry *entry = found;
    fake_check(entry->state == PAGE_COMMITTED, "mmu_bring: not committed");
    fake_check(!zero || ((prot & PROT_WRITE) != 0 && !fake_is_mapped(pa)), "mmu_bring: zero, but mapped or read-only");
    fake_page_appears(va, pa, prot);
    *entry = (struct fake_entry){.state = PAGE_PRESENT, .prot = prot, .pa = pa, .size = PAGE_SIZE};
    if (zero) {
        memset(fake_ram(pa), 0, PAGE_SIZE);
    }
}

bool mmu_protect_present(struct mmu_space *space, uint32_t va, prot_t prot, prot_t *before) {
    fake_check((prot & PROT_READ) != 0 && (prot & (PROT_EXEC | PROT_GUARD)) == 0, "mmu_protect_present: prot");
    struct mmu_page page = fake_mmu_query(space, va);
    *before = page.prot;
    if (page.state != PAGE_PRESENT || page.size != PAGE_SIZE || ((page.prot ^ prot) & PROT_NOCACHE) != 0) {
        return false;
    }
    fake_entry_at(space, va)->prot = prot;
    return true;
}

void *mmu_close_page(struct mmu_space *space, uint32_t va) {
    struct fake_entry *entry = fake_entry_at(space, va);
    fake_check(!entry->filling && !entry->closed, "mmu_close_page: half filled, or closed");
    if (entry->state != PAGE_PRESENT) {
        return NULL;
    }
    fake_check(entry->prot == (PROT_READ | PROT_WRITE) && entry->size == PAGE_SIZE, "mmu_close_page: not a plain page");
    entry->closed = true;
    entry->prot = PROT_NONE;
    return entry;
}

static struct fake_entry *closed_entry(const struct mmu_space *space, void *closed, uint32_t va) {
    struct fake_entry *entry = closed;
    fake_check(entry == fake_entry_at(space, va) && entry->closed, "a page that is not closed");
    return entry;
}

void *mmu_closed_page(const struct mmu_space *space, void *entry, uint32_t va) {
    fake_check(space == fake_active, "mmu_closed_page: space is not active");
    return fake_ram(closed_entry(space, entry, va)->pa);
}

void mmu_open_page(struct mmu_space *space, void *closed, uint32_t va, prot_t prot) {
    struct fake_entry *entry = closed_entry(space, closed, va);
    fake_check(prot == (PROT_READ | PROT_WRITE), "mmu_open_page: prot");
    entry->closed = false;
    entry->prot = prot;
}
