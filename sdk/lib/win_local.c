/* Win32's local memory: blocks of the process's heap, whose handles are their addresses. */
#include "sdk/lib/heap_process.h"
#include "sdk/lib/syscall.h"
#include <windows.h>

#define OPTIONS (LMEM_FIXED | LMEM_MOVEABLE | LMEM_ZEROINIT)

static BOOL report(enum heap_result result) {
    return finish(result == HEAP_OK          ? ERROR_SUCCESS
                  : result == HEAP_NO_MEMORY ? ERROR_NOT_ENOUGH_MEMORY
                                             : ERROR_INVALID_HANDLE);
}

HLOCAL LocalAlloc(UINT uFlags, UINT uBytes) {
    void *address;
    if (uFlags & ~(UINT)(LMEM_FIXED | LMEM_ZEROINIT)) {
        finish(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    enum heap_result result = heap_locked_take(&heap_of_process, uBytes, UNIT, (uFlags & LMEM_ZEROINIT) != 0, &address);
    return report(result) ? address : NULL;
}

/* Without LMEM_MOVEABLE the block stays where it is. */
HLOCAL LocalReAlloc(HLOCAL hMem, UINT uBytes, UINT uFlags) {
    if (!hMem || (uFlags & ~(UINT)OPTIONS)) {
        finish(hMem ? ERROR_INVALID_PARAMETER : ERROR_INVALID_HANDLE);
        return NULL;
    }
    enum heap_result result = heap_locked_resize(&heap_of_process, &hMem, uBytes, (uFlags & LMEM_MOVEABLE) != 0,
                                                 (uFlags & LMEM_ZEROINIT) != 0);
    return report(result) ? hMem : NULL;
}

UINT LocalSize(HLOCAL hMem) {
    size_t bytes = 0;
    if (!hMem) {
        finish(ERROR_INVALID_HANDLE);
        return 0;
    }
    return report(heap_locked_size(&heap_of_process, hMem, &bytes)) ? bytes : 0;
}

HLOCAL LocalFree(HLOCAL hMem) {
    return report(hMem ? heap_locked_give(&heap_of_process, hMem) : HEAP_OK) ? NULL : hMem;
}
