/* A machine with caches that really hold bytes: see cachecheck_machine.h.  Translation is in cachecheck_machine_tlb.c.
 */
#include "cachecheck_machine_parts.h"

#include <stdio.h>
#include <string.h>

#define SLOTS   4096u
#define RECENT  64u
#define QUEUE   256u
#define PENDING 64u

/* One line in a slot that its tag chooses: whoever else needs the slot writes it back. */
struct slot {
    bool valid, dirty;
    uint32_t tag;
    uint32_t pa;
    uint8_t bytes[LINE];
};

struct write {
    uint32_t pa, bytes;
    uint8_t data[LINE];
};

/* An ARMv7 invalidation that was issued and not waited for. */
struct pending {
    enum operation operation;
    uint32_t value;
    uint32_t pa; /* of an instruction line */
};

struct machine machine;
static uint8_t ram[RAM_BYTES];
static uint8_t flash[FLASH_BYTES];
static struct slot data[SLOTS], code[SLOTS];
static uint32_t recent_data[RECENT], recent_code[RECENT]; /* slots */
static uint32_t recent_va[RECENT];
static uint32_t executed[16]; /* pages that were fetched from: physical address, and the colour in bit 0 */
static struct write queue[QUEUE];
static unsigned queued;
static struct pending pending[PENDING];
static unsigned pendings;
static uint32_t luck_state = 1;
static char first_failure[120];

void machine_luck(uint32_t seed) {
    luck_state = seed * 2654435761u | 1;
}

uint32_t machine_random(uint32_t below) {
    luck_state ^= luck_state << 13;
    luck_state ^= luck_state >> 17;
    luck_state ^= luck_state << 5;
    return luck_state % below;
}

void machine_fail(const char *what, uint32_t va) {
    if (machine.failures++ == 0) {
        snprintf(first_failure, sizeof(first_failure), "%s at %08x", what, va);
    }
}

uint32_t machine_failures(void) {
    return machine.failures;
}

uint64_t machine_effects(void) {
    return machine.effects;
}

const char *machine_first_failure(void) {
    return first_failure;
}

/* ---- memory and the queue before it ---- */

static uint8_t *memory_at(uint32_t pa) {
    if (pa - RAM_PA < RAM_BYTES) {
        return &ram[pa - RAM_PA];
    }
    return pa - FLASH_PA < FLASH_BYTES ? &flash[pa - FLASH_PA] : NULL;
}

uint32_t machine_word(uint32_t pa) {
    uint32_t word = 0;
    if (memory_at(pa) != NULL) {
        memcpy(&word, memory_at(pa), sizeof(word));
    }
    return word;
}

static void queue_drain(unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        if (queue[i].pa - RAM_PA < RAM_BYTES) {
            memcpy(memory_at(queue[i].pa), queue[i].data, queue[i].bytes);
        }
    }
    queued -= count;
    memmove(queue, queue + count, queued * sizeof(*queue));
}

static void queue_write(uint32_t pa, const uint8_t *bytes, uint32_t count) {
    if (queued == QUEUE) {
        queue_drain(QUEUE / 2);
    }
    queue[queued].pa = pa;
    queue[queued].bytes = count;
    memcpy(queue[queued].data, bytes, count);
    queued++;
}

/* The data side sees its own writes. */
static void queue_drain_line(uint32_t pa) {
    for (unsigned i = queued; i > 0; i--) {
        if ((queue[i - 1].pa & ~(LINE - 1)) == (pa & ~(LINE - 1))) {
            queue_drain(i);
            return;
        }
    }
}

/* ---- lines ---- */

static struct slot *slot_of(struct slot *cache, uint32_t tag) {
    return &cache[(tag >> 5 ^ tag >> 17 ^ tag << 9) % SLOTS];
}

static struct slot *line_find(struct slot *cache, uint32_t tag) {
    struct slot *slot = slot_of(cache, tag);
    return slot->valid && slot->tag == tag ? slot : NULL;
}

static void line_clean(struct slot *slot) {
    if (slot->valid && slot->dirty) {
        queue_write(slot->pa, slot->bytes, LINE);
        slot->dirty = false;
    }
}

static void line_evict(struct slot *slot) {
    line_clean(slot);
    slot->valid = false;
}

static struct slot *line_fill(struct slot *cache, uint32_t tag, uint32_t pa) {
    struct slot *slot = slot_of(cache, tag);
    uint32_t *recent = cache == data ? recent_data : recent_code;
    line_evict(slot);
    if (cache == data) {
        queue_drain_line(pa);
    }
    *slot = (struct slot){.valid = true, .tag = tag, .pa = pa & ~(LINE - 1)};
    memcpy(slot->bytes, memory_at(slot->pa), LINE);
    recent[machine_random(RECENT)] = (uint32_t)(slot - cache);
    return slot;
}

static uint32_t data_tag(uint32_t modified, uint32_t pa) {
    return (world.cpu->v7 ? pa : modified) & ~(LINE - 1);
}

static uint32_t code_tag(uint32_t modified, uint32_t pa) {
    return world.cpu->v7 ? (pa & ~(LINE - 1)) | (modified >> 12 & 1) : modified & ~(LINE - 1);
}

/* ---- luck ---- */

static void pending_apply(unsigned index) {
    struct pending what = pending[index];
    pending[index] = pending[--pendings];
    if (what.operation == OP_FETCH_INVALIDATE) {
        struct slot *slot = line_find(code, what.pa);
        if (slot != NULL) {
            slot->valid = false;
            machine.effects++;
        }
    } else if (what.operation == OP_FETCH_INVALIDATE_ALL) {
        machine.effects++;
        memset(code, 0, sizeof(code));
    } else {
        machine_tlb_invalidate(what.operation, what.value);
    }
}

static void pending_add(enum operation operation, uint32_t value, uint32_t pa) {
    if (pendings == PENDING) {
        pending_apply(0);
    }
    pending[pendings++] = (struct pending){operation, value, pa};
    if (!world.cpu->v7) {
        pending_apply(pendings - 1);
    }
}

static const uint32_t *ahead;
static unsigned ahead_count;

void machine_ahead(const uint32_t *addresses, unsigned count) {
    ahead = addresses;
    ahead_count = count;
}

static void speculate(void) {
    bool named = ahead_count != 0 && machine_random(4) != 0;
    uint32_t va = named ? ahead[machine_random(ahead_count)] : recent_va[machine_random(RECENT)];
    struct translation translation;
    if (machine_translate(va, &translation, true) && translation.cached && (machine.registers.sctlr & SCTLR_C)) {
        uint32_t pa = translation.pa + (va - translation.base);
        if (memory_at(pa) != NULL && line_find(data, data_tag(va, pa)) == NULL) {
            line_fill(data, data_tag(va, pa), pa);
        }
    }
    uint32_t page = executed[machine_random(16)];
    uint32_t line = (page & ~1u) + machine_random(SMALL_BYTES / LINE) * LINE;
    if (page != 0 && (machine.registers.sctlr & SCTLR_I) && line_find(code, line | (page & 1)) == NULL) {
        line_fill(code, line | (page & 1), line);
    }
}

static void tick(void) {
    if (machine_random(4) == 0) {
        line_evict(&data[recent_data[machine_random(RECENT)]]);
    }
    if (machine_random(8) == 0) {
        line_evict(&code[recent_code[machine_random(RECENT)]]);
    }
    if (queued != 0 && machine_random(8) == 0) {
        queue_drain(1 + machine_random(queued));
    }
    if (pendings != 0 && machine_random(4) == 0) {
        pending_apply(machine_random(pendings));
    }
    if (world.cpu->v7 && (machine.registers.sctlr & SCTLR_M)) {
        speculate();
    }
}

/* ---- what the guest does ---- */

/* The cached address of the memory counts, too: it may be loaded by that one. */
static void remember(uint32_t va, uint32_t pa) {
    recent_va[machine_random(RECENT)] = va;
    if (pa - RAM_PA < RAM_BYTES) {
        recent_va[machine_random(RECENT)] = pa - RAM_PA + 0x80000000u;
    }
}

static void reset(void) {
    memset(&machine, 0, sizeof(machine));
    memset(ram, 0, sizeof(ram));
    memset(flash, 0xff, sizeof(flash));
    memset(data, 0, sizeof(data));
    memset(code, 0, sizeof(code));
    memset(executed, 0, sizeof(executed));
    memset(recent_va, 0, sizeof(recent_va));
    queued = 0;
    pendings = 0;
    first_failure[0] = 0;
    machine_tlb_reset();
}

static bool data_cached(const struct translation *translation) {
    return translation->cached && (machine.registers.sctlr & SCTLR_C);
}

static void load_part(uint32_t va, uint32_t bytes) {
    struct translation translation;
    uint32_t truth = world_pa(va), modified = world_modified(va);
    tick();
    if (memory_at(truth) == NULL) {
        return;
    }
    remember(va, truth);
    if (!machine_translate(va, &translation, false) ||
        memory_at(translation.pa + (modified - translation.base)) == NULL) {
        machine_fail("load not translated", va);
        return;
    }
    uint32_t pa = translation.pa + (modified - translation.base);
    const uint8_t *seen = memory_at(pa);
    if (data_cached(&translation)) {
        struct slot *slot = line_find(data, data_tag(modified, pa));
        if (slot == NULL) {
            slot = line_fill(data, data_tag(modified, pa), pa);
        }
        seen = &slot->bytes[pa % LINE];
    } else {
        queue_drain_line(pa);
    }
    if (memcmp(seen, world_bytes(truth), bytes) != 0) {
        machine_fail("wrong bytes loaded", va);
    }
}

static void store_part(uint32_t va, uint32_t bytes) {
    struct translation translation;
    uint32_t truth = world_pa(va), modified = world_modified(va);
    tick();
    if (truth - RAM_PA >= RAM_BYTES) {
        return;
    }
    remember(va, truth);
    if (!machine_translate(va, &translation, false)) {
        machine_fail("store not translated", va);
        return;
    }
    uint32_t pa = translation.pa + (modified - translation.base);
    if (pa != truth) {
        machine_fail("store to another frame", va);
    }
    if (pa - RAM_PA >= RAM_BYTES) {
        return;
    }
    struct slot *slot = NULL;
    if (data_cached(&translation)) {
        slot = line_find(data, data_tag(modified, pa));
        if (slot == NULL && (world.cpu->v7 || machine_random(2) == 0)) {
            slot = line_fill(data, data_tag(modified, pa), pa);
        }
    }
    if (slot != NULL) {
        memcpy(&slot->bytes[pa % LINE], world_bytes(truth), bytes);
        slot->dirty = true;
    } else {
        queue_write(pa, world_bytes(truth), bytes);
    }
}

static void by_lines(void (*part)(uint32_t va, uint32_t bytes), uint32_t va, uint32_t bytes) {
    while (bytes != 0) {
        uint32_t room = LINE - va % LINE;
        uint32_t count = bytes < room ? bytes : room;
        part(va, count);
        va += count;
        bytes -= count;
    }
}

static void load(uint32_t va, uint32_t bytes) {
    by_lines(load_part, va, bytes);
}

static void store(uint32_t va, uint32_t bytes) {
    by_lines(store_part, va, bytes);
}

static void flash_changed(uint32_t pa, uint32_t bytes) {
    memcpy(memory_at(pa), world_bytes(pa), bytes);
}

/* ARMv5: the pipeline reads on; ARMv7: any line of the page may come, later. */
static void fetch_ahead(uint32_t modified, uint32_t pa) {
    executed[machine_random(16)] = (pa & ~(SMALL_BYTES - 1)) | (modified >> 12 & 1);
    uint32_t next = code_tag(modified + LINE, pa + LINE);
    if (!world.cpu->v7 && pa % LINE >= LINE - 8 && (pa + LINE) % SMALL_BYTES >= LINE && line_find(code, next) == NULL &&
        machine_random(2) == 0) {
        line_fill(code, next, pa + LINE);
    }
}

static void fetch(uint32_t va) {
    struct translation translation;
    uint32_t truth = world_pa(va), modified = world_modified(va);
    tick();
    if (!machine_translate(va, &translation, false) ||
        memory_at(translation.pa + (modified - translation.base)) == NULL) {
        machine_fail("fetch not translated", va);
        return;
    }
    uint32_t pa = translation.pa + (modified - translation.base);
    const uint8_t *seen = memory_at(pa);
    bool cached = (machine.registers.sctlr & SCTLR_I) && (translation.cached || !(machine.registers.sctlr & SCTLR_M));
    if (cached) {
        struct slot *slot = line_find(code, code_tag(modified, pa));
        if (slot == NULL) {
            slot = line_fill(code, code_tag(modified, pa), pa);
        }
        seen = &slot->bytes[pa % LINE];
    }
    if (memcmp(seen, world_bytes(truth), 4) != 0) {
        machine_fail("wrong instruction", va);
    }
    if (cached) {
        fetch_ahead(modified, pa);
    }
}

static void data_line(enum operation operation, uint32_t value) {
    uint32_t tag = data_tag(value, 0);
    if (world.cpu->v7) {
        struct translation translation;
        if (!machine_translate(value, &translation, false)) {
            machine_fail("maintenance not translated", value);
            return;
        }
        tag = data_tag(value, translation.pa + (value - translation.base));
    }
    struct slot *slot = line_find(data, tag);
    if (slot == NULL) {
        return;
    }
    machine.effects += operation == OP_DATA_INVALIDATE || operation == OP_DATA_CLEAN_INVALIDATE || slot->dirty;
    if (operation != OP_DATA_INVALIDATE) {
        line_clean(slot);
    }
    if (operation == OP_DATA_INVALIDATE || operation == OP_DATA_CLEAN_INVALIDATE) {
        slot->valid = false;
    }
}

static void data_all(enum operation operation) {
    for (unsigned i = 0; i < SLOTS; i++) {
        machine.effects += data[i].valid;
        if (operation != OP_DATA_INVALIDATE_ALL) {
            line_clean(&data[i]);
        }
        if (operation != OP_DATA_CLEAN_ALL) {
            data[i].valid = false;
        }
    }
}

static void fetch_line(uint32_t value) {
    uint32_t tag = code_tag(value, 0);
    if (world.cpu->v7) {
        struct translation translation;
        if (!machine_translate(value, &translation, false)) {
            machine_fail("maintenance not translated", value);
            return;
        }
        tag = code_tag(value, translation.pa + (value - translation.base));
    }
    pending_add(OP_FETCH_INVALIDATE, value, tag);
}

static void operation_done(enum operation operation, uint32_t value) {
    tick();
    switch (operation) {
    case OP_DATA_CLEAN:
    case OP_DATA_CLEAN_POU:
    case OP_DATA_INVALIDATE:
    case OP_DATA_CLEAN_INVALIDATE:
        data_line(operation, value);
        break;
    case OP_DATA_CLEAN_ALL:
    case OP_DATA_INVALIDATE_ALL:
    case OP_DATA_CLEAN_INVALIDATE_ALL:
        data_all(operation);
        break;
    case OP_FETCH_INVALIDATE:
        fetch_line(value);
        break;
    case OP_FETCH_INVALIDATE_ALL:
    case OP_TLB_ALL:
    case OP_TLB_PAGE:
    case OP_TLB_ASID:
        pending_add(operation, value, 0);
        break;
    case OP_DSB:
        machine.effects += queued + pendings;
        queue_drain(queued);
        while (pendings != 0) {
            pending_apply(pendings - 1);
        }
        break;
    default:
        machine_register(operation, value);
        break;
    }
}

const struct witness machine_witness = {
    .reset = reset,
    .load = load,
    .store = store,
    .flash = flash_changed,
    .fetch = fetch,
    .operation = operation_done,
};
