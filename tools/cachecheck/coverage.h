/* Which instructions of an address range were executed. */
#ifndef TOOLS_CACHECHECK_COVERAGE_H
#define TOOLS_CACHECHECK_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

struct coverage {
    uint32_t low;
    uint32_t bytes;
    uint8_t *executed; /* one for each halfword */
};

/* Begins with nothing executed of low to high - 1; false: no memory. */
bool coverage_start(struct coverage *coverage, uint32_t low, uint32_t high);

/* The instruction at pc is executed. */
static inline void coverage_mark(struct coverage *coverage, uint32_t pc) {
    uint32_t offset = pc - coverage->low;
    if (offset < coverage->bytes) {
        coverage->executed[offset / 2] = 1;
    }
}

/* Writes the addresses of what was executed to file, ascending, a hexadecimal number a line.  False: an error, in
 * errno. */
bool coverage_write(const struct coverage *coverage, const char *file);

#endif
