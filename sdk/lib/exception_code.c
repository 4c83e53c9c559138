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

/* _seh_handler_begin tells its number. */
void handled_push(struct exception_thread *thread, uint32_t sp, uint32_t code) {
    handled_trim(thread, sp);
    if (thread->handled_count == HANDLED_MAX) {
        for (unsigned i = 1; i < HANDLED_MAX; i++) {
            thread->handled[i - 1] = thread->handled[i];
        }
        thread->handled_count--;
    }
    thread->handled[thread->handled_count++] = (struct exception_handled){.sp = sp, .code = code};
}

/* The handler's first step; returns level.  An entry that the same handler left behind makes room. */
unsigned long _seh_handler_begin(unsigned long level) {
    struct exception_thread *thread = exception_thread();
    struct exception_handled *newest = &thread->handled[thread->handled_count - 1];
    newest->level = level;
    for (struct exception_handled *entry = newest; entry-- > thread->handled && entry->sp == newest->sp;) {
        if (entry->level == level) {
            for (; entry < newest; entry++) {
                entry[0] = entry[1];
                __asm__ volatile(""); /* three words or so: memmove would take longer */
            }
            thread->handled_count--;
            break;
        }
    }
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
