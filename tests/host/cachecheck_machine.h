/* A machine with caches that really hold bytes, for the random test: the adversary that the model of the cache checker
 * has to see through.
 *
 * It watches the same accesses and operations as the model and performs them as hardware might: lines with data and
 * dirty bits, a write queue, a TLB, ARMv7 speculation.  What hardware may do at any time (write a line back, drop a TLB
 * entry, drain the queue, load a line ahead) it does at random.  Where a program then gets other bytes than memory in
 * program order has, or a walk goes wrong, it has failed: proof by example that maintenance was missing.
 *
 * It is no measure of the opposite: bad luck is rare, and it has no pipeline, so that it never needs an ISB but for the
 * translation registers.
 */
#ifndef TESTS_HOST_CACHECHECK_MACHINE_H
#define TESTS_HOST_CACHECHECK_MACHINE_H

#include "cachecheck_world.h"

extern const struct witness machine_witness;

/* The luck of the runs to come; the machine itself starts with the world's reset. */
void machine_luck(uint32_t seed);

/* Addresses that it likes to load ahead from; count 0: those of late.  They stay until others are named. */
void machine_ahead(const uint32_t *addresses, unsigned count);

/* How often it failed since reset, and how the first time. */
uint32_t machine_failures(void);
const char *machine_first_failure(void);

/* Grows with each operation that changed what the machine holds. */
uint64_t machine_effects(void);

#endif
