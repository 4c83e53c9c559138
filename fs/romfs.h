/* romfs: the files of a CE flat ROM image that lies in memory.
 *
 * An image is mounted either as ours or, with ROMFS_THIRD_PARTY, as anybody's:
 *   ours          HEAD CRC32 must be there and right; one wrong byte in signature block, header, tables, names or
 *                 extension records, or an entry against the rules, refuses the mount.  The file table is sorted, so
 *                 a name is found by halving.
 *   third party   a bad header refuses the mount, a bad entry is left out with a line on the console, of two files
 *                 with one name the first counts.  Names are looked up one after the other.
 *
 * Nothing is copied or allocated: entries are decoded from the table when asked for, with every address and length
 * tested against the image, and nothing outside [image, image + available) is ever read.  The image must not
 * change while it is mounted.  Works alike in the kernel and on a host; the host may have any byte order and word
 * size.
 *
 * Not done here: directories (everything lies in \Windows: fs/namespace.h), CE's own compression, modules (listed,
 * but their sections are not files), several regions in one image.
 */
#ifndef FS_ROMFS_H
#define FS_ROMFS_H

#include "fs/romformat.h"
#include "include/status.h"

#define ROMFS_THIRD_PARTY 1u /* flag of romfs_mount() */

/* Whether third-party images can be mounted.  The kernel has no call that asks for it and is built without (0): the
 * flag is then refused.  Tools and tests have it. */
#ifndef ROMFS_FOREIGN
#define ROMFS_FOREIGN 1
#endif

#define ROMFS_NOTHING_CACHED 0xffffffffu

/* What a mount was refused for. */
struct romfs_problem {
    const char *what; /* static string */
    uint32_t where;   /* offset in the image of the piece that is wrong */
};

enum rom_file_kind {
    ROM_FILE_PLAIN,   /* bytes as they are */
    ROM_FILE_BLOCKS,  /* compressed in 4 KB blocks: can be read, not mapped in place */
    ROM_FILE_FOREIGN, /* compressed by CE's method: listed only */
    ROM_FILE_MODULE   /* a program taken apart by CE's image builder: listed only */
};

/* A file, decoded.  Valid as long as the mount. */
struct rom_file {
    uint32_t index; /* in the table: 0 <= index < romfs_count() */
    enum rom_file_kind kind;
    uint32_t attributes; /* ROM_ bits; READONLY and INROM always, COMPRESSED and MODULE where it is one */
    uint32_t time_low, time_high;
    uint32_t size;    /* bytes a reader sees */
    uint32_t stored;  /* bytes in the image at offset; 0 for a module */
    uint32_t offset;  /* of the data, from the image's start */
    const char *name; /* in the image, zero-terminated; ASCII, in third-party images code page 1252 */
    uint32_t name_length;
};

/* A mounted image.  The fields are romfs's own. */
struct romfs {
    const uint8_t *image;
    uint32_t available; /* bytes readable at image */
    uint32_t length;    /* bytes of the image itself */
    uint32_t base;      /* va of byte 0 */
    uint32_t header;    /* offset of ROMHDR */
    uint32_t head_end;  /* ours: behind the HEAD CRC32 word; third party: 0 */
    uint32_t serial;    /* tells images apart: the HEAD CRC32, or a sum over a foreign image's header */
    uint32_t flags;
    uint32_t modules, module_table; /* count, offset */
    uint32_t files, file_table;
    uint32_t checks;    /* offset of the FILE CRC32 words, 0 if the image has none */
    uint32_t boot;      /* offset of the BOOT CRC32 data, 0 if the image has none */
    uint32_t cached_at; /* which block is in cache: data offset of its file (or ROMFS_NOTHING_CACHED) and number */
    uint32_t cached_block;
    uint8_t cache[ROM_BLOCK_SIZE]; /* the compressed block that romfs_read() decoded last */
};

/* Mounts an image.
 * fs: caller's memory, filled.  image: its first byte (page 0), 4-byte aligned; available: bytes readable there, may
 * be more than the image is long.  flags: 0 or ROMFS_THIRD_PARTY.  problem: filled when the mount is refused.
 * Returns 0; ERROR_CRC for a wrong HEAD CRC32; ERROR_INVALID_DATA for anything else that is wrong.  After an error fs
 * is an image without files. */
status_t romfs_mount(struct romfs *fs, const void *image, uint32_t available, uint32_t flags,
                     struct romfs_problem *problem);

/* Number of table entries: files, then modules. */
uint32_t romfs_count(const struct romfs *fs);

/* Decodes an entry.
 * index: below romfs_count().  out: filled on success.
 * Returns 0, or ERROR_FILE_NOT_FOUND: index too large, or an entry of a third-party image that is left out. */
status_t romfs_entry(const struct romfs *fs, uint32_t index, struct rom_file *out);

/* Finds a file by name, ignoring ASCII case.
 * name: length bytes, no terminator needed, without path.
 * Returns 0 with *out filled, or ERROR_FILE_NOT_FOUND. */
status_t romfs_lookup(const struct romfs *fs, const char *name, uint32_t length, struct rom_file *out);

/* Where romfs_read() delivers: copy() is called with ascending, adjoining pieces.
 * at: bytes from the destination's start; from: bytes readable bytes.  A status that is not 0 ends the read. */
struct romfs_sink {
    status_t (*copy)(void *context, uint32_t at, const void *from, uint32_t bytes);
    void *context;
};

/* Reads from a file through a sink, which may fail (user memory).
 * offset: in the file; at or behind its end nothing is read.  bytes: at most so many.  got: bytes delivered, also
 * after an error.
 * Returns 0; ERROR_CRC: a compressed block is damaged; ERROR_NOT_SUPPORTED: a foreign compressed file or a module; the
 * sink's status.  Compressed files go through fs->cache: the caller lets one thread at a time in. */
status_t romfs_read(struct romfs *fs, const struct rom_file *file, uint32_t offset, const struct romfs_sink *sink,
                    uint32_t bytes, uint32_t *got);

/* romfs_read() into plain memory. */
status_t romfs_read_memory(struct romfs *fs, const struct rom_file *file, uint32_t offset, void *buffer, uint32_t bytes,
                           uint32_t *got);

/* Decodes one block of a compressed file straight into a page, for a pager.
 * block: number of the 4 KB block; out: 4096 bytes, zero behind the file's end on success.
 * Returns 0; ERROR_CRC; ERROR_INVALID_PARAMETER: no such block; ERROR_NOT_SUPPORTED: not a ROM_FILE_BLOCKS file.
 * Uses nothing of fs that changes: needs no lock. */
status_t romfs_read_block(const struct romfs *fs, const struct rom_file *file, uint32_t block, void *out);

/* The address of a file's data, for mapping its pages as they lie.
 * address: set on success; page aligned, and whole pages are readable, zero behind the file's end.
 * Returns 0, or ERROR_NOT_SUPPORTED with a line on the console (romfs_note) that says why: compressed, a module,
 * data not on a page boundary (in the image or in memory), last page shared with something else.  An empty file:
 * ERROR_INVALID_PARAMETER, without a line. */
status_t romfs_in_place(const struct romfs *fs, const struct rom_file *file, const void **address);

/* Tests a file's stored bytes against the image's FILE CRC32.
 * Returns 0; ERROR_CRC; ERROR_NOT_SUPPORTED: the image has no sums, or a module. */
status_t romfs_verify(const struct romfs *fs, const struct rom_file *file);

/* Provided by romfs's user (the kernel: fs/romfs_note.c): tells the console something about an image.
 * what: static string.  where: offset in the image.  name, length: the file it is about, or NULL and 0. */
void romfs_note(const char *what, uint32_t where, const char *name, uint32_t length);

#endif
