/* mkrom: which files go into the image. */
#include "tools/mkrom/mkrom.h"
#include "fs/romname.h"
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

uint8_t *read_file(const char *path, uint32_t *bytes) {
    struct stat status;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        fail("%s: %s", path, strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        fail("%s: not a file", path);
    }
    if (status.st_size > (off_t)UINT32_MAX) {
        fail("%s: 4 GB or longer", path);
    }
    *bytes = (uint32_t)status.st_size;
    uint8_t *data = allocate(*bytes);
    if (fread(data, 1, *bytes, file) != *bytes || fgetc(file) != EOF) {
        fail("%s: cannot be read, or changes", path);
    }
    fclose(file);
    return data;
}

static void add_file(struct rom_build *build, const char *path, const char *name) {
    const char *what;
    if (rom_name_measure((const uint8_t *)name, (uint32_t)strlen(name) + 1, false, &what) == 0) {
        fail("%s: %s", path, what);
    }
    if (build->count == ROM_FILES_MOST) {
        fail("more than %u files", ROM_FILES_MOST);
    }
    struct rom_input *inputs = realloc(build->inputs, (build->count + 1) * sizeof(*inputs));
    if (inputs == NULL) {
        fail("out of memory");
    }
    build->inputs = inputs;
    struct rom_input *input = &inputs[build->count++];
    memset(input, 0, sizeof(*input));
    input->name = strdup(name);
    input->source = strdup(path);
    if (input->name == NULL || input->source == NULL) {
        fail("out of memory");
    }
    input->data = read_file(path, &input->size);
    input->stored = input->size;
    input->attributes = ROM_READONLY;
}

static void add_directory(struct rom_build *build, const char *path) {
    DIR *directory = opendir(path);
    if (directory == NULL) {
        fail("%s: %s", path, strerror(errno));
    }
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        char *file = allocate(strlen(path) + strlen(entry->d_name) + 2);
        sprintf(file, "%s/%s", path, entry->d_name);
        struct stat status;
        if (stat(file, &status) == 0 && S_ISDIR(status.st_mode)) {
            fail("%s: a subdirectory; the ROM is flat", file);
        }
        add_file(build, file, entry->d_name);
        free(file);
    }
    closedir(directory);
}

static int compare_names(const void *left, const void *right) {
    const char *name = ((const struct rom_input *)left)->name;
    return rom_name_compare(name, (uint32_t)strlen(name), (const uint8_t *)((const struct rom_input *)right)->name);
}

static void refuse_duplicates(const struct rom_build *build) {
    for (uint32_t i = 1; i < build->count; i++) {
        if (compare_names(&build->inputs[i - 1], &build->inputs[i]) == 0) {
            const char *first = build->inputs[i - 1].source;
            const char *second = build->inputs[i].source;
            bool in_order = strcmp(first, second) < 0;
            fail("%s and %s: two files of one name", in_order ? first : second, in_order ? second : first);
        }
    }
}

static void apply_patterns(struct rom_build *build, const char *option, const struct rom_list *patterns,
                           uint32_t attributes) {
    for (uint32_t p = 0; p < patterns->count; p++) {
        bool used = false;
        for (uint32_t i = 0; i < build->count; i++) {
            if (fnmatch(patterns->items[p], build->inputs[i].name, FNM_CASEFOLD) == 0) {
                build->inputs[i].attributes |= attributes;
                used = true;
            }
        }
        if (!used) {
            fprintf(stderr, "mkrom: warning: %s %s matches no file\n", option, patterns->items[p]);
        }
    }
}

/* Without a kernel, what the entry branch reaches is a branch to itself. */
static void take_kernel(struct rom_build *build) {
    const uint32_t branch_to_itself = 0xeafffffe;
    if (build->options->kernel != NULL) {
        build->kernel = read_file(build->options->kernel, &build->kernel_bytes);
        if (build->kernel_bytes == 0) {
            fail("%s: empty", build->options->kernel);
        }
        return;
    }
    build->kernel_bytes = 4;
    build->kernel = allocate(build->kernel_bytes);
    rom_store32(build->kernel, branch_to_itself);
}

void input_collect(struct rom_build *build) {
    const struct rom_options *options = build->options;
    for (uint32_t i = 0; i < options->inputs.count; i++) {
        const char *path = options->inputs.items[i];
        struct stat status;
        if (stat(path, &status) != 0) {
            fail("%s: %s", path, strerror(errno));
        }
        if (S_ISDIR(status.st_mode)) {
            add_directory(build, path);
        } else {
            const char *slash = strrchr(path, '/');
            add_file(build, path, slash != NULL ? slash + 1 : path);
        }
    }
    if (build->count != 0) {
        qsort(build->inputs, build->count, sizeof(*build->inputs), compare_names);
    }
    refuse_duplicates(build);
    apply_patterns(build, "--system", &options->system, ROM_SYSTEM);
    apply_patterns(build, "--hidden", &options->hidden, ROM_HIDDEN);
    apply_patterns(build, "--compress", &options->compress, ROM_COMPRESSED);
    for (uint32_t i = 0; i < build->count; i++) {
        struct rom_input *input = &build->inputs[i];
        bool wanted = (input->attributes & ROM_COMPRESSED) != 0 && !options->no_compress;
        input->attributes &= ~ROM_COMPRESSED;
        if (wanted) {
            compress_input(input);
        }
    }
    take_kernel(build);
}
