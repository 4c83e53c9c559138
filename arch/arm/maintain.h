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

/* After maintain_tables: new entries may be used by the very next instruction of the kernel.  Programs, and the kernel
 * behind an exception, may use them without.  ARMv5: it does not walk ahead of execution, and the drain of the write
 * buffer was enough. */
static inline void maintain_before_use(void) {
#if defined(SITU_ARMV7)
    cpu_isb();
#endif
}

/* Drops the TLB entry of a page, large page or section of the space. */
void maintain_tlb_page(const struct mmu_space *space, uint32_t modified);

/* An empty second-level table left its first-level entry, that of modified.  ARMv5: the TLB keeps whole translations
 * only (DDI 0198 3.2), and those of the table's pages went with them.  ARMv7: a walk may go on from what the first
 * level said (DDI 0406 B3.10.1). */
static inline void maintain_tlb_table(const struct mmu_space *space, uint32_t modified) {
#if defined(SITU_ARMV7)
    maintain_tlb_page(space, modified);
#else
    (void)space;
    (void)modified;
#endif
}

/* Drops all TLB entries of the space's user half. */
void maintain_tlb_space(const struct mmu_space *space);

/* Drops all TLB entries of all spaces and of the kernel. */
void maintain_tlb_all(void);

/* A kernel-half entry (global) changed from present. */
void maintain_tlb_kernel(uint32_t va);

/* Code was stored through modified, which is mapped: fetches there see it from the next exception entry or return on.
 */
void maintain_code(uint32_t modified, uint32_t bytes);

/* The others are work of one of the two designs; on the other one they are nothing.  ARMv5, virtual tags: */
#if defined(SITU_ARMV5)
/* The data cache lines of a page whose mapping or frame is about to go: nothing dirty and nothing stale stays under
 * this address.  Called while the old translation still stands.  Whole pages. */
void maintain_page_leaves(uint32_t modified, uint32_t bytes);

/* Static-map lines of frames that leave the kernel are dropped, unwritten. */
void maintain_forget_static(void *va, uint32_t bytes);

/* What lies behind a range of modified addresses changes (in place): no line of it stays, data or instruction. */
void maintain_forget_range(uint32_t modified, uint32_t bytes);

/* Data caches cleaned and invalidated, instruction cache invalidated, whole. */
void maintain_flush_all(void);
#else
static inline void maintain_page_leaves(uint32_t modified, uint32_t bytes) {
    (void)modified;
    (void)bytes;
}

static inline void maintain_forget_static(void *va, uint32_t bytes) {
    (void)va;
    (void)bytes;
}

static inline void maintain_forget_range(uint32_t modified, uint32_t bytes) {
    (void)modified;
    (void)bytes;
}
#endif

/* ARMv7, physical tags: */
#if defined(SITU_ARMV7)
/* A frame of user memory begins or ceases to be used uncached; nobody uses it cached right now.  va: of the frame in
 * the static map.  (Virtually tagged caches lost its lines when its page left.) */
void maintain_frame_recached(void *va);
#else
static inline void maintain_frame_recached(void *va) {
    (void)va;
}
#endif

#endif
