/* Error codes that calls of Situ report, and the few that portable programs compare with. */
#ifndef _WINERROR_H
#define _WINERROR_H

#define NO_ERROR                     0L
#define ERROR_SUCCESS                0L
#define ERROR_INVALID_FUNCTION       1L
#define ERROR_FILE_NOT_FOUND         2L
#define ERROR_PATH_NOT_FOUND         3L
#define ERROR_TOO_MANY_OPEN_FILES    4L
#define ERROR_ACCESS_DENIED          5L
#define ERROR_INVALID_HANDLE         6L
#define ERROR_NOT_ENOUGH_MEMORY      8L
#define ERROR_INVALID_DATA           13L
#define ERROR_OUTOFMEMORY            14L
#define ERROR_NO_MORE_FILES          18L
#define ERROR_WRITE_PROTECT          19L
#define ERROR_CRC                    23L
#define ERROR_GEN_FAILURE            31L
#define ERROR_SHARING_VIOLATION      32L
#define ERROR_HANDLE_EOF             38L
#define ERROR_NOT_SUPPORTED          50L
#define ERROR_FILE_EXISTS            80L
#define ERROR_INVALID_PARAMETER      87L
#define ERROR_NO_PROC_SLOTS          89L
#define ERROR_DISK_FULL              112L
#define ERROR_CALL_NOT_IMPLEMENTED   120L
#define ERROR_INSUFFICIENT_BUFFER    122L
#define ERROR_INVALID_NAME           123L
#define ERROR_NEGATIVE_SEEK          131L
#define ERROR_SIGNAL_REFUSED         156L
#define ERROR_ALREADY_EXISTS         183L
#define ERROR_BAD_EXE_FORMAT         193L
#define ERROR_FILENAME_EXCED_RANGE   206L
#define ERROR_PIPE_NOT_CONNECTED     233L
#define ERROR_NO_MORE_ITEMS          259L
#define ERROR_NOT_OWNER              288L
#define ERROR_TOO_MANY_POSTS         298L
#define ERROR_BAD_LENGTH             24L
#define ERROR_INVALID_ADDRESS        487L
#define ERROR_NOACCESS               998L
#define ERROR_INVALID_FLAGS          1004L
#define ERROR_FILE_INVALID           1006L
#define ERROR_NO_UNICODE_TRANSLATION 1113L
#define ERROR_MAPPED_ALIGNMENT       1132L
#define ERROR_TIMEOUT                1460L

#endif
