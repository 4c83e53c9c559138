/* malloc and its relatives, and those of newlib's own functions: blocks of the process's heap.  What was not given out,
 * or freed before, is damage here: these functions have no way to say that it failed. */
#include "sdk/lib/heap_process.h"
#include <errno.h>
#include <malloc.h>
#include <reent.h>
#include <stdlib.h>

static void *take(size_t bytes, size_t alignment, int zero) {
    void *address;
    if (heap_locked_take(&heap_of_process, bytes, alignment, zero, &address) == HEAP_OK) {
        return address;
    }
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t bytes) {
    return take(bytes, UNIT, 0);
}

void free(void *address) {
    if (address && heap_locked_give(&heap_of_process, address) != HEAP_OK) {
        heap_report_damage();
    }
}

void *calloc(size_t count, size_t bytes) {
    size_t all;
    if (__builtin_mul_overflow(count, bytes, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    return take(all, UNIT, 1);
}

/* realloc(address, 0) frees and gives NULL, as newlib's and the Microsoft library's. */
void *realloc(void *address, size_t bytes) {
    if (!address) {
        return malloc(bytes);
    }
    if (bytes == 0) {
        free(address);
        return NULL;
    }
    enum heap_result result = heap_locked_resize(&heap_of_process, &address, bytes, 1, 0);
    if (result == HEAP_NOT_A_BLOCK) {
        heap_report_damage();
    }
    if (result == HEAP_NO_MEMORY) {
        errno = ENOMEM;
        return NULL;
    }
    return address;
}

void *memalign(size_t alignment, size_t bytes) {
    if (alignment == 0 || (alignment & (alignment - 1))) {
        errno = EINVAL;
        return NULL;
    }
    return take(bytes, alignment < UNIT ? UNIT : alignment, 0);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
    return memalign(alignment, bytes);
}

int posix_memalign(void **out, size_t alignment, size_t bytes) {
    int before = errno;
    void *address = alignment % sizeof(void *) ? NULL : memalign(alignment, bytes);
    int error = address                                                                         ? 0
                : alignment == 0 || alignment % sizeof(void *) || (alignment & (alignment - 1)) ? EINVAL
                                                                                                : ENOMEM;
    errno = before;
    if (!error) {
        *out = address;
    }
    return error;
}

size_t malloc_usable_size(void *address) {
    size_t bytes = 0;
    if (address && heap_locked_size(&heap_of_process, address, &bytes) != HEAP_OK) {
        heap_report_damage();
    }
    return bytes;
}

size_t _msize(void *address) {
    return malloc_usable_size(address);
}

/* newlib's functions call these. */
void *_malloc_r(struct _reent *state, size_t bytes) {
    (void)state;
    return malloc(bytes);
}

void _free_r(struct _reent *state, void *address) {
    (void)state;
    free(address);
}

void *_calloc_r(struct _reent *state, size_t count, size_t bytes) {
    (void)state;
    return calloc(count, bytes);
}

void *_realloc_r(struct _reent *state, void *address, size_t bytes) {
    (void)state;
    return realloc(address, bytes);
}

void *_memalign_r(struct _reent *state, size_t alignment, size_t bytes) {
    (void)state;
    return memalign(alignment, bytes);
}
