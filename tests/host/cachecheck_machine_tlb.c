/* Translation in the machine with caches: a TLB, first-level entries that a walker keeps (ARMv7), and two values of a
 * register until the next barrier.  Walks see memory, not the data cache.
 */
#include "cachecheck_machine_parts.h"

#include <string.h>

#define ENTRIES  48u
#define KEPT     8u
#define POSSIBLE 3u

struct held {
    bool valid;
    uint32_t asid;
    struct translation translation;
};

struct kept {
    bool valid, global;
    uint32_t asid;
    uint32_t megabyte;
    uint32_t entry;
};

static struct held held[ENTRIES];
static struct kept kept[KEPT];
static uint32_t tables[POSSIBLE], asids[POSSIBLE]; /* of TTBR0; the last is the newest */
static unsigned table_count, asid_count;

void machine_tlb_reset(void) {
    memset(held, 0, sizeof(held));
    memset(kept, 0, sizeof(kept));
    tables[0] = asids[0] = 0;
    table_count = asid_count = 1;
}

static bool any_asid(enum operation operation, bool global, uint32_t asid, uint32_t value) {
    if (operation == OP_TLB_ASID) {
        return !global && asid == (value & 0xff);
    }
    return global || !world.cpu->v7 || asid == (value & 0xff);
}

void machine_tlb_invalidate(enum operation operation, uint32_t value) {
    for (unsigned i = 0; i < ENTRIES; i++) {
        const struct translation *translation = &held[i].translation;
        bool here = operation != OP_TLB_PAGE || value - translation->base < translation->size;
        if (operation == OP_TLB_ALL || (here && any_asid(operation, translation->global, held[i].asid, value))) {
            machine.effects += held[i].valid;
            held[i].valid = false;
        }
    }
    for (unsigned i = 0; i < KEPT; i++) {
        bool here = operation != OP_TLB_PAGE || value >> 20 == kept[i].megabyte;
        if (operation == OP_TLB_ALL || (here && any_asid(operation, kept[i].global, kept[i].asid, value))) {
            machine.effects += kept[i].valid;
            kept[i].valid = false;
        }
    }
}

static void possible_add(uint32_t *values, unsigned *count, uint32_t value) {
    if (!world.cpu->v7) {
        *count = 0;
    } else if (*count == POSSIBLE) {
        memmove(values, values + 1, (POSSIBLE - 1) * sizeof(*values));
        (*count)--;
    }
    values[(*count)++] = value;
}

void machine_register(enum operation operation, uint32_t value) {
    switch (operation) {
    case OP_SCTLR:
        machine.registers.sctlr = value;
        break;
    case OP_TTBR0:
        machine.effects++;
        possible_add(tables, &table_count, value);
        break;
    case OP_TTBR1:
        machine.registers.ttbr[1] = value;
        break;
    case OP_TTBCR:
        machine.registers.ttbcr = value;
        break;
    case OP_FCSE:
        machine.registers.fcse = value;
        break;
    case OP_CONTEXTIDR:
        possible_add(asids, &asid_count, value & 0xff);
        break;
    case OP_ISB:
        machine.effects += table_count + asid_count - 2;
        tables[0] = tables[table_count - 1];
        asids[0] = asids[asid_count - 1];
        table_count = asid_count = 1;
        break;
    default:
        break;
    }
}

static bool is_user(uint32_t va) {
    return va < 0x80000000u;
}

/* Kept entries are found again by address alone: that is the hazard. */
static uint32_t first_entry(uint32_t modified, uint32_t asid) {
    struct registers registers = machine.registers;
    for (unsigned i = 0; i < KEPT; i++) {
        if (kept[i].valid && kept[i].megabyte == modified >> 20 && (kept[i].global || kept[i].asid == asid) &&
            machine_random(4) != 0) {
            return kept[i].entry;
        }
    }
    registers.ttbr[0] = tables[machine_random(table_count)];
    uint32_t entry = machine_word(world_first_pa(&registers, modified));
    if (world.cpu->v7 && entry_is_table(entry)) {
        kept[machine_random(KEPT)] = (struct kept){true, !is_user(modified), asid, modified >> 20, entry};
    }
    return entry;
}

static bool walk(uint32_t modified, uint32_t asid, struct translation *translation) {
    uint32_t first = first_entry(modified, asid);
    uint32_t second = entry_is_table(first) ? machine_word(entry_second_pa(first, modified)) : 0;
    if (!entry_decode(world.cpu->v7, first, second, modified, translation)) {
        return false;
    }
    held[machine_random(ENTRIES)] = (struct held){true, asid, *translation};
    return true;
}

bool machine_translate(uint32_t va, struct translation *translation, bool ahead) {
    uint32_t modified = ahead ? va : world_modified(va);
    uint32_t asid = asids[machine_random(asid_count)];
    if (!(machine.registers.sctlr & SCTLR_M)) {
        *translation = (struct translation){.base = va & ~(SMALL_BYTES - 1), .size = SMALL_BYTES, .global = true};
        translation->pa = translation->base;
        return true;
    }
    unsigned from = machine_random(ENTRIES);
    for (unsigned i = 0; i < ENTRIES; i++) {
        struct held *entry = &held[(from + i) % ENTRIES];
        if (entry->valid && modified - entry->translation.base < entry->translation.size &&
            (entry->translation.global || entry->asid == asid)) {
            if (machine_random(16) != 0) {
                *translation = entry->translation;
                return true;
            }
            entry->valid = false;
        }
    }
    return walk(modified, asid, translation);
}
