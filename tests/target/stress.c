/* 32 threads at all kinds of objects at once, at random: stress.exe SEED ROUNDS, where each thread does so many rounds.
 *
 * What each does can be counted: nobody is where another has locked, no more are inside than a semaphore lets in, what
 * is written to a queue is read, what was to be served was served.  The threads run in a process of their own, so that
 * in the end the system's counts must be as at the start, to the page.
 */
#include <msgqueue.h>
#include <stdlib.h>

#include "sync.h"

#define THREADS 32
#define PERMITS 3
#define LOCKS   4

#define RIGHT     77 /* exit codes of the process at work */
#define NOT_ENDED 80
#define WRONG_SUM 81
#define BROKEN    82 /* + number of the check */

static struct thread {
    HANDLE handle;
    uint32_t seed;
    DWORD added[2 * LOCKS], index;
} threads[THREADS];

static HANDLE mutexes[LOCKS], semaphore, automatic, manual, reader, writer, watchdog;
static CRITICAL_SECTION sections[LOCKS];
static volatile DWORD sums[2 * LOCKS]; /* each under its lock: mutexes, then sections */
static volatile LONG inside, broken, sent, received;
static DWORD rounds, tls;

static void check(BOOL condition, LONG number) {
    if (!condition) {
        InterlockedCompareExchange(&broken, number, 0);
    }
}

static void spin(DWORD count) {
    for (volatile DWORD i = 0; i < count; i++) {
    }
}

/* Adds one where a lock is held; a second thread there would lose it. */
static void add(struct thread *thread, DWORD which) {
    DWORD before = sums[which];

    spin(random_next(&thread->seed) % 32);
    if (random_next(&thread->seed) % 8 == 0) {
        Sleep(random_next(&thread->seed) % 2); /* others come and meet it */
    }
    sums[which] = before + 1;
    thread->added[which]++;
}

static void do_mutex(struct thread *thread) {
    DWORD which = random_next(&thread->seed) % LOCKS, timeout = random_next(&thread->seed) % 4;

    if (WaitForSingleObject(mutexes[which], timeout == 3 ? INFINITE : timeout) == WAIT_OBJECT_0) {
        add(thread, which);
        check(ReleaseMutex(mutexes[which]), 1);
    }
}

static void do_section(struct thread *thread) {
    DWORD which = random_next(&thread->seed) % LOCKS;

    if (random_next(&thread->seed) % 2) {
        EnterCriticalSection(&sections[which]);
    } else if (!TryEnterCriticalSection(&sections[which])) {
        return;
    }
    add(thread, LOCKS + which);
    LeaveCriticalSection(&sections[which]);
}

/* Locks of both kinds in their order: chains of waiting threads. */
static void do_chain(struct thread *thread) {
    DWORD from = random_next(&thread->seed) % LOCKS;

    for (DWORD i = from; i < LOCKS; i++) {
        WaitForSingleObject(mutexes[i], INFINITE);
        EnterCriticalSection(&sections[i]);
        add(thread, i);
    }
    for (DWORD i = LOCKS; i-- > from;) {
        add(thread, LOCKS + i);
        LeaveCriticalSection(&sections[i]);
        check(ReleaseMutex(mutexes[i]), 2);
    }
}

static void do_semaphore(struct thread *thread) {
    if (WaitForSingleObject(semaphore, random_next(&thread->seed) % 3) != WAIT_OBJECT_0) {
        return;
    }
    check(InterlockedIncrement(&inside) <= PERMITS, 3);
    spin(random_next(&thread->seed) % 64);
    InterlockedDecrement(&inside);
    check(ReleaseSemaphore(semaphore, 1, NULL), 4);
}

static void do_all(struct thread *thread) {
    HANDLE handles[3] = {mutexes[1], semaphore, mutexes[0]};

    if (WaitForMultipleObjects(3, handles, TRUE, random_next(&thread->seed) % 3) != WAIT_OBJECT_0) {
        return;
    }
    check(InterlockedIncrement(&inside) <= PERMITS, 5);
    add(thread, 0);
    add(thread, 1);
    InterlockedDecrement(&inside);
    check(ReleaseMutex(mutexes[0]) && ReleaseMutex(mutexes[1]) && ReleaseSemaphore(semaphore, 1, NULL), 6);
}

static void do_any(struct thread *thread) {
    HANDLE handles[4] = {automatic, mutexes[2], manual, mutexes[3]};
    DWORD got = WaitForMultipleObjects(4, handles, FALSE, random_next(&thread->seed) % 3);

    if (got == WAIT_OBJECT_0 + 1 || got == WAIT_OBJECT_0 + 3) {
        add(thread, got - WAIT_OBJECT_0 + 1 - got / 3);
        check(ReleaseMutex(handles[got]), 7);
    }
    check(got <= 3 || got == WAIT_TIMEOUT, 8);
}

static void do_event(struct thread *thread) {
    switch (random_next(&thread->seed) % 5) {
    case 0:
        SetEvent(automatic);
        break;
    case 1:
        PulseEvent(manual);
        break;
    case 2:
        SetEvent(manual);
        ResetEvent(manual);
        break;
    case 3:
        PulseEvent(automatic);
        break;
    default:
        WaitForSingleObject(automatic, 1);
    }
}

static void do_queue(struct thread *thread) {
    LONG number = (LONG)(random_next(&thread->seed) % 1000), got = 0;
    DWORD bytes = 0, flags;

    if (WriteMsgQueue(writer, &number, sizeof(number), number % 3, number % 2 ? MSGQUEUE_MSGALERT : 0)) {
        InterlockedExchangeAdd(&sent, number);
    }
    if (ReadMsgQueue(reader, &got, sizeof(got), &bytes, number % 2, &flags)) {
        check(bytes == sizeof(got), 9);
        InterlockedExchangeAdd(&received, got);
    }
}

static void do_suspend(struct thread *thread) {
    DWORD other = thread->index + 1 + random_next(&thread->seed) % THREADS;

    if (other >= THREADS) { /* only those behind: no two suspend each other */
        return;
    }
    check(SuspendThread(threads[other].handle) != 0xffffffff, 10);
    Sleep(random_next(&thread->seed) % 2);
    check(ResumeThread(threads[other].handle) != 0xffffffff, 11);
}

static void do_priority(struct thread *thread) {
    CeSetThreadPriority(GetCurrentThread(), 240 + (int)(random_next(&thread->seed) % 8));
    CeSetThreadQuantum(GetCurrentThread(), random_next(&thread->seed) % 3);
}

/* Waits, again and again, with nothing in its hands. */
static DWORD WINAPI waits(void *argument) {
    volatile BOOL *begun = argument;
    HANDLE handles[2] = {automatic, manual};

    *begun = TRUE;
    while (WaitForMultipleObjects(2, handles, TRUE, 1) != WAIT_FAILED) {
        Sleep(0);
    }
    return 0;
}

static void do_terminate(struct thread *thread) {
    static volatile BOOL begun[THREADS]; /* the library's own start of a thread may hold a lock of all */
    DWORD code = 0;
    HANDLE victim;

    begun[thread->index] = FALSE;
    victim = CreateThread(NULL, 0, waits, (void *)&begun[thread->index], 0, NULL);
    check(victim != NULL, 12);
    while (!begun[thread->index]) {
        Sleep(1);
    }
    spin(random_next(&thread->seed) % 256);
    check(TerminateThread(victim, thread->index), 13);
    check(WaitForSingleObject(victim, INFINITE) == WAIT_OBJECT_0, 14);
    check(GetExitCodeThread(victim, &code) && code == thread->index, 15);
    check(CloseHandle(victim), 16);
}

static void do_named(struct thread *thread) {
    wchar_t name[16];
    HANDLE made, opened;

    wsprintfW(name, L"stress %u", (unsigned)(random_next(&thread->seed) % 8));
    made = CreateMutexW(NULL, FALSE, name);
    opened = OpenMutexW(MUTEX_ALL_ACCESS, FALSE, name);
    check(made && opened, 17);
    check(CloseHandle(made), 18);
    if (WaitForSingleObject(opened, 1) == WAIT_OBJECT_0) {
        check(ReleaseMutex(opened), 19);
    }
    check(CloseHandle(opened) && !CloseHandle(made), 20);
}

static void do_duplicate(struct thread *thread) {
    HANDLE copy = NULL;

    check(DuplicateHandle(GetCurrentProcess(), semaphore, GetCurrentProcess(), &copy, 0, FALSE, 0), 21);
    if (WaitForSingleObject(copy, 0) == WAIT_OBJECT_0) {
        spin(random_next(&thread->seed) % 16);
        check(ReleaseSemaphore(copy, 1, NULL), 22);
    }
    check(CloseHandle(copy), 23);
}

static void do_watchdog(struct thread *thread) {
    switch (random_next(&thread->seed) % 3) {
    case 0:
        StartWatchDogTimer(watchdog, 0);
        break;
    case 1:
        StopWatchDogTimer(watchdog, 0);
        break;
    default:
        RefreshWatchDogTimer(watchdog, 0);
        WaitForSingleObject(watchdog, 1);
    }
}

static void do_memory(struct thread *thread) {
    DWORD bytes = 1 + random_next(&thread->seed) % 20000;
    char *block = malloc(bytes);
    volatile char *pages = VirtualAlloc(NULL, bytes, MEM_COMMIT, PAGE_READWRITE);

    check(block && pages, 24);
    memset(block, (int)thread->index, bytes);
    pages[bytes - 1] = 1;
    spin(16);
    check(block[0] == (char)thread->index && block[bytes - 1] == (char)thread->index, 25);
    check(VirtualFree((void *)pages, 0, MEM_RELEASE), 26);
    free(block);
}

static void do_program(struct thread *thread) {
    if (random_next(&thread->seed) % 16 == 0) {
        check(run_program(L"child.exe", L"exit 5") == 5, 27);
    }
}

static void do_sleep(struct thread *thread) {
    check(TlsGetValue(tls) == (void *)(thread->index + 1), 28);
    Sleep(random_next(&thread->seed) % 3);
}

static void (*const kinds[])(struct thread *) = {
    do_mutex,    do_section, do_chain,     do_semaphore, do_all,      do_any,    do_event,   do_queue, do_suspend,
    do_priority, do_named,   do_terminate, do_duplicate, do_watchdog, do_memory, do_program, do_sleep};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static DWORD WINAPI thread_run(void *argument) {
    struct thread *thread = argument;

    TlsSetValue(tls, (void *)(thread->index + 1));
    for (DWORD i = 0; i < rounds; i++) {
        kinds[random_next(&thread->seed) % KINDS](thread);
    }
    return thread->index;
}

static void make(void) {
    MSGQUEUEOPTIONS options = {sizeof(options), 0, 8, sizeof(LONG), TRUE};

    for (int i = 0; i < LOCKS; i++) {
        mutexes[i] = CreateMutexW(NULL, FALSE, NULL);
        InitializeCriticalSection(&sections[i]);
    }
    semaphore = CreateSemaphoreW(NULL, PERMITS, PERMITS, NULL);
    automatic = CreateEventW(NULL, FALSE, FALSE, NULL);
    manual = CreateEventW(NULL, TRUE, FALSE, NULL);
    reader = CreateMsgQueue(NULL, &options);
    options.bReadAccess = FALSE;
    writer = OpenMsgQueue(GetCurrentProcess(), reader, &options);
    watchdog = CreateWatchDogTimer(NULL, 3, INFINITE, WDOG_NO_DFLT_ACTION, 0, 0);
    tls = TlsAlloc();
}

/* What is left in the queue was sent, too. */
static BOOL sums_right(void) {
    DWORD bytes, flags;
    LONG number;

    while (ReadMsgQueue(reader, &number, sizeof(number), &bytes, 0, &flags)) {
        received += number;
    }
    for (int lock = 0; lock < 2 * LOCKS; lock++) {
        DWORD added = 0;

        for (int i = 0; i < THREADS; i++) {
            added += threads[i].added[lock];
        }
        if (added != sums[lock]) {
            return FALSE;
        }
    }
    return sent == received && inside == 0;
}

/* The process at work; its exit code tells how it went. */
static int work(uint32_t seed) {
    make();
    CeSetThreadPriority(GetCurrentThread(), PRIORITY_TEST);
    for (DWORD i = 0; i < THREADS; i++) {
        threads[i].index = i;
        threads[i].seed = seed + i * 7919;
        threads[i].handle = start_with(240 + (int)(i % 8), CREATE_SUSPENDED, thread_run, &threads[i], NULL);
        CeSetThreadQuantum(threads[i].handle, 1);
    }
    for (DWORD i = 0; i < THREADS; i++) {
        ResumeThread(threads[i].handle);
    }
    for (DWORD i = 0; i < THREADS; i++) {
        if (WaitForSingleObject(threads[i].handle, 600000) != WAIT_OBJECT_0) {
            return NOT_ENDED;
        }
    }
    if (broken) {
        return BROKEN + broken;
    }
    for (LONG i = 0; i < PERMITS; i++) {
        if (WaitForSingleObject(semaphore, 0) != WAIT_OBJECT_0) {
            return WRONG_SUM;
        }
    }
    return sums_right() ? RIGHT : WRONG_SUM;
}

static DWORD run_work(uint32_t seed) {
    PROCESS_INFORMATION created;
    wchar_t arguments[40];

    wsprintfW(arguments, L"%u %u work", (unsigned)seed, (unsigned)rounds);
    return start_program(L"stress.exe", arguments, &created) ? finish_program(&created) : RUN_FAILED;
}

int main(int argc, char **argv) {
    uint32_t seed = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 1;
    struct abi_counters before;
    DWORD code, start;

    rounds = argc > 2 ? strtoul(argv[2], NULL, 0) : 20;
    if (argc > 3) {
        return work(seed);
    }
    CeSetThreadPriority(GetCurrentThread(), PRIORITY_TEST);
    printf("# seed %lu, %lu rounds of %d threads\n", (unsigned long)seed, (unsigned long)rounds, THREADS);
    run_work(seed + 2);
    run_work(seed + 1);
    counts_read(&before);
    start = GetTickCount();
    code = run_work(seed);
    printf("# it took %lu ms; an instruction is a nanosecond\n", (unsigned long)(GetTickCount() - start));
    IS(code, RIGHT, "%d threads at all kinds of objects: what they did adds up", THREADS);
    counts_same(&before, RANDOM_SLACK);
    return tap_done();
}
