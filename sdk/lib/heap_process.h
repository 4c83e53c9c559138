/* The process's heap, and how threads use any heap.
 *
 * All calls lock the heap, unless it was made without.  Damage that is found is an exception, raised when the lock is
 * free again: STATUS_HEAP_CORRUPTION, which cannot be continued.  Unhandled, it ends the process where the damage is
 * found.
 */
#ifndef SDK_LIB_HEAP_PROCESS_H
#define SDK_LIB_HEAP_PROCESS_H

#include "sdk/lib/heap.h"

/* The heap of malloc, LocalAlloc and GetProcessHeap. */
extern struct heap heap_of_process;

/* The functions of heap.h, for threads.  Only the check returns HEAP_DAMAGED. */
enum heap_result heap_locked_take(struct heap *heap, size_t bytes, size_t alignment, int zero, void **address);
enum heap_result heap_locked_give(struct heap *heap, void *address);
enum heap_result heap_locked_size(struct heap *heap, const void *address, size_t *bytes);

/* Whether the heap, and if it is not NULL, the block at address, are sound. */
enum heap_result heap_locked_check(struct heap *heap, const void *address);

/* Resizes a block where it lies or, if that cannot be and move is set, elsewhere.  *address: where it is then.  zero:
 * fill what is new. */
enum heap_result heap_locked_resize(struct heap *heap, void **address, size_t bytes, int move, int zero);

/* Raises the exception. */
_Noreturn void heap_report_damage(void);

#endif
