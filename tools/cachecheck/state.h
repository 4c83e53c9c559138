/* What the files of the model share.
 *
 *   memory.c   physical pages: their copies in caches, what memory may lack
 *   cache.c    loads, stores, fetches          clean.c    maintenance of caches
 *   walk.c     translation of an address, entries that walks may not see
 *   tlb.c      tables that change              records.c  old translations
 *   pairs.c    tables and ASIDs in effect      root.c     tables that may be in use, and who points to whom
 *   order.c    barriers, registers, reset      finding.c  findings and call sites
 *
 * All book-keeping is by byte: a uint32_t has one bit for each byte of a 32-byte line, bit 0 the lowest address.
 */
#ifndef TOOLS_CACHECHECK_STATE_H
#define TOOLS_CACHECHECK_STATE_H

#include "tools/cachecheck/model.h"

#define PAGE       4096u
#define LINE       32u
#define PAGE_LINES (PAGE / LINE)
#define WHOLE_LINE 0xffffffffu

#define SCTLR_M 0x0001u
#define SCTLR_C 0x0004u
#define SCTLR_I 0x1000u

/* Who did something: the address that was used and the instruction. */
struct party {
    uint32_t va, pc;
};

/* Per line of a copy, by byte.  Allocated when the first of them is set. */
struct marks {
    uint32_t dirty[PAGE_LINES];         /* not written to memory yet */
    uint32_t dirty_unified[PAGE_LINES]; /* nor to where instruction fetches and walks look; a subset of dirty */
    uint32_t stale[PAGE_LINES];         /* older than what memory has in program order */
    uint32_t issued[PAGE_LINES];        /* stale, invalidation issued, waiting for a DSB (ARMv7 instruction lines) */
    uint32_t fenced[PAGE_LINES];        /* then for an ISB */
    struct party dirty_by[PAGE_LINES];
    struct party stale_by[PAGE_LINES];
};

/* What a cache may hold of a physical page under one cache address. */
struct copy {
    struct frame *frame;
    uint32_t tag; /* page number of the modified address; physical data: 0; physical instructions: the colour */
    bool fetch;   /* of the instruction cache */
    uint64_t present[PAGE_LINES / 64];
    struct marks *marks;        /* or NULL */
    struct copy *next;          /* of the frame, same cache */
    struct copy *next_tag;      /* same tag, same cache (virtual tags only) */
    struct copy *older, *newer; /* all copies of the cache */
};

/* What memory lacks, by line of a frame.  Allocated when first needed. */
struct memory_marks {
    uint32_t waiting[PAGE_LINES]; /* on their way: cleaned, or stored past the caches; a DSB or drain completes them */
    uint32_t cleaned[PAGE_LINES]; /* those of them that were cleaned */
    uint32_t uncertain[PAGE_LINES]; /* stored again while on their way: memory may have what went first */
    uint32_t lost[PAGE_LINES];      /* undefined: dirty data thrown away, or overwritten by an old line */
    uint8_t overwritten[PAGE_LINES];
    struct party lost_by[PAGE_LINES];
    struct party waiting_by[PAGE_LINES];
};

/* Words of a page that holds tables in use. */
struct table_page {
    uint32_t value[PAGE / 4];
    uint32_t visible_at[PAGE / 4]; /* value of order.synchronised when the last change became visible */
    uint32_t stored_at[PAGE / 4];  /* moment of the last change (pairs.c); 0: before the page had tables */
    struct party by[PAGE / 4];
};

/* A physical page. */
struct frame {
    uint32_t pa;
    const uint8_t *bytes;
    uint8_t *settled; /* what memory has for certain, if some byte of the page was ever on its way; or NULL: bytes */
    uint32_t flash_block;
    struct copy *data, *fetch;
    struct memory_marks *marks;
    uint32_t *blank; /* of each line, bytes never stored to since power-up; NULL: none */
    struct table_page *table;
};

struct cache {
    struct copy *all;
    struct copy **by_tag; /* virtual tags: list of copies for each page number */
    uint32_t count;
};

/* The translation of a page, good while generation is the model's. */
struct translation {
    uint32_t generation;
    bool mapped;
    bool data_cached, write_back, fetch_cached;
    uint32_t pa; /* of the page */
    struct frame *frame;
    struct copy *data, *fetch;
    uint32_t first, second; /* addresses of the entries; 0: none */
    uint32_t entry;         /* the last one's value */
};

struct model {
    struct cpu_model cpu;
    uint32_t generation; /* changes with whatever may change a translation */
    uint32_t fetch_epoch;
    uint32_t plain_line, plain_epoch; /* the line fetched last, if nothing of it could be old in that epoch */
    struct party now;                 /* the access or operation in hand */
    struct cache data, fetch;
    bool speculated; /* any line of memory may be in the data cache: it is on, or was, on a CPU that speculates */
    uint32_t sctlr, ttbr0, ttbr1, ttbcr, fcse, asid;
};
extern struct model model;

/* ARMv7: TTBCR.N, by which TTBR1 takes the upper part of the addresses; and the table of TTBR0. */
static inline uint32_t table_split(void) {
    return model.cpu.v7 ? model.ttbcr & 7u : 0;
}

static inline uint32_t table_base(void) {
    return model.ttbr0 & ~0u << (14 - table_split());
}

/* memory.c */
void memory_start(const struct memory *memory, size_t count);
struct frame *frame_at(uint32_t pa);                                          /* NULL: a device */
struct copy *copy_of(struct frame *frame, struct cache *cache, uint32_t tag); /* finds or makes */
void copy_drop(struct copy *copy);                                            /* frees it; changes the generation */
void cache_drop_all(struct cache *cache);
struct marks *copy_marks(struct copy *copy);
struct memory_marks *frame_marks(struct frame *frame);
bool copy_is_empty(const struct copy *copy);

static inline bool line_present(const struct copy *copy, uint32_t line) {
    return copy->present[line / 64] >> line % 64 & 1u;
}

static inline void line_set_present(struct copy *copy, uint32_t line) {
    copy->present[line / 64] |= UINT64_C(1) << line % 64;
}

static inline void line_clear_present(struct copy *copy, uint32_t line) {
    copy->present[line / 64] &= ~(UINT64_C(1) << line % 64);
}

static inline uint32_t line_dirty(const struct copy *copy, uint32_t line) {
    return copy->marks != NULL ? copy->marks->dirty[line] : 0;
}

static inline uint32_t line_stale(const struct copy *copy, uint32_t line) {
    return copy->marks != NULL ? copy->marks->stale[line] : 0;
}

/* The bytes are on their way to memory (cleaned: out of the data cache) until memory_settle. */
void memory_wait(struct frame *frame, uint32_t line, uint32_t bytes, bool cleaned);
/* Everything that waits has arrived.  False: nothing did. */
bool memory_settle(void);
/* What waits will not arrive. */
void memory_reset(void);
/* Bytes that instruction fetches and table walks may not see yet. */
uint32_t line_unseen(const struct frame *frame, uint32_t line);
/* Bytes of the block around a flash command that changed are told to all copies. */
void memory_flash_command(struct frame *frame);
/* The bytes are there for the first time, or again. */
void frame_stored(struct frame *frame, uint32_t line, uint32_t bytes);

static inline bool frame_is_blank(const struct frame *frame, uint32_t line, uint32_t bytes) {
    return frame->blank != NULL && (frame->blank[line] & bytes) != 0;
}

/* The bytes were stored by a way that the copy (NULL: all copies of the frame) did not see. */
void line_passed_by(struct frame *frame, uint32_t line, uint32_t bytes, const struct copy *except);

/* walk.c */
void walk_start(void);
struct translation *translate(uint32_t va);
uint32_t modified(uint32_t va);
uint32_t word_at(uint32_t pa, bool *known);
bool entry_is_settled(uint32_t pa);
uint32_t entry_born(uint32_t pa);
void entry_became_visible(struct frame *frame, uint32_t line, uint32_t bytes);
void frame_make_table(struct frame *frame);
void table_stored(struct frame *frame, uint32_t offset, uint32_t bytes);
void mark_generation(void);

static inline bool entry_present(uint32_t entry) {
    return (entry & 3u) != 0;
}

static inline bool entry_is_table(uint32_t first) {
    return (first & 3u) == 1u;
}

/* root.c */
struct root {
    uint32_t base;
    uint32_t low, high; /* indices of its entries that are used */
    uint32_t entries;   /* present ones among those of the user half */
    uint32_t last;      /* moment (pairs.c) in which it was in effect last */
    bool behind;        /* words were stored to it since, that nobody has looked at */
    bool changed;       /* words of it or its second-level tables were stored to since it came into effect last */
};
void root_start(void);
struct root *root_use(uint32_t base, uint32_t low, uint32_t high); /* finds it, or reads it anew */
struct root *root_of_word(uint32_t pa, size_t from); /* the first known one from number from on, or NULL */
size_t root_number(const struct root *root);
void root_forget(struct root *root);
/* It is in effect from now on: what was stored to it is looked at, and must be in memory. */
void root_comes(struct root *root);
void link_change(struct root *root, uint32_t index, uint32_t before, uint32_t after);
/* Calls use for each known first-level entry that points to the second-level table. */
void links_each(uint32_t table, void (*use)(struct root *root, uint32_t index, void *context), void *context);
/* Whether known tables lie in the page. */
bool root_uses_page(uint32_t pa);
/* Where the CPU walks at any time: a table that comes into use must have been stored to, and be in memory. */
void table_comes(uint32_t pa, uint32_t bytes);

/* pairs.c */
#define ASIDS      256u
#define TAG_GLOBAL 0xffffffffu /* of entries that match under any ASID */
void pairs_start(void);
void pairs_registers_changed(void); /* TTBR0, TTBR1, TTBCR, the ASID: more pairs are possible; or the MMU is on */
void pairs_possible_fewer(void);    /* a barrier; or the MMU is off */
uint32_t pairs_moment(void);        /* the time */
void pairs_check(uint32_t va);
bool pairs_invalidate(bool all, uint32_t asid);
bool pairs_barrier(void);
bool pairs_synchronise(void);
/* The ASIDs under which the TLB may hold an entry that the root had until just now: of the first level since the moment
 * born, or linked since then and stored to its table in the moment second.  asids: room for ASIDS. */
size_t pairs_of(const struct root *root, uint32_t born, uint32_t second, uint32_t *asids);
/* Those under which it may hold what is stored to the root now. */
size_t pairs_in_effect(const struct root *root, uint32_t *asids);
bool asid_is_possible(uint32_t asid);                  /* may it be in effect? */
bool root_is_kernel(const struct root *root);          /* is it the table of TTBR1? */
bool root_in_effect(const struct root *root);          /* may it be walked now? */
bool table_may_be_walked(uint32_t base, uint32_t tag); /* a first-level table, with that ASID */
bool root_is_live(const struct root *root);            /* may the TLB hold entries of it? */

/* records.c */
/* What was said to the TLB of a change: nothing; an invalidation; a DSB behind it.  An ISB then ends it. */
enum stage { HELD, ISSUED, FENCED };

struct record {
    bool walk;    /* old is a first-level entry whose table may be walked; else the entry of a translation */
    uint32_t tag; /* ASID or TAG_GLOBAL */
    uint32_t va, size;
    uint32_t old;
    uint32_t entry; /* address of the entry that changed */
    uint32_t base;  /* of the first-level table whose it was */
    enum stage stage;
    bool visible; /* walks saw the change: what the word becomes later is another matter */
    struct party by;
    struct party reused_by; /* pc 0: the table was not used for anything else */
};
void records_start(void);
void record_add(const struct record *wanted);
void records_of(uint32_t tag, void (*use)(struct record *record, void *context), void *context);
void records_of_walks(void (*use)(struct record *record, void *context), void *context);
bool records_invalidate_all(void);
bool records_invalidate_tag(uint32_t tag);
bool records_invalidate_page(uint32_t tag, uint32_t page);
bool records_barrier(void);
bool records_synchronise(void);

/* tlb.c */
void tlb_start(void);
void tlb_pair_returns(struct root *root, uint32_t asid); /* they are in effect together, and were not before */
/* False: the entry is in no table that may be in use.  born: the moment in which before was stored. */
bool tlb_entry_changed(uint32_t pa, uint32_t before, uint32_t after, uint32_t born);
void tlb_check(uint32_t va, const struct translation *translation, bool faulted);
bool tlb_table_store(uint32_t pa, uint32_t value); /* part of an old table that may still be walked? */
bool tlb_watches_page(uint32_t pa);                /* does such a part lie in the page? */
bool tlb_invalidate_all(void);
bool tlb_invalidate_page(uint32_t value);
bool tlb_invalidate_asid(uint32_t asid);
bool tlb_barrier(void);     /* DSB; false: nothing waited */
bool tlb_synchronise(void); /* ISB */

/* clean.c */
bool clean_operation(enum operation operation, uint32_t value); /* true: of use */
bool fetch_barrier(void);
bool fetch_synchronise(void);
void clean_start(void);

/* order.c */
void order_start(void);
bool order_operation(enum operation operation, uint32_t value);
void order_data_invalidated(void); /* the whole cache */
void order_fetch_invalidated(void);
void order_tlb_invalidated(void);
void order_check(uint32_t va, bool fetch);
void order_fresh_entry(void); /* an entry became visible: an ISB is of use */
void order_store(void);       /* a cached store: set and way operations do not wait for it */
void order_set_way(void);
void order_cache_size_read(void);
uint32_t order_synchronised(void);   /* how many ISBs and exceptions there were */
size_t order_roots(uint32_t *bases); /* of TTBR0, that may be in effect; at most 4 */
size_t order_asids(uint32_t *asids);
bool order_user_half(uint32_t va);

/* finding.c */
void finding_start(void);
void finding_add(enum finding_kind kind, uint32_t va, uint32_t pa, struct party other);
void site_count(enum operation operation, uint32_t pc, bool useful);

#endif
