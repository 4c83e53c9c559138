/* Memory that a process takes once and keeps: below malloc, so that small programs need not link it. */
#ifndef SDK_LIB_MEMORY_H
#define SDK_LIB_MEMORY_H

#include <stddef.h>

/* Takes so many bytes (1 at least), zeroed.  Returns NULL when there is no memory.  For the time when there is one
 * thread. */
void *memory_get(size_t bytes);

#endif
