/* From a timer interrupt to the thread that waits for it.
 *
 * A thread of the highest priority sleeps; one of the lowest spins and stores the instruction counter, which this
 * program has mapped (its file has the SYSTEM attribute), so that no system call is in the way.  When the timer
 * interrupts, the spinning one stops; what the other reads when it is back from its Sleep, less the value last stored,
 * is the line.
 *
 * Counted are the whole way through the kernel, the reading itself, and up to five instructions of the loop, whose
 * three (load, store, branch) may be interrupted before any: a value that is loaded and not stored yet is missing, and
 * the one before it counts.  The line is the largest of all rounds.
 */
#include "bench.h"

#define ROUNDS  200
#define WARM_UP 4 /* rounds that bring pages in */

static volatile DWORD *counter; /* timer 2 of the SP804: counts down */
static volatile DWORD stored;

/* Until the process ends: argument is where the counter goes. */
static DWORD WINAPI spins(void *argument) {
    volatile DWORD *to = argument;

    while (to != NULL) {
        *to = *counter;
    }
    return 0;
}

static BOOL map_counter(void) {
    DWORD cpu = *(volatile DWORD *)(0xffffc800u + ABI_KDATA_CPU);
    DWORD page = cpu == 5 ? 0x101e2000u : 0x10011000u;
    char *memory = VirtualAlloc(NULL, 0x1000, MEM_RESERVE, PAGE_NOACCESS);

    counter = (volatile DWORD *)(memory + 0x24);
    return VirtualCopy(memory, (void *)(page >> 8), 0x1000, PAGE_READWRITE | PAGE_NOCACHE | PAGE_PHYSICAL);
}

int main(void) {
    static const uint32_t one_millisecond[6] = {1};
    DWORD most = 0;

    if (!map_counter()) {
        return 1;
    }
    CeSetThreadPriority(GetCurrentThread(), 0);
    HANDLE thread = CreateThread(NULL, 0, spins, (void *)&stored, 0, NULL);
    CeSetThreadPriority(thread, 255);
    for (int i = 0; i < ROUNDS + WARM_UP; i++) {
        raw_call(SYS_SLEEP, one_millisecond);
        DWORD gone = stored - *counter;
        if (i >= WARM_UP && gone > most) {
            most = gone;
        }
        for (volatile int j = 0; j < i; j++) { /* another phase against the timer's ticks */
        }
    }
    bench_line("irq_to_thread", most, "instructions");
    return 0;
}
