/* Barriers, registers and reset: when a change is in effect.
 *
 * ARMv7: a write to a translation register may be in effect at once or only after an ISB, exception entry or return
 * (DDI 0406 B5.6.3), so that between those both values are possible.  ARMv5: at once.
 */
#include "tools/cachecheck/state.h"
#include <string.h>

#define POSSIBLE 4u

/* Contents since reset: undefined, invalidation issued, invalidated. */
enum contents { UNDEFINED, UNDER_WAY, DEFINED };

static struct {
    uint32_t synchronised;
    uint32_t roots[POSSIBLE];
    size_t root_count;
    uint32_t asids[POSSIBLE];
    size_t asid_count;
    bool user_pending, context_pending; /* waiting for synchronisation: translations of the user half; of all */
    struct party user_by, context_by;
    bool fresh_entry;
    bool stores_unordered;  /* before set and way operations, which nothing orders but a barrier (DDI 0406 B2.2.7) */
    bool cache_pending;     /* CSSELR was written */
    bool registers_pending; /* of translation, while it is off */
    struct party store_by, cache_by, registers_by;
    enum contents data, fetch, tlb;
} order;

void order_start(void) {
    memset(&order, 0, sizeof order);
    order.root_count = 1;
    order.asid_count = 1;
    if (!model.cpu.reset_undefined) {
        order.data = order.fetch = order.tlb = DEFINED;
    }
}

uint32_t order_synchronised(void) {
    return order.synchronised;
}

void order_fresh_entry(void) {
    order.fresh_entry = true;
}

size_t order_roots(uint32_t *bases) {
    memcpy(bases, order.roots, sizeof order.roots);
    return order.root_count;
}

size_t order_asids(uint32_t *asids) {
    memcpy(asids, order.asids, sizeof order.asids);
    return order.asid_count;
}

bool order_user_half(uint32_t va) {
    uint32_t n = table_split();
    return n != 0 ? va >> (32 - n) == 0 : va < 0x80000000u;
}

void order_check(uint32_t va, bool fetch) {
    if (!order.user_pending && !order.context_pending) {
        return;
    }
    if (order.user_pending && order_user_half(va)) {
        finding_add(FINDING_NO_BARRIER, va, 0, order.user_by);
    }
    /* Instructions behind the one that turns the MMU on lie in its own page, which is mapped flat. */
    if (order.context_pending && (!fetch || va / PAGE != order.context_by.pc / PAGE)) {
        finding_add(FINDING_NO_BARRIER, va, 0, order.context_by);
    }
}

static enum contents invalidated(void) {
    return model.cpu.v7 ? UNDER_WAY : DEFINED;
}

void order_data_invalidated(void) {
    if (order.data != DEFINED) {
        order.data = invalidated();
    }
}

void order_fetch_invalidated(void) {
    if (order.fetch != DEFINED) {
        order.fetch = invalidated();
    }
}

void order_tlb_invalidated(void) {
    if (order.tlb != DEFINED) {
        order.tlb = invalidated();
    }
}

void order_store(void) {
    order.stores_unordered = model.cpu.v7;
    order.store_by = model.now;
}

void order_set_way(void) {
    if (order.stores_unordered) {
        finding_add(FINDING_NO_BARRIER, model.now.va, 0, order.store_by);
    }
}

void order_cache_size_read(void) {
    if (order.cache_pending) {
        finding_add(FINDING_NO_BARRIER, 0, 0, order.cache_by);
    }
}

/* ---- barriers ---- */

static bool contents_barrier(enum contents *contents) {
    bool any = *contents == UNDER_WAY;
    if (any) {
        *contents = DEFINED;
    }
    return any;
}

static bool barrier(void) {
    bool useful = memory_settle();
    order.stores_unordered = false;
    useful = tlb_barrier() || useful;
    useful = fetch_barrier() || useful;
    useful = contents_barrier(&order.data) || useful;
    useful = contents_barrier(&order.fetch) || useful;
    return contents_barrier(&order.tlb) || useful;
}

static bool synchronise(void) {
    bool useful = order.user_pending || order.context_pending || order.fresh_entry || order.cache_pending ||
                  order.registers_pending;
    order.synchronised++;
    order.user_pending = false;
    order.context_pending = false;
    order.fresh_entry = false;
    order.cache_pending = false;
    order.registers_pending = false;
    bool fewer = order.root_count > 1 || order.asid_count > 1;
    order.roots[0] = order.roots[order.root_count - 1];
    order.root_count = 1;
    order.asids[0] = order.asids[order.asid_count - 1];
    order.asid_count = 1;
    if (fewer) {
        pairs_possible_fewer();
    }
    useful = tlb_synchronise() || useful;
    return fetch_synchronise() || useful;
}

void model_exception(void) {
    model.fetch_epoch++;
    if (model.cpu.v7) {
        synchronise();
    }
}

/* ---- registers ---- */

/* The newest is the last; beyond what there is room for, the oldest but one is forgotten. */
static void possible_add(uint32_t *values, size_t *count, uint32_t value) {
    if (!model.cpu.v7) {
        *count = 0;
    } else if (*count == POSSIBLE) {
        memmove(values + 1, values + 2, (POSSIBLE - 2) * sizeof *values);
        *count = POSSIBLE - 1;
    }
    values[(*count)++] = value;
}

static void user_changed(void) {
    if (model.cpu.v7 && (model.sctlr & SCTLR_M) != 0) {
        order.user_pending = true;
        order.user_by = model.now;
    } else if (model.cpu.v7) {
        order.registers_pending = true;
        order.registers_by = model.now;
    }
    pairs_registers_changed();
}

static void context_changed(void) {
    if (model.cpu.v7 && (model.sctlr & SCTLR_M) != 0) {
        order.context_pending = true;
        order.context_by = model.now;
    } else if (model.cpu.v7) {
        order.registers_pending = true;
        order.registers_by = model.now;
    }
}

static void contents_check(enum contents contents, bool turned_on) {
    if (turned_on && contents != DEFINED) {
        finding_add(contents == UNDER_WAY ? FINDING_NO_BARRIER : FINDING_RESET_CONTENTS, model.now.va, 0,
                    (struct party){0, 0});
    }
}

static void sctlr_write(uint32_t value) {
    uint32_t on = value & ~model.sctlr;
    uint32_t changed = value ^ model.sctlr;
    contents_check(order.data, (on & SCTLR_C) != 0);
    contents_check(order.fetch, (on & SCTLR_I) != 0);
    contents_check(order.tlb, (on & SCTLR_M) != 0);
    model.sctlr = value;
    if (model.cpu.speculates && (value & SCTLR_C) != 0) {
        model.speculated = true;
    }
    if (on & SCTLR_M) {
        if (order.registers_pending) {
            finding_add(FINDING_NO_BARRIER, model.now.va, 0, order.registers_by);
        }
        pairs_registers_changed();
    } else if (changed & SCTLR_M) {
        pairs_possible_fewer();
    }
    if (model.cpu.v7 && (changed & (SCTLR_M | SCTLR_C)) != 0) {
        order.context_pending = true;
        order.context_by = model.now;
    }
}

static void register_write(enum operation operation, uint32_t value) {
    switch (operation) {
    case OP_SCTLR:
        sctlr_write(value);
        break;
    case OP_TTBR0:
        model.ttbr0 = value;
        possible_add(order.roots, &order.root_count, table_base());
        user_changed();
        break;
    case OP_CONTEXTIDR:
        model.asid = value & 0xffu;
        possible_add(order.asids, &order.asid_count, model.asid);
        user_changed();
        break;
    case OP_TTBR1:
        model.ttbr1 = value;
        context_changed();
        break;
    case OP_TTBCR:
        model.ttbcr = value;
        context_changed();
        break;
    case OP_CSSELR:
        order.cache_pending = model.cpu.v7;
        order.cache_by = model.now;
        return;
    case OP_DACR:
        context_changed();
        break;
    default:
        model.fcse = value & 0xfe000000u;
        break;
    }
    mark_generation();
}

bool order_operation(enum operation operation, uint32_t value) {
    switch (operation) {
    case OP_TLB_ALL:
        return tlb_invalidate_all();
    case OP_TLB_PAGE:
        return tlb_invalidate_page(value);
    case OP_TLB_ASID:
        return tlb_invalidate_asid(value);
    case OP_DSB:
        return barrier();
    case OP_ISB:
        return model.cpu.v7 && synchronise();
    case OP_DMB:
        order.stores_unordered = false;
        return true; /* nothing else of it is modelled */
    case OP_BRANCH_INVALIDATE_ALL:
        return true; /* nothing of it is modelled */
    default:
        register_write(operation, value);
        return true;
    }
}

/* ---- the model as a whole ---- */

void model_operation(enum operation operation, uint32_t value, uint32_t pc) {
    model.now = (struct party){value, pc};
    model.fetch_epoch++;
    bool useful = operation <= OP_DATA_CLEAN_INVALIDATE_SET_WAY && operation != OP_BRANCH_INVALIDATE_ALL
                      ? clean_operation(operation, value)
                      : order_operation(operation, value);
    site_count(operation, pc, useful);
}

void model_reset(uint32_t pc) {
    model.now = (struct party){pc, pc};
    clean_operation(OP_DATA_INVALIDATE_ALL, 0);
    cache_drop_all(&model.fetch);
    memory_reset();
    model = (struct model){.cpu = model.cpu,
                           .data = model.data,
                           .fetch = model.fetch,
                           .now = model.now,
                           .fetch_epoch = model.fetch_epoch + 1};
    clean_start();
    root_start();
    walk_start();
    tlb_start();
    uint32_t synchronised = order.synchronised; /* pages remember it */
    order_start();
    order.synchronised = synchronised;
}

void model_start(const struct cpu_model *cpu, const struct memory *memory, size_t count) {
    struct cache data = model.data, fetch = model.fetch; /* of an earlier run: memory_start frees them */
    model = (struct model){.cpu = *cpu, .data = data, .fetch = fetch};
    finding_start();
    clean_start();
    root_start();
    memory_start(memory, count);
    walk_start();
    tlb_start();
    order_start();
}
