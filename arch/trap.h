/* Exceptions: what arch hands on, and what it needs of the kernel. */
#ifndef ARCH_TRAP_H
#define ARCH_TRAP_H

#include "include/status.h"

struct trap_frame;

/* Fills the vector, kernel data and helper pages, maps them, and gives the exception modes their memory.  system calls
 * go to the semihosting trap until trap_serve_calls. */
void trap_init(void);

/* From now on SVC is a system call. */
void trap_serve_calls(void);

/* Names what handles the interrupt controller: called with interrupts off and preemption held. */
void trap_set_interrupt_handler(void (*dispatch)(void));

/* Prints the likely callers of the function that calls it. */
void trap_print_callers(void);

/* What happened to a user thread that nobody handled. */
struct trap_report {
    uint32_t code, address, access, pc; /* as in struct abi_exception */
};

#define TRAP_ACCESS_VIOLATION       0xc0000005u
#define TRAP_STACK_OVERFLOW         0xc00000fdu
#define TRAP_GUARD_PAGE             0x80000001u
#define TRAP_MISALIGNMENT           0x80000002u
#define TRAP_BREAKPOINT             0x80000003u
#define TRAP_ILLEGAL_INSTRUCTION    0xc000001du
#define TRAP_PRIVILEGED_INSTRUCTION 0xc0000096u

/* The kernel's side: tries to bring the page of the current process (0: retry; ERROR_STACK_OVERFLOW and TRAP_GUARD_PAGE
 * say what kind of page it is; else: access violation), and ends the process that raised an exception that it does not
 * handle; interrupts are on. */
status_t trap_resolve_fault(uint32_t va, uint32_t access);
_Noreturn void trap_user_exception(const struct trap_report *report);

/* Whether somebody asked for the running thread's attention; and what it does then, on its way out of the kernel,
 * interrupts on: it ends, or waits until it is resumed. */
bool trap_attention(void);
void trap_attend(void);

#endif
