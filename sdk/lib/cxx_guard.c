/* Guards of C++ function-local statics, safe between threads (the packaged libstdc++ was built without threads).
 *
 * A guard is one word (ARM C++ ABI 3.2.3.1): bit 0 = made, which compiled code tests; BUSY = a thread is making it.
 * Others wait by sleeping, for the making takes as long as the program's constructor does.
 */
#include "sdk/lib/helper.h"
#include "sdk/lib/syscall.h"

#define MADE 1
#define BUSY 0x100

int __cxa_guard_acquire(volatile int32_t *guard);
void __cxa_guard_release(volatile int32_t *guard);
void __cxa_guard_abort(volatile int32_t *guard);

int __cxa_guard_acquire(volatile int32_t *guard) {
    for (;;) {
        int32_t old = helper_compare_exchange(guard, BUSY, 0);
        if (old == 0) {
            return 1;
        }
        if (old & MADE) {
            return 0;
        }
        call1(SYS_SLEEP, 1);
    }
}

void __cxa_guard_release(volatile int32_t *guard) {
    *guard = MADE;
}

void __cxa_guard_abort(volatile int32_t *guard) {
    *guard = 0;
}
