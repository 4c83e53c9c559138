/* Address spaces in hardware tables: making and taking apart, second-level tables.  States of pages are in state.c,
 * mapping and unmapping of frames in map.c; what the CPUs do differently is in v5/ and v7/.
 *
 * Protocol of a change: store the entry, clean it to where table walks look, complete the store, then drop the old TLB
 * entry if there was a present one.  A present entry that gets another frame or another size goes through "not present"
 * first, so that no two translations of one address are ever about.
 */
#include "arch/arm/entry.h"
#include "arch/arm/kept.h"
#include "arch/arm/maintain.h"
#include "arch/arm/pte.h"
#include "arch/arm/space.h"
#include "arch/arm/table.h"
#include "arch/frames.h"
#include "arch/kstack.h"
#include "arch/static.h"
#include "arch/arm/boot.h"
#include "include/panic.h"

_Static_assert(KEPT_NONE == FRAME_NONE, "one value for no block");

/* Tables that a new process has at hand: its text, its data, and two for what it maps. */
#define SPARE_TABLES 4u
#define SPARE_KEPT   2u

/* First-level tables of spaces that are gone, ready for the next: empty in the user half, right in the kernel half,
 * clean. */
static struct kept kept_tables = {.order = SPACE_TABLE_ORDER, .most = 2}; /* physical addresses */

/* A first-level table ready for use, or FRAME_NONE. */
static uint32_t first_table_alloc(void) {
    uint32_t pa;
    if (kept_take(&kept_tables, &pa)) {
        return pa;
    }
    pa = frame_alloc(SPACE_TABLE_ORDER, FRAME_TABLE);
    if (pa != FRAME_NONE) {
        space_fill_table(static_va(pa));
    }
    return pa;
}

static void first_table_free(uint32_t pa) {
    if (!kept_put(&kept_tables, pa)) {
        frame_free(pa, SPACE_TABLE_ORDER);
    }
}

bool frames_release_kept(void) {
    bool any = table_release_kept();
    any = kstack_release_kept() || any;
    for (uint32_t pa = kept_drop(&kept_tables); pa != KEPT_NONE; pa = kept_drop(&kept_tables)) {
        frame_free_kept(pa, SPACE_TABLE_ORDER);
        any = true;
    }
    return any;
}

/* Spare tables hold no present entry, in memory neither: their link and what is left of states are none to a walk, so
 * that they need no cleaning. */
static uint32_t *spare_pop(struct mmu_space *space) {
    uint32_t *table = space->spare;
    space->spare = (uint32_t *)table[0];
    table[0] = 0;
    space->spare_count--;
    return table;
}

static void spare_push(struct mmu_space *space, uint32_t *table) {
    table[0] = (uint32_t)space->spare;
    space->spare = table;
    space->spare_count++;
}

/* Makes the space hold count spare tables at least. */
static bool spare_fill(struct mmu_space *space, uint32_t count) {
    while (space->spare_count < count) {
        uint32_t *table = table_alloc();
        if (table == NULL) {
            return false;
        }
        spare_push(space, table);
    }
    return true;
}

static void spare_trim(struct mmu_space *space, uint32_t count) {
    while (space->spare_count > count) {
        table_free(spare_pop(space));
    }
}

status_t mmu_space_create(struct mmu_space *space) {
    *space = (struct mmu_space){0};
    status_t status = space_identify(space);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    status = ERROR_NOT_ENOUGH_MEMORY;
    space->table_pa = first_table_alloc();
    if (space->table_pa == FRAME_NONE) {
        goto fail_identity;
    }
    if (!spare_fill(space, SPARE_TABLES)) {
        goto fail_spare;
    }
    space->table = static_va(space->table_pa);
    space->ttbr = space->table_pa | SPACE_TTBR_FLAGS;
    return ERROR_SUCCESS;

fail_spare:
    spare_trim(space, 0);
    first_table_free(space->table_pa);
fail_identity:
    space_forget(space);
    return status;
}

/* Takes a table off its first-level entry; modified: its megabyte.  The space keeps or frees it. */
static void table_unhook(struct mmu_space *space, uint32_t modified, uint32_t *first) {
    uint32_t *table = entry_table(*first);
    /* A walk may hold the table's address in flight: the entry goes first, then what the TLB may know. */
    entry_store(first, 0);
    if (space->quiet) {
        table_free(table);
        return;
    }
    maintain_tlb_table(space, modified);
    if (space->spare_count < SPARE_KEPT) {
        spare_push(space, table); /* what memory holds of it is not present: see docs/caches.md */
    } else {
        table_free(table);
    }
}

COLD void space_idle_end(struct mmu_space *space) {
    uint32_t *first = space->idle;
    space->idle = NULL;
    table_unhook(space, (uint32_t)(first - space->table) << 20, first);
}

void mmu_space_quiesce(struct mmu_space *space) {
    if (space->idle != NULL) {
        space_idle_end(space);
    }
    if (space == space_current) {
        mmu_space_activate(NULL);
    }
#if defined(SITU_ARMV5)
    maintain_flush_all();
#else
    /* Its number is not used again; but while it is in effect, the walker may go on from first-level entries that it
     * keeps to tables that are given back next. */
    maintain_tlb_space(space);
#endif
    space->quiet = true;
}

void mmu_space_destroy(struct mmu_space *space) {
    ASSERT(space != space_current);
    ASSERT(space->table_count == 0);
    spare_trim(space, 0);
    first_table_free(space->table_pa);
    space_forget(space);
}

void mmu_forget_range(uint32_t va, uint32_t bytes) {
    maintain_forget_range(va, bytes);
}

void mmu_forget_static(uint32_t pa, uint32_t bytes) {
    maintain_forget_static(static_va(pa), bytes);
}

/* Turns a 1 MB entry into a table of sixteen 64 KB entries with the same meaning. */
static void section_split(struct mmu_space *space, uint32_t *first, uint32_t modified, uint32_t *table) {
    uint32_t old = *first;
    uint32_t pa = old & ~(SECTION_SIZE - 1);
    prot_t prot = pte_section_prot(old);
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
        table[i] = pte_large(pa + round_down(i * PAGE_SIZE, LARGE_SIZE), prot);
    }
    maintain_tables(table, TABLE_BYTES);
    entry_store(first, 0);
    maintain_tlb_page(space, modified);
    entry_store(first, pte_table(static_pa(table), entry_domain(old)));
}

/* Tables for more than one megabyte, or for one that is not empty, or without a spare one at hand. */
static __attribute__((noinline)) status_t tables_reserve(struct mmu_space *space, uint32_t from, uint32_t last,
                                                         unsigned domain) {
    uint32_t wanted = 0;
    if (space->idle != NULL) {
        space_idle_end(space);
    }
    for (uint32_t mb = from;; mb += SECTION_SIZE) {
        uint32_t first = *entry_first(space, mb);
        if (!pte_is_table(first)) {
            wanted++;
        }
        ASSERT(first == 0 || entry_domain(first) == domain);
        if (mb == last) {
            break;
        }
    }
    uint32_t spare_before = space->spare_count;
    if (!spare_fill(space, wanted)) {
        spare_trim(space, spare_before);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    for (uint32_t mb = from;; mb += SECTION_SIZE) {
        uint32_t *first = entry_first(space, mb);
        if (!pte_is_table(*first)) {
            uint32_t *table = spare_pop(space);
            space->table_count++;
            if (pte_is_section(*first)) {
                section_split(space, first, space_modified(space, mb), table);
            } else {
                entry_store(first, pte_table(static_pa(table), domain));
            }
        }
        if (mb == last) {
            return ERROR_SUCCESS;
        }
    }
}

status_t mmu_tables_reserve(struct mmu_space *space, uint32_t va, uint32_t bytes, unsigned domain) {
    uint32_t *first = entry_first(space, va);
    uint32_t entry = *first;
    if ((va ^ (va + bytes - 1)) < SECTION_SIZE) {
        if (pte_is_table(entry) && entry_domain(entry) == domain) {
            if (first == space->idle) {
                space->idle = NULL;
                space->table_count++;
            }
            return ERROR_SUCCESS;
        }
        if (entry == 0 && space->spare_count != 0) {
            space->table_count++;
            entry_store(first, pte_table(static_pa(spare_pop(space)), domain));
            return ERROR_SUCCESS;
        }
    }
    return tables_reserve(space, round_down(va, SECTION_SIZE), round_down(va + bytes - 1, SECTION_SIZE), domain);
}

void mmu_tables_trim(struct mmu_space *space, uint32_t va, uint32_t bytes) {
    uint32_t last = round_down(va + bytes - 1, SECTION_SIZE);
    for (uint32_t mb = round_down(va, SECTION_SIZE);; mb += SECTION_SIZE) {
        uint32_t *first = entry_first(space, mb);
        if (pte_is_table(*first) && first != space->idle && table_is_empty(entry_table(*first))) {
            space->table_count--;
            table_unhook(space, space_modified(space, mb), first);
        }
        if (mb == last) {
            return;
        }
    }
}

/* The last table stays where it is, idle: often the next call wants one in the same place. */
void mmu_tables_drop(struct mmu_space *space, uint32_t va, uint32_t bytes) {
    uint32_t end = va + bytes;
    uint32_t *first = entry_first(space, va);
    for (uint32_t mb = va; mb != end; mb += SECTION_SIZE, first++) {
        if (!pte_is_table(*first) || first == space->idle) {
            continue;
        }
        space->table_count--;
        if (space->quiet) {
            table_unhook(space, space_modified(space, mb), first);
        } else {
            if (space->idle != NULL) {
                space_idle_end(space);
            }
            space->idle = first;
        }
    }
}
