/* Win32 mutexes and semaphores. */
#include "sdk/lib/win_object.h"

HANDLE CreateMutexW(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner, LPCWSTR lpName) {
    return object_created(call2(SYS_MUTEX_CREATE, bInitialOwner != 0, address_of(lpName)), lpMutexAttributes);
}

HANDLE OpenMutexW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName) {
    (void)dwDesiredAccess;
    return object_open(ABI_OBJECT_MUTEX, bInheritHandle, lpName);
}

BOOL ReleaseMutex(HANDLE hMutex) {
    return finish(call1(SYS_MUTEX_RELEASE, address_of(hMutex)).status);
}

HANDLE CreateSemaphoreW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount, LONG lMaximumCount,
                        LPCWSTR lpName) {
    struct call_result result =
        call3(SYS_SEMAPHORE_CREATE, (uint32_t)lInitialCount, (uint32_t)lMaximumCount, address_of(lpName));
    return object_created(result, lpSemaphoreAttributes);
}

HANDLE OpenSemaphoreW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName) {
    (void)dwDesiredAccess;
    return object_open(ABI_OBJECT_SEMAPHORE, bInheritHandle, lpName);
}

BOOL ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount, LPLONG lpPreviousCount) {
    struct call_result result = call2(SYS_SEMAPHORE_RELEASE, address_of(hSemaphore), (uint32_t)lReleaseCount);
    if (!finish(result.status)) {
        return FALSE;
    }
    if (lpPreviousCount) {
        *lpPreviousCount = (LONG)result.value;
    }
    return TRUE;
}
