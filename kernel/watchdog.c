/* Watchdog timers: see watchdog.h. */
#include "kernel/watchdog.h"
#include "include/board.h"
#include "include/preempt.h"
#include "kernel/mutex.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/wait.h"
#include "mm/heap.h"

#define NS_PER_MS 1000000u
#define NEVER     0xffffffffffffffffull
#define WAIT_MOST 0x7fffffffu /* ms that the thread waits in one go */

static struct list running = {&running, &running};
static struct kmutex lock = KMUTEX_INIT(lock);
static uint64_t served_next; /* when the thread looks again, unless the alarm wakes it */
static struct object alarm = OBJECT_INIT(alarm, WAIT_TAKE, 0);

static struct watchdog *watchdog_of(struct object *object) {
    return CONTAINER_OF(object, struct watchdog, named.object);
}

/* ---- the list; the lock is held ---- */

/* Looks from the end: mostly the new deadline is among the last. */
static void enter(struct watchdog *watchdog, uint64_t deadline) {
    struct list *at = running.prev;
    while (at != &running && CONTAINER_OF(at, struct watchdog, link)->deadline > deadline) {
        at = at->prev;
    }
    watchdog->deadline = deadline;
    list_insert(at, &watchdog->link);
}

static void set_signal(struct watchdog *watchdog, uint32_t signal) {
    struct object *object = &watchdog->named.object;
    preempt_disable();
    object->signal = signal;
    if (signal != 0) {
        wait_release(object);
    }
    preempt_enable();
}

static void act(const struct watchdog *watchdog) {
    if (watchdog->settings.action == ABI_WATCHDOG_KILL) {
        (void)process_terminate(watchdog->process, watchdog->settings.parameter);
    } else if (watchdog->settings.action == ABI_WATCHDOG_RESET) {
        board_reset();
    }
}

/* Its time has come. */
static void expire(struct watchdog *watchdog) {
    list_remove(&watchdog->link);
    if (watchdog->process->ending) {
        return;
    }
    if (watchdog->state == WATCHDOG_SIGNALED) {
        watchdog->state = WATCHDOG_OVER;
        act(watchdog);
        return;
    }
    watchdog->state = WATCHDOG_SIGNALED;
    if (watchdog->settings.wait != ABI_TIMEOUT_INFINITE) {
        enter(watchdog, watchdog->deadline + (uint64_t)watchdog->settings.wait * NS_PER_MS);
    }
    set_signal(watchdog, 1);
}

/* Deals with the first, if its time has come.  Returns when there is something to do again. */
static uint64_t serve_first(void) {
    uint64_t now = schedule_now(), next = NEVER;
    kmutex_lock(&lock);
    if (!list_empty(&running)) {
        struct watchdog *first = LIST_FIRST(&running, struct watchdog, link);
        next = first->deadline;
        if (next <= now) {
            expire(first);
            next = now;
        }
    }
    served_next = next;
    kmutex_unlock(&lock);
    return next;
}

/* Milliseconds until then, rounded up. */
static uint32_t until(uint64_t time) {
    uint64_t now = schedule_now();
    if (time == NEVER) {
        return ABI_TIMEOUT_INFINITE;
    }
    if (time <= now) {
        return 0;
    }
    uint64_t milliseconds = (time - now + NS_PER_MS - 1) / NS_PER_MS;
    return milliseconds < WAIT_MOST ? (uint32_t)milliseconds : WAIT_MOST;
}

void watchdog_serve(struct object *end) {
    struct wait_block blocks[2] = {{.object = end}, {.object = &alarm}};
    uint32_t result;
    for (;;) {
        uint32_t milliseconds = until(serve_first());
        if (wait_objects(blocks, 2, false, milliseconds, &result) == ERROR_SUCCESS && result == ABI_WAIT_OBJECT) {
            return;
        }
    }
}

/* ---- changing ---- */

static void count(struct watchdog *watchdog) {
    list_remove(&watchdog->link);
    watchdog->state = WATCHDOG_COUNTING;
    set_signal(watchdog, 0);
    enter(watchdog, schedule_now() + (uint64_t)watchdog->settings.period * NS_PER_MS);
    if (watchdog->deadline < served_next) {
        preempt_disable();
        alarm.signal = 1;
        wait_release(&alarm);
        preempt_enable();
    }
}

status_t watchdog_change(struct watchdog *watchdog, uint32_t change) {
    status_t status = ERROR_SUCCESS;
    kmutex_lock(&lock);
    bool stopped = watchdog->state == WATCHDOG_STOPPED;
    if (stopped != (change == ABI_WATCHDOG_START)) {
        status = ERROR_INVALID_PARAMETER;
    } else if (change == ABI_WATCHDOG_STOP) {
        list_remove(&watchdog->link);
        watchdog->state = WATCHDOG_STOPPED;
    } else {
        count(watchdog);
    }
    kmutex_unlock(&lock);
    return status;
}

/* ---- making ---- */

static void watchdog_destroy(struct object *object) {
    struct watchdog *watchdog = watchdog_of(object);
    kmutex_lock(&lock);
    list_remove(&watchdog->link);
    kmutex_unlock(&lock);
    name_drop(&watchdog->named);
    object_unref(&watchdog->process->object);
    heap_free(watchdog);
}

const struct object_type watchdog_type = {.name = "watchdog", .destroy = watchdog_destroy};

static status_t make(void *context, struct named **named) {
    const struct abi_watchdog *settings = context;
    struct watchdog *watchdog = heap_alloc_zero(sizeof *watchdog);
    if (watchdog == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    object_init_waitable(&watchdog->named.object, &watchdog_type, WAIT_STAY, 0);
    named_init(&watchdog->named);
    list_init(&watchdog->link);
    watchdog->settings = *settings;
    watchdog->process = process_current();
    object_ref(&watchdog->process->object);
    *named = &watchdog->named;
    return ERROR_SUCCESS;
}

status_t watchdog_create(const struct name *name, const struct abi_watchdog *settings, struct object **object) {
    struct abi_watchdog wanted = *settings;
    if (wanted.period == 0 || wanted.action > ABI_WATCHDOG_RESET) {
        return ERROR_INVALID_PARAMETER;
    }
    return name_find_or_make(&watchdog_type, name, make, &wanted, object);
}
