/* Win32 file mappings and views. */
#include "sdk/lib/win_object.h"

HANDLE CreateFileMappingW(HANDLE hFile, LPSECURITY_ATTRIBUTES lpAttributes, DWORD flProtect, DWORD dwMaximumSizeHigh,
                          DWORD dwMaximumSizeLow, LPCWSTR lpName) {
    struct call_result result = call5(SYS_MAPPING_CREATE, address_of(hFile), flProtect, dwMaximumSizeLow,
                                      dwMaximumSizeHigh, address_of(lpName));
    return object_created(result, lpAttributes);
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
