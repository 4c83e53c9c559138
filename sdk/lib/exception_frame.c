/* Frames of __try: entering, leaving, and running code of a function with __try.  exception.h explains the chain. */
#include "sdk/lib/exception.h"

void _seh_enter(struct _seh_frame *frame) {
    struct exception_thread *thread = exception_thread();
    frame->previous = thread->chain;
    frame->place[0] = thread->place[0];
    frame->place[1] = thread->place[1];
    frame->place[2] = thread->place[2];
    frame->state = _SEH_OPEN;
    thread->chain = frame;
}

/* Runs at the end of the block's scope, however it is left.  In the middle, nobody knows yet what follows the
 * block: the function's own code is asked, which runs the block of a __finally and else nothing. */
void _seh_leave(struct _seh_frame *frame) {
    struct exception_thread *thread = exception_thread();
    thread->chain = frame->previous;
    if (frame->state == _SEH_FINALLY) {
        thread->finally_due = _SEH_NORMAL;
    } else if (frame->state == _SEH_OPEN) {
        (void)frame_run(frame, PHASE_UNWIND, NULL);
    }
}

long frame_run(struct _seh_frame *frame, enum exception_phase phase, EXCEPTION_POINTERS *pointers) {
    struct exception_thread *thread = exception_thread();
    struct exception_marker marker;
    marker.frame.previous = frame->previous;
    marker.frame.state = FRAME_IS_MARKER;
    marker.hidden = thread->chain;
    marker.outer = thread->marker;
    marker.pointers = pointers;
    thread->chain = &marker.frame;
    thread->marker = &marker;
    thread->phase = phase;
    long answer = exception_call(frame, &marker);
    thread->chain = marker.hidden;
    thread->marker = marker.outer;
    return answer;
}

/* Takes the innermost frame off the chain; behind a marker, what it hid is the chain again. */
static struct _seh_frame *chain_pop(struct exception_thread *thread) {
    struct _seh_frame *frame = thread->chain;
    if (frame->state == FRAME_IS_MARKER) {
        struct exception_marker *marker = (struct exception_marker *)frame;
        thread->chain = marker->hidden;
        thread->marker = marker->outer;
    } else {
        thread->chain = frame->previous;
    }
    return frame;
}

int frame_is_sound(const struct _seh_frame *frame, uint32_t sp) {
    uint32_t address = address_of(frame);
    return address >= sp && address < thread_block()->stack_high - sizeof(*frame) && (address & 3) == 0;
}

uint32_t frames_at_most(uint32_t sp) {
    return (thread_block()->stack_high - sp) / sizeof(struct _seh_frame);
}

int frame_unwind(struct exception_thread *thread, struct _seh_frame *target, uint32_t sp) {
    for (uint32_t left = frames_at_most(sp); thread->chain != target; left--) {
        if (!left || !frame_is_sound(thread->chain, sp)) {
            return 0;
        }
        struct _seh_frame *frame = chain_pop(thread);
        if (frame->state != FRAME_IS_MARKER) {
            (void)frame_run(frame, PHASE_UNWIND, NULL);
        }
    }
    return 1;
}

void frame_jump(struct _seh_frame *frame) {
    struct exception_thread *thread = exception_thread();
    uint32_t sp = address_of(__builtin_frame_address(0));
    uint32_t left = frames_at_most(sp);
    while (thread->chain != frame && left && frame_is_sound(thread->chain, sp)) {
        (void)chain_pop(thread);
        left--;
    }
    thread->chain = frame;
}

/* ---- called by the macros in the function's own code ---- */

/* Behind a block that __except follows.  1: the filter is wanted, 0: the handler. */
int _seh_except_begin(void) {
    struct exception_thread *thread = exception_thread();
    if (thread->phase == PHASE_UNWIND) {
        exception_return(thread->marker, 0);
    }
    return thread->phase == PHASE_FILTER;
}

EXCEPTION_POINTERS *_seh_pointers(void) {
    return exception_thread()->marker->pointers;
}

/* The filter's answer.  If it is one that cannot be, that is an exception of the filter. */
void _seh_answer(long answer) {
    struct exception_marker *marker = exception_thread()->marker;
    if (answer < 0 && (marker->pointers->ExceptionRecord->ExceptionFlags & EXCEPTION_NONCONTINUABLE)) {
        RaiseException(STATUS_NONCONTINUABLE_EXCEPTION, EXCEPTION_NONCONTINUABLE, 0, NULL);
    }
    exception_return(marker, answer);
}

/* Behind a block that __finally follows.  Returns when the block has to run. */
void _seh_finally_begin(void) {
    struct exception_thread *thread = exception_thread();
    if (thread->phase == PHASE_FILTER) {
        exception_return(thread->marker, EXCEPTION_CONTINUE_SEARCH);
    }
    thread->finally_due = _SEH_ABNORMAL;
}

/* Whether, and why, the __finally block runs: not, if its __try was jumped over. */
int _seh_finally_due(void) {
    struct exception_thread *thread = exception_thread();
    int why = thread->finally_due;
    thread->finally_due = 0;
    return why;
}

/* Behind the __finally block. */
int _seh_finally_end(int why) {
    if (why == _SEH_ABNORMAL) {
        exception_return(exception_thread()->marker, 0);
    }
    return 0;
}
