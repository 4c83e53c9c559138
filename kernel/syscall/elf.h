/* ELF executables: checking one, and what it wants mapped where.
 *
 * 32-bit, little endian, ARM EABI 5, soft float, linked to fixed addresses.  Segments ascend by address, share no page,
 * and their file offsets are congruent to their addresses modulo the page size.
 */
#ifndef KERNEL_SYSCALL_ELF_H
#define KERNEL_SYSCALL_ELF_H

#include "include/status.h"

#define ELF_SEGMENTS_MAX 8u
#define ELF_HEAD_BYTES   320u /* header and program headers: all that elf_parse reads */

struct elf_segment {
    uint32_t va;         /* of the first page */
    uint32_t bytes;      /* whole pages */
    uint32_t offset;     /* in the file, of the first page */
    uint32_t file_bytes; /* bytes from offset on that come from the file; the rest is zero */
    bool writable;
    bool executable;
};

struct elf_image {
    uint32_t entry; /* bit 0: Thumb */
    uint32_t count;
    struct elf_segment segments[ELF_SEGMENTS_MAX];
};

/* Checks an executable.  head: its first head_bytes bytes (ELF_HEAD_BYTES, or all of a shorter file), 4-byte aligned;
 * size: of the whole file.  out: filled on success.  reason: why not, a static string.  Error: ERROR_BAD_EXE_FORMAT. */
status_t elf_parse(const void *head, uint32_t head_bytes, uint32_t size, struct elf_image *out, const char **reason);

#endif
