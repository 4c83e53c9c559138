/* mem and views: the system's own figures. */
#include "shell.h"
#include <situ.h>
#include <stdio.h>
#include <stdlib.h>

#define VIEWS_MAX 64

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

static void view_print(const SITU_PROCESS_INFO *process, const SITU_VIEW_INFO *view) {
    printf("%08lx  %10lu  %10lu  %s  %-8s  %6lu  %ls (%ls)\n", view->base, view->bytes, view->offset_low,
           view->protection & 2 ? "rw" : "r-", view->in_place ? "in place" : "RAM", view->faults,
           (const wchar_t *)view->name, (const wchar_t *)process->name);
}

BOOL command_views(wchar_t *argument) {
    static SITU_VIEW_INFO views[VIEWS_MAX];
    DWORD total = 0, count;
    (void)argument;
    SITU_PROCESS_INFO *processes = processes_get(&count);
    if (!processes) {
        return FALSE;
    }
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
    free(processes);
    if (total == 0) {
        printf("no process has a view\n");
    }
    return TRUE;
}
