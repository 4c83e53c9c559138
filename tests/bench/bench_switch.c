/* Switching between threads and processes, starting both. */
#include "bench.h"
#include "helpers.h"

#define YIELDS 1000
#define ROUNDS 9

static DWORD WINAPI yields(void *argument) {
    for (int i = 0; i < (int)argument; i++) {
        Sleep(0);
    }
    return 0;
}

static DWORD WINAPI nothing(void *argument) {
    return (DWORD)argument;
}

/* Each Sleep(0) of ours is answered by one of the other side: two switches. */
static uint32_t yield_cost(void) {
    uint32_t start;

    Sleep(0);
    Sleep(0);
    start = bench_read();
    for (int i = 0; i < YIELDS; i++) {
        Sleep(0);
    }
    return bench_since(start) / (2 * YIELDS);
}

static void yield_thread(void) {
    HANDLE thread = CreateThread(NULL, 0, yields, (void *)(YIELDS + 100), 0, NULL);

    bench_line("yield_thread", yield_cost(), "instructions");
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void yield_process(void) {
    PROCESS_INFORMATION created;

    start_program(L"bench_yield.exe", NULL, &created);
    Sleep(20); /* it is past its start-up */
    bench_line("yield_process", yield_cost(), "instructions");
    TerminateProcess(created.hProcess, 0);
    finish_program(&created);
}

static void create_thread(void) {
    uint32_t values[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        uint32_t start = bench_read();
        HANDLE thread = CreateThread(NULL, 0, nothing, NULL, 0, NULL);

        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
        values[i] = bench_since(start);
    }
    bench_line("create_thread", bench_median(values, ROUNDS), "instructions");
}

static void create_process(void) {
    uint32_t values[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        uint32_t start = bench_read();

        run_program(L"bench_nop.exe", NULL);
        values[i] = bench_since(start);
    }
    bench_line("create_process_rom", bench_median(values, ROUNDS), "instructions");
}

int main(void) {
    bench_start();
    yield_thread();
    yield_process();
    create_thread();
    create_process();
    return 0;
}
