/* Waiting and waking: kernel/wait.c, and the changes of events, semaphores and mutexes of kernel/sync.c.  Each event of
 * the loop below is a stretch with preemption off; serving opens it after every second waiter, and then anything may
 * come between: further changes of the same object, new waits, timeouts, kills.
 *
 * Checked: nobody is left waiting who could be served, but for those whom somebody is about to serve; nothing is taken
 * that is not there; a wait for one of several ends with one object, a wait for all with all or with none; a wait ends
 * once, by service, timeout or kill; setting or pulsing a manual event releases all who waited then, whatever happens
 * meanwhile, and nobody else; where wait_is_crowded denies it, preemption stays off.
 *
 * Suspension shows only in that a suspended thread begins nothing: its wait goes on.  Which of several waiters is the
 * first is left open.  Ages are brought down again after each event, in their order.
 *
 * run: FIRST=AUTO SECOND=SEMAPHORE
 * run: FIRST=MANUAL SECOND=MUTEX
 * run: FIRST=MANUAL SECOND=AUTO
 * run: FIRST=MUTEX SECOND=SEMAPHORE
 * mistake: FIRST=AUTO SECOND=SEMAPHORE LOOK_ONCE       waits without having looked in the same stretch
 * mistake: FIRST=AUTO SECOND=SEMAPHORE SIGNAL_OLD      after the others ran, serving goes by the signal of before
 * mistake: FIRST=AUTO SECOND=SEMAPHORE FIRST_ONLY      a first waiter that cannot be served keeps those behind it back
 * mistake: FIRST=AUTO SECOND=SEMAPHORE PARTLY          a wait for all is served when one object is there
 * mistake: FIRST=AUTO SECOND=SEMAPHORE ONE_QUEUE_LEFT  who is served stays in the queue of the other object
 * mistake: FIRST=AUTO SECOND=SEMAPHORE TIMER_KEPT      the timeout of a wait that was served comes all the same
 * mistake: FIRST=AUTO SECOND=SEMAPHORE KILLED_QUEUED   who is killed stays in the queues
 * mistake: FIRST=AUTO SECOND=SEMAPHORE SUSPENDED_PASSED  suspended threads are not served
 * mistake: FIRST=MANUAL SECOND=AUTO NUMBERS_UNSEEN     a pulse releases those who came while it went on
 * mistake: FIRST=MANUAL SECOND=AUTO SIGNAL_ONLY        setting an event releases no more once it is reset
 * mistake: FIRST=MANUAL SECOND=AUTO CROWDED_MORE       wait_is_crowded is false for as many as are served at once
 * mistake: FIRST=MUTEX SECOND=SEMAPHORE NOT_PASSED     a mutex that becomes free is given to nobody
 */
#define AUTO      1
#define MANUAL    2
#define SEMAPHORE 3
#define MUTEX     4
#define T         3 /* threads that wait */
#define S         2 /* who serves, with preemption on in between */
#define AT_ONCE   2
#define MOST      3 /* of a semaphore */
#ifndef EVENTS
#define EVENTS 7
#endif

#define RUNNING 0
#define WAITING 1
#define READY   2 /* its wait has ended */
#define DEAD    3

byte state[T];
bool suspended[T];
byte wants[T];    /* objects it waits for, a bit each */
bool all[T];
byte queued[T];   /* in which queues */
byte got[T];      /* objects taken in this wait */
bool timer[T];
byte entered[T];  /* age when it began to wait */
byte signal[2];
byte owner[2];    /* of a mutex; T: nobody */
byte age = 1;     /* goes on with each change that serves all who wait */

bool serving[S];
byte object[S];   /* whose waiters */
bool gone[S];     /* serves whatever the signal says */
byte until[S];
byte due[S];      /* who waited when it began, and does still */
byte old[S];      /* signal when preemption was opened */
byte left = EVENTS;
byte t_, i_, v_, served, crowd;
bool opened, found;

#define KIND(o)         ((o) == 0 -> FIRST : SECOND)
#define AVAILABLE(o, t) (KIND(o) == MUTEX -> (owner[o] == T || owner[o] == (t)) : (signal[o] != 0))
#define THERE(o, t, b)  ((wants[t] & (1 << (o))) == 0 || (b) == (o) || AVAILABLE(o, t))

inline take(o, t) {
    if
    :: KIND(o) == MUTEX ->
        assert(owner[o] == T || owner[o] == t);
        owner[o] = t
    :: else ->
        assert(signal[o] != 0);
        signal[o] = signal[o] - (KIND(o) != MANUAL)
    fi
}

inline wake(t) {
    assert(state[t] == WAITING);
    state[t] = READY;
    for (i_ : 0 .. S - 1) {
        due[i_] = due[i_] & ~(1 << t)
    }
#ifndef TIMER_KEPT
    timer[t] = false;
#endif
    queued[t] = 0
}

/* Serves thread t, which stands in the queue of o; b: object whose signal may have gone, or 2. */
inline serve(o, t, b) {
    if
    :: all[t] ->
        for (i_ : 0 .. 1) {
#ifdef PARTLY
            if
            :: (wants[t] & (1 << i_)) != 0 && (i_ == b || AVAILABLE(i_, t)) ->
#else
            if
            :: (wants[t] & (1 << i_)) != 0 ->
#endif
                got[t] = got[t] | (1 << i_);
                if
                :: i_ != b -> take(i_, t)
                :: else
                fi
            :: else
            fi
        }
    :: else ->
        got[t] = got[t] | (1 << o);
        if
        :: o != b -> take(o, t)
        :: else
        fi
    fi;
    wake(t);
#ifdef ONE_QUEUE_LEFT
    queued[t] = wants[t] & ~(1 << o)
#endif
}

/* found: thread t can be given what it waits for, by who has object o. */
inline can_serve(o, t, b, last) {
    found = (queued[t] & (1 << o)) != 0;
#ifndef NUMBERS_UNSEEN
    found = found && entered[t] <= last;
#endif
#ifdef SUSPENDED_PASSED
    found = found && !suspended[t];
#endif
#ifndef PARTLY
    found = found && (!all[t] || (THERE(0, t, b) && THERE(1, t, b)))
#endif
}

/* serve_first: t_ is who was served; T: nobody.  choice: with whom to begin. */
inline serve_first(o, b, last, choice) {
    t_ = choice;
    found = false;
    do
    :: !found && t_ < choice + T ->
        can_serve(o, t_ % T, b, last);
#ifdef FIRST_ONLY
        if
        :: !found && (queued[t_ % T] & (1 << o)) != 0 -> break
        :: else
        fi;
#endif
        t_ = t_ + !found
    :: else -> break
    od;
    if
    :: found -> t_ = t_ % T; serve(o, t_, b); found = true
    :: else -> t_ = T
    fi
}

inline serve_released(s, choice) {
    if
    :: gone[s] -> serve_first(object[s], object[s], v_, choice)
    :: else -> serve_first(object[s], 2, v_, choice)
    fi;
    assert(!gone[s] || t_ == T || (crowd & (1 << t_)) != 0)
}

/* serve_in_steps for server s, until it opens preemption or has done. */
inline go_on(s, choice) {
    served = 0;
    opened = false;
    serving[s] = true;
    do
    :: served < AT_ONCE && (gone[s] || signal[object[s]] != 0
#ifdef SIGNAL_OLD
        || (served == 0 && old[s] != 0)
#endif
        ) ->
        v_ = age;
        if
        :: gone[s] -> v_ = until[s]
        :: else
        fi;
#ifdef SIGNAL_ONLY
        if
        :: gone[s] && signal[object[s]] == 0 && old[s] != 0 -> break
        :: else
        fi;
#endif
        crowd = due[s];
        serve_released(s, choice);
        if
        :: !found -> break
        :: else -> served++
        fi
    :: else -> break
    od;
    if
    :: served == AT_ONCE ->
        opened = true;
        old[s] = signal[object[s]]
    :: else -> /* all who waited and could not stay behind were released */
        for (i_ : 0 .. T - 1) {
            assert(!gone[s] || (due[s] & (1 << i_)) == 0 || (all[i_] && !(THERE(0, i_, object[s]) && THERE(1, i_, object[s]))))
        }
        serving[s] = false; object[s] = 0; gone[s] = false; until[s] = 0; due[s] = 0; old[s] = 0
    fi
}

inline begin(s, o, whatever, choice) {
    object[s] = o;
    gone[s] = whatever;
    until[s] = (whatever -> age : 0);
    age = age + whatever;
    due[s] = 0;
    if
    :: whatever ->
        for (i_ : 0 .. T - 1) {
            if
            :: state[i_] == WAITING && (wants[i_] & (1 << o)) != 0 -> due[s] = due[s] | (1 << i_)
            :: else
            fi
        }
    :: else
    fi;
    old[s] = signal[o];
    go_on(s, choice)
}

/* crowd: how many stand in the queue. */
inline count(o) {
    crowd = 0;
    for (i_ : 0 .. T - 1) {
        crowd = crowd + ((queued[i_] & (1 << o)) != 0)
    }
}

inline check() {
    for (t_ : 0 .. T - 1) {
        assert(state[t_] != READY || got[t_] == 0 || (all[t_] -> got[t_] == wants[t_] : (got[t_] == 1 || got[t_] == 2)));
        assert(state[t_] == WAITING || queued[t_] == 0);
        assert(state[t_] != WAITING || got[t_] == 0);
        if
        :: state[t_] == WAITING ->
            v_ = (all[t_] -> (THERE(0, t_, 2) && THERE(1, t_, 2))
                  : (((wants[t_] & 1) != 0 && AVAILABLE(0, t_)) || ((wants[t_] & 2) != 0 && AVAILABLE(1, t_))));
            for (i_ : 0 .. S - 1) { /* somebody is about to */
                if
                :: serving[i_] && (wants[t_] & (1 << object[i_])) != 0 &&
                   (gone[i_] -> (entered[t_] <= until[i_]) : (signal[object[i_]] != 0)) -> v_ = 0
                :: else
                fi
            }
            assert(v_ == 0)
        :: else
        fi
    }
    /* Ages without gaps: 0 nobody's, and those that nobody knows any more are left out. */
    v_ = age - 1;
    do
    :: v_ == 0 -> break
    :: else ->
        found = false;
        for (i_ : 0 .. T - 1) {
            found = found || (state[i_] == WAITING && entered[i_] == v_)
        }
        for (i_ : 0 .. S - 1) {
            found = found || (serving[i_] && until[i_] == v_)
        }
        if
        :: !found ->
            for (i_ : 0 .. T - 1) {
                entered[i_] = entered[i_] - (entered[i_] > v_)
            }
            for (i_ : 0 .. S - 1) {
                until[i_] = until[i_] - (until[i_] > v_)
            }
            age--
        :: else
        fi;
        v_--
    od;
    for (t_ : 0 .. T - 1) {
        if
        :: state[t_] != WAITING -> entered[t_] = 0
        :: else
        fi
    }
    t_ = 0; i_ = 0; v_ = 0; served = 0; crowd = 0; opened = false; found = false
}

/* ---- what happens ---- */

inline wait(t, objects, whole) {
    wants[t] = objects;
    all[t] = whole;
    got[t] = 0;
#ifdef LOOK_ONCE
    found = false;
#else
    found = (whole -> (THERE(0, t, 2) && THERE(1, t, 2))
             : (((objects & 1) != 0 && AVAILABLE(0, t)) || ((objects & 2) != 0 && AVAILABLE(1, t))));
#endif
    if
    :: found ->
        for (i_ : 0 .. 1) {
            if
            :: (objects & (1 << i_)) != 0 && AVAILABLE(i_, t) && (whole || got[t] == 0) ->
                take(i_, t);
                got[t] = got[t] | (1 << i_)
            :: else
            fi
        }
        assert((whole -> got[t] == objects : (got[t] == 1 || got[t] == 2)));
        wants[t] = 0; all[t] = false; got[t] = 0
    :: else ->
        state[t] = WAITING;
        queued[t] = objects;
        timer[t] = true;
        entered[t] = age
    fi
}

/* what: 0 reset, 1 set, 2 pulse, 3 the end of a thread whose object this is. */
inline change(s, o, what, choice) {
    count(o);
    if
    :: KIND(o) == SEMAPHORE && signal[o] + what <= MOST && what > 0 ->
        signal[o] = signal[o] + what;
        begin(s, o, false, choice)
    :: (KIND(o) == AUTO || KIND(o) == MANUAL) && what == 0 -> signal[o] = 0
    :: KIND(o) == AUTO && (what == 1 || what == 2) ->
        if
        :: crowd == 0 -> signal[o] = (what == 1)
        :: else ->
            signal[o] = 1;
            begin(s, o, false, choice);
            assert(!opened);
            if
            :: what == 2 -> signal[o] = 0
            :: else
            fi
        fi
    :: KIND(o) == MANUAL && (what == 1 || what == 2) ->
        signal[o] = (what == 1);
        if
        :: crowd != 0 -> begin(s, o, true, choice)
        :: else
        fi
#ifdef CROWDED_MORE
    :: KIND(o) == MANUAL && what == 3 && crowd <= AT_ONCE ->
#else
    :: KIND(o) == MANUAL && what == 3 && crowd < AT_ONCE ->
#endif
        signal[o] = 1;
        begin(s, o, true, choice);
        assert(!opened)
    :: else
    fi
}

inline give_up(o, choice) {
    owner[o] = T;
#ifndef NOT_PASSED
    serve_first(o, 2, age, choice)
#endif
}

init {
    byte t, o, n, s, c;
    d_step {
        for (o : 0 .. 1) {
            owner[o] = T
        }
        o = 0
    }
    do
    :: left == 0 && !serving[0] && !serving[1] -> break
    :: atomic { /* a server goes on */
        serving[0] || serving[1];
        select(s : 0 .. S - 1);
        select(c : 0 .. T - 1);
        skip;
        d_step {
            if
            :: serving[s] -> go_on(s, c); check()
            :: else
            fi;
            s = 0; c = 0
        }
    }
    :: atomic { /* a thread begins a wait */
        left > 0;
        select(t : 0 .. T - 1);
        select(n : 1 .. 4);
        skip;
        d_step {
            if
            :: state[t] == RUNNING && !suspended[t] ->
                left--;
                if
                :: n == 4 -> wait(t, 3, true)
                :: else -> wait(t, n, false)
                fi;
                check()
            :: else
            fi;
            t = 0; n = 0
        }
    }
    :: atomic { /* a thread whose wait has ended runs; its timeout comes; it is killed; suspended, resumed */
        select(t : 0 .. T - 1);
        select(n : 0 .. 3);
        skip;
        d_step {
            if
            :: n == 0 && state[t] == READY && !suspended[t] ->
                state[t] = RUNNING; wants[t] = 0; got[t] = 0; all[t] = false; check()
            :: n == 1 && left > 0 && timer[t] -> left--; timer[t] = false; wake(t); check()
            :: n == 2 && left > 0 && state[t] == WAITING ->
                left--;
                timer[t] = false;
                wake(t);
#ifdef KILLED_QUEUED
                queued[t] = wants[t];
#endif
                state[t] = DEAD; wants[t] = 0; all[t] = false;
                check()
            :: n == 3 && left > 0 && t == 0 && state[0] != DEAD -> left--; suspended[0] = !suspended[0]
            :: else
            fi;
            t = 0; n = 0
        }
    }
    :: atomic { /* an object is changed */
        left > 0 && !(serving[0] && serving[1]);
        select(o : 0 .. 1);
        select(n : 0 .. 3);
        select(c : 0 .. T - 1);
        skip;
        d_step {
            left--;
            if
            :: KIND(o) != MUTEX -> s = serving[0]; change(s, o, n, c)
            :: KIND(o) == MUTEX && n == 0 && owner[o] != T && state[owner[o]] != WAITING -> give_up(o, c)
            :: else
            fi;
            check();
            o = 0; n = 0; s = 0; c = 0
        }
    }
    od
}
