/* Decoding of the arguments: everything is checked before anything is used. */
#include "tools/cachecheck/arguments.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COVERAGE_BYTES_MAX 0x01000000u /* of guest code, one byte of ours for each halfword */

static char problem[256];

/* Says what is wrong with an argument; false for the caller to return. */
static bool wrong(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vsnprintf(problem, sizeof problem, format, values);
    va_end(values);
    return false;
}

/* Reads a number of 32 bits at *text, up to end; *text is behind end afterwards. */
static bool read_number(const char **text, char end, uint32_t *number) {
    char *behind;
    unsigned long long value = strtoull(*text, &behind, 0);
    if (behind == *text || *behind != end || value > UINT32_MAX || (*text)[0] == '-') {
        return wrong("a number is wanted: %s", *text);
    }
    *number = (uint32_t)value;
    *text = behind + (end != 0);
    return true;
}

static bool read_switch(const char *text, bool *on) {
    *on = strcmp(text, "on") == 0;
    return *on || strcmp(text, "off") == 0 || wrong("on or off is wanted: %s", text);
}

static bool read_memory(struct arguments *arguments, const char *text, bool flash) {
    if (arguments->memory_count == ARGUMENTS_MEMORY_MAX) {
        return wrong("more than %d ranges of memory", ARGUMENTS_MEMORY_MAX);
    }
    struct memory *memory = &arguments->memory[arguments->memory_count++];
    if (!read_number(&text, ':', &memory->pa) || !read_number(&text, flash ? ':' : 0, &memory->size) ||
        (flash && !read_number(&text, 0, &memory->flash_block))) {
        return false;
    }
    if (memory->size == 0 || memory->size - 1 > UINT32_MAX - memory->pa || (flash && memory->flash_block == 0)) {
        return wrong("no such memory: 0x%x bytes at 0x%x", memory->size, memory->pa);
    }
    return true;
}

/* The addresses are behind the last two colons: the file may have some in its name. */
static bool read_coverage(struct arguments *arguments, const char *text) {
    if (arguments->coverage_count == ARGUMENTS_COVERAGE_MAX) {
        return wrong("more than %d coverage files", ARGUMENTS_COVERAGE_MAX);
    }
    char *file = strdup(text);
    char *high = strrchr(file, ':');
    if (high != NULL) {
        *high++ = 0;
    }
    char *low = high != NULL ? strrchr(file, ':') : NULL;
    if (low == NULL || low == file) {
        free(file);
        return wrong("FILE:LOW:HIGH is wanted: %s", text);
    }
    *low++ = 0;
    const char *low_text = low, *high_text = high;
    size_t index = arguments->coverage_count++;
    arguments->coverage[index].file = file;
    if (!read_number(&low_text, 0, &arguments->coverage[index].low) ||
        !read_number(&high_text, 0, &arguments->coverage[index].high)) {
        return false;
    }
    uint32_t bytes = arguments->coverage[index].high - arguments->coverage[index].low;
    if (bytes == 0 || bytes > COVERAGE_BYTES_MAX) {
        return wrong("a range of at most 0x%x bytes is wanted: %s", COVERAGE_BYTES_MAX, text);
    }
    return true;
}

static bool read_one(struct arguments *arguments, const char *key, const char *value) {
    if (strcmp(key, "cpu") == 0) {
        arguments->cpu = cpu_model_find(value);
        return arguments->cpu != NULL || wrong("nothing is known of this CPU: %s", value);
    }
    if (strcmp(key, "ram") == 0 || strcmp(key, "flash") == 0) {
        return read_memory(arguments, value, *key == 'f');
    }
    if (strcmp(key, "report") == 0) {
        free(arguments->report);
        arguments->report = strdup(value);
        return true;
    }
    if (strcmp(key, "preempt") == 0) {
        arguments->watches_preempt = true;
        return read_number(&value, 0, &arguments->preempt);
    }
    if (strcmp(key, "caches") == 0) {
        return read_switch(value, &arguments->caches);
    }
    if (strcmp(key, "latency") == 0) {
        return read_switch(value, &arguments->latency);
    }
    if (strcmp(key, "coverage") == 0) {
        return read_coverage(arguments, value);
    }
    return wrong("no such argument: %s", key);
}

const char *arguments_read(struct arguments *arguments, int count, char *const *values) {
    *arguments = (struct arguments){.caches = true};
    for (int i = 0; i < count; i++) {
        char *key = strdup(values[i]);
        char *value = strchr(key, '=');
        if (value != NULL) {
            *value++ = 0;
        }
        bool read = value != NULL ? read_one(arguments, key, value) : wrong("key=value is wanted: %s", key);
        free(key);
        if (!read) {
            return problem;
        }
    }
    if (arguments->cpu == NULL || arguments->memory_count == 0 || arguments->report == NULL) {
        return "cpu=, ram= and report= are wanted";
    }
    return NULL;
}
