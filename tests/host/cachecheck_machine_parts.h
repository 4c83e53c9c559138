/* What the two files of the machine with caches share: cachecheck_machine.c has memory and lines,
 * cachecheck_machine_tlb.c translation. */
#ifndef TESTS_HOST_CACHECHECK_MACHINE_PARTS_H
#define TESTS_HOST_CACHECHECK_MACHINE_PARTS_H

#include "cachecheck_machine.h"

struct machine {
    struct registers registers;
    uint32_t failures;
    uint64_t effects;
};
extern struct machine machine;

uint32_t machine_random(uint32_t below);
void machine_fail(const char *what, uint32_t va);
uint32_t machine_word(uint32_t pa); /* as memory has it, past caches and queue */

void machine_tlb_reset(void);
void machine_tlb_invalidate(enum operation operation, uint32_t value);

/* A register was written; OP_ISB: what was written before is in effect. */
void machine_register(enum operation operation, uint32_t value);

/* By the TLB, or by a walk.  ahead: nobody asked; then va is any that was used lately. */
bool machine_translate(uint32_t va, struct translation *translation, bool ahead);

#endif
