/* Starting a program, and waiting for its end or not. */
#include "shell.h"
#include <stdio.h>

#define EXTENSION L".exe"

/* What an exit code of a process that was ended by a fault says. */
static const char *fault_text(DWORD code) {
    switch (code) {
    case STATUS_ACCESS_VIOLATION:
        return " (access violation)";
    case STATUS_DATATYPE_MISALIGNMENT:
        return " (unaligned access)";
    case STATUS_ILLEGAL_INSTRUCTION:
        return " (illegal instruction)";
    case STATUS_STACK_OVERFLOW:
        return " (stack overflow)";
    case STATUS_BREAKPOINT:
        return " (breakpoint)";
    case STATUS_PRIVILEGED_INSTRUCTION:
        return " (privileged instruction)";
    default:
        return "";
    }
}

/* Tries the name as it is and, when there is no such file, with .exe behind it. */
static BOOL program_start(const wchar_t *name, const wchar_t *arguments, PROCESS_INFORMATION *information) {
    wchar_t path[MAX_PATH];
    if (CreateProcess(name, arguments, NULL, NULL, FALSE, 0, NULL, NULL, NULL, information)) {
        return TRUE;
    }
    if (GetLastError() != ERROR_FILE_NOT_FOUND ||
        _snwprintf(path, MAX_PATH, L"%s" EXTENSION, name) != (int)(wcslen(name) + wcslen(EXTENSION))) {
        return FALSE;
    }
    path[MAX_PATH - 1] = 0;
    return CreateProcess(path, arguments, NULL, NULL, FALSE, 0, NULL, NULL, NULL, information);
}

static BOOL report_no_start(const wchar_t *name) {
    if (GetLastError() == ERROR_FILE_NOT_FOUND) {
        printf("shell: %ls: there is no command and no program of this name (try help)\n", name);
        return FALSE;
    }
    return report_error(name);
}

BOOL command_start(wchar_t *line) {
    PROCESS_INFORMATION information;
    const wchar_t *name = word_take(&line);
    if (!*name) {
        printf("usage: start program [arguments]\n");
        return FALSE;
    }
    if (!program_start(name, line, &information)) {
        return report_no_start(name);
    }
    printf("process %lu\n", information.dwProcessId);
    CloseHandle(information.hThread);
    CloseHandle(information.hProcess);
    return TRUE;
}

BOOL run_program(const wchar_t *name, const wchar_t *arguments) {
    PROCESS_INFORMATION information;
    DWORD code = 0;
    if (!program_start(name, arguments, &information)) {
        return report_no_start(name);
    }
    CloseHandle(information.hThread);
    WaitForSingleObject(information.hProcess, INFINITE);
    GetExitCodeProcess(information.hProcess, &code);
    CloseHandle(information.hProcess);
    if (code > 0xffff) {
        printf("%ls: exit code 0x%08lx%s\n", name, code, fault_text(code));
    } else if (code) {
        printf("%ls: exit code %lu\n", name, code);
    }
    return code == 0;
}
