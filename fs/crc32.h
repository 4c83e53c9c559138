/* CRC-32 (IEEE 802.3, reflected, as in zlib and POSIX gzip). */
#ifndef FS_CRC32_H
#define FS_CRC32_H

#include "include/types.h"

/* Continues a sum over more bytes.
 * crc: the sum of what came before, 0 at the start.  data: bytes readable bytes, any alignment.
 * Returns the sum of everything.  No locking: the table made at the first call comes out the same however often and
 * by whomever it is made. */
uint32_t crc32_update(uint32_t crc, const void *data, uint32_t bytes);

#endif
