/* mem, ps and views: the system's own figures. */
#include "shell.h"
#include <situ.h>
#include <stdio.h>

#define PROCESSES_MAX 64
#define THREADS_MAX   64
#define VIEWS_MAX     64
#define PAGE_KB       4

BOOL command_mem(wchar_t *argument) {
    SITU_COUNTERS counters;
    (void)argument;
    if (!SituGetCounters(&counters, NULL, 0)) {
        return report_error(L"mem");
    }
    printf("physical memory %8lu KB, free %lu KB, promised %lu KB, of %lu KB at most\n", counters.pages_total * PAGE_KB,
           counters.pages_free * PAGE_KB, counters.pages_committed * PAGE_KB, counters.commit_limit * PAGE_KB);
    printf("kernel          %8lu bytes in RAM, %lu of them text and constants\n", counters.kernel_bytes,
           counters.kernel_text_bytes);
    printf("processes %lu, threads %lu, handles %lu, objects %lu\n", counters.processes, counters.threads,
           counters.handles, counters.objects);
    printf("sections %lu, views %lu, arena ranges %lu\n", counters.sections, counters.views, counters.arena_ranges);
    return TRUE;
}

static DWORD processes_get(SITU_PROCESS_INFO *processes) {
    DWORD count;
    if (!SituEnumProcesses(processes, PROCESSES_MAX, &count)) {
        report_error(L"processes");
        return 0;
    }
    return count < PROCESSES_MAX ? count : PROCESSES_MAX;
}

static void threads_print(DWORD process_id) {
    static const char *const states[] = {"ready", "running", "waiting", "dead"};
    static SITU_THREAD_INFO threads[THREADS_MAX];
    DWORD count;
    if (!SituEnumThreads(process_id, threads, THREADS_MAX, &count)) {
        return; /* the process has ended meanwhile */
    }
    for (DWORD i = 0; i < count && i < THREADS_MAX; i++) {
        const char *state = threads[i].state < 4 ? states[threads[i].state] : "?";
        printf("           thread %08lx  priority %3lu  %s\n", threads[i].id, threads[i].priority, state);
    }
}

BOOL command_ps(wchar_t *argument) {
    static SITU_PROCESS_INFO processes[PROCESSES_MAX];
    (void)argument;
    DWORD count = processes_get(processes);
    printf("id        threads  handles  KB used  promised  views  name\n");
    for (DWORD i = 0; i < count; i++) {
        const SITU_PROCESS_INFO *process = &processes[i];
        printf("%08lx  %7lu  %7lu  %7lu  %8lu  %5lu  %ls\n", process->id, process->threads, process->handles,
               process->pages * PAGE_KB, process->committed * PAGE_KB, process->views, (const wchar_t *)process->name);
        threads_print(process->id);
    }
    return count != 0;
}

static void view_print(const SITU_PROCESS_INFO *process, const SITU_VIEW_INFO *view) {
    printf("%08lx  %10lu  %10lu  %s  %-8s  %6lu  %ls (%ls)\n", view->base, view->bytes, view->offset_low,
           view->protection & 2 ? "rw" : "r-", view->in_place ? "in place" : "RAM", view->faults,
           (const wchar_t *)view->name, (const wchar_t *)process->name);
}

BOOL command_views(wchar_t *argument) {
    static SITU_PROCESS_INFO processes[PROCESSES_MAX];
    static SITU_VIEW_INFO views[VIEWS_MAX];
    DWORD total = 0;
    (void)argument;
    DWORD count = processes_get(processes);
    for (DWORD i = 0; i < count; i++) {
        DWORD number;
        if (!SituEnumViews(processes[i].id, views, VIEWS_MAX, &number)) {
            continue; /* the process has ended meanwhile */
        }
        if (total == 0 && number) {
            printf("address        bytes      offset  rw  memory    faults  file (process)\n");
        }
        for (DWORD j = 0; j < number && j < VIEWS_MAX; j++) {
            view_print(&processes[i], &views[j]);
        }
        total += number;
    }
    if (total == 0) {
        printf("no process has a view\n");
    }
    return TRUE;
}
