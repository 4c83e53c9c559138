/* Win32 processes. */
#include "sdk/lib/exit.h"
#include "sdk/lib/start.h"
#include "sdk/lib/syscall.h"
#include <wchar.h>
#include <windows.h>

BOOL CreateProcessW(LPCWSTR lpApplicationName, LPCWSTR lpCommandLine, LPSECURITY_ATTRIBUTES lpProcessAttributes,
                    LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles, DWORD dwCreationFlags,
                    LPVOID lpEnvironment, LPCWSTR lpCurrentDirectory, LPSTARTUPINFOW lpStartupInfo,
                    LPPROCESS_INFORMATION lpProcessInformation) {
    struct abi_process_created created;
    struct abi_process_create create = {
        .image = address_of(lpApplicationName),
        .command_line = address_of(lpCommandLine),
        .flags = dwCreationFlags & ~(DWORD)CREATE_NEW_CONSOLE, /* there is one console */
    };
    (void)lpProcessAttributes;
    (void)lpThreadAttributes;
    (void)lpStartupInfo;
    /* CE has no environment, no current directory and no inheritance to pass on. */
    if (!lpApplicationName || bInheritHandles || lpEnvironment || lpCurrentDirectory) {
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
