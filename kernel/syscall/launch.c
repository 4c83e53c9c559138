/* The first program, and the end of the run: see launch.h.
 *
 * The closing line is the last line on the console, and a script can trust it:
 *
 *   situ: exit <code> (0x<code>), leaks none
 *   situ: exit <code> (0x<code>), leaks: <what> <difference> ...
 *   situ: not started: <reason>
 *
 * The status that a semihosting host gets is the code itself up to 124, else 125; 125 also for a leak.
 */
#include "kernel/syscall/launch.h"
#include "arch/arm/semihost.h"
#include "include/abi.h"
#include "include/board.h"
#include "include/print.h"
#include "kernel/schedule.h"
#include "kernel/syscall/loader.h"
#include "kernel/syscall/syscall.h"
#include "kernel/watchdog.h"
#include "mm/heap.h"
#include <string.h>

#define SHELL        "shell.exe"
#define STATUS_MAX   124u
#define STATUS_OTHER 125u

static char line[ABI_COMMAND_MAX];

_Noreturn static void end(uint32_t status) {
    semihost_exit(status);
    board_power_off();
}

/* Splits "program arguments" (the program may stand in quotes); program may hold ABI_PATH_MAX characters.
 * Returns the arguments, in heap memory; NULL: no memory, or the program's name is too long. */
static uint16_t *split(const char *text, uint16_t *program, uint32_t *length) {
    char stop = ' ';
    if (*text == '"') {
        stop = '"';
        text++;
    }
    uint32_t name = 0;
    while (text[name] != 0 && text[name] != stop) {
        name++;
    }
    if (name >= ABI_PATH_MAX) {
        return NULL;
    }
    for (uint32_t i = 0; i < name; i++) {
        program[i] = (uint8_t)text[i];
    }
    program[name] = 0;
    const char *rest = text + name + (text[name] == '"');
    while (*rest == ' ') {
        rest++;
    }
    *length = (uint32_t)strlen(rest);
    uint16_t *arguments = heap_alloc((*length + 1) * 2);
    if (arguments != NULL) {
        sys_widen(arguments, *length + 1, rest);
    }
    return arguments;
}

/* Prints one difference; true if there is one. */
static bool differs(bool any, const char *what, uint32_t before, uint32_t after) {
    if (before == after) {
        return any;
    }
    kprintf("%s%s %d", any ? ", " : ", leaks: ", what, after - before);
    return true;
}

static bool print_leaks(const struct leak_counts *before, const struct leak_counts *after) {
    bool any = differs(false, "pages", after->pages, before->pages);
    any = differs(any, "commit", before->committed, after->committed);
    any = differs(any, "objects", before->objects, after->objects);
    any = differs(any, "handles", before->handles, after->handles);
    any = differs(any, "threads", before->threads, after->threads);
    any = differs(any, "sections", before->sections, after->sections);
    any = differs(any, "views", before->views, after->views);
    any = differs(any, "arena ranges", before->arena_ranges, after->arena_ranges);
    if (!any) {
        kprintf(", leaks none");
    }
    kprintf("\n");
    return any;
}

/* Works for the programs as long as there are any: before all others, as who is bitten by a watchdog must not keep it
 * waiting.  Then threads that have left their processes come to their end first, so that they do not count. */
static void serve(void) {
    thread_set_priority(thread_current, 0);
    watchdog_serve(&process_none);
    thread_set_priority(thread_current, PRIORITY_IDLE - 1);
    schedule_yield();
}

/* Runs a program and all that it starts.  Returns its exit code. */
static status_t run(const char *command, uint32_t *code) {
    uint16_t program[ABI_PATH_MAX];
    uint32_t length;
    struct process *process;
    struct thread *thread;
    uint16_t *arguments = split(command, program, &length);
    if (arguments == NULL) {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    status_t status = loader_make(program, arguments, length, &process, &thread);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    object_ref(&process->object);
    loader_run(process, thread);
    serve();
    *code = process->exit_code;
    object_unref(&process->object);
    return ERROR_SUCCESS;
}

void launch_main(void *unused) {
    (void)unused;
    struct leak_counts before, after;
    uint32_t code;
    bool named = semihost_command_line(line, sizeof line) && line[0] != 0;
    sys_leak_counts(&before);
    status_t status = run(named ? line : SHELL, &code);
    if (status != ERROR_SUCCESS) {
        kprintf("situ: not started: %s, error %u\n", named ? line : SHELL, status);
        end(STATUS_OTHER);
    }
    sys_leak_counts(&after);
    kprintf("situ: exit %u (0x%08x)", code, code);
    bool leaks = print_leaks(&before, &after);
    end(leaks || code > STATUS_MAX ? STATUS_OTHER : code);
}
