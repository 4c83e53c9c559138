/* The shell: reads lines from the console and does what they say.
 *
 * The first word of a line is a command of the table below or the name of a program; the rest is its argument. A name
 * with spaces is written in double quotes.  The console's line editing (back space, control-U, control-C) is the C
 * library's.
 */
#include "shell.h"
#include <situ.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static BOOL command_help(wchar_t *argument);
static BOOL command_exit(wchar_t *argument);

static const struct {
    const wchar_t *name;
    const char *arguments;
    BOOL (*function)(wchar_t *argument);
    const char *text;
    BOOL is_line; /* the argument is a command line itself: its quotes stay */
} commands[] = {
    {L"dir", "[pattern]", command_dir, "lists files (of \\Windows): bytes, attributes, name", FALSE},
    {L"type", "file", command_type, "prints a file", FALSE},
    {L"verify", "[file]", command_verify, "tests a file of the ROM, or all of them, against its check", FALSE},
    {L"mem", "", command_mem, "shows memory and counts of objects", FALSE},
    {L"ps", "[-t]", command_ps, "lists processes, with -t also their threads", FALSE},
    {L"kill", "id", command_kill, "ends a process", FALSE},
    {L"start", "program", command_start, "starts a program, and does not wait for its end", TRUE},
    {L"views", "", command_views, "lists mapped views", FALSE},
    {L"help", "", command_help, "prints this list", FALSE},
    {L"exit", "[code]", command_exit, "ends the shell", FALSE},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static BOOL command_help(wchar_t *argument) {
    (void)argument;
    for (size_t i = 0; i < COMMANDS; i++) {
        printf("%-6ls %-9s  %s\n", commands[i].name, commands[i].arguments, commands[i].text);
    }
    printf("Any other word is the name of a program; what follows it are its arguments.\n"
           "A bare name is looked up in \\Windows, then in \\; .exe may be left out.\n");
    return TRUE;
}

static BOOL command_exit(wchar_t *argument) {
    wchar_t *end;
    long code = wcstol(argument, &end, 0);
    if (*end) {
        printf("usage: exit [code]\n");
        return FALSE;
    }
    exit((int)code);
}

static BOOL is_space(wchar_t c) {
    return c == L' ' || c == L'\t' || c == L'\r' || c == L'\n';
}

wchar_t *word_take(wchar_t **line) {
    wchar_t *word = *line;
    BOOL quoted = *word == L'"';
    wchar_t *end = quoted ? ++word : word;
    while (*end && (quoted ? *end != L'"' : !is_space(*end))) {
        end++;
    }
    wchar_t *rest = end;
    if (*rest) {
        rest++;
    }
    *end = 0;
    while (is_space(*rest)) {
        rest++;
    }
    *line = rest;
    return word;
}

/* Takes one pair of quotes off an argument that is wholly inside it. */
static wchar_t *unquote(wchar_t *argument) {
    size_t length = wcslen(argument);
    if (length < 2 || argument[0] != L'"' || argument[length - 1] != L'"') {
        return argument;
    }
    argument[length - 1] = 0;
    return argument + 1;
}

static void line_do(wchar_t *line) {
    size_t length = wcslen(line);
    while (length && is_space(line[length - 1])) {
        line[--length] = 0;
    }
    while (is_space(*line)) {
        line++;
    }
    if (!*line) {
        return;
    }
    wchar_t *word = word_take(&line);
    for (size_t i = 0; i < COMMANDS; i++) {
        if (_wcsicmp(word, commands[i].name) == 0) {
            commands[i].function(commands[i].is_line ? line : unquote(line));
            return;
        }
    }
    run_program(word, line);
}

int main(void) {
    static char text[LINE_CHARACTERS];
    static wchar_t line[LINE_CHARACTERS];
    char board[32] = "this board";
    SituGetBoardName(board, sizeof(board));
    printf("Situ on %s.  help lists the commands.\n", board);
    for (;;) {
        printf("> ");
        if (!fgets(text, sizeof(text), stdin)) {
            break;
        }
        if (MultiByteToWideChar(CP_UTF8, 0, text, -1, line, LINE_CHARACTERS) == 0) {
            report_error(L"the line");
            continue;
        }
        line_do(line);
    }
    printf("\n");
    return 0;
}
