/* The program that other tests start: what it does is its first argument, what it found out is its exit code.
 *
 *   exit N           exits with N                       thread-exit N   its first thread ends by ExitThread(N)
 *   arguments ...    a number made of argc and argv     module          length of the module path, checked
 *   map FILE         address of a view of the file      pid             its process id
 *   peek ADDRESS     the word at the address            poke ADDRESS    stores there
 *   sleep MS         sleeps, exits with 7               spin            never ends
 *   hold FILE [MS]   maps the file, opens it, starts a thread, allocates, and sleeps (for ever)
 *   reset            restarts the machine by a watchdog
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "helpers.h"

static DWORD number(const char *text) {
    return (DWORD)strtoul(text, NULL, 0);
}

static void widen(wchar_t *to, const char *from, size_t room) {
    size_t i;

    for (i = 0; from[i] != '\0' && i + 1 < room; i++) {
        to[i] = (wchar_t)from[i];
    }
    to[i] = 0;
}

static DWORD arguments_code(int argc, char **argv) {
    DWORD code = (DWORD)argc;

    for (int i = 1; i < argc; i++) {
        for (const char *at = argv[i]; *at != '\0'; at++) {
            code = code * 31 + (unsigned char)*at;
        }
        code = code * 31 + '|';
    }
    return code;
}

static DWORD map_file(const char *name) {
    wchar_t path[MAX_PATH];
    HANDLE mapping;

    widen(path, name, MAX_PATH);
    mapping = CreateFileMappingW(open_for_mapping(path), NULL, PAGE_READONLY, 0, 0, NULL);
    if (mapping == NULL) {
        return RUN_FAILED + GetLastError();
    }
    return (DWORD)MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
}

static DWORD WINAPI sleep_for_ever(void *argument) {
    (void)argument;
    Sleep(INFINITE);
    return 0;
}

static DWORD hold(const char *name, DWORD milliseconds) {
    wchar_t path[MAX_PATH];

    widen(path, name, MAX_PATH);
    map_file(name);
    open_read(path);
    CreateThread(NULL, 0, sleep_for_ever, NULL, 0, NULL);
    memset(malloc(300000), 1, 300000);
    Sleep(milliseconds);
    return 0;
}

static DWORD reset(void) {
    StartWatchDogTimer(CreateWatchDogTimer(NULL, 20, 20, WDOG_RESET_DEVICE, 0, 0), 0);
    Sleep(1000);
    printf("child.exe: not restarted\n");
    return 0;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "exit";
    const char *value = argc > 2 ? argv[2] : "0";

    if (strcmp(what, "exit") == 0) {
        return (int)number(value);
    }
    if (strcmp(what, "thread-exit") == 0) {
        ExitThread(number(value));
    }
    if (strcmp(what, "arguments") == 0) {
        return (int)arguments_code(argc, argv);
    }
    if (strcmp(what, "module") == 0) {
        wchar_t path[MAX_PATH];
        DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
        return length < MAX_PATH && path[length] == 0 && path[0] == '\\' ? (int)length : -1;
    }
    if (strcmp(what, "map") == 0) {
        return (int)map_file(value);
    }
    if (strcmp(what, "pid") == 0) {
        return (int)GetCurrentProcessId();
    }
    if (strcmp(what, "peek") == 0) {
        return *(volatile int *)number(value);
    }
    if (strcmp(what, "poke") == 0) {
        *(volatile int *)number(value) = 1;
        return 1;
    }
    if (strcmp(what, "sleep") == 0) {
        Sleep(number(value));
        return 7;
    }
    if (strcmp(what, "spin") == 0) {
        for (;;) {
            __asm__ volatile("" ::: "memory");
        }
    }
    if (strcmp(what, "hold") == 0) {
        return (int)hold(value, argc > 3 ? number(argv[3]) : INFINITE);
    }
    if (strcmp(what, "reset") == 0) {
        return (int)reset();
    }
    printf("child.exe: %s?\n", what);
    return 255;
}
