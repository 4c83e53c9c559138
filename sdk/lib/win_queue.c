/* Message queues of Windows CE. */
#include "sdk/lib/win_object.h"
#include <msgqueue.h>

_Static_assert(MSGQUEUE_NOPRECOMMIT == ABI_QUEUE_NO_PRECOMMIT, "handed on as it is");
_Static_assert(MSGQUEUE_ALLOW_BROKEN == ABI_QUEUE_ALLOW_BROKEN, "handed on as it is");
_Static_assert(MSGQUEUE_MSGALERT == ABI_QUEUE_ALERT, "handed on as it is");

HANDLE CreateMsgQueue(LPCWSTR lpszName, LPMSGQUEUEOPTIONS lpOptions) {
    if (!lpOptions || lpOptions->dwSize != sizeof(*lpOptions)) {
        finish(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    struct abi_queue_options options = {
        .max_messages = lpOptions->dwMaxMessages,
        .max_bytes = lpOptions->cbMaxMessage,
        .flags = lpOptions->dwFlags,
        .read = lpOptions->bReadAccess != 0,
    };
    return object_created(call2(SYS_QUEUE_CREATE, address_of(&options), address_of(lpszName)), NULL);
}

/* Of the options only the direction counts: the rest is the queue's. */
HANDLE OpenMsgQueue(HANDLE hSrcProc, HANDLE hMsgQ, LPMSGQUEUEOPTIONS lpOptions) {
    if (!lpOptions || lpOptions->dwSize != sizeof(*lpOptions)) {
        finish(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    struct call_result result =
        call3(SYS_QUEUE_OPEN, address_of(hSrcProc), address_of(hMsgQ), lpOptions->bReadAccess != 0);
    return object_created(result, NULL);
}

BOOL ReadMsgQueue(HANDLE hMsgQ, LPVOID lpBuffer, DWORD cbBufferSize, LPDWORD lpNumberOfBytesRead, DWORD dwTimeout,
                  DWORD *pdwFlags) {
    uint32_t flags = 0;
    if (!lpBuffer || !lpNumberOfBytesRead || !pdwFlags) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    struct call_result result =
        call5(SYS_QUEUE_READ, address_of(hMsgQ), address_of(lpBuffer), cbBufferSize, dwTimeout, address_of(&flags));
    /* Of a message that the buffer was too small for, its size is told. */
    *lpNumberOfBytesRead = result.status == 0 || result.status == ERROR_INSUFFICIENT_BUFFER ? result.value : 0;
    *pdwFlags = flags;
    return finish(result.status);
}

BOOL WriteMsgQueue(HANDLE hMsgQ, LPVOID lpBuffer, DWORD cbDataSize, DWORD dwTimeout, DWORD dwFlags) {
    return finish(
        call5(SYS_QUEUE_WRITE, address_of(hMsgQ), address_of(lpBuffer), cbDataSize, dwTimeout, dwFlags).status);
}

BOOL GetMsgQueueInfo(HANDLE hMsgQ, LPMSGQUEUEINFO lpInfo) {
    struct abi_queue_info info;
    if (!lpInfo || lpInfo->dwSize != sizeof(*lpInfo)) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    if (!finish(call2(SYS_QUEUE_INFO, address_of(hMsgQ), address_of(&info)).status)) {
        return FALSE;
    }
    lpInfo->dwFlags = info.flags;
    lpInfo->dwMaxMessages = info.max_messages;
    lpInfo->cbMaxMessage = info.max_bytes;
    lpInfo->dwCurrentMessages = info.messages;
    lpInfo->dwMaxQueueMessages = info.messages_most;
    lpInfo->wNumReaders = (WORD)info.readers;
    lpInfo->wNumWriters = (WORD)info.writers;
    return TRUE;
}

/* Closes queues only. */
BOOL CloseMsgQueue(HANDLE hMsgQ) {
    struct abi_queue_info info;
    uint32_t status = call2(SYS_QUEUE_INFO, address_of(hMsgQ), address_of(&info)).status;
    return finish(status ? status : call1(SYS_HANDLE_CLOSE, address_of(hMsgQ)).status);
}
