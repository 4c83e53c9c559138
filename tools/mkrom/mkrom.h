/* mkrom: writes CE flat ROM images, lists, extracts and checks them.  What its files share.
 *
 *   input.c     directories and files -> struct rom_input, sorted by name
 *   compress.c  a file -> our block stream
 *   layout.c    where everything goes
 *   image.c     the bytes
 *   container.c the .bin container around them
 *   output.c    files written whole or not at all
 *   inspect.c, check.c  images that exist
 *
 * An error is one line on stderr and exit status 1, by fail(); no output is left then.
 */
#ifndef TOOLS_MKROM_MKROM_H
#define TOOLS_MKROM_MKROM_H

#include "fs/romfs.h"

#define TIME_DEFAULT 1767225600u /* 2026-01-01: the stamp of every file unless --time says otherwise */

/* Names on the command line, kept in their order. */
struct rom_list {
    const char **items;
    uint32_t count;
};

struct rom_options {
    const char *output;    /* -o */
    const char *bin;       /* --bin, or NULL */
    const char *kernel;    /* --kernel, or NULL */
    const char *inspect;   /* image of -l, -x, -c */
    const char *directory; /* -d */
    uint32_t offset;       /* --offset: where the image begins in that file */
    uint32_t flags;        /* ROMFS_THIRD_PARTY */
    uint32_t base;
    uint64_t flash_size;         /* 0: no limit */
    int64_t time;                /* Unix seconds */
    uint32_t ram_start, ram_end; /* both 0: not given */
    bool no_compress;
    struct rom_list compress, system, hidden, inputs;
};

/* A file on its way into an image. */
struct rom_input {
    char *name;    /* in the image */
    char *source;  /* path on the host */
    uint8_t *data; /* what is stored: the file's bytes, or the stream */
    uint32_t size, stored;
    uint32_t attributes;
    uint32_t name_at, offset; /* places in the image */
};

struct rom_build {
    const struct rom_options *options;
    struct rom_input *inputs; /* in the order of the file table */
    uint32_t count;
    uint8_t *kernel;
    uint32_t kernel_bytes;
    uint32_t header_at, records_at, boot_at, checks_at, head_crc_at; /* the head */
    uint32_t length;
    uint8_t *image;
};

/* Prints "mkrom: " and the message, removes unfinished outputs, exits with 1. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Memory that is never given back; fails when there is none. */
void *allocate(size_t bytes);

/* Reads a whole file of less than 4 GB; fails otherwise. */
uint8_t *read_file(const char *path, uint32_t *bytes);

/* Fills build->inputs and the kernel from the options: reads, names, sorts, tests for duplicates, sets attributes. */
void input_collect(struct rom_build *build);

/* Turns input's data into a stream, if that is shorter. */
void compress_input(struct rom_input *input);

/* Gives everything its place and sets build->length. */
void layout_place(struct rom_build *build);

/* Makes build->image. */
void image_make(struct rom_build *build);

/* The .bin container around the image: *bytes long. */
uint8_t *container_make(const struct rom_build *build, size_t *bytes);

/* Removes what an earlier run left at path, so that a run that fails leaves nothing that looks like its result. */
void output_clear(const char *path);

/* Writes to a temporary file beside path; output_commit() renames all that were staged, and until then an exit
 * removes them. */
void output_stage(const char *path, const void *data, size_t bytes);
void output_commit(void);

/* Mounts options->inspect or fails saying what is wrong and where; the image stays in memory. */
void inspect_mount(const struct rom_options *options, struct romfs *fs);

/* A file's name as UTF-8, in memory of its own. */
char *inspect_name(const struct rom_file *file);

/* The three commands; each returns the exit status. */
int inspect_list(const struct rom_options *options);
int inspect_extract(const struct rom_options *options);
int check_image(const struct rom_options *options);

#endif
