/* Faults and exceptions of user threads: what arch/trap.h asks of the kernel. */
#include "arch/trap.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "include/print.h"
#include "kernel/process.h"
#include "mm/fault.h"
#include "mm/lock.h"

_Static_assert(FAULT_GUARD_PAGE == TRAP_GUARD_PAGE, "one value for a guard");

status_t trap_resolve_fault(uint32_t va, uint32_t access) {
    struct process *process = thread_current->process;
    if (process == NULL) {
        return ERROR_NOACCESS;
    }
    ASSERT(preempt.count == 0 && !mm_lock_held());
    return fault_resolve(&process->space, va, access);
}

static const char *name_of(uint32_t code) {
    switch (code) {
    case TRAP_ACCESS_VIOLATION:
        return "access violation";
    case TRAP_STACK_OVERFLOW:
        return "stack overflow";
    case TRAP_GUARD_PAGE:
        return "guard page";
    case TRAP_MISALIGNMENT:
        return "misaligned access";
    case TRAP_BREAKPOINT:
        return "breakpoint";
    case TRAP_ILLEGAL_INSTRUCTION:
        return "illegal instruction";
    case TRAP_PRIVILEGED_INSTRUCTION:
        return "privileged instruction";
    default:
        return "exception";
    }
}

void trap_user_exception(const struct trap_report *report) {
    struct process *process = thread_current->process;
    const char *did = report->access == ABI_ACCESS_WRITE     ? "writing"
                      : report->access == ABI_ACCESS_EXECUTE ? "executing"
                                                             : "reading";
    const char *path = process->program != NULL ? process->program->path : "?";
    kprintf("situ: process %u (%s) thread %u ended: %s 0x%08x %s 0x%08x at pc 0x%08x\n", process->id, path,
            thread_current->id, name_of(report->code), report->code, did, report->address, report->pc);
    (void)process_terminate(process, report->code);
    thread_exit_killed();
}

bool trap_attention(void) {
    return thread_current->attention != 0;
}

void trap_attend(void) {
    thread_attend();
}
