/* The word of a critical section: kernel/critical.c, and the library's half of it.  Threads enter and leave a few times
 * each, by compare and exchange or by the kernel; waiters are killed at any moment of their wait.
 *
 * Checked: one thread at most is inside; nobody is left waiting at the end; bit 0 is set whenever somebody waits, and
 * the word has an owner then; the lock in the kernel goes with its last user and not before.  A page that is not there
 * makes a stretch of the kernel begin again.
 *
 * run: THREADS=3 TIMES=2
 * run: THREADS=4 TIMES=1
 * mistake: THREADS=3 TIMES=2 NO_BIT          who waits does not set bit 0
 * mistake: THREADS=3 TIMES=2 TWO_STRETCHES   bit 0 is set in one stretch, and the queue entered in another
 * mistake: THREADS=3 TIMES=2 NO_LOOK         a section that was left meanwhile is waited for
 * mistake: THREADS=3 TIMES=2 BARGING         leaving frees the word, and wakes a waiter that believes it is its own
 * mistake: THREADS=3 TIMES=2 BIT_LOST        the word that is handed on does not tell that others wait still
 * mistake: THREADS=3 TIMES=2 FREED_EARLY     the first user that goes frees the lock
 * mistake: THREADS=3 TIMES=2 KILLED_QUEUED   a killed waiter stays in the queue
 * mistake: THREADS=3 TIMES=2 HANDED_FIRST    a waiter is taken out before the word could be written
 */
#define OWNER(word) ((word) & 254)
#define ID(n)       (2 * ((n) + 1))

byte word;
bool queued[THREADS];  /* in the queue of the lock */
bool asleep[THREADS];
bool killed[THREADS];
byte users;            /* of the lock; 0: there is none */
byte inside;
bool away = false;     /* the page has been away once */

inline count_queued() { /* more; next is any of them */
    more = 0;
    for (k : 0 .. THREADS - 1) {
        more = more + queued[k]
    }
    k = 0
}

inline check() {
    for (k : 0 .. THREADS - 1) {
        assert(!(queued[k] && asleep[k]) || ((word & 1) == 1 && OWNER(word) != 0));
        assert(!queued[k] || users > 0)
    }
    k = 0
}

proctype user(byte n) {
    byte times, k, more, next;
    bool again;
    do
    :: times == TIMES -> break
    :: times < TIMES ->
        times++;
        if
        :: atomic { word == 0 -> word = ID(n) } /* compare and exchange */
        :: atomic { word != 0 -> again = true }
        fi;
        do
        :: !again -> break
        :: atomic { again && !away -> away = true } /* nothing is done, but once more */
        :: again ->
            d_step { /* wait_once */
                assert(OWNER(word) != ID(n));
                if
#ifndef NO_LOOK
                :: word == 0 -> word = ID(n); again = false
#endif
                :: else ->
#ifndef NO_BIT
                    word = word | 1;
#endif
#ifndef TWO_STRETCHES
                    queued[n] = true;
                    asleep[n] = true;
                    users++;
                    check()
#endif
                fi
            }
            if
            :: !again -> break
            :: else
            fi;
#ifdef TWO_STRETCHES
            d_step { queued[n] = true; asleep[n] = true; users++ }
#endif
            d_step { /* disuse, when it runs again */
                !asleep[n] ->
                users--;
#ifdef FREED_EARLY
                for (k : 0 .. THREADS - 1) {
                    queued[k] = false
                }
                k = 0;
                users = 0;
#endif
                again = false
            }
            if
            :: killed[n] -> goto ended
            :: else -> assert(OWNER(word) == ID(n))
            fi
        od;
        inside++;
        assert(inside == 1);
        inside--;
        if
        :: atomic { word == ID(n) -> word = 0 } /* compare and exchange */
        :: atomic { word != ID(n) -> again = true }
        fi;
        do
        :: !again -> break
        :: atomic {
            again && !away -> away = true;
#ifdef HANDED_FIRST
            if
            :: queued[(n + 1) % THREADS] -> queued[(n + 1) % THREADS] = false
            :: else
            fi
#endif
            }
        :: atomic { /* leave_once */
            again ->
            again = false;
            d_step {
                assert(OWNER(word) == ID(n));
                count_queued()
            }
            if
            :: more == 0 -> word = 0
            :: else ->
                if /* which is first is a matter of priority */
                :: queued[0] -> next = 0
                :: queued[1] -> next = 1
                :: queued[2] -> next = 2
#if THREADS == 4
                :: queued[3] -> next = 3
#endif
                fi;
                d_step {
#ifdef BARGING
                    word = 0;
#else
                    word = ID(next);
#ifndef BIT_LOST
                    word = word | (more > 1);
#endif
#endif
                    queued[next] = false;
                    asleep[next] = false;
                    check()
                }
            fi;
            more = 0; next = 0
            }
        od
    od;
ended:
}

proctype killer() {
    byte n, k, times;
    do
    :: times < 2 ->
        atomic {
            times++;
            select(n : 0 .. THREADS - 1);
            if
            :: queued[n] && asleep[n] ->
                d_step {
                    killed[n] = true;
                    asleep[n] = false;
#ifndef KILLED_QUEUED
                    queued[n] = false;
#endif
                    check()
                }
            :: else
            fi;
            n = 0
        }
    :: times == 2 -> break
    od
}

init {
    byte n;
    atomic {
        for (n : 0 .. THREADS - 1) {
            run user(n)
        }
        run killer()
    }
    (_nr_pr == 1);
    assert(users == 0)
}
