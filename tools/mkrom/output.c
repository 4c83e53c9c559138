/* mkrom: outputs appear whole or not at all: each is written beside its place under another name, and all are renamed
 * when the last is complete. */
#include "tools/mkrom/mkrom.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUTPUTS_MOST 2

static struct {
    const char *path;
    char *temporary;
} staged[OUTPUTS_MOST];
static uint32_t staged_count;

static void remove_staged(void) {
    for (uint32_t i = 0; i < staged_count; i++) {
        if (staged[i].temporary != NULL) {
            unlink(staged[i].temporary);
        }
    }
}

/* mkstemp() gives files to their owner only; an image is as readable as other files. */
static void set_usual_mode(int descriptor) {
    mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, 0666 & ~mask);
}

void output_clear(const char *path) {
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        unlink(path);
    }
}

void output_stage(const char *path, const void *data, size_t bytes) {
    const char suffix[] = ".XXXXXX";
    if (staged_count == 0) {
        atexit(remove_staged);
    }
    char *temporary = allocate(strlen(path) + sizeof(suffix));
    strcpy(temporary, path);
    strcat(temporary, suffix);
    int descriptor = mkstemp(temporary);
    if (descriptor < 0) {
        fail("%s: %s", path, strerror(errno));
    }
    staged[staged_count].path = path;
    staged[staged_count].temporary = temporary;
    staged_count++;
    set_usual_mode(descriptor);
    FILE *file = fdopen(descriptor, "wb");
    if (file == NULL || fwrite(data, 1, bytes, file) != bytes || fclose(file) != 0) {
        fail("%s: %s", path, strerror(errno));
    }
}

void output_commit(void) {
    for (uint32_t i = 0; i < staged_count; i++) {
        if (rename(staged[i].temporary, staged[i].path) != 0) {
            int error = errno;
            for (uint32_t renamed = 0; renamed < i; renamed++) {
                unlink(staged[renamed].path);
            }
            fail("%s: %s", staged[i].path, strerror(error));
        }
        free(staged[i].temporary);
        staged[i].temporary = NULL;
    }
    staged_count = 0;
}
