/* Guard pages that are met by executing: the exception comes once, and then the code runs. */
#include <string.h>
#include <windows.h>

#include "tap.h"

#define PAGE 0x1000u

static int call(const void *code, int argument) {
    return ((int (*)(int))(DWORD)code)(argument);
}

int main(void) {
    static const unsigned add_seven[] = {0xe2800007, 0xe12fff1e}; /* add r0, r0, #7; bx lr */
    DWORD old;
    char *memory = VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_READWRITE);
    volatile int got = 0;

    memcpy(memory, add_seven, sizeof add_seven);
    OK(VirtualProtect(memory, PAGE, PAGE_EXECUTE_READ | PAGE_GUARD, &old), "code behind a guard");
    __try {
        got = call(memory, 35);
    } __except (GetExceptionCode() == STATUS_GUARD_PAGE_VIOLATION) {
        got = 1;
    }
    IS(got, 1, "the first call meets the guard");
    __try {
        got = call(memory, 35);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        got = 2;
    }
    IS(got, 42, "the second one runs");
    OK(VirtualFree(memory, 0, MEM_RELEASE), "the page goes");
    return tap_done();
}
