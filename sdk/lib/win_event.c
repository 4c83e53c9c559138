/* Win32 events. */
#include "sdk/lib/win_object.h"

HANDLE CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset, BOOL bInitialState, LPCWSTR lpName) {
    uint32_t bits = (bManualReset ? ABI_EVENT_MANUAL : 0) | (bInitialState ? ABI_EVENT_SIGNALED : 0);
    return object_created(call2(SYS_EVENT_CREATE, bits, address_of(lpName)), lpEventAttributes);
}

HANDLE OpenEventW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName) {
    (void)dwDesiredAccess;
    return object_open(ABI_OBJECT_EVENT, bInheritHandle, lpName);
}

BOOL SetEvent(HANDLE hEvent) {
    return finish(call2(SYS_EVENT_CHANGE, address_of(hEvent), ABI_EVENT_SET).status);
}

BOOL ResetEvent(HANDLE hEvent) {
    return finish(call2(SYS_EVENT_CHANGE, address_of(hEvent), ABI_EVENT_RESET).status);
}

BOOL PulseEvent(HANDLE hEvent) {
    return finish(call2(SYS_EVENT_CHANGE, address_of(hEvent), ABI_EVENT_PULSE).status);
}

BOOL SetEventData(HANDLE hEvent, DWORD dwData) {
    return finish(call3(SYS_EVENT_DATA, address_of(hEvent), 1, dwData).status);
}

/* 0 on failure: only the last error tells. */
DWORD GetEventData(HANDLE hEvent) {
    struct call_result result = call3(SYS_EVENT_DATA, address_of(hEvent), 0, 0);
    return finish(result.status) ? result.value : 0;
}
