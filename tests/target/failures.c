/* Every allocation behind every call that takes memory fails once, and once more together with all that follow it: the
 * call says ERROR_NOT_ENOUGH_MEMORY, everything is as it was before, and then the same call succeeds.
 *
 * Runs on the kernel of tests/failures only.  A new call is a row in failures_calls.h.  A call may also succeed in
 * spite of the failure.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "failures_calls.h"
#include "raw.h"
#include "tap.h"

#define MOST     200u /* allocations that no call comes near */
#define KEPT     2u
#define REPEATED 5

static uint32_t inject(uint32_t what, uint32_t number) {
    const uint32_t arguments[6] = {what, number};
    struct raw_result result = raw_call(SYS_CLOCK, arguments);

    if (result.status != 0) {
        printf("Bail out! this kernel's allocations do not fail\n");
        ExitProcess(1);
    }
    return result.value;
}

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
    int any = number > 1 || (*where == 0 && (call->flags & (V5_ONLY | NO_MEMORY)) != 0);

    OK(outcome == NOTHING_FAILED && any, "%s%s: %lu allocations%s", call->name, where, (unsigned long)number - 1,
       mode == INJECT_FROM ? ", and all after" : "");
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
