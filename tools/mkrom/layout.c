/* mkrom: where everything goes.
 *
 * Page 0, the kernel and the head lie in front.  Behind them the files are placed by falling alignment, each into the
 * first hole that takes it: what 1 MB and 64 KB alignment leaves open is filled with small files, and compressed
 * streams, which need no pages of their own, fill what is left.  Of the files on 1 MB, which stand in a row, the one
 * that leaves most open comes last, where nothing has to follow it; others go by falling size.
 */
#include "tools/mkrom/mkrom.h"
#include <stdlib.h>
#include <string.h>

struct hole {
    uint64_t start, end;
};

struct holes {
    struct hole *items; /* ascending; the last reaches to the end of the address space */
    uint32_t count;
};

static uint64_t round_up64(uint64_t value, uint64_t to) {
    return (value + to - 1) & ~(to - 1);
}

static bool is_plain(const struct rom_input *input) {
    return input->stored == input->size;
}

static uint32_t alignment_of(const struct rom_input *input) {
    return is_plain(input) ? rom_alignment(input->size) : 4;
}

/* What a file leaves open up to the next 1 MB boundary. */
static uint32_t waste_of(const struct rom_input *input) {
    return (0u - input->stored) & (SECTION_SIZE - 1);
}

/* Takes bytes out of the first hole with room for them and splits it. */
static uint64_t take_room(struct holes *holes, uint64_t bytes, uint32_t alignment) {
    for (uint32_t i = 0; i < holes->count; i++) {
        struct hole whole = holes->items[i];
        uint64_t start = round_up64(whole.start, alignment);
        if (start + bytes > whole.end) {
            continue;
        }
        struct hole pieces[2] = {{whole.start, start}, {start + bytes, whole.end}};
        uint32_t kept = 0;
        for (uint32_t p = 0; p < 2; p++) {
            if (pieces[p].start < pieces[p].end) {
                pieces[kept++] = pieces[p];
            }
        }
        memmove(&holes->items[i + kept], &holes->items[i + 1], (holes->count - i - 1) * sizeof(struct hole));
        memcpy(&holes->items[i], pieces, kept * sizeof(struct hole));
        holes->count += kept - 1;
        return start;
    }
    fail("the image does not fit below the end of the address space");
}

static int compare_for_placing(const void *left, const void *right) {
    const struct rom_input *a = *(struct rom_input *const *)left;
    const struct rom_input *b = *(struct rom_input *const *)right;
    if (alignment_of(a) != alignment_of(b)) {
        return alignment_of(a) > alignment_of(b) ? -1 : 1;
    }
    if (alignment_of(a) == SECTION_SIZE && waste_of(a) != waste_of(b)) {
        return waste_of(a) < waste_of(b) ? -1 : 1;
    }
    if (a->stored != b->stored) {
        return a->stored > b->stored ? -1 : 1;
    }
    return a < b ? -1 : 1; /* both lie in the sorted array: by name */
}

/* The head: ROMHDR, file table, names, extension records and their data, HEAD CRC32.  Returns its end. */
static uint64_t place_head(struct rom_build *build) {
    const uint32_t records = 4;
    uint64_t at = round_up64(ROM_KERNEL_AT + (uint64_t)build->kernel_bytes, 16);
    if (at > UINT32_MAX / 2) {
        fail("%s: too large", build->options->kernel);
    }
    build->header_at = (uint32_t)at;
    at += sizeof(struct rom_header) + (uint64_t)build->count * sizeof(struct rom_file_entry);
    for (uint32_t i = 0; i < build->count; i++) {
        build->inputs[i].name_at = (uint32_t)at;
        at = round_up64(at + strlen(build->inputs[i].name) + 1, 4);
    }
    build->records_at = (uint32_t)at;
    at += (uint64_t)records * sizeof(struct rom_extension);
    build->boot_at = (uint32_t)at;
    at += 8;
    build->checks_at = (uint32_t)at;
    at += 4ull * build->count;
    build->head_crc_at = (uint32_t)at;
    return at + 4;
}

/* Places the files and returns the end of the last. */
static uint64_t place_files(struct rom_build *build, uint64_t head_end) {
    uint64_t end = head_end;
    struct holes holes = {.items = allocate((2 * (size_t)build->count + 2) * sizeof(struct hole)), .count = 1};
    struct rom_input **order = allocate(build->count * sizeof(struct rom_input *));
    holes.items[0] = (struct hole){head_end, (1ull << 32) - build->options->base - PAGE_SIZE};
    for (uint32_t i = 0; i < build->count; i++) {
        order[i] = &build->inputs[i];
    }
    if (build->count != 0) {
        qsort(order, build->count, sizeof(*order), compare_for_placing);
    }
    for (uint32_t i = 0; i < build->count; i++) {
        struct rom_input *input = order[i];
        if (input->size == 0) { /* any page of the image does, and readers want one */
            input->offset = round_down((uint32_t)head_end - 1, PAGE_SIZE);
            continue;
        }
        uint64_t bytes = is_plain(input) ? round_up64(input->stored, PAGE_SIZE) : input->stored;
        uint64_t start = take_room(&holes, bytes, alignment_of(input));
        input->offset = (uint32_t)start;
        if (start + bytes > end) {
            end = start + bytes;
        }
    }
    free(order);
    free(holes.items);
    return end;
}

void layout_place(struct rom_build *build) {
    uint64_t head_end = place_head(build);
    uint64_t length = round_up64(place_files(build, head_end), PAGE_SIZE);
    if (build->count != 0 && build->inputs[build->count - 1].name_at + (uint64_t)ROM_NAME_WINDOW > length) {
        length += PAGE_SIZE;
    }
    if (length < ROM_LENGTH_LEAST) {
        length = ROM_LENGTH_LEAST;
    }
    if (build->options->base + length > UINT32_MAX) {
        fail("%s: %llu bytes at 0x%x do not fit below the end of the address space", build->options->output,
             (unsigned long long)length, build->options->base);
    }
    build->length = (uint32_t)length;
}
