/* Suspending threads: counts, threads that run, wait and sleep meanwhile, and processes that begin suspended. */
#include "sync.h"

static volatile BOOL stop;
static volatile DWORD progress;

static DWORD WINAPI spins(void *argument) {
    (void)argument;
    while (!stop) {
        progress++;
    }
    return 3;
}

static DWORD WINAPI makes_calls(void *argument) {
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

    (void)argument;
    while (!stop) {
        progress++;
        SetEvent(event);
        WaitForSingleObject(event, INFINITE);
        Sleep(0);
    }
    CloseHandle(event);
    return 3;
}

static DWORD WINAPI ends(void *argument) {
    progress++;
    return (DWORD)argument;
}

static void test_counts(void) {
    HANDLE thread;
    DWORD right = 0;

    progress = 0;
    thread = start_with(PRIORITY_ABOVE, CREATE_SUSPENDED, ends, (void *)5, NULL);
    Sleep(5);
    IS(progress, 0, "a thread that begins suspended does not run");
    IS(WaitForSingleObject(thread, 0), WAIT_TIMEOUT, "nor end");
    WORKS(SuspendThread(thread) == 1, "its count is 1");
    WORKS(ResumeThread(thread) == 2, "then 2");
    IS(progress, 0, "one is left");
    WORKS(ResumeThread(thread) == 1, "the last one");
    IS(progress, 1, "lets it run at once");
    IS(finish_thread(thread), 5, "to its end");

    stop = FALSE;
    thread = start_at(PRIORITY_BELOW, spins, NULL);
    WORKS(ResumeThread(thread) == 0, "ResumeThread of one that runs");
    for (DWORD i = 0; i < MAXIMUM_SUSPEND_COUNT; i++) {
        right += SuspendThread(thread) == i;
    }
    IS(right, 127, "suspended 127 times");
    FAILS(SuspendThread(thread) == 0xffffffff, ERROR_SIGNAL_REFUSED, "not once more");
    for (DWORD i = MAXIMUM_SUSPEND_COUNT; i > 1; i--) {
        right += ResumeThread(thread) == i;
    }
    IS(right, 127 + 126, "resumed 126 times");
    progress = 0;
    Sleep(5);
    IS(progress, 0, "it does not run");
    ResumeThread(thread);
    Sleep(5);
    OK(progress > 0, "resumed once more it does");
    stop = TRUE;
    IS(finish_thread(thread), 3, "and ends");
}

/* Suspended at pseudo-random moments, it makes no step. */
static void random_moments(LPTHREAD_START_ROUTINE entry, const char *what) {
    HANDLE thread;
    uint32_t seed = 99;
    int stood = 0, went = 0;

    stop = FALSE;
    progress = 0;
    thread = start_at(PRIORITY_BELOW, entry, NULL);
    for (int i = 0; i < 60; i++) {
        DWORD before;

        Sleep(random_next(&seed) % 2);
        for (volatile DWORD spin = random_next(&seed) % 500; spin > 0; spin--) {
        }
        SuspendThread(thread);
        before = progress;
        Sleep(1);
        stood += progress == before;
        ResumeThread(thread);
        Sleep(1);
        went += progress != before;
    }
    stop = TRUE;
    IS(stood, 60, "%s makes no step while it is suspended", what);
    OK(went > 50, "and goes on when it is resumed");
    IS(finish_thread(thread), 3, "to its end");
}

static DWORD WINAPI suspends_itself(void *argument) {
    DWORD before = SuspendThread(GetCurrentThread());

    (void)argument;
    progress++;
    return before;
}

static void test_itself(void) {
    HANDLE thread;

    progress = 0;
    thread = start_at(PRIORITY_ABOVE, suspends_itself, NULL);
    IS(progress, 0, "a thread suspends itself");
    IS(WaitForSingleObject(thread, 20), WAIT_TIMEOUT, "and stays so");
    IS(ResumeThread(thread), 1, "until another");
    IS(progress, 1, "resumes it");
    IS(finish_thread(thread), 0, "its count was 0 when it asked");
}

static void test_waiting(void) {
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    struct waiter waiter, other;

    waiter_start(&waiter, event, INFINITE, PRIORITY_ABOVE);
    IS(SuspendThread(waiter.thread), 0, "a thread is suspended that waits");
    SetEvent(event);
    IS(WaitForSingleObject(event, 0), WAIT_TIMEOUT, "its wait is satisfied");
    IS(waiter.result, WAITS, "but it does not run");
    IS(ResumeThread(waiter.thread), 1, "when it is resumed");
    IS(waiter.result, WAIT_OBJECT_0, "it has what it waited for");
    finish_thread(waiter.thread);

    waiter_start(&waiter, event, INFINITE, PRIORITY_ABOVE);
    SuspendThread(waiter.thread);
    ResumeThread(waiter.thread);
    IS(waiter.result, WAITS, "suspended and resumed it waits on");
    waiter_start(&other, event, INFINITE, PRIORITY_ABOVE);
    SetEvent(event);
    OK(waiter.result == WAIT_OBJECT_0 && other.result == WAITS, "in its place");
    SetEvent(event);
    finish_thread(waiter.thread);
    finish_thread(other.thread);

    waiter_start(&waiter, event, 20, PRIORITY_ABOVE);
    SuspendThread(waiter.thread);
    Sleep(60);
    IS(waiter.result, WAITS, "the time of a suspended thread's wait is over");
    SetEvent(event);
    ResumeThread(waiter.thread);
    IS(finish_thread(waiter.thread), WAIT_TIMEOUT, "which it finds out when it is resumed");
    IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0, "a signal that came later is not taken");
    CloseHandle(event);
}

static DWORD WINAPI sleeps(void *argument) {
    Sleep((DWORD)argument);
    progress++;
    return 0;
}

static DWORD WINAPI owns(void *argument) {
    WaitForSingleObject((HANDLE)argument, INFINITE);
    SuspendThread(GetCurrentThread());
    ReleaseMutex((HANDLE)argument);
    return 0;
}

static void test_others(void) {
    HANDLE mutex = CreateMutexW(NULL, FALSE, NULL), thread;

    progress = 0;
    thread = start_at(PRIORITY_ABOVE, sleeps, (void *)10);
    SuspendThread(thread);
    Sleep(50);
    IS(progress, 0, "a sleeper that is suspended oversleeps");
    ResumeThread(thread);
    finish_thread(thread);
    IS(progress, 1, "until it is resumed");

    thread = start_at(PRIORITY_ABOVE, owns, mutex);
    IS(WaitForSingleObject(mutex, 20), WAIT_TIMEOUT, "a suspended thread keeps its mutex");
    ResumeThread(thread);
    IS(WaitForSingleObject(mutex, LONG_WAIT), WAIT_OBJECT_0, "resumed it gives it back");
    ReleaseMutex(mutex);
    finish_thread(thread);

    thread = start_with(PRIORITY_ABOVE, CREATE_SUSPENDED, ends, NULL, NULL);
    TerminateThread(thread, 8);
    IS(finish_thread(thread), 8, "one that never ran can be terminated");
    stop = FALSE;
    thread = start_at(PRIORITY_BELOW, spins, NULL);
    Sleep(2);
    SuspendThread(thread);
    SuspendThread(thread);
    TerminateThread(thread, 9);
    IS(finish_thread(thread), 9, "and one that is suspended twice");
    CloseHandle(mutex);
}

static void test_wrong(void) {
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

    FAILS(SuspendThread(event) == 0xffffffff, ERROR_INVALID_HANDLE, "SuspendThread of an event");
    FAILS(ResumeThread(event) == 0xffffffff, ERROR_INVALID_HANDLE, "ResumeThread of an event");
    FAILS(SuspendThread(GetCurrentProcess()) == 0xffffffff, ERROR_INVALID_HANDLE, "SuspendThread of a process");
    FAILS(ResumeThread(NULL) == 0xffffffff, ERROR_INVALID_HANDLE, "ResumeThread of none");
    IS(ResumeThread(GetCurrentThread()), 0, "ResumeThread of oneself");
    CloseHandle(event);
    FAILS(SuspendThread(event) == 0xffffffff, ERROR_INVALID_HANDLE, "SuspendThread of a closed handle");
    FAILS(!CreateThread(NULL, 0, ends, NULL, 0x80, NULL), ERROR_INVALID_PARAMETER, "CreateThread with another flag");
}

static void test_process(void) {
    PROCESS_INFORMATION created;
    DWORD code = 0;

    OK(CreateProcessW(L"child.exe", L"exit 21", NULL, NULL, FALSE, CREATE_SUSPENDED, NULL, NULL, NULL, &created),
       "a process that begins suspended");
    IS(WaitForSingleObject(created.hProcess, 50), WAIT_TIMEOUT, "does not run");
    OK(GetExitCodeProcess(created.hProcess, &code) && code == STILL_ACTIVE, "and is active");
    IS(ResumeThread(created.hThread), 1, "its thread's count is 1");
    IS(finish_program(&created), 21, "resumed it runs to its end");
    CreateProcessW(L"child.exe", L"exit 21", NULL, NULL, FALSE, CREATE_SUSPENDED, NULL, NULL, NULL, &created);
    TerminateProcess(created.hProcess, 22);
    IS(finish_program(&created), 22, "one can be ended before it ever ran");
    start_program(L"child.exe", L"spin", &created);
    Sleep(5);
    IS(SuspendThread(created.hThread), 0, "another process's thread is suspended");
    TerminateProcess(created.hProcess, 23);
    IS(finish_program(&created), 23, "and its process ended");
}

static void tests(void) {
    test_counts();
    random_moments(spins, "a thread that computes");
    random_moments(makes_calls, "a thread that makes calls");
    test_itself();
    test_waiting();
    test_others();
    test_wrong();
    test_process();
}

int main(void) {
    return sync_main(tests);
}
