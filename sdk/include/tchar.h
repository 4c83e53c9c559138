/* Generic-text names: TCHAR is wchar_t. */
#ifndef _TCHAR_H
#define _TCHAR_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef wchar_t _TCHAR;
typedef wint_t _TINT;
#endif

#define __T(quote)   L##quote
#define _T(quote)    __T(quote)
#define _TEXT(quote) __T(quote)
#define _TEOF        WEOF

#define _tmain    wmain
#define _tWinMain WinMain

#define _tcslen   wcslen
#define _tcsnlen  wcsnlen
#define _tcscpy   wcscpy
#define _tcsncpy  wcsncpy
#define _tcscat   wcscat
#define _tcsncat  wcsncat
#define _tcscmp   wcscmp
#define _tcsncmp  wcsncmp
#define _tcsicmp  _wcsicmp
#define _tcsnicmp _wcsnicmp
#define _tcscoll  wcscoll
#define _tcschr   wcschr
#define _tcsrchr  wcsrchr
#define _tcsstr   wcsstr
#define _tcsspn   wcsspn
#define _tcscspn  wcscspn
#define _tcspbrk  wcspbrk
#define _tcstok   wcstok
#define _tcsdup   _wcsdup
#define _tcslwr   _wcslwr
#define _tcsupr   _wcsupr
#define _tcsrev   _wcsrev
#define _tcstol   wcstol
#define _tcstoul  wcstoul
#define _tcstod   wcstod
#define _ttoi     _wtoi
#define _ttol     _wtol
#define _ttoi64   _wtoi64
#define _itot     _itow
#define _ltot     _ltow
#define _ultot    _ultow

#define _tprintf    wprintf
#define _ftprintf   fwprintf
#define _stprintf   swprintf
#define _sntprintf  _snwprintf
#define _vtprintf   vwprintf
#define _vftprintf  vfwprintf
#define _vstprintf  vswprintf
#define _vsntprintf _vsnwprintf
#define _puttc      putwc
#define _puttchar   putwchar
#define _putts      _putws
#define _fputts     fputws
#define _fputtc     fputwc
#define _gettc      getwc
#define _gettchar   getwchar
#define _fgetts     fgetws
#define _fgettc     fgetwc
#define _tfopen     _wfopen

#define _istalpha  iswalpha
#define _istdigit  iswdigit
#define _istalnum  iswalnum
#define _istspace  iswspace
#define _istupper  iswupper
#define _istlower  iswlower
#define _istpunct  iswpunct
#define _istxdigit iswxdigit
#define _totlower  towlower
#define _totupper  towupper

#endif
