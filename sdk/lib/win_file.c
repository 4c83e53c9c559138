/* Win32 files: each function checks what the kernel does not see, makes its call and reports the status. */
#include "sdk/lib/win_object.h"
#include <string.h>

/* OPEN_ALWAYS of a file that is there succeeds and says so. */
static HANDLE file_opened(struct call_result result, const SECURITY_ATTRIBUTES *attributes) {
    HANDLE file = object_created(result, attributes);
    return file ? file : INVALID_HANDLE_VALUE;
}

HANDLE CreateFileW(LPCWSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                   LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition, DWORD dwFlagsAndAttributes,
                   HANDLE hTemplateFile) {
    (void)hTemplateFile;
    return file_opened(call6(SYS_FILE_OPEN, address_of(lpFileName), dwDesiredAccess, dwShareMode, dwCreationDisposition,
                             dwFlagsAndAttributes, 0),
                       lpSecurityAttributes);
}

HANDLE CreateFileForMappingW(LPCWSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                             LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition,
                             DWORD dwFlagsAndAttributes, HANDLE hTemplateFile) {
    (void)hTemplateFile;
    return file_opened(call6(SYS_FILE_OPEN, address_of(lpFileName), dwDesiredAccess, dwShareMode, dwCreationDisposition,
                             dwFlagsAndAttributes, 1),
                       lpSecurityAttributes);
}

BOOL ReadFile(HANDLE hFile, LPVOID lpBuffer, DWORD nNumberOfBytesToRead, LPDWORD lpNumberOfBytesRead,
              LPOVERLAPPED lpOverlapped) {
    if (!lpNumberOfBytesRead || lpOverlapped) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    *lpNumberOfBytesRead = 0;
    struct call_result result = call3(SYS_FILE_READ, address_of(hFile), address_of(lpBuffer), nNumberOfBytesToRead);
    if (!finish(result.status)) {
        return FALSE;
    }
    *lpNumberOfBytesRead = result.value;
    return TRUE;
}

static uint32_t file_seek(HANDLE file, int64_t *position, DWORD method) {
    return call3(SYS_FILE_SEEK, address_of(file), address_of(position), method).status;
}

/* Without a high part the position must stay below 4 GB: it is moved back when it did not. */
static DWORD seek_low(HANDLE file, LONG distance, DWORD method) {
    int64_t before = 0;
    int64_t position = distance;
    uint32_t status = method == FILE_END ? file_seek(file, &before, FILE_CURRENT) : 0;
    if (status == 0) {
        status = file_seek(file, &position, method);
    }
    if (status == 0 && (position >> 32) != 0) {
        int64_t back = method == FILE_END ? before : position - distance;
        status = file_seek(file, &back, FILE_BEGIN);
        status = status ? status : ERROR_INVALID_PARAMETER;
    }
    return finish(status) ? (DWORD)position : INVALID_SET_FILE_POINTER;
}

DWORD SetFilePointer(HANDLE hFile, LONG lDistanceToMove, PLONG lpDistanceToMoveHigh, DWORD dwMoveMethod) {
    if (!lpDistanceToMoveHigh) {
        return seek_low(hFile, lDistanceToMove, dwMoveMethod);
    }
    int64_t position = (int64_t)((uint64_t)(uint32_t)*lpDistanceToMoveHigh << 32 | (uint32_t)lDistanceToMove);
    if (!finish(file_seek(hFile, &position, dwMoveMethod))) {
        return INVALID_SET_FILE_POINTER;
    }
    *lpDistanceToMoveHigh = (LONG)(position >> 32);
    return (DWORD)position;
}

DWORD GetFileSize(HANDLE hFile, LPDWORD lpFileSizeHigh) {
    uint64_t size;
    if (!finish(call2(SYS_FILE_SIZE, address_of(hFile), address_of(&size)).status)) {
        return INVALID_FILE_SIZE;
    }
    if (lpFileSizeHigh) {
        *lpFileSizeHigh = (DWORD)(size >> 32);
    }
    return (DWORD)size;
}

/* The one time that a file has. */
static FILETIME file_time(const struct abi_file_info *info) {
    return (FILETIME){info->time_low, info->time_high};
}

DWORD GetFileAttributesW(LPCWSTR lpFileName) {
    struct abi_file_info info;
    uint32_t status = call2(SYS_PATH_INFO, address_of(lpFileName), address_of(&info)).status;
    return finish(status) ? info.attributes : INVALID_FILE_ATTRIBUTES;
}

BOOL GetFileAttributesExW(LPCWSTR lpFileName, GET_FILEEX_INFO_LEVELS fInfoLevelId, LPVOID lpFileInformation) {
    struct abi_file_info info;
    WIN32_FILE_ATTRIBUTE_DATA *data = lpFileInformation;
    if (fInfoLevelId != GetFileExInfoStandard || !data) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    if (!finish(call2(SYS_PATH_INFO, address_of(lpFileName), address_of(&info)).status)) {
        return FALSE;
    }
    data->dwFileAttributes = info.attributes;
    data->ftCreationTime = file_time(&info);
    data->ftLastAccessTime = file_time(&info);
    data->ftLastWriteTime = file_time(&info);
    data->nFileSizeHigh = info.size_high;
    data->nFileSizeLow = info.size_low;
    return TRUE;
}

BOOL GetFileInformationByHandle(HANDLE hFile, LPBY_HANDLE_FILE_INFORMATION lpFileInformation) {
    struct abi_file_info info;
    BY_HANDLE_FILE_INFORMATION *data = lpFileInformation;
    if (!data) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    if (!finish(call2(SYS_FILE_INFO, address_of(hFile), address_of(&info)).status)) {
        return FALSE;
    }
    data->dwFileAttributes = info.attributes;
    data->ftCreationTime = file_time(&info);
    data->ftLastAccessTime = file_time(&info);
    data->ftLastWriteTime = file_time(&info);
    data->dwVolumeSerialNumber = info.volume;
    data->nFileSizeHigh = info.size_high;
    data->nFileSizeLow = info.size_low;
    data->nNumberOfLinks = 1;
    data->nFileIndexHigh = info.index_high;
    data->nFileIndexLow = info.index_low;
    data->dwOID = info.index_low;
    return TRUE;
}

static void find_fill(const struct abi_file_info *info, WIN32_FIND_DATAW *data) {
    data->dwFileAttributes = info->attributes;
    data->ftCreationTime = file_time(info);
    data->ftLastAccessTime = file_time(info);
    data->ftLastWriteTime = file_time(info);
    data->nFileSizeHigh = info->size_high;
    data->nFileSizeLow = info->size_low;
    data->dwOID = info->index_low;
    memcpy(data->cFileName, info->name, sizeof(info->name));
}

_Static_assert(sizeof(((WIN32_FIND_DATAW *)0)->cFileName) == sizeof(((struct abi_file_info *)0)->name), "names fit");

HANDLE FindFirstFileW(LPCWSTR lpFileName, LPWIN32_FIND_DATAW lpFindFileData) {
    struct abi_file_info info;
    if (!lpFindFileData) {
        finish(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    struct call_result result = call2(SYS_FIND_FIRST, address_of(lpFileName), address_of(&info));
    if (!finish(result.status)) {
        return INVALID_HANDLE_VALUE;
    }
    find_fill(&info, lpFindFileData);
    return (HANDLE)(uintptr_t)result.value;
}

BOOL FindNextFileW(HANDLE hFindFile, LPWIN32_FIND_DATAW lpFindFileData) {
    struct abi_file_info info;
    if (!lpFindFileData) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    if (!finish(call2(SYS_FIND_NEXT, address_of(hFindFile), address_of(&info)).status)) {
        return FALSE;
    }
    find_fill(&info, lpFindFileData);
    return TRUE;
}

BOOL FindClose(HANDLE hFindFile) {
    return finish(call1(SYS_FIND_CLOSE, address_of(hFindFile)).status);
}
