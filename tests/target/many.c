/* Many processes at a time: on ARMv5 the 33rd is refused, on ARMv7 there are more than ASIDs (256).
 *
 * All of them are alive together, each with its own data, and all run again after the last was made, so that an
 * address-space number that two of them got would show.
 */
#include <stdio.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define MANY 300

static PROCESS_INFORMATION children[MANY];

static int start_until_full(int most) {
    int count = 0;

    while (count < most && start_program(L"child.exe", L"sleep 3000", &children[count])) {
        count++;
    }
    return count;
}

int main(void) {
    unsigned cpu = *(volatile unsigned *)(0xffffc800u + ABI_KDATA_CPU);
    struct abi_counters before, after;
    int count, right = 1;

    for (int round = 0; round < 2; round++) {
        raw_counters(&before, NULL, 0); /* the kernel's heap keeps what the first round took */
        count = start_until_full(MANY);
        if (cpu == 5) {
            IS(GetLastError(), ERROR_NO_PROC_SLOTS, "the last one is refused for want of a slot");
            IS(count, 31, "31 beside this one");
            CloseHandle(open_read(L"page.txt"));
            FAILS(!start_program(L"child.exe", L"exit 1", &children[count]), ERROR_NO_PROC_SLOTS, "and again");
        } else {
            IS(count, MANY, "300 processes at a time");
        }
        raw_counters(&after, NULL, 0);
        IS(after.processes - before.processes, (DWORD)count, "all of them are alive");
        for (int i = 0; i < count; i++) {
            right &= finish_program(&children[i]) == 7;
        }
        OK(right, "and end as they should");
    }
    IS(run_program(L"child.exe", L"exit 8"), 8, "afterwards another one runs");
    raw_counters(&after, NULL, 0);
    IS(after.pages_free, before.pages_free, "and no page is lost");
    return tap_done();
}
