/* Error codes in words. */
#include "shell.h"
#include <stdio.h>

static const struct {
    DWORD code;
    const char *text;
} texts[] = {
    {ERROR_FILE_NOT_FOUND, "there is no such file"},
    {ERROR_PATH_NOT_FOUND, "there is no such directory"},
    {ERROR_ACCESS_DENIED, "access is denied"},
    {ERROR_NOT_ENOUGH_MEMORY, "there is not enough memory"},
    {ERROR_NO_MORE_FILES, "no file matches"},
    {ERROR_CRC, "its data do not match their check"},
    {ERROR_SHARING_VIOLATION, "somebody else is using it"},
    {ERROR_NOT_SUPPORTED, "this is not supported for this file"},
    {ERROR_INVALID_PARAMETER, "this is not a valid argument"},
    {ERROR_NO_PROC_SLOTS, "no more processes can be started"},
    {ERROR_INVALID_NAME, "this is not a valid name"},
    {ERROR_BAD_EXE_FORMAT, "this is not a program for this machine"},
    {ERROR_FILENAME_EXCED_RANGE, "the name is too long"},
};

BOOL report_error(const wchar_t *what) {
    DWORD code = GetLastError();
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].code == code) {
            printf("shell: %ls: %s\n", what, texts[i].text);
            return FALSE;
        }
    }
    printf("shell: %ls: error %lu\n", what, code);
    return FALSE;
}
