/* Upper and lower case of single letters: ASCII, Latin-1, Latin Extended-A, Greek, Cyrillic. */
#ifndef SDK_LIB_LETTER_CASE_H
#define SDK_LIB_LETTER_CASE_H

#include <wchar.h>

/* The letter's other form, or c itself where there is none of one UTF-16 unit. */
wchar_t letter_lower(wchar_t c);
wchar_t letter_upper(wchar_t c);

#endif
