/* Memory that a process takes once and keeps: below malloc, so that small programs need not link it. */
#ifndef SDK_LIB_MEMORY_H
#define SDK_LIB_MEMORY_H

#include <stddef.h>

/* Takes bytes of zeroed memory, aligned to 8, from the process's heap, where malloc's sbrk continues behind it.
 * Returns NULL when there is no memory.  Safe from any thread. */
void *memory_get(size_t bytes);

#endif
