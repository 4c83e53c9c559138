/* Win32 waiting. */
#include "sdk/lib/syscall.h"
#include <windows.h>

_Static_assert(WAIT_ABANDONED == ABI_WAIT_ABANDONED && WAIT_TIMEOUT == ABI_WAIT_TIMEOUT, "the kernel's values");
_Static_assert(MAXIMUM_WAIT_OBJECTS == ABI_WAIT_OBJECTS, "the kernel's limit");

DWORD WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds) {
    struct call_result result = call2(SYS_WAIT, address_of(hHandle), dwMilliseconds);
    return finish(result.status) ? result.value : WAIT_FAILED;
}

DWORD WaitForMultipleObjects(DWORD nCount, CONST HANDLE *lpHandles, BOOL fWaitAll, DWORD dwMilliseconds) {
    struct call_result result = call4(SYS_WAIT_MULTIPLE, address_of(lpHandles), nCount, fWaitAll != 0, dwMilliseconds);
    return finish(result.status) ? result.value : WAIT_FAILED;
}

void Sleep(DWORD dwMilliseconds) {
    call1(SYS_SLEEP, dwMilliseconds);
}
