/* The calls of failures.c: a row each in the table at the end.
 *
 * perform makes the call and says whether it succeeded, with the last error, and undo takes back what it made.
 */
#ifndef TESTS_TARGET_FAILURES_CALLS_H
#define TESTS_TARGET_FAILURES_CALLS_H

#include <stdint.h>
#include <msgqueue.h>
#include <stdint.h>
#include <windows.h>

#include "helpers.h"
#include "inject.h"

#define PAGE  0x1000u
#define MB    0x100000u
#define EMPTY INVALID_HANDLE_VALUE

#define HANDLE_MADE 1u /* makes handles: tried again where the process has no room for one more */
#define V5_ONLY     2u /* takes memory on ARMv5 alone */
#define NO_MEMORY   4u /* takes memory for its handle alone */

struct call {
    const char *name;
    BOOL (*perform)(void);
    void (*undo)(void);
    unsigned flags;
    uint32_t must; /* INJECTED_ bits: what is refused in one of the tries */
};

static char *memory;    /* reservation of 3 MB */
static char *committed; /* 1 MB */
static HANDLE section, rom, made, other_view;
static char *view;
static PROCESS_INFORMATION process;

static BOOL is_made(HANDLE handle) {
    made = handle;
    return handle != NULL && handle != INVALID_HANDLE_VALUE;
}

static void close_made(void) {
    CloseHandle(made);
}

static BOOL is_view(LPVOID at) {
    view = at;
    return at != NULL;
}

static void unmap_view(void) {
    UnmapViewOfFile(view);
}

static void release_view(void) {
    VirtualFree(view, 0, MEM_RELEASE);
}

static BOOL reserve(void) {
    return is_view(VirtualAlloc(NULL, 64 * PAGE, MEM_RESERVE, PAGE_NOACCESS));
}

static BOOL reserve_large(void) {
    return is_view(VirtualAlloc(NULL, 5 * MB, MEM_RESERVE, PAGE_NOACCESS));
}

static BOOL reserve_there(void) {
    return is_view(VirtualAlloc((void *)0x60080000, 3 * MB, MEM_RESERVE, PAGE_NOACCESS));
}

static BOOL allocate(void) {
    return is_view(VirtualAlloc(NULL, 40 * MB, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE));
}

static BOOL commit(void) {
    return VirtualAlloc(memory + MB - PAGE, 5 * PAGE, MEM_COMMIT, PAGE_READWRITE) != NULL;
}

static BOOL commit_code(void) {
    return VirtualAlloc(memory + MB - PAGE, 5 * PAGE, MEM_COMMIT, PAGE_EXECUTE_READ) != NULL;
}

static void decommit(void) {
    VirtualFree(memory, 0, MEM_DECOMMIT);
}

static BOOL protect_code(void) {
    DWORD old;

    return VirtualProtect(committed, MB, PAGE_EXECUTE_READWRITE, &old);
}

/* What is noted of executable pages lasts as long as the reservation. */
static void renew_committed(void) {
    VirtualFree(committed, 0, MEM_RELEASE);
    committed = VirtualAlloc(NULL, MB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

static void renew_memory(void) {
    VirtualFree(memory, 0, MEM_RELEASE);
    memory = VirtualAlloc(NULL, 3 * MB, MEM_RESERVE, PAGE_NOACCESS);
}

static BOOL map_memory(void) {
    return is_made(CreateFileMappingW(EMPTY, NULL, PAGE_READWRITE, 0, PAGE, NULL));
}

static BOOL map_named(void) {
    return is_made(CreateFileMappingW(EMPTY, NULL, PAGE_READWRITE, 0, PAGE, L"named and made"));
}

static BOOL map_large(void) {
    return is_made(CreateFileMappingW(EMPTY, NULL, PAGE_READWRITE, 0, 9 * MB, NULL));
}

static BOOL map_file(void) {
    HANDLE file = open_read(L"6m.txt");

    if (!is_made(file)) {
        return FALSE;
    }
    made = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    DWORD error = GetLastError();
    CloseHandle(file);
    SetLastError(error);
    return made != NULL;
}

static BOOL map_compressed(void) {
    HANDLE file = open_for_mapping(L"packed.big");

    return is_made(file) && is_made(CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL));
}

static BOOL view_first(void) {
    return is_view(MapViewOfFile(section, FILE_MAP_WRITE, 0, MB - PAGE, 2 * PAGE));
}

static BOOL view_rom(void) {
    return is_view(MapViewOfFile(rom, FILE_MAP_READ, 0, PAGE, 3 * MB));
}

/* Views beside others: in the same range, and with another protection in one of its own. */
static void unmap_both(void) {
    unmap_view();
    UnmapViewOfFile(other_view);
}

static BOOL view_beside(DWORD access) {
    other_view = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    if (other_view == NULL) {
        return FALSE;
    }
    if (is_view(MapViewOfFile(section, access, 0, MB, 2 * MB))) {
        return TRUE;
    }
    DWORD error = GetLastError();
    UnmapViewOfFile(other_view);
    SetLastError(error);
    return FALSE;
}

static BOOL view_second(void) {
    return view_beside(FILE_MAP_WRITE);
}

static BOOL view_alias(void) {
    return view_beside(FILE_MAP_READ);
}

static BOOL open_file(void) {
    return is_made(open_read(L"64k.txt"));
}

static BOOL open_search(void) {
    WIN32_FIND_DATAW found;

    return is_made(FindFirstFileW(L"\\Windows\\*.txt", &found));
}

static void close_search(void) {
    FindClose(made);
}

static DWORD WINAPI nothing(LPVOID argument) {
    return (DWORD)argument;
}

static BOOL start_thread(void) {
    return is_made(CreateThread(NULL, 0, nothing, NULL, 0, NULL));
}

static BOOL start_thread_large(void) {
    return is_made(CreateThread(NULL, 3 * MB, nothing, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL));
}

static void end_thread(void) {
    WaitForSingleObject(made, INFINITE);
    CloseHandle(made);
}

static BOOL start_process(void) {
    return start_program(L"child.exe", L"exit 0", &process);
}

static BOOL start_packed(void) {
    return start_program(L"packed.exe", L"exit 0", &process);
}

static void end_process(void) {
    finish_program(&process);
}

static BOOL make_queue(const wchar_t *name, DWORD flags, DWORD bytes) {
    MSGQUEUEOPTIONS options = {sizeof(options), flags, 9, bytes, TRUE};

    return is_made(CreateMsgQueue(name, &options));
}

static BOOL queue_small(void) {
    return make_queue(NULL, 0, 16);
}

static BOOL queue_large(void) {
    return make_queue(L"a queue", 0, 20000);
}

/* Two messages for which there is no memory yet; the error is the call's own. */
static BOOL queue_grow(void) {
    static char message[3000];
    MSGQUEUEOPTIONS options = {sizeof(options), 0, 0, 0, FALSE};
    HANDLE writer = NULL;
    BOOL done = make_queue(NULL, MSGQUEUE_NOPRECOMMIT, sizeof(message)) &&
                (writer = OpenMsgQueue(GetCurrentProcess(), made, &options)) != NULL &&
                WriteMsgQueue(writer, message, 8, 0, 0) && WriteMsgQueue(writer, message, sizeof(message), 0, 0);
    DWORD error = GetLastError();

    CloseHandle(writer);
    if (!done) {
        CloseHandle(made);
    }
    SetLastError(error == ERROR_OUTOFMEMORY ? ERROR_NOT_ENOUGH_MEMORY : error);
    return done;
}

static BOOL make_watchdog(void) {
    return is_made(CreateWatchDogTimer(L"a watchdog", 1000, 0, WDOG_NO_DFLT_ACTION, 0, 0));
}

static BOOL make_event(void) {
    return is_made(CreateEventW(NULL, TRUE, FALSE, L"event"));
}

static BOOL make_mutex(void) {
    return is_made(CreateMutexW(NULL, FALSE, NULL));
}

static BOOL make_semaphore(void) {
    return is_made(CreateSemaphoreW(NULL, 1, 2, NULL));
}

static BOOL duplicate(void) {
    return DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &made, 0, FALSE,
                           DUPLICATE_SAME_ACCESS);
}

static BOOL open_process(void) {
    return is_made(OpenProcess(0, FALSE, GetCurrentProcessId()));
}

static const struct call calls[] = {
    {"VirtualAlloc, reserving", reserve, release_view, 0, INJECTED_OBJECT | INJECTED_SPACE},
    {"VirtualAlloc, reserving 5 MB", reserve_large, release_view, 0, 0},
    {"VirtualAlloc, reserving at an address", reserve_there, release_view, 0, 0},
    {"VirtualAlloc, reserving and committing", allocate, release_view, 0,
     INJECTED_OBJECT | INJECTED_PROMISE | INJECTED_TABLE | INJECTED_SPACE},
    {"VirtualAlloc, committing", commit, decommit, 0, INJECTED_PROMISE},
    {"VirtualAlloc, committing code", commit_code, renew_memory, 0, 0},
    {"VirtualProtect, to code", protect_code, renew_committed, V5_ONLY, 0},
    {"CreateFileMapping, memory", map_memory, close_made, HANDLE_MADE, INJECTED_OBJECT | INJECTED_PROMISE},
    {"CreateFileMapping, named", map_named, close_made, HANDLE_MADE, 0},
    {"CreateFileMapping, 9 MB", map_large, close_made, 0, 0},
    {"CreateFileMapping, a file", map_file, close_made, HANDLE_MADE, 0},
    {"CreateFileForMapping, a compressed file", map_compressed, close_made, HANDLE_MADE, 0},
    {"MapViewOfFile", view_first, unmap_view, 0, INJECTED_SPACE},
    {"MapViewOfFile, ROM", view_rom, unmap_view, 0, 0},
    {"MapViewOfFile, beside a view", view_second, unmap_both, 0, INJECTED_OBJECT},
    {"MapViewOfFile, beside a view with another protection", view_alias, unmap_both, 0,
     INJECTED_OBJECT | INJECTED_SPACE},
    {"CreateFile", open_file, close_made, HANDLE_MADE, INJECTED_OBJECT},
    {"FindFirstFile", open_search, close_search, HANDLE_MADE, INJECTED_OBJECT},
    {"CreateMsgQueue", queue_small, close_made, HANDLE_MADE, INJECTED_OBJECT},
    {"CreateMsgQueue, large and named", queue_large, close_made, HANDLE_MADE, 0},
    {"WriteMsgQueue", queue_grow, close_made, HANDLE_MADE, 0},
    {"CreateWatchDogTimer", make_watchdog, close_made, HANDLE_MADE, INJECTED_OBJECT},
    {"CreateThread", start_thread, end_thread, HANDLE_MADE, INJECTED_OBJECT | INJECTED_PROMISE | INJECTED_BLOCK},
    {"CreateThread, 3 MB of stack", start_thread_large, end_thread, 0, 0},
    {"DuplicateHandle", duplicate, close_made, HANDLE_MADE | NO_MEMORY, 0},
    {"OpenProcess", open_process, close_made, HANDLE_MADE | NO_MEMORY, 0},
    {"CreateEvent", make_event, close_made, HANDLE_MADE, INJECTED_OBJECT},
    {"CreateMutex", make_mutex, close_made, HANDLE_MADE, INJECTED_OBJECT},
    {"CreateSemaphore", make_semaphore, close_made, HANDLE_MADE, INJECTED_OBJECT},
    {"CreateProcess", start_process, end_process, HANDLE_MADE, INJECTED_OBJECT | INJECTED_PROMISE | INJECTED_BLOCK},
    {"CreateProcess, compressed", start_packed, end_process, 0, 0},
};

#endif
