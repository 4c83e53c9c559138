/* Cache, TLB and barrier work, in the words of those who need it.  The only functions in the kernel that do any; v5/
 * and v7/ implement them for their caches.  docs/caches.md gives the rule behind each.
 *
 * Addresses marked "modified" are what the caches and TLBs of ARMv5 see: the virtual address with the process's
 * FCSE slot added below 32 MB.  On ARMv7 they are the virtual addresses themselves.
 */
#ifndef ARCH_ARM_MAINTAIN_H
#define ARCH_ARM_MAINTAIN_H

#include "arch/arm/cpu.h"
#include "arch/mmu.h"

#define CACHE_LINE 32u /* the smallest line of any supported CPU */

/* Page-table entries were stored: makes them visible to table walks and completes the stores.  first: address of the
 * first entry in the static map. */
void maintain_tables(const void *first, uint32_t bytes);

/* The same for one entry. */
static inline void maintain_entry(const void *entry) {
#if defined(SITU_ARMV5)
    cpu_dcache_clean_line((uint32_t)entry);
#else
    cpu_dcache_clean_line_pou((uint32_t)entry);
#endif
    cpu_dsb();
}

/* After maintain_tables: new entries may be used by the very next instruction of the kernel. */
void maintain_before_use(void);

/* Drops the TLB entry of a page, large page or section of the space. */
void maintain_tlb_page(const struct mmu_space *space, uint32_t modified);

/* Drops all TLB entries of the space's user half. */
void maintain_tlb_space(const struct mmu_space *space);

/* Drops all TLB entries of all spaces and of the kernel. */
void maintain_tlb_all(void);

/* A kernel-half entry (global) changed from present. */
void maintain_tlb_kernel(uint32_t va);

/* The data cache lines of a page whose mapping or frame is about to go: nothing dirty and nothing stale stays under
 * this address.  Called while the old translation still stands. */
void maintain_page_leaves(uint32_t modified, uint32_t bytes);

/* A frame of user memory begins or ceases to be used uncached; nobody uses it cached right now.  va: of the frame in
 * the static map, through which physically tagged caches are reached.  (Virtually tagged ones lost its lines when its
 * page left.) */
void maintain_frame_recached(void *va);

/* Code was stored through modified, which is mapped: the very next instruction fetch there sees it. */
void maintain_code(uint32_t modified, uint32_t bytes);

/* Static-map lines of frames that leave the kernel are dropped, unwritten. */
void maintain_forget_static(void *va, uint32_t bytes);

/* What lies behind a range of modified addresses changes (in place): no line of it stays, data or instruction. */
void maintain_forget_range(uint32_t modified, uint32_t bytes);

/* Data caches cleaned and invalidated, instruction cache invalidated, whole. */
void maintain_flush_all(void);

#endif
