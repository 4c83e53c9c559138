/* Handles: closing, pseudo-handles, those of other processes, duplicates, flags, and inheritance by new processes. */
#include <stdlib.h>

#include "sync.h"

static HANDLE duplicate(HANDLE source, DWORD options) {
    HANDLE target = NULL;

    DuplicateHandle(GetCurrentProcess(), source, GetCurrentProcess(), &target, 0, FALSE, options);
    return target;
}

static void test_close(void) {
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL), other;
    struct waiter waiter;

    WORKS(CloseHandle(event), "CloseHandle");
    FAILS(!CloseHandle(event), ERROR_INVALID_HANDLE, "not twice");
    other = CreateEventW(NULL, FALSE, FALSE, NULL);
    OK(other != event, "the value is not used again at once");
    FAILS(!CloseHandle(event), ERROR_INVALID_HANDLE, "so the old one closes no other object");
    FAILS(!SetEvent(event), ERROR_INVALID_HANDLE, "nor sets it");
    FAILS(!CloseHandle(NULL), ERROR_INVALID_HANDLE, "0 is no handle");
    FAILS(!CloseHandle(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE, "nor -1");
    FAILS(!CloseHandle((HANDLE)0x12345678), ERROR_INVALID_HANDLE, "nor garbage");
    FAILS(!CloseHandle((HANDLE)((DWORD)other + 1)), ERROR_INVALID_HANDLE, "nor one beside a handle");
    FAILS(!CloseHandle((HANDLE)((DWORD)other ^ 0x80000000)), ERROR_INVALID_HANDLE, "nor one with another high bit");
    FAILS(!CloseHandle(GetCurrentProcess()), ERROR_INVALID_HANDLE, "a pseudo-handle is not closed");
    FAILS(!CloseHandle(GetCurrentThread()), ERROR_INVALID_HANDLE, "neither of them");

    event = duplicate(other, DUPLICATE_SAME_ACCESS);
    waiter_start(&waiter, other, INFINITE, PRIORITY_ABOVE);
    WORKS(CloseHandle(other), "a handle is closed that somebody waits on");
    IS(waiter.result, WAITS, "the wait goes on");
    SetEvent(event);
    IS(finish_thread(waiter.thread), WAIT_OBJECT_0, "and is satisfied by another handle");
    waiter_start(&waiter, event, 30, PRIORITY_ABOVE);
    CloseHandle(event);
    IS(waiter.result, WAITS, "also after the last handle");
    IS(finish_thread(waiter.thread), WAIT_TIMEOUT, "until its time is over");
}

static DWORD WINAPI runs(void *argument) {
    return (DWORD)argument;
}

static void test_pseudo(void) {
    HANDLE thread = duplicate(GetCurrentThread(), 0), process = duplicate(GetCurrentProcess(), 0);
    DWORD code = 0;

    OK(thread && thread != GetCurrentThread() && process && process != GetCurrentProcess(),
       "duplicates of pseudo-handles are real handles");
    IS(CeGetThreadPriority(thread), PRIORITY_TEST, "of this thread");
    OK(GetExitCodeProcess(process, &code) && code == STILL_ACTIVE, "and this process");
    OK(GetExitCodeThread(GetCurrentThread(), &code) && code == STILL_ACTIVE, "GetExitCodeThread of a pseudo-handle");
    OK(GetExitCodeProcess(GetCurrentProcess(), &code) && code == STILL_ACTIVE, "GetExitCodeProcess of one");
    IS(WaitForSingleObject(GetCurrentThread(), 0), WAIT_TIMEOUT, "a wait for oneself");
    IS(WaitForSingleObject(GetCurrentProcess(), 0), WAIT_TIMEOUT, "and one's process");
    WORKS(CloseHandle(thread) && CloseHandle(process), "the real ones are closed");
    FAILS(!GetExitCodeThread(GetCurrentProcess(), &code), ERROR_INVALID_HANDLE, "a process is no thread");
    FAILS(!GetExitCodeProcess(GetCurrentThread(), &code), ERROR_INVALID_HANDLE, "nor a thread a process");
}

static void test_duplicate(void) {
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL), second, thread, out = NULL, self = GetCurrentProcess();

    WORKS(DuplicateHandle(self, event, self, &second, 0, FALSE, DUPLICATE_SAME_ACCESS), "DuplicateHandle");
    OK(second && second != event, "a second handle");
    SetEvent(second);
    IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0, "to the same object");
    CloseHandle(event);
    SetEvent(second);
    IS(WaitForSingleObject(second, 0), WAIT_OBJECT_0, "which lives as long as one of them");
    event = duplicate(second, DUPLICATE_CLOSE_SOURCE | DUPLICATE_SAME_ACCESS);
    OK(event != NULL, "DUPLICATE_CLOSE_SOURCE gives another");
    FAILS(!CloseHandle(second), ERROR_INVALID_HANDLE, "and closes the source");
    FAILS(!DuplicateHandle(self, event, self, NULL, 0, FALSE, 0), ERROR_INVALID_PARAMETER, "no place for the result");
    FAILS(!DuplicateHandle(self, event, self, &out, 0, FALSE, 4), ERROR_INVALID_PARAMETER, "an unknown option");
    FAILS(!DuplicateHandle(self, second, self, &out, 0, FALSE, 0), ERROR_INVALID_HANDLE, "a closed source");
    FAILS(!DuplicateHandle(self, NULL, self, &out, 0, FALSE, 0), ERROR_INVALID_HANDLE, "no source");
    FAILS(!DuplicateHandle(event, event, self, &out, 0, FALSE, 0), ERROR_INVALID_HANDLE, "an event for a process");
    FAILS(!DuplicateHandle(self, event, event, &out, 0, FALSE, 0), ERROR_INVALID_HANDLE, "as target neither");
    OK(out == NULL, "nothing is written when it fails");
    SetEvent(event);
    IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0, "and the source stays");
    FAILS(!DuplicateHandle(self, event, NULL, &out, 0, FALSE, DUPLICATE_CLOSE_SOURCE), ERROR_INVALID_HANDLE,
          "a failure with DUPLICATE_CLOSE_SOURCE");
    FAILS(!CloseHandle(event), ERROR_INVALID_HANDLE, "closes the source all the same");
    thread = start_at(PRIORITY_ABOVE, runs, (void *)6);
    second = duplicate(thread, 0);
    CloseHandle(thread);
    IS(finish_thread(second), 6, "a thread's handle is duplicated");
}

static void test_kinds(void) {
    HANDLE mutex = CreateMutexW(NULL, TRUE, NULL), file = open_read(L"64k.txt"), second;
    HANDLE mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    char text[9] = "";
    char *view;
    DWORD got = 0;

    second = duplicate(mutex, 0);
    CloseHandle(mutex);
    WORKS(ReleaseMutex(second), "a mutex is given back by its duplicate");
    CloseHandle(second);
    second = duplicate(file, 0);
    CloseHandle(file);
    OK(ReadFile(second, text, 8, &got, NULL) && got == 8 && data_equal(text, 0, 8), "a file is read by its duplicate");
    CloseHandle(second);
    second = duplicate(mapping, 0);
    CloseHandle(mapping);
    view = MapViewOfFile(second, FILE_MAP_WRITE, 0, 0, 0);
    OK(view != NULL, "a mapping is mapped by its duplicate");
    CloseHandle(second);
    if (view) {
        view[5] = 7;
        UnmapViewOfFile(view);
    }
}

static void test_flags(void) {
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    HANDLE plain = CreateEventW(NULL, FALSE, FALSE, NULL), handles[3], second = NULL, self = GetCurrentProcess();
    DWORD flags = 9, right = 0;

    WORKS(GetHandleInformation(plain, &flags) && flags == 0, "a handle is not to be inherited");
    WORKS(SetHandleInformation(plain, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), "SetHandleInformation");
    OK(GetHandleInformation(plain, &flags) && flags == HANDLE_FLAG_INHERIT, "now it is");
    WORKS(SetHandleInformation(plain, 0, 0), "a mask of 0");
    OK(GetHandleInformation(plain, &flags) && flags == HANDLE_FLAG_INHERIT, "changes nothing");
    SetHandleInformation(plain, HANDLE_FLAG_INHERIT, 0);
    OK(GetHandleInformation(plain, &flags) && flags == 0, "and now not");
    FAILS(!SetHandleInformation(plain, 2, 2), ERROR_INVALID_PARAMETER, "another flag");
    FAILS(!SetHandleInformation(plain, 3, 1), ERROR_INVALID_PARAMETER, "another in the mask");
    FAILS(!GetHandleInformation(NULL, &flags), ERROR_INVALID_HANDLE, "of no handle");
    FAILS(!GetHandleInformation(plain, NULL), ERROR_INVALID_PARAMETER, "no place for the flags");
    handles[0] = CreateEventW(&inheritable, FALSE, FALSE, NULL);
    handles[1] = CreateMutexW(&inheritable, FALSE, NULL);
    handles[2] = CreateSemaphoreW(&inheritable, 0, 1, NULL);
    for (int i = 0; i < 3; i++) {
        right += GetHandleInformation(handles[i], &flags) && flags == HANDLE_FLAG_INHERIT;
    }
    IS(right, 3, "bInheritHandle of events, mutexes and semaphores");
    DuplicateHandle(self, handles[0], self, &second, 0, FALSE, 0);
    OK(GetHandleInformation(second, &flags) && flags == 0, "a duplicate does not inherit the flag");
    CloseHandle(second);
    DuplicateHandle(self, plain, self, &second, 0, TRUE, 0);
    OK(GetHandleInformation(second, &flags) && flags == HANDLE_FLAG_INHERIT, "it is asked for");
    CloseHandle(second);
    CloseHandle(plain);
    for (int i = 0; i < 3; i++) {
        CloseHandle(handles[i]);
    }
    plain = OpenProcess(PROCESS_ALL_ACCESS, TRUE, GetCurrentProcessId());
    OK(GetHandleInformation(plain, &flags) && flags == HANDLE_FLAG_INHERIT, "OpenProcess gives an inheritable handle");
    CloseHandle(plain);
}

static DWORD run_with(const wchar_t *what, HANDLE handle, BOOL inherit) {
    PROCESS_INFORMATION created;
    wchar_t arguments[40];

    wsprintfW(arguments, L"%s %u", what, (unsigned)(DWORD)handle);
    if (!CreateProcessW(L"handles.exe", arguments, NULL, NULL, inherit, 0, NULL, NULL, NULL, &created)) {
        return RUN_FAILED + GetLastError();
    }
    return finish_program(&created);
}

static void test_inherit(void) {
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    HANDLE event = CreateEventW(&inheritable, TRUE, FALSE, NULL), plain = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE process;
    char *view;

    IS(run_with(L"set", plain, TRUE), ERROR_INVALID_HANDLE, "a handle of ours is none in another process");
    IS(run_with(L"close", plain, TRUE), ERROR_INVALID_HANDLE, "which cannot close it");
    IS(run_with(L"set", event, FALSE), ERROR_INVALID_HANDLE, "nor is an inheritable one if it is not to inherit");
    IS(WaitForSingleObject(event, 0), WAIT_TIMEOUT, "nothing happened to it");
    IS(run_with(L"set", event, TRUE), 0, "a process inherits a handle with its value");
    IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0, "and sets our event");
    ResetEvent(event);
    IS(run_with(L"pass", event, TRUE), 0, "it can be passed on to the next process");
    IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0, "which sets it");
    IS(run_with(L"close", event, TRUE), 0, "it may be closed there");
    WORKS(SetEvent(event), "and stays ours");
    CloseHandle(event);
    CloseHandle(plain);

    process = OpenProcess(0, TRUE, GetCurrentProcessId());
    event = CreateEventW(NULL, TRUE, FALSE, L"handles from the child");
    IS(run_with(L"give", process, TRUE), 0, "a process puts a handle into ours");
    IS(WaitForSingleObject((HANDLE)GetEventData(event), 0), WAIT_OBJECT_0, "which works");
    CloseHandle((HANDLE)GetEventData(event));
    CloseHandle(event);
    CloseHandle(process);

    event = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    view = MapViewOfFile(event, FILE_MAP_WRITE, 0, 0, 0);
    IS(run_with(L"map", event, TRUE), 0, "a process inherits a mapping");
    OK(view && view[9] == 99, "and writes to it");
    UnmapViewOfFile(view);
    CloseHandle(event);
}

static void test_process(void) {
    PROCESS_INFORMATION created;
    HANDLE process, event = CreateEventW(NULL, FALSE, FALSE, NULL), out = NULL;

    start_program(L"child.exe", L"sleep 100000", &created);
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, created.dwProcessId);
    OK(process && GetLastError() == 0, "OpenProcess");
    WORKS(DuplicateHandle(GetCurrentProcess(), event, process, &out, 0, FALSE, 0), "a handle is put there");
    WORKS(DuplicateHandle(process, out, GetCurrentProcess(), &out, 0, FALSE, DUPLICATE_CLOSE_SOURCE), "and taken back");
    SetEvent(out);
    IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0, "to the same object");
    CloseHandle(out);
    TerminateProcess(process, 3);
    IS(finish_program(&created), 3, "the process ends by this handle");
    FAILS(!DuplicateHandle(GetCurrentProcess(), event, process, &out, 0, FALSE, 0), ERROR_INVALID_PARAMETER,
          "nothing can be put into an ended process");
    FAILS(!OpenProcess(0, FALSE, created.dwProcessId), ERROR_INVALID_PARAMETER, "its id is gone");
    CloseHandle(process);
    FAILS(!OpenProcess(0, FALSE, 0), ERROR_INVALID_PARAMETER, "there is no process 0");
    FAILS(!OpenProcess(0, FALSE, 0x7ffffffc), ERROR_INVALID_PARAMETER, "nor an unknown one");
    CloseHandle(event);
}

/* Handles until no more can be had, and all of them again. */
static void test_full(void) {
    static HANDLE handles[10000];
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL), self = GetCurrentProcess();
    DWORD count = 0, closed = 0, error;

    while (count < 10000 && DuplicateHandle(self, event, self, &handles[count], 0, FALSE, 0)) {
        count++;
    }
    error = GetLastError();
    OK(count > 4000 && count < 10000, "a process has %lu handles", (unsigned long)count);
    OK(error == ERROR_TOO_MANY_OPEN_FILES || error == ERROR_NOT_ENOUGH_MEMORY, "then no more");
    OK(!CreateEventW(NULL, FALSE, FALSE, NULL), "an event neither");
    OK(!CreateThread(NULL, 0, runs, NULL, 0, NULL), "nor a thread");
    for (DWORD i = 0; i < count; i++) {
        closed += CloseHandle(handles[i]);
    }
    IS(closed, count, "all are closed");
    WORKS(CloseHandle(event), "and the first");
}

/* What another process does with the handle: its exit code is the error. */
static int child(const char *what, HANDLE handle) {
    HANDLE event, given = NULL;
    char *view;

    if (strcmp(what, "set") == 0) {
        return SetEvent(handle) ? 0 : (int)GetLastError();
    }
    if (strcmp(what, "close") == 0) {
        return CloseHandle(handle) ? 0 : (int)GetLastError();
    }
    if (strcmp(what, "pass") == 0) {
        return (int)run_with(L"set", handle, TRUE);
    }
    if (strcmp(what, "map") == 0) {
        view = MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);
        if (view) {
            view[9] = 99;
        }
        return view ? 0 : (int)GetLastError();
    }
    event = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"handles from the child");
    SetEvent(event);
    if (!DuplicateHandle(GetCurrentProcess(), event, handle, &given, 0, FALSE, 0)) {
        return (int)GetLastError();
    }
    SetEventData(event, (DWORD)given);
    return 0;
}

static void tests(void) {
    test_close();
    test_pseudo();
    test_duplicate();
    test_kinds();
    test_flags();
    test_inherit();
    test_process();
    test_full();
}

int main(int argc, char **argv) {
    if (argc > 2) {
        return child(argv[1], (HANDLE)strtoul(argv[2], NULL, 0));
    }
    return sync_main(tests);
}
