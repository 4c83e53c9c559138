/* Mutexes: owning, recursion, who is served, abandonment, names, and other processes. */
#include "sync.h"

#define COUNT 5

static HANDLE mutex; /* that threads of the test work on */
static HANDLE go;    /* they wait here with it in their hands */

/* Takes the mutex argument times and ends without giving it back, when it is told to. */
static DWORD WINAPI abandons(void *argument) {
    for (DWORD i = 0; i < (DWORD)argument; i++) {
        WaitForSingleObject(mutex, INFINITE);
    }
    WaitForSingleObject(go, INFINITE);
    return 0;
}

static DWORD WINAPI tries(void *argument) {
    DWORD result = WaitForSingleObject(mutex, (DWORD)argument);

    if (result == WAIT_OBJECT_0 || result == WAIT_ABANDONED) {
        ReleaseMutex(mutex);
    }
    return result;
}

static DWORD WINAPI releases(void *argument) {
    (void)argument;
    return ReleaseMutex(mutex) ? 0 : GetLastError();
}

/* What another thread gets that waits for the mutex no longer than so. */
static DWORD try_elsewhere(DWORD milliseconds) {
    return finish_thread(start_at(PRIORITY_ABOVE, tries, (void *)milliseconds));
}

static DWORD release_elsewhere(void) {
    return finish_thread(start_at(PRIORITY_ABOVE, releases, NULL));
}

static void test_owning(void) {
    mutex = CreateMutexW(NULL, FALSE, NULL);
    OK(mutex && GetLastError() == 0, "a mutex");
    FAILS(!ReleaseMutex(mutex), ERROR_NOT_OWNER, "nobody owns it");
    IS(try_elsewhere(0), WAIT_OBJECT_0, "another thread takes it");
    IS(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, "we take it");
    IS(try_elsewhere(0), WAIT_TIMEOUT, "now nobody else can");
    IS(try_elsewhere(10), WAIT_TIMEOUT, "nor in 10 ms");
    IS(release_elsewhere(), ERROR_NOT_OWNER, "nor give it back for us");
    IS(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, "we take it again");
    IS(WaitForSingleObject(mutex, INFINITE), WAIT_OBJECT_0, "and again");
    WORKS(ReleaseMutex(mutex) && ReleaseMutex(mutex), "two releases");
    IS(try_elsewhere(0), WAIT_TIMEOUT, "leave it ours");
    WORKS(ReleaseMutex(mutex), "the third");
    IS(try_elsewhere(0), WAIT_OBJECT_0, "frees it");
    FAILS(!ReleaseMutex(mutex), ERROR_NOT_OWNER, "there is no fourth");
    CloseHandle(mutex);

    mutex = CreateMutexW(NULL, TRUE, NULL);
    IS(try_elsewhere(0), WAIT_TIMEOUT, "a mutex that is ours from the beginning");
    WORKS(ReleaseMutex(mutex), "is given back by one release");
    FAILS(!ReleaseMutex(mutex), ERROR_NOT_OWNER, "not two");
    IS(try_elsewhere(0), WAIT_OBJECT_0, "and free then");
    CloseHandle(mutex);
}

static void test_recursion(void) {
    int right = 1;

    mutex = CreateMutexW(NULL, FALSE, NULL);
    for (int i = 0; i < 20000; i++) {
        right &= WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0;
    }
    for (int i = 1; i < 20000; i++) {
        right &= ReleaseMutex(mutex);
    }
    OK(right, "taken 20000 times and given back but once");
    IS(try_elsewhere(0), WAIT_TIMEOUT, "it is still ours");
    ReleaseMutex(mutex);
    IS(try_elsewhere(0), WAIT_OBJECT_0, "then free");
    CloseHandle(mutex);
}

static void test_order(void) {
    static const int priorities[COUNT] = {160, 150, 170, 150, 160};
    static const LONG places[COUNT] = {3, 1, 5, 2, 4};
    struct waiter waiters[COUNT];

    mutex = CreateMutexW(NULL, TRUE, NULL);
    waiters_served = 0;
    for (int i = 0; i < COUNT; i++) {
        waiter_start(&waiters[i], mutex, INFINITE, priorities[i]);
        waiters[i].release = TRUE;
    }
    IS(waiters_done(waiters, COUNT), 0, "five wait for our mutex");
    ReleaseMutex(mutex);
    for (int i = 0; i < COUNT; i++) {
        IS(waiters[i].place, places[i], "waiter %d of priority %d gets it in its turn", i, priorities[i]);
        IS(finish_thread(waiters[i].thread), WAIT_OBJECT_0, "and rightly");
    }
    IS(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, "the last one gave it back");
    waiter_start(&waiters[0], mutex, 20, PRIORITY_ABOVE);
    IS(finish_thread(waiters[0].thread), WAIT_TIMEOUT, "a waiter whose time is over");
    ReleaseMutex(mutex);
    IS(try_elsewhere(0), WAIT_OBJECT_0, "is not given it");
    CloseHandle(mutex);
}

static void test_abandoned(void) {
    struct waiter waiters[2];
    HANDLE owner;

    mutex = CreateMutexW(NULL, FALSE, NULL);
    go = CreateEventW(NULL, FALSE, FALSE, NULL);
    owner = start_at(PRIORITY_ABOVE, abandons, (void *)3);
    IS(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, "a thread owns a mutex three times");
    SetEvent(go);
    finish_thread(owner);
    IS(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, "and ended: the next owner is told");
    IS(GetLastError(), 0, "which is no failure");
    IS(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, "once");
    IS(try_elsewhere(0), WAIT_TIMEOUT, "it is ours");
    ReleaseMutex(mutex);
    IS(try_elsewhere(0), WAIT_TIMEOUT, "twice");
    ReleaseMutex(mutex);
    IS(try_elsewhere(0), WAIT_OBJECT_0, "then free and sound");

    owner = start_at(PRIORITY_ABOVE, abandons, (void *)1);
    waiters_start(waiters, 2, mutex);
    waiters[0].release = TRUE;
    waiters[1].release = TRUE;
    SetEvent(go);
    finish_thread(owner);
    IS(finish_thread(waiters[0].thread), WAIT_ABANDONED, "one who waits when the owner ends is told");
    IS(finish_thread(waiters[1].thread), WAIT_OBJECT_0, "the one behind is not");

    owner = start_at(PRIORITY_ABOVE, abandons, (void *)2);
    TerminateThread(owner, 5);
    IS(finish_thread(owner), 5, "an owner that is terminated");
    IS(try_elsewhere(0), WAIT_ABANDONED, "abandons it, too");
    IS(try_elsewhere(0), WAIT_OBJECT_0, "once");
    CloseHandle(go);
    CloseHandle(mutex);
}

static DWORD WINAPI abandons_all(void *argument) {
    HANDLE *mutexes = argument;

    for (int i = 0; i < COUNT; i++) {
        WaitForSingleObject(mutexes[i], INFINITE);
    }
    ReleaseMutex(mutexes[2]);
    return 0;
}

/* The object goes while a thread still owns it. */
static DWORD WINAPI takes_and_closes(void *argument) {
    HANDLE mine = CreateMutexW(NULL, TRUE, L"mutexes closed");

    (void)argument;
    WaitForSingleObject(mine, 0);
    CloseHandle(mine);
    return OpenMutexW(MUTEX_ALL_ACCESS, FALSE, L"mutexes closed") == NULL ? GetLastError() : 0;
}

static void test_several(void) {
    HANDLE mutexes[COUNT];

    for (int i = 0; i < COUNT; i++) {
        mutexes[i] = CreateMutexW(NULL, FALSE, NULL);
    }
    finish_thread(start_at(PRIORITY_ABOVE, abandons_all, mutexes));
    for (int i = 0; i < COUNT; i++) {
        IS(WaitForSingleObject(mutexes[i], 0), i == 2 ? WAIT_OBJECT_0 : WAIT_ABANDONED, "mutex %d of five", i);
        ReleaseMutex(mutexes[i]);
        CloseHandle(mutexes[i]);
    }
    IS(finish_thread(start_at(PRIORITY_ABOVE, takes_and_closes, NULL)), ERROR_FILE_NOT_FOUND,
       "a mutex that is closed by its owner is gone with its name");
}

static void test_wrong(void) {
    HANDLE event = CreateEventW(NULL, FALSE, TRUE, NULL), closed = CreateMutexW(NULL, FALSE, NULL);

    FAILS(!ReleaseMutex(event), ERROR_INVALID_HANDLE, "ReleaseMutex of an event");
    OK(WaitForSingleObject(event, 0) == WAIT_OBJECT_0, "leaves that as it was");
    CloseHandle(closed);
    FAILS(!ReleaseMutex(closed), ERROR_INVALID_HANDLE, "of a closed handle");
    FAILS(!ReleaseMutex(NULL), ERROR_INVALID_HANDLE, "of none");
    FAILS(!ReleaseMutex(GetCurrentProcess()), ERROR_INVALID_HANDLE, "of a process");
    CloseHandle(event);
}

static void test_names(void) {
    HANDLE again;

    mutex = CreateMutexW(NULL, TRUE, L"mutexes x");
    IS(GetLastError(), 0, "a named mutex, ours");
    again = CreateMutexW(NULL, TRUE, L"mutexes x");
    IS(GetLastError(), ERROR_ALREADY_EXISTS, "the same once more");
    WORKS(ReleaseMutex(again), "given back by the other handle");
    FAILS(!ReleaseMutex(mutex), ERROR_NOT_OWNER, "the second bInitialOwner counted for nothing");
    FAILS(!OpenMutexW(MUTEX_ALL_ACCESS, FALSE, L"mutexes X"), ERROR_FILE_NOT_FOUND, "another name");
    FAILS(!OpenMutexW(MUTEX_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER, "no name");
    FAILS(!OpenEventW(EVENT_ALL_ACCESS, FALSE, L"mutexes x"), ERROR_FILE_NOT_FOUND, "no event of that name");
    CloseHandle(again);
    again = OpenMutexW(MUTEX_ALL_ACCESS, FALSE, L"mutexes x");
    OK(again != NULL, "OpenMutex");
    IS(WaitForSingleObject(again, 0), WAIT_OBJECT_0, "takes it");
    IS(try_elsewhere(0), WAIT_TIMEOUT, "by either handle");
    ReleaseMutex(again);
    CloseHandle(again);
    CloseHandle(mutex);
}

/* The other process: holds the mutex until it is told to end, and ends holding it; or is just told to give it back. */
static int child(BOOL holds) {
    HANDLE theirs = OpenMutexW(MUTEX_ALL_ACCESS, FALSE, L"mutexes p");
    HANDLE ready = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"mutexes ready");

    if (!holds) {
        return ReleaseMutex(theirs) ? 0 : (int)GetLastError();
    }
    WaitForSingleObject(theirs, INFINITE);
    SetEvent(ready);
    Sleep(INFINITE);
    return 0;
}

static void test_processes(void) {
    HANDLE ready = CreateEventW(NULL, FALSE, FALSE, L"mutexes ready");
    PROCESS_INFORMATION created;

    mutex = CreateMutexW(NULL, TRUE, L"mutexes p");
    IS(run_program(L"mutexes.exe", L"releases"), ERROR_NOT_OWNER, "another process does not own ours");
    start_program(L"mutexes.exe", L"holds", &created);
    IS(WaitForSingleObject(ready, 30), WAIT_TIMEOUT, "it waits for it");
    ReleaseMutex(mutex);
    IS(WaitForSingleObject(ready, LONG_WAIT), WAIT_OBJECT_0, "and gets it");
    IS(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, "we do not");
    TerminateProcess(created.hProcess, 6);
    IS(WaitForSingleObject(mutex, LONG_WAIT), WAIT_ABANDONED, "when its process is ended, we are told");
    IS(finish_program(&created), 6, "it has ended");
    ReleaseMutex(mutex);
    CloseHandle(ready);
    CloseHandle(mutex);
}

static void tests(void) {
    test_owning();
    test_recursion();
    test_order();
    test_abandoned();
    test_several();
    test_wrong();
    test_names();
    test_processes();
}

int main(int argc, char **argv) {
    if (argc > 1) {
        return child(strcmp(argv[1], "holds") == 0);
    }
    return sync_main(tests);
}
