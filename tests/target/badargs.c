/* Bad pointers and handles to every system call, one at a time: all other arguments are good.
 *
 * The table says of each argument what it is; every value that cannot be that is tried in its place, and the call must
 * say ERROR_INVALID_PARAMETER or ERROR_INVALID_HANDLE, as it is a pointer or a handle, and do nothing.
 */
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

/* Kinds of arguments.  Small letters: handles of that object; 'v': a value that is left as it is. */
#define KIND_IN     'I'           /* structure that is read */
#define KIND_OUT    'O'           /* structure that is written */
#define KIND_BOTH   'X'           /* a number that is read and written */
#define KIND_STRING 'S'           /* UTF-16 */
#define KIND_BYTES  'B'           /* bytes that are read, at any address */
#define KIND_ROOM   'R'           /* bytes that are written, at any address */
#define MAY(in)     ((in) | 0x80) /* the same, where NULL is allowed */

static uint32_t words[4096] __attribute__((aligned(4096)));
static const uint16_t page_name[] = L"page.txt", pattern[] = L"\\Windows\\*", child[] = L"child.exe";
static uint64_t zero64, small64;
static struct abi_process_create create = {(uint32_t)child, 0, 0, 0};
static struct abi_thread_create thread_create;
static uint32_t file, query, mapping, process, thread, find, closed;
static volatile char *rom_view;

struct call {
    uint32_t number;
    const char *name;
    unsigned char kinds[6];
    uint32_t values[6];
};

static int is_handle(int kind) {
    return strchr("fmptdw", kind & 0x7f) != NULL;
}

static uint32_t try_call(const struct call *call, int argument, uint32_t value) {
    uint32_t arguments[6];

    memcpy(arguments, call->values, sizeof(arguments));
    arguments[argument] = value;
    return raw_call(call->number, arguments).status;
}

static void try_pointers(const struct call *call, int argument) {
    const uint32_t nowhere[] = {0,          4,          0xfffc,     0x01800000, 0x60000000, 0x7ffeffff,
                                0x7ffffffe, 0x7ffffffc, 0x80000000, 0x88001000, 0x90001000, 0xbffffffc,
                                0xc0000000, 0xc1000000, 0xe0000000, 0xe0001000, 0xfffe0000, 0xffff0000,
                                0xffff8000, 0xfffffffc, 0xfffffffe, 0xffffffff};
    const uint32_t read_only[] = {0x10000, 0xffffc800, 0xffffd000, (uint32_t)rom_view};
    int kind = call->kinds[argument] & 0x7f;
    int may = call->kinds[argument] & 0x80;

    for (unsigned i = may ? 1 : 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
        uint32_t status = try_call(call, argument, nowhere[i]);
        if (status != ERROR_INVALID_PARAMETER) {
            IS(status, ERROR_INVALID_PARAMETER, "%s, argument %d = 0x%08lx", call->name, argument,
               (unsigned long)nowhere[i]);
        }
    }
    if (kind == KIND_OUT || kind == KIND_ROOM || kind == KIND_BOTH) {
        /* what lies at the others is no position for a seek */
        for (unsigned i = kind == KIND_BOTH ? 3 : 0; i < sizeof(read_only) / sizeof(read_only[0]); i++) {
            uint32_t status = try_call(call, argument, read_only[i]);
            if (status != ERROR_INVALID_PARAMETER) {
                IS(status, ERROR_INVALID_PARAMETER, "%s, argument %d = 0x%08lx, which is read-only", call->name,
                   argument, (unsigned long)read_only[i]);
            }
        }
    }
    OK(1, "%s, argument %d: bad pointers", call->name, argument);
}

static void try_handles(const struct call *call, int argument) {
    const uint32_t none[] = {0,
                             1,
                             3,
                             4,
                             0x40,
                             0x43,
                             0x100,
                             0x1234567c,
                             file ^ 0x80000000u,
                             file ^ 0x00010000u,
                             closed,
                             0x7ffffffc,
                             0x80000000,
                             0xfffffffe};
    const uint32_t real[] = {file, mapping, process, thread, find};
    const char *letters = "fmptd";
    int kind = call->kinds[argument] & 0x7f;

    for (unsigned i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        uint32_t status = try_call(call, argument, none[i]);
        if (status != ERROR_INVALID_HANDLE) {
            IS(status, ERROR_INVALID_HANDLE, "%s, argument %d = 0x%08lx", call->name, argument, (unsigned long)none[i]);
        }
    }
    for (int i = 0; kind != 'w' && letters[i] != '\0'; i++) {
        if (letters[i] != kind) {
            uint32_t status = try_call(call, argument, real[i]);
            if (status != ERROR_INVALID_HANDLE) {
                IS(status, ERROR_INVALID_HANDLE, "%s, argument %d is of kind %c", call->name, argument, letters[i]);
            }
        }
    }
    OK(1, "%s, argument %d: bad handles", call->name, argument);
}

static DWORD WINAPI sleeps(void *argument) {
    (void)argument;
    Sleep(INFINITE);
    return 0;
}

static void set_up(PROCESS_INFORMATION *created) {
    WIN32_FIND_DATAW data;
    HANDLE spare = open_read(L"page.txt");

    CloseHandle(spare);
    closed = (uint32_t)spare;
    file = (uint32_t)open_read(L"64k.txt");
    query = (uint32_t)CreateFileMappingW(open_for_mapping(L"64k.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
    rom_view = MapViewOfFile((HANDLE)query, FILE_MAP_READ, 0, 0, 0);
    mapping = query;
    find = (uint32_t)FindFirstFileW(L"\\Windows\\*", &data);
    start_program(L"child.exe", L"sleep 0xffffffff", created);
    process = (uint32_t)created->hProcess;
    thread = (uint32_t)created->hThread;
    thread_create.entry = (uint32_t)sleeps;
    small64 = 1;
}

static void test_calls(void) {
    const uint32_t room = (uint32_t)words;
    const struct call calls[] = {
        {SYS_HANDLE_CLOSE, "HANDLE_CLOSE", {'w'}, {0}},
        {SYS_HANDLE_FLAGS, "HANDLE_FLAGS", {'w', 'v', 'v'}, {0, 1, 1}},
        {SYS_HANDLE_DUPLICATE,
         "HANDLE_DUPLICATE",
         {'p', 'w', 'p', 'v'},
         {ABI_HANDLE_CURRENT_PROCESS, file, ABI_HANDLE_CURRENT_PROCESS, 0}},
        {SYS_WAIT, "WAIT", {'w', 'v'}, {0, 0}},
        {SYS_WAIT, "WAIT for a file", {'v'}, {file, 0}},
        {SYS_PROCESS_CREATE, "PROCESS_CREATE", {KIND_IN, KIND_OUT}, {(uint32_t)&create, room}},
        {SYS_PROCESS_TERMINATE, "PROCESS_TERMINATE", {'p', 'v'}, {0, 1}},
        {SYS_PROCESS_EXIT_CODE, "PROCESS_EXIT_CODE", {'p'}, {0}},
        {SYS_THREAD_CREATE, "THREAD_CREATE", {KIND_IN, MAY(KIND_OUT)}, {(uint32_t)&thread_create, room}},
        {SYS_THREAD_EXIT_CODE, "THREAD_EXIT_CODE", {'t'}, {0}},
        {SYS_FILE_OPEN,
         "FILE_OPEN",
         {KIND_STRING, 'v', 'v', 'v', 'v', 'v'},
         {(uint32_t)page_name, GENERIC_READ, 1, 3, 0, 0}},
        {SYS_FILE_READ, "FILE_READ", {'f', KIND_ROOM, 'v'}, {file, room, 64}},
        {SYS_FILE_SEEK, "FILE_SEEK", {'f', KIND_BOTH, 'v'}, {file, (uint32_t)&zero64, 0}},
        {SYS_FILE_SIZE, "FILE_SIZE", {'f', KIND_OUT}, {file, room}},
        {SYS_FILE_INFO, "FILE_INFO", {'f', KIND_OUT}, {file, room}},
        {SYS_PATH_INFO, "PATH_INFO", {KIND_STRING, KIND_OUT}, {(uint32_t)page_name, room}},
        {SYS_FIND_FIRST, "FIND_FIRST", {KIND_STRING, KIND_OUT}, {(uint32_t)pattern, room}},
        {SYS_FIND_NEXT, "FIND_NEXT", {'d', KIND_OUT}, {find, room}},
        {SYS_MAPPING_CREATE, "MAPPING_CREATE", {'f', 'v', 'v', 'v', MAY(KIND_STRING)}, {file, PAGE_READONLY, 0, 0, 0}},
        {SYS_VIEW_MAP, "VIEW_MAP", {'m', 'v', 'v', 'v', 'v'}, {mapping, FILE_MAP_READ, 0, 0, 0}},
        {SYS_VIRTUAL_QUERY, "VIRTUAL_QUERY", {'v', KIND_OUT, 'v'}, {0x10000, room, 0}},
        {SYS_CONSOLE_WRITE, "CONSOLE_WRITE", {KIND_BYTES, 'v'}, {(uint32_t) "", 16}},
        {SYS_CONSOLE_READ, "CONSOLE_READ", {KIND_ROOM, 'v'}, {room, 16}},
        {SYS_DEBUG_WRITE, "DEBUG_WRITE", {KIND_STRING}, {(uint32_t)page_name}},
        {SYS_CLOCK, "CLOCK", {KIND_OUT}, {room}},
        {SYS_TIME_GET, "TIME_GET", {KIND_OUT}, {room}},
        {SYS_TIME_SET, "TIME_SET", {KIND_IN}, {(uint32_t)&zero64}},
        {SYS_COUNTERS, "COUNTERS", {KIND_OUT, 'v', 'v'}, {room, 0, 0}},
        {SYS_ENUM_PROCESSES, "ENUM_PROCESSES", {KIND_OUT, 'v'}, {room, 4}},
        {SYS_ENUM_THREADS, "ENUM_THREADS", {'v', KIND_OUT, 'v'}, {GetCurrentProcessId(), room, 4}},
        {SYS_ENUM_VIEWS, "ENUM_VIEWS", {'v', KIND_OUT, 'v'}, {GetCurrentProcessId(), room, 4}},
        {SYS_FILE_VERIFY, "FILE_VERIFY", {KIND_STRING}, {(uint32_t)page_name}},
        {SYS_MODULE_PATH, "MODULE_PATH", {KIND_ROOM, 'v'}, {room, 260}},
        {SYS_SYSTEM_INFO, "SYSTEM_INFO", {KIND_OUT}, {room}},
        {SYS_THREAD_PRIORITY, "THREAD_PRIORITY", {'t', 'v'}, {0, 0xffffffffu}},
    };

    for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        for (int argument = 0; argument < 6; argument++) {
            int kind = calls[i].kinds[argument];
            if (is_handle(kind) && kind != 0) {
                try_handles(&calls[i], argument);
            } else if (kind != 'v' && kind != 0) {
                try_pointers(&calls[i], argument);
            }
        }
    }
    IS(try_call(&calls[4], 0, file), ERROR_INVALID_HANDLE, "waiting for a file");
}

static void test_numbers(void) {
    static const uint32_t unknown[] = {SYS_COUNT, SYS_COUNT + 1, 100,        255,        256,
                                       0x10000,   0x7fffffff,    0x80000000, 0xfffffffe, 0xffffffff};
    static const uint32_t none[6];

    for (unsigned i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        IS(raw_call(unknown[i], none).status, ERROR_CALL_NOT_IMPLEMENTED, "call number 0x%lx",
           (unsigned long)unknown[i]);
    }
}

/* Structures at odd addresses are taken or refused, as the call likes, but nothing else happens. */
static void test_odd(void) {
    static const uint32_t numbers[] = {SYS_CLOCK, SYS_COUNTERS, SYS_SYSTEM_INFO, SYS_TIME_GET};
    uint32_t arguments[6] = {(uint32_t)words + 1};

    for (int i = 0; i < 4; i++) {
        uint32_t status = raw_call(numbers[i], arguments).status;
        OK(status == 0 || status == ERROR_INVALID_PARAMETER, "call %lu with an odd address", (unsigned long)numbers[i]);
    }
    arguments[0] = (uint32_t)page_name + 1;
    OK(raw_call(SYS_FILE_VERIFY, arguments).status != 0, "a path at an odd address");
}

/* What ends in the middle of readable memory: strings without an end, structures over the edge of a page. */
static void test_edges(void) {
    const uint32_t view_end = (uint32_t)rom_view + 0x10000;
    const uint32_t edges[] = {view_end - 2, view_end - 4, view_end - 8};
    uint32_t arguments[6] = {0, GENERIC_READ, 1, 3, 0, 0};

    for (int i = 0; i < 3; i++) {
        arguments[0] = edges[i];
        IS(raw_call(SYS_FILE_OPEN, arguments).status, ERROR_INVALID_PARAMETER, "a path that leaves readable memory");
        arguments[0] = edges[i];
        arguments[1] = (uint32_t)words;
        if (i > 0) { /* structures are aligned to words */
            IS(raw_call(SYS_PROCESS_CREATE, arguments).status, ERROR_INVALID_PARAMETER, "so does a structure");
        }
        arguments[1] = GENERIC_READ;
    }
    for (int i = 0; i < 4096; i++) {
        words[i] = 'a' << 16 | 'a';
    }
    arguments[0] = (uint32_t)words;
    IS(raw_call(SYS_FILE_OPEN, arguments).status, ERROR_FILENAME_EXCED_RANGE, "a path of 8192 characters");
    arguments[0] = file;
    arguments[1] = 0x01ffff00;
    arguments[2] = 0xffffffff;
    IS(raw_call(SYS_FILE_READ, arguments).status, ERROR_INVALID_PARAMETER, "a buffer that wraps around");
    arguments[0] = (uint32_t)words;
    arguments[1] = 0xffffffff;
    IS(raw_call(SYS_CONSOLE_WRITE, arguments).status, ERROR_INVALID_PARAMETER, "bytes that wrap around");
    arguments[1] = 0x40000000;
    IS(raw_call(SYS_ENUM_PROCESSES, arguments).value, 2, "a capacity that wraps around writes what there is");
}

/* What could not be told is told the next time. */
static void test_search(void) {
    WIN32_FIND_DATAW second, again;
    HANDLE search = FindFirstFileW(L"\\Windows\\*", &second);
    uint32_t arguments[6] = {0};

    FindNextFileW(search, &second);
    FindClose(search);
    search = FindFirstFileW(L"\\Windows\\*", &again);
    arguments[0] = (uint32_t)search;
    IS(raw_call(SYS_FIND_NEXT, arguments).status, ERROR_INVALID_PARAMETER, "FIND_NEXT to nowhere");
    OK(FindNextFileW(search, &again) && wcscmp(again.cFileName, second.cFileName) == 0,
       "has left the search where it was");
    FindClose(search);
}

int main(void) {
    PROCESS_INFORMATION created;
    struct abi_counters before, after;

    set_up(&created);
    test_calls();
    raw_counters(&before, NULL, 0); /* the kernel's heap keeps what the first round took */
    test_calls();
    test_numbers();
    test_odd();
    test_edges();
    test_search();
    raw_counters(&after, NULL, 0);
    IS(after.handles, before.handles, "no handle has been made or lost");
    IS(after.objects, before.objects, "no object");
    IS(after.processes, before.processes, "no process");
    IS(after.threads, before.threads, "no thread");
    IS(after.views, before.views, "no view");
    IS(after.pages_committed, before.pages_committed, "no commitment");
    TerminateProcess(created.hProcess, 0);
    finish_program(&created);
    return tap_done();
}
