/* Win32 processes. */
#include "sdk/lib/exit.h"
#include "sdk/lib/start.h"
#include "sdk/lib/win_object.h"
#include <wchar.h>

/* The process is there and may run, so that nothing can fail any more; marking a handle that is new does not. */
static void mark_inheritable(uint32_t handle, const SECURITY_ATTRIBUTES *attributes) {
    if (wants_inheritance(attributes)) {
        call3(SYS_HANDLE_FLAGS, handle, ABI_HANDLE_INHERIT, ABI_HANDLE_INHERIT);
    }
}

BOOL CreateProcessW(LPCWSTR lpApplicationName, LPCWSTR lpCommandLine, LPSECURITY_ATTRIBUTES lpProcessAttributes,
                    LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles, DWORD dwCreationFlags,
                    LPVOID lpEnvironment, LPCWSTR lpCurrentDirectory, LPSTARTUPINFOW lpStartupInfo,
                    LPPROCESS_INFORMATION lpProcessInformation) {
    struct abi_process_created created;
    struct abi_process_create create = {
        .image = address_of(lpApplicationName),
        .command_line = address_of(lpCommandLine),
        .flags = (dwCreationFlags & CREATE_SUSPENDED) | (bInheritHandles ? ABI_CREATE_INHERIT : 0),
    };
    (void)lpStartupInfo;
    /* CE has no environment and no current directory to pass on.  There is one console, so that a new one asked for is
     * that. */
    if (!lpApplicationName || lpEnvironment || lpCurrentDirectory ||
        (dwCreationFlags & ~(DWORD)(CREATE_SUSPENDED | CREATE_NEW_CONSOLE))) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    if (!finish(call2(SYS_PROCESS_CREATE, address_of(&create), address_of(&created)).status)) {
        return FALSE;
    }
    if (!lpProcessInformation) {
        call1(SYS_HANDLE_CLOSE, created.process);
        call1(SYS_HANDLE_CLOSE, created.thread);
        return TRUE;
    }
    mark_inheritable(created.process, lpProcessAttributes);
    mark_inheritable(created.thread, lpThreadAttributes);
    lpProcessInformation->hProcess = (HANDLE)(uintptr_t)created.process;
    lpProcessInformation->hThread = (HANDLE)(uintptr_t)created.thread;
    lpProcessInformation->dwProcessId = created.process_id;
    lpProcessInformation->dwThreadId = created.thread_id;
    return TRUE;
}

/* What stdio holds is written out; atexit functions and destructors are not run. */
void ExitProcess(UINT uExitCode) {
    exit_flush();
    call1(SYS_PROCESS_EXIT, uExitCode);
    __builtin_unreachable();
}

BOOL TerminateProcess(HANDLE hProcess, DWORD uExitCode) {
    return finish(call2(SYS_PROCESS_TERMINATE, address_of(hProcess), uExitCode).status);
}

BOOL GetExitCodeProcess(HANDLE hProcess, LPDWORD lpExitCode) {
    if (!lpExitCode) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    struct call_result result = call1(SYS_PROCESS_EXIT_CODE, address_of(hProcess));
    if (!finish(result.status)) {
        return FALSE;
    }
    *lpExitCode = result.value;
    return TRUE;
}

HANDLE OpenProcess(DWORD fdwAccess, BOOL fInherit, DWORD IDProcess) {
    struct call_result result = call1(SYS_PROCESS_OPEN, IDProcess);
    (void)fdwAccess;
    if (result.status == 0 && fInherit) {
        return object_inheritable(result.value, 0);
    }
    return finish(result.status) ? (HANDLE)(uintptr_t)result.value : NULL;
}

HANDLE GetCurrentProcess(void) {
    return (HANDLE)(uintptr_t)ABI_HANDLE_CURRENT_PROCESS;
}

DWORD GetCurrentProcessId(void) {
    return kdata_word(ABI_KDATA_PROCESS);
}

LPWSTR GetCommandLineW(void) {
    return (LPWSTR)(uintptr_t)program_command_line;
}

/* Of the calling program only (hModule NULL, or the program's own handle): there are no other modules.  A path that
 * does not fit is cut, with its zero, and reported. */
DWORD GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize) {
    if (hModule && hModule != (HMODULE)USER_TEXT) {
        finish(ERROR_INVALID_HANDLE);
        return 0;
    }
    if (!lpFilename || nSize == 0) {
        finish(ERROR_INVALID_PARAMETER);
        return 0;
    }
    DWORD length = 0;
    for (; length < nSize - 1 && program_path[length]; length++) {
        lpFilename[length] = program_path[length];
    }
    lpFilename[length] = 0;
    if (program_path[length]) {
        finish(ERROR_INSUFFICIENT_BUFFER);
        return nSize;
    }
    finish(0);
    return length;
}
