/* ps and kill. */
#include "shell.h"
#include <situ.h>
#include <stdio.h>
#include <stdlib.h>

#define SPARE        8     /* elements of room for what begins while a list is fetched */
#define UNITS_PER_MS 10000 /* of 100 ns */
#define END_CODE     1     /* exit code of a process that was ended by kill */
#define END_LIMIT    5000  /* ms */

SITU_PROCESS_INFO *processes_get(DWORD *count) {
    SITU_PROCESS_INFO *processes = NULL;
    DWORD room = SPARE;
    for (;;) {
        free(processes);
        processes = malloc(room * sizeof(*processes));
        if (!processes || !SituEnumProcesses(processes, room, count)) {
            free(processes);
            report_error(L"processes");
            return NULL;
        }
        if (*count <= room) {
            return processes;
        }
        room = *count + SPARE;
    }
}

/* The same of a process's threads.  NULL: it has ended meanwhile, or there is no memory. */
static SITU_THREAD_INFO *threads_get(DWORD process, DWORD *count) {
    SITU_THREAD_INFO *threads = NULL;
    DWORD room = SPARE;
    for (;;) {
        free(threads);
        threads = malloc(room * sizeof(*threads));
        if (!threads || !SituEnumThreads(process, threads, room, count)) {
            free(threads);
            return NULL;
        }
        if (*count <= room) {
            return threads;
        }
        room = *count + SPARE;
    }
}

static void threads_print(DWORD process) {
    static const char *const states[] = {"ready", "running", "waiting", "dead"};
    DWORD count;
    SITU_THREAD_INFO *threads = threads_get(process, &count);
    for (DWORD i = 0; threads && i < count; i++) {
        const SITU_THREAD_INFO *thread = &threads[i];
        printf("       thread %6lu  priority %3lu (base %3lu)  ran %8llu ms  %s", thread->id, thread->priority,
               thread->base_priority, thread->run_time / UNITS_PER_MS, thread->state < 4 ? states[thread->state] : "?");
        if (thread->suspended != 0) {
            printf(", suspended %lu", thread->suspended);
        }
        printf("\n");
    }
    free(threads);
}

BOOL command_ps(wchar_t *argument) {
    BOOL with_threads = wcscmp(argument, L"-t") == 0;
    if (*argument && !with_threads) {
        printf("usage: ps [-t]\n");
        return FALSE;
    }
    DWORD count;
    SITU_PROCESS_INFO *processes = processes_get(&count);
    if (!processes) {
        return FALSE;
    }
    printf("    id  threads  handles  KB used  promised  views  name\n");
    for (DWORD i = 0; i < count; i++) {
        const SITU_PROCESS_INFO *process = &processes[i];
        printf("%6lu  %7lu  %7lu  %7lu  %8lu  %5lu  %ls\n", process->id, process->threads, process->handles,
               process->pages * PAGE_KB, process->committed * PAGE_KB, process->views, (const wchar_t *)process->name);
        if (with_threads) {
            threads_print(process->id);
        }
    }
    free(processes);
    return TRUE;
}

BOOL command_kill(wchar_t *argument) {
    wchar_t *end;
    DWORD id = wcstoul(argument, &end, 0);
    if (!*argument || *end) {
        printf("usage: kill id (as ps shows it)\n");
        return FALSE;
    }
    HANDLE process = OpenProcess(0, FALSE, id);
    if (!process) {
        if (GetLastError() == ERROR_INVALID_PARAMETER) {
            printf("shell: kill: there is no process %lu\n", id);
            return FALSE;
        }
        return report_error(L"kill");
    }
    BOOL done = TerminateProcess(process, END_CODE) || report_error(L"kill");
    if (done && WaitForSingleObject(process, END_LIMIT) == WAIT_TIMEOUT) {
        printf("process %lu is still at its end\n", id);
    }
    CloseHandle(process);
    return done;
}
