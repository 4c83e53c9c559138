/* How long a thread of the highest priority waits for the processor when its time has come, while all kinds of load
 * run.
 *
 * The thread sleeps for a millisecond again and again, and takes what a sleep lasted by the instruction counter, which
 * goes on while the processor is idle: a millisecond is a million instructions (-icount).  Without load a sleep lasts
 * that, the calls' own work, and what the timer rounds up: the shortest one is the measure.  What is more with load, is
 * the time until the processor was given up by others.
 */
#include <msgqueue.h>

#include "sync.h"

#define LOADS   8
#define SAMPLES 400
#define BOUND   5000 /* instructions: 4,000 with preemption off, and 1,000 that the timer rounds up */

static volatile BOOL stop;
static HANDLE event, mutex, queue_in, queue_out;
static CRITICAL_SECTION section;
static volatile DWORD rounds[LOADS];

static void spin(int count) {
    for (volatile int i = 0; i < count; i++) {
    }
}

static void load_computes(void) {
    spin(1000);
}

static void load_objects(void) {
    HANDLE made = CreateEventW(NULL, TRUE, FALSE, L"latency x");
    HANDLE again = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"latency x");

    SetEvent(again);
    CloseHandle(made);
    CloseHandle(again);
}

static void load_locks(void) {
    WaitForSingleObject(mutex, INFINITE);
    EnterCriticalSection(&section);
    spin(100);
    LeaveCriticalSection(&section);
    ReleaseMutex(mutex);
}

static void load_wakes(void) {
    PulseEvent(event);
    SetEvent(event);
    WaitForSingleObject(event, 1);
}

static void load_mapping(void) {
    HANDLE mapping = CreateFileMappingW(open_for_mapping(L"packed.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
    const volatile char *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);

    for (DWORD at = 0; view && at < 90000; at += 4096) {
        (void)view[at];
    }
    UnmapViewOfFile((void *)view);
    CloseHandle(mapping);
}

static void load_memory(void) {
    volatile char *pages = VirtualAlloc(NULL, 0x80000, MEM_COMMIT, PAGE_READWRITE);

    for (DWORD at = 0; pages && at < 0x80000; at += 4096) {
        pages[at] = 1;
    }
    VirtualFree((void *)pages, 0, MEM_RELEASE);
}

static void load_programs(void) {
    run_program(L"child.exe", L"exit 0");
}

static void load_queue(void) {
    char message[64] = "load";
    DWORD got, flags;

    WriteMsgQueue(queue_out, message, 64, 0, 0);
    ReadMsgQueue(queue_in, message, 64, &got, 1, &flags);
}

static void (*const loads[LOADS])(void) = {load_computes, load_objects, load_locks,    load_wakes,
                                           load_mapping,  load_memory,  load_programs, load_queue};

static DWORD WINAPI load_run(void *argument) {
    DWORD which = (DWORD)argument;

    while (!stop) {
        loads[which]();
        rounds[which]++;
    }
    return 0;
}

static uint32_t counter(void) {
    static const uint32_t none[6];

    return raw_call(SYS_COUNTER, none).value;
}

struct sleeps {
    uint32_t least, most;
};

/* At the highest priority.  The first sleep brings in what the others need. */
static DWORD WINAPI sleeps_run(void *argument) {
    struct sleeps *sleeps = argument;

    sleeps->least = 0xffffffff;
    sleeps->most = 0;
    for (int i = 0; i <= SAMPLES; i++) {
        uint32_t start = counter(), lasted;

        Sleep(1);
        lasted = counter() - start;
        if (i == 0) {
            continue;
        }
        sleeps->least = lasted < sleeps->least ? lasted : sleeps->least;
        sleeps->most = lasted > sleeps->most ? lasted : sleeps->most;
    }
    return 0;
}

static struct sleeps measure(void) {
    struct sleeps sleeps;

    finish_thread(start_at(0, sleeps_run, &sleeps));
    return sleeps;
}

static void loads_make(void) {
    MSGQUEUEOPTIONS options = {sizeof(options), 0, 4, 64, TRUE};

    event = CreateEventW(NULL, FALSE, FALSE, NULL);
    mutex = CreateMutexW(NULL, FALSE, NULL);
    queue_in = CreateMsgQueue(NULL, &options);
    options.bReadAccess = FALSE;
    queue_out = OpenMsgQueue(GetCurrentProcess(), queue_in, &options);
    InitializeCriticalSection(&section);
}

static void loads_unmake(void) {
    CloseHandle(event);
    CloseHandle(mutex);
    CloseMsgQueue(queue_in);
    CloseMsgQueue(queue_out);
    DeleteCriticalSection(&section);
}

/* Two threads of each load, of one priority: they take turns, whatever they are at. */
static void test_load(const struct sleeps *quiet) {
    HANDLE threads[2 * LOADS];
    struct sleeps loaded;
    DWORD idle = 0;

    stop = FALSE;
    loads_make();
    for (DWORD i = 0; i < LOADS; i++) {
        rounds[i] = 0;
    }
    for (DWORD i = 0; i < 2 * LOADS; i++) {
        threads[i] = start_with(PRIORITY_BELOW, CREATE_SUSPENDED, load_run, (void *)(i % LOADS), NULL);
        CeSetThreadQuantum(threads[i], 1);
        ResumeThread(threads[i]);
    }
    loaded = measure();
    stop = TRUE;
    for (DWORD i = 0; i < 2 * LOADS; i++) {
        finish_thread(threads[i]);
    }
    for (DWORD i = 0; i < LOADS; i++) {
        idle += rounds[i] == 0;
    }
    loads_unmake();
    IS(idle, 0, "every load made its rounds");
    OK(loaded.most - quiet->least < BOUND, "under load the latest of %d wakes is %lu instructions late", SAMPLES,
       (unsigned long)(loaded.most - quiet->least));
}

static void tests(void) {
    struct sleeps quiet = measure();

    OK(quiet.least >= 1000000, "a sleep of a millisecond lasts that: %lu instructions", (unsigned long)quiet.least);
    OK(quiet.most - quiet.least < 3000, "without load all last the same, to %lu instructions",
       (unsigned long)(quiet.most - quiet.least));
    test_load(&quiet);
}

int main(void) {
    return sync_main_slack(tests, RANDOM_SLACK);
}
