/* Priority inheritance through chains of mutexes and critical sections of every length up to 20, and its end by
 * release, timeout, the waiter's death, a death in the middle, and changed priorities.
 *
 * Thread i owns lock i and waits for lock i - 1, thread 0 waits for an event.  On top comes one more thread that waits
 * for the last lock.  Each thread ranks above the one before.
 */
#include "sync.h"

#define LONGEST  20
#define BASE     190 /* priority of thread 0; thread i has BASE - i */
#define TOP      110
#define PATTERNS 4 /* of what is a mutex and what a critical section */

static struct lock {
    BOOL is_section;
    HANDLE mutex;
    CRITICAL_SECTION section;
} locks[LONGEST];

static struct link {
    HANDLE thread, go, leave;
    DWORD id;
} links[LONGEST + 1]; /* the last one: on top */

static int length;
static DWORD top_timeout;

static DWORD lock_take(struct lock *lock, DWORD timeout) {
    if (!lock->is_section) {
        return WaitForSingleObject(lock->mutex, timeout);
    }
    EnterCriticalSection(&lock->section);
    return WAIT_OBJECT_0;
}

static void lock_give(struct lock *lock) {
    if (lock->is_section) {
        LeaveCriticalSection(&lock->section);
    } else {
        ReleaseMutex(lock->mutex);
    }
}

static DWORD WINAPI link_run(void *argument) {
    struct link *link = argument;
    DWORD at = (DWORD)(link - links);

    lock_take(&locks[at], INFINITE);
    if (at > 0) {
        lock_take(&locks[at - 1], INFINITE);
    }
    WaitForSingleObject(link->go, INFINITE);
    if (at > 0) {
        lock_give(&locks[at - 1]);
    }
    lock_give(&locks[at]);
    WaitForSingleObject(link->leave, INFINITE);
    return 0;
}

static DWORD WINAPI top_run(void *argument) {
    struct link *link = argument;
    DWORD result = lock_take(&locks[length - 1], top_timeout);

    WaitForSingleObject(link->go, INFINITE);
    if (result != WAIT_TIMEOUT) {
        lock_give(&locks[length - 1]);
    }
    WaitForSingleObject(link->leave, INFINITE);
    return result;
}

static BOOL pattern_section(int pattern, int at) {
    static const DWORD random = 0x5a39c;

    switch (pattern) {
    case 0:
        return FALSE;
    case 1:
        return TRUE;
    case 2:
        return at % 2;
    default:
        return random >> at & 1;
    }
}

static void link_start(int at, int priority, LPTHREAD_START_ROUTINE entry) {
    links[at].go = CreateEventW(NULL, FALSE, FALSE, NULL);
    links[at].leave = CreateEventW(NULL, FALSE, FALSE, NULL);
    links[at].thread = start_with(priority, 0, entry, &links[at], &links[at].id);
}

/* Whether the chain's threads from one on have this priority, and those below it their own. */
static int chain_is(int from, DWORD want) {
    int right = 1;

    threads_read();
    for (int i = 0; i < length; i++) {
        struct abi_thread_info info = thread_find(links[i].id);

        right &= info.base_priority == (DWORD)(BASE - i) && info.priority == (i < from ? info.base_priority : want);
    }
    return right;
}

/* Without its top the chain has the priority of its last thread. */
static DWORD chain_own(void) {
    return (DWORD)(BASE + 1 - length);
}

/* Makes a chain so long; whether each newcomer raised all before it. */
static int chain_make(int count, int pattern, BOOL last_is_mutex) {
    int right = 1;

    for (length = 1; length <= count; length++) {
        struct lock *lock = &locks[length - 1];

        lock->is_section = pattern_section(pattern, length - 1) && !(last_is_mutex && length == count);
        if (lock->is_section) {
            InitializeCriticalSection(&lock->section);
        } else {
            lock->mutex = CreateMutexW(NULL, FALSE, NULL);
        }
        link_start(length - 1, BASE + 1 - length, link_run);
        right &= chain_is(0, chain_own());
    }
    length = count;
    return right;
}

static void top_start(DWORD timeout) {
    top_timeout = timeout;
    link_start(length, TOP, top_run);
}

static void link_finish(int at) {
    TerminateThread(links[at].thread, 0);
    finish_thread(links[at].thread);
    CloseHandle(links[at].go);
    CloseHandle(links[at].leave);
}

static void chain_finish(void) {
    for (int i = length; i >= 0; i--) {
        link_finish(i);
    }
    for (int i = 0; i < length; i++) {
        if (locks[i].is_section) {
            DeleteCriticalSection(&locks[i].section);
        } else {
            CloseHandle(locks[i].mutex);
        }
    }
}

/* Thread after thread gives back what it has: each falls to its own priority, the others keep the top's. */
static int by_release(int pattern, int count) {
    int right = chain_make(count, pattern, FALSE);

    top_start(INFINITE);
    for (int i = 0; i < count; i++) {
        right &= chain_is(i, TOP);
        SetEvent(links[i].go);
    }
    right &= chain_is(count, 0);
    chain_finish();
    return right;
}

static int by_timeout(int pattern, int count) {
    int right = chain_make(count, pattern, TRUE);

    top_start(1000);
    right &= chain_is(0, TOP);
    Sleep(1100);
    right &= chain_is(0, chain_own());
    chain_finish();
    return right;
}

static int by_death(int pattern, int count) {
    int right = chain_make(count, pattern, FALSE);

    top_start(INFINITE);
    right &= chain_is(0, TOP);
    TerminateThread(links[count].thread, 0);
    WaitForSingleObject(links[count].thread, LONG_WAIT);
    right &= chain_is(0, chain_own());
    chain_finish();
    return right;
}

static int by_priority(int pattern, int count) {
    int right = chain_make(count, pattern, FALSE);

    top_start(INFINITE);
    CeSetThreadPriority(links[count].thread, TOP - 30);
    right &= chain_is(0, TOP - 30);
    CeSetThreadPriority(links[count].thread, 160);
    right &= chain_is(0, 160);
    CeSetThreadPriority(links[count].thread, 195);
    right &= chain_is(0, chain_own());
    CeSetThreadPriority(links[0].thread, 105);
    right &= thread_info(links[0].id).priority == 105;
    CeSetThreadPriority(links[0].thread, BASE);
    right &= chain_is(0, chain_own());
    chain_finish();
    return right;
}

/* One in the middle ends: those below it lose what came from above; who waited for its mutex has it now. */
static int by_break(int pattern, int count, int at) {
    int right = chain_make(count, pattern, FALSE);

    top_start(INFINITE);
    TerminateThread(links[at].thread, 0);
    WaitForSingleObject(links[at].thread, LONG_WAIT);
    for (int i = 0; i < count; i++) {
        DWORD want = i > at ? TOP : (DWORD)(BASE + 1 - at);

        right &= i == at || thread_info(links[i].id).priority == want;
    }
    chain_finish();
    return right;
}

static void test_pattern(int pattern) {
    static const char *const names[PATTERNS] = {"mutexes", "critical sections", "both in turn", "both at random"};
    int right[5] = {0}, chains = 0;

    for (int count = 1; count <= LONGEST; count += pattern == PATTERNS - 1 ? 1 : 1 + count / 2) {
        chains++;
        right[0] += by_release(pattern, count);
        right[1] += by_timeout(pattern, count);
        right[2] += by_death(pattern, count);
        right[3] += by_priority(pattern, count);
        right[4] += by_break(pattern, count, count / 2);
    }
    IS(right[0], chains, "chains of %s: undone by release", names[pattern]);
    IS(right[1], chains, "chains of %s: undone by timeout", names[pattern]);
    IS(right[2], chains, "chains of %s: undone by the waiter's death", names[pattern]);
    IS(right[3], chains, "chains of %s: follow a changed priority", names[pattern]);
    IS(right[4], chains, "chains of %s: broken in the middle", names[pattern]);
}

/* What it is for: one that is urgent does not wait for one in between that has much to do. */
static volatile BOOL stop;
static volatile DWORD spun;

static DWORD WINAPI spins(void *argument) {
    (void)argument;
    while (!stop) {
        spun++;
    }
    return 0;
}

static DWORD WINAPI holds(void *argument) {
    lock_take(argument, INFINITE);
    Sleep(20);
    for (volatile int i = 0; i < 100000; i++) {
    }
    lock_give(argument);
    return 0;
}

static DWORD WINAPI urgent(void *argument) {
    DWORD start = GetTickCount();

    lock_take(argument, INFINITE);
    stop = TRUE;
    lock_give(argument);
    return GetTickCount() - start;
}

static void test_purpose(BOOL is_section) {
    struct lock *lock = &locks[0];
    HANDLE low, between, high;

    lock->is_section = is_section;
    InitializeCriticalSection(&lock->section);
    lock->mutex = CreateMutexW(NULL, FALSE, NULL);
    stop = FALSE;
    low = start_at(190, holds, lock);
    high = start_at(170, urgent, lock);
    between = start_with(180, CREATE_SUSPENDED, spins, NULL, NULL);
    ResumeThread(between); /* runs until the urgent one has the lock */
    OK(stop && spun > 0, "a busy thread between does not keep a %s's owner", is_section ? "section" : "mutex");
    finish_thread(high);
    finish_thread(between);
    finish_thread(low);
    DeleteCriticalSection(&lock->section);
    CloseHandle(lock->mutex);
}

static void tests(void) {
    for (int pattern = 0; pattern < PATTERNS; pattern++) {
        test_pattern(pattern);
    }
    test_purpose(FALSE);
    test_purpose(TRUE);
}

int main(void) {
    return sync_main(tests);
}
