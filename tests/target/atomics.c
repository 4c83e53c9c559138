/* Interlocked functions under preemption: several threads change one word, and nothing gets lost.
 *
 * A thread of a higher priority wakes every millisecond and changes the words, too: wherever it interrupts the others,
 * between their load and their store as well, nothing may get lost.
 */
#include "helpers.h"
#include "tap.h"

#define ROUNDS 200000

static volatile LONG counter, swapped, lock_word, guarded, owned;
static volatile BOOL stop;
static CRITICAL_SECTION section;
static LONG disturbances, entries;

static DWORD WINAPI add(void *argument) {
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        InterlockedIncrement(&counter);
        InterlockedExchangeAdd(&counter, 3);
        InterlockedDecrement(&counter);
    }
    return 0;
}

static DWORD WINAPI swap(void *argument) {
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        LONG seen;
        do {
            seen = swapped;
        } while (InterlockedCompareExchange(&swapped, seen + 1, seen) != seen);
    }
    return 0;
}

static DWORD WINAPI lock(void *argument) {
    (void)argument;
    for (int i = 0; i < ROUNDS / 4; i++) {
        while (InterlockedExchange(&lock_word, 1) != 0) {
            Sleep(0);
        }
        guarded = guarded + 1;
        InterlockedExchange(&lock_word, 0);
    }
    return 0;
}

static DWORD WINAPI enter(void *argument) {
    (void)argument;
    for (int i = 0; i < ROUNDS / 4; i++) {
        EnterCriticalSection(&section);
        owned = owned + 1;
        LeaveCriticalSection(&section);
    }
    return 0;
}

/* Takes the critical section where it seems free, and stays in it for a while: whoever was interrupted on the way in
 * may not come in as well. */
static void disturb_section(void) {
    if (TryEnterCriticalSection(&section)) {
        LONG before = owned;

        Sleep(1);
        owned = before + 1;
        LeaveCriticalSection(&section);
        entries++;
    }
}

static DWORD WINAPI disturb(void *argument) {
    if (argument != NULL) { /* who only yields stays among the others */
        CeSetThreadPriority(GetCurrentThread(), 200);
    }
    while (!stop) {
        Sleep((DWORD)argument);
        if (argument != NULL) {
            disturbances++;
            InterlockedIncrement(&counter);
            InterlockedIncrement(&swapped);
            disturb_section();
        }
    }
    return 0;
}

static void race(LPTHREAD_START_ROUTINE entry) {
    HANDLE threads[3];

    for (int i = 0; i < 3; i++) {
        threads[i] = CreateThread(NULL, 0, entry, NULL, 0, NULL);
    }
    for (int i = 0; i < 3; i++) {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
    }
}

static void test_values(void) {
    volatile LONG word = 5;

    OK(InterlockedIncrement(&word) == 6 && word == 6, "InterlockedIncrement returns the new value");
    OK(InterlockedDecrement(&word) == 5 && word == 5, "InterlockedDecrement, too");
    OK(InterlockedExchange(&word, 9) == 5 && word == 9, "InterlockedExchange returns the old one");
    OK(InterlockedExchangeAdd(&word, -4) == 9 && word == 5, "InterlockedExchangeAdd, too");
    OK(InterlockedCompareExchange(&word, 7, 4) == 5 && word == 5, "InterlockedCompareExchange that does not");
    OK(InterlockedCompareExchange(&word, 7, 5) == 5 && word == 7, "and that does");
    OK(__sync_fetch_and_add(&word, 3) == 7 && word == 10, "__sync_fetch_and_add");
    OK(__sync_bool_compare_and_swap(&word, 10, 2) && word == 2, "__sync_bool_compare_and_swap");
}

int main(void) {
    HANDLE first, second;

    test_values();
    InitializeCriticalSection(&section);
    first = CreateThread(NULL, 0, disturb, (void *)1, 0, NULL);
    second = CreateThread(NULL, 0, disturb, (void *)0, 0, NULL);
    race(add);
    race(swap);
    race(lock);
    race(enter);
    IS(guarded, 3 * (ROUNDS / 4), "a lock made of InterlockedExchange");
    stop = TRUE;
    WaitForSingleObject(first, INFINITE);
    WaitForSingleObject(second, INFINITE);
    CloseHandle(first);
    CloseHandle(second);
    OK(disturbances > 20, "%ld interruptions", disturbances);
    IS(counter, 3 * 3 * ROUNDS + disturbances, "additions of all of them");
    IS(swapped, 3 * ROUNDS + disturbances, "compare-and-exchange of all of them");
    IS(owned, 3 * (ROUNDS / 4) + entries, "what is written inside of a critical section");
    OK(entries > 0, "%ld of the interruptions entered it", entries);
    return tap_done();
}
