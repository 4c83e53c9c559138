/* Structured exceptions: the way through them (exceptions_flow.h), what each exception tells, going on, jumps, threads.
 * Compiled at several levels of optimisation (exceptions_*.c include this file).
 */
#include <setjmp.h>
#include <stdlib.h>

#include "exceptions_flow.h"
#include "helpers.h"
#include "raw.h"

/* ---- what exceptions tell ---- */

static EXCEPTION_RECORD seen;
static CONTEXT seen_context;

static DWORD seen_sp;

static int look(const EXCEPTION_POINTERS *pointers) {
    __asm__ volatile("mov %0, sp" : "=r"(seen_sp));
    seen = *pointers->ExceptionRecord;
    seen_context = *pointers->ContextRecord;
    return EXCEPTION_EXECUTE_HANDLER;
}

static void access_told(const char *what, DWORD code, DWORD kind, const volatile void *address) {
    IS(seen.ExceptionCode, code, "%s: code", what);
    IS(seen.NumberParameters, 2, "%s: two parameters", what);
    IS(seen.ExceptionInformation[0], kind, "%s: kind", what);
    IS(seen.ExceptionInformation[1], (DWORD)address, "%s: address", what);
}

static volatile char *rom_view(HANDLE *mapping) {
    *mapping = CreateFileMappingW(open_for_mapping(L"64k.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
    return MapViewOfFile(*mapping, FILE_MAP_READ, 0, 0, 0);
}

static void codes(void) {
    HANDLE mapping;
    volatile char *view = rom_view(&mapping);
    static const char odd[8] __attribute__((aligned(4))) = "1234567";

    __try {
        (void)*null_pointer;
    } __except (look(GetExceptionInformation())) {
        access_told("read at 8", EXCEPTION_ACCESS_VIOLATION, 0, null_pointer);
        IS(seen_context.ContextFlags, CONTEXT_FULL, "a full context");
        IS(seen_context.Pc, (DWORD)seen.ExceptionAddress, "at the instruction");
        IS(seen_sp & 7, 0, "the stack is on eight bytes");
        OK(seen_context.Sp - (DWORD)&mapping < 0x200 || (DWORD)&mapping - seen_context.Sp < 0x200, "of this stack");
    }
    __try {
        view[100] = 1;
    } __except (look(GetExceptionInformation())) {
        access_told("write to a read-only view", EXCEPTION_ACCESS_VIOLATION, 1, view + 100);
    }
    __try {
        (void)view[0x10000];
    } __except (look(GetExceptionInformation())) {
        access_told("beyond the last page", EXCEPTION_ACCESS_VIOLATION, 0, view + 0x10000);
    }
    UnmapViewOfFile((void *)view);
    CloseHandle(mapping);
    __try {
        (void)view[5];
    } __except (look(GetExceptionInformation())) {
        access_told("after unmap", EXCEPTION_ACCESS_VIOLATION, 0, view + 5);
    }
    __try {
        ((void (*)(void))null_pointer)();
    } __except (look(GetExceptionInformation())) {
        access_told("call of 8", EXCEPTION_ACCESS_VIOLATION, 8, null_pointer);
        IS(seen.ExceptionAddress, 8, "which is the instruction, too");
    }
    __try {
        __asm__ volatile("ldr r3, [%0]" : : "r"(odd + 1) : "r3");
    } __except (look(GetExceptionInformation())) {
        access_told("misaligned", EXCEPTION_DATATYPE_MISALIGNMENT, 0, odd + 1);
    }
    __try {
        __asm__ volatile(".word 0xe7f000f0");
    } __except (GetExceptionCode() == EXCEPTION_ILLEGAL_INSTRUCTION ? 1 : 0) {
        OK(1, "illegal instruction");
    }
    __try {
        __asm__ volatile(".word 0xee110f10" ::: "r0");
    } __except (GetExceptionCode() == EXCEPTION_PRIV_INSTRUCTION ? 1 : 0) {
        OK(1, "privileged instruction");
    }
    __try {
        __asm__ volatile("bkpt 0");
    } __except (GetExceptionCode() == EXCEPTION_BREAKPOINT ? 1 : 0) {
        OK(1, "breakpoint");
    }
    volatile int quotient = 0;
    __try {
        quotient = 5 / zero;
    } __except (GetExceptionCode() == EXCEPTION_INT_DIVIDE_BY_ZERO ? 1 : 0) {
        OK(quotient == 0, "division by zero");
    }
    __try {
        quotient = (int)(5ull % (unsigned long long)zero);
    } __except (GetExceptionCode() == EXCEPTION_INT_DIVIDE_BY_ZERO ? 1 : 0) {
        OK(quotient == 0, "division by zero of 64 bits");
    }
}

static void raising(void) {
    static const ULONG_PTR arguments[20] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    volatile int went_on = 0;

    __try {
        RaiseException(OURS | 0x10000000, 0, 3, arguments);
    } __except (look(GetExceptionInformation())) {
        IS(seen.ExceptionCode, OURS, "RaiseException: bit 28 of the code is cleared");
        IS(seen.NumberParameters, 3, "three arguments");
        OK(memcmp(seen.ExceptionInformation, arguments, 12) == 0, "as they were given");
        IS(GetExceptionCode(), OURS, "the code in the handler");
    }
    __try {
        RaiseException(OURS, 0, 20, arguments);
    } __except (look(GetExceptionInformation())) {
        IS(seen.NumberParameters, EXCEPTION_MAXIMUM_PARAMETERS, "fifteen arguments at most");
    }
    __try {
        RaiseException(OURS, 0, 5, NULL);
        went_on = 1;
    } __except (look(GetExceptionInformation()), EXCEPTION_CONTINUE_EXECUTION) {
        went_on = 2;
    }
    IS(seen.NumberParameters, 0, "no arguments");
    IS(went_on, 1, "RaiseException returns when a filter says so");
    __try {
        __try {
            RaiseException(OURS, EXCEPTION_NONCONTINUABLE, 0, NULL);
        } __except (EXCEPTION_CONTINUE_EXECUTION) {
            went_on = 3;
        }
    } __except (GetExceptionCode() == EXCEPTION_NONCONTINUABLE_EXCEPTION ? 1 : EXCEPTION_CONTINUE_SEARCH) {
        went_on = 4;
    }
    IS(went_on, 4, "which one that is not continuable refuses");
}

/* ---- going on ---- */

static int skip_instruction(EXCEPTION_POINTERS *pointers) {
    pointers->ContextRecord->Pc += 4;
    pointers->ContextRecord->R0 = 77;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static int to_good_memory(EXCEPTION_POINTERS *pointers, void *good) {
    char room[300]; /* what runs below must not disturb what goes on */

    memset(room, 0x55, sizeof(room));
    __asm__ volatile("" : : "r"(room) : "memory");
    pointers->ContextRecord->R1 = (ULONG)good;
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* All registers hold something; flags, too. */
static int registers_survive(void) {
    static int good[2] = {0x1234, 0};
    int bad = 0, flags = 0, value = 0;

    __try {
        __asm__ volatile("mov r0, #10\n mov r1, #8\n mov r2, #12\n mov r3, #13\n mov r4, #14\n mov r5, #15\n"
                         "mov r6, #16\n mov r7, #17\n mov r8, #18\n mov r9, #19\n mov r10, #20\n mov r12, #22\n"
                         "mov lr, #23\n cmp r0, #3\n"
                         "ldr r3, [r1]\n"
                         "movhi r1, #1\n movls r1, #0\n"
                         "teq r0, #10\n teqeq r2, #12\n teqeq r4, #14\n teqeq r5, #15\n teqeq r6, #16\n teqeq r7, #17\n"
                         "teqeq r8, #18\n teqeq r9, #19\n teqeq r10, #20\n teqeq r12, #22\n teqeq lr, #23\n"
                         "mov r0, #0\n movne r0, #1\n"
                         "mov %0, r0\n mov %1, r1\n mov %2, r3\n"
                         : "=&r"(bad), "=&r"(flags), "=&r"(value)
                         :
                         : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r12", "lr", "cc", "memory");
    } __except (to_good_memory(GetExceptionInformation(), good)) {
        return 0;
    }
    return bad == 0 && flags == 1 && value == 0x1234;
}

static void going_on(void) {
    int result = 0;

    __try {
        __asm__ volatile("mov r0, #1\n .word 0xe7f000f0\n mov %0, r0" : "=r"(result) : : "r0", "memory");
    } __except (skip_instruction(GetExceptionInformation())) {
        result = 0;
    }
    IS(result, 77, "a filter changes Pc and a register");
    OK(registers_survive(), "all other registers and the flags are as before");
}

/* Pages are committed when they are touched. */
static int commit_page(const EXCEPTION_RECORD *record, volatile int *count) {
    (*count)++;
    return VirtualAlloc((void *)record->ExceptionInformation[1], 1, MEM_COMMIT, PAGE_READWRITE)
               ? EXCEPTION_CONTINUE_EXECUTION
               : EXCEPTION_CONTINUE_SEARCH;
}

static void memory_on_demand(void) {
    char *base = VirtualAlloc(NULL, 0x40000, MEM_RESERVE, PAGE_NOACCESS);
    volatile int count = 0;
    int sum = 0;

    __try {
        for (int i = 0; i < 0x40000; i += 64) {
            base[i] = (char)(i / 64);
        }
        for (int i = 0; i < 0x40000; i += 64) {
            sum += base[i] == (char)(i / 64);
        }
    } __except (commit_page(GetExceptionInformation()->ExceptionRecord, &count)) {
        sum = 0;
    }
    IS(sum, 0x1000, "a filter commits what is touched, and the block goes on");
    IS(count, 0x40, "once a page");
    VirtualFree(base, 0, MEM_RELEASE);
}

static void guard_page(void) {
    volatile char *page = VirtualAlloc(NULL, 0x1000, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD);

    __try {
        page[7] = 1;
    } __except (look(GetExceptionInformation()), EXCEPTION_CONTINUE_EXECUTION) {
    }
    access_told("guard page", EXCEPTION_GUARD_PAGE, 1, page + 7);
    IS(page[7], 1, "which is one no more");
    VirtualFree((void *)page, 0, MEM_RELEASE);
}

/* A loop that only a fault ends, and that calls nothing. */
static int until_it_faults(const char *at, int a, int b, int c) {
    volatile int count = 0;
    int d = a * b, e = b * c, f = a * c;

    __try {
        for (;; at += 16) {
            count += *(const volatile char *)at != 0;
        }
    } __except (GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION) {
        return count + d + e + f;
    }
}

static void scanning(void) {
    HANDLE mapping;
    volatile char *view = rom_view(&mapping);

    IS(until_it_faults((const char *)view, 1, 2, 3), 0x1000 + 2 + 6 + 3, "reading to the end of a view");
    UnmapViewOfFile((void *)view);
    CloseHandle(mapping);
}

/* ---- jumps, recursion, threads ---- */

static jmp_buf place;

static void jump_out(void) {
    __try {
        longjmp(place, 5);
    } __except (step('x'), 1) {
        step('x');
    }
}

static void damage_and_jump(void) {
    __try {
        _seh_this.previous = &_seh_this;
        longjmp(place, 7);
    } __except (1) {
        step('x');
    }
}

static int filter_that_jumps(void) {
    longjmp(place, 6);
    return 0;
}

static void jumps(void) {
    volatile int got;

    begin();
    got = setjmp(place);
    if (got == 0) {
        jump_out();
    }
    IS(got, 5, "longjmp out of a block");
    memset(__builtin_alloca(400), 0xff, 400);
    __try {
        fault();
    } __except (1) {
        step('h');
    }
    TRAIL("h", "which then takes no part any more");
    begin();
    __try {
        got = setjmp(place);
        if (got == 0) {
            __try {
                fault();
            } __except (filter_that_jumps()) {
                step('x');
            }
        }
        step('j');
        fault();
    } __except (1) {
        step('h');
    }
    IS(got, 6, "longjmp out of a filter");
    TRAIL("jh", "leaves the outer block standing");
    __try {
        got = setjmp(place);
        if (got == 0) {
            damage_and_jump();
        }
        fault();
    } __except (1) {
        OK(got == 7, "longjmp over a damaged chain, which is whole then");
    }
}

static int deep(int depth) {
    volatile char room[64];

    room[0] = (char)depth;
    if (depth == 0) {
        fault();
        return 0;
    }
    __try {
        return deep(depth - 1) + room[0];
    } __finally {
        zero++;
    }
}

static int raise_in_loop(int count) {
    volatile int caught = 0;

    for (int i = 0; i < count; i++) {
        __try {
            if (i & 1) {
                fault();
            }
            RaiseException(OURS + (DWORD)i, 0, 0, NULL);
        } __except (1) {
            caught += GetExceptionCode() == (i & 1 ? EXCEPTION_ACCESS_VIOLATION : OURS + (DWORD)i);
        }
    }
    return caught;
}

static DWORD WINAPI thread_main(void *argument) {
    volatile int caught = 0;

    for (int i = 0; i < 200; i++) {
        __try {
            RaiseException(OURS + (DWORD)argument, 0, 0, NULL);
        } __except (Sleep(0), GetExceptionCode() == OURS + (DWORD)argument) {
            caught++;
        }
        if (i % 16 == 0) {
            Sleep(0);
        }
    }
    return (DWORD)caught;
}

/* The codes of four threads that run the function, together. */
static DWORD in_four_threads(LPTHREAD_START_ROUTINE function) {
    HANDLE handles[4];
    DWORD sum = 0, code;

    for (int i = 0; i < 4; i++) {
        handles[i] = CreateThread(NULL, 0, function, (void *)(i * 16), 0, NULL);
    }
    for (int i = 0; i < 4; i++) {
        WaitForSingleObject(handles[i], INFINITE);
        GetExitCodeThread(handles[i], &code);
        CloseHandle(handles[i]);
        sum += code;
    }
    return sum;
}

/* In the middle of a fault of one thread the others have theirs. */
static DWORD fault_address(const EXCEPTION_POINTERS *pointers, int gives_way) {
    if (gives_way) {
        Sleep(0);
    }
    return pointers->ExceptionRecord->ExceptionInformation[1];
}

static DWORD WINAPI fault_main(void *argument) {
    volatile int *volatile at = (volatile int *)(16 + 4 * (DWORD)argument);
    volatile DWORD where = 0, caught = 0;

    for (int i = 0; i < 2000; i++) {
        __try {
            *at = 1;
        } __except (where = fault_address(GetExceptionInformation(), i % 4 == 0), 1) {
            caught += where == (DWORD)at && GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION;
        }
    }
    return caught;
}

#include "exceptions_stack.h" /* uses what is above */

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    leaving();
    OK(many_values(1, 2, 3, 4), "locals are there in filter and handler, a volatile one with its change");
    nested();
    called_in_handler();
    in_filters();
    finally();
    codes();
    raising();
    going_on();
    memory_on_demand();
    guard_page();
    scanning();
    jumps();
    __try {
        deep(100);
    } __except (1) {
        IS(zero, 100, "a hundred __finally blocks on the way");
    }
    zero = 0;
    IS(raise_in_loop(5000), 5000, "handlers take no stack");
    IS(in_four_threads(thread_main), 800, "each thread has its own blocks and codes");
    IS(in_four_threads(fault_main), 8000, "and its own faults, whose addresses are told");
    end_of_stack();
    return tap_done();
}
