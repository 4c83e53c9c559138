/* Strings: newlib's, and the names that Windows CE had besides. */
/* Before the guard: the C++ library reaches the next header through this one, inside itself. */
#include_next <string.h>

#ifndef _SITU_STRING_H
#define _SITU_STRING_H

#include <wchar.h>

#ifdef __cplusplus
extern "C" {
#endif

int _stricmp(const char *a, const char *b);
int _strnicmp(const char *a, const char *b, size_t count);
#define stricmp  _stricmp
#define strnicmp _strnicmp
char *_strdup(const char *text);
char *_strlwr(char *text);
char *_strupr(char *text);
char *_strrev(char *text);

#ifdef __cplusplus
}
#endif

#endif
