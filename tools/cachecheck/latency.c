/* A sorted table of the longest stretches for each kind. */
#include "tools/cachecheck/latency.h"
#include <string.h>

struct condition {
    bool holds;
    uint64_t since; /* instructions executed when it began */
    uint32_t from;
    size_t kept;
    struct stretch longest[LATENCY_KEPT];
};

static struct condition conditions[LATENCY_KINDS];
static bool counting;

void latency_reset(void) {
    conditions[LATENCY_IRQ_OFF].holds = true;
    conditions[LATENCY_PREEMPT_OFF].holds = false;
    counting = false;
}

void latency_start(void) {
    memset(conditions, 0, sizeof conditions);
    latency_reset();
}

/* Puts the stretch where it belongs; the same pair is kept once.  What falls out at the end was shorter than all
 * others, so that it cannot be missed later. */
static void keep(struct condition *condition, const struct stretch *stretch) {
    size_t at = 0;
    while (at < condition->kept &&
           (condition->longest[at].from != stretch->from || condition->longest[at].to != stretch->to)) {
        at++;
    }
    if (at == condition->kept) {
        if (at < LATENCY_KEPT) {
            condition->kept++;
        } else if (condition->longest[--at].instructions >= stretch->instructions) {
            return;
        }
    } else if (condition->longest[at].instructions >= stretch->instructions) {
        return;
    }
    for (; at > 0 && condition->longest[at - 1].instructions < stretch->instructions; at--) {
        condition->longest[at] = condition->longest[at - 1];
    }
    condition->longest[at] = *stretch;
}

void latency_set(enum latency_kind kind, bool holds, uint64_t executed, uint32_t pc) {
    struct condition *condition = &conditions[kind];
    if (holds == condition->holds) {
        return;
    }
    condition->holds = holds;
    if (!counting && kind == LATENCY_IRQ_OFF) { /* interrupts go on for the first time */
        counting = true;
        conditions[LATENCY_PREEMPT_OFF].since = executed;
        conditions[LATENCY_PREEMPT_OFF].from = pc;
        return;
    }
    if (holds) {
        condition->since = executed;
        condition->from = pc;
    } else if (counting) {
        keep(condition,
             &(struct stretch){.instructions = executed - condition->since, .from = condition->from, .to = pc});
    }
}

const struct stretch *latency_stretch(enum latency_kind kind, size_t index) {
    return index < conditions[kind].kept ? &conditions[kind].longest[index] : NULL;
}

const char *latency_name(enum latency_kind kind) {
    return kind == LATENCY_IRQ_OFF ? "irq_off" : "preempt_off";
}
