/* Whole pages for what a program's start needs. */
#include "sdk/lib/memory.h"
#include "sdk/lib/syscall.h"
#include <windows.h>

void *memory_get(size_t bytes) {
    struct call_result result = call4(SYS_VIRTUAL_ALLOC, 0, bytes, MEM_COMMIT, PAGE_READWRITE);
    return result.status ? NULL : (void *)(uintptr_t)result.value;
}
