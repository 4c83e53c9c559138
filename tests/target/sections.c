/* Critical sections: owning, recursion, exclusion, who is served, and what a free one costs. */
#include "sync.h"

#define COUNT 5

static CRITICAL_SECTION section;

static DWORD WINAPI tries(void *argument) {
    (void)argument;
    if (!TryEnterCriticalSection(&section)) {
        return FALSE;
    }
    LeaveCriticalSection(&section);
    return TRUE;
}

/* Whether another thread gets it now. */
static DWORD free_elsewhere(void) {
    return finish_thread(start_at(PRIORITY_ABOVE, tries, NULL));
}

static DWORD WINAPI leaves(void *argument) {
    (void)argument;
    LeaveCriticalSection(&section);
    return 0;
}

static void test_owning(void) {
    InitializeCriticalSection(&section);
    IS(free_elsewhere(), TRUE, "a critical section is free at first");
    EnterCriticalSection(&section);
    IS(free_elsewhere(), FALSE, "ours, once entered");
    EnterCriticalSection(&section);
    OK(TryEnterCriticalSection(&section), "its owner may enter it again, and try to");
    LeaveCriticalSection(&section);
    LeaveCriticalSection(&section);
    IS(free_elsewhere(), FALSE, "entered three times and left twice it is ours");
    finish_thread(start_at(PRIORITY_ABOVE, leaves, NULL));
    IS(free_elsewhere(), FALSE, "another thread cannot leave it for us");
    LeaveCriticalSection(&section);
    IS(free_elsewhere(), TRUE, "left a third time it is free");
    LeaveCriticalSection(&section);
    IS(free_elsewhere(), TRUE, "left once more it stays so");
    OK(TryEnterCriticalSection(&section), "a free one is entered by trying");
    IS(free_elsewhere(), FALSE, "and ours");
    LeaveCriticalSection(&section);
    for (int i = 0; i < 20000; i++) {
        EnterCriticalSection(&section);
    }
    for (int i = 1; i < 20000; i++) {
        LeaveCriticalSection(&section);
    }
    IS(free_elsewhere(), FALSE, "entered 20000 times and left one time less");
    LeaveCriticalSection(&section);
    IS(free_elsewhere(), TRUE, "then the last time");
    DeleteCriticalSection(&section);
}

static volatile LONG entered;

static DWORD WINAPI enters(void *argument) {
    EnterCriticalSection(&section);
    *(LONG *)argument = InterlockedIncrement(&entered);
    LeaveCriticalSection(&section);
    return 0;
}

static void test_order(void) {
    static const int priorities[COUNT] = {160, 150, 170, 150, 160};
    static const LONG want[COUNT] = {3, 1, 5, 2, 4};
    LONG places[COUNT] = {0};
    HANDLE threads[COUNT];

    InitializeCriticalSection(&section);
    entered = 0;
    EnterCriticalSection(&section);
    for (int i = 0; i < COUNT; i++) {
        threads[i] = start_at(priorities[i], enters, &places[i]);
    }
    IS(entered, 0, "five wait for our critical section");
    EnterCriticalSection(&section);
    LeaveCriticalSection(&section);
    IS(entered, 0, "an inner Leave lets nobody in");
    LeaveCriticalSection(&section);
    for (int i = 0; i < COUNT; i++) {
        IS(*(volatile LONG *)&places[i], want[i], "waiter %d of priority %d is served in its turn", i, priorities[i]);
        finish_thread(threads[i]);
    }
    IS(free_elsewhere(), TRUE, "free in the end");
    DeleteCriticalSection(&section);
}

/* A thread that is ended while it waits is out of the game. */
static void test_dead_waiter(void) {
    LONG places[3] = {0};
    HANDLE threads[3];

    InitializeCriticalSection(&section);
    entered = 0;
    EnterCriticalSection(&section);
    for (int i = 0; i < 3; i++) {
        threads[i] = start_at(PRIORITY_ABOVE, enters, &places[i]);
    }
    TerminateThread(threads[0], 12);
    IS(finish_thread(threads[0]), 12, "the first waiter is terminated");
    LeaveCriticalSection(&section);
    finish_thread(threads[1]);
    finish_thread(threads[2]);
    OK(places[0] == 0 && places[1] == 1 && places[2] == 2, "the others are served");
    EnterCriticalSection(&section);
    threads[0] = start_at(PRIORITY_ABOVE, enters, &places[0]);
    TerminateThread(threads[0], 13);
    IS(finish_thread(threads[0]), 13, "the only waiter is terminated");
    LeaveCriticalSection(&section);
    IS(free_elsewhere(), TRUE, "and the section is free when it is left");
    DeleteCriticalSection(&section);
}

#define WORKERS 4
#define ROUNDS  200

static volatile DWORD inside, most_inside, total;

static DWORD WINAPI works(void *argument) {
    DWORD refused = 0;

    for (int i = 0; i < ROUNDS; i++) {
        if (i % 3 != 0 || !TryEnterCriticalSection(&section)) {
            refused += i % 3 == 0;
            EnterCriticalSection(&section);
        }
        DWORD before = total;

        inside++;
        most_inside = inside > most_inside ? inside : most_inside;
        for (volatile int spin = 0; spin < 500 + i % 7 * 100; spin++) {
        }
        if (i % 16 == (int)(DWORD)argument) {
            Sleep(1);
        }
        inside--;
        total = before + 1;
        LeaveCriticalSection(&section);
    }
    return refused;
}

static void test_exclusion(void) {
    HANDLE threads[WORKERS];
    DWORD refused = 0;

    InitializeCriticalSection(&section);
    inside = most_inside = total = 0;
    for (DWORD i = 0; i < WORKERS; i++) {
        threads[i] = start_with(PRIORITY_BELOW, CREATE_SUSPENDED, works, (void *)i, NULL);
        CeSetThreadQuantum(threads[i], 1);
        ResumeThread(threads[i]);
    }
    for (int i = 0; i < WORKERS; i++) {
        refused += finish_thread(threads[i]);
    }
    IS(total, WORKERS * ROUNDS, "no addition of %d threads is lost", WORKERS);
    IS(most_inside, 1, "one is inside at a time");
    OK(refused > 0, "they met there %lu times", (unsigned long)refused);
    IS(free_elsewhere(), TRUE, "free in the end");
    DeleteCriticalSection(&section);
}

/* Two threads that hand several sections to each other in a ring: each enters the next before it leaves the last. */
#define RING 5

static CRITICAL_SECTION ring[RING];

static DWORD WINAPI walks(void *argument) {
    DWORD steps = 0;

    EnterCriticalSection(&ring[0]);
    for (int at = 0; at < RING - 1; at++) {
        EnterCriticalSection(&ring[at + 1]);
        LeaveCriticalSection(&ring[at]);
        Sleep((DWORD)argument);
        steps++;
    }
    LeaveCriticalSection(&ring[RING - 1]);
    return steps;
}

static void test_ring(void) {
    HANDLE threads[6];
    DWORD steps = 0;

    for (int i = 0; i < RING; i++) {
        InitializeCriticalSection(&ring[i]);
    }
    for (DWORD i = 0; i < 6; i++) {
        threads[i] = start_at(PRIORITY_ABOVE + (int)i, walks, (void *)(i % 3));
    }
    for (int i = 0; i < 6; i++) {
        steps += finish_thread(threads[i]);
    }
    IS(steps, 6 * (RING - 1), "six threads walk hand over hand through five sections");
    for (int i = 0; i < RING; i++) {
        DeleteCriticalSection(&ring[i]);
    }
}

static uint32_t counter(void) {
    static const uint32_t none[6];

    return raw_call(SYS_COUNTER, none).value;
}

/* A system call costs more than this, so none was made. */
static void test_cost(void) {
    uint32_t start, spent;

    InitializeCriticalSection(&section);
    start = counter();
    for (int i = 0; i < 1000; i++) {
        EnterCriticalSection(&section);
        LeaveCriticalSection(&section);
    }
    spent = counter() - start;
    OK(spent < 45000, "a free one costs less than a system call: %lu for 1000", (unsigned long)spent);
    start = counter();
    for (int i = 0; i < 1000; i++) {
        if (TryEnterCriticalSection(&section)) {
            LeaveCriticalSection(&section);
        }
    }
    spent = counter() - start;
    OK(spent < 45000, "and by trying: %lu for 1000", (unsigned long)spent);
    DeleteCriticalSection(&section);
}

static void tests(void) {
    test_owning();
    test_order();
    test_dead_waiter();
    test_exclusion();
    test_ring();
    test_cost();
}

int main(void) {
    return sync_main(tests);
}
