/* The lock of a stdio stream, for the library's own functions that use newlib's unlocked ones. */
#ifndef SDK_LIB_STDIO_LOCK_H
#define SDK_LIB_STDIO_LOCK_H

#include <stdio.h>

/* Takes the stream's recursive lock; makes the standard streams ready when they are not. */
void stream_lock(FILE *stream);
void stream_unlock(FILE *stream);

#endif
