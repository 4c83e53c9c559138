/* Included in front of everything in the host tests of sdk/lib: gives the library's functions names of their own, so
 * that they do not take the place of the host's.  The tests use the same names. */
#ifndef TESTS_HOST_SDK_NAMES_H
#define TESTS_HOST_SDK_NAMES_H

#define wcslen      sdk_wcslen
#define wcsnlen     sdk_wcsnlen
#define wcscpy      sdk_wcscpy
#define wcpcpy      sdk_wcpcpy
#define wcsncpy     sdk_wcsncpy
#define wcscat      sdk_wcscat
#define wcsncat     sdk_wcsncat
#define wcscmp      sdk_wcscmp
#define wcsncmp     sdk_wcsncmp
#define wcscoll     sdk_wcscoll
#define wcsxfrm     sdk_wcsxfrm
#define wcscasecmp  sdk_wcscasecmp
#define wcsncasecmp sdk_wcsncasecmp
#define wcschr      sdk_wcschr
#define wcsrchr     sdk_wcsrchr
#define wcsstr      sdk_wcsstr
#define wcsspn      sdk_wcsspn
#define wcscspn     sdk_wcscspn
#define wcspbrk     sdk_wcspbrk
#define wcstok      sdk_wcstok
#define wcsdup      sdk_wcsdup
#define wmemchr     sdk_wmemchr
#define wmemcmp     sdk_wmemcmp
#define wmemcpy     sdk_wmemcpy
#define wmemmove    sdk_wmemmove
#define wmemset     sdk_wmemset
#define wcstol      sdk_wcstol
#define wcstoul     sdk_wcstoul
#define wcstoll     sdk_wcstoll
#define wcstoull    sdk_wcstoull
#define wcstod      sdk_wcstod
#define wcstof      sdk_wcstof
#define mbrtowc     sdk_mbrtowc
#define wcrtomb     sdk_wcrtomb
#define mbsrtowcs   sdk_mbsrtowcs
#define wcsrtombs   sdk_wcsrtombs
#define mbstowcs    sdk_mbstowcs
#define wcstombs    sdk_wcstombs
#define mbtowc      sdk_mbtowc
#define wctomb      sdk_wctomb
#define mblen       sdk_mblen
#define mbrlen      sdk_mbrlen
#define mbsinit     sdk_mbsinit
#define btowc       sdk_btowc
#define wctob       sdk_wctob

#include <stddef.h>
#include <wchar.h>

/* What the SDK's own headers declare besides. */
int _wcsicmp(const wchar_t *a, const wchar_t *b);
int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t count);
wchar_t *_wcsdup(const wchar_t *text);
wchar_t *_wcslwr(wchar_t *text);
wchar_t *_wcsupr(wchar_t *text);
wchar_t *_wcsrev(wchar_t *text);
int _wtoi(const wchar_t *text);
long _wtol(const wchar_t *text);
long long _wtoi64(const wchar_t *text);
double _wtof(const wchar_t *text);
char *_i64toa(long long value, char *text, int base);
char *_ui64toa(unsigned long long value, char *text, int base);
char *_ltoa(long value, char *text, int base);
char *_ultoa(unsigned long value, char *text, int base);
char *_itoa(int value, char *text, int base);
wchar_t *_ultow(unsigned long value, wchar_t *text, int base);
wchar_t *_ltow(long value, wchar_t *text, int base);
wchar_t *_itow(int value, wchar_t *text, int base);
long long _atoi64(const char *text);

#endif
