/* What threads keep among themselves without the kernel: critical sections and thread-local storage. */
#include "bench.h"

#define ROUNDS 100

/* Entering and leaving a free one, called by C code: calls, returns and loop are counted. */
static void free_section(void) {
    CRITICAL_SECTION section;
    uint32_t start;

    InitializeCriticalSection(&section);
    start = bench_read();
    for (int i = 0; i < ROUNDS; i++) {
        EnterCriticalSection(&section);
        LeaveCriticalSection(&section);
    }
    bench_line("critical_section", bench_since(start) / ROUNDS, "instructions");
    DeleteCriticalSection(&section);
}

static void slot(void) {
    DWORD index = TlsAlloc();
    uint32_t start;

    TlsSetValue(index, &index);
    start = bench_read();
    for (int i = 0; i < ROUNDS; i++) {
        TlsGetValue(index);
    }
    bench_line("tls_get_value", bench_since(start) / ROUNDS, "instructions");
    TlsFree(index);
}

int main(void) {
    bench_start();
    free_section();
    slot();
    return 0;
}
