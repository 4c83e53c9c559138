/* The MMU as mm sees it: the portable interface.  arch/arm implements it in hardware tables, tests/host on a
 * fake MMU.
 *
 * The page table is the truth about a page of a user address space.  Each 4 KB page is in one state:
 *
 *   PAGE_FREE       nothing known about it (entry 0, or no second-level table at all)
 *   PAGE_RESERVED   address space taken, no memory promised
 *   PAGE_COMMITTED  memory promised (charged), no frame yet: the first touch brings it; prot is kept
 *   PAGE_HELD       a frame that nobody may touch now: prot has PROT_GUARD, or allows nothing
 *   PAGE_PRESENT    mapped to a frame with prot
 *
 * Entries: 4 KB; 64 KB (16 equal entries); 1 MB (no second-level table).  Larger ones are made only by mmu_map_range
 * where address, frame and length allow it.
 *
 * Second-level tables are paid for in advance: mmu_tables_reserve makes every table that later calls on the range
 * can need, so that only it and mmu_space_create can fail.  All other calls assert that the table is there.
 *
 * Every function that changes or removes a present entry does the cache and TLB work that the CPU needs, in the order
 * that docs/caches.md gives, before it returns or hands a frame back.
 *
 * Locking: the caller serialises all calls on one space (mm: the mm lock).
 */
#ifndef ARCH_MMU_H
#define ARCH_MMU_H

#include "include/list.h"
#include "include/status.h"

typedef uint32_t prot_t;
#define PROT_NONE    0u
#define PROT_READ    1u
#define PROT_WRITE   2u /* implies read */
#define PROT_EXEC    4u
#define PROT_NOCACHE 8u
#define PROT_GUARD   16u /* kept in non-present entries only */
#define PROT_DEVICE  32u /* registers: not cached, in program order; implies PROT_NOCACHE */

enum page_state { PAGE_FREE, PAGE_RESERVED, PAGE_COMMITTED, PAGE_HELD, PAGE_PRESENT };

struct mmu_page {
    enum page_state state;
    prot_t prot;     /* as hardware and entry tell it; PROT_EXEC is only sure where the CPU has execute-never */
    uint32_t pa;     /* of this 4 KB page, when present or held */
    uint32_t size;   /* of the entry: PAGE_SIZE, LARGE_SIZE or SECTION_SIZE */
    unsigned domain; /* of the megabyte */
};

/* The part of an address space that belongs to the MMU.  Its fields are arch's own. */
struct mmu_space {
    uint32_t *table; /* first-level table, kernel address */
    uint32_t table_pa;
    uint32_t id;     /* v5: FCSE slot number 1..32; v7: ASID generation and number, 0 = none yet */
    uint32_t ttbr;   /* value for TTBR0 */
    uint32_t *spare; /* empty second-level tables that belong to this space, linked by their first word */
    uint32_t spare_count;
    uint32_t *idle; /* first-level entry whose table is in place without a page or area in its megabyte; NULL: none */
    uint32_t table_count; /* second-level tables in use */
    bool quiet;           /* mmu_space_quiesce was called */
};

/* Makes an empty space: first-level table and a few spare second-level tables.
 * Errors: ERROR_NOT_ENOUGH_MEMORY; ERROR_NO_PROC_SLOTS (v5, all 32 slots taken). */
status_t mmu_space_create(struct mmu_space *space);

/* First step of taking a space apart, when no thread runs in it any more: afterwards no cache line and no TLB entry of
 * the space's own range is left anywhere (v5: one whole flush instead of one a page), and mmu_unmap on it needs
 * neither. */
void mmu_space_quiesce(struct mmu_space *space);

/* An arena range that was mapped is about to be given back: no cache line of it may survive, since the next section
 * there has other contents (v5: virtually tagged; in-place pages are not cleaned at unmap).  Call it when the last
 * mapping is gone. */
void mmu_forget_range(uint32_t va, uint32_t bytes);

/* Gives the tables back.  No page may be present any more, and the space must not be the active one. */
void mmu_space_destroy(struct mmu_space *space);

/* Makes space the current one; NULL: the kernel's own, with nothing below USER_END. */
void mmu_space_activate(struct mmu_space *space);

/* Makes a second-level table for every megabyte that [va, va+bytes) touches and that has none, splitting 1 MB entries
 * there into smaller ones.  domain: what the megabytes belong to (a megabyte never mixes domains).
 * All or nothing.  Error: ERROR_NOT_ENOUGH_MEMORY. */
status_t mmu_tables_reserve(struct mmu_space *space, uint32_t va, uint32_t bytes, unsigned domain);

/* Gives back tables in which every entry is PAGE_FREE, for the megabytes that [va, va+bytes) touches. */
void mmu_tables_trim(struct mmu_space *space, uint32_t va, uint32_t bytes);

/* The same for whole megabytes, 1 MB aligned, of which the caller knows that every page is PAGE_FREE: nothing is looked
 * at. */
void mmu_tables_drop(struct mmu_space *space, uint32_t va, uint32_t bytes);

/* State of the page at va. */
struct mmu_page mmu_query(const struct mmu_space *space, uint32_t va);

/* Sets the state PAGE_FREE, PAGE_RESERVED or PAGE_COMMITTED with prot on a range without present and held pages. */
void mmu_set_state(struct mmu_space *space, uint32_t va, uint32_t bytes, enum page_state state, prot_t prot);

/* Maps one frame that is complete (in place, or already filled and still cached under this very va).  This and
 * mmu_map_range are for programs: the kernel may use the new pages from its next exception on. */
void mmu_map_page(struct mmu_space *space, uint32_t va, uint32_t pa, prot_t prot);

/* Maps a physically contiguous range in place with the largest entries that fit.  Megabytes that are covered whole and
 * aligned and have no second-level table take a 1 MB entry; all others need their table reserved before.
 * domain: of all the megabytes touched. */
void mmu_map_range(struct mmu_space *space, uint32_t va, uint32_t pa, uint32_t bytes, prot_t prot, unsigned domain);

/* A new frame is filled through its own address: begin maps it for the kernel alone and returns where to write (space
 * must be the active one); end gives the page its own protection.  With PROT_EXEC, end makes the instruction side see
 * it. */
void *mmu_fill_begin(struct mmu_space *space, uint32_t va, uint32_t pa, bool cached);
void mmu_fill_end(struct mmu_space *space, uint32_t va, prot_t prot);

/* The short way of a fault (mm/fault_quick.c): preemption is off from the look to the change, and nobody has the mm
 * lock. What stands for the page at va, and its prot, if it is committed; else NULL.  Then it gets its frame and that
 * prot, with zero after it was filled with zeroes at va, which prot lets the kernel do.  Without PROT_EXEC. */
void *mmu_find_committed(const struct mmu_space *space, uint32_t va, prot_t *prot);
void mmu_bring(void *entry, uint32_t va, uint32_t pa, prot_t prot, bool zero);

/* A page that is there is the kernel's alone from now on, with what is in it; returns what stands for it, which no call
 * but mmu_unmap may change before mmu_open_page gives it prot again.  NULL, nothing changed: it is not present.
 * mmu_closed_page: where the kernel reads and writes such a page; space is the active one. */
void *mmu_close_page(struct mmu_space *space, uint32_t va);
void *mmu_closed_page(const struct mmu_space *space, void *entry, uint32_t va);
void mmu_open_page(struct mmu_space *space, void *entry, uint32_t va, prot_t prot);

/* Gives every page of a range prot, which may be a guard or allow nothing: reserved pages become committed; pages with
 * a frame keep it and what is in it, and are present or held afterwards.  Every megabyte has its table; no large
 * entries. With PROT_EXEC, the instruction side sees what was stored in the present ones. */
void mmu_commit(struct mmu_space *space, uint32_t va, uint32_t bytes, prot_t prot);

/* One page that is present and stays so gets another protection, *before is the old one.  False, nothing changed: it is
 * not such a page, or its lines would have to leave the cache.  Not to PROT_EXEC; on ARMv5 not from it
 * either. */
bool mmu_protect_present(struct mmu_space *space, uint32_t va, prot_t prot, prot_t *before);

/* Pages of a range that are in a state. */
uint32_t mmu_count(const struct mmu_space *space, uint32_t va, uint32_t bytes, enum page_state state);

/* Removes the pages of a range; every entry becomes PAGE_FREE.  Large entries that stick out of the range are split
 * first (their table must be there: see mmu_tables_reserve).  in_place: frames are ROM or belong to a section that
 * stays, nothing is dirty on ROM.  For every 4 KB page with a frame (present or held), after its caches and TLB are
 * done, frame(context, va, pa) is called unless frame is NULL. */
void mmu_unmap(struct mmu_space *space, uint32_t va, uint32_t bytes, bool in_place,
               void (*frame)(void *context, uint32_t va, uint32_t pa), void *context);

/* A frame that the kernel wrote through the static map is about to be used elsewhere (v5: its lines under the static
 * address are invalidated).  pa and bytes are page aligned.  Contents are lost. */
void mmu_forget_static(uint32_t pa, uint32_t bytes);

#endif
