/* Finding the handler of an exception, and raising one.
 *
 *   1  from the innermost frame outwards, filters are asked; the stack of whoever raised it stays as it is
 *   2  a filter says "continue": the context is loaded, the thread goes on there
 *   3  a filter says "handle": the frames inside of it are given up, their __finally blocks run, then the handler
 *   4  nobody wants it: the kernel reports it and ends the process
 *
 * The chain lies on the stack, where a faulty program may have written over it.  So a frame is only used if it lies on
 * this thread's stack above what raised the exception, and no more of them than fit there; the chain ends at any
 * other.
 */
#include "sdk/lib/exception.h"

#define CODE_RESERVED 0x10000000u /* bit 28, which RaiseException clears */

_Static_assert(offsetof(struct exception_marker, saved_sp) == 32, "MARKER_SAVED_SP in exception_switch.S");
_Static_assert(offsetof(struct _seh_frame, place) == 4, "PLACE_FP in exception_switch.S");
_Static_assert(offsetof(struct abi_exception, r) == 12 && sizeof(struct abi_exception) == 84, "exception_switch.S");
_Static_assert(offsetof(CONTEXT, Psr) == 68, "exception_resume in exception_switch.S");
_Static_assert(sizeof(struct exception_thread) == (ABI_LIBRARY_WORDS - 1) * 4, "word 0 is strtok's");
_Static_assert(sizeof(struct exception_thread) == 140, "EXCEPTION_THREAD_BYTES in jump.S");

/* The words of include/abi.h and of ExceptionInformation[0] for what was tried. */
static uint32_t access_from_abi(uint32_t access) {
    return access == ABI_ACCESS_WRITE ? 1 : access == ABI_ACCESS_EXECUTE ? 8 : 0;
}

static uint32_t access_to_abi(ULONG_PTR kind) {
    return kind == 1 ? ABI_ACCESS_WRITE : kind == 8 ? ABI_ACCESS_EXECUTE : ABI_ACCESS_READ;
}

static int is_access(uint32_t code) {
    return code == STATUS_ACCESS_VIOLATION || code == STATUS_DATATYPE_MISALIGNMENT ||
           code == STATUS_GUARD_PAGE_VIOLATION || code == STATUS_STACK_OVERFLOW;
}

static _Noreturn void unhandled(const EXCEPTION_RECORD *record) {
    uint32_t pc = address_of(record->ExceptionAddress);
    uint32_t address = pc;
    uint32_t access = ABI_ACCESS_EXECUTE;
    if (is_access(record->ExceptionCode) && record->NumberParameters >= 2) {
        access = access_to_abi(record->ExceptionInformation[0]);
        address = record->ExceptionInformation[1];
    }
    call4(SYS_EXCEPTION_END, record->ExceptionCode, address, access, pc);
    __builtin_unreachable();
}

/* sp: of what raised the exception. */
static _Noreturn void handle(struct exception_thread *thread, struct _seh_frame *frame, const EXCEPTION_RECORD *record,
                             uint32_t sp) {
    if (!frame_unwind(thread, frame, sp)) {
        unhandled(record);
    }
    thread->chain = frame->previous;
    thread->phase = PHASE_HANDLER;
    thread->handling.sp = address_of(frame->place[2]);
    thread->handling.code = record->ExceptionCode;
    exception_handle(frame);
}

static _Noreturn void dispatch(EXCEPTION_RECORD *record, CONTEXT *context) {
    struct exception_thread *thread = exception_thread();
    EXCEPTION_POINTERS pointers = {record, context};
    uint32_t sp = context->Sp;
    struct _seh_frame *frame = thread->chain;
    for (uint32_t left = frames_at_most(sp); left && frame_is_sound(frame, sp); left--, frame = frame->previous) {
        if (frame->state != FRAME_IS_MARKER) {
            long answer = frame_run(frame, PHASE_FILTER, &pointers);
            if (answer < 0) {
                exception_resume(context);
            } else if (answer > 0) {
                handle(thread, frame, record, sp);
            }
        }
    }
    unhandled(record);
}

/* R0 to Lr, in a CONTEXT and in a struct abi_exception. */
struct registers {
    uint32_t r[15];
};

static void context_fill(CONTEXT *context, const struct abi_exception *exception) {
    context->ContextFlags = CONTEXT_FULL;
    *(struct registers *)&context->R0 = *(const struct registers *)exception->r;
    context->Pc = exception->pc;
    context->Psr = exception->cpsr;
}

void exception_enter(const struct abi_exception *exception) {
    EXCEPTION_RECORD record;
    CONTEXT context;
    record.ExceptionCode = exception->code;
    record.ExceptionFlags = 0;
    record.ExceptionRecord = NULL;
    record.ExceptionAddress = (PVOID)exception->pc;
    record.NumberParameters = is_access(exception->code) ? 2 : 0;
    record.ExceptionInformation[0] = access_from_abi(exception->access);
    record.ExceptionInformation[1] = exception->address;
    context_fill(&context, exception);
    dispatch(&record, &context);
}

void exception_raise(const struct abi_exception *exception, uint32_t code, uint32_t flags, uint32_t count,
                     const ULONG_PTR *arguments) {
    EXCEPTION_RECORD record;
    CONTEXT context;
    record.ExceptionCode = code & ~CODE_RESERVED;
    record.ExceptionFlags = flags & EXCEPTION_NONCONTINUABLE;
    record.ExceptionRecord = NULL;
    record.ExceptionAddress = (PVOID)exception->pc;
    record.NumberParameters = arguments == NULL                      ? 0
                              : count < EXCEPTION_MAXIMUM_PARAMETERS ? count
                                                                     : EXCEPTION_MAXIMUM_PARAMETERS;
    for (DWORD i = 0; i < record.NumberParameters; i++) {
        record.ExceptionInformation[i] = arguments[i];
    }
    context_fill(&context, exception);
    dispatch(&record, &context);
}
