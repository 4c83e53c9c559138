/* Code page 1252, in which the names of third-party images are taken. */
#ifndef FS_CP1252_H
#define FS_CP1252_H

#include "include/types.h"

/* The UTF-16 unit of a byte.  The five bytes that the code page leaves undefined map to the same number. */
uint16_t cp1252_to_utf16(uint8_t byte);

/* The byte of a UTF-16 unit, or 0 when it has none (also for 0 itself). */
uint8_t cp1252_from_utf16(uint16_t unit);

#endif
