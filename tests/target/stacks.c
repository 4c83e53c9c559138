/* Stacks that go from one thread of a process to the next: nobody may see a trace of the one before, nor that a stack
 * is kept while no thread has it. */
#include <stdint.h>
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define PAGE  0x1000u
#define USUAL 0x10000u
#define ARENA 0x42000000u

static volatile DWORD dead; /* an address on the stack of the thread that ended last */

static struct abi_thread_block *block(void) {
    MEMORY_BASIC_INFORMATION info;
    DWORD at = 0;

    VirtualQuery(&at, &info, sizeof(info));
    return (struct abi_thread_block *)((char *)info.BaseAddress + info.RegionSize) - 1;
}

static DWORD run(LPTHREAD_START_ROUTINE entry, void *argument) {
    HANDLE thread = CreateThread(NULL, 0, entry, argument, 0, NULL);
    DWORD code = 0xbad;

    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

/* Words of the block that are neither zero nor what a thread begins with; then all of them and the stack below are
 * soiled, as far as it is used. */
static DWORD WINAPI soils(void *argument) {
    struct abi_thread_block *mine = block();
    const uint32_t *slots = &mine->slots[192]; /* behind newlib's words */
    char low[1024];
    DWORD wrong = mine->last_error != 0;

    (void)argument;
    for (unsigned i = 0; i < ABI_LIBRARY_WORDS; i++) {
        wrong += mine->library[i] != 0;
        mine->library[i] = 0xdeadbeef;
    }
    for (unsigned i = 0; i < ABI_TLS_SLOTS - 192; i++) {
        wrong += slots[i] != 0;
    }
    memset(&mine->slots[192], 0xd7, (ABI_TLS_SLOTS - 192) * 4);
    wrong += mine->stack_high - mine->stack_low != USUAL || mine->stack_high != (DWORD)(mine + 1);
    memset(low, 0xd7, sizeof(low));
    __asm__ volatile("" : : "r"(low) : "memory");
    mine->stack_low = mine->stack_high = mine->last_error = 0x55555555;
    dead = (DWORD)low;
    return wrong;
}

static int without_end(int depth) {
    volatile char room[64];

    room[0] = (char)depth;
    return (depth != -1 ? without_end(depth + 1) : 0) + room[0];
}

/* How often the end of the stack was told of: each thread has its guard. */
static DWORD WINAPI overflows(void *argument) {
    volatile DWORD caught = 0;

    (void)argument;
    __try {
        without_end(0);
    } __except (GetExceptionCode() == EXCEPTION_STACK_OVERFLOW) {
        caught++;
    }
    dead = (DWORD)&caught;
    return caught;
}

static void one_after_the_other(void) {
    DWORD wrong = 0, caught = 0, first;

    wrong += run(soils, NULL);
    first = dead;
    wrong += run(soils, NULL);
    OK(dead == first, "the next thread has the stack of the one before");
    for (int i = 0; i < 20; i++) {
        wrong += run(soils, NULL);
        caught += i % 2 == 0 ? run(overflows, NULL) : 0;
    }
    IS(wrong, 0, "and finds its block as new");
    IS(caught, 10, "and a guard that is there, whoever used the stack up");
}

static HANDLE turn[2];

/* A pattern on the stack must stay as it is while the other one has its turns. */
static DWORD WINAPI alternates(void *argument) {
    volatile DWORD pattern[200];
    DWORD wrong = 0, me = (DWORD)argument;

    for (DWORD i = 0; i < 200; i++) {
        pattern[i] = me << 16 | i;
    }
    Sleep(1 + me % 2);
    for (DWORD i = 0; i < 200; i++) {
        wrong += pattern[i] != (me << 16 | i);
    }
    return wrong;
}

static void two_at_a_time(void) {
    DWORD wrong = 0, code;

    for (DWORD i = 0; i < 40; i++) {
        turn[i % 2] = CreateThread(NULL, 0, alternates, (void *)i, 0, NULL);
        if (i != 0) {
            WaitForSingleObject(turn[(i + 1) % 2], INFINITE);
            GetExitCodeThread(turn[(i + 1) % 2], &code);
            CloseHandle(turn[(i + 1) % 2]);
            wrong += code;
        }
    }
    WaitForSingleObject(turn[1], INFINITE);
    CloseHandle(turn[1]);
    IS(wrong, 0, "threads that overlap have stacks that do not");
}

static DWORD access_code(volatile DWORD *at, int store) {
    __try {
        if (store) {
            *at = 1;
        } else {
            (void)*at;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return 0;
}

static void nobody_sees_it(void) {
    MEMORY_BASIC_INFORMATION info;
    DWORD old;
    uint32_t pointer[6] = {0};

    run(soils, NULL);
    IS(access_code((volatile DWORD *)dead, 0), EXCEPTION_ACCESS_VIOLATION, "a load from the stack of a dead thread");
    IS(access_code((volatile DWORD *)dead, 1), EXCEPTION_ACCESS_VIOLATION, "a store");
    pointer[0] = dead & ~7u;
    IS(raw_call(SYS_CLOCK, pointer).status, ERROR_INVALID_PARAMETER, "the kernel asked to store there");
    pointer[1] = 0;
    IS(raw_call(SYS_THREAD_CREATE, pointer).status, ERROR_INVALID_PARAMETER, "and to read");
    FAILS(!VirtualProtect((void *)dead, 1, PAGE_READWRITE, &old), ERROR_INVALID_ADDRESS, "VirtualProtect");
    FAILS(VirtualAlloc((void *)dead, 1, MEM_COMMIT, PAGE_READWRITE) == NULL, ERROR_INVALID_ADDRESS, "committing");
    FAILS(!VirtualFree((void *)(dead & ~(USUAL - 1)), 0, MEM_RELEASE), ERROR_INVALID_PARAMETER, "releasing");
    OK(VirtualQuery((void *)dead, &info, sizeof(info)) != 0 && info.State == MEM_FREE, "it is free");
}

static void counts(void) {
    static struct abi_process_info before[32], after[32];
    const uint32_t list_before[6] = {(uint32_t)before, 32};
    const uint32_t list_after[6] = {(uint32_t)after, 32};
    struct abi_counters counters;
    DWORD processes, same = 1;

    raw_call(SYS_ENUM_PROCESSES, list_before); /* the pages of the lists have come */
    raw_call(SYS_ENUM_PROCESSES, list_after);
    raw_counters(&counters, NULL, 0); /* nothing is kept */
    processes = raw_call(SYS_ENUM_PROCESSES, list_before).value;
    run(soils, NULL);
    raw_call(SYS_ENUM_PROCESSES, list_after);
    for (DWORD i = 0; i < processes && i < 32; i++) {
        same &= before[i].committed == after[i].committed && before[i].pages == after[i].pages;
    }
    OK(processes != 0 && same, "no process has more pages, nor promises");
}

/* Takes all of the process's own range; says whether a piece came to lie where the stack is kept. */
static int fill_range(void) {
    static void *pieces[2048];
    DWORD bytes = 16 * USUAL, count = 0;
    int found = 0;

    while (count < 2048 && bytes >= USUAL) {
        void *piece = VirtualAlloc(NULL, bytes, MEM_RESERVE, PAGE_NOACCESS);
        if (piece != NULL && (DWORD)piece < ARENA) {
            pieces[count++] = piece;
            found |= (DWORD)piece < dead && (DWORD)piece + 2 * USUAL > dead;
        } else {
            VirtualFree(piece, 0, MEM_RELEASE);
            bytes /= 2;
        }
    }
    OK(bytes < USUAL && count > 30, "the range is full");
    while (count-- != 0) {
        VirtualFree(pieces[count], 0, MEM_RELEASE);
    }
    return found;
}

static void its_place(void) {
    char *there;

    run(soils, NULL);
    there = VirtualAlloc((void *)dead, 1, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    OK(there != NULL && there < (char *)dead && *(DWORD *)dead == 0, "new memory at its very place is zero");
    VirtualFree(there, 0, MEM_RELEASE);
    run(soils, NULL);
    OK(fill_range(), "its place, too");
    IS(run(soils, NULL), 0, "and there are stacks again");
}

static void all_memory(void) {
    static void *singles[64];
    struct abi_counters counters;
    DWORD most, pages, count = 0;
    char *rest = NULL;

    raw_counters(&counters, NULL, 0);
    run(soils, NULL);
    most = counters.commit_limit - counters.pages_committed;
    for (pages = most; rest == NULL && most - pages < 60; pages--) {
        rest = VirtualAlloc(NULL, pages * PAGE, MEM_COMMIT, PAGE_READWRITE);
    }
    while (count < 64 && (singles[count] = VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_READWRITE)) != NULL) {
        count++;
    }
    OK(rest != NULL && count < 64, "while it is kept, all but %u pages of memory are promised at once",
       (unsigned)(most - pages - 1));
    FAILS(CreateThread(NULL, 0, soils, NULL, 0, NULL) == NULL, ERROR_NOT_ENOUGH_MEMORY, "and then there is no thread");
    VirtualFree(rest, 0, MEM_RELEASE);
    while (count-- != 0) {
        VirtualFree(singles[count], 0, MEM_RELEASE);
    }
    IS(run(soils, NULL), 0, "but one afterwards");
}

int main(void) {
    one_after_the_other();
    two_at_a_time();
    nobody_sees_it();
    counts();
    its_place();
    all_memory();
    run(soils, NULL); /* the process ends while it is kept */
    return tap_done();
}
