/* The thread's last error: a word in its block, no system call. */
#include "sdk/lib/syscall.h"
#include <windows.h>

DWORD GetLastError(void) {
    return thread_block()->last_error;
}

void SetLastError(DWORD dwErrCode) {
    thread_block()->last_error = dwErrCode;
}
