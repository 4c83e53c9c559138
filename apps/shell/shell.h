/* The shell's commands.  Each gets the rest of its line, without spaces at its ends and with the quotes around it
 * taken off, and returns FALSE after it has said what went wrong. */
#ifndef APPS_SHELL_H
#define APPS_SHELL_H

#include <situ.h>
#include <windows.h>

#define LINE_CHARACTERS 512 /* the longest command line, with its zero */
#define PAGE_KB         4

/* shell.c: takes the first word, quoted or not, off the line, and returns it; *line is set to what follows. */
wchar_t *word_take(wchar_t **line);

/* files.c */
BOOL command_dir(wchar_t *argument);
BOOL command_type(wchar_t *argument);
BOOL command_verify(wchar_t *argument);

/* system.c */
BOOL command_mem(wchar_t *argument);
BOOL command_views(wchar_t *argument);

/* processes.c */
BOOL command_ps(wchar_t *argument);
BOOL command_kill(wchar_t *argument);

/* All processes, in memory for the caller to free; NULL after it has said what went wrong. */
SITU_PROCESS_INFO *processes_get(DWORD *count);

/* run.c */
BOOL command_start(wchar_t *line);

/* Starts the program that name stands for (.exe may be left out), waits for it, and says so when its exit
 * code is not 0. */
BOOL run_program(const wchar_t *name, const wchar_t *arguments);

/* error.c: prints "shell: what: why" for the last error.  Returns FALSE. */
BOOL report_error(const wchar_t *what);

#endif
