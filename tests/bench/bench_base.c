/* The counter itself, boot, the kernel's size, the null call, atomic operations and copying. */
#include <string.h>

#include "bench.h"

/* A loop of 1,000,000 instructions: two in each round, and no more than a few around it. */
static void counter_check(void) {
    uint32_t start = bench_read();

    __asm__ volatile("mov r3, #0x7a000\n" /* 500,000, as two immediates */
                     "add r3, r3, #0x120\n"
                     "1: subs r3, r3, #1\n"
                     "bne 1b\n" ::
                         : "r3", "cc");
    bench_line("counter_check", bench_since(start), "instructions");
}

static void null_call(void) {
    uint32_t start = bench_read();

    __asm__ volatile(".rept 100\n"
                     "mov r12, #0\n"
                     "svc #0\n"
                     ".endr\n" ::
                         : "r0", "r1", "r2", "r3", "r12", "lr", "memory", "cc");
    bench_line("null_syscall", bench_since(start) / 100, "instructions");
}

static void atomics(void) {
    volatile LONG word = 0;
    uint32_t start = bench_read();

    for (int i = 0; i < 100; i++) {
        InterlockedIncrement(&word);
    }
    bench_line("interlocked_increment", bench_since(start) / 100, "instructions");
}

static void copying(void) {
    static char from[0x10000], to[0x10000];
    uint32_t start;

    memcpy(to, from, sizeof(to));
    __asm__ volatile("" ::: "memory"); /* both copies are made */
    start = bench_read();
    memcpy(to, from, sizeof(to));
    __asm__ volatile("" : : "r"(to) : "memory");
    bench_line("memcpy_64k", bench_since(start), "instructions");
}

int main(void) {
    struct abi_counters counters;

    bench_start();
    counter_check();
    raw_counters(&counters, NULL, 0);
    bench_line("boot_first_user", counters.counter_first_user - counters.counter_start, "instructions");
    bench_line("kernel_text_bytes", counters.kernel_text_bytes, "bytes");
    bench_line("counter_reading", bench_overhead, "instructions");
    null_call();
    atomics();
    copying();
    return 0;
}
