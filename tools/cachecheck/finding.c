/* Findings and call sites: two tables, each with one entry for what is the same. */
#include "tools/cachecheck/state.h"
#include <stdlib.h>
#include <string.h>

#define FINDINGS   1024u
#define SITES      1024u /* a power of two */
#define SITES_MOST (SITES / 2)

static struct finding findings[FINDINGS];
static size_t finding_total;

static struct site sites[SITES]; /* open addressing; executed 0: free */
static uint32_t site_order[SITES_MOST];
static size_t site_total;

void finding_start(void) {
    memset(findings, 0, sizeof findings);
    memset(sites, 0, sizeof sites);
    finding_total = 0;
    site_total = 0;
}

void finding_add(enum finding_kind kind, uint32_t va, uint32_t pa, struct party other) {
    for (size_t i = 0; i < finding_total; i++) {
        if (findings[i].kind == kind && findings[i].pc == model.now.pc && findings[i].other_pc == other.pc) {
            findings[i].count++;
            return;
        }
    }
    if (finding_total < FINDINGS) {
        findings[finding_total++] = (struct finding){kind, va, pa, model.now.pc, other.va, other.pc, 1};
    }
}

size_t model_finding_count(void) {
    return finding_total;
}

const struct finding *model_finding(size_t index) {
    return &findings[index];
}

void site_count(enum operation operation, uint32_t pc, bool useful) {
    uint32_t at = (pc >> 2 ^ (uint32_t)operation * 37u) % SITES;
    while (sites[at].executed != 0 && (sites[at].pc != pc || sites[at].operation != operation)) {
        at = (at + 1) % SITES;
    }
    struct site *site = &sites[at];
    if (site->executed == 0) {
        if (site_total == SITES_MOST) {
            return;
        }
        site->pc = pc;
        site->operation = operation;
        site_order[site_total++] = at;
    }
    site->executed++;
    if (!useful) {
        site->useless++;
    }
}

size_t model_site_count(void) {
    return site_total;
}

const struct site *model_site(size_t index) {
    return &sites[site_order[index]];
}

static const char *const operation_names[OP_COUNT] = {
    [OP_DATA_CLEAN] = "data line clean",
    [OP_DATA_CLEAN_POU] = "data line clean to PoU",
    [OP_DATA_INVALIDATE] = "data line invalidate",
    [OP_DATA_CLEAN_INVALIDATE] = "data line clean and invalidate",
    [OP_FETCH_INVALIDATE] = "instruction line invalidate",
    [OP_DATA_CLEAN_ALL] = "data cache clean",
    [OP_DATA_INVALIDATE_ALL] = "data cache invalidate",
    [OP_DATA_CLEAN_INVALIDATE_ALL] = "data cache clean and invalidate",
    [OP_FETCH_INVALIDATE_ALL] = "instruction cache invalidate",
    [OP_BRANCH_INVALIDATE_ALL] = "branch predictor invalidate",
    [OP_DATA_INVALIDATE_SET_WAY] = "data set and way invalidate",
    [OP_DATA_CLEAN_INVALIDATE_SET_WAY] = "data set and way clean and invalidate",
    [OP_TLB_ALL] = "TLB invalidate",
    [OP_TLB_PAGE] = "TLB page invalidate",
    [OP_TLB_ASID] = "TLB ASID invalidate",
    [OP_DSB] = "DSB or drain",
    [OP_DMB] = "DMB",
    [OP_ISB] = "ISB",
    [OP_SCTLR] = "SCTLR write",
    [OP_TTBR0] = "TTBR0 write",
    [OP_TTBR1] = "TTBR1 write",
    [OP_TTBCR] = "TTBCR write",
    [OP_DACR] = "DACR write",
    [OP_FCSE] = "FCSE write",
    [OP_CONTEXTIDR] = "CONTEXTIDR write",
    [OP_CSSELR] = "CSSELR write",
};

const char *operation_name(enum operation operation) {
    return operation_names[operation];
}

static const struct {
    const char *name, *sentence;
} finding_texts[FINDING_KINDS] = {
    [FINDING_STALE_READ] = {"stale read",
                            "The cache may hold what was here before the other party changed memory another way."},
    [FINDING_UNWRITTEN_READ] =
        {"read before write-back",
         "What the other party stored may still be in a cache line that this access does not see."},
    [FINDING_OVERWRITE] =
        {"overwrite by an old line",
         "A cache line that the other party made dirty may be written back over what is stored another way."},
    [FINDING_LOST] = {"lost data",
                      "What was stored here was dirty in the cache when the other party invalidated the line."},
    [FINDING_OLD_FRAME] = {"line of an old frame",
                           "The cache may still hold a line of the page that was mapped at this address before."},
    [FINDING_FETCH_NOT_CLEANED] = {"instructions not cleaned",
                                   "The instruction that the other party stored may not have reached memory."},
    [FINDING_FETCH_STALE] = {"stale instructions",
                             "The instruction cache may hold what was here before the other party stored."},
    [FINDING_WALK_MISSES] = {"table walk misses an entry",
                             "The page-table entry that the other party stored may not have reached where walks look."},
    [FINDING_OLD_TRANSLATION] = {"old translation",
                                 "The TLB may hold what the entry said before the other party changed it."},
    [FINDING_TWO_SIZES] = {"two sizes of translation",
                           "The TLB may still hold a translation of another size that the other party replaced."},
    [FINDING_TABLE_REUSED] = {"table reused while it may be walked",
                              "The walker may still take this word for an entry of the table that was here."},
    [FINDING_ASID_REUSED] = {"address space number reused",
                             "The TLB may hold entries of another table that match this address space."},
    [FINDING_NO_BARRIER] = {"barrier missing",
                            "The change by the other party need not be in effect yet without a barrier."},
    [FINDING_RESET_CONTENTS] = {"contents of reset", "What is turned on here may hold anything since reset."},
    [FINDING_NEVER_STORED] = {"memory never stored to",
                              "This may be anything since power-up; the emulator has zeroes here."},
    [FINDING_CACHED_DEVICE] = {"cached device", "A device is accessed by way of the cache."},
};

const char *finding_name(enum finding_kind kind) {
    return finding_texts[kind].name;
}

const char *finding_sentence(enum finding_kind kind) {
    return finding_texts[kind].sentence;
}
