/* The longest stretches, counted in instructions, that run with interrupts masked and with preemption held off.
 *
 * Both are conditions that hold or do not: the caller tells of every change, with the number of instructions executed
 * so far, and a stretch is what lies between.  Waiting executes nothing, so it does not count.  Nothing counts before
 * interrupts have been on for the first time: start-up is not a latency.
 */
#ifndef TOOLS_CACHECHECK_LATENCY_H
#define TOOLS_CACHECHECK_LATENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum latency_kind { LATENCY_IRQ_OFF, LATENCY_PREEMPT_OFF, LATENCY_KINDS };

#define LATENCY_KEPT 10 /* stretches of each kind that are remembered */

/* The longest that began at from and ended at to. */
struct stretch {
    uint64_t instructions;
    uint32_t from, to;
};

/* Forgets everything.  Interrupts are masked as at reset, preemption is not held off. */
void latency_start(void);

/* The machine starts again: the same, but the stretches so far are remembered. */
void latency_reset(void);

/* Whether the condition holds from here on.  pc: the instruction that made it so; executed: how many instructions were,
 * this one included.  Saying again what was said before changes nothing. */
void latency_set(enum latency_kind kind, bool holds, uint64_t executed, uint32_t pc);

/* The index-th longest, or NULL.  A pair of from and to is there once. */
const struct stretch *latency_stretch(enum latency_kind kind, size_t index);

/* The name in reports. */
const char *latency_name(enum latency_kind kind);

#endif
