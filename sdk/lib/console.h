/* The console as a C program's standard input: whole lines, with echo and editing.
 *
 * The kernel hands over characters as they were typed.  A line is collected and echoed here: back space and delete take
 * back one character (a whole UTF-8 sequence), control-U the line, control-C gives it up (an empty line is
 * read), control-D on an empty line is the end of input once.  Carriage return, line feed and the two together end a
 * line. Other control characters but the tab are dropped.
 */
#ifndef SDK_LIB_CONSOLE_H
#define SDK_LIB_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

/* Reads at most capacity bytes of the current line, waiting for one if none is left over.  Sets *length (0: end of
 * input).  Returns a status.  Safe from any thread; one waits at a time. */
uint32_t console_read(char *buffer, size_t capacity, size_t *length);

/* Writes count bytes.  Returns a status. */
uint32_t console_write(const char *text, size_t count);

#endif
