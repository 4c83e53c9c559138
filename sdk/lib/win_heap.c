/* Win32 heaps.  A heap that HeapCreate makes lies at the beginning of its first segment. */
#include "sdk/lib/heap_process.h"
#include "sdk/lib/heap_source.h"
#include "sdk/lib/syscall.h"
#include <windows.h>

#define CREATE_OPTIONS (HEAP_NO_SERIALIZE | HEAP_GENERATE_EXCEPTIONS)
#define CALL_OPTIONS   (CREATE_OPTIONS | HEAP_ZERO_MEMORY | HEAP_REALLOC_IN_PLACE_ONLY)
#define PAGE           4096u

static uint32_t round_up(uint32_t value, uint32_t grain) {
    return (value + grain - 1) & ~(grain - 1);
}

/* The heap that a handle means; NULL, with the last error set: none. */
static struct heap *heap_of(HANDLE handle) {
    struct heap *heap = handle;
    if (!heap || address_of(heap) % sizeof(uint32_t) || heap->magic != HEAP_MAGIC) {
        finish(ERROR_INVALID_HANDLE);
        return NULL;
    }
    return heap;
}

/* Reports; without memory, the heap or the call may want an exception instead. */
static BOOL report(const struct heap *heap, DWORD options, enum heap_result result) {
    if (result == HEAP_NO_MEMORY) {
        if ((heap->options | options) & HEAP_GENERATE_EXCEPTIONS) {
            RaiseException(STATUS_NO_MEMORY, 0, 0, NULL);
        }
        return finish(ERROR_NOT_ENOUGH_MEMORY);
    }
    return finish(result == HEAP_OK ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER);
}

HANDLE GetProcessHeap(void) {
    return &heap_of_process;
}

HANDLE HeapCreate(DWORD flOptions, DWORD dwInitialSize, DWORD dwMaximumSize) {
    uint32_t head = sizeof(struct heap_segment) + sizeof(struct heap) + 2 * UNIT;
    if ((flOptions & ~(DWORD)CREATE_OPTIONS) || (dwMaximumSize && dwInitialSize > dwMaximumSize) ||
        dwInitialSize > BYTES_MAX || dwMaximumSize > BYTES_MAX) {
        finish(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    uint32_t committed = round_up(head + dwInitialSize, PAGE);
    uint32_t reserved = round_up(head + (dwMaximumSize ? dwMaximumSize : dwInitialSize), SEGMENT_GRAIN);
    struct heap_segment *segment = heap_source_reserve(reserved);
    if (!segment || !heap_source_commit(segment, committed)) {
        if (segment) {
            heap_source_release(segment);
        }
        finish(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    struct heap *heap = (struct heap *)(segment + 1);
    heap_init(heap, flOptions, ~address_of(heap), dwMaximumSize);
    heap_add_first(heap, segment, dwMaximumSize ? round_up(head + dwMaximumSize, PAGE) : reserved, committed,
                   sizeof(*heap));
    finish(ERROR_SUCCESS);
    return heap;
}

BOOL HeapDestroy(HANDLE hHeap) {
    struct heap *heap = heap_of(hHeap);
    if (!heap) {
        return FALSE;
    }
    if (heap == &heap_of_process) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    heap_drop(heap);
    heap->magic = 0;
    heap_source_release(heap->first);
    return finish(ERROR_SUCCESS);
}

LPVOID HeapAlloc(HANDLE hHeap, DWORD dwFlags, DWORD dwBytes) {
    struct heap *heap = heap_of(hHeap);
    void *address;
    if (!heap) {
        return NULL;
    }
    if (dwFlags & ~(DWORD)CALL_OPTIONS) {
        finish(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    enum heap_result result = heap_locked_take(heap, dwBytes, UNIT, (dwFlags & HEAP_ZERO_MEMORY) != 0, &address);
    return report(heap, dwFlags, result) ? address : NULL;
}

LPVOID HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem, DWORD dwBytes) {
    struct heap *heap = heap_of(hHeap);
    if (!heap) {
        return NULL;
    }
    if (!lpMem || (dwFlags & ~(DWORD)CALL_OPTIONS)) {
        finish(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    enum heap_result result = heap_locked_resize(heap, &lpMem, dwBytes, !(dwFlags & HEAP_REALLOC_IN_PLACE_ONLY),
                                                 (dwFlags & HEAP_ZERO_MEMORY) != 0);
    return report(heap, dwFlags, result) ? lpMem : NULL;
}

BOOL HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem) {
    struct heap *heap = heap_of(hHeap);
    if (!heap) {
        return FALSE;
    }
    if (dwFlags & ~(DWORD)CALL_OPTIONS) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    return report(heap, 0, lpMem ? heap_locked_give(heap, lpMem) : HEAP_OK);
}

DWORD HeapSize(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem) {
    struct heap *heap = heap_of(hHeap);
    size_t bytes = 0;
    if (!heap) {
        return (DWORD)-1;
    }
    if (!lpMem || (dwFlags & ~(DWORD)CALL_OPTIONS)) {
        finish(ERROR_INVALID_PARAMETER);
        return (DWORD)-1;
    }
    return report(heap, 0, heap_locked_size(heap, lpMem, &bytes)) ? bytes : (DWORD)-1;
}

BOOL HeapValidate(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem) {
    struct heap *heap = heap_of(hHeap);
    return heap && !(dwFlags & ~(DWORD)CALL_OPTIONS) && heap_locked_check(heap, lpMem) == HEAP_OK;
}
