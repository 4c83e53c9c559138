/* Synchronisation objects: events, mutexes, semaphores; and how each is changed.
 *
 *   event      signal 0 or 1; manual: WAIT_STAY, else WAIT_TAKE
 *   semaphore  signal is the count; WAIT_TAKE
 *   mutex      WAIT_OWN: a lock with an owner, taken by waiting, by its owner again and again
 *
 * A mutex whose owner ends is abandoned: the next owner gets to know.  A thread keeps a list of what it owns for that;
 * the list holds no reference, so a mutex whose last handle goes just leaves it.
 *
 * Those that make objects are called with preemption on, the others with preemption off; a change that serves many
 * waiters has it on in between.
 */
#ifndef KERNEL_SYNC_H
#define KERNEL_SYNC_H

#include "include/status.h"
#include "kernel/inherit.h"
#include "kernel/name.h"
#include "kernel/object.h"

struct event {
    struct named named;
    uint32_t data; /* SetEventData */
};

struct semaphore {
    struct named named;
    uint32_t most;
};

struct mutex {
    struct named named;
    struct lock lock;
    struct list owned_link; /* in owner->owned */
    uint32_t depth;
    bool abandoned;
};

extern const struct object_type event_type, semaphore_type, mutex_type;

#define MUTEX_OF(object) CONTAINER_OF(object, struct mutex, named.object)

static inline struct lock *mutex_lock_of(struct object *object) {
    return &MUTEX_OF(object)->lock;
}

static inline bool mutex_available(const struct object *object, const struct thread *thread) {
    const struct thread *owner = CONTAINER_OF(object, const struct mutex, named.object)->lock.owner;
    return owner == NULL || owner == thread;
}

/* Makes thread the owner of an available mutex, once more.  Returns ABI_WAIT_OBJECT or ABI_WAIT_ABANDONED. */
uint32_t mutex_take(struct object *object, struct thread *thread);

/* Gives it up once.  Error: ERROR_NOT_OWNER. */
status_t mutex_release(struct mutex *mutex);

/* Abandons one of the mutexes that an ending thread owns.  False: there was none. */
bool mutex_abandon_one(struct thread *thread);

/* change: ABI_EVENT_SET, _RESET or _PULSE.  The caller holds a reference if anybody waits. */
void event_change(struct event *event, uint32_t change);

/* Errors: ERROR_INVALID_PARAMETER (count is 0), ERROR_TOO_MANY_POSTS; nothing changed. */
status_t semaphore_release(struct semaphore *semaphore, uint32_t count, uint32_t *before);

/* Make an object with one reference, or find the one with the same name (ERROR_ALREADY_EXISTS, with a reference).
 * name: NULL, or what it is called; in any case the caller's.  Errors: ERROR_NOT_ENOUGH_MEMORY. */
status_t event_create(const struct name *name, bool manual, bool signaled, struct object **object);
status_t mutex_create(const struct name *name, bool owned, struct object **object);
status_t semaphore_create(const struct name *name, uint32_t count, uint32_t most, struct object **object);

#endif
