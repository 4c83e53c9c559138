/* What the tests of address spaces have in common: pages at ARENA_VA, and first-level entries of a process. */
#ifndef TESTS_HOST_CACHECHECK_SPACES_H
#define TESTS_HOST_CACHECHECK_SPACES_H

#include "cachecheck_kernel.h"

#define USER   (ARENA_VA + 0x2000u)
#define PAGES  200u
#define FAR_VA 0x60000000u /* nothing in either process */

static inline uint32_t page_va(unsigned page) {
    return ARENA_VA + page * SMALL_BYTES;
}

static inline uint32_t first_of(unsigned process, uint32_t va) {
    return PROCESS_TABLE(process) + (va >> 20) * 4;
}

static inline uint32_t first_store(unsigned process, uint32_t va, uint32_t entry) {
    uint32_t stored = world_store(STATIC(first_of(process, va)), entry);
    kernel_publish(first_of(process, va), 4);
    return stored;
}

static inline void dsb_isb(void) {
    world_operation(OP_DSB, 0);
    world_operation(OP_ISB, 0);
}

/* Process 1 is current, 0 has that many pages and was current. */
static inline void asleep_with_pages(void **state, unsigned pages) {
    kernel_boot(*state);
    for (unsigned i = 0; i < pages; i++) {
        kernel_map(0, page_va(i), FRAME(i), USER_PAGE);
    }
    kernel_switch(0);
    for (unsigned i = 0; i < pages; i++) {
        world_load(page_va(i));
    }
    kernel_switch(1);
}

#endif
