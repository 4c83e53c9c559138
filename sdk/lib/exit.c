/* The end of a program: exit, _Exit, abort, and what atexit and C++ left to be done.
 *
 * Functions are called in reverse order of their registration, also those registered meanwhile.  The first 32 need
 * no memory; more come from malloc, in blocks, if the program links it.  The lock is not held while one runs, so it may
 * register others or call exit again, which goes on with the next.
 */
#include "sdk/lib/exit.h"
#include "sdk/lib/lock.h"
#include "sdk/lib/syscall.h"
#include "sdk/lib/thread_state.h"
#include <stdlib.h>
#include <unistd.h>

#define BLOCK_ENTRIES 32

struct exit_entry {
    void (*function)(void *argument);
    void *argument;
};

struct exit_block {
    struct exit_block *older;
    unsigned count;
    struct exit_entry entries[BLOCK_ENTRIES];
};

typedef void (*finalizer)(void);
extern const finalizer __fini_array_start[], __fini_array_end[];

#pragma weak malloc

static struct lock lock;
static struct exit_block first;
static struct exit_block *newest = &first;

static int exit_register(void (*function)(void *), void *argument) {
    int result = -1;
    lock_take(&lock);
    struct exit_block *block = newest;
    if (block->count == BLOCK_ENTRIES) {
        block = malloc ? malloc(sizeof(*block)) : NULL;
        if (!block) {
            goto done;
        }
        block->older = newest;
        block->count = 0;
        newest = block;
    }
    block->entries[block->count++] = (struct exit_entry){function, argument};
    result = 0;
done:
    lock_give(&lock);
    return result;
}

/* Takes out the newest entry; 0: there is none.  An emptied block stays allocated: the process is about to end. */
static int exit_take(struct exit_entry *entry) {
    int found = 0;
    lock_take(&lock);
    while (newest->count == 0 && newest->older) {
        newest = newest->older;
    }
    if (newest->count) {
        *entry = newest->entries[--newest->count];
        found = 1;
    }
    lock_give(&lock);
    return found;
}

static void call_plain(void *function) {
    ((void (*)(void))(uintptr_t)function)();
}

int atexit(void (*function)(void)) {
    return exit_register(call_plain, (void *)(uintptr_t)function);
}

int __cxa_atexit(void (*function)(void *), void *argument, void *module) {
    (void)module;
    return exit_register(function, argument);
}

void exit_flush(void) {
    if (library_global.__cleanup) {
        library_global.__cleanup(&library_global);
    }
}

_Noreturn void exit(int code) {
    struct exit_entry entry;
    while (exit_take(&entry)) {
        entry.function(entry.argument);
    }
    for (const finalizer *at = __fini_array_end; at > __fini_array_start;) {
        (*--at)();
    }
    exit_flush();
    _exit(code);
}

_Noreturn void _exit(int code) {
    call1(SYS_PROCESS_EXIT, (uint32_t)code);
    __builtin_unreachable();
}

_Noreturn void _Exit(int code) {
    _exit(code);
}

_Noreturn void abort(void) {
    _exit(3); /* the code that the Microsoft library's abort gives */
}
