/* What happens at bad moments: a system call that stores into a page which is just being filled, the end of a process
 * in the middle of the work of its threads, and a thread that goes down to a level where others wait for their turn. */
#include <string.h>

#include "helpers.h"
#include "tap.h"

#define PACKED_BYTES 100000u
#define FILL_ROUNDS  200
#define KILL_ROUNDS  40
#define KILL_THREADS 6

static const char *volatile page_now; /* page of a view that is touched now for the first time, or NULL */
static volatile LONG stored;          /* system calls that stored into a read-only view */
static volatile LONG tried;
static volatile LONG stop;

/* Ranks high: wakes at any moment of the other thread's work. */
static DWORD WINAPI attack(void *argument) {
    HANDLE file = open_read(L"64k.txt");

    (void)argument;
    CeSetThreadPriority(GetCurrentThread(), 100);
    while (!stop) {
        const char *target = page_now;
        DWORD got;

        if (target != NULL) {
            SetFilePointer(file, 0, NULL, FILE_BEGIN);
            stored += ReadFile(file, (void *)(target + 64), 64, &got, NULL) != FALSE;
            tried++;
        }
        Sleep(1);
    }
    CloseHandle(file);
    return 0;
}

/* A page is filled with preemption on; nobody may store into it meanwhile, least of all into a read-only view. */
static void test_fill(void) {
    HANDLE thread = CreateThread(NULL, 0, attack, NULL, 0, NULL);
    int same = 1;

    for (int i = 0; i < FILL_ROUNDS; i++) {
        HANDLE mapping = CreateFileMappingW(open_for_mapping(L"packed.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
        const char *here = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);

        for (DWORD at = 0; at < PACKED_BYTES; at += 4096) {
            page_now = here + at;
            same &= *(const volatile char *)(here + at) == data_byte(at);
            page_now = NULL;
        }
        UnmapViewOfFile((void *)here);
        CloseHandle(mapping);
        CloseHandle(open_read(L"page.txt")); /* the file closed last stays known with its pages: another one */
    }
    stop = 1;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    OK(tried > 10, "the attacker had its turns: %ld", (long)tried);
    IS((DWORD)stored, 0, "none of them into a read-only view that is being filled");
    OK(same, "the file reads as it is");
}

static DWORD WINAPI busy(void *argument) {
    volatile char page[4096];

    for (DWORD i = 0; !stop; i++) {
        page[i % sizeof(page)] = (char)i;
        if (i % 64 == (DWORD)argument) {
            Sleep(0);
        }
    }
    return 0;
}

/* The child: threads at work until the parent ends it. */
static int child(void) {
    for (DWORD i = 0; i < KILL_THREADS; i++) {
        CloseHandle(CreateThread(NULL, 0, busy, (void *)i, 0, NULL));
    }
    Sleep(INFINITE);
    return 0;
}

static void test_kill(void) {
    int ended = 0;

    for (DWORD i = 0; i < KILL_ROUNDS; i++) {
        PROCESS_INFORMATION created;
        wchar_t arguments[] = L"child";

        if (start_program(L"races.exe", arguments, &created)) {
            Sleep(i % 7);
            TerminateProcess(created.hProcess, 1000 + i);
            ended += finish_program(&created) == 1000 + i;
        }
    }
    IS((DWORD)ended, KILL_ROUNDS, "processes of many threads end whenever they are told to");
}

static volatile LONG turns;

static DWORD WINAPI count_turns(void *argument) {
    (void)argument;
    while (!stop) {
        turns++;
    }
    return 0;
}

/* Two threads on one level; this one comes down to it while the other is ready. */
static void test_down(void) {
    HANDLE thread;
    DWORD start;
    LONG before;

    stop = 0;
    thread = CreateThread(NULL, 0, count_turns, NULL, 0, NULL);
    CeSetThreadPriority(thread, 254);
    Sleep(5); /* no turn of this thread is being counted now */
    before = turns;
    CeSetThreadPriority(GetCurrentThread(), 254);
    start = GetTickCount();
    while (turns == before && GetTickCount() - start < 1000) {
    }
    OK(turns != before, "a thread that comes down to a level shares it");
    stop = 1;
    CeSetThreadPriority(GetCurrentThread(), 251);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "child") == 0) {
        return child();
    }
    test_fill();
    test_kill();
    test_down();
    return tap_done();
}
