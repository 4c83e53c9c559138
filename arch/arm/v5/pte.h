/* Page-table entries of ARMv5 (ARM ARM DDI 0100, B3; MMU with SCTLR.S = 0, R = 1).
 *
 *   first level   31      20 19  12 11 10  9  8    5 4 3 2 1 0
 *     1 MB        | base    | 0    | AP  |0 | domain |1|C|B|1 0|
 *     table       | base 31..10           |0 | domain |1|0 0|0 1|
 *   second level  31           16 15  12 11   10 9 8 7 6 5 4 3 2 1 0
 *     64 KB       | base          | 0    | AP3 |AP2|AP1|AP0|C|B|0 1|
 *     4 KB        | base 31..12          | AP3 |AP2|AP1|AP0|C|B|1 0|
 *     not present | frame 31..12 (held), prot 9..4, state 3..2 |0 0|
 *
 * AP with R = 1: 00 read-only for all, 01 kernel only, 10 user read-only (kernel may write), 11 read and write.
 * There is no execute-never bit: an area keeps PROT_EXEC.
 */
#ifndef ARCH_ARM_V5_PTE_H
#define ARCH_ARM_V5_PTE_H

#include "arch/mmu.h"

#define AP_READ_ALL     0u
#define AP_KERNEL       1u
#define AP_KERNEL_WRITE 2u
#define AP_WRITE_ALL    3u

#define AP_EVERY_KB 0x550u /* spreads one AP value over the four subpage fields, 5:4 to 11:10 */

#define PTE_CACHED 0xcu /* C and B: write-back */

static inline uint32_t pte_access(prot_t prot) {
    return (prot & PROT_WRITE) ? AP_WRITE_ALL : AP_READ_ALL;
}

static inline uint32_t pte_cache(prot_t prot) {
    return (prot & (PROT_NOCACHE | PROT_DEVICE)) ? 0 : PTE_CACHED;
}

static inline uint32_t pte_section(uint32_t pa, prot_t prot, unsigned domain) {
    return pa | pte_access(prot) << 10 | domain << 5 | 0x12u | pte_cache(prot);
}

static inline uint32_t pte_table(uint32_t table_pa, unsigned domain) {
    return table_pa | domain << 5 | 0x11u;
}

static inline uint32_t pte_large(uint32_t pa, prot_t prot) {
    return pa | pte_access(prot) * AP_EVERY_KB | pte_cache(prot) | 1u;
}

static inline uint32_t pte_small(uint32_t pa, prot_t prot) {
    return pa | pte_access(prot) * AP_EVERY_KB | pte_cache(prot) | 2u;
}

/* A page being filled: readable and writable for the kernel alone. */
static inline uint32_t pte_small_kernel(uint32_t pa, bool cached) {
    return pa | AP_KERNEL * AP_EVERY_KB | (cached ? PTE_CACHED : 0) | 2u;
}

/* Pages of the kernel half.  data, code: for the kernel alone; shared: users read (code: and execute), too. */
static inline uint32_t pte_kernel_data(uint32_t pa) {
    return pte_small_kernel(pa, true);
}

static inline uint32_t pte_kernel_code(uint32_t pa) {
    return pte_small_kernel(pa, true);
}

static inline uint32_t pte_shared_code(uint32_t pa) {
    return pa | AP_READ_ALL * AP_EVERY_KB | PTE_CACHED | 2u;
}

static inline uint32_t pte_shared_data(uint32_t pa) {
    return pa | AP_KERNEL_WRITE * AP_EVERY_KB | PTE_CACHED | 2u;
}

static inline prot_t pte_prot_of(uint32_t access, uint32_t entry) {
    prot_t prot = access == AP_WRITE_ALL ? (PROT_READ | PROT_WRITE | PROT_EXEC) : (PROT_READ | PROT_EXEC);
    return prot | ((entry & PTE_CACHED) ? 0 : PROT_NOCACHE);
}

static inline prot_t pte_section_prot(uint32_t first) {
    return pte_prot_of(first >> 10 & 3u, first);
}

static inline prot_t pte_page_prot(uint32_t second) {
    return pte_prot_of(second >> 4 & 3u, second);
}

#endif
