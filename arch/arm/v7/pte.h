/* Page-table entries of ARMv7, short descriptors (ARM ARM DDI 0406, B3.5; TRE = 0, AFE = 0).
 *
 *   first level   31      20 19 18 17 16 15   14 12 11 10 9 8    5 4  3 2 1 0
 *     1 MB        | base    | 0| 0|nG|S |AP2 | TEX | AP  |0| domain |XN|C|B|1 0|
 *     table       | base 31..10                          |0| domain |0 |0|0|0 1|
 *   second level  31      16 15  14 12 11 10 9   8 6  5 4 3 2 1 0
 *     64 KB       | base    |XN| TEX  |nG|S |AP2| 0   |AP |C|B|0 1|
 *     4 KB        | base 31..12       |nG|S |AP2| TEX |AP |C|B|1 XN|
 *     not present | frame 31..12 (held), prot 9..4, state 3..2  |0 0|
 *
 * AP2:AP = 011 read and write, 111 read-only for all, 001 kernel only.  User pages are non-global (nG): the TLB tells
 * them apart by ASID.  Memory is normal, write-back write-allocate (TEX 001, C, B), not shared: one processor.
 */
#ifndef ARCH_ARM_V7_PTE_H
#define ARCH_ARM_V7_PTE_H

#include "arch/mmu.h"

#define PTE_CACHED 0xcu /* C and B; with TEX = 001 write-back, write-allocate; without: normal, not cached */

static inline uint32_t pte_cache(prot_t prot) {
    return (prot & PROT_NOCACHE) ? 0 : PTE_CACHED;
}

static inline uint32_t pte_section(uint32_t pa, prot_t prot, unsigned domain) {
    return pa | 1u << 17 | ((prot & PROT_WRITE) ? 0 : 1u << 15) | 1u << 12 | 3u << 10 | domain << 5 |
           ((prot & PROT_EXEC) ? 0 : 1u << 4) | pte_cache(prot) | 2u;
}

static inline uint32_t pte_table(uint32_t table_pa, unsigned domain) {
    return table_pa | domain << 5 | 1u;
}

static inline uint32_t pte_large(uint32_t pa, prot_t prot) {
    return pa | ((prot & PROT_EXEC) ? 0 : 1u << 15) | 1u << 12 | 1u << 11 | ((prot & PROT_WRITE) ? 0 : 1u << 9) |
           3u << 4 | pte_cache(prot) | 1u;
}

/* Device memory: TEX, C, B = 000, 0, 1. */
static inline uint32_t pte_small(uint32_t pa, prot_t prot) {
    uint32_t memory = (prot & PROT_DEVICE) ? 4u : 1u << 6 | pte_cache(prot);
    return pa | 1u << 11 | ((prot & PROT_WRITE) ? 0 : 1u << 9) | memory | 3u << 4 | 2u | ((prot & PROT_EXEC) ? 0 : 1u);
}

/* A page being filled: readable and writable for the kernel alone, never executed. */
static inline uint32_t pte_small_kernel(uint32_t pa, bool cached) {
    return pa | 1u << 11 | 1u << 6 | 1u << 4 | (cached ? PTE_CACHED : 0) | 3u;
}

/* Pages of the kernel half: global.  data: kernel reads and writes; code: kernel executes; shared: users read, too. */
static inline uint32_t pte_kernel_data(uint32_t pa) {
    return pa | 1u << 6 | 1u << 4 | PTE_CACHED | 3u;
}

static inline uint32_t pte_kernel_code(uint32_t pa) {
    return pa | 1u << 9 | 1u << 6 | 1u << 4 | PTE_CACHED | 2u;
}

static inline uint32_t pte_shared_code(uint32_t pa) {
    return pa | 1u << 9 | 1u << 6 | 3u << 4 | PTE_CACHED | 2u;
}

static inline uint32_t pte_shared_data(uint32_t pa) {
    return pa | 1u << 6 | 2u << 4 | PTE_CACHED | 3u;
}

static inline prot_t pte_prot_of(bool read_only, bool execute_never, uint32_t entry) {
    return PROT_READ | (read_only ? 0 : PROT_WRITE) | (execute_never ? 0 : PROT_EXEC) |
           ((entry & PTE_CACHED) == PTE_CACHED ? 0 : PROT_NOCACHE);
}

static inline prot_t pte_section_prot(uint32_t first) {
    return pte_prot_of(first >> 15 & 1u, first >> 4 & 1u, first);
}

static inline prot_t pte_page_prot(uint32_t second) {
    return pte_prot_of(second >> 9 & 1u, pte_is_large(second) ? second >> 15 & 1u : second & 1u, second);
}

#endif
