/* A formatting sink that writes to a stdio stream, in pieces of some size, so that unbuffered streams do well, too. */
#ifndef SDK_LIB_STREAM_SINK_H
#define SDK_LIB_STREAM_SINK_H

#include "sdk/lib/format.h"
#include <stdio.h>

/* Formats to the stream under its lock; wide text goes out as UTF-8.  Returns the units formatted, or -1: an error,
 * which ferror shows. */
int stream_format(FILE *stream, bool wide, const void *format, va_list list);

#endif
