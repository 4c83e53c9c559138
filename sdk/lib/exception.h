/* Inside of structured exceptions: what a thread keeps, and how code of a function with __try is entered.
 *
 * A thread's frames (excpt.h) form a chain from the innermost outwards.  Code of a frame's function is run below
 * everything else on the stack by frame_run, for the filter or the __finally block; while it runs, a marker stands in
 * the chain:
 *
 *   chain -> marker -> frame outside of the one that runs -> ...
 *              \ hidden -> chain as it was before
 *
 * An exception inside is thus searched for outside of the frame, and when its handler gives up the marker, what is
 * hidden behind the marker is given up with it.
 */
#ifndef SDK_LIB_EXCEPTION_H
#define SDK_LIB_EXCEPTION_H

#include <windows.h>
#include "sdk/lib/syscall.h"

/* What the code behind __builtin_setjmp is entered for. */
enum exception_phase { PHASE_HANDLER, PHASE_FILTER, PHASE_UNWIND };

#define FRAME_IS_MARKER 3 /* state of a marker's frame */

struct exception_marker {
    struct _seh_frame frame;
    struct _seh_frame *hidden;
    struct exception_marker *outer;
    EXCEPTION_POINTERS *pointers; /* of the exception that is being filtered, else NULL */
    uint32_t saved_sp;            /* used by exception_switch.S */
};

/* Handlers that run, or have run in a function that has not returned: for GetExceptionCode. */
struct exception_handled {
    uint32_t sp;    /* of the handler's function */
    uint32_t level; /* which __except of the program */
    uint32_t code;
};
#define HANDLED_MAX 7u /* older ones are forgotten */

/* A thread's words for this, from abi_thread_block.library[1] on; all 0 at start. */
struct exception_thread {
    struct _seh_frame *chain;
    struct exception_marker *marker; /* innermost */
    enum exception_phase phase;
    int finally_due; /* _SEH_NORMAL or _SEH_ABNORMAL: the __finally block that follows has to run */
    uint32_t handled_count;
    struct exception_handled handled[HANDLED_MAX];
    struct exception_handled handling; /* what begins: its level comes with _seh_handler_begin */
    uint32_t reserved[2];
    uint32_t tls_epoch; /* win_tls.c */
    void *place[3];     /* _SEH_PLACE in excpt.h */
};

static inline struct exception_thread *exception_thread(void) {
    return (struct exception_thread *)(kdata_word(ABI_KDATA_TLS) - sizeof(struct exception_thread));
}

/* Runs code of a frame's function for phase; returns what it answers.  The frame is off the chain or stays on it as
 * the caller left it. */
long frame_run(struct _seh_frame *frame, enum exception_phase phase, EXCEPTION_POINTERS *pointers);

/* Whether the frame can be one; sp: of what raised the exception.  Nothing is known of the order in which a function
 * has its own frames. */
int frame_is_sound(const struct _seh_frame *frame, uint32_t sp);

/* How many frames have room on the stack from sp on: a chain of more goes in a circle. */
uint32_t frames_at_most(uint32_t sp);

/* Gives up all frames inside of target, which stays: their __finally blocks run, from the innermost on.  sp: as
 * frame_is_sound.  0: the chain does not lead there. */
int frame_unwind(struct exception_thread *thread, struct _seh_frame *target, uint32_t sp);

/* longjmp: frame was the innermost when setjmp was called, and is it again. */
void frame_jump(struct _seh_frame *frame);

/* Where the kernel lets a thread go on (struct abi_exception). */
_Noreturn void exception_enter(const struct abi_exception *exception);

/* For RaiseException and division by zero: the state of the caller in exception, the rest as RaiseException's. */
_Noreturn void exception_raise(const struct abi_exception *exception, uint32_t code, uint32_t flags, uint32_t count,
                               const ULONG_PTR *arguments);

/* exception_switch.S.  exception_call enters a frame's code with much room below the stack pointer, and returns the
 * value that exception_return is given for the same marker. */
long exception_call(struct _seh_frame *frame, struct exception_marker *marker);
_Noreturn void exception_return(struct exception_marker *marker, long value);

/* Enters a frame's code with its function's own stack pointer. */
_Noreturn void exception_handle(struct _seh_frame *frame);

/* Loads the registers R0 to Pc and the flags of a context. */
_Noreturn void exception_resume(CONTEXT *context);

#endif
