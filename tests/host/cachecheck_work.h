/* Random work of a tiny kernel that maintains caches and TLBs correctly: pages, large pages and sections come and go,
 * processes run, end and take over numbers, code is stored and run, flash is programmed, a device shares a buffer, a
 * second-level table becomes data and a table again.  The sequence depends on the seed alone.
 */
#ifndef TESTS_HOST_CACHECHECK_WORK_H
#define TESTS_HOST_CACHECHECK_WORK_H

#include "cachecheck_kernel.h"

/* From reset on; the first step is next. */
void work_start(const char *cpu, uint32_t seed);
void work_step(void);

/* Every process runs, and all of its small pages are read. */
void work_sweep(void);

/* The next random number of the sequence, below a limit. */
uint32_t work_pick(uint32_t below);

#endif
