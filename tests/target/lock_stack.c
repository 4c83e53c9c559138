/* The stack's end is first touched inside of library functions that take a lock, and a handler takes the exception: the
 * lock must be free then.  Threads whose stacks end at other places of their innermost frame, so that each step inside
 * of the functions is once the one that meets the guard.
 */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include "tap.h"

#define THREADS  24
#define PATIENCE 5000 /* ms; who waits for a lock that nobody gives back waits longer */

static void use_heap(int depth) {
    void *volatile block = malloc(depth & 1 ? 24 : 200000); /* the latter has a segment of its own */

    free(block);
}

static void use_stream(int depth) {
    (void)fprintf(stderr, "%.*s", depth - depth, "not shown");
}

static void (*volatile use)(int depth);

static __attribute__((noinline)) int to_the_end(int depth) {
    volatile char room[8];

    room[0] = (char)depth;
    use(depth);
    return depth == 1000000 ? 0 : to_the_end(depth + 1) + room[0];
}

static DWORD WINAPI use_once(void *argument) {
    use((int)argument);
    return 0;
}

/* Whether another thread can have the lock.  This one is still there, or the other could pass for it. */
static int is_free(void) {
    HANDLE other = CreateThread(NULL, 0, use_once, NULL, 0, NULL);
    DWORD waited = WaitForSingleObject(other, PATIENCE);

    CloseHandle(other);
    return waited == WAIT_OBJECT_0;
}

static DWORD WINAPI overflow(void *argument) {
    volatile int caught = 0;
    volatile char *shift = __builtin_alloca(8 * (DWORD)argument + 8);

    shift[0] = 0;
    __try {
        to_the_end(0);
    } __except (GetExceptionCode() == EXCEPTION_STACK_OVERFLOW) {
        caught = 1;
    }
    return caught && is_free();
}

/* How many threads caught their overflow and left the lock free, until one does not. */
static DWORD overflows(void (*function)(int depth)) {
    DWORD sum = 0, code = 1;

    use = function;
    for (int i = 0; i < THREADS && code; i++) {
        HANDLE thread = CreateThread(NULL, 0, overflow, (void *)i, 0, NULL);

        WaitForSingleObject(thread, INFINITE);
        GetExitCodeThread(thread, &code);
        CloseHandle(thread);
        sum += code;
    }
    return sum;
}

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    IS(overflows(use_stream), THREADS, "fprintf meets the stack's end, and the stream is free");
    IS(overflows(use_heap), THREADS, "malloc and free meet it, and the heap is free");
    return tap_done();
}
