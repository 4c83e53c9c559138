/* Interrupts and the scheduler: preempt_disable and preempt_enable, stretch_begin and stretch_end of
 * kernel/syscall/fast.c, trap_irq, preempt_switch and settle of kernel/schedule.c, switch_to of kernel/switch.h.
 *
 * Threads of three priorities and the idle thread have one processor.  Each does a few things, whichever it likes: it
 * reads the console, sleeps, yields, wakes a sleeper, the same in a section within a section, marks a thread for
 * another priority and may wait then; at last it ends.  An interrupt may come before each step while interrupts are on:
 * one for each sleeper and each reader, and some for nothing.
 *
 * A step is a load or a store of what interrupts use: preempt.count, preempt.settled, schedule_deferred, the ring.
 * What is guarded by preemption being off goes with the step beside it, for no interrupt looks at it; so do stores that
 * leave word or clear settled, one after the other, for interrupts do the same.  The run FINE takes these apart.  What
 * happens with interrupts off is one step: all of trap_irq up to preempt_switch, which turns them on.
 *
 * Checked: while a thread runs with preemption on, outside of all this, count is 0 and settled 1, no word is left and
 * nobody dead, nobody is ready, marked or to be marked who ranks before it, no sleeper's time has come, and no reader
 * waits beside input that nobody is about to take; the same for the idle thread after each interrupt.  Nothing is done
 * while a section holds preemption off.  Each call leaves count as it was.  There is one section on both sides of a
 * switch.  On a stack one end of an interrupt switches at a time.  In the end all threads have ended.
 *
 * Left out: how the timer is set; kills; the order within a priority, but that who yields or has used up its turn goes
 * behind others; what inherit.pml has: here one thread is marked at a time, for two steps.  Of what is done a few at
 * once one is done.
 *
 * run: THREADS=2 TIMES=2 SPARE=1          so many threads, things that each does, interrupts for nothing
 * run: THREADS=2 TIMES=1 SPARE=1 FINE
 * run: THREADS=3 TIMES=1 SPARE=0
 * run: THREADS=3 TIMES=1 SPARE=1 PLAIN    nobody is marked
 * mistake: THREADS=2 TIMES=1 SPARE=1 SETTLED_LATE   settled is set after interrupts are on again
 * mistake: THREADS=2 TIMES=1 SPARE=1 TAKEN_LATE     the words are taken after interrupts are on again
 * mistake: THREADS=2 TIMES=1 SPARE=1 LOOKED_ONCE    preempt_switch does not look again after its work
 * mistake: THREADS=2 TIMES=1 SPARE=1 OPEN_LOOK      interrupts are on when preempt_switch looks again
 * mistake: THREADS=2 TIMES=1 SPARE=1 COUNT_LATE     preempt_switch looks first, and sets count to 0 with interrupts on
 * mistake: THREADS=2 TIMES=1 SPARE=1 SAID_DONE      settle sets settled when it has done its work
 * mistake: THREADS=2 TIMES=1 SPARE=1 WORD_ALONE     an interrupt leaves word, and settled as it is
 * mistake: THREADS=2 TIMES=1 SPARE=1 WORD_REPLACED  an interrupt's word takes the place of others
 * mistake: THREADS=2 TIMES=1 SPARE=1 COUNT_SET      an interrupt is a stretch: count 1 and then 0
 * mistake: THREADS=2 TIMES=1 SPARE=1 COUNT_UNSEEN   the end of an interrupt switches whatever count is
 * mistake: THREADS=2 TIMES=1 SPARE=1 END_UNSEEN     the end of an interrupt leaves all to the next preempt_enable
 * mistake: THREADS=2 TIMES=1 SPARE=1 LOOKED_FIRST   preempt_enable looks at settled before it lowers count
 * mistake: THREADS=2 TIMES=1 SPARE=1 STRETCH_BLIND  stretch_end does not look at settled
 * mistake: THREADS=2 TIMES=1 SPARE=1 STRETCH_INNER  a stretch within a section
 * mistake: THREADS=2 TIMES=1 SPARE=1 NEST_WAITS     a thread waits in a section within a section
 * mistake: THREADS=2 TIMES=1 SPARE=1 SWITCH_BLIND   switch_to sets settled, whatever words are left
 * mistake: THREADS=2 TIMES=1 SPARE=1 SWITCH_FIRST   switch_to looks for words before it sets settled
 * mistake: THREADS=2 TIMES=1 SPARE=1 MARK_UNSEEN    switch_to does not look how a marked thread ranks
 * mistake: THREADS=2 TIMES=1 SPARE=1 NOT_ENDED      a new thread does not end the section of the switch to it
 * mistake: THREADS=2 TIMES=1 SPARE=1 ENDED_TWICE    the switch ends the section, and who comes on does too
 * mistake: THREADS=2 TIMES=1 SPARE=1 DEFER_TORN     schedule_defer has interrupts on
 * mistake: THREADS=2 TIMES=1 SPARE=1 DONE_TORN      schedule_defer_done has interrupts on
 * mistake: THREADS=2 TIMES=1 SPARE=1 MARK_DROPPED   the word of marked threads is taken like others
 * mistake: THREADS=2 TIMES=1 SPARE=1 MARK_HALF      settle does not go on with a marked thread
 * mistake: THREADS=2 TIMES=1 SPARE=1 REST_LEFT      of several sleepers one is woken, with no word of the others
 * mistake: THREADS=2 TIMES=1 SPARE=1 WORDS_DROPPED  handing over to a sleeper does nothing for other words
 * mistake: THREADS=2 TIMES=1 SPARE=1 NOT_QUEUED     handing over to a sleeper leaves the running thread in no queue
 * mistake: THREADS=3 TIMES=1 SPARE=1 TURN_KEPT      handing over to a sleeper leaves turn_over for who comes next
 * mistake: THREADS=2 TIMES=1 SPARE=1 WAKE_UNRANKED  waking does not clear settled
 * mistake: THREADS=2 TIMES=1 SPARE=1 READ_EARLY     a reader looks for input before its section
 * mistake: THREADS=2 TIMES=1 SPARE=1 YIELD_SETTLED  who yields to nobody sets settled
 * mistake: THREADS=2 TIMES=1 SPARE=1 DEAD_UNSAID    a thread that ends leaves no word
 */
#define IDLE   THREADS /* number of the idle thread */
#define NONE   (THREADS + 1)
#define NOBODY 4       /* no priority; the idle thread has 3 */

#define TIMER   1 /* words */
#define CONSOLE 2
#define INHERIT 4
#define DEAD    8
#define SWITCH  16 /* settle's own */

#define READY   0 /* states of a thread */
#define RUNNING 1
#define WAITING 2
#define GONE    3

#define NOTHING 0 /* what a thread does */
#define READ    1
#define SLEEP   2
#define YIELD   3
#define WAKE    4
#define NEST    5
#define MARK    6
#define EXIT    7

byte count = 1;
bool settled;
byte deferred;
bool irq_off;
byte ring; /* bytes of input */

byte current = IDLE;
byte state[THREADS + 1];
byte prio[THREADS + 1]; /* 0 the highest */
byte doing[THREADS + 1];
bool due[THREADS + 1];  /* a sleeper's time has come */
byte dead = NONE;
bool turn_over;
byte marked = NONE;     /* thread whose priority is to change */
byte steps;             /* until that is done */
byte rank = NOBODY;     /* inherit_first_priority */

byte stack = IDLE;        /* whose stack is in use */
bool inside[THREADS + 1]; /* preempt_switch runs on it */
byte own[THREADS + 1];    /* sections that a thread is in */
bool interrupted = true;  /* the idle thread was, and has not looked */
byte left = SPARE;        /* interrupts for nothing, and input before anybody reads */
byte first, i;

/* Process 0 is the devices, 2 n + 1 thread n, 2 n + 2 preempt_switch on its stack. */
#define ON_CPU (_pid == 2 * stack + 1 + inside[stack])

#define DUE(t)    due[t]
#define READER(t) (state[t] == WAITING && doing[t] == READ)
#define READS(t)  (state[t] == READY && doing[t] == READ)
#define SLEEPS(t) (state[t] == WAITING && doing[t] != READ)
#define ALIVE(t)  (state[t] != GONE)
#define FIRST(t)  ((t) != n && state[t] == READY && prio[t] == first)
#define PEER(t)   ((t) != n && state[t] == READY && prio[t] == prio[n])

#ifdef FINE
#define JOINED
#else
#define JOINED atomic
#endif
#ifdef STRETCH_INNER
#define IN_STRETCH (doing[n] == SLEEP || doing[n] == WAKE || (doing[n] == NEST && own[n] != 0))
#else
#define IN_STRETCH (doing[n] == SLEEP || doing[n] == WAKE)
#endif
#ifdef COUNT_UNSEEN
#define TO_DO (settled == 0)
#else
#define TO_DO (count == 0 && settled == 0)
#endif
#ifdef WORDS_DROPPED
#define ONLY_TIMER true
#else
#define ONLY_TIMER (work == TIMER)
#endif
#ifdef READ_EARLY
#define EMPTY early
#else
#define EMPTY (ring == 0)
#endif
#ifdef LOOKED_FIRST
#define SETTLED early
#else
#define SETTLED settled
#endif

/* who: any thread that is such, or NONE. */
#if THREADS == 2
#define ANY(such)         (such(0) || such(1))
#define CHOOSE(who, such) if :: such(0) -> who = 0 :: such(1) -> who = 1 :: else -> who = NONE fi
#else
#define ANY(such)         (such(0) || such(1) || such(2))
#define CHOOSE(who, such) if :: such(0) -> who = 0 :: such(1) -> who = 1 :: such(2) -> who = 2 :: else -> who = NONE fi
#endif

/* first: queue_first_priority. */
inline look_first() {
    first = NOBODY;
    for (i : 0 .. IDLE) {
        first = (state[i] == READY && prio[i] < first -> prio[i] : first)
    }
    i = 0
}

/* schedule_defer */
inline defer(word) {
#ifdef DEFER_TORN
    r = deferred;
    d_step { deferred = r | word; r = 0; settled = 0 }
#else
    d_step { deferred = deferred | word; settled = 0 }
#endif
}

/* schedule_defer_done, for marked threads */
inline defer_done() {
#ifdef DONE_TORN
    r = deferred;
    d_step { deferred = r & ~INHERIT; r = 0 }
#else
    d_step { deferred = deferred & ~INHERIT }
#endif
}

/* schedule_wake for `to`, if it is anybody. */
inline wake() {
    if
    :: to != NONE ->
        state[to] = READY;
        due[to] = false;
#ifndef WAKE_UNRANKED
        settled = settled && prio[to] >= prio[current];
#endif
        to = NONE
    :: else
    fi
}

inline unmark() {
    marked = NONE;
    steps = 0;
    rank = NOBODY
}

inline inherit_work() {
    d_step {
        if
        :: steps == 2 -> /* schedule_reprioritise */
            steps = 1;
            prio[marked] = (prio[marked] + 1) % 3;
            look_first();
            settled = settled && !(state[marked] == READY && prio[marked] < prio[current]) &&
                      !(marked == current && first < prio[marked]);
            first = 0
        :: steps == 1 -> unmark()
        :: else
        fi
    }
    if
    :: marked == NONE -> defer_done()
    :: else
    fi
}

/* switch_to, or switch_from if it is not known to whom; up to context_switch. */
inline switch() {
    JOINED {
        if
        :: to == NONE ->
            d_step { look_first() }
            if
            :: FIRST(IDLE) -> to = IDLE
            :: else -> CHOOSE(to, FIRST)
            fi;
            first = 0
        :: else
        fi;
        assert(count == 1);
        state[to] = RUNNING;
        current = to;
#ifndef SWITCH_FIRST
        settled = 1
#endif
    }
#if defined(SWITCH_BLIND)
    skip
#elif defined(SWITCH_FIRST)
    if
    :: deferred != 0 -> settled = 0
    :: else -> settled = 1
    fi
#else
    if
    :: deferred != 0 ->
        if /* switch_with_work */
#ifdef MARK_UNSEEN
        :: deferred != INHERIT -> settled = 0
#else
        :: deferred != INHERIT || rank <= prio[to] -> settled = 0
#endif
        :: else
        fi
    :: else
    fi
#endif
}

/* The process stops behind this until its stack is in use again. */
inline context_switch() {
    d_step {
#ifdef ENDED_TWICE
        count--;
#endif
        stack = to;
        to = NONE
    }
}

inline settle() {
    JOINED {
        assert(own[n] == 0 && current == n && stack == n && count == 1);
        if
        :: (work & DEAD) != 0 -> assert(dead != NONE); dead = NONE
        :: else
        fi;
        if
        :: (work & TIMER) != 0 ->
            d_step { look_first() }
            CHOOSE(to, DUE);
            if
            :: to != NONE && ONLY_TIMER && prio[to] < prio[n] && prio[to] < first -> /* timer_hand_over */
                state[to] = RUNNING;
                due[to] = false;
#ifdef NOT_QUEUED
                state[n] = (n == IDLE -> READY : RUNNING);
#else
                state[n] = READY;
#endif
#ifndef TURN_KEPT
                turn_over = false
#endif
            :: else -> wake()
            fi;
#ifndef REST_LEFT
            if
            :: ANY(DUE) -> defer(TIMER)
            :: else
            fi;
#endif
            if
            :: to == NONE && ANY(PEER) -> turn_over = true /* turn_look: the turn may be over, or not */
            :: true
            fi
        :: else
        fi;
        if
        :: to == NONE && (work & CONSOLE) != 0 -> CHOOSE(to, READER); wake()
        :: else
        fi;
        d_step {
            look_first();
            if
            :: to != NONE -> work = SWITCH
            :: to == NONE && marked != NONE && rank <= first -> work = INHERIT
            :: to == NONE && !(marked != NONE && rank <= first) ->
                work = (first < prio[n] || (turn_over && first == prio[n]) -> SWITCH : (marked != NONE -> INHERIT : 0));
                state[n] = (work == SWITCH -> READY : RUNNING);
                turn_over = turn_over && work == INHERIT
            fi;
            first = 0
        }
    }
    if
    :: work == INHERIT ->
        inherit_work();
#ifdef MARK_HALF
        work = 0
#else
        d_step { settled = 0; work = 0 }
#endif
    :: work == SWITCH -> work = 0; switch(); context_switch()
    :: else
    fi
}

/* On the stack of thread n, which called it or was interrupted, until inside[n] is false again.  In both cases
 * interrupts are on afterwards. */
proctype preempt_switch(byte n) provided (ON_CPU) {
    byte r, work, to = NONE;
end:
    do
    :: d_step {
        TO_DO ->
#ifndef TAKEN_LATE
        work = deferred;
#ifdef MARK_DROPPED
        deferred = 0;
#else
        deferred = (marked != NONE -> INHERIT : 0);
#endif
#endif
#ifndef SETTLED_LATE
        settled = 1;
#endif
        count = 1;
        irq_off = false
        }
#ifdef TAKEN_LATE
        work = deferred;
        deferred = (marked != NONE -> INHERIT : 0);
#endif
#ifdef SETTLED_LATE
        settled = 1;
#endif
        settle();
#ifdef SAID_DONE
        settled = 1;
#endif
#if defined(LOOKED_ONCE)
        d_step { count = 0; irq_off = false; inside[n] = false }
#elif defined(OPEN_LOOK)
        count = 0;
        irq_off = true
#elif defined(COUNT_LATE)
        irq_off = true;
        if
        :: settled == 0 -> count = 0
        :: else -> irq_off = false; d_step { count = 0; inside[n] = false }
        fi
#else
        d_step { irq_off = true; count = 0 }
#endif
    :: d_step { !TO_DO -> irq_off = false; inside[n] = false }
    od
}

/* A thread runs with preemption on, outside of all this. */
inline check() {
    assert(count == 0 && settled == 1);
    assert(own[n] == 0 && current == n && stack == n && !irq_off);
    assert((deferred & ~INHERIT) == 0 && dead == NONE && !turn_over);
    assert(marked == NONE || (deferred == INHERIT && rank > prio[n]));
    assert(!ANY(DUE));
    assert(ring == 0 || !ANY(READER) || ANY(READS));
    look_first();
    assert(first >= prio[n]);
    first = 0
}

proctype thread(byte n) provided (ON_CPU) {
    byte r, times, to = NONE;
    bool early; /* seen by mistake */
#ifdef NOT_ENDED
    own[n] = 0;
    goto next;
#else
    goto leave; /* schedule_begin; the idle thread has started all others */
#endif
next:
    JOINED {
        d_step { check() }
        if
        :: n == IDLE ->
end_idle:   interrupted; /* cpu_wait_for_interrupt */
            interrupted = false;
            goto next
        :: n != IDLE && times == TIMES -> doing[n] = EXIT; times = 0
        :: n != IDLE && times < TIMES ->
            times++;
            if
            :: doing[n] = READ
            :: doing[n] = SLEEP
            :: doing[n] = YIELD
            :: ANY(SLEEPS) -> doing[n] = WAKE
            :: ANY(SLEEPS) -> doing[n] = NEST
#ifndef PLAIN
            :: marked == NONE -> doing[n] = MARK
#endif
            fi
        fi
    }
enter:
#ifdef READ_EARLY
    early = (ring == 0);
#endif
    if
    :: IN_STRETCH -> d_step { count = 1; own[n]++ } /* stretch_begin */
    :: else ->
        r = count; /* preempt_disable */
        d_step { count = r + 1; own[n]++; r = 0 }
    fi;
again:
    JOINED {
        if
        :: doing[n] == READ && EMPTY -> state[n] = WAITING
        :: doing[n] == READ && ring != 0 ->
            ring--;
            doing[n] = NOTHING;
            if
            :: ring != 0 -> CHOOSE(to, READER); wake()
            :: else
            fi
        :: doing[n] == SLEEP -> state[n] = WAITING
        :: doing[n] == YIELD ->
            d_step {
                look_first();
                state[n] = (first <= prio[n] -> READY : RUNNING);
#ifdef YIELD_SETTLED
                settled = settled || state[n] == RUNNING;
#endif
                first = 0
            }
        :: doing[n] == NEST && own[n] == 1 -> goto enter
#ifdef NEST_WAITS
        :: doing[n] == NEST && own[n] == 2 -> state[n] = WAITING
#endif
        :: doing[n] == WAKE || (doing[n] == NEST && own[n] == 2) -> CHOOSE(to, SLEEPS); wake()
        :: doing[n] == MARK ->
            assert(marked == NONE);
            CHOOSE(marked, ALIVE);
            steps = 2;
            rank = (prio[marked] == 1 -> 1 : 0);
            if
            :: state[n] = WAITING
            :: true
            fi
        :: doing[n] == EXIT ->
            assert(dead == NONE);
            dead = n;
            state[n] = GONE;
            d_step {
                if
                :: marked == n -> unmark()
                :: else
                fi
            }
        fi
    }
    if
    :: doing[n] == MARK -> defer(INHERIT)
#ifndef DEAD_UNSAID
    :: doing[n] == EXIT -> defer(DEAD)
#endif
    :: else
    fi;
    if
    :: state[n] == RUNNING -> goto leave
    :: state[n] == WAITING && (deferred & INHERIT) != 0 -> inherit_work() /* block_here */
    :: else
    fi;
    switch();
    JOINED {
        if
        :: state[n] == GONE -> goto gone
        :: else -> context_switch()
        fi
    }
    if
    :: doing[n] == READ -> goto again
    :: else
    fi;
leave:
#ifdef LOOKED_FIRST
    early = settled;
#endif
    if
    :: IN_STRETCH -> d_step { count = 0; own[n]-- } /* stretch_end */
    :: else ->
        r = count; /* preempt_enable */
        d_step { r--; count = r; own[n]-- }
    fi;
    if
#ifdef STRETCH_BLIND
    :: r == 0 && settled == 0 && !IN_STRETCH -> d_step { irq_off = true; inside[n] = true }
#else
    :: r == 0 && SETTLED == 0 -> d_step { irq_off = true; inside[n] = true } /* preempt_switch */
#endif
    :: else
    fi;
    JOINED {
        assert(count == own[n]);
        r = 0;
        if
        :: own[n] != 0 -> goto leave
        :: else -> doing[n] = NOTHING; goto next
        fi
    }
gone:
    context_switch()
}

init {
    byte n, word;
    atomic {
        for (n : 0 .. IDLE) {
            prio[n] = (n == 0 -> 0 : 1);
            own[n] = 1;
            run thread(n);
            run preempt_switch(n)
        }
        prio[IDLE] = 3;
        state[IDLE] = RUNNING;
        n = 0
    }
end:
    do
    :: atomic {
        if
        :: !irq_off && SLEEPS(0) && !due[0] -> due[0] = true; word = TIMER
        :: !irq_off && SLEEPS(1) && !due[1] -> due[1] = true; word = TIMER
#if THREADS == 3
        :: !irq_off && SLEEPS(2) && !due[2] -> due[2] = true; word = TIMER
#endif
        :: !irq_off && ring == 0 && ANY(READER) -> ring++; word = CONSOLE
        :: !irq_off && left > 0 && ring < 2 -> left--; ring++; word = CONSOLE
        :: !irq_off && left > 0 -> left--; word = TIMER
        fi;
        d_step { /* trap_irq */
#ifdef COUNT_SET
            count = 1;
#else
            count++;
#endif
#ifdef WORD_REPLACED
            deferred = word;
#else
            deferred = deferred | word;
#endif
#ifndef WORD_ALONE
            settled = 0;
#endif
#ifdef COUNT_SET
            count = 0;
#else
            count--;
#endif
#ifndef END_UNSEEN
            if
            :: TO_DO -> assert(!inside[stack]); inside[stack] = true; irq_off = true
            :: else
            fi;
#endif
            interrupted = interrupted || stack == IDLE;
            word = 0
        }
        }
    od
}
