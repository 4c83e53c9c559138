/* Wide characters: newlib's declarations and the names that Windows CE had besides.
 *
 * wchar_t is UTF-16 and has 2 bytes.  In the wprintf family %s and %c mean wide text, as on CE; in the printf family
 * they mean narrow text; %S and %C mean the other one in both, %ls and %hs what they say.
 */
/* Before the guard: the C++ library reaches the next header through this one, inside itself. */
#include_next <wchar.h>

#ifndef _SITU_WCHAR_H
#define _SITU_WCHAR_H

#if __SIZEOF_WCHAR_T__ != 2
#error "compile with -fshort-wchar (situ-cc does): wchar_t has 2 bytes on Situ"
#endif

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Comparing without regard to case; copies and changes in place. */
int _wcsicmp(const wchar_t *a, const wchar_t *b);
int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t count);
#define wcsicmp  _wcsicmp
#define wcsnicmp _wcsnicmp
wchar_t *_wcsdup(const wchar_t *text);
wchar_t *wcsdup(const wchar_t *text);
wchar_t *_wcslwr(wchar_t *text);
wchar_t *_wcsupr(wchar_t *text);
wchar_t *_wcsrev(wchar_t *text);
size_t wcsnlen(const wchar_t *text, size_t count);

/* Numbers. */
int _wtoi(const wchar_t *text);
long _wtol(const wchar_t *text);
long long _wtoi64(const wchar_t *text);
double _wtof(const wchar_t *text);
wchar_t *_itow(int value, wchar_t *text, int base);
wchar_t *_ltow(long value, wchar_t *text, int base);
wchar_t *_ultow(unsigned long value, wchar_t *text, int base);
long long wcstoll(const wchar_t *__restrict text, wchar_t **__restrict end, int base);
unsigned long long wcstoull(const wchar_t *__restrict text, wchar_t **__restrict end, int base);

/* These return -1 when the text does not fit, and write no zero when it just fills or overfills the buffer. */
int _snwprintf(wchar_t *buffer, size_t count, const wchar_t *format, ...);
int _vsnwprintf(wchar_t *buffer, size_t count, const wchar_t *format, va_list list);

__FILE *_wfopen(const wchar_t *name, const wchar_t *mode);
int _putws(const wchar_t *text);
wchar_t *_getws(wchar_t *line);

/* CE's form of two functions that ISO C gives one argument more: swprintf(buffer, format, ...) and
 * wcstok(text, delimiters).  Both forms are understood. */
int __situ_swprintf(wchar_t *buffer, const wchar_t *format, ...);
int __situ_vswprintf(wchar_t *buffer, const wchar_t *format, va_list list);
wchar_t *__situ_wcstok(wchar_t *text, const wchar_t *delimiters);

#ifdef __cplusplus
}

extern "C++" {
template <typename... Arguments> inline int swprintf(wchar_t *buffer, const wchar_t *format, Arguments... arguments) {
    return __situ_swprintf(buffer, format, arguments...);
}

inline int vswprintf(wchar_t *buffer, const wchar_t *format, va_list list) {
    return __situ_vswprintf(buffer, format, list);
}

inline wchar_t *wcstok(wchar_t *text, const wchar_t *delimiters) {
    return __situ_wcstok(text, delimiters);
}
}
#else
#define __SITU_FIRST(first, ...)   first
#define __SITU_THIRD(a, b, c, ...) c
#define swprintf(buffer, ...)                                                                                          \
    _Generic((__SITU_FIRST(__VA_ARGS__, 0)), wchar_t * : __situ_swprintf, const wchar_t * : __situ_swprintf,           \
             default : (swprintf))(buffer, __VA_ARGS__)
#define vswprintf(buffer, ...)                                                                                         \
    _Generic((__SITU_FIRST(__VA_ARGS__, 0)), wchar_t * : __situ_vswprintf, const wchar_t * : __situ_vswprintf,         \
             default : (vswprintf))(buffer, __VA_ARGS__)
#define wcstok(text, ...) __SITU_THIRD(__VA_ARGS__, (wcstok), __situ_wcstok, 0)(text, __VA_ARGS__)
#endif

#endif
