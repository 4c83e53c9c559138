/* Events: setting, resetting, pulsing, who is served, names, data, and other processes. */
#include "sync.h"

#define COUNT 5

static BOOL is_set(HANDLE event) {
    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

static void test_states(void) {
    HANDLE automatic = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE manual = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE event;

    OK(automatic && manual, "events are made");
    OK(!is_set(automatic) && !is_set(manual), "both begin reset");
    WORKS(SetEvent(automatic), "SetEvent");
    WORKS(SetEvent(automatic), "SetEvent again");
    OK(is_set(automatic), "an auto-reset event is set");
    OK(!is_set(automatic), "and taken by one wait, however often it was set");
    SetEvent(automatic);
    WORKS(ResetEvent(automatic), "ResetEvent");
    OK(!is_set(automatic), "takes an auto-reset event back");
    WORKS(ResetEvent(automatic), "ResetEvent of one that is reset");
    SetEvent(manual);
    OK(is_set(manual) && is_set(manual), "a manual one stays set");
    ResetEvent(manual);
    OK(!is_set(manual), "until it is reset");
    CloseHandle(automatic);
    CloseHandle(manual);
    event = CreateEventW(NULL, FALSE, TRUE, NULL);
    OK(is_set(event) && !is_set(event), "an auto-reset event that begins set");
    CloseHandle(event);
    event = CreateEventW(NULL, 7, 9, NULL);
    OK(is_set(event) && is_set(event), "a manual one that begins set; TRUE is whatever is not 0");
    CloseHandle(event);
}

static void test_waiters(void) {
    struct waiter waiters[COUNT];
    HANDLE automatic = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE manual = CreateEventW(NULL, TRUE, FALSE, NULL);

    waiters_start(waiters, COUNT, automatic);
    IS(waiters_done(waiters, COUNT), 0, "five wait for an auto-reset event");
    for (int i = 0; i < COUNT; i++) {
        SetEvent(automatic);
        IS(waiters_done(waiters, COUNT), i + 1, "each SetEvent lets one go");
        IS(waiters[i].place, i + 1, "the one that has waited longest");
    }
    waiters_finish(waiters, COUNT);
    OK(!is_set(automatic), "nothing is left of it");

    waiters_start(waiters, COUNT, manual);
    IS(waiters_done(waiters, COUNT), 0, "five wait for a manual one");
    SetEvent(manual);
    IS(waiters_done(waiters, COUNT), COUNT, "SetEvent lets all go");
    OK(is_set(manual), "and it stays set");
    waiters_finish(waiters, COUNT);
    CloseHandle(automatic);
    CloseHandle(manual);
}

/* The waiters' priorities, and the order in which they are to be served. */
static void test_order(void) {
    static const int priorities[COUNT] = {160, 150, 170, 150, 160};
    static const LONG places[COUNT] = {3, 1, 5, 2, 4};
    struct waiter waiters[COUNT];
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

    waiters_served = 0;
    for (int i = 0; i < COUNT; i++) {
        waiter_start(&waiters[i], event, INFINITE, priorities[i]);
    }
    for (int i = 0; i < COUNT; i++) {
        SetEvent(event);
    }
    for (int i = 0; i < COUNT; i++) {
        IS(waiters[i].place, places[i], "waiter %d of priority %d is served in its turn", i, priorities[i]);
    }
    waiters_finish(waiters, COUNT);

    waiters_served = 0;
    for (int i = 0; i < COUNT; i++) {
        waiter_start(&waiters[i], event, INFINITE, 160 + i);
    }
    CeSetThreadPriority(waiters[COUNT - 1].thread, 110);
    SetEvent(event);
    IS(waiters[COUNT - 1].place, 1, "a waiter whose priority is raised moves forward");
    CeSetThreadPriority(waiters[0].thread, 190);
    for (int i = 1; i < COUNT; i++) {
        SetEvent(event);
    }
    IS(waiters[0].place, COUNT, "one whose priority is lowered moves back");
    waiters_finish(waiters, COUNT);
    CloseHandle(event);
}

static void test_pulse(void) {
    struct waiter waiters[COUNT];
    HANDLE automatic = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE manual = CreateEventW(NULL, TRUE, FALSE, NULL);

    WORKS(PulseEvent(automatic) && PulseEvent(manual), "PulseEvent with nobody waiting");
    OK(!is_set(automatic) && !is_set(manual), "leaves both reset");
    SetEvent(automatic);
    SetEvent(manual);
    PulseEvent(automatic);
    PulseEvent(manual);
    OK(!is_set(automatic) && !is_set(manual), "also those that were set");

    waiters_start(waiters, COUNT, automatic);
    PulseEvent(automatic);
    IS(waiters_done(waiters, COUNT), 1, "an auto-reset event that is pulsed lets one go");
    IS(waiters[0].place, 1, "the first");
    OK(!is_set(automatic), "and is reset");
    for (int i = 1; i < COUNT; i++) {
        PulseEvent(automatic);
    }
    IS(waiters_done(waiters, COUNT), COUNT, "the others by further pulses");
    waiters_finish(waiters, COUNT);

    waiters_start(waiters, COUNT, manual);
    PulseEvent(manual);
    IS(waiters_done(waiters, COUNT), COUNT, "a manual one lets all go");
    OK(!is_set(manual), "and is reset");
    waiters_finish(waiters, COUNT);
    CloseHandle(automatic);
    CloseHandle(manual);
}

static void test_timeout(void) {
    struct waiter waiter;
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    DWORD start = GetTickCount();

    IS(WaitForSingleObject(event, 20), WAIT_TIMEOUT, "a wait of 20 ms for an event that nobody sets");
    OK(GetTickCount() - start >= 20, "lasts that long");
    waiter_start(&waiter, event, 5, PRIORITY_ABOVE);
    IS(finish_thread(waiter.thread), WAIT_TIMEOUT, "another thread's wait is over, too");
    SetEvent(event);
    OK(is_set(event), "what was given up takes nothing");
    waiter_start(&waiter, event, 30, PRIORITY_ABOVE);
    SetEvent(event);
    IS(waiter.result, WAIT_OBJECT_0, "a wait with a timeout is satisfied before");
    IS(waiter.error, 0, "with the last error 0");
    Sleep(60);
    finish_thread(waiter.thread);
    OK(!is_set(event), "and its timeout comes to nothing");
    CloseHandle(event);
}

static void test_data(void) {
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, L"events data"), other = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE again = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"events data");

    WORKS(GetEventData(event) == 0, "an event's data is 0 at first");
    WORKS(SetEventData(event, 0xfedcba98), "SetEventData");
    WORKS(GetEventData(event) == 0xfedcba98, "GetEventData");
    IS(GetEventData(again), 0xfedcba98, "the same by another handle");
    IS(GetEventData(other), 0, "each event has its own");
    OK(!is_set(event), "and its state is another thing");
    SetEvent(event);
    SetEventData(event, 1);
    OK(is_set(event), "either way round");
    IS(GetEventData(event), 1, "the data changes");
    CloseHandle(event);
    CloseHandle(again);
    CloseHandle(other);
    FAILS(!SetEventData(event, 2), ERROR_INVALID_HANDLE, "SetEventData of a closed handle");
    FAILS(GetEventData(event) == 0, ERROR_INVALID_HANDLE, "GetEventData of a closed handle");
}

static void test_wrong(void) {
    HANDLE mutex = CreateMutexW(NULL, FALSE, NULL), thread = GetCurrentThread();

    FAILS(!SetEvent(mutex), ERROR_INVALID_HANDLE, "SetEvent of a mutex");
    FAILS(!ResetEvent(mutex), ERROR_INVALID_HANDLE, "ResetEvent of a mutex");
    FAILS(!PulseEvent(mutex), ERROR_INVALID_HANDLE, "PulseEvent of a mutex");
    FAILS(!SetEventData(mutex, 1), ERROR_INVALID_HANDLE, "SetEventData of a mutex");
    FAILS(!SetEvent(thread), ERROR_INVALID_HANDLE, "SetEvent of a thread");
    FAILS(!SetEvent(NULL), ERROR_INVALID_HANDLE, "SetEvent of no handle");
    FAILS(!SetEvent(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE, "SetEvent of INVALID_HANDLE_VALUE");
    FAILS(!PulseEvent((HANDLE)0x12345), ERROR_INVALID_HANDLE, "PulseEvent of garbage");
    CloseHandle(mutex);
}

static void test_names(void) {
    static wchar_t longest[MAX_PATH + 2];
    HANDLE event, again, upper, mutex;

    event = CreateEventW(NULL, FALSE, FALSE, L"events x");
    IS(GetLastError(), 0, "a new name");
    again = CreateEventW(NULL, TRUE, TRUE, L"events x");
    IS(GetLastError(), ERROR_ALREADY_EXISTS, "a name in use gives the object that exists");
    OK(again && again != event, "by a handle of its own");
    OK(!is_set(again), "whose arguments are ignored");
    SetEvent(again);
    OK(is_set(event) && !is_set(event), "it is the same auto-reset event");
    upper = CreateEventW(NULL, FALSE, FALSE, L"Events x");
    IS(GetLastError(), 0, "names differ by case");
    mutex = CreateMutexW(NULL, FALSE, L"events x");
    IS(GetLastError(), 0, "a mutex may have the name of an event");
    CloseHandle(mutex);
    CloseHandle(upper);
    CloseHandle(event);
    event = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"events x");
    OK(event && GetLastError() == 0, "the name lives as long as one handle");
    CloseHandle(again);
    CloseHandle(event);
    FAILS(!OpenEventW(EVENT_ALL_ACCESS, FALSE, L"events x"), ERROR_FILE_NOT_FOUND, "and goes with the last");
    FAILS(!OpenEventW(EVENT_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER, "OpenEvent without a name");

    event = CreateEventW(NULL, FALSE, FALSE, L"");
    again = CreateEventW(NULL, FALSE, FALSE, L"");
    OK(event && again && GetLastError() == 0, "an empty name is none");
    FAILS(!OpenEventW(EVENT_ALL_ACCESS, FALSE, L""), ERROR_INVALID_PARAMETER, "and opens nothing");
    CloseHandle(event);
    CloseHandle(again);
    for (int i = 0; i < MAX_PATH; i++) {
        longest[i] = (wchar_t)('a' + i % 26);
    }
    FAILS(!CreateEventW(NULL, FALSE, FALSE, longest), ERROR_FILENAME_EXCED_RANGE, "a name of 260 characters");
    FAILS(!OpenEventW(EVENT_ALL_ACCESS, FALSE, longest), ERROR_FILENAME_EXCED_RANGE, "opening it");
    longest[MAX_PATH - 1] = 0;
    event = CreateEventW(NULL, FALSE, FALSE, longest);
    again = OpenEventW(EVENT_ALL_ACCESS, FALSE, longest);
    OK(event && again, "259 are good");
    longest[MAX_PATH - 2] = '!';
    FAILS(!OpenEventW(EVENT_ALL_ACCESS, FALSE, longest), ERROR_FILE_NOT_FOUND, "to the last one");
    CloseHandle(event);
    CloseHandle(again);
}

#define TURNS 50

/* The other process: answers each event by the other one. */
static int child(void) {
    HANDLE there = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"events there");
    HANDLE back = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"events back");
    int turns = 0;

    while (turns < TURNS && WaitForSingleObject(there, LONG_WAIT) == WAIT_OBJECT_0) {
        turns++;
        SetEventData(back, GetEventData(there) * 3);
        SetEvent(back);
    }
    return turns;
}

static void test_processes(void) {
    HANDLE there = CreateEventW(NULL, FALSE, FALSE, L"events there");
    HANDLE back = CreateEventW(NULL, FALSE, FALSE, L"events back");
    PROCESS_INFORMATION created;
    DWORD right = 0;

    OK(start_program(L"events.exe", L"child", &created), "another process");
    for (DWORD i = 0; i < TURNS; i++) {
        SetEventData(there, i);
        SetEvent(there);
        right += WaitForSingleObject(back, LONG_WAIT) == WAIT_OBJECT_0 && GetEventData(back) == i * 3;
    }
    IS(right, TURNS, "answers events by their names");
    IS(finish_program(&created), TURNS, "and ends");
    CloseHandle(there);
    CloseHandle(back);
}

static void tests(void) {
    test_states();
    test_waiters();
    test_order();
    test_pulse();
    test_timeout();
    test_data();
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
