/* What caches, TLBs, write buffers and pipelines of a real CPU may hold at each moment of a run.
 *
 * The model is told of every access and every maintenance operation that the guest performs, in program order, and
 * keeps, for each byte of memory, which copies of it hardware may have: by possibility, not by chance.  A line may stay
 * until it is cleaned or invalidated, and may leave at any time; on CPUs that speculate it may also come at any time.
 * Where either would show the program something else than memory in program order does, there is a finding.
 * docs/caches.md has the rules.
 *
 * The model knows nothing of QEMU: plugin.c feeds it from an emulator, tests/host/cachecheck_*_test.c by hand.
 */
#ifndef TOOLS_CACHECHECK_MODEL_H
#define TOOLS_CACHECHECK_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a CPU's manual says; cpu_models[] in cpus.c has one entry for each that is known. */
struct cpu_model {
    const char *name;
    bool v7; /* ARMv7-A: ASIDs, TTBR1, barriers are instructions, maintenance waits for them; else ARMv5: FCSE */
    bool data_virtual;  /* data cache lines are tagged with modified virtual addresses; else physically */
    bool fetch_virtual; /* so are instruction lines; else physically, indexed by the virtual address */
    uint32_t
        fetch_colour; /* bits of the page number that index the instruction cache beyond a page (not fetch_virtual) */
    bool walks_look;  /* table walks look into the data cache */
    bool walks_keep;  /* first-level entries may be kept by the walker, too */
    bool speculates;  /* lines and translations may be loaded without any access */
    bool reset_undefined; /* caches hold anything at reset */
};

/* The CPU called name, or NULL. */
const struct cpu_model *cpu_model_find(const char *name);

/* A range of physical memory that caches may hold.  bytes points at what it contains now. */
struct memory {
    uint32_t pa;
    uint32_t size;
    const uint8_t *bytes;
    uint32_t flash_block; /* 0: RAM.  Else flash with erase blocks of this size: stores are commands */
    bool undefined; /* RAM as power-up leaves it: pages that are all zero may hold anything until they are stored to */
};

/* memory is copied, what its bytes point at is not.  The CPU is at reset: MMU and caches off.  Everything of an earlier
 * run of the model is forgotten. */
void model_start(const struct cpu_model *cpu, const struct memory *memory, size_t count);

/* The CPU was reset, as by a watchdog, and goes on at pc.  What had not reached memory is lost; findings and sites
 * stay. */
void model_reset(uint32_t pc);

/* Accesses that were performed (they did not fault), at virtual addresses, by the instruction at pc.  bytes: 1 to 8.
 * model_store comes after the store: memory holds the new bytes. */
void model_fetch(uint32_t va, uint32_t bytes);
void model_load(uint32_t va, uint32_t bytes, uint32_t pc);
void model_store(uint32_t va, uint32_t bytes, uint32_t pc);

/* An access to va that the emulator's MMU refused; hardware with an old translation might not have. */
void model_fault(uint32_t va, uint32_t pc);

/* Context synchronisation by exception entry or return. */
void model_exception(void);

enum operation {
    /* by modified virtual address, one line; value: the address */
    OP_DATA_CLEAN,     /* to the point of coherency */
    OP_DATA_CLEAN_POU, /* to the point of unification */
    OP_DATA_INVALIDATE,
    OP_DATA_CLEAN_INVALIDATE,
    OP_FETCH_INVALIDATE,
    /* whole; value is of no meaning */
    OP_DATA_CLEAN_ALL,
    OP_DATA_INVALIDATE_ALL,
    OP_DATA_CLEAN_INVALIDATE_ALL,
    OP_FETCH_INVALIDATE_ALL,
    OP_BRANCH_INVALIDATE_ALL,
    /* by set and way: value as the CPU takes it.  model_geometry says when all lines were named */
    OP_DATA_INVALIDATE_SET_WAY,
    OP_DATA_CLEAN_INVALIDATE_SET_WAY,
    /* TLB; value: modified address, on ARMv7 with the ASID in bits 7:0; OP_TLB_ASID: the ASID */
    OP_TLB_ALL,
    OP_TLB_PAGE,
    OP_TLB_ASID,
    /* barriers; OP_DSB is also the ARMv5 drain of the write buffer */
    OP_DSB,
    OP_DMB,
    OP_ISB,
    /* registers; value: what was written */
    OP_SCTLR,
    OP_TTBR0,
    OP_TTBR1,
    OP_TTBCR,
    OP_DACR,
    OP_FCSE,
    OP_CONTEXTIDR,
    OP_CSSELR,
    OP_COUNT
};

/* The instruction at pc performed the operation. */
void model_operation(enum operation operation, uint32_t value, uint32_t pc);

/* The cache size register that was read last (CCSIDR) with the level and kind selected (CSSELR). */
void model_geometry(uint32_t csselr, uint32_t ccsidr);

enum finding_kind {
    FINDING_STALE_READ,     /* a cached copy may hold what was there before a store by another way, or a flash change */
    FINDING_UNWRITTEN_READ, /* memory may lack what is dirty under another address or in the cache (uncached read) */
    FINDING_OVERWRITE,      /* a dirty line may later be written over what is stored now by another way */
    FINDING_LOST,           /* what is read was dirty when it was thrown away by an invalidation */
    FINDING_OLD_FRAME,      /* a virtually tagged line of the frame that was mapped here before may be hit */
    FINDING_FETCH_NOT_CLEANED, /* instructions fetched that may not have reached memory yet */
    FINDING_FETCH_STALE,       /* instructions fetched that the instruction cache may hold an old copy of */
    FINDING_WALK_MISSES,       /* the table walk of this access may not see an entry that was stored */
    FINDING_OLD_TRANSLATION,   /* the TLB may still hold what an entry said before it changed */
    FINDING_TWO_SIZES,      /* an entry is stored while the TLB may still hold one of another size for its addresses */
    FINDING_TABLE_REUSED,   /* an entry-like word stored to a table that may still be walked for other addresses */
    FINDING_ASID_REUSED,    /* the TLB may hold entries of another table under this ASID (ARMv5: without any tag) */
    FINDING_NO_BARRIER,     /* ARMv7: a barrier is missing between a change (table, code, register) and this use */
    FINDING_RESET_CONTENTS, /* a cache or the MMU is turned on with contents undefined since reset */
    FINDING_NEVER_STORED,   /* RAM is read, fetched or walked that nothing was stored to since power-up */
    FINDING_CACHED_DEVICE,  /* a device is accessed through a cacheable mapping */
    FINDING_KINDS
};

struct finding {
    enum finding_kind kind;
    uint32_t va, pa;   /* of the access that may go wrong; pa of a missed walk: of the entry, of register findings 0 */
    uint32_t pc;       /* who makes it */
    uint32_t other_va; /* the other party's address, and who that was; other_pc 0: nobody in particular */
    uint32_t other_pc;
    uint64_t count; /* how often the same two instructions met in the same kind */
};

/* Findings so far, one for each kind and pair of instructions, in the order of their first occurrence. */
size_t model_finding_count(void);
const struct finding *model_finding(size_t index);

/* A name of a few words, and the sentence that says what may go wrong. */
const char *finding_name(enum finding_kind kind);
const char *finding_sentence(enum finding_kind kind);

/* Operations by call site: how often the instruction at pc was executed, and how often it changed nothing that the
 * hardware could have held. */
struct site {
    uint32_t pc;
    enum operation operation;
    uint64_t executed;
    uint64_t useless;
};

size_t model_site_count(void);
const struct site *model_site(size_t index);
const char *operation_name(enum operation operation);

#endif
