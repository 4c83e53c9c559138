/* The lists of processes and threads while they change, and the end of processes whose threads come and go. */
#include <situ.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "tap.h"

#define ROUNDS   12
#define CHURNERS 3
#define CROWD    200
#define ROOM     256

/* ---- the other processes ---- */

static DWORD WINAPI ends(void *argument) {
    return (DWORD)argument;
}

/* Threads that make threads, as fast as they can. */
static DWORD WINAPI churns(void *argument) {
    for (;;) {
        HANDLE thread = CreateThread(NULL, 0, ends, argument, 0, NULL);
        if (thread != NULL) {
            CeSetThreadPriority(thread, 250);
            CloseHandle(thread);
        }
    }
    return 0;
}

/* Each starts the one after it and ends: if one of them begins after the end of its process, that never comes. */
static DWORD WINAPI relays(void *argument) {
    HANDLE thread = NULL;

    while (thread == NULL) {
        thread = CreateThread(NULL, 0, relays, argument, 0, NULL);
    }
    CloseHandle(thread);
    return 0;
}

static DWORD WINAPI sleeps(void *argument) {
    (void)argument;
    Sleep(INFINITE);
    return 0;
}

static int child(const char *what, int count) {
    LPTHREAD_START_ROUTINE function = strcmp(what, "churn") == 0   ? churns
                                      : strcmp(what, "relay") == 0 ? relays
                                                                   : sleeps;

    for (int i = 0; i < count; i++) {
        CloseHandle(CreateThread(NULL, 0, function, NULL, 0, NULL));
    }
    Sleep(INFINITE);
    return 0;
}

/* ---- the test ---- */

static SITU_PROCESS_INFO processes[ROOM];
static SITU_THREAD_INFO threads[ROOM];

static int listed(DWORD id) {
    DWORD count = 0;

    SituEnumProcesses(processes, ROOM, &count);
    for (DWORD i = 0; i < count; i++) {
        if (processes[i].id == id) {
            return 1;
        }
    }
    return 0;
}

/* A list that is whole: each process once, those that we started among them, threads with ids of their own. */
static int lists_are_right(const PROCESS_INFORMATION *children, int number) {
    DWORD count = 0, seen = 0;
    int right = SituEnumProcesses(processes, ROOM, &count) && count == (DWORD)number + 1;

    for (DWORD i = 0; i < count; i++) {
        for (int j = 0; j < number; j++) {
            seen += processes[i].id == children[j].dwProcessId;
        }
        right &= processes[i].id != 0 && wcscmp((const wchar_t *)processes[i].name, L"lists.exe") == 0;
    }
    right &= seen == (DWORD)number;
    for (int j = 0; j < number; j++) {
        right &= SituEnumThreads(children[j].dwProcessId, threads, ROOM, &count) && count >= 1;
        for (DWORD i = 0; i < count && i < ROOM; i++) {
            right &= threads[i].process_id == children[j].dwProcessId && threads[i].state <= ABI_THREAD_DEAD;
            right &= i == 0 || threads[i].id != threads[i - 1].id;
        }
    }
    return right;
}

static void test_churn(void) {
    PROCESS_INFORMATION children[CHURNERS];
    int started = 1, right = 1, ended = 1, gone = 1;

    CeSetThreadPriority(GetCurrentThread(), 240);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < CHURNERS; i++) {
            started &= start_program(L"lists.exe", round % 3 == 0 ? L"churn 3" : L"relay 3", &children[i]);
        }
        for (int i = 0; i < 4; i++) {
            Sleep((DWORD)(1 + round * 7 % 11));
            right &= lists_are_right(children, CHURNERS);
        }
        for (int i = 0; i < CHURNERS; i++) {
            ended &= TerminateProcess(children[i].hProcess, 77) != 0;
            ended &= !TerminateProcess(children[i].hProcess, 78);
        }
        for (int i = 0; i < CHURNERS; i++) {
            WaitForSingleObject(children[i].hProcess, INFINITE);
            gone &= !listed(children[i].dwProcessId);
            ended &= finish_program(&children[i]) == 77;
        }
    }
    CeSetThreadPriority(GetCurrentThread(), 251);
    OK(started, "%d times %d processes that make threads", ROUNDS, CHURNERS);
    OK(right, "all are listed, each once");
    OK(ended, "TerminateProcess ends them, by the code of the first call");
    OK(gone, "whose end is signaled is not in the list");
}

/* Element behind those that may be written. */
static int untouched(const void *element, size_t bytes) {
    const unsigned char *at = element;

    for (size_t i = 0; i < bytes; i++) {
        if (at[i] != 0x5a) {
            return 0;
        }
    }
    return 1;
}

static void test_crowd(void) {
    PROCESS_INFORMATION created;
    wchar_t arguments[32];
    SITU_COUNTERS before, during, after;
    DWORD count = 0;
    int right = 1;

    SituGetCounters(&before, NULL, 0);
    swprintf(arguments, 32, L"crowd %d", CROWD);
    OK(start_program(L"lists.exe", arguments, &created), "a process");
    while (SituEnumThreads(created.dwProcessId, threads, 0, &count) && count < CROWD + 1) {
        Sleep(10);
    }
    memset(threads, 0x5a, sizeof(threads));
    OK(SituEnumThreads(created.dwProcessId, threads, ROOM, &count) && count == CROWD + 1, "with %d threads", CROWD + 1);
    for (DWORD i = 1; i < count; i++) {
        right &= threads[i].id > threads[i - 1].id && threads[i].process_id == created.dwProcessId;
    }
    OK(right && threads[0].id == created.dwThreadId, "which are listed in the order in which they began");
    OK(untouched(&threads[count], sizeof(threads[0])), "and nothing behind them");
    memset(threads, 0x5a, sizeof(threads));
    OK(SituEnumThreads(created.dwProcessId, threads, 7, &count) && count == CROWD + 1, "room for a few");
    OK(threads[6].id > threads[5].id && untouched(&threads[7], sizeof(threads[0])), "gets these and the number");
    FAILS(!SituEnumThreads(created.dwProcessId, (SITU_THREAD_INFO *)0x80000000u, 7, &count), ERROR_INVALID_PARAMETER,
          "nowhere to put them");
    FAILS(!SituEnumThreads(0x7ffffffc, threads, 7, &count), ERROR_INVALID_PARAMETER, "no such process");
    SituGetCounters(&during, NULL, 0);
    IS(during.threads - before.threads, CROWD + 1, "all are alive");
    OK(TerminateProcess(created.hProcess, 5), "TerminateProcess");
    IS(finish_program(&created), 5, "ends all of them");
    FAILS(!SituEnumThreads(created.dwProcessId, threads, 7, &count), ERROR_INVALID_PARAMETER, "a process that ended");
    SituGetCounters(&after, NULL, 0);
    IS(after.threads, before.threads, "and none is left");
    IS(after.processes, before.processes, "nor the process");
}

static volatile LONG spins;

static DWORD WINAPI spin(void *argument) {
    (void)argument;
    for (;;) {
        spins++;
    }
    return 0;
}

/* The element of a thread; all zero: it is not there. */
static SITU_THREAD_INFO info_of(DWORD id) {
    static const SITU_THREAD_INFO none;
    DWORD count = 0;

    SituEnumThreads(GetCurrentProcessId(), threads, ROOM, &count);
    for (DWORD i = 0; i < count && i < ROOM; i++) {
        if (threads[i].id == id) {
            return threads[i];
        }
    }
    return none;
}

static uint64_t user_time(HANDLE thread) {
    FILETIME created, ended, kernel, user;

    GetThreadTimes(thread, &created, &ended, &kernel, &user);
    return (uint64_t)user.dwHighDateTime << 32 | user.dwLowDateTime;
}

static void test_thread_info(void) {
    DWORD id;
    HANDLE thread = CreateThread(NULL, 0, spin, NULL, CREATE_SUSPENDED, &id);
    SITU_THREAD_INFO info = info_of(id);
    uint64_t before, own;

    CeSetThreadPriority(GetCurrentThread(), 240);
    OK(info.suspended == 1 && info.run_time == 0, "a thread that was created suspended has not run");
    SuspendThread(thread);
    IS(info_of(id).suspended, 2, "suspended twice");
    ResumeThread(thread);
    ResumeThread(thread);
    Sleep(20);
    IS(info_of(id).suspended, 0, "resumed");
    SuspendThread(thread);
    Sleep(1); /* it goes to sleep itself */
    info = info_of(id);
    OK(info.run_time >= 150000 && info.run_time <= 300000, "20 ms of spinning: %lu us",
       (unsigned long)(info.run_time / 10));
    OK(info.run_time == user_time(thread), "GetThreadTimes says the same");
    OK(info.suspended == 1 && info.state == ABI_THREAD_WAITING, "suspended again");
    before = user_time(GetCurrentThread());
    own = info_of(GetCurrentThreadId()).run_time;
    OK(own >= before && own <= user_time(GetCurrentThread()), "our own time, up to now");
    TerminateThread(thread, 0);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CeSetThreadPriority(GetCurrentThread(), 251);
    IS(info_of(id).id, 0, "a thread that ended is not listed");
}

int main(int argc, char **argv) {
    SITU_COUNTERS before, after;

    if (argc > 2) {
        return child(argv[1], atoi(argv[2]));
    }
    test_crowd();
    test_thread_info();
    SituGetCounters(&before, NULL, 0);
    test_churn();
    test_crowd();
    test_thread_info();
    SituGetCounters(&after, NULL, 0);
    IS(after.threads, before.threads, "as many threads as before");
    IS(after.handles, before.handles, "and handles");
    IS(after.objects, before.objects, "and objects");
    IS(after.pages_free, before.pages_free, "and pages");
    return tap_done();
}
