/* Watchdogs: signals and actions when nobody refreshes, and none when somebody does. */
#include "sync.h"

#define CODE 0xd0d0

static HANDLE create(DWORD period, DWORD wait, DWORD action) {
    return CreateWatchDogTimer(NULL, period, wait, action, CODE, 0);
}

static BOOL is_set(HANDLE watchdog) {
    return WaitForSingleObject(watchdog, 0) == WAIT_OBJECT_0;
}

static void test_signal(void) {
    HANDLE watchdog = create(1000, INFINITE, WDOG_NO_DFLT_ACTION);

    OK(watchdog && GetLastError() == 0, "a watchdog");
    IS(WaitForSingleObject(watchdog, 2000), WAIT_TIMEOUT, "that is not started is not signaled");
    WORKS(StartWatchDogTimer(watchdog, 0), "started");
    OK(!is_set(watchdog), "it is not signaled at once");
    for (int i = 0; i < 8; i++) {
        Sleep(200);
        RefreshWatchDogTimer(watchdog, 0);
    }
    OK(!is_set(watchdog), "nor while it is refreshed");
    IS(WaitForSingleObject(watchdog, 100), WAIT_TIMEOUT, "before its period is over");
    IS(WaitForSingleObject(watchdog, LONG_WAIT), WAIT_OBJECT_0, "then it is");
    OK(is_set(watchdog), "and stays");
    WORKS(RefreshWatchDogTimer(watchdog, 0), "a refresh");
    OK(!is_set(watchdog), "takes it back");
    IS(WaitForSingleObject(watchdog, LONG_WAIT), WAIT_OBJECT_0, "until the next period is over");
    RefreshWatchDogTimer(watchdog, 0);
    WORKS(StopWatchDogTimer(watchdog, 0), "stopped");
    IS(WaitForSingleObject(watchdog, 2000), WAIT_TIMEOUT, "it is signaled no more");
    WORKS(StartWatchDogTimer(watchdog, 0), "started again");
    IS(WaitForSingleObject(watchdog, LONG_WAIT), WAIT_OBJECT_0, "it is");
    CloseHandle(watchdog);
}

static void test_wrong(void) {
    HANDLE watchdog, event = CreateEventW(NULL, FALSE, FALSE, NULL);

    FAILS(!create(0, 0, WDOG_NO_DFLT_ACTION), ERROR_INVALID_PARAMETER, "a period of 0");
    FAILS(!create(100, 0, 3), ERROR_INVALID_PARAMETER, "an unknown action");
    FAILS(!CreateWatchDogTimer(NULL, 100, 0, WDOG_NO_DFLT_ACTION, 0, 1), ERROR_INVALID_PARAMETER, "flags");
    watchdog = create(100000, 0, WDOG_NO_DFLT_ACTION);
    FAILS(!RefreshWatchDogTimer(watchdog, 0), ERROR_INVALID_PARAMETER, "RefreshWatchDogTimer of one not started");
    FAILS(!StopWatchDogTimer(watchdog, 0), ERROR_INVALID_PARAMETER, "StopWatchDogTimer neither");
    StartWatchDogTimer(watchdog, 0);
    FAILS(!StartWatchDogTimer(watchdog, 0), ERROR_INVALID_PARAMETER, "StartWatchDogTimer twice");
    FAILS(!RefreshWatchDogTimer(watchdog, 1), ERROR_INVALID_PARAMETER, "flags of a refresh");
    FAILS(!StopWatchDogTimer(watchdog, 1), ERROR_INVALID_PARAMETER, "of a stop");
    StopWatchDogTimer(watchdog, 0);
    FAILS(!StartWatchDogTimer(watchdog, 1), ERROR_INVALID_PARAMETER, "of a start");
    FAILS(!StartWatchDogTimer(event, 0), ERROR_INVALID_HANDLE, "an event is no watchdog");
    FAILS(!SetEvent(watchdog), ERROR_INVALID_HANDLE, "nor a watchdog an event");
    CloseHandle(watchdog);
    FAILS(!StartWatchDogTimer(watchdog, 0), ERROR_INVALID_HANDLE, "one that is closed");
    CloseHandle(event);
}

static void test_names(void) {
    HANDLE first = CreateWatchDogTimer(L"watchdogs x", 50, INFINITE, WDOG_NO_DFLT_ACTION, 0, 0), second;

    second = CreateWatchDogTimer(L"watchdogs x", 99999, 0, WDOG_KILL_PROCESS, 0, 0);
    OK(second && GetLastError() == ERROR_ALREADY_EXISTS, "a name in use");
    StartWatchDogTimer(second, 0);
    FAILS(!StartWatchDogTimer(first, 0), ERROR_INVALID_PARAMETER, "gives the same watchdog");
    CloseHandle(second);
    second = OpenWatchDogTimer(L"watchdogs x", 0);
    OK(second != NULL, "OpenWatchDogTimer");
    IS(WaitForSingleObject(second, LONG_WAIT), WAIT_OBJECT_0, "with its own period");
    CloseHandle(first);
    CloseHandle(second);
    FAILS(!OpenWatchDogTimer(L"watchdogs x", 0), ERROR_FILE_NOT_FOUND, "it goes with the last handle");
    FAILS(!OpenWatchDogTimer(NULL, 0), ERROR_INVALID_PARAMETER, "no name");
}

/* The child: makes a watchdog, and refreshes it for a while or closes it. */
static int child(const char *what) {
    DWORD action = strcmp(what, "nothing") == 0 ? WDOG_NO_DFLT_ACTION : WDOG_KILL_PROCESS;
    DWORD period = strcmp(what, "computes") == 0 ? 10 : 1000;
    HANDLE watchdog = create(period, period, action);

    if (strcmp(what, "forever") == 0) {
        CloseHandle(watchdog);
        watchdog = create(1000, INFINITE, WDOG_KILL_PROCESS);
    }
    StartWatchDogTimer(watchdog, 0);
    if (strcmp(what, "stopped") == 0) {
        StopWatchDogTimer(watchdog, 0);
    }
    if (strcmp(what, "closed") == 0) {
        CloseHandle(watchdog);
    }
    if (strcmp(what, "signaled") == 0) { /* in the time that is given after the signal */
        for (int i = 0; i < 5; i++) {
            WaitForSingleObject(watchdog, INFINITE);
            RefreshWatchDogTimer(watchdog, 0);
        }
        return 5;
    }
    for (int i = 0; i < 20 && strcmp(what, "refreshed") == 0; i++) {
        Sleep(200);
        RefreshWatchDogTimer(watchdog, 0);
    }
    if (strcmp(what, "computes") == 0) {
        for (;;) {
            __asm__ volatile("" ::: "memory");
        }
    }
    Sleep(strcmp(what, "refreshed") == 0 ? 0 : 20000);
    return 5;
}

static void test_action(void) {
    PROCESS_INFORMATION created;
    HANDLE watchdog;

    IS(run_program(L"watchdogs.exe", L"sleeps"), CODE, "a process that does not refresh is ended with the code");
    IS(run_program(L"watchdogs.exe", L"computes"), CODE, "also when it computes");
    IS(run_program(L"watchdogs.exe", L"refreshed"), 5, "one that refreshes is not");
    IS(run_program(L"watchdogs.exe", L"signaled"), 5, "nor one that does so after the signal");
    IS(run_program(L"watchdogs.exe", L"nothing"), 5, "nor without an action");
    IS(run_program(L"watchdogs.exe", L"forever"), 5, "nor if it waits for ever");
    IS(run_program(L"watchdogs.exe", L"stopped"), 5, "nor when it is stopped");
    IS(run_program(L"watchdogs.exe", L"closed"), 5, "nor when it is closed");
    start_program(L"watchdogs.exe", L"named", &created);
    while (!(watchdog = OpenWatchDogTimer(L"watchdogs child", 0))) {
        Sleep(1);
    }
    IS(finish_program(&created), CODE, "it ends the process that made it");
    CloseHandle(watchdog);
    IS(thread_info(GetCurrentThreadId()).id, GetCurrentThreadId(), "not one that has a handle");
}

static int child_named(void) {
    StartWatchDogTimer(CreateWatchDogTimer(L"watchdogs child", 1000, 1000, WDOG_KILL_PROCESS, CODE, 0), 0);
    Sleep(20000);
    return 5;
}

static void tests(void) {
    test_signal();
    test_wrong();
    test_names();
    test_action();
}

int main(int argc, char **argv) {
    if (argc > 1) {
        return strcmp(argv[1], "named") == 0 ? child_named() : child(argv[1]);
    }
    return sync_main(tests);
}
