/* Standard input and output: newlib's, and the names that Windows CE had besides. */
#ifndef _SITU_STDIO_H
#define _SITU_STDIO_H

#include_next <stdio.h>
#include <stdarg.h>
#include <wchar.h>

#ifdef __cplusplus
extern "C" {
#endif

/* These return -1 when the text does not fit, and write no zero when it just fills or overfills the buffer. */
int _snprintf(char *buffer, size_t count, const char *format, ...);
int _vsnprintf(char *buffer, size_t count, const char *format, va_list list);

#define _fileno fileno

#ifdef __cplusplus
}
#endif

#endif
