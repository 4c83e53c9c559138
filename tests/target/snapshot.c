/* Snapshots of processes and threads. */
#include <string.h>
#include <tlhelp32.h>

#include "helpers.h"
#include "tap.h"

#define MANY 12

static PROCESSENTRY32 process = {.dwSize = sizeof(process)};
static THREADENTRY32 thread = {.dwSize = sizeof(thread)};

/* Whether the snapshot has the process: then it is in process. */
static int find_process(HANDLE snapshot, DWORD id) {
    for (BOOL more = Process32First(snapshot, &process); more; more = Process32Next(snapshot, &process)) {
        if (process.th32ProcessID == id) {
            return 1;
        }
    }
    return 0;
}

static int threads_of(HANDLE snapshot, DWORD id) {
    int count = 0;

    for (BOOL more = Thread32First(snapshot, &thread); more; more = Thread32Next(snapshot, &thread)) {
        count += thread.th32OwnerProcessID == id;
    }
    return count;
}

static int find_thread(HANDLE snapshot, DWORD id) {
    for (BOOL more = Thread32First(snapshot, &thread); more; more = Thread32Next(snapshot, &thread)) {
        if (thread.th32ThreadID == id) {
            return 1;
        }
    }
    return 0;
}

static HANDLE take(DWORD kinds) {
    return CreateToolhelp32Snapshot(kinds, 0);
}

static void test_own(void) {
    HANDLE snapshot = take(TH32CS_SNAPPROCESS | TH32CS_SNAPTHREAD | TH32CS_SNAPNOHEAPS);

    OK(snapshot != INVALID_HANDLE_VALUE && GetLastError() == 0, "a snapshot");
    OK(find_process(snapshot, GetCurrentProcessId()), "our process is in");
    OK(wcscmp(process.szExeFile, L"snapshot.exe") == 0, "under its name");
    IS(process.cntThreads, 1, "with one thread");
    OK(find_thread(snapshot, GetCurrentThreadId()), "our thread is in");
    IS(thread.th32OwnerProcessID, GetCurrentProcessId(), "as our process's");
    IS(thread.tpBasePri, 251, "with its priority");
    IS(threads_of(snapshot, GetCurrentProcessId()), 1, "it is the only one of this process");
    FAILS(!Thread32Next(snapshot, &thread), ERROR_NO_MORE_FILES, "behind the last thread");
    while (Process32Next(snapshot, &process)) {
    }
    IS(GetLastError(), ERROR_NO_MORE_FILES, "behind the last process");
    OK(Process32First(snapshot, &process) && GetLastError() == 0, "it can be looked through again");
    OK(CloseToolhelp32Snapshot(snapshot) && GetLastError() == 0, "closing it");
    FAILS(!CloseToolhelp32Snapshot(snapshot), ERROR_INVALID_HANDLE, "closing it again");
    FAILS(!Process32First(snapshot, &process), ERROR_INVALID_HANDLE, "looking at it then");
}

static void test_errors(void) {
    HANDLE processes = take(TH32CS_SNAPPROCESS), threads = take(TH32CS_SNAPTHREAD);

    FAILS(take(0) == INVALID_HANDLE_VALUE, ERROR_INVALID_PARAMETER, "a snapshot of nothing");
    FAILS(take(TH32CS_SNAPPROCESS | 8) == INVALID_HANDLE_VALUE, ERROR_INVALID_PARAMETER, "with unknown flags");
    FAILS(!Thread32First(processes, &thread), ERROR_NO_MORE_FILES, "threads of a snapshot of processes");
    FAILS(!Process32First(threads, &process), ERROR_NO_MORE_FILES, "processes of a snapshot of threads");
    OK(find_thread(threads, GetCurrentThreadId()), "which has the threads");
    FAILS(!Process32First(processes, NULL), ERROR_INVALID_PARAMETER, "no entry");
    FAILS(!Thread32First(threads, NULL), ERROR_INVALID_PARAMETER, "no entry of a thread");
    process.dwSize--;
    FAILS(!Process32First(processes, &process), ERROR_INSUFFICIENT_BUFFER, "an entry that is too small");
    process.dwSize++;
    thread.dwSize--;
    FAILS(!Thread32First(threads, &thread), ERROR_INSUFFICIENT_BUFFER, "an entry of a thread that is too small");
    thread.dwSize++;
    FAILS(!Process32First(INVALID_HANDLE_VALUE, &process), ERROR_INVALID_HANDLE, "no snapshot");
    FAILS(!Thread32Next(GetCurrentThread(), &thread), ERROR_INVALID_HANDLE, "a handle of something else");
    OK(CloseToolhelp32Snapshot(processes), "the older one is closed first");
    OK(find_thread(threads, GetCurrentThreadId()), "the other is still there");
    OK(CloseToolhelp32Snapshot(threads), "and closed");
}

static DWORD WINAPI sleeps(void *argument) {
    WaitForSingleObject(argument, INFINITE);
    return 0;
}

/* More threads than the lists have room for at first, and another process. */
static void test_many(void) {
    PROCESS_INFORMATION child;
    HANDLE threads[MANY], snapshot;
    DWORD ids[MANY];
    int found = 0;

    start_program(L"child.exe", L"sleep 100000", &child);
    for (int i = 0; i < MANY; i++) {
        threads[i] = CreateThread(NULL, 0, sleeps, child.hProcess, 0, &ids[i]);
    }
    CeSetThreadPriority(threads[3], 252);
    snapshot = take(TH32CS_SNAPPROCESS | TH32CS_SNAPTHREAD);
    for (int i = 0; i < MANY; i++) {
        found += find_thread(snapshot, ids[i]);
    }
    IS(found, MANY, "12 threads are in");
    IS(threads_of(snapshot, GetCurrentProcessId()), MANY + 1, "with the first they are 13");
    OK(find_thread(snapshot, ids[3]) && thread.tpBasePri == 252 && thread.tpDeltaPri == 0,
       "one with a priority of its own");
    OK(find_process(snapshot, child.dwProcessId) && wcscmp(process.szExeFile, L"child.exe") == 0,
       "and another process");
    OK(find_thread(snapshot, child.dwThreadId) && thread.th32OwnerProcessID == child.dwProcessId, "and its thread");
    TerminateProcess(child.hProcess, 0);
    finish_program(&child);
    OK(find_process(snapshot, child.dwProcessId), "what ended since is still in");
    CloseToolhelp32Snapshot(snapshot);
    for (int i = 0; i < MANY; i++) {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
    }
    snapshot = take(TH32CS_SNAPPROCESS);
    OK(!find_process(snapshot, child.dwProcessId), "in the next it is not");
    CloseToolhelp32Snapshot(snapshot);
}

int main(void) {
    test_own();
    test_errors();
    test_many();
    return tap_done();
}
