/* Win32 system information, time, and the debug console. */
#include "sdk/lib/syscall.h"
#include <string.h>
#include <windows.h>

#define NANOSECONDS 1000000000ull

void GetSystemInfo(LPSYSTEM_INFO lpSystemInfo) {
    struct abi_system_info info;
    memset(lpSystemInfo, 0, sizeof(*lpSystemInfo));
    if (!finish(call1(SYS_SYSTEM_INFO, address_of(&info)).status)) {
        return;
    }
    lpSystemInfo->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_ARM;
    lpSystemInfo->dwPageSize = info.page_size;
    lpSystemInfo->lpMinimumApplicationAddress = (LPVOID)(uintptr_t)info.user_low;
    lpSystemInfo->lpMaximumApplicationAddress = (LPVOID)(uintptr_t)(info.user_high - 1);
    lpSystemInfo->dwActiveProcessorMask = 1;
    lpSystemInfo->dwNumberOfProcessors = 1;
    /* The part number in the main id register: 0x926, 0xc09.  CE's PROCESSOR_ constants follow the same scheme. */
    lpSystemInfo->dwProcessorType = info.cpu_id >> 4 & 0xfff;
    lpSystemInfo->dwAllocationGranularity = info.granularity;
    lpSystemInfo->wProcessorLevel = (WORD)info.cpu_architecture;
    lpSystemInfo->wProcessorRevision = (WORD)((info.cpu_id >> 20 & 0xf) << 8 | (info.cpu_id & 0xf));
}

static uint64_t clock_now(void) {
    uint64_t now = 0;
    finish(call1(SYS_CLOCK, address_of(&now)).status);
    return now;
}

DWORD GetTickCount(void) {
    return (DWORD)(clock_now() / (NANOSECONDS / 1000));
}

BOOL QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount) {
    if (!lpPerformanceCount) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    lpPerformanceCount->QuadPart = (LONGLONG)clock_now();
    return TRUE;
}

BOOL QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency) {
    if (!lpFrequency) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    lpFrequency->QuadPart = (LONGLONG)NANOSECONDS;
    return finish(0);
}

void OutputDebugStringW(LPCWSTR lpOutputString) {
    call1(SYS_DEBUG_WRITE, address_of(lpOutputString));
}
