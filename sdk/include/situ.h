/* What Situ tells about itself: for tools, tests and curious programs.  Not part of Windows CE.
 *
 * The structures are the kernel's own (situ/abi.h explains each member); each function but SituNullCall returns FALSE
 * and sets the last error when it fails.
 */
#ifndef _SITU_H
#define _SITU_H

#include <windows.h>

#ifdef __cplusplus
#define _Static_assert static_assert
extern "C" {
#endif
#include <situ/abi.h>
#ifdef __cplusplus
#undef _Static_assert
#endif

typedef struct abi_counters SITU_COUNTERS;
typedef struct abi_process_info SITU_PROCESS_INFO;
typedef struct abi_thread_info SITU_THREAD_INFO;
typedef struct abi_view_info SITU_VIEW_INFO;

/* The system's counters, and in range_faults the page faults of this process that were taken in the regions
 * touched by [base, base + bytes); base NULL and bytes 0: none of them. */
BOOL SituGetCounters(SITU_COUNTERS *counters, LPCVOID base, SIZE_T bytes);

/* Fill at most capacity elements and set *count to how many there are in all, which may be more. */
BOOL SituEnumProcesses(SITU_PROCESS_INFO *processes, DWORD capacity, DWORD *count);
BOOL SituEnumThreads(DWORD process_id, SITU_THREAD_INFO *threads, DWORD capacity, DWORD *count);
BOOL SituEnumViews(DWORD process_id, SITU_VIEW_INFO *views, DWORD capacity, DWORD *count);

/* Tests the data of a ROM file against the check that the image carries.  Fails with ERROR_CRC when they differ,
 * ERROR_NOT_SUPPORTED when the image has no check for it. */
BOOL SituVerifyFile(LPCWSTR path);

/* Name of the board, zero-terminated, cut to fit. */
BOOL SituGetBoardName(LPSTR name, DWORD capacity);

/* Enters the kernel and returns: for measuring. */
void SituNullCall(void);

#ifdef __cplusplus
}
#endif

#endif
