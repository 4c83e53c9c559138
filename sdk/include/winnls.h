/* Code pages and letter case. */
#ifndef _WINNLS_H
#define _WINNLS_H

#include <windef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All of them are UTF-8 here. */
#define CP_ACP   0
#define CP_OEMCP 1
#define CP_UTF8  65001

#define MB_PRECOMPOSED       0x00000001
#define MB_ERR_INVALID_CHARS 0x00000008
#define WC_ERR_INVALID_CHARS 0x00000080
#define WC_NO_BEST_FIT_CHARS 0x00000400

int MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCSTR lpMultiByteStr, int cbMultiByte, LPWSTR lpWideCharStr,
                        int cchWideChar);
int WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWSTR lpWideCharStr, int cchWideChar, LPSTR lpMultiByteStr,
                        int cbMultiByte, LPCSTR lpDefaultChar, LPBOOL lpUsedDefaultChar);

/* A string, or with a value below 0x10000 one character, in place.  Latin, Greek and Cyrillic letters. */
LPWSTR CharLowerW(LPWSTR lpsz);
LPWSTR CharUpperW(LPWSTR lpsz);
DWORD CharLowerBuffW(LPWSTR lpsz, DWORD cchLength);
DWORD CharUpperBuffW(LPWSTR lpsz, DWORD cchLength);

#define CharLower     CharLowerW
#define CharUpper     CharUpperW
#define CharLowerBuff CharLowerBuffW
#define CharUpperBuff CharUpperBuffW

#ifdef __cplusplus
}
#endif

#endif
