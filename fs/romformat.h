/* The CE flat ROM image (.nb0) in bytes: what lies where.  docs/rom-format.md specifies the image.
 *
 *   +0x0000  page 0: entry branch, signature block at 0x40, zeros
 *   +0x1000  kernel, starts in place
 *    ...     the head, one piece: ROMHDR, module table, file table, names, extension records, FILE CRC32 words,
 *            and as its last word the HEAD CRC32 over page 0 from 0x40 and the head itself
 *    ...     file data
 *
 * Numbers are little endian.  Pointers in the image are image addresses (va); offset = va - rom_header.first.
 * The structures name the offsets; an image is read with rom_load32() and friends, because tables of foreign
 * images lie at any byte.  Shared by the kernel and the host tools.
 */
#ifndef FS_ROMFORMAT_H
#define FS_ROMFORMAT_H

#include "include/types.h"

#define ROM_SIGNATURE_AT    0x40u /* dword "ECEC" */
#define ROM_SIGNATURE       0x43454345u
#define ROM_HEADER_VA_AT    0x44u /* va of ROMHDR */
#define ROM_HEADER_AT       0x48u /* offset of ROMHDR; 0 in images of CE 2 */
#define ROM_SIGNATURE_END   0x4cu
#define ROM_KERNEL_AT       0x1000u     /* what the entry branch jumps to */
#define ROM_ENTRY_BRANCH    0xea0003feu /* ARM: b +0x1000 */
#define ROM_BASE_DEFAULT    0x80200000u
#define ROM_BASE_LOW        0x80000000u /* our images are named in [LOW, HIGH) */
#define ROM_BASE_HIGH       0xa0000000u
#define ROM_LENGTH_LEAST    0x2000u
#define ROM_FILES_MOST      65535u
#define ROM_EXTENSIONS_MOST 64u
#define ROM_NAME_WINDOW     260u /* foreign readers read this much from a name on */
#define ROM_NAME_MOST       250u /* "\Windows\" + name + zero is MAX_PATH */

/* ROMHDR. */
struct rom_header {
    uint32_t dll_first, dll_last; /* 0 */
    uint32_t first;               /* va of image byte 0 */
    uint32_t last;                /* va behind the last byte */
    uint32_t modules;             /* entries of the module table, directly behind this header; ours: 0 */
    uint32_t ram_start, ram_free, ram_end;
    uint32_t copy_entries, copy_table;
    uint32_t profile_bytes, profile;
    uint32_t files; /* entries of the file table, behind the module table */
    uint32_t kernel_flags;
    uint32_t fs_ram_percent;
    uint32_t global_start, global_bytes;
    uint16_t cpu; /* PE machine number */
    uint16_t misc_flags;
    uint32_t extensions; /* va of the first extension record (a place holder), or 0 */
    uint32_t tracking_start, tracking_bytes;
};

struct rom_file_entry {
    uint32_t attributes;
    uint32_t time_low, time_high; /* FILETIME: 100 ns since 1601-01-01 UTC */
    uint32_t size;
    uint32_t stored; /* = size: plain; < size: compressed; > size: invalid */
    uint32_t name;   /* va of zero-terminated bytes */
    uint32_t data;   /* va */
};

struct rom_module_entry {
    uint32_t attributes;
    uint32_t time_low, time_high;
    uint32_t size;
    uint32_t name;
    uint32_t e32, o32, load;
};

struct rom_extension {
    char name[24];
    uint32_t type;
    uint32_t data; /* va */
    uint32_t bytes;
    uint32_t reserved;
    uint32_t next; /* va of the next record, 0 at the end */
};

#define ROM_EXTENSION_HEAD "HEAD CRC32" /* one word, the last of the head; taken as 0 in its own sum */
#define ROM_EXTENSION_FILE "FILE CRC32" /* one word a file: sum of the stored bytes */
#define ROM_EXTENSION_BOOT "BOOT CRC32" /* kernel bytes; sum of [0, 0x40) and of so many bytes from 0x1000 */

/* A compressed file of ours: this, then end[count], check[count], and the blocks. */
struct rom_stream {
    uint32_t magic;
    uint32_t size; /* as in the table */
    uint16_t algorithm;
    uint16_t block_shift;
    uint32_t count; /* blocks: size / 4096, rounded up */
};

#define ROM_STREAM_MAGIC       0x31464342u /* "BCF1" */
#define ROM_STREAM_LZ4         1u
#define ROM_BLOCK_SHIFT        12u
#define ROM_BLOCK_SIZE         (1u << ROM_BLOCK_SHIFT)
#define ROM_STREAM_AMBIGUOUS   0x464342u /* a file of this size is never compressed: CE's stream would begin alike */
#define ROM_STREAM_BYTES_BLOCK 8u        /* end and check */

/* Attributes of files. */
#define ROM_READONLY    0x0001u
#define ROM_HIDDEN      0x0002u
#define ROM_SYSTEM      0x0004u
#define ROM_DIRECTORY   0x0010u
#define ROM_ARCHIVE     0x0020u
#define ROM_INROM       0x0040u
#define ROM_NORMAL      0x0080u
#define ROM_COMPRESSED  0x0800u
#define ROM_STATICREF   0x1000u
#define ROM_MODULE      0x2000u
#define ROM_MACHINE_ARM 0x01c0u

_Static_assert(sizeof(struct rom_header) == 0x54, "ROMHDR layout");
_Static_assert(offsetof(struct rom_header, first) == 0x08 && offsetof(struct rom_header, modules) == 0x10 &&
                   offsetof(struct rom_header, files) == 0x30 && offsetof(struct rom_header, cpu) == 0x44 &&
                   offsetof(struct rom_header, extensions) == 0x48,
               "ROMHDR offsets");
_Static_assert(sizeof(struct rom_file_entry) == 0x1c && offsetof(struct rom_file_entry, data) == 0x18, "file entry");
_Static_assert(sizeof(struct rom_module_entry) == 0x20 && offsetof(struct rom_module_entry, name) == 0x10, "module");
_Static_assert(sizeof(struct rom_extension) == 44 && offsetof(struct rom_extension, next) == 40, "extension record");
_Static_assert(sizeof(struct rom_stream) == 16, "stream header");

/* Where a plain file of ours must start: a multiple of this, counted from the image's start. */
static inline uint32_t rom_alignment(uint32_t size) {
    if (size >= SECTION_SIZE) {
        return SECTION_SIZE;
    }
    return size >= LARGE_SIZE ? LARGE_SIZE : PAGE_SIZE;
}

/* A word at a multiple of 4. */
static inline uint32_t rom_load_aligned(const uint8_t *at) {
    uint32_t value;
    __builtin_memcpy(&value, __builtin_assume_aligned(at, 4), 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    return value;
}

/* A word at any byte, byte by byte. */
uint32_t rom_load32_bytes(const uint8_t *at);

/* A word at any byte: unaligned loads trap in the kernel, but our own images have every word on four bytes. */
ALWAYS_INLINE uint32_t rom_load32(const uint8_t *at) {
    return ((uintptr_t)at & 3u) == 0 ? rom_load_aligned(at) : rom_load32_bytes(at);
}

static inline uint32_t rom_load16(const uint8_t *at) {
    return at[0] | (uint32_t)at[1] << 8;
}

static inline void rom_store32(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    at[2] = (uint8_t)(value >> 16);
    at[3] = (uint8_t)(value >> 24);
}

static inline void rom_store16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

/* A field of one of the structures above, at an address of any alignment. */
#define ROM_FIELD(at, type, field) rom_load32((at) + offsetof(struct type, field))

#endif
