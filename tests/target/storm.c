/* Random system calls: whatever the numbers and arguments, each ends in a status, and the kernel goes on.
 *
 * Left out are calls that end the program by right (exit, termination, starting threads at random places) and those
 * that wait for ever.  The seed is fixed: a failure comes again.
 */
#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define CALLS 30000

static uint32_t state = 12345;
/* Pointers that are good lie in the first 8 KB; the rest is for structures and arrays that begin there. */
#define POINTED 8192u
static uint32_t room[0x80000];

static uint32_t next(void) {
    state = state * 1664525u + 1013904223u;
    return state >> 8 ^ state << 16;
}

static uint32_t value(void) {
    static const uint32_t special[] = {0,          1,          2,          3,          0x10000,    0x20000,
                                       0x7fff0000, 0x42000000, 0x42010000, 0x7ffeffff, 0x7fffffff, 0x80000000,
                                       0x90000000, 0xc0000000, 0xe0000000, 0xffffc800, 0xffffffff, 0x42};
    static const uint16_t name[] = L"page.txt";

    switch (next() % 6) {
    case 0:
        return special[next() % (sizeof(special) / sizeof(special[0]))];
    case 1:
        return (uint32_t)room + next() % POINTED;
    case 2:
        return (uint32_t)name;
    case 3:
        return next() % 5000;
    case 4:
        return (uint32_t)room;
    default:
        return next();
    }
}

static int left_out(uint32_t number) {
    switch (number) {
    case SYS_PROCESS_EXIT:
    case SYS_THREAD_EXIT:
    case SYS_SLEEP:
    case SYS_WAIT:
    case SYS_PROCESS_CREATE:
    case SYS_PROCESS_TERMINATE:
    case SYS_THREAD_CREATE:
    case SYS_CONSOLE_READ:
    case SYS_CONSOLE_WRITE:
    case SYS_DEBUG_WRITE:
    case SYS_THREAD_PRIORITY:
    case SYS_EXCEPTION_END:
    case SYS_WAIT_MULTIPLE:
    case SYS_SECTION_WAIT:
    case SYS_THREAD_SUSPEND: /* ourselves, by the pseudo-handle */
    case SYS_THREAD_TERMINATE:
    case SYS_THREAD_QUANTUM:
    case SYS_VIRTUAL_FREE: /* our own heap, our own data */
    case SYS_VIRTUAL_PROTECT:
        return 1;
    default:
        return 0;
    }
}

static int makes_handle(uint32_t number) {
    switch (number) {
    case SYS_FILE_OPEN:
    case SYS_MAPPING_CREATE:
    case SYS_FIND_FIRST:
    case SYS_EVENT_CREATE:
    case SYS_MUTEX_CREATE:
    case SYS_SEMAPHORE_CREATE:
    case SYS_OBJECT_OPEN:
    case SYS_PROCESS_OPEN:
    case SYS_HANDLE_DUPLICATE:
    case SYS_QUEUE_CREATE:
    case SYS_QUEUE_OPEN:
    case SYS_WATCHDOG_CREATE:
        return 1;
    default:
        return 0;
    }
}

int main(void) {
    unsigned good = 0, bad = 0;

    for (int i = 0; i < CALLS; i++) {
        uint32_t arguments[6] = {value(), value(), value(), value(), value(), value()};
        uint32_t number = next() % (SYS_COUNT + 3);
        struct raw_result result;

        if (left_out(number)) {
            continue;
        }
        result = raw_call(number, arguments);
        if (result.status == 0 || result.status == ERROR_ALREADY_EXISTS) {
            good++;
            if (makes_handle(number)) {
                CloseHandle((HANDLE)result.value);
            } else if (number == SYS_VIRTUAL_ALLOC) {
                VirtualFree((void *)result.value, 0, MEM_RELEASE);
            } else if (number == SYS_VIEW_MAP) {
                UnmapViewOfFile((void *)result.value);
            }
        } else {
            bad++;
        }
    }
    OK(good > 100 && bad > 1000, "%u calls worked, %u failed, and here we are", good, bad);
    OK(run_program(L"child.exe", L"exit 4") == 4, "programs still run");
    return tap_done();
}
