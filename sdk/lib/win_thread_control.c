/* Win32 threads: stopping, ending and watching those that run. */
#include "sdk/lib/syscall.h"
#include <windows.h>

#define QUANTUM_MOST 0x7fffffffu /* ms */

_Static_assert(MAXIMUM_SUSPEND_COUNT == ABI_SUSPEND_MOST, "the kernel's limit");

DWORD SuspendThread(HANDLE hThread) {
    struct call_result result = call1(SYS_THREAD_SUSPEND, address_of(hThread));
    return finish(result.status) ? result.value : MAXDWORD;
}

DWORD ResumeThread(HANDLE hThread) {
    struct call_result result = call1(SYS_THREAD_RESUME, address_of(hThread));
    return finish(result.status) ? result.value : MAXDWORD;
}

BOOL TerminateThread(HANDLE hThread, DWORD dwExitCode) {
    return finish(call2(SYS_THREAD_TERMINATE, address_of(hThread), dwExitCode).status);
}

BOOL CeSetThreadQuantum(HANDLE hThread, DWORD dwTime) {
    if (dwTime > QUANTUM_MOST) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    return finish(call2(SYS_THREAD_QUANTUM, address_of(hThread), dwTime).status);
}

DWORD CeGetThreadQuantum(HANDLE hThread) {
    struct call_result result = call2(SYS_THREAD_QUANTUM, address_of(hThread), (uint32_t)-1);
    return finish(result.status) ? result.value : MAXDWORD;
}

static FILETIME file_time(uint64_t time) {
    return (FILETIME){(DWORD)time, (DWORD)(time >> 32)};
}

BOOL GetThreadTimes(HANDLE hThread, LPFILETIME lpCreationTime, LPFILETIME lpExitTime, LPFILETIME lpKernelTime,
                    LPFILETIME lpUserTime) {
    struct abi_thread_times times;
    if (!lpCreationTime || !lpExitTime || !lpKernelTime || !lpUserTime) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    if (!finish(call2(SYS_THREAD_TIMES, address_of(hThread), address_of(&times)).status)) {
        return FALSE;
    }
    *lpCreationTime = file_time(times.created);
    *lpExitTime = file_time(times.exited);
    *lpKernelTime = file_time(times.kernel);
    *lpUserTime = file_time(times.user);
    return TRUE;
}
