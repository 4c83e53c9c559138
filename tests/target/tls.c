/* Thread-local storage: 64 slots, each thread its own values, and a slot that was given out again is 0 everywhere. */
#include "helpers.h"
#include "tap.h"

#define THREADS 3

static DWORD slot;
static HANDLE go[THREADS], done[THREADS];
static LPVOID seen[THREADS];

/* A thread that looks at the slot and writes to it each time it is told to. */
static DWORD WINAPI serves(void *argument) {
    DWORD me = (DWORD)argument;

    for (DWORD round = 1; WaitForSingleObject(go[me], INFINITE) == WAIT_OBJECT_0; round++) {
        seen[me] = TlsGetValue(slot);
        if (slot == TLS_OUT_OF_INDEXES) {
            break;
        }
        TlsSetValue(slot, (LPVOID)(me * 100 + round));
        SetEvent(done[me]);
    }
    return 0;
}

static void serve(DWORD which) {
    SetEvent(go[which]);
    WaitForSingleObject(done[which], INFINITE);
}

static void test_errors(void) {
    DWORD index = TlsAlloc();

    FAILS(TlsGetValue(TLS_MINIMUM_AVAILABLE) == NULL, ERROR_INVALID_PARAMETER, "reading slot 64");
    FAILS(!TlsSetValue(TLS_MINIMUM_AVAILABLE, NULL), ERROR_INVALID_PARAMETER, "writing it");
    FAILS(!TlsFree(TLS_MINIMUM_AVAILABLE), ERROR_INVALID_PARAMETER, "freeing it");
    FAILS(!TlsSetValue(TLS_OUT_OF_INDEXES, NULL), ERROR_INVALID_PARAMETER, "writing slot 0xffffffff");
    OK(TlsFree(index), "freeing a slot");
    FAILS(!TlsFree(index), ERROR_INVALID_PARAMETER, "freeing it again");
    FAILS(!TlsSetValue(index, NULL), ERROR_INVALID_PARAMETER, "writing it then");
    TlsGetValue(index);
    IS(GetLastError(), ERROR_INVALID_PARAMETER, "reading it then");
}

static void test_all(void) {
    DWORD taken[TLS_MINIMUM_AVAILABLE];
    int right = 1;

    for (DWORD i = 0; i < TLS_MINIMUM_AVAILABLE; i++) {
        taken[i] = TlsAlloc();
        right &= taken[i] < TLS_MINIMUM_AVAILABLE && TlsSetValue(taken[i], (LPVOID)(i + 1));
    }
    OK(right, "64 slots");
    FAILS(TlsAlloc() == TLS_OUT_OF_INDEXES, ERROR_NOT_ENOUGH_MEMORY, "and not one more");
    for (DWORD i = 0; i < TLS_MINIMUM_AVAILABLE; i++) {
        right &= TlsGetValue(taken[i]) == (LPVOID)(i + 1);
    }
    OK(right && GetLastError() == 0, "each holds its own value");
    TlsFree(taken[63]);
    IS(TlsAlloc(), taken[63], "one that is freed is given out again");
    OK(TlsGetValue(taken[63]) == NULL && GetLastError() == 0, "and reads 0");
    OK(TlsGetValue(taken[0]) == (LPVOID)1 && TlsGetValue(taken[62]) == (LPVOID)63, "the others are as they were");
    for (DWORD i = 0; i < TLS_MINIMUM_AVAILABLE; i++) {
        TlsFree(taken[i]);
    }
}

/* Threads that live through it: each has a value in the slot, or none, or one from two owners ago. */
static void test_again(void) {
    HANDLE threads[THREADS];
    DWORD other, last;

    slot = TlsAlloc();
    other = TlsAlloc();
    for (DWORD i = 0; i < THREADS; i++) {
        go[i] = CreateEvent(NULL, FALSE, FALSE, NULL);
        done[i] = CreateEvent(NULL, FALSE, FALSE, NULL);
        threads[i] = CreateThread(NULL, 0, serves, (LPVOID)i, 0, NULL);
    }
    TlsSetValue(slot, (LPVOID)77);
    TlsSetValue(other, (LPVOID)78);
    serve(0);
    serve(1);
    OK(seen[0] == NULL && seen[1] == NULL && TlsGetValue(slot) == (LPVOID)77, "a value is its thread's alone");
    serve(0);
    OK(seen[0] == (LPVOID)1, "and stays");
    TlsFree(slot);
    IS(TlsAlloc(), slot, "the slot changes its owner");
    serve(0);
    OK(seen[0] == NULL, "a thread that had a value reads 0");
    serve(0);
    OK(seen[0] == (LPVOID)3, "what it writes now stays");
    TlsFree(slot);
    TlsFree(TlsAlloc());
    IS(TlsAlloc(), slot, "and again, three times");
    last = TlsAlloc();
    serve(1);
    OK(seen[1] == NULL, "a thread that had a value long ago reads 0");
    serve(2);
    OK(seen[2] == NULL, "one that never had any, too");
    OK(TlsGetValue(slot) == NULL, "and this one");
    OK(TlsGetValue(other) == (LPVOID)78, "another slot keeps its value");
    TlsFree(slot);
    TlsFree(other);
    TlsFree(last);
    slot = TLS_OUT_OF_INDEXES;
    for (DWORD i = 0; i < THREADS; i++) {
        SetEvent(go[i]);
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
        CloseHandle(go[i]);
        CloseHandle(done[i]);
    }
}

int main(void) {
    test_errors();
    test_all();
    test_again();
    return tap_done();
}
