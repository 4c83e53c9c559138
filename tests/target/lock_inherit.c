/* The locks of the C library hand on priority: who waits for a stream that a thread of low priority holds does not wait
 * for threads in between.
 */
#include "helpers.h"
#include "tap.h"

#define URGENT  246
#define BETWEEN 248
#define LOW     250
#define ROUNDS  100000

static HANDLE held;
static volatile DWORD spun, spun_before;
static volatile BOOL left_once, left_before;

static DWORD WINAPI holds(void *argument) {
    (void)argument;
    flockfile(stderr);
    flockfile(stderr); /* twice: the second time it is ours already */
    SetEvent(held);
    for (volatile int i = 0; i < ROUNDS; i++) {
    }
    funlockfile(stderr);
    left_once = TRUE;
    funlockfile(stderr);
    return (DWORD)CeGetThreadPriority(GetCurrentThread());
}

static DWORD WINAPI spins(void *argument) {
    (void)argument;
    for (volatile int i = 0; i < ROUNDS * 4; i++) {
        spun++;
    }
    return 0;
}

static DWORD WINAPI needs(void *argument) {
    (void)argument;
    int refused = ftrylockfile(stderr);

    flockfile(stderr);
    spun_before = spun;
    left_before = left_once;
    funlockfile(stderr);
    return refused != 0;
}

static HANDLE start_at(int priority, LPTHREAD_START_ROUTINE entry) {
    HANDLE thread = CreateThread(NULL, 0, entry, NULL, CREATE_SUSPENDED, NULL);

    CeSetThreadPriority(thread, priority);
    ResumeThread(thread);
    return thread;
}

static DWORD finish(HANDLE thread) {
    DWORD code = 0xbad;

    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

int main(void) {
    HANDLE low, between, urgent;

    held = CreateEvent(NULL, FALSE, FALSE, NULL);
    CeSetThreadPriority(GetCurrentThread(), URGENT - 1);
    low = start_at(LOW, holds);
    WaitForSingleObject(held, INFINITE);
    urgent = start_at(URGENT, needs);
    between = start_at(BETWEEN, spins);
    IS(finish(urgent), 1, "the stream is another thread's");
    OK(left_before, "it waits until the stream is given back as often as it was taken");
    IS(spun_before, 0, "it comes before a thread of a priority in between has run");
    finish(between);
    IS(spun, ROUNDS * 4, "which runs then");
    IS(finish(low), LOW, "the priority of who held it is its own");
    OK(ftrylockfile(stderr) == 0, "and the stream is free");
    funlockfile(stderr);
    CloseHandle(held);
    return tap_done();
}
