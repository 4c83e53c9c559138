/* Every allocation behind every call that takes memory fails once, and once more together with all that follow it: the
 * call says ERROR_NOT_ENOUGH_MEMORY, everything is as it was before, and then the same call succeeds.
 *
 * Runs on the kernel of tests/failures only.  A new call is a row of the table: perform makes it and says whether it
 * succeeded (with the last error), undo takes back what it made.  A call may also succeed in spite of the failure.
 */
#include <msgqueue.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "helpers.h"
#include "inject.h"
#include "raw.h"
#include "tap.h"

#define PAGE     0x1000u
#define MB       0x100000u
#define MOST     200u /* allocations that no call comes near */
#define KEPT     2u
#define REPEATED 5
#define EMPTY    INVALID_HANDLE_VALUE

#define HANDLE_MADE 1u /* makes handles: tried again where the process has no room for one more */
#define V5_ONLY     2u /* takes memory on ARMv5 alone */

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

static uint32_t inject(uint32_t what, uint32_t number) {
    const uint32_t arguments[6] = {what, number};
    struct raw_result result = raw_call(SYS_CLOCK, arguments);

    if (result.status != 0) {
        printf("Bail out! this kernel's allocations do not fail\n");
        ExitProcess(1);
    }
    return result.value;
}

/* ---- the calls ---- */

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
    return is_made(CreateWatchDogTimer(L"a watchdog", 1000, 0, WDOG_NO_DFLT_ACTION, 0, 0)) &&
           StartWatchDogTimer(made, 0);
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
    {"CreateProcess", start_process, end_process, HANDLE_MADE, INJECTED_OBJECT | INJECTED_PROMISE | INJECTED_BLOCK},
    {"CreateProcess, compressed", start_packed, end_process, 0, 0},
};

/* ---- what is tried with each ---- */

struct counts {
    uint32_t processes, threads, handles, objects, sections, views, arena_ranges, space_free_bytes;
    uint32_t pages_free, pages_committed;
};

static struct counts counts_now(void) {
    struct abi_counters all;

    inject(INJECT_END, 0); /* also puts away what is only kept ready */
    raw_counters(&all, NULL, 0);
    return (struct counts){all.processes, all.threads,      all.handles,          all.objects,    all.sections,
                           all.views,     all.arena_ranges, all.space_free_bytes, all.pages_free, all.pages_committed};
}

/* A process keeps a few page tables and the last thread's stack for later, and not always as many. */
static int near(uint32_t now, uint32_t before, uint32_t fewer) {
    return now + fewer - before <= fewer + KEPT;
}

/* Threads that have ended take a moment to go.  fewer: how many pages less may be left.  before NULL: whatever they
 * are. */
static int counts_are(const struct counts *before, uint32_t fewer) {
    struct counts now = {0};

    for (int i = 0; before != NULL && i < 50; i++) {
        now = counts_now();
        if (memcmp(&now, before, offsetof(struct counts, pages_free)) == 0 &&
            near(now.pages_free, before->pages_free, fewer) &&
            near(before->pages_committed, now.pages_committed, fewer)) {
            return 1;
        }
        Sleep(1);
    }
    for (unsigned i = 0; before != NULL && i < sizeof(now) / sizeof(uint32_t); i++) {
        printf("# count %u: %ld more\n", i, (long)(((uint32_t *)&now)[i] - ((const uint32_t *)before)[i]));
    }
    return before == NULL;
}

static int perform_and_undo(const struct call *call) {
    BOOL done = call->perform();

    if (done) {
        call->undo();
    } else {
        printf("# %s fails with error %lu\n", call->name, GetLastError());
    }
    return done;
}

static uint32_t refused; /* INJECTED_ bits of a call's tries */

enum outcome { RIGHT, WRONG, NOTHING_FAILED };

/* One allocation, or all from it on, fail in one call. */
static enum outcome try_failure(const struct call *call, uint32_t mode, uint32_t number, const struct counts *before) {
    inject(mode, number);
    BOOL done = call->perform();
    DWORD error = GetLastError();
    uint32_t failed = inject(INJECT_END, 0);

    refused |= failed;
    if (done) {
        call->undo();
    }
    int right = (done || error == ERROR_NOT_ENOUGH_MEMORY) && (done || failed != 0) && counts_are(before, KEPT) &&
                perform_and_undo(call) && counts_are(before, 0);
    if (!right) {
        printf("# %s, allocation %lu%s: %s, error %lu\n", call->name, (unsigned long)number,
               mode == INJECT_FROM ? " and all after it" : "", done ? "succeeded" : "failed", error);
        return WRONG;
    }
    return failed != 0 ? RIGHT : NOTHING_FAILED;
}

static void tell(const char *where, const struct call *call, uint32_t mode, enum outcome outcome, uint32_t number) {
    OK(outcome == NOTHING_FAILED && (number > 1 || (call->flags & V5_ONLY) != 0), "%s%s: %lu allocations%s", call->name,
       where, (unsigned long)number - 1, mode == INJECT_FROM ? ", and all after" : "");
}

static void try_call(const struct call *call, uint32_t mode) {
    enum outcome outcome = RIGHT;
    uint32_t number = 0;

    refused = 0;
    perform_and_undo(call);
    perform_and_undo(call);
    struct counts before = counts_now();
    while (outcome == RIGHT && number < MOST) {
        outcome = try_failure(call, mode, ++number, &before);
    }
    tell("", call, mode, outcome, number);
    IS(refused & call->must, call->must, "%s: refused 0x%02lx", call->name, (unsigned long)refused);
}

/* ---- with no room for handles ---- */

static const struct call *repeated;
static struct {
    HANDLE made;
    PROCESS_INFORMATION process;
} results[REPEATED];

static void undo_results(unsigned count) {
    while (count-- > 0) {
        made = results[count].made;
        process = results[count].process;
        repeated->undo();
    }
}

static void undo_repeated(void) {
    undo_results(REPEATED);
}

static BOOL perform_repeated(void) {
    for (unsigned i = 0; i < REPEATED; i++) {
        if (!repeated->perform()) {
            DWORD error = GetLastError();
            undo_results(i);
            SetLastError(error);
            return FALSE;
        }
        results[i].made = made;
        results[i].process = process;
    }
    return TRUE;
}

/* One try in a program of its own, whose few handles are nearly all in use; it ends with the outcome. */
static int one_try(char **argv) {
    const struct call call = {"repeated", perform_repeated, undo_repeated, 0, 0};

    repeated = &calls[atoi(argv[1])];
    for (int i = 0; i < 13; i++) {
        open_read(L"page.txt");
    }
    return (int)try_failure(&call, strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10), NULL);
}

static DWORD run_try(unsigned index, uint32_t mode, uint32_t number) {
    wchar_t arguments[64];

    swprintf(arguments, sizeof(arguments) / sizeof(arguments[0]), L"%u %lu %lu", index, (unsigned long)mode,
             (unsigned long)number);
    return run_program(L"failures.exe", arguments);
}

static void try_in_programs(unsigned index, uint32_t mode) {
    enum outcome outcome = RIGHT;
    uint32_t number = 0;

    run_try(index, mode, MOST);
    struct counts before = counts_now();
    while (outcome == RIGHT && number < MOST) {
        outcome = (enum outcome)run_try(index, mode, ++number);
        if (!counts_are(&before, 0)) {
            outcome = WRONG;
        }
    }
    tell(", no room for handles", &calls[index], mode, outcome, number);
}

int main(int argc, char **argv) {
    static const uint32_t modes[] = {INJECT_ONCE, INJECT_FROM};

    if (argc == 4) {
        return one_try(argv);
    }
    renew_memory();
    renew_committed();
    section = CreateFileMappingW(EMPTY, NULL, PAGE_READWRITE, 0, 4 * MB, NULL);
    rom = CreateFileMappingW(open_for_mapping(L"6m.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
    for (unsigned mode = 0; mode < 2; mode++) {
        for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
            try_call(&calls[i], modes[mode]);
            if ((calls[i].flags & HANDLE_MADE) != 0) {
                try_in_programs(i, modes[mode]);
            }
        }
    }
    return tap_done();
}
