/* Lending priorities: kernel/inherit.c.  Threads own locks, wait for one or two of them at a time, and lend their
 * priority to the owners; marked threads are worked off one step at a time, with anything in between.
 *
 * Checked: with nobody marked each thread has the highest priority of its own and of all who wait for it, directly or
 * through others, and none that nobody lends; in a circle of threads that wait for each other at least that, and what
 * its locks tell.  Working off ends, after a number of steps.  No thread marked, now or as it will be, ranks before
 * what inherit_first_priority says, so that none runs that ranks behind it.  A thread that is gone is in no list.
 *
 * Priorities here: 0 the highest.  Which of several waiters gets a lock is left open.
 *
 * Each run looks at all that so many events, with any steps between them, can lead to.
 *
 * run: CHAIN5 EVENTS=4    from a chain of five threads and four locks on
 * run: TREE EVENTS=5      two locks at a time, deaths, sections without an owner
 * run: CIRCLE EVENTS=5    waits that close circles
 * mistake: CIRCLE EVENTS=5 FIRST_COME      marked threads are worked off in the order in which they were marked
 * mistake: TREE EVENTS=5 HEAD_ONLY         inherit_first_priority looks at one marked thread alone
 * mistake: TREE EVENTS=5 OWN_QUEUED        a wait for all enters the queue of a mutex that the thread owns itself
 * mistake: CHAIN5 EVENTS=4 ONE_LINK        the change is not handed on along the chain
 * mistake: CHAIN5 EVENTS=4 LEFT_UNSEEN     a waiter that gives up does not tell the lock
 * mistake: CHAIN5 EVENTS=4 PASS_KEEPS      what hangs on the owner stays when the lock is passed on
 * mistake: TREE EVENTS=5 REQUEUE_ON        a priority that changes half-way does not begin with the first object again
 * mistake: TREE EVENTS=5 DEAD_OWNER        a thread that ends leaves sections hanging on it
 * mistake: TREE EVENTS=5 BASE_UNSEEN       a changed base priority marks nobody
 */
#if defined(CHAIN5)
#define N 5
#define L 4
#define LEVELS 2
#elif defined(TREE)
#define N 3
#define L 3
#define LEVELS 3
#define TWO
#define DEATH
#else
#define N 3
#define L 3
#define LEVELS 2
#define TWO
#endif
#define SECTION (L - 1) /* in TREE: the lock that is no mutex, which an owner that ends leaves without one */
#define NONE    N
#define FREE    LEVELS /* no priority */
#define STEPS_MOST 60

byte base[N];
byte prio[N];
byte owner[L];
byte link[L];         /* priority with which it hangs on its owner; FREE: it does not */
byte stands[N * L];   /* priority with which a thread stands in the queue; FREE: it does not */
bool waiting[N];
bool dead[N];
byte requeued[N];     /* how many objects have been looked at */
byte marked[N];       /* the list, first to be worked off first */
byte marks;
bool orphan;           /* the owner of the section has ended */
byte first_known = FREE; /* nobody marked ranks before this */
byte left = EVENTS;   /* that are still to happen */
byte steps;           /* since anything else happened */
byte i, j, k, t_, v_, old_;
byte want[N];
byte reach[N];

#define STANDS(t, l) stands[(t) * L + (l)]
#define LOWER_OF(a, b) ((a) < (b) -> (a) : (b))

/* v_: what thread t should have by what hangs on it. */
inline lent_priority(t) {
    v_ = base[t];
    for (k : 0 .. L - 1) {
        if
        :: owner[k] == t && link[k] < v_ -> v_ = link[k]
        :: else
        fi
    }
}

inline is_marked(t) { /* v_ */
    v_ = 0;
    for (k : 0 .. N - 1) {
        if
        :: k < marks && marked[k] == t -> v_ = 1
        :: else
        fi
    }
}

inline mark(t) {
    lent_priority(t);
    if
    :: v_ != prio[t] ->
        first_known = LOWER_OF(first_known, LOWER_OF(v_, prio[t]));
        is_marked(t);
        if
        :: v_ == 0 ->
#ifdef FIRST_COME
            marked[marks] = t;
#else
            k = marks;
            do
            :: k > 0 -> marked[k] = marked[k - 1]; k--
            :: else -> break
            od;
            marked[0] = t;
#endif
            marks++
        :: else
        fi
    :: else
    fi
}

inline unmark(t) {
    k = 0;
    do
    :: k < marks && marked[k] != t -> k++
    :: else -> break
    od;
    if
    :: k < marks ->
        marks--;
        do
        :: k < marks -> marked[k] = marked[k + 1]; k++
        :: else -> break
        od;
        marked[marks] = 0
    :: else
    fi;
    if
    :: marks == 0 -> first_known = FREE
    :: else
    fi
}

inline waiters_changed(l) {
    if
    :: owner[l] != NONE ->
        v_ = FREE;
        for (k : 0 .. N - 1) {
            v_ = LOWER_OF(v_, STANDS(k, l));
        }
        if
        :: link[l] != v_ -> link[l] = v_; mark(owner[l])
        :: else
        fi
    :: else
    fi
}

inline set_owner(l, t) {
    old_ = owner[l];
    owner[l] = t;
#ifndef PASS_KEEPS
    if
    :: link[l] != FREE ->
        link[l] = FREE;
        if
        :: old_ != NONE -> mark(old_)
        :: else
        fi
    :: else
    fi;
#endif
    waiters_changed(l)
}

inline leave_all(t) {
    for (j : 0 .. L - 1) {
        if
        :: STANDS(t, j) != FREE ->
            STANDS(t, j) = FREE;
#ifndef LEFT_UNSEEN
            waiters_changed(j)
#endif
        :: else
        fi
    }
    waiting[t] = false
}

inline enter(t, l) {
    STANDS(t, l) = prio[t];
    waiters_changed(l)
}

/* want[]: the highest of each thread's own and of all who wait for it; reach[]: whom it waits for. */
inline look_through() {
    for (i : 0 .. N - 1) {
        want[i] = base[i];
        reach[i] = 0
    }
    for (t_ : 1 .. N) {
        for (i : 0 .. N - 1) {
            for (j : 0 .. L - 1) {
                if
                :: STANDS(i, j) != FREE && owner[j] != NONE && owner[j] != i ->
                    want[owner[j]] = LOWER_OF(want[owner[j]], want[i]);
                    reach[i] = reach[i] | (1 << owner[j]) | reach[owner[j]]
                :: else
                fi
            }
        }
    }
}

/* What is only used on the way makes no states. */
inline clear() {
    for (i : 0 .. N - 1) {
        want[i] = 0;
        reach[i] = 0
    }
    if
    :: marks == 0 -> steps = 0
    :: else
    fi;
    i = 0; j = 0; k = 0; t_ = 0; v_ = 0; old_ = 0
}

inline event() {
    steps = 0;
    left--
}

inline check() {
    for (i : 0 .. L - 1) {
        assert(owner[i] == NONE || !dead[owner[i]])
    }
    for (i : 0 .. N - 1) {
        is_marked(i);
        if
        :: v_ != 0 ->
            assert(!dead[i]);
            lent_priority(i);
#ifdef HEAD_ONLY
            old_ = LOWER_OF(prio[i], v_);
            lent_priority(marked[0]);
            assert(LOWER_OF(v_, prio[marked[0]]) <= old_)
#else
            assert(first_known <= LOWER_OF(prio[i], v_))
#endif
        :: else
        fi
    }
    if
    :: marks == 0 ->
        look_through();
        for (i : 0 .. N - 1) {
            if
            :: !dead[i] ->
                lent_priority(i);
                assert(prio[i] == v_);
                assert(prio[i] <= want[i]);
                t_ = 0; /* does a circle reach it? */
                for (j : 0 .. N - 1) {
                    if
                    :: (reach[j] & (1 << j)) != 0 && (i == j || (reach[j] & (1 << i)) != 0) -> t_ = 1
                    :: else
                    fi
                }
                assert(t_ == 1 || prio[i] == want[i]);
                for (j : 0 .. L - 1) {
                    assert(STANDS(i, j) == FREE || STANDS(i, j) == prio[i])
                }
            :: else
            fi
        }
    :: else
    fi;
    clear()
}

/* work_once for the first marked thread. */
inline work() {
    t_ = marked[0];
    lent_priority(t_);
    if
    :: prio[t_] != v_ ->
        prio[t_] = v_;
#ifndef REQUEUE_ON
        requeued[t_] = 0
#else
        if
        :: requeued[t_] >= L -> requeued[t_] = 0
        :: else
        fi
#endif
    :: else
    fi;
    if
    :: waiting[t_] ->
        do
        :: requeued[t_] < L && (STANDS(t_, requeued[t_]) == FREE || STANDS(t_, requeued[t_]) == prio[t_]) ->
            requeued[t_]++
        :: else -> break
        od;
        if
        :: requeued[t_] < L ->
            i = requeued[t_];
            requeued[t_]++;
            STANDS(t_, i) = prio[t_];
#ifndef ONE_LINK
            waiters_changed(i)
#endif
        :: else
        fi;
        if
        :: requeued[t_] == L -> unmark(t_)
        :: else
        fi
    :: else -> unmark(t_)
    fi;
    is_marked(t_);
    if
    :: v_ == 0 -> requeued[t_] = 0 /* counts only while it is marked */
    :: else
    fi;
    steps++;
    assert(steps < STEPS_MOST)
}

/* Thread t waits for lock l, and for m, if it has to; m may be its own.  Nothing if that would close a circle. */
inline wait_for(t, l, m) {
    look_through();
    v_ = 1;
#ifndef CIRCLE
    if
    :: owner[l] != NONE && (reach[owner[l]] & (1 << t)) != 0 -> v_ = 0
    :: else
    fi;
    if
    :: owner[m] != NONE && owner[m] != t && (reach[owner[m]] & (1 << t)) != 0 -> v_ = 0
    :: else
    fi;
#endif
    if
    :: v_ == 1 && (owner[l] != NONE || (l == SECTION && orphan)) && (owner[m] != NONE || (m == SECTION && orphan)) ->
        event();
        waiting[t] = true;
        enter(t, l);
        if
#ifdef OWN_QUEUED
        :: m != l -> enter(t, m)
#else
        :: m != l && owner[m] != t -> enter(t, m)
#endif
        :: else
        fi
    :: else
    fi
}

init {
    byte t, l, m;
    d_step {
        for (i : 0 .. N - 1) {
            base[i] = LEVELS - 1;
            prio[i] = LEVELS - 1
        }
        for (i : 0 .. L - 1) {
            owner[i] = i; /* any state would do to begin with */
            link[i] = FREE
        }
        for (i : 0 .. N * L - 1) {
            stands[i] = FREE
        }
#ifdef CHAIN5
        for (i : 0 .. L - 1) { /* all of them in one chain */
            owner[i] = i + 1;
            link[i] = LEVELS - 1;
            STANDS(i, i) = LEVELS - 1;
            waiting[i] = true
        }
#endif
        i = 0
    }
    do
    :: d_step { marks > 0 -> work(); check() }
    :: left == 0 && marks == 0 -> break
    :: atomic { /* another base priority */
        left > 0;
        select(t : 0 .. N - 1);
        select(m : 0 .. LEVELS - 1);
        skip;
        d_step {
            if
            :: !dead[t] && base[t] != m ->
                event();
                base[t] = m;
#ifndef BASE_UNSEEN
                mark(t);
#endif
                check()
            :: else
            fi;
            t = 0; m = 0
        }
    }
    :: atomic { /* takes a free lock, or waits for one lock, or two */
        left > 0;
        select(t : 0 .. N - 1);
        select(l : 0 .. L - 1);
#ifdef TWO
        select(m : l .. L - 1);
#else
        m = l;
#endif
        skip;
        d_step {
            if
            :: !dead[t] && !waiting[t] && owner[l] != t ->
                v_ = FREE;
                for (k : 0 .. N - 1) {
                    v_ = LOWER_OF(v_, STANDS(k, l))
                }
                if
                :: owner[l] == NONE && l != SECTION && m == l && v_ == FREE -> event(); set_owner(l, t)
                :: owner[l] == NONE && l == SECTION && m == l && v_ == FREE && !orphan -> event(); set_owner(l, t)
                :: else -> wait_for(t, l, m)
                fi;
                check()
            :: else
            fi;
            t = 0; l = 0; m = 0
        }
    }
    :: atomic { /* timeout, or killed in the wait */
        left > 0;
        select(t : 0 .. N - 1);
        skip;
        d_step {
            if
            :: waiting[t] -> event(); leave_all(t); check()
            :: else
            fi;
            t = 0
        }
    }
    :: atomic { /* gives up a lock, to any of its waiters of the highest rank */
        left > 0;
        select(l : 0 .. L - 1);
        select(t : 0 .. N - 1);
        skip;
        d_step {
            if
            :: owner[l] != NONE && !waiting[owner[l]] ->
                v_ = FREE;
                for (k : 0 .. N - 1) {
                    v_ = LOWER_OF(v_, STANDS(k, l))
                }
                if
                :: v_ == FREE && t == 0 -> event(); set_owner(l, NONE)
                :: v_ != FREE && STANDS(t, l) == v_ ->
                    event();
                    set_owner(l, NONE);
                    leave_all(t);
                    set_owner(l, t)
                :: else
                fi;
                check()
            :: else
            fi;
            t = 0; l = 0
        }
    }
#ifdef DEATH
    :: d_step { /* a thread ends: mutexes have been given up like others, the section is left without an owner */
        left > 0 && !dead[0] && !waiting[0] && owner[0] != 0 && owner[1] != 0 ->
        event();
        if
        :: owner[SECTION] == 0 ->
            orphan = true;
#ifndef DEAD_OWNER
            set_owner(SECTION, NONE)
#endif
        :: else
        fi;
        unmark(0);
        dead[0] = true;
        base[0] = 0;
        prio[0] = 0;
        requeued[0] = 0;
        check()
    }
#endif
    od
}
