/* Basic types and macros of Win32. */
#ifndef _WINDEF_H
#define _WINDEF_H

#include <stdarg.h>
#include <stddef.h>
#include <wchar.h>

#define MAX_PATH 260

#ifndef NULL
#define NULL 0
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif

/* The compiler command defines __int64; other uses of these headers get it here. */
#ifndef __int64
#define __int64 long long
#endif

/* Calling conventions and storage classes: one each on ARM. */
#define WINAPI
#define APIENTRY
#define CALLBACK
#define WINBASEAPI
#define PASCAL
#ifndef __cdecl
#define __cdecl
#endif
#ifndef __stdcall
#define __stdcall
#endif
#define CONST const
#define VOID  void
#define IN
#define OUT
#define OPTIONAL

#ifdef __cplusplus
extern "C" {
#endif

typedef int BOOL, *PBOOL, *LPBOOL;
typedef unsigned char BYTE, *PBYTE, *LPBYTE;
typedef unsigned short WORD, *PWORD, *LPWORD;
typedef unsigned long DWORD, *PDWORD, *LPDWORD;
typedef char CHAR, *PCHAR;
typedef short SHORT, *PSHORT;
typedef int INT, *PINT, *LPINT;
typedef long LONG, *PLONG, *LPLONG;
typedef unsigned char UCHAR, *PUCHAR;
typedef unsigned short USHORT, *PUSHORT;
typedef unsigned int UINT, *PUINT;
typedef unsigned long ULONG, *PULONG;
typedef float FLOAT;
typedef long long LONGLONG, *PLONGLONG;
typedef unsigned long long ULONGLONG, *PULONGLONG, DWORDLONG;
typedef long long INT64, LONG64;
typedef unsigned long long UINT64, DWORD64, ULONG64;
typedef int INT32;
typedef unsigned int UINT32;
typedef int INT_PTR;
typedef unsigned int UINT_PTR;
typedef long LONG_PTR;
typedef unsigned long ULONG_PTR, DWORD_PTR, SIZE_T, *PSIZE_T;
typedef long SSIZE_T;
typedef unsigned int WPARAM;
typedef long LPARAM, LRESULT;

typedef void *PVOID, *LPVOID;
typedef const void *LPCVOID;
typedef wchar_t WCHAR, *PWCHAR;
typedef WCHAR *LPWSTR, *PWSTR, *LPWCH;
typedef const WCHAR *LPCWSTR, *PCWSTR;
typedef CHAR *LPSTR, *PSTR;
typedef const CHAR *LPCSTR, *PCSTR;
typedef WCHAR TCHAR, *PTCHAR;
typedef LPWSTR LPTSTR, PTSTR;
typedef LPCWSTR LPCTSTR, PCTSTR;
typedef BYTE BOOLEAN;

typedef void *HANDLE, **PHANDLE, **LPHANDLE;
typedef HANDLE HINSTANCE, HMODULE, HLOCAL, HGLOBAL;
typedef int (*FARPROC)(void);

typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

#define MAKEWORD(low, high)               ((WORD)((BYTE)(low) | (WORD)(BYTE)(high) << 8))
#define MAKELONG(low, high)               ((LONG)((WORD)(low) | (DWORD)(WORD)(high) << 16))
#define LOWORD(value)                     ((WORD)((DWORD_PTR)(value)&0xffff))
#define HIWORD(value)                     ((WORD)((DWORD_PTR)(value) >> 16))
#define LOBYTE(value)                     ((BYTE)((DWORD_PTR)(value)&0xff))
#define HIBYTE(value)                     ((BYTE)((DWORD_PTR)(value) >> 8 & 0xff))
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))

#if !defined(NOMINMAX) && !defined(__cplusplus)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#endif

#ifdef __cplusplus
}
#endif

#endif
