/* Standard input and output: newlib's, and the names that Windows CE had besides. */
/* Before the guard: the C++ library reaches the next header through this one, inside itself. */
#include_next <stdio.h>

#ifndef _SITU_STDIO_H
#define _SITU_STDIO_H

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
