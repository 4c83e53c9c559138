/* Win32 handles: closing, duplicating, inheriting. */
#include "sdk/lib/syscall.h"
#include <windows.h>

_Static_assert(DUPLICATE_CLOSE_SOURCE == ABI_DUPLICATE_CLOSE_SOURCE, "handed on as it is");
_Static_assert(DUPLICATE_SAME_ACCESS == ABI_DUPLICATE_SAME_ACCESS, "handed on as it is");
_Static_assert(HANDLE_FLAG_INHERIT == ABI_HANDLE_INHERIT, "handed on as it is");

BOOL CloseHandle(HANDLE hObject) {
    return finish(call1(SYS_HANDLE_CLOSE, address_of(hObject)).status);
}

/* A handle may do all that its object can: the access asked for says nothing. */
BOOL DuplicateHandle(HANDLE hSourceProcessHandle, HANDLE hSourceHandle, HANDLE hTargetProcessHandle,
                     LPHANDLE lpTargetHandle, DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwOptions) {
    (void)dwDesiredAccess;
    if (!lpTargetHandle || (dwOptions & ~(DWORD)(DUPLICATE_CLOSE_SOURCE | DUPLICATE_SAME_ACCESS))) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    struct call_result result =
        call4(SYS_HANDLE_DUPLICATE, address_of(hSourceProcessHandle), address_of(hSourceHandle),
              address_of(hTargetProcessHandle), dwOptions | (bInheritHandle ? ABI_DUPLICATE_INHERIT : 0));
    if (!finish(result.status)) {
        return FALSE;
    }
    *lpTargetHandle = (HANDLE)(uintptr_t)result.value;
    return TRUE;
}

BOOL GetHandleInformation(HANDLE hObject, LPDWORD lpdwFlags) {
    if (!lpdwFlags) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    struct call_result result = call3(SYS_HANDLE_FLAGS, address_of(hObject), 0, 0);
    if (!finish(result.status)) {
        return FALSE;
    }
    *lpdwFlags = result.value;
    return TRUE;
}

BOOL SetHandleInformation(HANDLE hObject, DWORD dwMask, DWORD dwFlags) {
    if ((dwMask | dwFlags) & ~(DWORD)HANDLE_FLAG_INHERIT) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    return finish(call3(SYS_HANDLE_FLAGS, address_of(hObject), dwMask, dwFlags).status);
}
