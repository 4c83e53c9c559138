/* The plugin's arguments: key=value, each in one string. */
#ifndef TOOLS_CACHECHECK_ARGUMENTS_H
#define TOOLS_CACHECHECK_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "tools/cachecheck/model.h"

#define ARGUMENTS_MEMORY_MAX   8
#define ARGUMENTS_COVERAGE_MAX 4

struct arguments {
    const struct cpu_model *cpu;                /* cpu=NAME */
    struct memory memory[ARGUMENTS_MEMORY_MAX]; /* ram=PA:BYTES, flash=PA:BYTES:BLOCK; bytes is NULL */
    size_t memory_count;
    char *report; /* report=FILE */
    bool caches;  /* caches=on|off, on unless given: feed the model */
    bool latency; /* latency=on|off, off unless given: measure stretches */
    bool watches_preempt;
    uint32_t preempt; /* preempt=VA of a word that is not 0 while preemption is held off */
    struct {
        char *file; /* coverage=FILE:LOW:HIGH, LOW to HIGH - 1 */
        uint32_t low, high;
    } coverage[ARGUMENTS_COVERAGE_MAX];
    size_t coverage_count;
};

/* Reads count arguments into *arguments; the strings that it keeps are its own.  NULL: all is well; else what is wrong,
 * in a buffer that the next call writes anew. */
const char *arguments_read(struct arguments *arguments, int count, char *const *values);

#endif
