/* A guest by hand: see cachecheck_world.h. */
#include "cachecheck_world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIRST_PC 0x90000100u

struct world world;
const struct witness *world_witness;
bool world_undefined;
void (*world_contents)(void);
static uint8_t ram[RAM_BYTES];
static uint8_t flash[FLASH_BYTES];

void world_reset(const char *cpu) {
    const struct memory memory[] = {
        {RAM_PA, RAM_BYTES, ram, 0, world_undefined},
        {FLASH_PA, FLASH_BYTES, flash, FLASH_BLOCK, false},
    };
    memset(ram, 0, sizeof(ram));
    memset(flash, 0xff, sizeof(flash));
    if (world_contents != NULL) {
        world_contents();
    }
    memset(&world, 0, sizeof(world));
    world.cpu = cpu_model_find(cpu);
    assert_non_null(world.cpu);
    world.pc = FIRST_PC;
    if (world_witness != NULL) {
        world_witness->reset();
    }
    model_start(world.cpu, memory, sizeof(memory) / sizeof(*memory));
}

uint8_t *world_bytes(uint32_t pa) {
    if (pa - RAM_PA < RAM_BYTES) {
        return &ram[pa - RAM_PA];
    }
    return pa - FLASH_PA < FLASH_BYTES ? &flash[pa - FLASH_PA] : NULL;
}

uint32_t world_word(uint32_t pa) {
    uint32_t word;
    assert_non_null(world_bytes(pa));
    memcpy(&word, world_bytes(pa), sizeof(word));
    return word;
}

uint32_t world_modified(uint32_t va) {
    return !world.cpu->v7 && va < 0x02000000 ? va | world.registers.fcse : va;
}

uint32_t world_first_pa(const struct registers *registers, uint32_t modified) {
    uint32_t split = world.cpu->v7 ? registers->ttbcr & 7 : 0;
    if (split != 0 && modified >> (32 - split) != 0) {
        return (registers->ttbr[1] & 0xffffc000) + (modified >> 20) * 4;
    }
    return (registers->ttbr[0] & ~((0x4000u >> split) - 1)) + (modified >> 20) * 4;
}

bool world_translate(uint32_t va, struct translation *translation) {
    uint32_t modified = world_modified(va);
    if (!(world.registers.sctlr & SCTLR_M)) {
        *translation = (struct translation){.base = va & ~(SMALL_BYTES - 1), .size = SMALL_BYTES, .global = true};
        translation->pa = translation->base;
        return true;
    }
    uint32_t first = world_word(world_first_pa(&world.registers, modified));
    uint32_t second = entry_is_table(first) ? world_word(entry_second_pa(first, modified)) : 0;
    return entry_decode(world.cpu->v7, first, second, modified, translation);
}

uint32_t world_pa(uint32_t va) {
    struct translation translation;
    assert_true(world_translate(va, &translation));
    return translation.pa + (world_modified(va) - translation.base);
}

static uint32_t next_pc(void) {
    world.pc += 4;
    return world.pc;
}

uint32_t world_restart(void) {
    uint32_t pc = next_pc();
    world.registers = (struct registers){0};
    model_reset(pc);
    return pc;
}

uint32_t world_load_bytes(uint32_t va, uint32_t bytes) {
    uint32_t pc = next_pc();
    (void)world_pa(va);
    if (world_witness != NULL) {
        world_witness->load(va, bytes);
    }
    model_load(va, bytes, pc);
    return pc;
}

uint32_t world_load(uint32_t va) {
    return world_load_bytes(va, 4);
}

/* A store within one page.  Flash and devices keep what they have. */
uint32_t world_store_bytes(uint32_t va, uint64_t value, uint32_t bytes) {
    uint32_t pc = next_pc();
    uint32_t pa = world_pa(va);
    if (pa - RAM_PA < RAM_BYTES) {
        memcpy(world_bytes(pa), &value, bytes);
    }
    if (world_witness != NULL) {
        world_witness->store(va, bytes);
    }
    model_store(va, bytes, pc);
    return pc;
}

uint32_t world_store(uint32_t va, uint32_t value) {
    return world_store_bytes(va, value, 4);
}

uint32_t world_flash(uint32_t va, uint32_t flash_pa, uint32_t words, uint32_t value) {
    assert_true(flash_pa - FLASH_PA < FLASH_BYTES);
    for (uint32_t i = 0; i < words; i++) {
        memcpy(world_bytes(flash_pa + 4 * i), &value, 4);
    }
    if (world_witness != NULL) {
        world_witness->flash(flash_pa, 4 * words);
    }
    return world_store(va, 0x00100010);
}

uint32_t world_fetch(uint32_t va) {
    (void)world_pa(va);
    if (world_witness != NULL) {
        world_witness->fetch(va);
    }
    model_fetch(va, 4);
    return va;
}

uint32_t world_fault(uint32_t va) {
    uint32_t pc = next_pc();
    model_fault(va, pc);
    return pc;
}

void world_operation_at(enum operation operation, uint32_t value, uint32_t pc) {
    uint32_t *const registers[OP_COUNT] = {
        [OP_SCTLR] = &world.registers.sctlr,   [OP_TTBR0] = &world.registers.ttbr[0],
        [OP_TTBR1] = &world.registers.ttbr[1], [OP_TTBCR] = &world.registers.ttbcr,
        [OP_FCSE] = &world.registers.fcse,     [OP_CONTEXTIDR] = &world.registers.contextidr,
    };
    if (world_witness != NULL) {
        world_witness->operation(operation, value);
    }
    model_operation(operation, value, pc);
    if (registers[operation] != NULL) {
        *registers[operation] = value;
    }
}

uint32_t world_operation(enum operation operation, uint32_t value) {
    uint32_t pc = next_pc();
    world_operation_at(operation, value, pc);
    return pc;
}

void world_exception(void) {
    if (world_witness != NULL) {
        world_witness->operation(OP_ISB, 0);
    }
    model_exception();
}

static void findings_print(void) {
    for (size_t i = 0; i < model_finding_count(); i++) {
        const struct finding *finding = model_finding(i);
        print_message("# finding %zu: %s, va %08" PRIx32 " pa %08" PRIx32 " pc %08" PRIx32 ", other va %08" PRIx32
                      " pc %08" PRIx32 ", %" PRIu64 " times\n",
                      i, finding_name(finding->kind), finding->va, finding->pa, finding->pc, finding->other_va,
                      finding->other_pc, finding->count);
    }
}

void expect_none(void) {
    if (model_finding_count() != 0) {
        findings_print();
        fail_msg("no finding was expected");
    }
}

/* The physical address is that of the access; a walk's is one of the entries. */
static bool pa_is_right(const struct finding *finding, uint32_t va) {
    struct translation translation;
    uint32_t first_pa = world_first_pa(&world.registers, world_modified(va));
    switch (finding->kind) {
    case FINDING_WALK_MISSES:
        return finding->pa == first_pa || finding->pa == entry_second_pa(world_word(first_pa), world_modified(va));
    case FINDING_ASID_REUSED:
    case FINDING_NO_BARRIER:
    case FINDING_RESET_CONTENTS:
        return true; /* it may be an address, an entry, or none */
    default:
        return !world_translate(va, &translation) || finding->pa == world_pa(va);
    }
}

static bool finding_is(const struct finding *finding, enum finding_kind kind, uint32_t va, uint32_t pc,
                       uint32_t other_pc) {
    if (finding->kind != kind || (pc != NOBODY && finding->pc != pc) ||
        (other_pc != NOBODY && finding->other_pc != other_pc)) {
        return false;
    }
    return va == NOBODY || (finding->va == va && pa_is_right(finding, va));
}

void expect_one(enum finding_kind kind, uint32_t va, uint32_t pc, uint32_t other_pc) {
    if (model_finding_count() != 1 || !finding_is(model_finding(0), kind, va, pc, other_pc)) {
        findings_print();
        fail_msg("expected: %s, va %08" PRIx32 " pc %08" PRIx32 ", other pc %08" PRIx32, finding_name(kind), va, pc,
                 other_pc);
    }
}

void expect_first(enum finding_kind kind, uint32_t va, uint32_t pc, uint32_t other_pc) {
    bool first = model_finding_count() != 0 && finding_is(model_finding(0), kind, va, pc, other_pc);
    for (size_t i = 1; i < model_finding_count(); i++) {
        first = first && model_finding(i)->pc == pc;
    }
    if (!first) {
        findings_print();
        fail_msg("expected first: %s, va %08" PRIx32 " pc %08" PRIx32 ", other pc %08" PRIx32, finding_name(kind), va,
                 pc, other_pc);
    }
}

void expect_among(enum finding_kind kind, uint32_t va, uint32_t pc, uint32_t other_pc) {
    for (size_t i = 0; i < model_finding_count(); i++) {
        if (finding_is(model_finding(i), kind, va, pc, other_pc)) {
            return;
        }
    }
    findings_print();
    fail_msg("expected among them: %s, va %08" PRIx32 " pc %08" PRIx32 ", other pc %08" PRIx32, finding_name(kind), va,
             pc, other_pc);
}
