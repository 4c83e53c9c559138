/* Decoder of one LZ4 block (the block format, without frame or dictionary). */
#ifndef FS_LZ4_H
#define FS_LZ4_H

#include "include/status.h"

/* Decodes a block whose decoded size is known.
 * from, from_bytes: the block, used up exactly.  to, to_bytes: where the result goes, filled exactly; must not
 * overlap the block.  Nothing outside either is read or written, whatever the bytes.
 * Returns 0, or ERROR_INVALID_DATA with to partly written. */
status_t lz4_decode(const void *from, uint32_t from_bytes, void *to, uint32_t to_bytes);

#endif
