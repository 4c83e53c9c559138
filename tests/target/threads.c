/* Threads: starting, ending, waiting, priorities, preemption and sharing the processor. */
#include <stdint.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

static volatile DWORD shared, order[8];
static volatile LONG ordered;
static volatile BOOL stop;

static DWORD WINAPI add_one(void *argument) {
    shared += (DWORD)argument;
    return (DWORD)argument * 2;
}

/* Writes to every page of so many bytes of its stack. */
static DWORD WINAPI uses_stack(void *argument) {
    volatile char *low = __builtin_alloca((DWORD)argument);
    DWORD pages = 0;

    for (DWORD at = 0; at < (DWORD)argument; at += 4096) {
        low[at] = 1;
        pages += (DWORD)low[at];
    }
    return pages;
}

static DWORD WINAPI exits(void *argument) {
    ExitThread((DWORD)argument + 1);
}

static DWORD WINAPI sleeps(void *argument) {
    Sleep((DWORD)argument);
    return 5;
}

static DWORD WINAPI counts(void *argument) {
    volatile DWORD *count = argument;

    while (!stop) {
        (*count)++;
    }
    return 0;
}

static DWORD WINAPI notes(void *argument) {
    order[InterlockedIncrement(&ordered) - 1] = (DWORD)argument;
    return 0;
}

static DWORD WINAPI own_error(void *argument) {
    SetLastError((DWORD)argument);
    Sleep(20);
    return GetLastError();
}

static HANDLE start(LPTHREAD_START_ROUTINE entry, void *argument) {
    return CreateThread(NULL, 0, entry, argument, 0, NULL);
}

static DWORD finish(HANDLE thread) {
    DWORD code = 0xbad;

    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void test_life(void) {
    HANDLE threads[20];
    DWORD code, id = 0;
    int right = 1;

    shared = 0;
    IS(finish(start(add_one, (void *)21)), 42, "the return value is the exit code");
    IS(shared, 21, "and the thread ran in this process");
    IS(finish(start(exits, (void *)6)), 7, "ExitThread");
    threads[0] = CreateThread(NULL, 0, sleeps, (void *)50, 0, &id);
    OK(id != 0 && id != GetCurrentThreadId(), "it has an id of its own");
    OK(GetExitCodeThread(threads[0], &code) && code == STILL_ACTIVE, "STILL_ACTIVE while it lives");
    IS(WaitForSingleObject(threads[0], 0), WAIT_TIMEOUT, "a wait of 0 ms");
    IS(WaitForSingleObject(threads[0], 10), WAIT_TIMEOUT, "a wait of 10 ms");
    IS(WaitForSingleObject(threads[0], 1000), WAIT_OBJECT_0, "a wait that is long enough");
    IS(WaitForSingleObject(threads[0], INFINITE), WAIT_OBJECT_0, "an ended thread stays signalled");
    IS(finish(threads[0]), 5, "and keeps its code");
    for (int i = 0; i < 20; i++) {
        threads[i] = start(own_error, (void *)(1000 + i));
    }
    for (int i = 0; i < 20; i++) {
        right &= finish(threads[i]) == (DWORD)(1000 + i);
    }
    OK(right, "20 threads, each with its own last error");
    IS(finish(CreateThread(NULL, 0x40000, uses_stack, (void *)0x38000, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL)), 0x38,
       "a larger stack");
}

static void test_sleep(void) {
    DWORD start_ticks = GetTickCount();

    Sleep(30);
    OK(GetTickCount() - start_ticks >= 30 && GetTickCount() - start_ticks < 60, "Sleep(30) takes 30 ms");
    IS(WaitForSingleObject((HANDLE)0x99, 0), WAIT_FAILED, "waiting for no object");
}

static void test_sharing(void) {
    static volatile DWORD counters[3];
    HANDLE threads[3];
    DWORD most = 0, least = 0xffffffffu;

    stop = FALSE;
    for (int i = 0; i < 3; i++) {
        threads[i] = start(counts, (void *)&counters[i]);
    }
    Sleep(1500); /* five quanta for each */
    stop = TRUE;
    for (int i = 0; i < 3; i++) {
        finish(threads[i]);
        most = counters[i] > most ? counters[i] : most;
        least = counters[i] < least ? counters[i] : least;
    }
    OK(least > 0 && most / 3 < least, "three busy threads of one priority share the processor");
}

static void test_priority(void) {
    static volatile DWORD count;
    HANDLE busy, urgent;
    DWORD at_start;

    IS(CeGetThreadPriority(GetCurrentThread()), 251, "the normal priority is 251");
    OK(CeSetThreadPriority(GetCurrentThread(), 240), "ours is raised");
    IS(CeGetThreadPriority(GetCurrentThread()), 240, "to 240");
    stop = FALSE;
    count = 0;
    busy = start(counts, (void *)&count);
    at_start = count;
    for (volatile int i = 0; i < 3000000; i++) {
    }
    IS(count, at_start, "while we run, one of lower priority does not");
    Sleep(10);
    OK(count > at_start, "while we sleep, it does");
    at_start = GetTickCount();
    Sleep(5);
    OK(GetTickCount() - at_start < 10, "and we preempt it as soon as our time has come, not at its quantum's end");
    stop = TRUE;
    finish(busy);

    ordered = 0;
    busy = start(notes, (void *)1);
    urgent = start(notes, (void *)2);
    CeSetThreadPriority(urgent, 245);
    finish(busy);
    finish(urgent);
    OK(order[0] == 2 && order[1] == 1, "the higher priority goes first");

    ordered = 0;
    urgent = start(notes, (void *)3);
    CeSetThreadPriority(urgent, 100);
    order[InterlockedIncrement(&ordered) - 1] = 4;
    finish(urgent);
    OK(order[0] == 3 && order[1] == 4, "raising another thread above us gives it the processor at once");
    FAILS(!CeSetThreadPriority(GetCurrentThread(), 256), ERROR_INVALID_PARAMETER, "there is no priority 256");
    FAILS(!CeSetThreadPriority(GetCurrentThread(), -1), ERROR_INVALID_PARAMETER, "nor -1");
    CeSetThreadPriority(GetCurrentThread(), 251);
}

static DWORD WINAPI waits_for(void *argument) {
    return WaitForSingleObject((HANDLE)argument, INFINITE);
}

static void many(void) {
    static HANDLE threads[100];
    HANDLE target;
    int right = 1;

    target = start(sleeps, (void *)100);
    for (int i = 0; i < 100; i++) {
        threads[i] = start(waits_for, target);
        right &= threads[i] != NULL;
    }
    OK(right, "100 threads");
    for (int i = 0; i < 100; i++) {
        right &= finish(threads[i]) == WAIT_OBJECT_0;
    }
    OK(right, "wait for one thread and are woken together");
    finish(target);
}

/* The kernel's heap keeps what the first round took; the second needs nothing more. */
static void test_many(void) {
    struct abi_counters before, after;

    many();
    raw_counters(&before, NULL, 0);
    many();
    raw_counters(&after, NULL, 0);
    IS(after.pages_free, before.pages_free, "their stacks are given back");
    IS(after.threads, before.threads, "and the threads themselves");
}

int main(void) {
    test_life();
    test_sleep();
    test_sharing();
    test_priority();
    test_many();
    return tap_done();
}
