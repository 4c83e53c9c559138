/* The shell's commands.  Each gets the rest of its line, without spaces at its ends and with the quotes around it
 * taken off, and returns FALSE after it has said what went wrong. */
#ifndef APPS_SHELL_H
#define APPS_SHELL_H

#include <windows.h>

#define LINE_CHARACTERS 512 /* the longest command line, with its zero */

/* files.c */
BOOL command_dir(wchar_t *argument);
BOOL command_type(wchar_t *argument);
BOOL command_verify(wchar_t *argument);

/* system.c */
BOOL command_mem(wchar_t *argument);
BOOL command_ps(wchar_t *argument);
BOOL command_views(wchar_t *argument);

/* run.c: starts the program that name stands for (.exe may be left out), waits for it, and says so when its exit
 * code is not 0. */
BOOL run_program(const wchar_t *name, const wchar_t *arguments);

/* error.c: prints "shell: what: why" for the last error.  Returns FALSE. */
BOOL report_error(const wchar_t *what);

#endif
