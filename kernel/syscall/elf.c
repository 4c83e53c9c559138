/* Checking ELF executables: see elf.h (System V ABI, chapters 4 and 5; ELF for the ARM Architecture, IHI 0044). */
#include "kernel/syscall/elf.h"
#include "include/layout.h"
#include <string.h>

struct elf_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version, entry, program_offset, section_offset, flags;
    uint16_t header_bytes, program_bytes, program_count, section_bytes, section_count, names;
};
_Static_assert(sizeof(struct elf_header) == 52, "ELF header");

struct elf_program {
    uint32_t type, offset, va, pa, file_bytes, memory_bytes, flags, align;
};
_Static_assert(sizeof(struct elf_program) == 32, "ELF program header");
_Static_assert(sizeof(struct elf_header) + ELF_SEGMENTS_MAX * sizeof(struct elf_program) <= ELF_HEAD_BYTES, "head");

#define TYPE_EXECUTABLE     2
#define MACHINE_ARM         40
#define FLAGS_EABI_MASK     0xff000000u
#define FLAGS_EABI5         0x05000000u
#define FLAGS_HARD_FLOAT    0x400u
#define PROGRAM_LOAD        1
#define PROGRAM_DYNAMIC     2
#define PROGRAM_INTERPRETER 3
#define PROGRAM_EXECUTE     1u
#define PROGRAM_WRITE       2u

static const char *check_header(const struct elf_header *header, uint32_t head_bytes) {
    static const uint8_t ident[7] = {0x7f, 'E', 'L', 'F', 1, 1, 1};
    if (head_bytes < sizeof *header || memcmp(header->ident, ident, sizeof ident) != 0) {
        return "no 32-bit little-endian ELF file";
    }
    if (header->version != 1) {
        return "unknown ELF version";
    }
    if (header->machine != MACHINE_ARM) {
        return "for another machine";
    }
    if (header->type != TYPE_EXECUTABLE) {
        return "no executable at fixed addresses";
    }
    if ((header->flags & FLAGS_EABI_MASK) != FLAGS_EABI5 || (header->flags & FLAGS_HARD_FLOAT)) {
        return "not EABI 5 with soft float";
    }
    if (header->program_bytes != sizeof(struct elf_program) || header->program_count == 0 ||
        header->program_count > ELF_SEGMENTS_MAX || !is_aligned(header->program_offset, 4) ||
        header->program_offset > head_bytes ||
        header->program_count * sizeof(struct elf_program) > head_bytes - header->program_offset) {
        return "program headers misplaced";
    }
    return NULL;
}

/* Adds one segment behind those before. */
static const char *add_segment(const struct elf_program *program, uint32_t size, struct elf_image *out) {
    if (program->file_bytes > program->memory_bytes || program->offset > size ||
        program->file_bytes > size - program->offset) {
        return "segment outside the file";
    }
    if (((program->va ^ program->offset) & (PAGE_SIZE - 1)) != 0) {
        return "segment not congruent";
    }
    if (program->va < USER_TEXT || program->va >= SLOT_END || program->memory_bytes > SLOT_END - program->va) {
        return "segment address out of range";
    }
    struct elf_segment *segment = &out->segments[out->count];
    uint32_t inside = program->va & (PAGE_SIZE - 1);
    segment->va = program->va - inside;
    segment->bytes = round_up(inside + program->memory_bytes, PAGE_SIZE);
    segment->offset = program->offset - inside;
    segment->file_bytes = program->file_bytes != 0 ? inside + program->file_bytes : 0;
    segment->executable = program->flags & PROGRAM_EXECUTE;
    /* What needs zeroes behind its file bytes on pages of its own cannot be shown in place. */
    segment->writable = (program->flags & PROGRAM_WRITE) || program->memory_bytes != program->file_bytes;
    if (out->count != 0) {
        const struct elf_segment *before = segment - 1;
        if (segment->va < before->va + before->bytes) {
            return "segments overlap or do not ascend";
        }
    }
    out->count++;
    return NULL;
}

static const char *check_entry(const struct elf_image *image) {
    for (uint32_t i = 0; i < image->count; i++) {
        const struct elf_segment *segment = &image->segments[i];
        if (segment->executable && image->entry - segment->va < segment->file_bytes) {
            return (image->entry & 3u) == 2 ? "entry point not aligned" : NULL;
        }
    }
    return "entry point outside the code";
}

status_t elf_parse(const void *head, uint32_t head_bytes, uint32_t size, struct elf_image *out, const char **reason) {
    const struct elf_header *header = head;
    *reason = check_header(header, head_bytes);
    if (*reason != NULL) {
        return ERROR_BAD_EXE_FORMAT;
    }
    const struct elf_program *program = (const void *)((const uint8_t *)head + header->program_offset);
    out->count = 0;
    out->entry = header->entry;
    for (uint32_t i = 0; i < header->program_count && *reason == NULL; i++, program++) {
        if (program->type == PROGRAM_DYNAMIC || program->type == PROGRAM_INTERPRETER) {
            *reason = "needs a dynamic linker";
        } else if (program->type == PROGRAM_LOAD && program->memory_bytes != 0) {
            *reason = add_segment(program, size, out);
        }
    }
    if (*reason == NULL) {
        *reason = check_entry(out);
    }
    return *reason == NULL ? ERROR_SUCCESS : ERROR_BAD_EXE_FORMAT;
}
