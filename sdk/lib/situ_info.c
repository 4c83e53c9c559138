/* <situ.h>: the system about itself. */
#include "sdk/lib/syscall.h"
#include <situ.h>

BOOL SituGetCounters(SITU_COUNTERS *counters, LPCVOID base, SIZE_T bytes) {
    return finish(call3(SYS_COUNTERS, address_of(counters), address_of(base), bytes).status);
}

/* Passes on how many elements there are. */
static BOOL counted(struct call_result result, DWORD *count) {
    if (!count) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    if (!finish(result.status)) {
        return FALSE;
    }
    *count = result.value;
    return TRUE;
}

BOOL SituEnumProcesses(SITU_PROCESS_INFO *processes, DWORD capacity, DWORD *count) {
    return counted(call2(SYS_ENUM_PROCESSES, address_of(processes), capacity), count);
}

BOOL SituEnumThreads(DWORD process_id, SITU_THREAD_INFO *threads, DWORD capacity, DWORD *count) {
    return counted(call3(SYS_ENUM_THREADS, process_id, address_of(threads), capacity), count);
}

BOOL SituEnumViews(DWORD process_id, SITU_VIEW_INFO *views, DWORD capacity, DWORD *count) {
    return counted(call3(SYS_ENUM_VIEWS, process_id, address_of(views), capacity), count);
}

BOOL SituVerifyFile(LPCWSTR path) {
    return finish(call1(SYS_FILE_VERIFY, address_of(path)).status);
}

BOOL SituGetBoardName(LPSTR name, DWORD capacity) {
    struct abi_system_info info;
    if (!name || capacity == 0) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    if (!finish(call1(SYS_SYSTEM_INFO, address_of(&info)).status)) {
        return FALSE;
    }
    DWORD length = 0;
    for (; length < capacity - 1 && length < sizeof(info.board) && info.board[length]; length++) {
        name[length] = info.board[length];
    }
    name[length] = 0;
    return TRUE;
}
