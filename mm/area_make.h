/* Inside mm: how an area comes to be.  The mm lock is held throughout. */
#ifndef MM_AREA_MAKE_H
#define MM_AREA_MAKE_H

#include "mm/area.h"

/* What an area is to be. */
struct area_request {
    enum area_kind kind;
    uint32_t va;     /* page aligned; 0: anywhere */
    uint32_t bytes;  /* page aligned, not 0 */
    uint32_t align;  /* when anywhere */
    uint32_t charge; /* pages of commit */
    uint32_t pa;     /* AREA_TEXT */
    unsigned domain;
};

/* Makes an area with its place, its charge and its tables, all pages free as yet.
 * Errors, nothing changed: ERROR_INVALID_PARAMETER (va outside the user's ranges), ERROR_INVALID_ADDRESS (not free),
 * ERROR_NOT_ENOUGH_MEMORY. */
status_t area_make(struct space *space, const struct area_request *request, struct area **made);

/* Makes the tables that mapping [va, va + bytes) to pa in place needs: those of the megabytes that it covers partly,
 * or of all of them if 1 MB entries cannot fit.  All or nothing.  Error: ERROR_NOT_ENOUGH_MEMORY. */
status_t area_reserve_edges(struct mmu_space *mmu, uint32_t va, uint32_t pa, uint32_t bytes, unsigned domain);

/* Kept stacks (mm/stack.c).  Frees their pages, in all spaces, and returns how many: no table changes place.  Ends what
 * is special about an AREA_KEPT that is about to go.  Removes the one of a space, false: there is none. */
uint32_t stack_reclaim(void);
void stack_forget(struct area *area);
bool stack_make_way(struct space *space);

#define AREA_PROT_ACCESS (PROT_READ | PROT_WRITE | PROT_EXEC)

/* Write and execute imply read. */
static inline prot_t area_prot_normal(prot_t prot) {
    return (prot & (PROT_WRITE | PROT_EXEC)) != 0 ? prot | PROT_READ : prot;
}

/* Whether committed memory can have prot: a guard is one of something. */
static inline bool area_prot_valid(prot_t prot) {
    return (prot & ~(AREA_PROT_ACCESS | PROT_NOCACHE | PROT_GUARD)) == 0 &&
           ((prot & AREA_PROT_ACCESS) != 0 || prot == PROT_NONE);
}

/* Whether an area is private memory: committed pages are zero or copied at the first touch. */
static inline bool area_is_memory(const struct area *area) {
    return area->kind == AREA_PRIVATE || area->kind == AREA_DATA || area->kind == AREA_STACK;
}

/* Which pages are committed for execution is noted where the entries do not say it, in an area's bits, which come with
 * the first such page.  Makes them, for an area of bytes, if prot needs them, else *bits is NULL.  False: no memory. */
bool area_executable_make(uint32_t bytes, prot_t prot, uint32_t **bits);

/* Notes it for the pages of [start, end), as far as the area has bits. */
void area_executable_note(struct area *area, uint32_t start, uint32_t end, prot_t prot);

/* The protection that the page at va has for its owner; page: its entry. */
prot_t area_page_prot(const struct area *area, uint32_t va, struct mmu_page page);

/* Gives back the tables of [start, end), in which every page is free and where no area of the space lies any more. */
void area_tables_give(struct space *space, uint32_t start, uint32_t end);

#endif
