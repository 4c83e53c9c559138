/* Quanta: threads of one priority take turns in a ring, each for its own time; 0 runs to completion. */
#include "sync.h"

#define WORKERS 4

static volatile BOOL stop;
static volatile DWORD now; /* who has the processor: the number behind, or 0 */
static volatile LONG order[64], turns;
static volatile DWORD begun[64]; /* QueryPerformanceCounter at the beginning of a turn, in microseconds */

static DWORD microseconds(void) {
    LARGE_INTEGER count, frequency;

    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (DWORD)(count.QuadPart * 1000000 / frequency.QuadPart);
}

/* Notes each turn that it gets, until there were enough. */
static DWORD WINAPI notes(void *argument) {
    DWORD me = (DWORD)argument + 1;

    while (!stop) {
        if (now == me) {
            continue;
        }
        now = me;
        if (turns < 64) {
            begun[turns] = microseconds();
            order[turns] = (LONG)me - 1;
            turns++;
        }
        if (turns >= 40) {
            stop = TRUE;
        }
    }
    return 0;
}

static void rest(DWORD quantum) {
    HANDLE self = GetCurrentThread();

    WORKS(CeGetThreadQuantum(self) == 100, "a quantum is 100 ms at first");
    WORKS(CeSetThreadQuantum(self, quantum), "CeSetThreadQuantum");
    WORKS(CeGetThreadQuantum(self) == quantum, "CeGetThreadQuantum");
    CeSetThreadQuantum(self, 100);
}

static void test_values(void) {
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

    rest(7);
    rest(0);
    rest(0x7fffffff);
    FAILS(!CeSetThreadQuantum(GetCurrentThread(), 0x80000000), ERROR_INVALID_PARAMETER, "2^31 ms are too many");
    FAILS(!CeSetThreadQuantum(GetCurrentThread(), 0xffffffff), ERROR_INVALID_PARAMETER, "2^32 - 1, too");
    FAILS(!CeSetThreadQuantum(event, 10), ERROR_INVALID_HANDLE, "the quantum of an event");
    FAILS(CeGetThreadQuantum(event) == 0xffffffff, ERROR_INVALID_HANDLE, "is none");
    FAILS(CeGetThreadQuantum(NULL) == 0xffffffff, ERROR_INVALID_HANDLE, "nor that of no thread");
    CloseHandle(event);
}

static void workers_run(const DWORD *quanta, LPTHREAD_START_ROUTINE entry) {
    HANDLE threads[WORKERS];

    stop = FALSE;
    now = 0;
    turns = 0;
    for (DWORD i = 0; i < WORKERS; i++) {
        threads[i] = start_with(PRIORITY_BELOW, CREATE_SUSPENDED, entry, (void *)i, NULL);
        CeSetThreadQuantum(threads[i], quanta[i]);
    }
    for (DWORD i = 0; i < WORKERS; i++) {
        ResumeThread(threads[i]);
    }
    for (DWORD i = 0; i < WORKERS; i++) {
        finish_thread(threads[i]);
    }
}

/* Each turn lasts as long as its thread's quantum: no shorter, and not so much longer that it is another's. */
static void test_turns(const DWORD *quanta) {
    int ring = 1, shorter = 0, longer = 0;

    workers_run(quanta, notes);
    for (int i = 0; i + 1 < 40; i++) {
        DWORD lasted = begun[i + 1] - begun[i], quantum = quanta[order[i]] * 1000;

        ring &= order[i + 1] == (order[i] + 1) % WORKERS;
        shorter += lasted < quantum - quantum / 10;
        longer += lasted > quantum + quantum / 2 + 500;
    }
    OK(turns >= 40, "four threads of one priority, 40 turns");
    OK(ring, "they go round in the order of their start");
    IS(shorter, 0, "no turn is shorter than the thread's quantum");
    OK(longer <= 4, "nor much longer: %d", longer);
}

static volatile LONG finished;

static DWORD WINAPI completes(void *argument) {
    DWORD start = GetTickCount();

    (void)argument;
    while (GetTickCount() - start < 20) {
    }
    return (DWORD)InterlockedIncrement(&finished);
}

static DWORD WINAPI counts_finished(void *argument) {
    (void)argument;
    return (DWORD)finished;
}

static void test_completion(void) {
    HANDLE threads[3];

    finished = 0;
    threads[0] = start_with(PRIORITY_BELOW, CREATE_SUSPENDED, completes, NULL, NULL);
    CeSetThreadQuantum(threads[0], 2);
    CeSetThreadQuantum(threads[0], 0);
    ResumeThread(threads[0]);
    threads[1] = start_at(PRIORITY_BELOW, counts_finished, NULL);
    IS(finish_thread(threads[1]), 1, "a thread of quantum 0 completes before another of its priority begins");
    finish_thread(threads[0]);

    finished = 0;
    threads[0] = start_with(PRIORITY_BELOW, CREATE_SUSPENDED, completes, NULL, NULL);
    CeSetThreadQuantum(threads[0], 2);
    ResumeThread(threads[0]);
    threads[1] = start_at(PRIORITY_BELOW, counts_finished, NULL);
    IS(finish_thread(threads[1]), 0, "one of quantum 2 ms does not");
    finish_thread(threads[0]);
}

static DWORD WINAPI yields(void *argument) {
    DWORD me = (DWORD)argument;

    for (int i = 0; i < 10; i++) {
        order[turns++] = (LONG)me;
        Sleep(0);
    }
    return 0;
}

static void test_yield(void) {
    static const DWORD quanta[WORKERS] = {0, 100, 0, 1000};
    int ring = 1;

    workers_run(quanta, yields);
    for (int i = 0; i < 40; i++) {
        ring &= order[i] == i % WORKERS;
    }
    OK(turns == 40 && ring, "Sleep(0) passes the processor on, whatever the quantum");
}

static DWORD WINAPI ticks(void *argument) {
    (void)argument;
    while (!stop) {
        Sleep(1);
    }
    return 0;
}

/* Preempted by higher priorities a thread goes on with what is left of its quantum: others do not come in between. */
static void test_preempted(void) {
    static const DWORD quanta[WORKERS] = {10, 10, 10, 10};
    HANDLE ticker;
    int shorter = 0;

    stop = FALSE;
    ticker = start_at(PRIORITY_ABOVE, ticks, NULL);
    workers_run(quanta, notes);
    finish_thread(ticker);
    for (int i = 0; i + 1 < 40; i++) {
        shorter += begun[i + 1] - begun[i] < 9000;
    }
    OK(turns >= 40, "four threads take turns while they are often preempted");
    IS(shorter, 0, "none loses its turn by that");
}

/* The priority below gets nothing while these run; those above all they want. */
static void test_priorities(void) {
    static const DWORD quanta[WORKERS] = {1, 1, 1, 1};
    HANDLE low;

    finished = 0;
    low = start_at(PRIORITY_BELOW + 1, counts_finished, NULL);
    workers_run(quanta, notes);
    OK(turns >= 40, "threads take turns");
    finished = 5;
    IS(finish_thread(low), 5, "one of lower priority begins when all of them have ended");
}

static void tests(void) {
    static const DWORD equal[WORKERS] = {4, 4, 4, 4}, different[WORKERS] = {2, 8, 4, 1};

    test_values();
    test_turns(equal);
    test_turns(different);
    test_completion();
    test_yield();
    test_preempted();
    test_priorities();
}

int main(void) {
    return sync_main(tests);
}
