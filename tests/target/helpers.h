/* What several test programs do: starting child programs, and the contents of the test files in the ROM.
 *
 * The test files (tests/target/make-data) hold lines of eight bytes, "0000000\n", "0000001\n" and so on, cut to
 * their size, so that every byte tells where it lies.
 */
#ifndef TESTS_TARGET_HELPERS_H
#define TESTS_TARGET_HELPERS_H

#include <windows.h>

#define RUN_FAILED 0xffff0000u /* run_program: CreateProcess failed, low half = last error */

/* The byte at offset of every test file. */
static inline char data_byte(DWORD offset) {
    static const DWORD power[7] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    DWORD column = offset % 8;

    return column == 7 ? '\n' : (char)('0' + offset / 8 / power[column] % 10);
}

/* True if bytes holds what the test files hold from offset on. */
static inline int data_equal(const char *bytes, DWORD offset, DWORD count) {
    for (DWORD i = 0; i < count; i++) {
        if (bytes[i] != data_byte(offset + i)) {
            return 0;
        }
    }
    return 1;
}

/* Starts a program; the caller closes both handles.  FALSE with the last error set. */
static inline BOOL start_program(const wchar_t *image, const wchar_t *arguments, PROCESS_INFORMATION *created) {
    return CreateProcessW(image, arguments, NULL, NULL, FALSE, 0, NULL, NULL, NULL, created);
}

/* Waits for the end of a program that was started, closes its handles and returns its exit code. */
static inline DWORD finish_program(PROCESS_INFORMATION *created) {
    DWORD code = RUN_FAILED;

    WaitForSingleObject(created->hProcess, INFINITE);
    GetExitCodeProcess(created->hProcess, &code);
    CloseHandle(created->hThread);
    CloseHandle(created->hProcess);
    return code;
}

/* Starts a program, waits for its end and returns its exit code; RUN_FAILED + last error if it cannot be started. */
static inline DWORD run_program(const wchar_t *image, const wchar_t *arguments) {
    PROCESS_INFORMATION created;

    if (!start_program(image, arguments, &created)) {
        return RUN_FAILED + GetLastError();
    }
    return finish_program(&created);
}

static inline HANDLE open_read(const wchar_t *name) {
    return CreateFileW(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
}

static inline HANDLE open_for_mapping(const wchar_t *name) {
    return CreateFileForMappingW(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
}

#endif
