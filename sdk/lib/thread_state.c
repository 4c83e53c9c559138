/* The making and undoing of a thread's newlib state; thread_state.h says where it lies. */
#include "sdk/lib/thread_state.h"
#include "sdk/lib/exception.h"
#include "sdk/lib/syscall.h"
#include <stdlib.h>

/* Words of the thread block that newlib uses: all of struct _reent but its own streams. */
#define STATE_BYTES 768u
#define FREE_LISTS  _Kmax /* lists of big numbers by size */

_Static_assert(offsetof(struct _reent, __sf) <= STATE_BYTES, "newlib's state without streams fits its words");
_Static_assert(ABI_TLS_SLOTS * 4u - STATE_BYTES >= 64u * 4u, "64 TLS slots remain behind it");
_Static_assert(ABI_KDATA_TLS == 0, "_impure_ptr is the first word of the kernel data");

struct _reent library_global;
struct _reent *const _global_impure_ptr = &library_global;

/* _impure_ptr lies in the kernel data page (0xffffc800 in include/layout.h). */
__asm__(".globl _impure_ptr\n\t.set _impure_ptr, 0xffffc800");
_Static_assert(KDATA_USER == 0xffffc800, "the address in the line above");

static void streams_point(struct _reent *state) {
    state->_stdin = &library_global.__sf[0];
    state->_stdout = &library_global.__sf[1];
    state->_stderr = &library_global.__sf[2];
}

void thread_state_init(void) {
    struct _reent *state = _impure_ptr;
    thread_block()->exception_entry = (uint32_t)(uintptr_t)exception_enter;
    streams_point(state);
    streams_point(&library_global); /* every thread writes the same values: no lock */
    state->_new._reent._rand_next = 1;
    state->_new._reent._r48._seed[0] = _RAND48_SEED_0;
    state->_new._reent._r48._seed[1] = _RAND48_SEED_1;
    state->_new._reent._r48._seed[2] = _RAND48_SEED_2;
    state->_new._reent._r48._mult[0] = _RAND48_MULT_0;
    state->_new._reent._r48._mult[1] = _RAND48_MULT_1;
    state->_new._reent._r48._mult[2] = _RAND48_MULT_2;
    state->_new._reent._r48._add = _RAND48_ADD;
}

/* A program that links no malloc has nothing to free, and should not get malloc through here. */
#pragma weak free

static void numbers_free(struct _Bigint *number) {
    while (number) {
        struct _Bigint *next = number->_next;
        free(number);
        number = next;
    }
}

/* newlib's _reclaim_reent() declines to free the state that _impure_ptr names, which is every thread's own here. */
void thread_state_free(void) {
    struct _reent *state = _impure_ptr;
    if (!free) {
        return;
    }
    numbers_free(state->_p5s);
    free(state->_result);
    if (state->_freelist) {
        for (unsigned size = 0; size < FREE_LISTS; size++) {
            numbers_free(state->_freelist[size]);
        }
        free(state->_freelist);
    }
    free(state->_cvtbuf);
    free(state->_sig_func);
}
