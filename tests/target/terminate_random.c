/* Threads and processes that are ended at pseudo-random moments of whatever they do, and starting counts afterwards.
 *
 * A child process keeps threads at work that wait, compute, make and destroy things; it ends them one after the other
 * at random moments, starts others, and is itself ended at a random moment or by returning.
 */
#include <msgqueue.h>
#include <stdlib.h>

#include "sync.h"

#define WORKERS  12
#define KILLS    40
#define CHILDREN 4

#define CHILD_DONE  70 /* exit codes of the child */
#define CHILD_STUCK 71
#define CHILD_WRONG 72

static HANDLE event, mutex, semaphore, reader, writer;
static CRITICAL_SECTION section; /* lost when its owner ends: its waiters can be ended all the same */

static void spin(int rounds) {
    for (volatile int i = 0; i < rounds; i++) {
    }
}

static void work_events(void) {
    SetEvent(event);
    WaitForSingleObject(event, 2);
    PulseEvent(event);
    SetEventData(event, GetEventData(event) + 1);
}

static void work_mutex(void) {
    WaitForSingleObject(mutex, 3);
    spin(50);
    ReleaseMutex(mutex);
}

static void work_semaphore(void) {
    ReleaseSemaphore(semaphore, 2, NULL);
    WaitForSingleObject(semaphore, 1);
    WaitForSingleObject(semaphore, INFINITE);
}

static void work_section(void) {
    EnterCriticalSection(&section);
    spin(50);
    LeaveCriticalSection(&section);
}

static void work_several(void) {
    HANDLE handles[3] = {event, mutex, semaphore};

    WaitForMultipleObjects(3, handles, TRUE, 2);
    ReleaseMutex(mutex);
    WaitForMultipleObjects(3, handles, FALSE, 2);
    ReleaseMutex(mutex);
}

static void work_queue(void) {
    char message[16] = "random ends";
    DWORD got, flags;

    WriteMsgQueue(writer, message, 16, 1, 0);
    WriteMsgQueue(writer, message, 9, 1, MSGQUEUE_MSGALERT);
    ReadMsgQueue(reader, message, 16, &got, 1, &flags);
}

static void work_objects(void) {
    HANDLE mine = CreateEventW(NULL, TRUE, FALSE, L"terminate x"), again = NULL;

    DuplicateHandle(GetCurrentProcess(), mine, GetCurrentProcess(), &again, 0, FALSE, DUPLICATE_SAME_ACCESS);
    WaitForSingleObject(again, 1);
    CloseHandle(mine);
    CloseHandle(again);
}

static void work_mapping(void) {
    HANDLE mapping = CreateFileMappingW(open_for_mapping(L"packed.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
    const volatile char *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);

    if (view) {
        (void)view[5000];
        (void)view[60000];
        UnmapViewOfFile((void *)view);
    }
    CloseHandle(mapping);
}

static void work_memory(void) {
    volatile char *pages = VirtualAlloc(NULL, 0x20000, MEM_COMMIT, PAGE_READWRITE);

    for (int i = 0; pages && i < 0x20000; i += 0x1000) {
        pages[i] = 1;
    }
    VirtualFree((void *)pages, 0, MEM_RELEASE);
}

static void work_file(void) {
    HANDLE file = open_read(L"64k.txt");
    char bytes[512];
    DWORD got;

    ReadFile(file, bytes, sizeof(bytes), &got, NULL);
    CloseHandle(file);
}

static void work_program(void) {
    run_program(L"child.exe", L"exit 0");
}

static void work_compute(void) {
    spin(20000);
}

static void work_sleep(void) {
    Sleep(0);
    Sleep(1);
}

static void (*const works[])(void) = {work_events,  work_mutex,   work_semaphore, work_section, work_several,
                                      work_queue,   work_objects, work_mapping,   work_memory,  work_file,
                                      work_program, work_compute, work_sleep};
#define WORKS_COUNT (sizeof(works) / sizeof(works[0]))

static volatile BOOL begun[WORKERS];

static __attribute__((noreturn)) DWORD WINAPI works_on(void *argument) {
    DWORD worker = (DWORD)argument % WORKERS, work = (DWORD)argument / WORKERS;

    begun[worker] = TRUE;
    CeSetThreadPriority(GetCurrentThread(), PRIORITY_BELOW);
    for (;;) {
        works[work % WORKS_COUNT]();
    }
}

/* Only one that has come to its work is ended: the library's own start of a thread may hold a lock of all.  So it
 * begins above the others. */
static HANDLE worker_start(DWORD worker, DWORD work) {
    HANDLE thread;

    begun[worker] = FALSE;
    thread = start_with(PRIORITY_ABOVE, CREATE_SUSPENDED, works_on, (void *)(work * WORKERS + worker), NULL);
    CeSetThreadQuantum(thread, 1);
    ResumeThread(thread);
    while (!begun[worker]) {
        Sleep(1);
    }
    return thread;
}

static void child_make(void) {
    MSGQUEUEOPTIONS options = {sizeof(options), 0, 3, 16, TRUE};

    event = CreateEventW(NULL, FALSE, FALSE, NULL);
    mutex = CreateMutexW(NULL, FALSE, NULL);
    semaphore = CreateSemaphoreW(NULL, 0, 100000, NULL);
    reader = CreateMsgQueue(NULL, &options);
    options.bReadAccess = FALSE;
    writer = OpenMsgQueue(GetCurrentProcess(), reader, &options);
    InitializeCriticalSection(&section);
}

static int child(uint32_t seed) {
    HANDLE threads[WORKERS];

    CeSetThreadPriority(GetCurrentThread(), PRIORITY_TEST);
    child_make();
    for (DWORD i = 0; i < WORKERS; i++) {
        threads[i] = worker_start(i, random_next(&seed));
    }
    for (DWORD i = 0; i < KILLS; i++) {
        DWORD worker = random_next(&seed) % WORKERS, code = 0;

        Sleep(random_next(&seed) % 2);
        spin((int)(random_next(&seed) % 2000));
        TerminateThread(threads[worker], 1000 + i);
        if (WaitForSingleObject(threads[worker], LONG_WAIT) != WAIT_OBJECT_0) {
            return CHILD_STUCK;
        }
        if (!GetExitCodeThread(threads[worker], &code) || code != 1000 + i) {
            return CHILD_WRONG;
        }
        CloseHandle(threads[worker]);
        threads[worker] = worker_start(worker, random_next(&seed));
    }
    return CHILD_DONE;
}

/* An even child may come to its end, an odd one is ended after so many milliseconds. */
static void test_child(DWORD number) {
    wchar_t arguments[20];
    uint32_t seed = number * 31337 + 5;
    PROCESS_INFORMATION created;
    DWORD code;

    printf("# child %lu has the seed %lu\n", (unsigned long)number, (unsigned long)seed);
    wsprintfW(arguments, L"%u", (unsigned)seed);
    start_program(L"terminate_random.exe", arguments, &created);
    CeSetThreadPriority(created.hThread, PRIORITY_TEST);
    if (number % 2) {
        Sleep(random_next(&seed) % 60);
        spin((int)(random_next(&seed) % 5000));
        TerminateProcess(created.hProcess, 90);
    }
    code = finish_program(&created);
    OK(code == CHILD_DONE || (number % 2 && code == 90), "child %lu ends rightly, its code is %lu",
       (unsigned long)number, (unsigned long)code);
}

static void tests(void) {
    for (DWORD i = 0; i < CHILDREN; i++) {
        test_child(i);
    }
}

int main(int argc, char **argv) {
    if (argc > 1) {
        return child((uint32_t)strtoul(argv[1], NULL, 0));
    }
    return sync_main_slack(tests, RANDOM_SLACK);
}
