/* Cache and TLB work of the ARM926EJ-S: virtually indexed, virtually tagged caches of 32-byte lines, write-back, a
 * write buffer, and table walks that go to memory past the data cache (ARM926EJ-S TRM, DDI 0198, chapters 3 and 4).
 *
 * The write buffer is drained for those who look past it: table walks and instruction fetches.  Data accesses wait for
 * what they want of it (4.2), so that lines which only leave the data cache need no drain.
 */
#include "arch/arm/maintain.h"
#include "arch/arm/cpu.h"
#include "arch/arm/space.h"

/* From this size on, flushing everything costs less than going line by line: the data cache of an ARM926 board has 4 to
 * 32 KB. */
#define WHOLE_CACHE_BYTES 0x4000u

void maintain_tables(const void *first, uint32_t bytes) {
    uint32_t end = (uint32_t)first + bytes;
    uint32_t line = round_down((uint32_t)first, CACHE_LINE);
    for (; end - line >= 4 * CACHE_LINE && end > line; line += 4 * CACHE_LINE) {
        cpu_dcache_clean_line(line);
        cpu_dcache_clean_line(line + CACHE_LINE);
        cpu_dcache_clean_line(line + 2 * CACHE_LINE);
        cpu_dcache_clean_line(line + 3 * CACHE_LINE);
    }
    for (; line < end; line += CACHE_LINE) {
        cpu_dcache_clean_line(line);
    }
    cpu_drain_write_buffer(0);
}

void maintain_tlb_page(const struct mmu_space *space, uint32_t modified) {
    if (space == space_current) {
        cpu_tlb_invalidate_entry(modified & ~(PAGE_SIZE - 1));
        /* Some emulators (QEMU 7.2) keep entries under the address that the program used; hardware has none there. */
        cpu_tlb_invalidate_entry(modified & ((1u << FCSE_SHIFT) - PAGE_SIZE));
    }
    /* Another space has nothing in the TLB: every switch of spaces drops all of it. */
}

void maintain_tlb_space(const struct mmu_space *space) {
    if (space == space_current) {
        cpu_tlb_invalidate_all(0);
    }
}

void maintain_tlb_all(void) {
    cpu_tlb_invalidate_all(0);
}

void maintain_tlb_kernel(uint32_t va) {
    cpu_tlb_invalidate_entry(va & ~(PAGE_SIZE - 1));
}

void maintain_page_leaves(uint32_t modified, uint32_t bytes) {
    uint32_t end = modified + bytes;
    for (uint32_t line = modified; line != end; line += 16 * CACHE_LINE) { /* whole pages */
        cpu_dcache_clean_invalidate_line(line);
        cpu_dcache_clean_invalidate_line(line + CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 2 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 3 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 4 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 5 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 6 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 7 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 8 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 9 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 10 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 11 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 12 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 13 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 14 * CACHE_LINE);
        cpu_dcache_clean_invalidate_line(line + 15 * CACHE_LINE);
    }
}

void maintain_code(uint32_t modified, uint32_t bytes) {
    for (uint32_t line = modified; line < modified + bytes; line += CACHE_LINE) {
        cpu_dcache_clean_line(line);
    }
    cpu_drain_write_buffer(0);
    for (uint32_t line = modified; line < modified + bytes; line += CACHE_LINE) {
        cpu_icache_invalidate_line(line);
    }
}

void maintain_forget_static(void *va, uint32_t bytes) {
    uint32_t end = (uint32_t)va + bytes;
    for (uint32_t line = (uint32_t)va; line < end; line += 2 * CACHE_LINE) {
        cpu_dcache_invalidate_line(line);
        cpu_dcache_invalidate_line(line + CACHE_LINE);
    }
}

void maintain_forget_range(uint32_t modified, uint32_t bytes) {
    if (bytes >= WHOLE_CACHE_BYTES) {
        maintain_flush_all();
        return;
    }
    for (uint32_t line = modified; line < modified + bytes; line += CACHE_LINE) {
        cpu_dcache_clean_invalidate_line(line);
        cpu_icache_invalidate_line(line);
    }
}

/* DDI 0198 2.3.8: "test, clean and invalidate" returns with Z set when no dirty line is left.  Page tables may be among
 * the lines: what is stored in them next must not meet them on their way. */
void maintain_flush_all(void) {
    __asm__ volatile("1: mrc p15, 0, r15, c7, c14, 3\n\t"
                     "bne 1b"
                     :
                     :
                     : "cc", "memory");
    cpu_drain_write_buffer(0);
    cpu_icache_invalidate_all(0);
}
