/* newlib's system calls: file descriptors over the console and files, and the few others that newlib asks for.
 *
 * Descriptors 0, 1 and 2 are the console; others are files, opened by absolute name for reading.  A ROM file is not
 * written to: opening one for writing fails with EACCES, creating one with EROFS.
 */
#include "sdk/lib/console.h"
#include "sdk/lib/errors.h"
#include "sdk/lib/helper.h"
#include "sdk/lib/syscall.h"
#include "sdk/lib/utf.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONSOLES      3
#define DESCRIPTORS   64
#define CONSOLE_CHUNK 0x4000u
#define READ_ACCESS   0x80000000u
#define SHARE_READ    1u
#define OPEN_EXISTING 3u
#define ATTRIBUTE_DIR 0x10u
#define BUSY          1u /* in handles[]: taken, the file is not open yet; no handle has this value */

/* Handles of open files, 0: free.  Taken with compare-exchange, so that no lock is needed. */
static volatile int32_t handles[DESCRIPTORS];

int _open(const char *name, int flags, int mode);
int _close(int descriptor);
ssize_t _read(int descriptor, void *buffer, size_t count);
ssize_t _write(int descriptor, const void *buffer, size_t count);
off_t _lseek(int descriptor, off_t distance, int method);
int _fstat(int descriptor, struct stat *result);
int _stat(const char *name, struct stat *result);
int _isatty(int descriptor);
int _kill(int process, int signal);
int _getpid(void);
int _unlink(const char *name);
int _link(const char *from, const char *to);

static int fail(int code) {
    errno = code;
    return -1;
}

static int fail_status(uint32_t status) {
    return fail(errno_from_status(status));
}

/* The handle of an open file's descriptor, 0 if there is none. */
static uint32_t handle_of(int descriptor) {
    if (descriptor < CONSOLES || descriptor >= DESCRIPTORS || (uint32_t)handles[descriptor] == BUSY) {
        return 0;
    }
    return (uint32_t)handles[descriptor];
}

static int is_console(int descriptor) {
    return descriptor >= 0 && descriptor < CONSOLES;
}

/* Writes the name as UTF-16; returns 0 or an errno code. */
static int name_convert(const char *name, wchar_t *path) {
    if (utf8_to_utf16(name, strlen(name) + 1, NULL, 0) > ABI_PATH_MAX) {
        return ENAMETOOLONG;
    }
    utf8_to_utf16(name, strlen(name) + 1, path, ABI_PATH_MAX);
    return 0;
}

int _open(const char *name, int flags, int mode) {
    wchar_t path[ABI_PATH_MAX];
    struct abi_file_info info;
    (void)mode;
    int code = name_convert(name, path);
    if (code) {
        return fail(code);
    }
    if ((flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC))) {
        uint32_t status = call2(SYS_PATH_INFO, address_of(path), address_of(&info)).status;
        return fail(status ? ((flags & O_CREAT) ? EROFS : errno_from_status(status)) : EACCES);
    }
    int descriptor = CONSOLES;
    while (descriptor < DESCRIPTORS && helper_compare_exchange(&handles[descriptor], BUSY, 0) != 0) {
        descriptor++;
    }
    if (descriptor == DESCRIPTORS) {
        return fail(EMFILE);
    }
    struct call_result result = call6(SYS_FILE_OPEN, address_of(path), READ_ACCESS, SHARE_READ, OPEN_EXISTING, 0, 0);
    if (result.status) {
        handles[descriptor] = 0;
        return fail_status(result.status);
    }
    handles[descriptor] = (int32_t)result.value;
    return descriptor;
}

int _close(int descriptor) {
    if (is_console(descriptor)) {
        return 0;
    }
    uint32_t handle = handle_of(descriptor);
    if (!handle) {
        return fail(EBADF);
    }
    handles[descriptor] = 0;
    uint32_t status = call1(SYS_HANDLE_CLOSE, handle).status;
    return status ? fail_status(status) : 0;
}

ssize_t _read(int descriptor, void *buffer, size_t count) {
    if (is_console(descriptor)) {
        size_t length;
        uint32_t status = console_read(buffer, count, &length);
        return status ? fail_status(status) : (ssize_t)length;
    }
    uint32_t handle = handle_of(descriptor);
    if (!handle) {
        return fail(EBADF);
    }
    struct call_result result = call3(SYS_FILE_READ, handle, address_of(buffer), count);
    return result.status ? fail_status(result.status) : (ssize_t)result.value;
}

ssize_t _write(int descriptor, const void *buffer, size_t count) {
    if (!is_console(descriptor)) {
        return fail(EBADF);
    }
    const char *text = buffer;
    for (size_t done = 0; done < count;) {
        size_t piece = count - done < CONSOLE_CHUNK ? count - done : CONSOLE_CHUNK;
        uint32_t status = console_write(text + done, piece);
        if (status) {
            return fail_status(status);
        }
        done += piece;
    }
    return (ssize_t)count;
}

off_t _lseek(int descriptor, off_t distance, int method) {
    if (is_console(descriptor)) {
        return fail(ESPIPE);
    }
    uint32_t handle = handle_of(descriptor);
    if (!handle) {
        return fail(EBADF);
    }
    int64_t position = distance;
    uint32_t status = call3(SYS_FILE_SEEK, handle, address_of(&position), (uint32_t)method).status;
    return status ? fail_status(status) : (off_t)position;
}

static void stat_fill(const struct abi_file_info *info, struct stat *result) {
    int directory = (info->attributes & ATTRIBUTE_DIR) != 0;
    memset(result, 0, sizeof(*result));
    result->st_mode = directory ? S_IFDIR | 0555 : S_IFREG | 0444;
    result->st_nlink = 1;
    result->st_size = (off_t)info->size_low;
    result->st_ino = (ino_t)info->index_low;
    result->st_blksize = 1024; /* stdio's buffer */
}

int _fstat(int descriptor, struct stat *result) {
    struct abi_file_info info;
    if (is_console(descriptor)) {
        memset(result, 0, sizeof(*result));
        result->st_mode = S_IFCHR | 0666;
        result->st_nlink = 1;
        return 0;
    }
    uint32_t handle = handle_of(descriptor);
    if (!handle) {
        return fail(EBADF);
    }
    uint32_t status = call2(SYS_FILE_INFO, handle, address_of(&info)).status;
    if (status) {
        return fail_status(status);
    }
    stat_fill(&info, result);
    return 0;
}

int _stat(const char *name, struct stat *result) {
    wchar_t path[ABI_PATH_MAX];
    struct abi_file_info info;
    int code = name_convert(name, path);
    if (code) {
        return fail(code);
    }
    uint32_t status = call2(SYS_PATH_INFO, address_of(path), address_of(&info)).status;
    if (status) {
        return fail_status(status);
    }
    stat_fill(&info, result);
    return 0;
}

int _isatty(int descriptor) {
    if (is_console(descriptor)) {
        return 1;
    }
    fail(handle_of(descriptor) ? ENOTTY : EBADF);
    return 0;
}

int _getpid(void) {
    return (int)kdata_word(ABI_KDATA_PROCESS);
}

/* raise() ends here when a signal has no handler: the process ends. */
int _kill(int process, int signal) {
    if (process != _getpid()) {
        return fail(ESRCH);
    }
    _exit(128 + signal);
}

/* remove(): a ROM file cannot be deleted. */
int _unlink(const char *name) {
    struct stat info;
    return _stat(name, &info) ? -1 : fail(EACCES);
}

int _link(const char *from, const char *to) {
    (void)from;
    (void)to;
    return fail(EROFS);
}
