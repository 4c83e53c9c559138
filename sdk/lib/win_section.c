/* Critical sections: the library's lock under other names.  lock_enter.S has EnterCriticalSection and
 * LeaveCriticalSection. */
#include "sdk/lib/lock.h"
#include <windows.h>

_Static_assert(offsetof(CRITICAL_SECTION, LockCount) == offsetof(struct lock, depth), "a lock is its beginning");
_Static_assert(offsetof(CRITICAL_SECTION, OwnerThread) == offsetof(struct lock, owner), "a lock is its beginning");

void InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection) {
    *lpCriticalSection = (CRITICAL_SECTION){0};
}

BOOL TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection) {
    return lock_try((struct lock *)lpCriticalSection);
}

/* There is nothing to give back. */
void DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection) {
    *lpCriticalSection = (CRITICAL_SECTION){0};
}
