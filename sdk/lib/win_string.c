/* Win32 string functions. */
#include "sdk/lib/letter_case.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define WSPRINTF_MAX 1024 /* characters that wsprintf writes at most, as documented */

int lstrlenW(LPCWSTR lpString) {
    return lpString ? (int)wcslen(lpString) : 0;
}

LPWSTR lstrcpyW(LPWSTR lpString1, LPCWSTR lpString2) {
    wcscpy(lpString1, lpString2);
    return lpString1;
}

LPWSTR lstrcpynW(LPWSTR lpString1, LPCWSTR lpString2, int iMaxLength) {
    int i = 0;
    if (iMaxLength <= 0) {
        return lpString1;
    }
    for (; i < iMaxLength - 1 && lpString2[i]; i++) {
        lpString1[i] = lpString2[i];
    }
    lpString1[i] = 0;
    return lpString1;
}

LPWSTR lstrcatW(LPWSTR lpString1, LPCWSTR lpString2) {
    wcscat(lpString1, lpString2);
    return lpString1;
}

int lstrcmpW(LPCWSTR lpString1, LPCWSTR lpString2) {
    return wcscmp(lpString1, lpString2);
}

int lstrcmpiW(LPCWSTR lpString1, LPCWSTR lpString2) {
    return _wcsicmp(lpString1, lpString2);
}

DWORD CharLowerBuffW(LPWSTR lpsz, DWORD cchLength) {
    for (DWORD i = 0; i < cchLength; i++) {
        lpsz[i] = letter_lower(lpsz[i]);
    }
    return cchLength;
}

DWORD CharUpperBuffW(LPWSTR lpsz, DWORD cchLength) {
    for (DWORD i = 0; i < cchLength; i++) {
        lpsz[i] = letter_upper(lpsz[i]);
    }
    return cchLength;
}

LPWSTR CharLowerW(LPWSTR lpsz) {
    if ((uintptr_t)lpsz < 0x10000) {
        return (LPWSTR)(uintptr_t)letter_lower((wchar_t)(uintptr_t)lpsz);
    }
    CharLowerBuffW(lpsz, wcslen(lpsz));
    return lpsz;
}

LPWSTR CharUpperW(LPWSTR lpsz) {
    if ((uintptr_t)lpsz < 0x10000) {
        return (LPWSTR)(uintptr_t)letter_upper((wchar_t)(uintptr_t)lpsz);
    }
    CharUpperBuffW(lpsz, wcslen(lpsz));
    return lpsz;
}

int wvsprintfW(LPWSTR lpOut, LPCWSTR lpFmt, va_list arglist) {
    int length = _vsnwprintf(lpOut, WSPRINTF_MAX, lpFmt, arglist);
    if (length < 0 || length >= WSPRINTF_MAX) {
        length = WSPRINTF_MAX - 1;
        lpOut[length] = 0;
    }
    return length;
}

int wsprintfW(LPWSTR lpOut, LPCWSTR lpFmt, ...) {
    va_list list;
    va_start(list, lpFmt);
    int length = wvsprintfW(lpOut, lpFmt, list);
    va_end(list);
    return length;
}
