/* The start and the end of a program.
 *
 * The kernel enters _start on the first thread's stack with the address of a struct abi_startup in r0.  Then, in this
 * order: the thread's library state, constructors, the program's own function, exit.  The program
 * defines one of main, wmain and WinMain; whichever it is, no switch is needed: the others stay undefined weak
 * symbols, and situ.ld complains when all are missing.  wmain in C++ has a mangled name unless it is declared
 * extern "C"; the usual forms are looked for, too.
 */
#include "sdk/lib/start.h"
#include "sdk/lib/arguments.h"
#include "sdk/lib/syscall.h"
#include "sdk/lib/thread_state.h"
#include <stdlib.h>
#include <wchar.h>

typedef void (*initializer)(void);
extern const initializer __preinit_array_start[], __preinit_array_end[];
extern const initializer __init_array_start[], __init_array_end[];

int main(int count, char **arguments, char **environment) __attribute__((weak));
int wmain(int count, wchar_t **arguments) __attribute__((weak));
int WinMain(uint32_t instance, uint32_t previous, wchar_t *command_line, int show) __attribute__((weak));
int wmain_const(int count, wchar_t **arguments) __asm__("_Z5wmainiPPKw") __attribute__((weak));
int wmain_plain(int count, wchar_t **arguments) __asm__("_Z5wmainiPPw") __attribute__((weak));
int wmain_none(int count, wchar_t **arguments) __asm__("_Z5wmainv") __attribute__((weak));

const wchar_t *program_command_line;
const wchar_t *program_path;
void *const __dso_handle = NULL; /* names the module in the C++ ABI's destructor lists: there is one */

#define INSTANCE 0x00010000u /* the program's module handle: where its image begins */
#define SW_SHOW  5

_Noreturn void _start(const struct abi_startup *startup);

static void run_all(const initializer *from, const initializer *to) {
    while (from < to) {
        (*from++)();
    }
}

static _Noreturn void no_memory(void) {
    static const char message[] = "not enough memory for the program's arguments\n";
    call2(SYS_CONSOLE_WRITE, address_of(message), sizeof(message) - 1);
    call1(SYS_PROCESS_EXIT, 1);
    __builtin_unreachable();
}

static int run_narrow(void) {
    static char *no_environment[] = {NULL};
    char **arguments;
    int count = arguments_narrow(program_path, program_command_line, &arguments);
    if (count < 0) {
        no_memory();
    }
    return main(count, arguments, no_environment);
}

static int run_wide(int (*function)(int, wchar_t **)) {
    wchar_t **arguments;
    int count = arguments_wide(program_path, program_command_line, &arguments);
    if (count < 0) {
        no_memory();
    }
    return function(count, arguments);
}

static int run_program(void) {
    if (main) {
        return run_narrow();
    }
    if (WinMain) {
        /* The command line is the program's to write on (the stack holds it). */
        return WinMain(INSTANCE, 0, (wchar_t *)(uintptr_t)program_command_line, SW_SHOW);
    }
    if (wmain) {
        return run_wide(wmain);
    }
    if (wmain_const) {
        return run_wide(wmain_const);
    }
    return run_wide(wmain_plain ? wmain_plain : wmain_none);
}

_Noreturn void _start(const struct abi_startup *startup) {
    program_path = (const wchar_t *)(uintptr_t)startup->module_path;
    program_command_line = (const wchar_t *)(uintptr_t)startup->command_line;
    thread_state_init();
    run_all(__preinit_array_start, __preinit_array_end);
    run_all(__init_array_start, __init_array_end);
    exit(run_program());
}
