/* The memory of heaps: VirtualAlloc, past the thread's last error. */
#include "sdk/lib/heap_source.h"
#include "sdk/lib/syscall.h"
#include <windows.h>

void *heap_source_reserve(uint32_t bytes) {
    struct call_result result = call4(SYS_VIRTUAL_ALLOC, 0, bytes, MEM_RESERVE, PAGE_NOACCESS);
    return result.status ? NULL : (void *)(uintptr_t)result.value;
}

int heap_source_commit(void *address, uint32_t bytes) {
    return call4(SYS_VIRTUAL_ALLOC, address_of(address), bytes, MEM_COMMIT, PAGE_READWRITE).status == 0;
}

void heap_source_release(void *address) {
    call3(SYS_VIRTUAL_FREE, address_of(address), 0, MEM_RELEASE);
}
