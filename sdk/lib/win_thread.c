/* Win32 threads: their beginning, end and priority. */
#include "sdk/lib/thread_state.h"
#include "sdk/lib/win_object.h"

/* Priorities 0..7 of SetThreadPriority are the lowest eight of the 256. */
#define PRIORITY_BASE 248

_Static_assert(CREATE_SUSPENDED == ABI_CREATE_SUSPENDED, "handed on as it is");

/* Where each thread but the first begins: newlib's state first, and it is freed at the end. */
static _Noreturn void thread_enter(LPTHREAD_START_ROUTINE function, LPVOID parameter) {
    thread_state_init();
    ExitThread(function(parameter));
}

HANDLE CreateThread(LPSECURITY_ATTRIBUTES lpThreadAttributes, DWORD dwStackSize, LPTHREAD_START_ROUTINE lpStartAddress,
                    LPVOID lpParameter, DWORD dwCreationFlags, LPDWORD lpThreadId) {
    if (!lpStartAddress || (dwCreationFlags & ~(DWORD)(CREATE_SUSPENDED | STACK_SIZE_PARAM_IS_A_RESERVATION))) {
        finish(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    struct abi_thread_create create = {
        .entry = (uint32_t)(uintptr_t)thread_enter,
        .argument0 = (uint32_t)(uintptr_t)lpStartAddress,
        .argument1 = address_of(lpParameter),
        /* As on CE, the size is ignored without the flag. */
        .stack_bytes = dwCreationFlags & STACK_SIZE_PARAM_IS_A_RESERVATION ? dwStackSize : 0,
        .flags = dwCreationFlags & CREATE_SUSPENDED,
    };
    /* The kernel stores the id before the thread can run. */
    return object_created(call2(SYS_THREAD_CREATE, address_of(&create), address_of(lpThreadId)), lpThreadAttributes);
}

void ExitThread(DWORD dwExitCode) {
    thread_state_free();
    call1(SYS_THREAD_EXIT, dwExitCode);
    __builtin_unreachable();
}

BOOL GetExitCodeThread(HANDLE hThread, LPDWORD lpExitCode) {
    if (!lpExitCode) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    struct call_result result = call1(SYS_THREAD_EXIT_CODE, address_of(hThread));
    if (!finish(result.status)) {
        return FALSE;
    }
    *lpExitCode = result.value;
    return TRUE;
}

HANDLE GetCurrentThread(void) {
    return (HANDLE)(uintptr_t)ABI_HANDLE_CURRENT_THREAD;
}

DWORD GetCurrentThreadId(void) {
    return kdata_word(ABI_KDATA_THREAD);
}

BOOL CeSetThreadPriority(HANDLE hThread, int nPriority) {
    if (nPriority < 0 || nPriority > 255) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    return finish(call2(SYS_THREAD_PRIORITY, address_of(hThread), (uint32_t)nPriority).status);
}

int CeGetThreadPriority(HANDLE hThread) {
    struct call_result result = call2(SYS_THREAD_PRIORITY, address_of(hThread), (uint32_t)-1);
    return finish(result.status) ? (int)result.value : THREAD_PRIORITY_ERROR_RETURN;
}

BOOL SetThreadPriority(HANDLE hThread, int nPriority) {
    if (nPriority < THREAD_PRIORITY_TIME_CRITICAL || nPriority > THREAD_PRIORITY_IDLE) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    return CeSetThreadPriority(hThread, nPriority + PRIORITY_BASE);
}

/* Priorities above the eight count as the highest of them. */
int GetThreadPriority(HANDLE hThread) {
    int priority = CeGetThreadPriority(hThread);
    if (priority == THREAD_PRIORITY_ERROR_RETURN) {
        return priority;
    }
    return priority < PRIORITY_BASE ? THREAD_PRIORITY_TIME_CRITICAL : priority - PRIORITY_BASE;
}
