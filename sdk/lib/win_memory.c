/* Win32 virtual memory: the calls on pages, and what is told about memory. */
#include "sdk/lib/syscall.h"
#include <string.h>
#include <windows.h>

LPVOID VirtualAlloc(LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType, DWORD flProtect) {
    struct call_result result = call4(SYS_VIRTUAL_ALLOC, address_of(lpAddress), dwSize, flAllocationType, flProtect);
    return finish(result.status) ? (LPVOID)(uintptr_t)result.value : NULL;
}

BOOL VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType) {
    return finish(call3(SYS_VIRTUAL_FREE, address_of(lpAddress), dwSize, dwFreeType).status);
}

BOOL VirtualProtect(LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect, PDWORD lpflOldProtect) {
    if (!lpflOldProtect) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    struct call_result result = call3(SYS_VIRTUAL_PROTECT, address_of(lpAddress), dwSize, flNewProtect);
    if (!finish(result.status)) {
        return FALSE;
    }
    *lpflOldProtect = result.value;
    return TRUE;
}

_Static_assert(sizeof(MEMORY_BASIC_INFORMATION) == sizeof(struct abi_memory_info), "the kernel fills it as it is");

SIZE_T VirtualQuery(LPCVOID lpAddress, PMEMORY_BASIC_INFORMATION lpBuffer, SIZE_T dwLength) {
    if (dwLength < sizeof(*lpBuffer)) {
        finish(ERROR_BAD_LENGTH);
        return 0;
    }
    return finish(call3(SYS_VIRTUAL_QUERY, address_of(lpAddress), address_of(lpBuffer), 0).status) ? sizeof(*lpBuffer)
                                                                                                   : 0;
}

BOOL VirtualCopy(LPVOID lpvDest, LPVOID lpvSrc, DWORD cbSize, DWORD fdwProtect) {
    return finish(call4(SYS_VIRTUAL_COPY, address_of(lpvDest), address_of(lpvSrc), cbSize, fdwProtect).status);
}

/* Whether all bytes of a range have one of the protections in allowed. */
static BOOL range_has(const void *start, UINT_PTR bytes, DWORD allowed) {
    uintptr_t at = (uintptr_t)start;
    uintptr_t end = at + bytes;
    if (end < at) {
        return FALSE;
    }
    while (at < end) {
        struct abi_memory_info info;
        if (call3(SYS_VIRTUAL_QUERY, at, address_of(&info), end - at).status || !(info.protect & allowed) ||
            (info.protect & PAGE_GUARD)) {
            return FALSE;
        }
        at = info.base + info.bytes;
    }
    return TRUE;
}

#define WRITABLE (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)

BOOL IsBadReadPtr(const void *lp, UINT_PTR ucb) {
    return !range_has(lp, ucb, WRITABLE | PAGE_READONLY | PAGE_EXECUTE_READ);
}

BOOL IsBadWritePtr(LPVOID lp, UINT_PTR ucb) {
    return !range_has(lp, ucb, WRITABLE);
}

void GlobalMemoryStatus(LPMEMORYSTATUS lpBuffer) {
    struct abi_counters counters;
    memset(lpBuffer, 0, sizeof(*lpBuffer));
    lpBuffer->dwLength = sizeof(*lpBuffer);
    if (!finish(call3(SYS_COUNTERS, address_of(&counters), 0, 0).status)) {
        return;
    }
    DWORD available = counters.commit_limit - counters.pages_committed;
    lpBuffer->dwMemoryLoad = 100 - available * 100 / counters.pages_total;
    lpBuffer->dwTotalPhys = counters.pages_total * 4096;
    lpBuffer->dwAvailPhys = available * 4096;
    lpBuffer->dwTotalVirtual = counters.space_bytes;
    lpBuffer->dwAvailVirtual = counters.space_free_bytes;
}
