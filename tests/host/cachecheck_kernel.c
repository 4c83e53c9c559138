/* A tiny kernel that maintains caches and TLBs correctly: see cachecheck_kernel.h. */
#include "cachecheck_kernel.h"

#include <string.h>

#define SETS  256u
#define WAYS  4u
#define WALKS 0x4au /* TTBR flags: walks cached */

/* One instruction for each kind of maintenance: a kernel has functions for them. */
#define MAINTAIN_PC(operation) (0x90200000u + 4 * (operation))

struct kernel kernel;

static bool v7(void) {
    return world.cpu->v7;
}

void kernel_maintain(enum operation operation, uint32_t value) {
    kernel.steps++;
    if (kernel.steps == kernel.drop) {
        kernel.dropped = operation;
        return;
    }
    world_operation_at(operation, value, MAINTAIN_PC(operation));
}

/* 32 KB, 4 ways: sets - 1 from bit 13, ways - 1 from bit 3, line of 8 words (DDI 0406 B4.1.19). */
void kernel_all_sets(enum operation operation) {
    model_geometry(0, (SETS - 1) << 13 | (WAYS - 1) << 3 | 1);
    for (uint32_t way = 0; way < WAYS; way++) {
        for (uint32_t set = 0; set < SETS; set++) {
            world_operation_at(operation, way << 30 | set << 5, MAINTAIN_PC(operation));
        }
    }
}

void kernel_clean_reset(void) {
    if (v7()) {
        kernel_all_sets(OP_DATA_INVALIDATE_SET_WAY);
        world_operation(OP_DSB, 0);
    } else {
        world_operation(OP_DATA_INVALIDATE_ALL, 0);
    }
    world_operation(OP_FETCH_INVALIDATE_ALL, 0);
    world_operation(OP_TLB_ALL, 0);
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
}

/* With the MMU off: physical addresses. */
static void boot_sections(uint32_t va, uint32_t pa, uint32_t megabytes, unsigned flags) {
    for (uint32_t i = 0; i < megabytes; i++) {
        world_store(KERNEL_TABLE + ((va >> 20) + i) * 4, entry_section(v7(), pa + i * SECTION_BYTES, flags));
    }
}

static void boot_tables(void) {
    boot_sections(STATIC_VA, RAM_PA, RAM_BYTES / SECTION_BYTES, MAP_CACHED);
    boot_sections(FLASH_VA, FLASH_PA, FLASH_BYTES / SECTION_BYTES, MAP_CACHED | MAP_READ_ONLY);
    boot_sections(UNCACHED_VA, RAM_PA, RAM_BYTES / SECTION_BYTES, MAP_XN);
    boot_sections(DEVICE_VA, DEVICE_PA, 1, MAP_DEVICE | MAP_XN);
    boot_sections(STRAY_VA, DEVICE_PA, 1, MAP_CACHED | MAP_XN);
    boot_sections(COMMAND_VA, FLASH_PA, FLASH_BYTES / SECTION_BYTES, MAP_DEVICE | MAP_XN);
    world_store(KERNEL_TABLE + (WINDOW_VA >> 20) * 4, entry_table(v7(), WINDOW_TABLE));
}

static uint32_t ttbr_flags(void) {
    return v7() ? WALKS : 0;
}

void kernel_boot_again(void) {
    memset(&kernel, 0, sizeof(kernel));
    kernel.current = NO_PROCESS;
    kernel_clean_reset();
    boot_tables();
    world_operation(OP_DSB, 0);
    world_operation(OP_TTBR0, KERNEL_TABLE | ttbr_flags());
    world_operation(OP_DACR, 0x55555555);
    if (v7()) {
        world_operation(OP_TTBR1, KERNEL_TABLE | ttbr_flags());
        world_operation(OP_TTBCR, 1);
        world_operation(OP_CONTEXTIDR, 0);
        world_operation(OP_DSB, 0);
        world_operation(OP_ISB, 0);
    } else {
        world_operation(OP_FCSE, 0);
    }
    world_operation(OP_SCTLR, (v7() ? 0 : 0x2200u) | SCTLR_M | SCTLR_C | SCTLR_I);
    world_operation(OP_ISB, 0);
    kernel_process(0, 1);
    kernel_process(1, 2);
}

void kernel_boot(const char *cpu) {
    world_reset(cpu);
    kernel_boot_again();
    expect_none();
}

uint32_t kernel_modified(unsigned process, uint32_t va) {
    return !v7() && va < 0x02000000 && process != NO_PROCESS ? kernel.id[process] << 25 | va : va;
}

static uint32_t first_entry(unsigned process, uint32_t va) {
    uint32_t table = va >= STATIC_VA || process == NO_PROCESS ? KERNEL_TABLE : PROCESS_TABLE(process);
    return table + (kernel_modified(process, va) >> 20) * 4;
}

uint32_t kernel_entry(unsigned process, uint32_t va) {
    uint32_t pa = first_entry(process, va);
    uint32_t first = world_word(pa);
    return entry_is_table(first) ? entry_second_pa(first, va) : pa;
}

uint32_t kernel_store_entry(unsigned process, uint32_t va, uint32_t entry) {
    return world_store(STATIC(kernel_entry(process, va)), entry);
}

static enum operation clean_operation(void) {
    return v7() ? OP_DATA_CLEAN_POU : OP_DATA_CLEAN;
}

uint32_t kernel_clean_line(uint32_t pa) {
    return world_operation(clean_operation(), STATIC(pa));
}

void kernel_publish(uint32_t pa, uint32_t bytes) {
    for (uint32_t line = pa & ~(LINE - 1); line < pa + bytes; line += LINE) {
        kernel_maintain(clean_operation(), STATIC(line));
    }
    kernel_maintain(OP_DSB, 0);
    if (v7()) {
        kernel_maintain(OP_ISB, 0);
    }
}

uint32_t kernel_tlb_value(unsigned process, uint32_t va) {
    uint32_t page = va & ~(SMALL_BYTES - 1);
    if (v7()) {
        return process == NO_PROCESS ? page : page | kernel.id[process];
    }
    return kernel_modified(process, page);
}

/* ARMv7: what was just invalidated is done with. */
static void tlb_done(void) {
    if (v7()) {
        world_operation(OP_BRANCH_INVALIDATE_ALL, 0);
        kernel_maintain(OP_DSB, 0);
        kernel_maintain(OP_ISB, 0);
    }
}

/* On ARMv5 only the current process has anything in the TLB. */
void kernel_tlb_page(unsigned process, uint32_t va) {
    if (v7() || va >= STATIC_VA || process == kernel.current) {
        kernel_maintain(OP_TLB_PAGE, kernel_tlb_value(process, va));
        tlb_done();
    }
}

static void zero(uint32_t pa, uint32_t bytes) {
    for (uint32_t at = pa; at < pa + bytes; at += 4) {
        if (world_word(at) != 0) {
            world_store(STATIC(at), 0);
        }
    }
}

void kernel_process(unsigned process, uint32_t id) {
    uint32_t table = PROCESS_TABLE(process);
    kernel.id[process] = id;
    zero(table, 0x2000);
    if (!v7()) {
        for (uint32_t at = 0x2000; at < 0x4000; at += 4) {
            uint32_t entry = world_word(KERNEL_TABLE + at);
            if (entry != world_word(table + at)) {
                world_store(STATIC(table + at), entry);
            }
        }
    }
    zero(PRIVATE_TABLE(process), 0x800);
    world_store(STATIC(first_entry(process, 0)), entry_table(v7(), PRIVATE_TABLE(process)));
    world_store(STATIC(first_entry(process, ARENA_VA)), entry_table(v7(), ARENA_TABLE(process)));
    kernel_publish(PRIVATE_TABLE(process), 0x800);
    kernel_publish(table, v7() ? 0x2000 : 0x4000);
}

static void switch_v7(unsigned process) {
    kernel_maintain(OP_TTBR0, KERNEL_TABLE | WALKS);
    kernel_maintain(OP_ISB, 0);
    if (process != NO_PROCESS) {
        kernel_maintain(OP_DSB, 0);
        world_operation(OP_CONTEXTIDR, kernel.id[process]);
        kernel_maintain(OP_ISB, 0);
        world_operation(OP_TTBR0, PROCESS_TABLE(process) | WALKS);
        kernel_maintain(OP_ISB, 0);
    }
}

void kernel_switch(unsigned process) {
    kernel.current = process;
    if (v7()) {
        switch_v7(process);
    } else {
        world_operation(OP_FCSE, process == NO_PROCESS ? 0 : kernel.id[process] << 25);
        world_operation(OP_TTBR0, process == NO_PROCESS ? KERNEL_TABLE : PROCESS_TABLE(process));
        kernel_maintain(OP_TLB_ALL, 0);
    }
}

uint32_t kernel_map(unsigned process, uint32_t va, uint32_t pa, unsigned flags) {
    uint32_t pc = kernel_store_entry(process, va, entry_small(v7(), pa, flags));
    kernel_publish(kernel_entry(process, va), 4);
    return pc;
}

void kernel_lines_leave(uint32_t modified, uint32_t bytes, bool code) {
    if (v7()) {
        return;
    }
    for (uint32_t line = modified; line < modified + bytes; line += LINE) {
        kernel_maintain(OP_DATA_CLEAN_INVALIDATE, line);
        if (code) {
            kernel_maintain(OP_FETCH_INVALIDATE, line);
        }
    }
    kernel_maintain(OP_DSB, 0);
}

uint32_t kernel_unmap(unsigned process, uint32_t va, bool code) {
    kernel_lines_leave(kernel_modified(process, va), SMALL_BYTES, code);
    uint32_t pc = kernel_store_entry(process, va, 0);
    kernel_publish(kernel_entry(process, va), 4);
    kernel_tlb_page(process, va);
    return pc;
}

static void store_large(unsigned process, uint32_t va, uint32_t entry) {
    for (uint32_t i = 0; i < 16; i++) {
        kernel_store_entry(process, va + i * SMALL_BYTES, entry);
    }
    kernel_publish(kernel_entry(process, va), 64);
}

void kernel_map_large(unsigned process, uint32_t va, uint32_t pa, unsigned flags) {
    store_large(process, va, entry_large(v7(), pa, flags));
}

void kernel_unmap_large(unsigned process, uint32_t va) {
    kernel_lines_leave(kernel_modified(process, va), LARGE_BYTES, false);
    store_large(process, va, 0);
    kernel_tlb_page(process, va);
}

void kernel_change(unsigned process, uint32_t va, uint32_t pa, unsigned flags) {
    kernel_store_entry(process, va, entry_small(v7(), pa, flags));
    kernel_publish(kernel_entry(process, va), 4);
    kernel_tlb_page(process, va);
}

void kernel_code(uint32_t modified, uint32_t bytes) {
    for (uint32_t line = modified; line < modified + bytes; line += LINE) {
        kernel_maintain(clean_operation(), line);
    }
    kernel_maintain(OP_DSB, 0);
    for (uint32_t line = modified; line < modified + bytes; line += LINE) {
        kernel_maintain(OP_FETCH_INVALIDATE, line);
    }
    if (v7()) {
        world_operation(OP_BRANCH_INVALIDATE_ALL, 0);
        kernel_maintain(OP_DSB, 0);
        kernel_maintain(OP_ISB, 0);
    }
}

void kernel_flush_all(void) {
    kernel_maintain(OP_DATA_CLEAN_INVALIDATE_ALL, 0);
    kernel_maintain(OP_DSB, 0);
    kernel_maintain(OP_FETCH_INVALIDATE_ALL, 0);
}
