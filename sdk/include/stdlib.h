/* Utilities: newlib's, and the names that Windows CE had besides. */
/* Before the guard: the C++ library reaches the next header through this one, inside itself. */
#include_next <stdlib.h>

#ifndef _SITU_STDLIB_H
#define _SITU_STDLIB_H

#include <wchar.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef _MAX_PATH
#define _MAX_PATH  260
#define _MAX_FNAME 256
#define _MAX_EXT   256
#endif

size_t _msize(void *block);
long long _atoi64(const char *text);
char *_itoa(int value, char *text, int base);
char *_ltoa(long value, char *text, int base);
char *_ultoa(unsigned long value, char *text, int base);
char *_i64toa(long long value, char *text, int base);
char *_ui64toa(unsigned long long value, char *text, int base);
size_t mbstowcs(wchar_t *__restrict wide, const char *__restrict text, size_t count);
size_t wcstombs(char *__restrict text, const wchar_t *__restrict wide, size_t count);

#ifdef __cplusplus
}
#endif

#endif
