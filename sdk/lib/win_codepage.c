/* MultiByteToWideChar and WideCharToMultiByte.  Every code page that is offered is UTF-8 (docs/api.md). */
#include "sdk/lib/syscall.h"
#include "sdk/lib/utf.h"
#include <string.h>
#include <windows.h>

static BOOL is_known(UINT page) {
    return page == CP_ACP || page == CP_OEMCP || page == CP_UTF8;
}

static int fail(uint32_t status) {
    finish(status);
    return 0;
}

/* Whether the text has a malformed sequence. */
static BOOL narrow_is_bad(const char *text, size_t count) {
    const char *end = text + count;
    int bad = 0;
    while (text < end && !bad) {
        utf8_take(&text, end, &bad);
    }
    return bad;
}

static BOOL wide_is_bad(const wchar_t *text, size_t count) {
    const wchar_t *end = text + count;
    int bad = 0;
    while (text < end && !bad) {
        utf16_take(&text, end, &bad);
    }
    return bad;
}

int MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCSTR lpMultiByteStr, int cbMultiByte, LPWSTR lpWideCharStr,
                        int cchWideChar) {
    if (!is_known(CodePage) || !lpMultiByteStr || cbMultiByte == 0 || cbMultiByte < -1 || cchWideChar < 0 ||
        (cchWideChar && (!lpWideCharStr || (const void *)lpMultiByteStr == lpWideCharStr))) {
        return fail(ERROR_INVALID_PARAMETER);
    }
    if (dwFlags & ~(DWORD)(MB_PRECOMPOSED | MB_ERR_INVALID_CHARS)) {
        return fail(ERROR_INVALID_FLAGS);
    }
    size_t count = cbMultiByte == -1 ? strlen(lpMultiByteStr) + 1 : (size_t)cbMultiByte;
    if ((dwFlags & MB_ERR_INVALID_CHARS) && narrow_is_bad(lpMultiByteStr, count)) {
        return fail(ERROR_NO_UNICODE_TRANSLATION);
    }
    size_t needed = utf8_to_utf16(lpMultiByteStr, count, NULL, 0);
    finish(0);
    if (cchWideChar == 0) {
        return (int)needed;
    }
    utf8_to_utf16(lpMultiByteStr, count, lpWideCharStr, (size_t)cchWideChar);
    return needed > (size_t)cchWideChar ? fail(ERROR_INSUFFICIENT_BUFFER) : (int)needed;
}

int WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWSTR lpWideCharStr, int cchWideChar, LPSTR lpMultiByteStr,
                        int cbMultiByte, LPCSTR lpDefaultChar, LPBOOL lpUsedDefaultChar) {
    (void)lpDefaultChar; /* every character has its form in UTF-8 */
    if (!is_known(CodePage) || !lpWideCharStr || cchWideChar == 0 || cchWideChar < -1 || cbMultiByte < 0 ||
        (cbMultiByte && (!lpMultiByteStr || (const void *)lpMultiByteStr == lpWideCharStr))) {
        return fail(ERROR_INVALID_PARAMETER);
    }
    if (dwFlags & ~(DWORD)(WC_ERR_INVALID_CHARS | WC_NO_BEST_FIT_CHARS)) {
        return fail(ERROR_INVALID_FLAGS);
    }
    size_t count = cchWideChar == -1 ? wcslen(lpWideCharStr) + 1 : (size_t)cchWideChar;
    if ((dwFlags & WC_ERR_INVALID_CHARS) && wide_is_bad(lpWideCharStr, count)) {
        return fail(ERROR_NO_UNICODE_TRANSLATION);
    }
    if (lpUsedDefaultChar) {
        *lpUsedDefaultChar = FALSE;
    }
    size_t needed = utf16_to_utf8(lpWideCharStr, count, NULL, 0);
    finish(0);
    if (cbMultiByte == 0) {
        return (int)needed;
    }
    utf16_to_utf8(lpWideCharStr, count, lpMultiByteStr, (size_t)cbMultiByte);
    return needed > (size_t)cbMultiByte ? fail(ERROR_INSUFFICIENT_BUFFER) : (int)needed;
}
