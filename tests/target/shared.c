/* Mapping objects over memory: sizes, names, access, addresses, lifetimes; alone, with one other process, with thirty.
 *
 * The others are this program, too: "shared.exe join N" opens the object by name, checks what is in it, leaves its mark
 * in word N and ends with the address that it saw; "shared.exe keep" maps and ends without unmapping or closing.
 * "shared.exe N" makes an object of N MB, and "shared.exe refuse N" must not get it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

#define NAME  L"shared memory"
#define BYTES 0x48000u /* more than the frame table of a small one */
#define PAGE  0x1000u
#define WORDS (BYTES / 4)
#define MANY  30

static HANDLE make(DWORD bytes, const wchar_t *name) {
    return CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, bytes, name);
}

static DWORD *map(HANDLE mapping, DWORD access, DWORD offset, DWORD bytes) {
    return MapViewOfFile(mapping, access, 0, offset, bytes);
}

/* The last error of making an object with a name, which goes again. */
static DWORD make_error(const wchar_t *name) {
    HANDLE mapping = make(PAGE, name);
    DWORD error = GetLastError();

    CloseHandle(mapping);
    return error;
}

/* ---- as the other process ---- */

static int join(DWORD number) {
    HANDLE mapping = make(1, NAME);
    int existed = GetLastError() == ERROR_ALREADY_EXISTS;
    DWORD *words = map(mapping, FILE_MAP_ALL_ACCESS, 0, 0);

    if (!existed || words == NULL || words[0] != 0x12345678 || words[WORDS - 1] != 0x87654321) {
        return 1;
    }
    words[number] = number * 3 + 1;
    words[PAGE + number] = number + 1; /* a page that nobody else touches */
    return (int)words;
}

static int keep(void) {
    DWORD *words = map(make(BYTES, NAME), FILE_MAP_WRITE, 0, 0);

    words[1] = 77;
    return words != NULL ? 0 : 1;
}

/* ---- as the test ---- */

static void alone(void) {
    struct abi_counters before, after;
    DWORD *first, *second, *part;
    HANDLE mapping;
    int zero = 1;

    raw_counters(&before, NULL, 0);
    mapping = make(BYTES, NULL);
    OK(mapping != NULL && GetLastError() == 0, "an object without a name");
    raw_counters(&after, NULL, 0);
    OK(after.pages_committed - before.pages_committed >= BYTES / PAGE, "is charged whole");
    first = map(mapping, FILE_MAP_ALL_ACCESS, 0, 0);
    OK((DWORD)first >= 0x42000000u, "its view is not in the process's own range");
    for (DWORD i = 0; i < WORDS; i += 64) {
        zero &= first[i] == 0;
    }
    OK(zero, "it is zero");
    second = map(mapping, FILE_MAP_WRITE, 0, 0);
    IS((DWORD)second, (DWORD)first, "the same view has the same address");
    part = map(mapping, FILE_MAP_READ | FILE_MAP_WRITE, 3 * PAGE, 2 * PAGE);
    IS((DWORD)part, (DWORD)first + 3 * PAGE, "a part lies at base + offset");
    part[0] = 5;
    IS(first[3 * PAGE / 4], 5, "and is the same memory");
    OK(UnmapViewOfFile(first) && UnmapViewOfFile(second), "both whole views are unmapped");
    IS(part[0], 5, "the part stays");
    CloseHandle(mapping);
    IS(part[0], 5, "also when the handle is closed");
    OK(UnmapViewOfFile(part), "until it is unmapped, too");
    FAILS(!UnmapViewOfFile(part), ERROR_INVALID_PARAMETER, "which works once");
    raw_counters(&after, NULL, 0);
    IS(after.pages_free, before.pages_free, "all pages are back");
    IS(after.pages_committed, before.pages_committed, "and all promises");
}

static void errors(void) {
    HANDLE mapping = make(2 * PAGE, L"errors"), other;

    FAILS(make(0, NULL) == NULL, ERROR_INVALID_PARAMETER, "no size");
    FAILS(make(0, L"errors") == NULL, ERROR_INVALID_PARAMETER, "no size, though the name exists");
    FAILS(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY, 0, 1, NULL) == NULL, ERROR_INVALID_PARAMETER,
          "PAGE_READONLY without a file");
    FAILS(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY, 0, 1, L"errors") == NULL,
          ERROR_INVALID_PARAMETER, "also where the name exists");
    FAILS(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_WRITECOPY, 0, 1, NULL) == NULL, ERROR_NOT_SUPPORTED,
          "PAGE_WRITECOPY");
    FAILS(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 0, 1, NULL) == NULL,
          ERROR_NOT_SUPPORTED, "SEC_RESERVE");
    FAILS(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 1, 0, NULL) == NULL, ERROR_NOT_ENOUGH_MEMORY,
          "4 GB");
    FAILS(make(0x3f000000, NULL) == NULL, ERROR_NOT_ENOUGH_MEMORY, "more than there is memory");
    FAILS(map(mapping, FILE_MAP_WRITE, 0x800, 0) == NULL, ERROR_MAPPED_ALIGNMENT, "an offset inside a page");
    FAILS(map(mapping, FILE_MAP_WRITE, 2 * PAGE, 0) == NULL, ERROR_ACCESS_DENIED, "a view at the end");
    FAILS(map(mapping, FILE_MAP_WRITE, PAGE, PAGE + 1) == NULL, ERROR_ACCESS_DENIED, "a view beyond the end");
    other = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_COMMIT, 0, 99 * PAGE, L"errors");
    IS(GetLastError(), ERROR_ALREADY_EXISTS, "the name exists");
    FAILS(map(other, FILE_MAP_WRITE, 2 * PAGE, 0) == NULL, ERROR_ACCESS_DENIED, "and keeps its own size");
    CloseHandle(other);
    other = make(PAGE, L"Errors");
    OK(other != NULL && GetLastError() == 0, "names tell upper from lower case");
    CloseHandle(other);
    other = make(PAGE, L"");
    IS(make_error(L""), ERROR_ALREADY_EXISTS, "an empty name is a name");
    CloseHandle(other);
    CloseHandle(mapping);
    IS(make_error(L"errors"), 0, "a name is free again after the last handle");
    mapping = make(PAGE, L"errors");
    (void)map(mapping, FILE_MAP_READ, 0, 0);
    other = map(mapping, FILE_MAP_READ, 0, 0);
    CloseHandle(mapping);
    IS(make_error(L"errors"), ERROR_ALREADY_EXISTS, "a view alone keeps it");
    UnmapViewOfFile(other);
    UnmapViewOfFile(other);
    IS(make_error(L"errors"), 0, "and the last one ends it");
}

static void two_addresses(void) {
    HANDLE mapping = make(8 * PAGE, NULL);
    volatile DWORD *reading = map(mapping, FILE_MAP_READ, 0, 0);
    volatile DWORD *writing, *again;
    int same = 1;

    IS(reading[10], 0, "a read-only view");
    writing = map(mapping, FILE_MAP_WRITE, PAGE, 4 * PAGE);
    OK(writing != NULL && (DWORD)writing != (DWORD)reading + PAGE, "a writable one over it has its own address");
    for (DWORD i = 0; i < 4 * PAGE / 4; i++) {
        writing[i] = i;
        same &= reading[PAGE / 4 + i] == i;
    }
    OK(same, "every store is seen at the other address");
    OK(IsBadWritePtr((void *)reading, 1) && !IsBadWritePtr((void *)writing, 1), "each keeps its protection");
    again = map(mapping, FILE_MAP_WRITE, 2 * PAGE, PAGE);
    IS((DWORD)again, (DWORD)writing + PAGE, "a part of it once more has that address, too");
    UnmapViewOfFile((void *)again);
    OK(UnmapViewOfFile((void *)reading), "the first one goes");
    again = map(mapping, FILE_MAP_WRITE, PAGE, 4 * PAGE);
    IS((DWORD)again, (DWORD)writing, "the second one once more is where it is");
    UnmapViewOfFile((void *)again);
    IS(writing[1000], 1000, "the second one stays");
    again = map(mapping, FILE_MAP_WRITE, 0, 0);
    IS(again[PAGE / 4 + 1000], 1000, "a third one sees the same");
    again[PAGE / 4 + 5] = 50;
    OK(UnmapViewOfFile((void *)writing) && again[PAGE / 4 + 5] == 50 && again[PAGE / 4 + 6] == 6, "and outlives it");
    OK(UnmapViewOfFile((void *)again), "until it goes, too");
    CloseHandle(mapping);
}

static void with_another(void) {
    HANDLE mapping = make(BYTES, NAME);
    DWORD *words = map(mapping, FILE_MAP_ALL_ACCESS, 0, 0);

    words[0] = 0x12345678;
    words[WORDS - 1] = 0x87654321;
    IS(run_program(L"shared.exe", L"join 5"), (DWORD)words, "another process sees it at the same address");
    IS(words[5], 16, "and writes into it");
    IS(words[PAGE + 5], 6, "also where nobody had touched it");
    IS(run_program(L"shared.exe", L"keep"), 0, "one that ends with everything open");
    IS(words[1], 77, "has written, too");
    UnmapViewOfFile(words);
    CloseHandle(mapping);
    IS(make_error(NAME), 0, "and leaves nothing behind");
}

static void with_many(void) {
    PROCESS_INFORMATION created[MANY];
    HANDLE mapping = make(BYTES, NAME);
    DWORD *words = map(mapping, FILE_MAP_ALL_ACCESS, 0, 0);
    int started = 0, addresses = 0, marks = 0;

    words[0] = 0x12345678;
    words[WORDS - 1] = 0x87654321;
    for (int i = 0; i < MANY; i++) {
        wchar_t arguments[20];
        wsprintfW(arguments, L"join %d", i + 1);
        started += start_program(L"shared.exe", arguments, &created[i]);
    }
    IS(started, MANY, "thirty processes at a time");
    for (int i = 0; i < MANY; i++) {
        addresses += finish_program(&created[i]) == (DWORD)words;
    }
    IS(addresses, MANY, "see it at one address");
    for (DWORD i = 1; i <= MANY; i++) {
        marks += words[i] == i * 3 + 1 && words[PAGE + i] == i + 1;
    }
    IS(marks, MANY, "and each has left its mark");
    UnmapViewOfFile(words);
    CloseHandle(mapping);
}

/* A large object: as much as is said on the command line, or a quarter of the memory. */
static void large(DWORD megabytes) {
    struct abi_counters counters;
    HANDLE mapping;
    volatile DWORD *words;
    int right = 1;

    raw_counters(&counters, NULL, 0);
    if (megabytes == 0) {
        megabytes = (counters.commit_limit - counters.pages_committed) / 4 / 256;
    }
    mapping = make(megabytes << 20, NULL);
    OK(mapping != NULL, "an object of %lu MB", megabytes);
    words = map(mapping, FILE_MAP_WRITE, 0, 0);
    OK(words != NULL, "and a view of all of it");
    for (DWORD at = 0; words != NULL && at < megabytes << 18; at += 1 << 18) {
        words[at] = at;
    }
    for (DWORD at = 0; words != NULL && at < megabytes << 18; at += 1 << 18) {
        right &= words[at] == at && words[at + 1] == 0;
    }
    OK(right, "holds what was written");
    UnmapViewOfFile((void *)words);
    CloseHandle(mapping);
}

/* Objects, each with a view, as many as there is memory for.  The first time leaves tables for the next views; the
 * second time leaves nothing. */
static void many_views(int again) {
    static HANDLE objects[4096];
    static void *views[4096];
    struct abi_counters before, after;
    int mapped = 0;

    raw_counters(&before, NULL, 0);
    for (int i = 0; i < 4096; i++) {
        objects[i] = make(0x1000, NULL);
        views[i] = objects[i] != NULL ? map(objects[i], FILE_MAP_WRITE, 0, 0) : NULL;
        mapped += views[i] != NULL;
    }
    OK(mapped == 4096 || GetLastError() == ERROR_NOT_ENOUGH_MEMORY, "%d views of as many objects", mapped);
    for (int i = 0; i < 4096; i++) {
        UnmapViewOfFile(views[i]);
        CloseHandle(objects[i]);
    }
    raw_counters(&after, NULL, 0);
    IS(after.arena_ranges, before.arena_ranges, "no address range is left");
    if (again) {
        IS(after.pages_free, before.pages_free, "the pages are back");
        IS(after.pages_committed, before.pages_committed, "and the promises");
    }
}

/* Handles until there are no more, then objects until there is no more memory; afterwards all is there again. */
static void exhaustion(void) {
    static HANDLE handles[9000]; /* more than a process may have */
    struct abi_counters before, after;
    int count = 0, most;

    for (int round = 0; round < 2; round++) { /* after the first one the table of handles is as large as it will be */
        raw_counters(&before, NULL, 0);
        for (count = 0; count < 9000 && (handles[count] = make(0x1000, L"one")) != NULL;) {
            count++;
        }
        IS(GetLastError(), ERROR_TOO_MANY_OPEN_FILES, "%d handles, then an error", count);
        for (most = count; count > 0;) {
            CloseHandle(handles[--count]);
        }
        raw_counters(&after, NULL, 0);
        IS(after.handles, before.handles, "all are closed");
    }
    IS(after.sections, before.sections, "no object is left");
    IS(after.pages_free, before.pages_free, "the pages are back");
    IS(after.pages_committed, before.pages_committed, "and the promises");
    for (int round = 0; round < 2; round++) { /* the first one makes the kernel give up what it kept ready */
        raw_counters(&before, NULL, 0);
        while (count < most && (handles[count] = make(0x40000, NULL)) != NULL) {
            count++;
        }
        IS(GetLastError(), ERROR_NOT_ENOUGH_MEMORY, "%d objects of 256 KB, then an error", count);
        while (count > 0) {
            CloseHandle(handles[--count]);
        }
        raw_counters(&after, NULL, 0);
    }
    IS(after.sections, before.sections, "no object is left");
    IS(after.pages_free, before.pages_free, "the pages are back");
    IS(after.pages_committed, before.pages_committed, "and the promises");
}

int main(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "join") == 0) {
        return join(strtoul(argv[2], NULL, 0));
    }
    if (argc > 1 && strcmp(argv[1], "keep") == 0) {
        return keep();
    }
    if (argc > 2) {
        FAILS(make(strtoul(argv[2], NULL, 0) << 20, NULL) == NULL, ERROR_NOT_ENOUGH_MEMORY, "%s MB are refused",
              argv[2]);
        return tap_done();
    }
    if (argc > 1) {
        large(strtoul(argv[1], NULL, 0));
        return tap_done();
    }
    OK(1, "the console is there");
    alone();
    errors();
    two_addresses();
    with_another();
    with_many();
    large(0);
    exhaustion();
    many_views(0);
    many_views(1);
    return tap_done();
}
