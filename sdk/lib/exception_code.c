/* GetExceptionCode: which exception a handler runs for.
 *
 * A handler's own function has no place for the code that the macros could name, so the thread keeps the last few: each
 * with the stack pointer of the function, by which entries of functions that have returned are known, and with the
 * number of the __except in the source, by which handlers inside handlers are told apart.
 */
#include "sdk/lib/exception.h"

/* Takes out entries of functions that have returned: theirs lay below sp. */
static void handled_trim(struct exception_thread *thread, uint32_t sp) {
    while (thread->handled_count && thread->handled[thread->handled_count - 1].sp < sp) {
        thread->handled_count--;
    }
}

/* Without the entry that the same handler left behind and those after it: an inner handler has the larger number. */
static uint32_t handled_left(const struct exception_thread *thread, uint32_t sp, uint32_t level) {
    uint32_t count = thread->handled_count;
    while (count && thread->handled[count - 1].sp == sp && thread->handled[count - 1].level >= level) {
        count--;
    }
    return count;
}

/* Makes room at the end.  The function's own oldest entry goes, for its callers' are still needed; else the oldest. */
static void handled_make_room(struct exception_thread *thread, uint32_t sp) {
    struct exception_handled *end = thread->handled + --thread->handled_count;
    struct exception_handled *gone = end;
    while (gone > thread->handled && gone[-1].sp == sp) {
        gone--;
    }
    if (gone->sp != sp) {
        gone = thread->handled;
    }
    for (; gone < end; gone++) {
        gone[0] = gone[1];
        __asm__ volatile(""); /* a few words: memmove would take longer */
    }
}

/* The handler's first step; returns level. */
unsigned long _seh_handler_begin(unsigned long level) {
    struct exception_thread *thread = exception_thread();
    handled_trim(thread, thread->handling.sp);
    thread->handled_count = handled_left(thread, thread->handling.sp, level);
    if (thread->handled_count == HANDLED_MAX) {
        handled_make_room(thread, thread->handling.sp);
    }
    struct exception_handled *end = thread->handled + thread->handled_count;
    thread->handling.level = level;
    *end = thread->handling;
    thread->handled_count++;
    return level;
}

/* scope: of a filter, the address of its EXCEPTION_POINTERS; of a handler, its number; 0 elsewhere. */
unsigned long _seh_code(unsigned long scope) {
    struct exception_thread *thread = exception_thread();
    if (scope >= USER_BASE) {
        return ((const EXCEPTION_POINTERS *)scope)->ExceptionRecord->ExceptionCode;
    }
    handled_trim(thread, address_of(__builtin_frame_address(0)));
    for (uint32_t i = thread->handled_count; i-- > 0;) {
        if (thread->handled[i].level == scope) {
            return thread->handled[i].code;
        }
    }
    return thread->handled_count ? thread->handled[thread->handled_count - 1].code : 0;
}
