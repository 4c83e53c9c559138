/* Areas: what a stretch of a space is.  They never overlap.
 *
 *   AREA_PRIVATE  reservation; pages are committed by area_commit, zero at the first touch
 *   AREA_DEVICE   reservation in which registers of a device are mapped, for drivers
 *   AREA_TEXT     program text and constants mapped where they lie in ROM
 *   AREA_DATA     private copy of file bytes, page by page at the first touch, zero behind them
 *   AREA_STACK    committed whole, one page at its low end is never mapped, and the one above it is a guard: the touch
 *                 that tells of the overflow opens it, for who deals with that
 *   AREA_KEPT     the stack of a thread that has ended, for the next one; nobody's as far as anybody can tell
 * (mm/stack.c) AREA_SECTION  a section's arena range in this space, with the views of it; or a range of one view's own
 * (mm/view.h)
 *
 * The state of a page of private memory is in its page-table entry alone (arch/mmu.h):
 *
 *   free --reserve--> reserved --commit--> committed --first touch--> present <--protect--> held
 *                        ^                     |                         |                    |
 *                        +------decommit-------+-------------------------+--------------------+
 *
 * and release makes every page free.  Committed pages are charged, whether they have a frame or not.  A guard is a
 * protection of committed and held pages: the first touch ends it and is told of.  On ARMv5 nothing in a present entry
 * says whether its page was committed for execution; the area keeps that, a bit a page.
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

enum area_kind { AREA_PRIVATE, AREA_DEVICE, AREA_TEXT, AREA_DATA, AREA_STACK, AREA_KEPT, AREA_SECTION };

struct area {
    struct range range; /* in space->areas; colour = domain */
    struct range arena; /* in the arena, when in_arena: private memory that lies there */
    struct space *space;
    enum area_kind kind;
    bool in_arena;
    uint8_t prot;     /* AREA_PRIVATE: prot_t that it was allocated with */
    uint32_t base;    /* what area_release wants: range.start, of a stack the page above it */
    uint32_t charged; /* pages of commit that it holds */
    uint32_t faults;
    bool touched;            /* a frame has come: its end has to look for some; AREA_KEPT: its page is there */
    bool altered;            /* AREA_STACK: a page got another protection */
    struct section *section; /* AREA_SECTION, AREA_DATA from a section (holds a reference) */
    uint32_t *executable;    /* private memory on ARMv5: a bit for each page with PROT_EXEC; NULL: none, as elsewhere */
    union {
        struct {
            const uint8_t *source; /* first byte in the static map, when section is NULL */
            uint64_t offset;       /* first byte in section */
            uint32_t source_bytes;
        } data;
        struct {
            struct list views; /* struct view.link, by base, newest first where equal */
            struct list link;  /* in section->areas, or in section->aliases */
            uint32_t first;    /* section's page at base */
        } mapped;
        struct {
            struct list link; /* in the list of all kept stacks */
            void *entry;      /* of its page, from mmu_close_page */
        } kept;
    };
};

/* Reserves address space for bytes (rounded up to pages).  *va 0: anywhere, on 64 KB; else the range that begins at
 * *va rounded down to 64 KB and ends behind *va + bytes.  *va becomes its base.  prot: kept for area_query.
 * Errors: ERROR_INVALID_PARAMETER (0 bytes, range outside the user's), ERROR_INVALID_ADDRESS (not free),
 * ERROR_NOT_ENOUGH_MEMORY (no room, or no memory for tables). */
status_t area_reserve(struct space *space, uint32_t *va, uint32_t bytes, prot_t prot);

/* The same with the pages that the bytes touch committed at once with prot, which the area is then said to be allocated
 * with; *va becomes the base of the reservation.  All or nothing.  Errors: as area_reserve and area_commit. */
status_t area_allocate(struct space *space, uint32_t *va, uint32_t bytes, prot_t prot);

/* Commits the pages that [va, va + bytes) touches, all inside one reservation, with prot: what an access needs, or
 * PROT_NONE, with or without PROT_GUARD (one shot) and PROT_NOCACHE.  Pages that are committed already keep what is in
 * them and get prot.  All or nothing.  With PROT_EXEC the space is the active one.
 * Errors: ERROR_INVALID_PARAMETER (0 bytes; prot is none of these; a guard of what allows nothing),
 * ERROR_INVALID_ADDRESS (no such reservation), ERROR_NOT_ENOUGH_MEMORY. */
status_t area_commit(struct space *space, uint32_t va, uint32_t bytes, prot_t prot);

/* Makes the pages that [va, va + bytes) touches reserved again, all inside one reservation; what was in them is lost.
 * bytes 0: all of the reservation with this base.  Error: ERROR_INVALID_ADDRESS (no such reservation). */
status_t area_decommit(struct space *space, uint32_t va, uint32_t bytes);

/* Gives the committed pages that [va, va + bytes) touches, all inside one area of private memory, another protection;
 * *before is that of the first one.  Errors: those of area_commit; ERROR_INVALID_ADDRESS, too, if one is not committed
 * or the area is text or a section's. */
status_t area_protect(struct space *space, uint32_t va, uint32_t bytes, prot_t prot, prot_t *before);

/* Maps bytes of a device's registers from pa in a reservation without committed pages, which is a device's from then
 * on; va, pa and bytes page aligned.  Several calls may fill one reservation.  The caller knows that neither RAM nor
 * flash is there.  Errors: ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS (not reserved, or not any more). */
status_t area_map_device(struct space *space, uint32_t va, uint32_t pa, uint32_t bytes, prot_t prot);

/* Gives a reservation or a device's area with this base back.  Error: ERROR_INVALID_PARAMETER (no such one). */
status_t area_free(struct space *space, uint32_t va);

/* What the page at va is, and how many pages from it on are the same. */
struct area_info {
    uint32_t base; /* of the page */
    uint32_t bytes;
    bool reserved;  /* false: nobody's, and the rest says nothing */
    bool committed; /* with prot */
    prot_t prot;
    enum area_kind kind;
    uint32_t allocation; /* first address of the reservation, stack, segment or view */
    prot_t allocated;    /* protection that it was made with */
};

/* Describes the page at va and the pages behind it that are like it; those beyond [va, va + bytes) may be left out, and
 * bytes 0 asks for all.  The lock is given up after a few pages each time: what others change meanwhile may be in the
 * answer or not.  Error: ERROR_INVALID_PARAMETER (not a user address). */
status_t area_query(struct space *space, uint32_t va, uint32_t bytes, struct area_info *info);

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

#define AREA_STACK_USUAL 0x10000u
#define AREA_STACK_BLOCK 1184u

/* A stack of bytes (rounded up to pages, two at least, the lowest of them the guard) with an unmapped page below: *low
 * its lowest address, *high behind its highest.  Its highest AREA_STACK_BLOCK bytes, the block, are zero; below them,
 * in the highest page, may be what a thread of this space left there.  *begun (NULL: who cares): the second and third
 * word of the block are low and high already.  One of AREA_STACK_USUAL bytes is wanted for the active space, or for one
 * that has had no thread.  Errors: ERROR_INVALID_PARAMETER (0 bytes or more than any space has),
 * ERROR_NOT_ENOUGH_MEMORY. */
status_t area_map_stack(struct space *space, uint32_t bytes, uint32_t *low, uint32_t *high, bool *begun);

/* Gives the stack with this low back, whose thread will not touch it any more; it may be kept for the next one. */
void area_end_stack(struct space *space, uint32_t low);

/* Gives the kept stacks of all spaces up, so that what is counted next is as if there never were any. */
void area_settle(void);

/* For mm, with the mm lock held: what area_decommit and area_remove do with a frame of private memory (context: the
 * space); the area that holds va, or NULL; takes an area that is not a section's off the space with everything it
 * holds but the section reference, which is returned (or NULL) for the caller to drop without the lock. */
void area_frame_release(void *context, uint32_t va, uint32_t pa);
struct area *area_find(const struct space *space, uint32_t va);
struct section *area_remove(struct area *area);

#endif
