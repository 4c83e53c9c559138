/* Areas: what a stretch of a space is.  They never overlap.
 *
 *   AREA_PRIVATE  reservation; pages are committed by area_commit, zero at the first touch
 *   AREA_TEXT     program text and constants mapped where they lie in ROM
 *   AREA_DATA     private copy of file bytes, page by page at the first touch, zero behind them
 *   AREA_STACK    committed whole, one page at its low end is never mapped
 *   AREA_SECTION  a section's arena range in this space, with the views of it (mm/view.h)
 *
 * Every call pays for the page tables and charges the commit that it may need later, so that a first touch cannot fail
 * for want of memory.  What lies in ROM and what lies in RAM never share a megabyte (domains).
 *
 * Place when the caller leaves it open: the space's own range, then the arena; on ARMv5 a reservation of AREA_LARGE
 * bytes or more tries the arena first.
 *
 * Locking: all functions take the mm lock, but area_find and area_remove.
 */
#ifndef MM_AREA_H
#define MM_AREA_H

#include "mm/space.h"

struct section;

#define AREA_LARGE 0x200000u

enum area_kind { AREA_PRIVATE, AREA_TEXT, AREA_DATA, AREA_STACK, AREA_SECTION };

struct area {
    struct range range; /* in space->areas; colour = domain */
    struct range arena; /* in the arena, when in_arena: private memory that lies there */
    struct space *space;
    enum area_kind kind;
    bool in_arena;
    uint32_t base;    /* what area_release wants: range.start, of a stack the page above it */
    uint32_t charged; /* pages of commit that it holds */
    uint32_t faults;
    struct section *section; /* AREA_SECTION, AREA_DATA from a section (holds a reference) */
    union {
        struct {
            const uint8_t *source; /* first byte in the static map, when section is NULL */
            uint64_t offset;       /* first byte in section */
            uint32_t source_bytes;
        } data;
        struct {
            struct list views; /* struct view.link, by base, newest first where equal */
            struct list link;  /* in section->areas */
        } mapped;
    };
};

/* Reserves address space for bytes (rounded up to pages).  *va 0: anywhere, on 64 KB; else the range that begins at
 * *va rounded down to 64 KB and ends behind *va + bytes.  *va becomes its base.
 * Errors: ERROR_INVALID_PARAMETER (0 bytes, range outside the user's), ERROR_INVALID_ADDRESS (not free),
 * ERROR_NOT_ENOUGH_MEMORY (no room, or no memory for tables). */
status_t area_reserve(struct space *space, uint32_t *va, uint32_t bytes);

/* Commits the pages that [va, va + bytes) touches, all inside one reservation, with prot.  Pages that are committed
 * already only get prot.  All or nothing.
 * Errors: ERROR_INVALID_PARAMETER (0 bytes; prot without read, write and execute), ERROR_INVALID_ADDRESS (no such
 * reservation), ERROR_NOT_ENOUGH_MEMORY. */
status_t area_commit(struct space *space, uint32_t va, uint32_t bytes, prot_t prot);

/* Gives the whole area with this base back: a reservation, data or a stack (its low).
 * Error: ERROR_INVALID_PARAMETER (no such area; text goes with its space, a section's area with its views). */
status_t area_release(struct space *space, uint32_t va);

/* Maps program text or constants in place: bytes (rounded up to pages) at pa.  va and pa page aligned.  prot:
 * PROT_READ, with or without PROT_EXEC.  domain: the chip's.  Errors: ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS
 * (not free, or another domain in one of its megabytes), ERROR_NOT_ENOUGH_MEMORY. */
status_t area_map_text(struct space *space, uint32_t va, uint32_t pa, uint32_t bytes, prot_t prot, unsigned domain);

/* Private memory at va (page aligned) of bytes (rounded up to pages), each page a copy of its part of source at the
 * first touch, zero behind source_bytes.  source: in the static map, stays readable while the area lives.
 * Errors: as area_map_text. */
status_t area_map_data(struct space *space, uint32_t va, uint32_t bytes, const void *source, uint32_t source_bytes,
                       prot_t prot);

/* The same with the bytes at offset (page aligned) of a section, on which the area holds a reference: programs that
 * are not stored in place.  offset + source_bytes must lie in the section (ERROR_INVALID_PARAMETER). */
status_t area_map_copy(struct space *space, uint32_t va, uint32_t bytes, struct section *section, uint64_t offset,
                       uint32_t source_bytes, prot_t prot);

/* A stack of bytes (rounded up to pages) with an unmapped page below: *low its lowest address, *high behind its
 * highest.  Errors: ERROR_INVALID_PARAMETER (0 bytes or more than any space has), ERROR_NOT_ENOUGH_MEMORY. */
status_t area_map_stack(struct space *space, uint32_t bytes, uint32_t *low, uint32_t *high);

/* For mm: the area that holds va, or NULL; takes an area that is not a section's off the space with everything it
 * holds but the section reference, which is returned (or NULL) for the caller to drop without the lock.  The mm lock is
 * held. */
struct area *area_find(const struct space *space, uint32_t va);
struct section *area_remove(struct area *area);

#endif
