/* Cache and TLB work of ARMv7-A: data caches behave as physically tagged, so a frame needs nothing when its address
 * changes; instruction caches do not see stores; table walks may or may not look into the data cache, so that entries
 * are cleaned to the point of unification (ARM ARM DDI 0406, B2.2.6, B3.10).  One processor: nothing is broadcast.
 *
 * Taking an exception and returning from one synchronise the context as an ISB does, so that one is only where the
 * kernel itself goes on with what was changed.
 */
#include "arch/arm/maintain.h"
#include "arch/arm/cpu.h"
#include "arch/arm/space.h"

void maintain_tables(const void *first, uint32_t bytes) {
    uint32_t end = (uint32_t)first + bytes;
    uint32_t line = round_down((uint32_t)first, CACHE_LINE);
    for (; end - line >= 4 * CACHE_LINE && end > line; line += 4 * CACHE_LINE) {
        cpu_dcache_clean_line_pou(line);
        cpu_dcache_clean_line_pou(line + CACHE_LINE);
        cpu_dcache_clean_line_pou(line + 2 * CACHE_LINE);
        cpu_dcache_clean_line_pou(line + 3 * CACHE_LINE);
    }
    for (; line < end; line += CACHE_LINE) {
        cpu_dcache_clean_line_pou(line);
    }
    cpu_dsb();
}

/* The branch predictor goes with a translation that may have been executed (B3.10.1). */
static void tlb_done(void) {
    cpu_branch_invalidate_all(0);
    cpu_dsb();
    cpu_isb();
}

void maintain_tlb_page(const struct mmu_space *space, uint32_t modified) {
    if (space_has_asid(space)) {
        cpu_tlb_invalidate_entry((modified & ~(PAGE_SIZE - 1)) | space_asid(space));
        tlb_done();
    }
    /* Without a current ASID the space has had no entries since the last roll-over, which dropped all. */
}

void maintain_tlb_space(const struct mmu_space *space) {
    if (space_has_asid(space)) {
        cpu_tlb_invalidate_asid(space_asid(space));
        tlb_done();
    }
}

void maintain_tlb_all(void) {
    cpu_tlb_invalidate_all(0);
    tlb_done();
}

void maintain_tlb_kernel(uint32_t va) {
    cpu_tlb_invalidate_entry(va & ~(PAGE_SIZE - 1));
    tlb_done();
}

/* Dirty lines of cached use would be written over what is stored uncached; lines that were read ahead through the
 * static map would be old when the frame is cached again. */
void maintain_frame_recached(void *va) {
    uint32_t end = (uint32_t)va + PAGE_SIZE;
    for (uint32_t line = (uint32_t)va; line != end; line += CACHE_LINE) {
        cpu_dcache_clean_invalidate_line(line);
    }
    cpu_dsb();
}

void maintain_code(uint32_t modified, uint32_t bytes) {
    for (uint32_t line = modified; line < modified + bytes; line += CACHE_LINE) {
        cpu_dcache_clean_line_pou(line);
    }
    cpu_dsb();
    for (uint32_t line = modified; line < modified + bytes; line += CACHE_LINE) {
        cpu_icache_invalidate_line(line);
    }
    cpu_branch_invalidate_all(0);
    cpu_dsb();
}
