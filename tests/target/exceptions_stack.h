/* Exceptions where the stack ends: part of exceptions.c, which includes it. */
#ifndef TESTS_TARGET_EXCEPTIONS_STACK_H
#define TESTS_TARGET_EXCEPTIONS_STACK_H

#include <windows.h>

#include "tap.h"

static int without_end(int depth) {
    volatile char room[64];

    room[0] = (char)depth;
    return (depth != -1 ? without_end(depth + 1) : 0) + room[0];
}

/* The first address above the guard of the caller's stack. */
static DWORD guard_end(void) {
    MEMORY_BASIC_INFORMATION info;
    DWORD at = 0;

    VirtualQuery(&at, &info, sizeof(info));
    for (at = (DWORD)info.AllocationBase; VirtualQuery((void *)at, &info, sizeof(info)) != 0;) {
        at = (DWORD)info.BaseAddress + info.RegionSize;
        if (info.Protect & PAGE_GUARD) {
            return at;
        }
    }
    return 0;
}

/* Twice: the guard is one once only, until it is made one again. */
static DWORD WINAPI overflow(void *argument) {
    char *guard = (char *)guard_end() - 0x1000;
    volatile DWORD caught = 0;
    DWORD old;

    (void)argument;
    for (int i = 0; i < 2; i++) {
        __try {
            without_end(0);
        } __except (GetExceptionCode() == EXCEPTION_STACK_OVERFLOW) {
            caught++;
        }
        VirtualProtect(guard, 0x1000, PAGE_READWRITE | PAGE_GUARD, &old);
    }
    return caught;
}

/* Faults where less room than argument is left above the guard: what is told of the fault lies on the guard. */
static DWORD WINAPI fault_above_guard(void *argument) {
    DWORD sp = guard_end() + (DWORD)argument;

    __try {
        __asm__ volatile("mov r4, sp\n mov sp, %0\n ldr r3, [%1]\n mov sp, r4"
                         :
                         : "r"(sp), "r"(null_pointer)
                         : "r3", "r4", "memory");
    } __except (look(GetExceptionInformation()), EXCEPTION_EXECUTE_HANDLER) {
        return seen_context.Sp == sp && seen.ExceptionInformation[1] == (DWORD)null_pointer ? seen.ExceptionCode : 1;
    }
    return 0;
}

static DWORD in_thread(LPTHREAD_START_ROUTINE start, DWORD argument) {
    HANDLE thread = CreateThread(NULL, 0, start, (void *)argument, 0, NULL);
    DWORD code = 0;

    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void end_of_stack(void) {
    IS(in_thread(overflow, 0), 2, "a stack overflow is caught, and one more when the guard is there again");
    for (DWORD room = 0; room < sizeof(struct abi_exception); room += 40) {
        IS(in_thread(fault_above_guard, room), EXCEPTION_ACCESS_VIOLATION, "a fault %lu bytes above the guard", room);
    }
}

#endif
