/* Watchdog timers of Windows CE. */
#include "sdk/lib/win_object.h"

_Static_assert(WDOG_KILL_PROCESS == ABI_WATCHDOG_KILL, "handed on as it is");
_Static_assert(WDOG_NO_DFLT_ACTION == ABI_WATCHDOG_NOTHING, "handed on as it is");
_Static_assert(WDOG_RESET_DEVICE == ABI_WATCHDOG_RESET, "handed on as it is");

HANDLE CreateWatchDogTimer(LPCWSTR pszWatchDogName, DWORD dwPeriod, DWORD dwWait, DWORD dwDfltAction, DWORD dwParam,
                           DWORD dwFlags) {
    struct abi_watchdog watchdog = {.action = dwDfltAction, .parameter = dwParam, .period = dwPeriod, .wait = dwWait};
    if (dwFlags) {
        finish(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return object_created(call2(SYS_WATCHDOG_CREATE, address_of(&watchdog), address_of(pszWatchDogName)), NULL);
}

HANDLE OpenWatchDogTimer(LPCWSTR pszWatchDogName, DWORD dwFlags) {
    if (dwFlags) {
        finish(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return object_open(ABI_OBJECT_WATCHDOG, FALSE, pszWatchDogName);
}

static BOOL change(HANDLE watchdog, uint32_t what, DWORD flags) {
    if (flags) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    return finish(call2(SYS_WATCHDOG_CHANGE, address_of(watchdog), what).status);
}

BOOL StartWatchDogTimer(HANDLE hWatchDog, DWORD dwFlags) {
    return change(hWatchDog, ABI_WATCHDOG_START, dwFlags);
}

BOOL StopWatchDogTimer(HANDLE hWatchDog, DWORD dwFlags) {
    return change(hWatchDog, ABI_WATCHDOG_STOP, dwFlags);
}

BOOL RefreshWatchDogTimer(HANDLE hWatchDog, DWORD dwFlags) {
    return change(hWatchDog, ABI_WATCHDOG_REFRESH, dwFlags);
}
