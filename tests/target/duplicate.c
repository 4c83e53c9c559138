/* Handles that are duplicated, within a process and between two, and inherited; by system-call numbers.
 *
 * The program starts itself as the other process, with the name of what that is to do.  Both see the same words in a
 * named mapping.
 */
#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define HANDLES 300

static volatile struct shared {
    uint32_t handle, reply;
    uint32_t inherited[HANDLES], kept[HANDLES];
    uint32_t mapping, file, lone_mapping, lone_file, writable;
} * shared;

static struct raw_result call(uint32_t number, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    const uint32_t arguments[6] = {a, b, c, d};

    return raw_call(number, arguments);
}

static uint32_t word(HANDLE handle) {
    return (uint32_t)handle;
}

static HANDLE handle_of(uint32_t value) {
    return (HANDLE)value;
}

static struct raw_result duplicate(HANDLE source, HANDLE handle, HANDLE target, uint32_t options) {
    return call(SYS_HANDLE_DUPLICATE, word(source), word(handle), word(target), options);
}

static struct raw_result duplicate_here(HANDLE handle, uint32_t options) {
    return duplicate(GetCurrentProcess(), handle, GetCurrentProcess(), options);
}

static uint32_t flags_of(HANDLE handle) {
    struct raw_result result = call(SYS_HANDLE_FLAGS, word(handle), 0, 0, 0);

    return result.status == 0 ? result.value : 0xbad;
}

static void set_inherit(HANDLE handle) {
    call(SYS_HANDLE_FLAGS, word(handle), ABI_HANDLE_INHERIT, ABI_HANDLE_INHERIT, 0);
}

static int is_64k(uint32_t handle) {
    return GetFileSize(handle_of(handle), NULL) == 0x10000;
}

static int is_closed(uint32_t handle) {
    SetLastError(0);
    return !CloseHandle(handle_of(handle)) && GetLastError() == ERROR_INVALID_HANDLE;
}

static struct abi_process_created start(const wchar_t *what, uint32_t flags) {
    struct abi_process_create create = {(uint32_t)L"duplicate.exe", (uint32_t)what, flags, 0};
    struct abi_process_created created = {0};

    IS(call(SYS_PROCESS_CREATE, (uint32_t)&create, (uint32_t)&created, 0, 0).status, 0, "start of: %ls", what);
    return created;
}

static DWORD finish(struct abi_process_created *created) {
    DWORD code = RUN_FAILED;

    WaitForSingleObject(handle_of(created->process), INFINITE);
    GetExitCodeProcess(handle_of(created->process), &code);
    CloseHandle(handle_of(created->process));
    CloseHandle(handle_of(created->thread));
    return code;
}

/* ---- the other process: each returns 0, or what was wrong ---- */

/* Uses a handle that appears in the middle of its life, and closes it. */
static int child_takes(void) {
    while (shared->handle == 0) {
        Sleep(1);
    }
    uint32_t handle = shared->handle;
    int wrong = is_64k(handle) ? 0 : 1;

    wrong |= flags_of(handle_of(handle)) == ABI_HANDLE_INHERIT ? 0 : 2;
    return wrong | (CloseHandle(handle_of(handle)) ? 0 : 4);
}

/* Opens a file, which is taken away. */
static int child_gives(void) {
    HANDLE file = open_read(L"64k.txt");

    shared->handle = word(file);
    while (shared->reply == 0) {
        Sleep(1);
    }
    return is_closed(word(file)) ? 0 : 1;
}

static int child_waits(void) {
    while (shared->reply == 0) {
        Sleep(1);
    }
    return 0;
}

static int child_inherits(void) {
    int wrong = !is_closed(shared->lone_file);

    for (int i = 0; i < HANDLES; i++) {
        wrong |= (flags_of(handle_of(shared->kept[i])) != 0xbad) << 1;
    }
    for (int i = 0; i < HANDLES; i++) { /* in the places that are free */
        HANDLE file = open_read(L"page.txt");
        wrong |= (GetFileSize(file, NULL) != 4096) << 2;
    }
    for (int i = 0; i < HANDLES; i++) {
        wrong |= !is_64k(shared->inherited[i]) << 3;
        wrong |= (flags_of(handle_of(shared->inherited[i])) != ABI_HANDLE_INHERIT) << 12;
    }
    wrong |= (MapViewOfFile(handle_of(shared->writable), FILE_MAP_WRITE, 0, 0, 0) == NULL) << 4;
    wrong |= (MapViewOfFile(handle_of(shared->mapping), FILE_MAP_READ, 0, 0, 0) == NULL) << 5;
    wrong |= (MapViewOfFile(handle_of(shared->mapping), FILE_MAP_WRITE, 0, 0, 0) != NULL) << 6;
    wrong |= !is_64k(shared->file) << 7;
    wrong |= !CloseHandle(handle_of(shared->mapping)) << 8;
    wrong |= !is_closed(shared->file) << 9;
    wrong |= !CloseHandle(handle_of(shared->lone_mapping)) << 11;
    return wrong;
}

static int child_has_none(void) {
    int wrong = 0;

    for (int i = 0; i < HANDLES; i++) {
        wrong |= flags_of(handle_of(shared->inherited[i])) != 0xbad;
    }
    return wrong;
}

static int child(const char *what) {
    static const struct {
        const char *name;
        int (*function)(void);
    } parts[] = {{"takes", child_takes},
                 {"gives", child_gives},
                 {"waits", child_waits},
                 {"inherits", child_inherits},
                 {"has-none", child_has_none}};

    for (int i = 0; i < 5; i++) {
        if (strcmp(what, parts[i].name) == 0) {
            return parts[i].function();
        }
    }
    return 0x1000;
}

/* ---- the test ---- */

static void test_flags(void) {
    HANDLE file = open_read(L"64k.txt"), marked[40];
    struct raw_result result;
    int clean = 1;

    IS(flags_of(file), 0, "a new handle has no flags");
    result = call(SYS_HANDLE_FLAGS, word(file), ABI_HANDLE_INHERIT, ABI_HANDLE_INHERIT, 0);
    OK(result.status == 0 && result.value == ABI_HANDLE_INHERIT && flags_of(file) == 1, "it can be made inheritable");
    IS(call(SYS_HANDLE_FLAGS, word(file), 0, ABI_HANDLE_INHERIT, 0).value, 1, "no flag in the mask: nothing happens");
    IS(call(SYS_HANDLE_FLAGS, word(file), 1, 0, 0).value, 0, "and not inheritable again");
    IS(call(SYS_HANDLE_FLAGS, word(file), 2, 0, 0).status, ERROR_INVALID_PARAMETER, "there is no other flag");
    IS(call(SYS_HANDLE_FLAGS, word(file), 1, 3, 0).status, ERROR_INVALID_PARAMETER, "to set, either");
    IS(call(SYS_HANDLE_FLAGS, word(GetCurrentProcess()), 1, 1, 0).status, ERROR_INVALID_HANDLE, "of a pseudo-handle");
    CloseHandle(file);
    IS(call(SYS_HANDLE_FLAGS, word(file), 1, 1, 0).status, ERROR_INVALID_HANDLE, "of a closed handle");
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 40; i++) {
            marked[i] = open_read(L"one.txt");
            clean &= flags_of(marked[i]) == 0;
            set_inherit(marked[i]);
        }
        for (int i = 0; i < 40; i++) {
            CloseHandle(marked[i]);
        }
    }
    OK(clean, "a flag goes with its handle");
}

static void test_here(void) {
    HANDLE file = open_read(L"64k.txt");
    struct raw_result result = duplicate_here(file, 0);
    DWORD code;

    OK(result.status == 0 && result.value != 0 && result.value != word(file), "a duplicate");
    SetFilePointer(file, 800, NULL, FILE_BEGIN);
    IS(SetFilePointer(handle_of(result.value), 0, NULL, FILE_CURRENT), 800, "of the same file, with its position");
    IS(flags_of(handle_of(result.value)), 0, "not inheritable");
    CloseHandle(file);
    OK(is_64k(result.value), "lives on without its source");
    set_inherit(handle_of(result.value));
    file = handle_of(result.value);
    result = duplicate_here(file, ABI_DUPLICATE_CLOSE_SOURCE | ABI_DUPLICATE_SAME_ACCESS);
    OK(result.status == 0 && is_closed(word(file)) && is_64k(result.value), "the source can be closed with it");
    IS(flags_of(handle_of(result.value)), 0, "the source's flag does not come over");
    file = handle_of(result.value);
    result = duplicate_here(file, ABI_DUPLICATE_INHERIT);
    IS(flags_of(handle_of(result.value)), ABI_HANDLE_INHERIT, "one that is inheritable");
    CloseHandle(handle_of(result.value));
    IS(duplicate_here(file, 8).status, ERROR_INVALID_PARAMETER, "an unknown option");
    IS(duplicate(file, file, GetCurrentProcess(), 0).status, ERROR_INVALID_HANDLE, "a file is no source process");
    IS(duplicate(GetCurrentProcess(), file, file, 0).status, ERROR_INVALID_HANDLE, "nor a target");
    OK(is_64k(word(file)), "the source is still there");
    IS(duplicate(GetCurrentProcess(), file, handle_of(8), ABI_DUPLICATE_CLOSE_SOURCE).status, ERROR_INVALID_HANDLE,
       "no target");
    OK(is_closed(word(file)), "but the source is closed if that was asked for");
    IS(duplicate_here(file, 0).status, ERROR_INVALID_HANDLE, "a closed handle");
    IS(duplicate_here(INVALID_HANDLE_VALUE, 0).status, ERROR_INVALID_HANDLE, "no handle");
    result = duplicate_here(GetCurrentThread(), ABI_DUPLICATE_CLOSE_SOURCE);
    OK(result.value > 0xffff && GetExitCodeThread(handle_of(result.value), &code) && code == STILL_ACTIVE,
       "a real handle of the current thread");
    OK(CloseHandle(handle_of(result.value)), "which can be closed");
    result = duplicate_here(GetCurrentProcess(), 0);
    OK(GetExitCodeProcess(handle_of(result.value), &code) && code == STILL_ACTIVE, "and of the current process");
    CloseHandle(handle_of(result.value));
}

static void test_mappings(void) {
    HANDLE file = open_for_mapping(L"64k.txt");
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    HANDLE memory = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    struct raw_result copy = duplicate_here(mapping, 0);
    void *view;

    FAILS(MapViewOfFile(handle_of(copy.value), FILE_MAP_WRITE, 0, 0, 0) == NULL, ERROR_ACCESS_DENIED,
          "a duplicate of a read-only mapping is one");
    view = MapViewOfFile(handle_of(copy.value), FILE_MAP_READ, 0, 0, 0);
    OK(view != NULL && data_equal(view, 0, 4096), "and can be read");
    UnmapViewOfFile(view);
    OK(CloseHandle(handle_of(copy.value)), "closing the duplicate");
    OK(is_64k(word(file)), "leaves the file to the first mapping handle");
    copy = duplicate_here(mapping, 0);
    OK(CloseHandle(mapping) && is_closed(word(file)), "which closes it");
    view = MapViewOfFile(handle_of(copy.value), FILE_MAP_READ, 0, 0, 0);
    OK(view != NULL && data_equal(view, 0, 4096), "and leaves the mapping to the duplicate");
    UnmapViewOfFile(view);
    CloseHandle(handle_of(copy.value));
    copy = duplicate_here(memory, 0);
    view = MapViewOfFile(handle_of(copy.value), FILE_MAP_WRITE, 0, 0, 0);
    OK(view != NULL, "a duplicate of a writable mapping is writable");
    UnmapViewOfFile(view);
    CloseHandle(handle_of(copy.value));
    CloseHandle(memory);
}

static void test_processes(void) {
    struct abi_process_created other;
    HANDLE file = open_read(L"64k.txt"), process;
    struct raw_result result;

    shared->handle = shared->reply = 0;
    other = start(L"takes", 0);
    result = duplicate(GetCurrentProcess(), file, handle_of(other.process), ABI_DUPLICATE_INHERIT);
    IS(result.status, 0, "into another process");
    shared->handle = result.value;
    IS(finish(&other), 0, "which uses it");

    shared->handle = 0;
    other = start(L"gives", 0);
    while (shared->handle == 0) {
        Sleep(1);
    }
    result = call(SYS_PROCESS_OPEN, other.process_id, 0, 0, 0);
    process = handle_of(result.value);
    OK(result.status == 0 && result.value != other.process, "another handle of it by its id");
    IS(duplicate(process, GetCurrentThread(), GetCurrentProcess(), 0).status, ERROR_INVALID_HANDLE,
       "pseudo-handles are the caller's alone");
    IS(duplicate(process, GetCurrentProcess(), GetCurrentProcess(), 0).status, ERROR_INVALID_HANDLE,
       "also the process's");
    result = duplicate(process, handle_of(shared->handle), GetCurrentProcess(), ABI_DUPLICATE_CLOSE_SOURCE);
    OK(result.status == 0 && is_64k(result.value), "out of another process");
    shared->reply = 1;
    IS(finish(&other), 0, "which has it no longer");
    CloseHandle(handle_of(result.value));
    IS(WaitForSingleObject(process, 0), WAIT_OBJECT_0, "it has ended");
    IS(duplicate(GetCurrentProcess(), file, process, 0).status, ERROR_INVALID_PARAMETER, "and gets no handles");
    IS(duplicate(process, handle_of(shared->handle), GetCurrentProcess(), 0).status, ERROR_INVALID_HANDLE,
       "nor has it any");
    IS(call(SYS_PROCESS_OPEN, other.process_id, 0, 0, 0).status, ERROR_INVALID_PARAMETER, "nor can it be opened");
    IS(call(SYS_PROCESS_OPEN, 0, 0, 0, 0).status, ERROR_INVALID_PARAMETER, "like id 0");
    IS(call(SYS_PROCESS_OPEN, 0x7ffffffc, 0, 0, 0).status, ERROR_INVALID_PARAMETER, "and an id of nobody");
    IS(call(SYS_PROCESS_OPEN, GetCurrentProcessId() + 1, 0, 0, 0).status, ERROR_INVALID_PARAMETER, "or almost ours");
    CloseHandle(process);

    shared->reply = 0;
    other = start(L"waits", 0);
    TerminateProcess(handle_of(other.process), 5);
    IS(duplicate(GetCurrentProcess(), file, handle_of(other.process), 0).status, ERROR_INVALID_PARAMETER,
       "a process that has been terminated gets none, either");
    IS(finish(&other), 5, "though it may not have ended yet");
    CloseHandle(file);
}

static void test_inherit(void) {
    static HANDLE files[2 * HANDLES];
    struct abi_process_created other;
    HANDLE file = open_for_mapping(L"64k.txt"), lone_file = open_for_mapping(L"64k.txt");
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    HANDLE lone_mapping = CreateFileMappingW(lone_file, NULL, PAGE_READONLY, 0, 0, NULL);
    HANDLE writable = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    int open = 1;

    set_inherit(file);
    set_inherit(mapping);
    set_inherit(lone_mapping);
    set_inherit(writable);
    shared->file = word(file);
    shared->mapping = word(mapping);
    shared->lone_file = word(lone_file);
    shared->lone_mapping = word(lone_mapping);
    shared->writable = word(writable);
    for (int i = 0; i < 2 * HANDLES; i++) {
        files[i] = open_read(L"64k.txt");
        if (i % 2 == 0) {
            set_inherit(files[i]);
        }
        (i % 2 == 0 ? shared->inherited : shared->kept)[i / 2] = word(files[i]);
    }
    other = start(L"has-none", 0);
    IS(finish(&other), 0, "nothing is inherited unless that is asked for");
    other = start(L"inherits", ABI_CREATE_INHERIT);
    IS(finish(&other), 0, "what is inheritable is there, and nothing else");
    for (int i = 0; i < 2 * HANDLES; i++) {
        open &= is_64k(word(files[i])) && CloseHandle(files[i]);
    }
    OK(open, "the parent's handles are not touched");
    OK(CloseHandle(mapping) && is_closed(word(file)), "the parent's mapping still owns its file");
    CloseHandle(lone_mapping);
    CloseHandle(writable);
}

/* Mapped by each side under its name. */
static HANDLE share(void) {
    HANDLE mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(*shared), L"duplicate");

    shared = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);
    return mapping;
}

static void test_all(void) {
    test_flags();
    test_here();
    test_mappings();
    test_processes();
    test_inherit();
}

int main(int argc, char **argv) {
    struct abi_counters before, after;
    HANDLE mapping = share();

    if (argc > 1) {
        return child(argv[1]);
    }
    test_all();
    raw_counters(&before, NULL, 0);
    test_all();
    raw_counters(&after, NULL, 0);
    IS(after.handles, before.handles, "as many handles as before");
    IS(after.objects, before.objects, "and objects");
    IS(after.pages_free, before.pages_free, "and pages");
    IS(after.pages_committed, before.pages_committed, "and as much promised");
    UnmapViewOfFile((void *)shared);
    CloseHandle(mapping);
    return tap_done();
}
