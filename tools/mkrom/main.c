/* mkrom: command line. */
#include "tools/mkrom/mkrom.h"
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "Usage: mkrom -o IMAGE [option]... {DIRECTORY|FILE}...\n"
                            "       mkrom -l IMAGE | -x IMAGE -d DIRECTORY | -c IMAGE  [--third-party] [--offset N]\n"
                            "\n"
                            "Writes a flat ROM image (.nb0) that holds the files, and the files of the directories,\n"
                            "or looks into one.\n"
                            "\n"
                            "  -o IMAGE             write the image to this file\n"
                            "  --bin FILE           write it as .bin container for boot loaders, too\n"
                            "  --base ADDRESS       name the image at this address (default 0x80200000)\n"
                            "  --kernel FILE        raw binary that starts at +0x1000\n"
                            "  --flash-size N       fail if the image is longer (suffix K or M)\n"
                            "  --compress PATTERN   compress the files whose names match; may be repeated\n"
                            "  --no-compress        compress nothing, whatever --compress says\n"
                            "  --system PATTERN     give matching files the SYSTEM attribute (driver programs)\n"
                            "  --hidden PATTERN     give matching files the HIDDEN attribute\n"
                            "  --time SECONDS       time stamp of all files, Unix time (default 1767225600)\n"
                            "  --ram START,END      RAM range that the header tells\n"
                            "\n"
                            "  -l IMAGE             list\n"
                            "  -x IMAGE             extract into the directory given by -d, decompressing\n"
                            "  -c IMAGE             check header, tables and the data of every file\n"
                            "  -d DIRECTORY         where -x writes\n"
                            "  --third-party        take an image that mkrom did not make\n"
                            "  --offset N           the image begins at this byte of the file\n"
                            "  --help               this text\n"
                            "\n"
                            "Exit status: 0 if all went well, 1 with a reason on stderr otherwise.\n";

enum option_key {
    KEY_BIN = 256,
    KEY_BASE,
    KEY_KERNEL,
    KEY_FLASH_SIZE,
    KEY_COMPRESS,
    KEY_NO_COMPRESS,
    KEY_SYSTEM,
    KEY_HIDDEN,
    KEY_TIME,
    KEY_RAM,
    KEY_THIRD_PARTY,
    KEY_OFFSET,
    KEY_HELP
};

static const struct option long_options[] = {
    {"bin", required_argument, NULL, KEY_BIN},
    {"base", required_argument, NULL, KEY_BASE},
    {"kernel", required_argument, NULL, KEY_KERNEL},
    {"flash-size", required_argument, NULL, KEY_FLASH_SIZE},
    {"compress", required_argument, NULL, KEY_COMPRESS},
    {"no-compress", no_argument, NULL, KEY_NO_COMPRESS},
    {"system", required_argument, NULL, KEY_SYSTEM},
    {"hidden", required_argument, NULL, KEY_HIDDEN},
    {"time", required_argument, NULL, KEY_TIME},
    {"ram", required_argument, NULL, KEY_RAM},
    {"third-party", no_argument, NULL, KEY_THIRD_PARTY},
    {"offset", required_argument, NULL, KEY_OFFSET},
    {"help", no_argument, NULL, KEY_HELP},
    {NULL, 0, NULL, 0},
};

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("mkrom: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

void romfs_note(const char *what, uint32_t where, const char *name, uint32_t length) {
    fprintf(stderr, "mkrom: %.*s%s%s at 0x%x\n", (int)length, name != NULL ? name : "", name != NULL ? ": " : "", what,
            where);
}

void *allocate(size_t bytes) {
    void *memory = calloc(1, bytes != 0 ? bytes : 1);
    if (memory == NULL) {
        fail("out of memory");
    }
    return memory;
}

static void list_add(struct rom_list *list, const char *item) {
    const char **items = realloc(list->items, (list->count + 1) * sizeof(*items));
    if (items == NULL) {
        fail("out of memory");
    }
    items[list->count++] = item;
    list->items = items;
}

/* A number with an optional suffix K or M, at most most. */
static uint64_t parse_number(const char *option, const char *text, uint64_t most, char stop, const char **rest) {
    char *end;
    errno = 0;
    uint64_t value = strtoull(text, &end, 0);
    uint64_t unit = *end == 'K' ? 1024 : *end == 'M' ? 1024 * 1024 : 1;
    end += unit != 1;
    if (end == text || *text == '-' || *end != stop || errno != 0 || value > most / unit) {
        fail("%s: bad number \"%s\"", option, text);
    }
    if (rest != NULL) {
        *rest = end + 1;
    }
    return value * unit;
}

static void parse_ram(struct rom_options *options, const char *text) {
    const char *second;
    options->ram_start = (uint32_t)parse_number("--ram", text, UINT32_MAX, ',', &second);
    options->ram_end = (uint32_t)parse_number("--ram", second, UINT32_MAX, '\0', NULL);
    if (options->ram_end <= options->ram_start) {
        fail("--ram: the end is not above the start");
    }
}

static void parse_base(struct rom_options *options, const char *text) {
    options->base = (uint32_t)parse_number("--base", text, UINT32_MAX, '\0', NULL);
    if (!is_aligned(options->base, SECTION_SIZE) || options->base < ROM_BASE_LOW || options->base >= ROM_BASE_HIGH) {
        fail("--base: 0x%x is not a multiple of 1 MB in 0x80000000..0x9fffffff", options->base);
    }
}

static void set_inspect(struct rom_options *options, int *command, int key) {
    if (*command != 0) {
        fail("only one of -o, -l, -x and -c; try --help");
    }
    *command = key;
    options->inspect = optarg;
}

static void parse_option(struct rom_options *options, int *command, int key) {
    switch (key) {
    case 'o':
        set_inspect(options, command, key);
        options->output = optarg;
        break;
    case 'l':
    case 'x':
    case 'c':
        set_inspect(options, command, key);
        break;
    case 'd':
        options->directory = optarg;
        break;
    case KEY_BIN:
        options->bin = optarg;
        break;
    case KEY_BASE:
        parse_base(options, optarg);
        break;
    case KEY_KERNEL:
        options->kernel = optarg;
        break;
    case KEY_FLASH_SIZE:
        options->flash_size = parse_number("--flash-size", optarg, UINT32_MAX, '\0', NULL);
        break;
    case KEY_COMPRESS:
        list_add(&options->compress, optarg);
        break;
    case KEY_NO_COMPRESS:
        options->no_compress = true;
        break;
    case KEY_SYSTEM:
        list_add(&options->system, optarg);
        break;
    case KEY_HIDDEN:
        list_add(&options->hidden, optarg);
        break;
    case KEY_TIME:
        options->time = (int64_t)parse_number("--time", optarg, UINT32_MAX * 4ull, '\0', NULL);
        break;
    case KEY_RAM:
        parse_ram(options, optarg);
        break;
    case KEY_THIRD_PARTY:
        options->flags |= ROMFS_THIRD_PARTY;
        break;
    case KEY_OFFSET:
        options->offset = (uint32_t)parse_number("--offset", optarg, UINT32_MAX, '\0', NULL);
        break;
    case KEY_HELP:
        fputs(usage, stdout);
        exit(0);
    default:
        fail("bad usage; try --help");
    }
}

/* Sizes for the summary: how much of the image is what. */
static void print_summary(const struct rom_build *build) {
    uint64_t plain = 0;
    uint64_t stored = 0;
    uint64_t real = 0;
    uint32_t compressed = 0;
    for (uint32_t i = 0; i < build->count; i++) {
        const struct rom_input *input = &build->inputs[i];
        if (input->stored == input->size) {
            plain += input->size;
        } else {
            compressed++;
            stored += input->stored;
            real += input->size;
        }
    }
    uint32_t head = build->head_crc_at + 4 - build->header_at;
    uint64_t padding = build->length - (uint64_t)ROM_SIGNATURE_END - build->kernel_bytes - head - plain - stored;
    printf("%s: %u bytes at 0x%08x\n", build->options->output, build->length, build->options->base);
    printf("  kernel     %10u\n", build->kernel_bytes);
    printf("  tables     %10u\n", head);
    printf("  plain      %10llu in %u files\n", (unsigned long long)plain, build->count - compressed);
    printf("  compressed %10llu in %u files, from %llu\n", (unsigned long long)stored, compressed,
           (unsigned long long)real);
    printf("  padding    %10llu\n", (unsigned long long)padding);
}

static int write_image(const struct rom_options *options) {
    struct rom_build build = {.options = options};
    output_clear(options->output);
    if (options->bin != NULL) {
        output_clear(options->bin);
    }
    input_collect(&build);
    layout_place(&build);
    if (options->flash_size != 0 && build.length > options->flash_size) {
        fail("%s: %u bytes do not fit into the flash of %llu bytes", options->output, build.length,
             (unsigned long long)options->flash_size);
    }
    image_make(&build);
    output_stage(options->output, build.image, build.length);
    if (options->bin != NULL) {
        size_t bytes;
        uint8_t *container = container_make(&build, &bytes);
        output_stage(options->bin, container, bytes);
    }
    output_commit();
    print_summary(&build);
    return 0;
}

int main(int argc, char **argv) {
    struct rom_options options = {.base = ROM_BASE_DEFAULT, .time = TIME_DEFAULT};
    int command = 0;
    int key;
    while ((key = getopt_long(argc, argv, "o:l:x:c:d:", long_options, NULL)) != -1) {
        parse_option(&options, &command, key);
    }
    for (int i = optind; i < argc; i++) {
        list_add(&options.inputs, argv[i]);
    }
    if (command != 'o' && options.inputs.count != 0) {
        fail("%s: files are only taken with -o; try --help", options.inputs.items[0]);
    }
    switch (command) {
    case 'o':
        return write_image(&options);
    case 'l':
        return inspect_list(&options);
    case 'x':
        return inspect_extract(&options);
    case 'c':
        return check_image(&options);
    default:
        fail("nothing to do; try --help");
    }
}
