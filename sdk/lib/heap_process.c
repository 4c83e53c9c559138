/* Heaps and threads: see heap_process.h. */
#include "sdk/lib/heap_process.h"
#include "sdk/lib/lock.h"
#include "sdk/lib/syscall.h"
#include <string.h>
#include <windows.h>

/* The cookie guards against accidents, not against attacks: it may be the same in all processes. */
#define PROCESS_COOKIE 0x93c467e3u

struct heap heap_of_process = {.magic = HEAP_MAGIC, .cookie = PROCESS_COOKIE};

static void heap_lock(struct heap *heap) {
    if (!(heap->options & HEAP_NO_SERIALIZE)) {
        lock_take(&heap->lock);
    }
}

static void heap_unlock(struct heap *heap) {
    if (!(heap->options & HEAP_NO_SERIALIZE)) {
        lock_give(&heap->lock);
    }
}

void heap_report_damage(void) {
    RaiseException(STATUS_HEAP_CORRUPTION, EXCEPTION_NONCONTINUABLE, 0, NULL);
    __builtin_unreachable();
}

static enum heap_result heap_leave(struct heap *heap, enum heap_result result) {
    heap_unlock(heap);
    if (result == HEAP_DAMAGED) {
        heap_report_damage();
    }
    return result;
}

enum heap_result heap_locked_take(struct heap *heap, size_t bytes, size_t alignment, int zero, void **address) {
    heap_lock(heap);
    return heap_leave(heap, heap_take(heap, bytes, alignment, zero, address));
}

enum heap_result heap_locked_give(struct heap *heap, void *address) {
    heap_lock(heap);
    return heap_leave(heap, heap_give(heap, address));
}

enum heap_result heap_locked_size(struct heap *heap, const void *address, size_t *bytes) {
    heap_lock(heap);
    return heap_leave(heap, heap_size(heap, address, bytes));
}

enum heap_result heap_locked_check(struct heap *heap, const void *address) {
    size_t bytes;
    heap_lock(heap);
    enum heap_result result = heap_check(heap);
    if (result == HEAP_OK && address) {
        result = heap_size(heap, address, &bytes);
    }
    heap_unlock(heap);
    return result;
}

/* The lock is held.  Elsewhere: a new block, what was in the old one, and then the old one goes. */
static enum heap_result resize(struct heap *heap, void **address, size_t bytes, size_t before, int move) {
    void *elsewhere;
    enum heap_result result = heap_resize(heap, *address, bytes);
    if (result != HEAP_NO_MEMORY || !move) {
        return result;
    }
    result = heap_take(heap, bytes, UNIT, 0, &elsewhere);
    if (result == HEAP_OK) {
        memcpy(elsewhere, *address, before < bytes ? before : bytes);
        result = heap_give(heap, *address);
        *address = elsewhere;
    }
    return result;
}

enum heap_result heap_locked_resize(struct heap *heap, void **address, size_t bytes, int move, int zero) {
    size_t before;
    heap_lock(heap);
    enum heap_result result = heap_size(heap, *address, &before);
    if (result == HEAP_OK) {
        result = resize(heap, address, bytes, before, move);
    }
    if (result == HEAP_OK && zero && bytes > before) {
        memset((char *)*address + before, 0, bytes - before);
    }
    return heap_leave(heap, result);
}
