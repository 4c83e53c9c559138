/* TerminateThread of threads in every kind of wait, that compute, of oneself, of those that have ended; and what is
 * left of the objects they waited for.  terminate_random ends threads and processes at random moments. */
#include <msgqueue.h>

#include "sync.h"

static struct {
    HANDLE event, mutex, semaphore, thread, process, reader, writer, watchdog;
    CRITICAL_SECTION section;
} with;

static DWORD WINAPI waits_event(void *argument) {
    (void)argument;
    return WaitForSingleObject(with.event, INFINITE);
}

static DWORD WINAPI waits_event_long(void *argument) {
    (void)argument;
    return WaitForSingleObject(with.event, 100000);
}

static DWORD WINAPI waits_mutex(void *argument) {
    (void)argument;
    return WaitForSingleObject(with.mutex, INFINITE);
}

static DWORD WINAPI waits_semaphore(void *argument) {
    (void)argument;
    return WaitForSingleObject(with.semaphore, INFINITE);
}

static DWORD WINAPI waits_section(void *argument) {
    (void)argument;
    EnterCriticalSection(&with.section);
    return 0;
}

static DWORD WINAPI waits_thread(void *argument) {
    (void)argument;
    return WaitForSingleObject(with.thread, INFINITE);
}

static DWORD WINAPI waits_process(void *argument) {
    (void)argument;
    return WaitForSingleObject(with.process, INFINITE);
}

static DWORD WINAPI waits_watchdog(void *argument) {
    (void)argument;
    return WaitForSingleObject(with.watchdog, INFINITE);
}

static DWORD wait_for_all_kinds(BOOL all) {
    const HANDLE handles[] = {with.event,  with.mutex,   with.semaphore, with.thread,
                              with.reader, with.process, with.watchdog};

    return WaitForMultipleObjects(7, handles, all, INFINITE);
}

static DWORD WINAPI waits_any(void *argument) {
    (void)argument;
    return wait_for_all_kinds(FALSE);
}

static DWORD WINAPI waits_all(void *argument) {
    (void)argument;
    return wait_for_all_kinds(TRUE);
}

static DWORD WINAPI reads_queue(void *argument) {
    char message[4];
    DWORD got, flags;

    (void)argument;
    return (DWORD)ReadMsgQueue(with.reader, message, 4, &got, INFINITE, &flags);
}

/* The first message finds room, the second waits. */
static DWORD WINAPI writes_queue(void *argument) {
    char message[4] = "abc";

    (void)argument;
    WriteMsgQueue(with.writer, message, 4, INFINITE, 0);
    return (DWORD)WriteMsgQueue(with.writer, message, 4, INFINITE, 0);
}

static DWORD WINAPI sleeps(void *argument) {
    Sleep((DWORD)argument);
    return 0;
}

static DWORD WINAPI sleeps_for_ever(void *argument) {
    (void)argument;
    Sleep(INFINITE);
    return 0;
}

static DWORD WINAPI suspends(void *argument) {
    (void)argument;
    SuspendThread(GetCurrentThread());
    return 0;
}

static __attribute__((noreturn)) DWORD WINAPI computes(void *argument) {
    (void)argument;
    for (;;) {
        __asm__ volatile("" ::: "memory");
    }
}

static __attribute__((noreturn)) DWORD WINAPI calls(void *argument) {
    (void)argument;
    for (;;) {
        SituNullCall();
    }
}

static __attribute__((noreturn)) DWORD WINAPI yields(void *argument) {
    (void)argument;
    for (;;) {
        Sleep(0);
    }
}

static const struct state {
    const char *name;
    LPTHREAD_START_ROUTINE entry;
} states[] = {
    {"waits for an event", waits_event},
    {"waits for an event with a timeout", waits_event_long},
    {"waits for a mutex", waits_mutex},
    {"waits for a semaphore", waits_semaphore},
    {"waits for a critical section", waits_section},
    {"waits for a thread", waits_thread},
    {"waits for a process", waits_process},
    {"waits for a watchdog", waits_watchdog},
    {"waits for any of several", waits_any},
    {"waits for all of several", waits_all},
    {"reads an empty queue", reads_queue},
    {"writes to a full queue", writes_queue},
    {"sleeps", sleeps},
    {"sleeps for ever", sleeps_for_ever},
    {"is suspended", suspends},
    {"computes", computes},
    {"calls the system", calls},
    {"yields", yields},
};
#define STATES (sizeof(states) / sizeof(states[0]))

static void make(void) {
    MSGQUEUEOPTIONS options = {sizeof(options), 0, 1, 4, TRUE};
    PROCESS_INFORMATION created = {NULL, NULL, 0, 0};

    with.event = CreateEventW(NULL, FALSE, FALSE, NULL);
    with.mutex = CreateMutexW(NULL, TRUE, NULL);
    with.semaphore = CreateSemaphoreW(NULL, 0, 5, NULL);
    with.thread = start_with(PRIORITY_BELOW, CREATE_SUSPENDED, sleeps, NULL, NULL);
    CreateProcessW(L"child.exe", L"exit 0", NULL, NULL, FALSE, CREATE_SUSPENDED, NULL, NULL, NULL, &created);
    CloseHandle(created.hThread);
    with.process = created.hProcess;
    with.reader = CreateMsgQueue(NULL, &options);
    options.bReadAccess = FALSE;
    with.writer = OpenMsgQueue(GetCurrentProcess(), with.reader, &options);
    with.watchdog = CreateWatchDogTimer(NULL, 1000, INFINITE, WDOG_NO_DFLT_ACTION, 0, 0);
    InitializeCriticalSection(&with.section);
    EnterCriticalSection(&with.section);
}

static DWORD WINAPI enters(void *argument) {
    (void)argument;
    if (!TryEnterCriticalSection(&with.section)) {
        return FALSE;
    }
    LeaveCriticalSection(&with.section);
    return TRUE;
}

static DWORD WINAPI takes_mutex(void *argument) {
    DWORD result = WaitForSingleObject(with.mutex, 0);

    (void)argument;
    ReleaseMutex(with.mutex);
    return result;
}

/* Whether what is signaled now is there for us: no thread that is no more takes it. */
static int all_work(void) {
    char message[4];
    DWORD got, flags;
    int right;

    SetEvent(with.event);
    right = WaitForSingleObject(with.event, 0) == WAIT_OBJECT_0;
    right &= WaitForSingleObject(with.event, 0) == WAIT_TIMEOUT;
    ReleaseSemaphore(with.semaphore, 1, NULL);
    right &= WaitForSingleObject(with.semaphore, 0) == WAIT_OBJECT_0;
    right &= WaitForSingleObject(with.semaphore, 0) == WAIT_TIMEOUT;
    LeaveCriticalSection(&with.section);
    right &= finish_thread(start_at(PRIORITY_ABOVE, enters, NULL)) == TRUE;
    ReleaseMutex(with.mutex);
    right &= finish_thread(start_at(PRIORITY_ABOVE, takes_mutex, NULL)) == WAIT_OBJECT_0;
    while (ReadMsgQueue(with.reader, message, 4, &got, 0, &flags)) {
    }
    right &= WriteMsgQueue(with.writer, message, 4, 0, 0) && ReadMsgQueue(with.reader, message, 4, &got, 0, &flags);
    return right;
}

static void unmake(void) {
    TerminateThread(with.thread, 0);
    TerminateProcess(with.process, 0);
    WaitForSingleObject(with.process, LONG_WAIT);
    finish_thread(with.thread);
    CloseHandle(with.event);
    CloseHandle(with.mutex);
    CloseHandle(with.semaphore);
    CloseHandle(with.process);
    CloseMsgQueue(with.reader);
    CloseMsgQueue(with.writer);
    CloseHandle(with.watchdog);
    DeleteCriticalSection(&with.section);
}

static void test_states(void) {
    for (DWORD i = 0; i < STATES; i++) {
        HANDLE thread;
        BOOL busy = states[i].entry == computes || states[i].entry == calls || states[i].entry == yields;
        DWORD code = 0;

        make();
        thread = start_at(busy ? PRIORITY_BELOW : PRIORITY_ABOVE, states[i].entry, (void *)100000);
        Sleep(busy ? 3 : 0);
        OK(GetExitCodeThread(thread, &code) && code == STILL_ACTIVE, "a thread %s", states[i].name);
        WORKS(TerminateThread(thread, 100 + i), "is terminated");
        IS(finish_thread(thread), 100 + i, "and ends with the code given");
        OK(all_work(), "what it waited for is not lost");
        unmake();
    }
}

static DWORD WINAPI terminates_itself(void *argument) {
    TerminateThread(GetCurrentThread(), (DWORD)argument);
    return 1;
}

static void test_ended(void) {
    HANDLE thread = start_at(PRIORITY_ABOVE, sleeps, NULL);
    DWORD code = 5;

    WaitForSingleObject(thread, LONG_WAIT);
    WORKS(TerminateThread(thread, 77), "TerminateThread of one that has ended");
    OK(GetExitCodeThread(thread, &code) && code == 0, "leaves its code");
    CloseHandle(thread);
    IS(finish_thread(start_at(PRIORITY_ABOVE, terminates_itself, (void *)55)), 55, "a thread terminates itself");
    thread = start_at(PRIORITY_BELOW, computes, NULL);
    TerminateThread(thread, 1);
    TerminateThread(thread, 2);
    IS(finish_thread(thread), 1, "of two codes the first counts");
    FAILS(!TerminateThread(thread, 0), ERROR_INVALID_HANDLE, "of a closed handle");
    FAILS(!TerminateThread(GetCurrentProcess(), 0), ERROR_INVALID_HANDLE, "of a process");
    FAILS(!TerminateThread(NULL, 0), ERROR_INVALID_HANDLE, "of none");
}

/* The child: its first thread waits or computes while another sleeps. */
static int child(BOOL computing) {
    start_at(PRIORITY_BELOW, sleeps_for_ever, NULL);
    if (computing) {
        computes(NULL);
    }
    Sleep(INFINITE);
    return 0;
}

static void test_primary(void) {
    PROCESS_INFORMATION created;

    start_program(L"terminate.exe", L"sleeps", &created);
    Sleep(20);
    WORKS(TerminateThread(created.hThread, 33), "the first thread of a process is terminated");
    IS(finish_program(&created), 33, "which ends the process with its code");
    start_program(L"terminate.exe", L"computes", &created);
    Sleep(20);
    TerminateThread(created.hThread, 34);
    IS(finish_program(&created), 34, "also while it computes");
    start_program(L"terminate.exe", L"computes", &created);
    TerminateThread(created.hThread, 35);
    IS(finish_program(&created), 35, "and before it has begun");
    start_program(L"child.exe", L"thread-exit 9", &created);
    IS(WaitForSingleObject(created.hThread, LONG_WAIT), WAIT_OBJECT_0, "a first thread that has ended");
    WORKS(TerminateThread(created.hThread, 36), "is terminated");
    IS(finish_program(&created), 9, "with no effect");
}

static void test_process(void) {
    HANDLE self = NULL;
    PROCESS_INFORMATION created;
    DWORD code = 0;

    start_program(L"terminate.exe", L"sleeps", &created);
    OK(GetExitCodeProcess(created.hProcess, &code) && code == STILL_ACTIVE, "STILL_ACTIVE while it runs");
    WORKS(TerminateProcess(created.hProcess, 44), "TerminateProcess");
    WaitForSingleObject(created.hProcess, LONG_WAIT);
    FAILS(!TerminateProcess(created.hProcess, 45), ERROR_ACCESS_DENIED, "not of one that has ended");
    IS(WaitForSingleObject(created.hThread, LONG_WAIT), WAIT_OBJECT_0, "its thread has ended, too");
    FAILS(!TerminateProcess(created.hThread, 45), ERROR_INVALID_HANDLE, "nor of a thread");
    IS(finish_program(&created), 44, "the code stays");
    FAILS(!GetExitCodeProcess(created.hProcess, &code), ERROR_INVALID_HANDLE, "GetExitCodeProcess of a closed handle");
    FAILS(!TerminateProcess(self, 0), ERROR_INVALID_HANDLE, "TerminateProcess of none");
}

static void tests(void) {
    test_states();
    test_ended();
    test_primary();
    test_process();
}

int main(int argc, char **argv) {
    if (argc > 1) {
        return child(strcmp(argv[1], "computes") == 0);
    }
    return sync_main(tests);
}
