/* Win32 file mappings and views. */
#include "sdk/lib/syscall.h"
#include <windows.h>

/* A mapping that existed under the name is a success, too: handle and ERROR_ALREADY_EXISTS. */
HANDLE CreateFileMappingW(HANDLE hFile, LPSECURITY_ATTRIBUTES lpAttributes, DWORD flProtect, DWORD dwMaximumSizeHigh,
                          DWORD dwMaximumSizeLow, LPCWSTR lpName) {
    (void)lpAttributes;
    struct call_result result = call5(SYS_MAPPING_CREATE, address_of(hFile), flProtect, dwMaximumSizeLow,
                                      dwMaximumSizeHigh, address_of(lpName));
    if (finish(result.status) || result.status == ERROR_ALREADY_EXISTS) {
        return (HANDLE)(uintptr_t)result.value;
    }
    return NULL;
}

LPVOID MapViewOfFile(HANDLE hFileMappingObject, DWORD dwDesiredAccess, DWORD dwFileOffsetHigh, DWORD dwFileOffsetLow,
                     SIZE_T dwNumberOfBytesToMap) {
    struct call_result result = call5(SYS_VIEW_MAP, address_of(hFileMappingObject), dwDesiredAccess, dwFileOffsetLow,
                                      dwFileOffsetHigh, dwNumberOfBytesToMap);
    return finish(result.status) ? (LPVOID)(uintptr_t)result.value : NULL;
}

BOOL UnmapViewOfFile(LPCVOID lpBaseAddress) {
    return finish(call1(SYS_VIEW_UNMAP, address_of(lpBaseAddress)).status);
}
