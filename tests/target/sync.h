/* What the tests of threads, waits and their objects share: threads at priorities of their own, waiters that tell who
 * was served when, and the system's counts.
 *
 * The thread that tests runs at PRIORITY_TEST.  A thread that is started above it runs until it waits or ends before
 * the starter goes on, one below runs while the tester waits: the order of things is the priorities', not the clock's.
 */
#ifndef TESTS_TARGET_SYNC_H
#define TESTS_TARGET_SYNC_H

#include <situ.h>
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define PRIORITY_TEST  200
#define PRIORITY_ABOVE 150
#define PRIORITY_BELOW 240

#define LONG_WAIT 20000 /* ms: for what ought to happen at once; the test fails when they are over */

/* The call works and leaves the last error 0. */
#define WORKS(call, ...) OK((SetLastError(0xbadu), (call)) && GetLastError() == 0, __VA_ARGS__)

/* Starts a thread at a priority, with CREATE_SUSPENDED in flags without letting it run. */
static inline HANDLE start_with(int priority, DWORD flags, LPTHREAD_START_ROUTINE entry, void *argument, DWORD *id) {
    HANDLE thread = CreateThread(NULL, 0, entry, argument, CREATE_SUSPENDED, id);

    CeSetThreadPriority(thread, priority);
    if (!(flags & CREATE_SUSPENDED)) {
        ResumeThread(thread);
    }
    return thread;
}

static inline HANDLE start_at(int priority, LPTHREAD_START_ROUTINE entry, void *argument) {
    return start_with(priority, 0, entry, argument, NULL);
}

/* Waits for the end of a thread, closes the handle and returns the exit code. */
static inline DWORD finish_thread(HANDLE thread) {
    DWORD code = 0xbad;

    if (WaitForSingleObject(thread, LONG_WAIT) == WAIT_OBJECT_0) {
        GetExitCodeThread(thread, &code);
    }
    CloseHandle(thread);
    return code;
}

/* A thread that waits once. */
struct waiter {
    HANDLE object, thread;
    DWORD timeout;
    DWORD result, error; /* of the wait; result is WAITS while it lasts */
    LONG place;          /* the how manieth of all waiters to be served, from 1 */
    BOOL release;        /* a mutex: given back at once */
};
#define WAITS 0x77777777u

static volatile LONG waiters_served;

static inline DWORD WINAPI waiter_run(void *argument) {
    struct waiter *waiter = (struct waiter *)argument;

    SetLastError(0);
    waiter->result = WaitForSingleObject(waiter->object, waiter->timeout);
    waiter->error = GetLastError();
    waiter->place = InterlockedIncrement(&waiters_served);
    if (waiter->release) {
        ReleaseMutex(waiter->object);
    }
    return waiter->result;
}

static inline void waiter_start(struct waiter *waiter, HANDLE object, DWORD timeout, int priority) {
    waiter->object = object;
    waiter->timeout = timeout;
    waiter->result = WAITS;
    waiter->place = 0;
    waiter->release = FALSE;
    waiter->thread = start_at(priority, waiter_run, waiter);
}

/* Starts count waiters for the object above the tester, all of one priority; they wait when this returns. */
static inline void waiters_start(struct waiter *waiters, int count, HANDLE object) {
    waiters_served = 0;
    for (int i = 0; i < count; i++) {
        waiter_start(&waiters[i], object, INFINITE, PRIORITY_ABOVE);
    }
}

static inline void waiters_finish(struct waiter *waiters, int count) {
    for (int i = 0; i < count; i++) {
        finish_thread(waiters[i].thread);
    }
}

/* How many of them wait no more. */
static inline int waiters_done(const struct waiter *waiters, int count) {
    int done = 0;

    for (int i = 0; i < count; i++) {
        done += *(const volatile DWORD *)&waiters[i].result != WAITS;
    }
    return done;
}

static struct abi_thread_info threads_listed[64];
static DWORD threads_count;

/* Reads the list of this process's threads. */
static inline void threads_read(void) {
    SituEnumThreads(GetCurrentProcessId(), threads_listed, 64, &threads_count);
}

/* What the list read last says of a thread; all members are 0xffffffff if it is not in. */
static inline struct abi_thread_info thread_find(DWORD id) {
    struct abi_thread_info none;

    for (DWORD i = 0; i < threads_count && i < 64; i++) {
        if (threads_listed[i].id == id) {
            return threads_listed[i];
        }
    }
    memset(&none, 0xff, sizeof(none));
    return none;
}

static inline struct abi_thread_info thread_info(DWORD id) {
    threads_read();
    return thread_find(id);
}

/* Numbers that are the same in each run. */
static inline uint32_t random_next(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Waits until threads that end below us have done so, and reads the system's counts.  The file that was closed last
 * stays known with its pages: it is always the same. */
static inline void counts_read(struct abi_counters *counters) {
    Sleep(20);
    CloseHandle(open_read(L"page.txt"));
    raw_counters(counters, NULL, 0);
}

static inline DWORD distance(DWORD a, DWORD b) {
    return a > b ? a - b : b - a;
}

/* slack: pages that the kernel's heap may keep more or less. */
static inline void counts_same(const struct abi_counters *before, DWORD slack) {
    struct abi_counters after;

    counts_read(&after);
    OK(distance(after.pages_free, before->pages_free) <= slack, "free pages as at the start: %lu, %lu",
       (unsigned long)before->pages_free, (unsigned long)after.pages_free);
    OK(distance(after.pages_committed, before->pages_committed) <= slack, "promised pages as at the start: %lu, %lu",
       (unsigned long)before->pages_committed, (unsigned long)after.pages_committed);
    IS(after.processes, before->processes, "processes as at the start");
    IS(after.threads, before->threads, "threads as at the start");
    IS(after.handles, before->handles, "handles as at the start");
    IS(after.objects, before->objects, "objects as at the start");
    IS(after.sections, before->sections, "sections as at the start");
    IS(after.views, before->views, "views as at the start");
    IS(after.arena_ranges, before->arena_ranges, "ranges of the arena as at the start");
}

/* For tests at random: what the kernel's heap keeps goes by how much was in use at a time, which differs from round to
 * round.  The closing line of the kernel, which gives all of that back, is exact. */
#define RANDOM_SLACK 8

static inline int sync_main_slack(void (*tests)(void), DWORD slack) {
    struct abi_counters before;

    CeSetThreadPriority(GetCurrentThread(), PRIORITY_TEST);
    tests();
    counts_read(&before);
    tests();
    counts_same(&before, slack);
    return tap_done();
}

/* main of a test: runs the tests twice, since heaps keep what the first round took; the second needs nothing more and
 * gives everything back. */
static inline int sync_main(void (*tests)(void)) {
    return sync_main_slack(tests, 0);
}

#endif
