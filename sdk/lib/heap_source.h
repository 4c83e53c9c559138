/* Where heaps get their memory. */
#ifndef SDK_LIB_HEAP_SOURCE_H
#define SDK_LIB_HEAP_SOURCE_H

#include <stdint.h>

/* Reserves addresses for bytes, a multiple of 64 KB; NULL: there are none. */
void *heap_source_reserve(uint32_t bytes);

/* Commits whole pages inside a reservation: they are zero.  0: there is no memory. */
int heap_source_commit(void *address, uint32_t bytes);

/* Gives a whole reservation back. */
void heap_source_release(void *address);

#endif
