/* Events: setting one that nobody waits for, and handing the processor to and fro with two of them. */
#include "bench.h"
#include "helpers.h"

#define ROUNDS 1000

static HANDLE there, back;

static DWORD WINAPI answers(void *argument) {
    for (int i = 0; i < (int)argument; i++) {
        WaitForSingleObject(there, INFINITE);
        SetEvent(back);
    }
    return 0;
}

/* One way: SetEvent, WaitForSingleObject, and the switch. */
static uint32_t round_trips(void) {
    uint32_t start;

    SetEvent(there);
    WaitForSingleObject(back, INFINITE);
    start = bench_read();
    for (int i = 0; i < ROUNDS; i++) {
        SetEvent(there);
        WaitForSingleObject(back, INFINITE);
    }
    return bench_since(start) / (2 * ROUNDS);
}

static void switch_thread(void) {
    HANDLE thread = CreateThread(NULL, 0, answers, (void *)(ROUNDS + 1), 0, NULL);

    bench_line("event_switch_thread", round_trips(), "instructions");
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void switch_process(void) {
    PROCESS_INFORMATION created;

    start_program(L"bench_answer.exe", NULL, &created);
    bench_line("event_switch_process", round_trips(), "instructions");
    TerminateProcess(created.hProcess, 0);
    finish_program(&created);
}

static void set_event(void) {
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    uint32_t start;

    SetEvent(event);
    start = bench_read();
    for (int i = 0; i < ROUNDS; i++) {
        SetEvent(event);
    }
    bench_line("set_event_no_waiter", bench_since(start) / ROUNDS, "instructions");
    CloseHandle(event);
}

int main(void) {
    bench_start();
    there = CreateEventW(NULL, FALSE, FALSE, L"bench there");
    back = CreateEventW(NULL, FALSE, FALSE, L"bench back");
    switch_thread();
    switch_process();
    set_event();
    return 0;
}
