/* Semaphores: counting, limits, who is served, names, and other processes. */
#include "sync.h"

#define COUNT 5

static HANDLE create(LONG initial, LONG most) {
    return CreateSemaphoreW(NULL, initial, most, NULL);
}

/* Takes all that is there without waiting; how often that went. */
static LONG take_all(HANDLE semaphore) {
    LONG taken = 0;

    while (WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0) {
        taken++;
    }
    return taken;
}

static void test_limits(void) {
    HANDLE semaphore;

    FAILS(!create(0, 0), ERROR_INVALID_PARAMETER, "a maximum of 0");
    FAILS(!create(-1, 5), ERROR_INVALID_PARAMETER, "a count below 0");
    FAILS(!create(6, 5), ERROR_INVALID_PARAMETER, "a count above the maximum");
    FAILS(!create(0, -1), ERROR_INVALID_PARAMETER, "a maximum below 0");
    semaphore = create(5, 5);
    OK(semaphore && GetLastError() == 0, "a count that is the maximum");
    IS(take_all(semaphore), 5, "all of it can be taken");
    CloseHandle(semaphore);
    semaphore = create(0x7ffffffe, 0x7fffffff);
    OK(semaphore != NULL, "the largest maximum");
    WORKS(ReleaseSemaphore(semaphore, 1, NULL), "up to it");
    FAILS(!ReleaseSemaphore(semaphore, 1, NULL), ERROR_TOO_MANY_POSTS, "not beyond");
    FAILS(!ReleaseSemaphore(semaphore, 0x7fffffff, NULL), ERROR_TOO_MANY_POSTS, "by the largest count neither");
    CloseHandle(semaphore);
}

static void test_counting(void) {
    HANDLE semaphore = create(2, 10);
    LONG before = -1;

    IS(take_all(semaphore), 2, "two at first");
    WORKS(ReleaseSemaphore(semaphore, 4, &before), "four are added");
    IS(before, 0, "to none");
    WORKS(ReleaseSemaphore(semaphore, 6, &before), "and six");
    IS(before, 4, "to four");
    before = 77;
    FAILS(!ReleaseSemaphore(semaphore, 1, &before), ERROR_TOO_MANY_POSTS, "one more is too many");
    IS(before, 77, "nothing is told then");
    FAILS(!ReleaseSemaphore(semaphore, 0, &before), ERROR_INVALID_PARAMETER, "0 is no count");
    FAILS(!ReleaseSemaphore(semaphore, -1, &before), ERROR_INVALID_PARAMETER, "-1 neither");
    FAILS(!ReleaseSemaphore(semaphore, (LONG)0x80000000, &before), ERROR_INVALID_PARAMETER, "nor the least number");
    IS(take_all(semaphore), 10, "failed calls change nothing");
    WORKS(ReleaseSemaphore(semaphore, 10, NULL), "the count before need not be asked for");
    FAILS(!ReleaseSemaphore(semaphore, 10, NULL), ERROR_TOO_MANY_POSTS, "all or nothing");
    IS(take_all(semaphore), 10, "ten are there");
    IS(WaitForSingleObject(semaphore, 10), WAIT_TIMEOUT, "an eleventh not in 10 ms");
    CloseHandle(semaphore);
}

static void test_waiters(void) {
    static const int priorities[COUNT] = {160, 150, 170, 150, 160};
    static const LONG places[COUNT] = {3, 1, 5, 2, 4};
    struct waiter waiters[COUNT];
    HANDLE semaphore = create(0, 10);
    LONG before = -1;

    waiters_start(waiters, COUNT, semaphore);
    IS(waiters_done(waiters, COUNT), 0, "five wait");
    WORKS(ReleaseSemaphore(semaphore, 2, &before), "two are added");
    IS(before, 0, "the count before, as waiters take none");
    IS(waiters_done(waiters, COUNT), 2, "two go");
    OK(waiters[0].place > 0 && waiters[1].place > 0, "those that came first");
    WORKS(ReleaseSemaphore(semaphore, 5, NULL), "five are added");
    IS(waiters_done(waiters, COUNT), COUNT, "the three left go");
    IS(take_all(semaphore), 2, "and two remain");
    waiters_finish(waiters, COUNT);

    waiters_served = 0;
    for (int i = 0; i < COUNT; i++) {
        waiter_start(&waiters[i], semaphore, INFINITE, priorities[i]);
    }
    for (int i = 0; i < COUNT; i++) {
        ReleaseSemaphore(semaphore, 1, NULL);
    }
    for (int i = 0; i < COUNT; i++) {
        IS(waiters[i].place, places[i], "waiter %d of priority %d is served in its turn", i, priorities[i]);
    }
    waiters_finish(waiters, COUNT);

    waiter_start(&waiters[0], semaphore, 10, PRIORITY_ABOVE);
    IS(finish_thread(waiters[0].thread), WAIT_TIMEOUT, "a wait that is given up");
    ReleaseSemaphore(semaphore, 1, NULL);
    IS(take_all(semaphore), 1, "takes nothing later");
    CloseHandle(semaphore);
}

/* A release whose waiters would make room is judged by the count before. */
static void test_full(void) {
    struct waiter waiters[3];
    HANDLE semaphore = create(0, 2);

    waiters_start(waiters, 3, semaphore);
    FAILS(!ReleaseSemaphore(semaphore, 3, NULL), ERROR_TOO_MANY_POSTS, "three are more than the maximum of two");
    IS(waiters_done(waiters, 3), 0, "though three wait");
    ReleaseSemaphore(semaphore, 2, NULL);
    IS(waiters_done(waiters, 3), 2, "two go");
    ReleaseSemaphore(semaphore, 1, NULL);
    waiters_finish(waiters, 3);
    IS(take_all(semaphore), 0, "nothing is left");
    CloseHandle(semaphore);
}

static void test_wrong(void) {
    HANDLE mutex = CreateMutexW(NULL, FALSE, NULL), closed = create(1, 1);
    LONG before = 7;

    FAILS(!ReleaseSemaphore(mutex, 1, &before), ERROR_INVALID_HANDLE, "ReleaseSemaphore of a mutex");
    CloseHandle(closed);
    FAILS(!ReleaseSemaphore(closed, 1, &before), ERROR_INVALID_HANDLE, "of a closed handle");
    FAILS(!ReleaseSemaphore(NULL, 1, &before), ERROR_INVALID_HANDLE, "of none");
    IS(before, 7, "nothing is told");
    CloseHandle(mutex);
}

static void test_names(void) {
    HANDLE semaphore = CreateSemaphoreW(NULL, 1, 3, L"semaphores x"), again;

    IS(GetLastError(), 0, "a named semaphore");
    again = CreateSemaphoreW(NULL, 9, 9, L"semaphores x");
    IS(GetLastError(), ERROR_ALREADY_EXISTS, "the same once more");
    FAILS(!ReleaseSemaphore(again, 3, NULL), ERROR_TOO_MANY_POSTS, "with the maximum that it had");
    IS(take_all(again), 1, "and its count");
    IS(take_all(semaphore), 0, "which is one for both handles");
    CloseHandle(again);
    again = OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, L"semaphores x");
    OK(again && GetLastError() == 0, "OpenSemaphore");
    ReleaseSemaphore(again, 2, NULL);
    IS(take_all(semaphore), 2, "gives the same");
    CloseHandle(semaphore);
    CloseHandle(again);
    FAILS(!OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, L"semaphores x"), ERROR_FILE_NOT_FOUND, "it is gone");
    FAILS(!OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER, "no name");
}

/* The other process takes three and adds five. */
static int child(void) {
    HANDLE semaphore = OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, L"semaphores p");
    LONG before = 0;

    for (int i = 0; i < 3; i++) {
        WaitForSingleObject(semaphore, INFINITE);
    }
    ReleaseSemaphore(semaphore, 5, &before);
    return (int)before;
}

static void test_processes(void) {
    HANDLE semaphore = CreateSemaphoreW(NULL, 4, 10, L"semaphores p");

    IS(run_program(L"semaphores.exe", L"child"), 1, "another process takes three of four and adds five to one");
    IS(take_all(semaphore), 6, "which makes six");
    CloseHandle(semaphore);
}

static void tests(void) {
    test_limits();
    test_counting();
    test_waiters();
    test_full();
    test_wrong();
    test_names();
    test_processes();
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "child") == 0) {
        return child();
    }
    return sync_main(tests);
}
