/* Splitting a command line into argv.
 *
 * Rules (those of the Microsoft C start-up code): arguments are separated by spaces and tabs; a double quote
 * begins or ends a part in which they do not separate; 2n backslashes before a quote give n backslashes and
 * the quote is a quote; 2n + 1 give n backslashes and the quote itself; other backslashes stand for themselves; two
 * quotes inside a quoted part give one quote and the part goes on.
 */
#ifndef SDK_LIB_ARGUMENTS_H
#define SDK_LIB_ARGUMENTS_H

#include <stddef.h>
#include <wchar.h>

/* Splits line.  text receives the arguments one after the other, each with its zero; when it is NULL they are
 * only counted.  *units is set to the characters that text needs (at most wcslen(line) + 1).  Returns how many
 * arguments there are. */
int arguments_split(const wchar_t *line, wchar_t *text, size_t *units);

/* Make argv: the path first, then the arguments of line, then NULL, in memory of the process that is never given
 * back (main may change it).  Return argc, or -1: no memory. */
int arguments_wide(const wchar_t *path, const wchar_t *line, wchar_t ***arguments);
int arguments_narrow(const wchar_t *path, const wchar_t *line, char ***arguments);

#endif
