/* Priority inheritance at random against a model: threads that take and give back mutexes and critical sections, change
 * their priorities and die.  After each step the priority of every thread and who waits are as the model says.
 *
 * A thread takes only locks behind those that it has, so that there is no deadlock, and priorities are never equal, so
 * that at each moment one outcome is right.
 */
#include "sync.h"

#define AGENTS 8
#define LOCKS  6
#define STEPS  600
#define NONE   (-1)

/* Even ones are mutexes, odd ones critical sections. */
static HANDLE mutexes[LOCKS];
static CRITICAL_SECTION sections[LOCKS];

static struct agent {
    HANDLE thread, command;
    DWORD id;
    volatile int take, give; /* the order: a lock or NONE */
    volatile BOOL busy;
    /* The model's. */
    DWORD base, priority;
    int waits; /* for a lock, or NONE */
} agents[AGENTS];

static int owners[LOCKS]; /* an agent or NONE */

static DWORD WINAPI agent_run(void *argument) {
    struct agent *agent = argument;

    for (;;) {
        WaitForSingleObject(agent->command, INFINITE);
        if (agent->take != NONE && agent->take % 2) {
            EnterCriticalSection(&sections[agent->take]);
        } else if (agent->take != NONE) {
            WaitForSingleObject(mutexes[agent->take], INFINITE);
        } else if (agent->give != NONE && agent->give % 2) {
            LeaveCriticalSection(&sections[agent->give]);
        } else if (agent->give != NONE) {
            ReleaseMutex(mutexes[agent->give]);
        } else {
            return 0;
        }
        agent->busy = FALSE;
    }
}

/* Works out all priorities: what waits for a thread's lock lends it its own. */
static void model_priorities(void) {
    BOOL changed = TRUE;

    for (int i = 0; i < AGENTS; i++) {
        agents[i].priority = agents[i].base;
    }
    while (changed) {
        changed = FALSE;
        for (int i = 0; i < AGENTS; i++) {
            int owner = agents[i].waits == NONE ? NONE : owners[agents[i].waits];

            if (owner != NONE && agents[owner].priority > agents[i].priority) {
                agents[owner].priority = agents[i].priority;
                changed = TRUE;
            }
        }
    }
}

/* The lock goes to the first of those that wait for it. */
static void model_give(int lock) {
    int next = NONE;

    for (int i = 0; i < AGENTS; i++) {
        if (agents[i].waits == lock && (next == NONE || agents[i].priority < agents[next].priority)) {
            next = i;
        }
    }
    owners[lock] = next;
    if (next != NONE) {
        agents[next].waits = NONE;
    }
    model_priorities();
}

/* The highest lock that the agent has, or NONE. */
static int highest(int agent) {
    int lock = LOCKS - 1;

    while (lock >= 0 && owners[lock] != agent) {
        lock--;
    }
    return lock;
}

static void agent_order(int agent, int take, int give) {
    agents[agent].take = take;
    agents[agent].give = give;
    agents[agent].busy = TRUE;
    SetEvent(agents[agent].command);
}

static void step_take(int agent, uint32_t *seed) {
    int lock = highest(agent) + 1 + (int)(random_next(seed) % LOCKS);

    if (lock >= LOCKS) {
        return;
    }
    if (owners[lock] == NONE) {
        owners[lock] = agent;
    } else {
        agents[agent].waits = lock;
    }
    model_priorities();
    agent_order(agent, lock, NONE);
}

static void step_give(int agent, uint32_t *seed) {
    int lock = (int)(random_next(seed) % LOCKS);

    for (int i = 0; i < LOCKS; i++, lock = (lock + 1) % LOCKS) {
        if (owners[lock] == agent) {
            model_give(lock);
            agent_order(agent, NONE, lock);
            return;
        }
    }
}

static void agent_start(int agent) {
    agents[agent].busy = FALSE;
    agents[agent].waits = NONE;
    agents[agent].thread = start_with((int)agents[agent].base, 0, agent_run, &agents[agent], &agents[agent].id);
}

/* A section whose owner ends is lost, so only those without one do. */
static void step_die(int agent) {
    for (int lock = 1; lock < LOCKS; lock += 2) {
        if (owners[lock] == agent) {
            return;
        }
    }
    agents[agent].waits = NONE;
    model_priorities();
    for (int lock = 0; lock < LOCKS; lock++) {
        if (owners[lock] == agent) {
            model_give(lock);
        }
    }
    TerminateThread(agents[agent].thread, 0);
    finish_thread(agents[agent].thread);
    agent_start(agent);
}

static void step(uint32_t *seed) {
    int agent = (int)(random_next(seed) % AGENTS);
    DWORD kind = random_next(seed) % 16;

    if (kind == 0) {
        step_die(agent);
    } else if (kind < 4) {
        agents[agent].base = 100 + 8 * (random_next(seed) % 11) + (DWORD)agent;
        model_priorities();
        CeSetThreadPriority(agents[agent].thread, (int)agents[agent].base);
    } else if (agents[agent].waits != NONE) {
        return;
    } else if (kind < 11) {
        step_take(agent, seed);
    } else {
        step_give(agent, seed);
    }
}

/* Whether all is as the model says. */
static BOOL agrees(int at) {
    threads_read();
    for (int i = 0; i < AGENTS; i++) {
        struct abi_thread_info info = thread_find(agents[i].id);

        if (info.priority != agents[i].priority || info.base_priority != agents[i].base ||
            agents[i].busy != (agents[i].waits != NONE)) {
            printf("# step %d: agent %d has priority %lu of %lu, want %lu of %lu, waits %d\n", at, i,
                   (unsigned long)info.priority, (unsigned long)info.base_priority, (unsigned long)agents[i].priority,
                   (unsigned long)agents[i].base, agents[i].waits);
            return FALSE;
        }
    }
    return TRUE;
}

static void test_random(uint32_t seed) {
    const unsigned long first = seed;
    int steps = 0;

    printf("# random locking, seed %lu\n", first);
    for (int i = 0; i < LOCKS; i++) {
        owners[i] = NONE;
        mutexes[i] = CreateMutexW(NULL, FALSE, NULL);
        InitializeCriticalSection(&sections[i]);
    }
    for (int i = 0; i < AGENTS; i++) {
        agents[i].command = CreateEventW(NULL, FALSE, FALSE, NULL);
        agents[i].base = agents[i].priority = (DWORD)(132 + i);
        agent_start(i);
    }
    while (steps < STEPS && agrees(steps)) {
        step(&seed);
        steps++;
    }
    IS(steps, STEPS, "%d threads and %d locks at random, seed %lu", AGENTS, LOCKS, first);
    for (int i = 0; i < AGENTS; i++) {
        TerminateThread(agents[i].thread, 0);
    }
    for (int i = 0; i < AGENTS; i++) {
        finish_thread(agents[i].thread);
        CloseHandle(agents[i].command);
    }
    for (int i = 0; i < LOCKS; i++) {
        DeleteCriticalSection(&sections[i]);
        CloseHandle(mutexes[i]);
    }
}

static void tests(void) {
    for (uint32_t seed = 1; seed <= 4; seed++) {
        test_random(seed * 7919);
    }
}

int main(void) {
    return sync_main(tests);
}
