/* Random waits of several threads for some of a few objects, any or all of them, against a model.  Each thread has a
 * priority of its own, so that at every moment there is one right outcome. */
#include "sync.h"

#define OBJECTS 6
#define THREADS 7
#define STEPS   400

static HANDLE objects[OBJECTS];
static LONG model_count[OBJECTS];

static struct agent {
    HANDLE thread, command;
    volatile BOOL waits, ends;
    volatile DWORD result;
    DWORD count, objects[OBJECTS];
    BOOL all;
    /* The model's. */
    BOOL model_waits;
    DWORD model_result;
} agents[THREADS];

static DWORD WINAPI agent_run(void *argument) {
    struct agent *agent = argument;
    HANDLE handles[OBJECTS];

    for (;;) {
        WaitForSingleObject(agent->command, INFINITE);
        if (agent->ends) {
            return 0;
        }
        for (DWORD i = 0; i < agent->count; i++) {
            handles[i] = objects[agent->objects[i]];
        }
        agent->result = WaitForMultipleObjects(agent->count, handles, agent->all, INFINITE);
        agent->waits = FALSE;
    }
}

/* Objects 0 and 1 are manual events, 2 and 3 auto-reset ones, the others semaphores. */
static void model_take(DWORD object) {
    model_count[object] -= object >= 2;
}

/* Takes what the agent waits for if it is there. */
static BOOL model_try(struct agent *agent) {
    DWORD there = 0;

    for (DWORD i = 0; i < agent->count; i++) {
        if (!model_count[agent->objects[i]]) {
            continue;
        }
        there++;
        if (!agent->all) {
            model_take(agent->objects[i]);
            agent->model_result = WAIT_OBJECT_0 + i;
            agent->model_waits = FALSE;
            return TRUE;
        }
    }
    if (!agent->all || there < agent->count) {
        return FALSE;
    }
    for (DWORD i = 0; i < agent->count; i++) {
        model_take(agent->objects[i]);
    }
    agent->model_result = WAIT_OBJECT_0;
    agent->model_waits = FALSE;
    return TRUE;
}

static void agent_order(struct agent *agent, uint32_t *seed) {
    DWORD order[OBJECTS] = {0, 1, 2, 3, 4, 5};

    agent->count = 1 + random_next(seed) % OBJECTS;
    agent->all = random_next(seed) % 2;
    for (DWORD i = 0; i < agent->count; i++) {
        DWORD other = i + random_next(seed) % (OBJECTS - i), object = order[other];

        order[other] = order[i];
        agent->objects[i] = object;
    }
    agent->waits = TRUE;
    agent->model_waits = TRUE;
    model_try(agent);
    SetEvent(agent->command);
}

static void object_signal(DWORD object) {
    if (object < 4) {
        model_count[object] = 1;
        SetEvent(objects[object]);
    } else {
        model_count[object]++;
        ReleaseSemaphore(objects[object], 1, NULL);
    }
    for (int i = 0; i < THREADS; i++) { /* the first ranks highest */
        if (agents[i].model_waits) {
            model_try(&agents[i]);
        }
    }
}

static int agents_agree(void) {
    for (int i = 0; i < THREADS; i++) {
        if (agents[i].waits != agents[i].model_waits ||
            (!agents[i].waits && agents[i].result != agents[i].model_result)) {
            return 0;
        }
    }
    return 1;
}

static void model_step(uint32_t *seed) {
    DWORD object = random_next(seed) % OBJECTS;
    struct agent *agent = &agents[random_next(seed) % THREADS];

    if (random_next(seed) % 8 == 0 && object < 2) {
        model_count[object] = 0;
        ResetEvent(objects[object]);
    } else if (!agent->model_waits) {
        agent_order(agent, seed);
    } else {
        object_signal(object);
    }
}

static void test_model(uint32_t seed) {
    int right = 0;

    printf("# random waits, seed %lu\n", (unsigned long)seed);
    for (DWORD i = 0; i < OBJECTS; i++) {
        model_count[i] = 0;
        objects[i] = i < 4 ? CreateEventW(NULL, i < 2, FALSE, NULL) : CreateSemaphoreW(NULL, 0, 10000, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        memset(&agents[i], 0, sizeof(agents[i]));
        agents[i].command = CreateEventW(NULL, FALSE, FALSE, NULL);
        agents[i].thread = start_at(120 + i, agent_run, &agents[i]);
    }
    while (right < STEPS && agents_agree()) {
        model_step(&seed);
        right++;
    }
    IS(right, STEPS, "random waits of %d threads for some of %d objects go as the model says", THREADS, OBJECTS);
    for (int i = 0; i < THREADS; i++) {
        agents[i].ends = TRUE;
        SetEvent(agents[i].command);
    }
    for (int i = 0; i < THREADS; i++) {
        for (DWORD object = 0; object < OBJECTS * (THREADS + 1) && agents[i].waits; object++) {
            object_signal(object % OBJECTS);
        }
    }
    for (int i = 0; i < THREADS; i++) {
        finish_thread(agents[i].thread);
        CloseHandle(agents[i].command);
    }
    for (int i = 0; i < OBJECTS; i++) {
        CloseHandle(objects[i]);
    }
}

static void tests(void) {
    test_model(1);
    test_model(2024);
}

int main(void) {
    return sync_main(tests);
}
