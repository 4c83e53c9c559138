/* The one error domain of the kernel: Win32 error codes (winerror.h), and 0 for success.
 *
 * The world's faults (user, hardware, media, no memory) are returned as a status_t.  A broken invariant of
 * the kernel stops the machine: include/panic.h.
 */
#ifndef INCLUDE_STATUS_H
#define INCLUDE_STATUS_H

#include "include/types.h"

typedef uint32_t status_t;

#define ERROR_SUCCESS              0u
#define ERROR_INVALID_FUNCTION     1u
#define ERROR_FILE_NOT_FOUND       2u
#define ERROR_PATH_NOT_FOUND       3u
#define ERROR_TOO_MANY_OPEN_FILES  4u
#define ERROR_ACCESS_DENIED        5u
#define ERROR_INVALID_HANDLE       6u
#define ERROR_NOT_ENOUGH_MEMORY    8u
#define ERROR_INVALID_DATA         13u
#define ERROR_OUTOFMEMORY          14u
#define ERROR_NO_MORE_FILES        18u
#define ERROR_WRITE_PROTECT        19u
#define ERROR_CRC                  23u
#define ERROR_GEN_FAILURE          31u
#define ERROR_SHARING_VIOLATION    32u
#define ERROR_HANDLE_EOF           38u
#define ERROR_NOT_SUPPORTED        50u
#define ERROR_FILE_EXISTS          80u
#define ERROR_INVALID_PARAMETER    87u
#define ERROR_NO_PROC_SLOTS        89u
#define ERROR_DISK_FULL            112u
#define ERROR_CALL_NOT_IMPLEMENTED 120u
#define ERROR_INSUFFICIENT_BUFFER  122u
#define ERROR_INVALID_NAME         123u
#define ERROR_NEGATIVE_SEEK        131u
#define ERROR_SIGNAL_REFUSED       156u
#define ERROR_ALREADY_EXISTS       183u
#define ERROR_BAD_EXE_FORMAT       193u
#define ERROR_FILENAME_EXCED_RANGE 206u
#define ERROR_PIPE_NOT_CONNECTED   233u
#define ERROR_NOT_OWNER            288u
#define ERROR_TOO_MANY_POSTS       298u
#define ERROR_STACK_OVERFLOW       1001u
#define ERROR_FILE_INVALID         1006u
#define ERROR_INVALID_ADDRESS      487u
#define ERROR_NOACCESS             998u
#define ERROR_MAPPED_ALIGNMENT     1132u
#define ERROR_POSSIBLE_DEADLOCK    1131u
#define ERROR_TIMEOUT              1460u

#endif
