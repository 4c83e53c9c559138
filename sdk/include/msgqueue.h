/* Message queues of Windows CE.
 *
 * A handle is for reading or for writing; both may be had of one queue.  A handle for reading is signaled while there
 * are messages, one for writing while there is room.
 */
#ifndef _MSGQUEUE_H
#define _MSGQUEUE_H

#include <windows.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MSGQUEUE_NOPRECOMMIT  0x00000001 /* memory for messages is taken as they come */
#define MSGQUEUE_ALLOW_BROKEN 0x00000002 /* writing without a reader is no error */
#define MSGQUEUE_MSGALERT     0x00000001 /* of a message: read before all others */

typedef struct MSGQUEUEOPTIONS_OS {
    DWORD dwSize;
    DWORD dwFlags;
    DWORD dwMaxMessages; /* 0: no limit */
    DWORD cbMaxMessage;
    BOOL bReadAccess;
} MSGQUEUEOPTIONS, *PMSGQUEUEOPTIONS, *LPMSGQUEUEOPTIONS;

typedef struct MSGQUEUEINFO {
    DWORD dwSize;
    DWORD dwFlags;
    DWORD dwMaxMessages;
    DWORD cbMaxMessage;
    DWORD dwCurrentMessages;
    DWORD dwMaxQueueMessages; /* the most so far */
    WORD wNumReaders;         /* handles */
    WORD wNumWriters;
} MSGQUEUEINFO, *PMSGQUEUEINFO, *LPMSGQUEUEINFO;

HANDLE CreateMsgQueue(LPCWSTR lpszName, LPMSGQUEUEOPTIONS lpOptions);
HANDLE OpenMsgQueue(HANDLE hSrcProc, HANDLE hMsgQ, LPMSGQUEUEOPTIONS lpOptions);
BOOL ReadMsgQueue(HANDLE hMsgQ, LPVOID lpBuffer, DWORD cbBufferSize, LPDWORD lpNumberOfBytesRead, DWORD dwTimeout,
                  DWORD *pdwFlags);
BOOL WriteMsgQueue(HANDLE hMsgQ, LPVOID lpBuffer, DWORD cbDataSize, DWORD dwTimeout, DWORD dwFlags);
BOOL GetMsgQueueInfo(HANDLE hMsgQ, LPMSGQUEUEINFO lpInfo);
BOOL CloseMsgQueue(HANDLE hMsgQ);

#ifdef __cplusplus
}
#endif

#endif
