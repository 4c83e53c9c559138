/* A byte for each place where an instruction may begin. */
#include "tools/cachecheck/coverage.h"
#include <stdio.h>
#include <stdlib.h>

bool coverage_start(struct coverage *coverage, uint32_t low, uint32_t high) {
    coverage->low = low;
    coverage->bytes = high - low;
    coverage->executed = calloc(1, coverage->bytes / 2 + 1);
    return coverage->executed != NULL;
}

bool coverage_write(const struct coverage *coverage, const char *file) {
    FILE *to = fopen(file, "w");
    if (to == NULL) {
        return false;
    }
    for (uint32_t offset = 0; offset < coverage->bytes; offset += 2) {
        if (coverage->executed[offset / 2]) {
            fprintf(to, "%08x\n", coverage->low + offset);
        }
    }
    bool failed = ferror(to);
    return fclose(to) == 0 && !failed;
}
