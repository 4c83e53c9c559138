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

/* The handler's first step; returns level.  An entry that the same handler left behind makes room, else the oldest. */
unsigned long _seh_handler_begin(unsigned long level) {
    struct exception_thread *thread = exception_thread();
    handled_trim(thread, thread->handling.sp);
    struct exception_handled *end = thread->handled + thread->handled_count;
    struct exception_handled *gone = thread->handled_count == HANDLED_MAX ? thread->handled : NULL;
    for (struct exception_handled *entry = end; entry-- > thread->handled && entry->sp == thread->handling.sp;) {
        if (entry->level == level) {
            gone = entry;
            break;
        }
    }
    if (gone) {
        for (end--; gone < end; gone++) {
            gone[0] = gone[1];
            __asm__ volatile(""); /* a few words: memmove would take longer */
        }
        thread->handled_count--;
    }
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
