/* Kernel objects: what handles refer to and threads wait for.
 *
 * An object is embedded in what it is (process, thread, file, mapping, event, ...).  It lives while
 * anybody holds a reference: each handle does, and so does kernel code that uses it.  The last reference calls the
 * type's destroy, which may sleep; so object_unref is for threads only, with preemption on and no lock of mm held.
 */
#ifndef KERNEL_OBJECT_H
#define KERNEL_OBJECT_H

#include "include/list.h"
#include "include/types.h"

struct object;

/* What waiting for an object of a type means. */
enum wait_kind {
    WAIT_NEVER, /* it cannot be waited for */
    WAIT_STAY,  /* succeeds while signal is not 0 */
    WAIT_TAKE,  /* succeeds while signal is not 0, and takes one off it */
    WAIT_OWN,   /* a struct mutex: succeeds when nobody else owns it, and makes the thread its owner */
};

struct object_type {
    const char *name;
    /* Frees everything; the object is the type's own memory. */
    void (*destroy)(struct object *object);
    /* NULL, or told of every handle that is made (by 1; preemption is off) or closed (by -1; it is on, and the handle's
     * reference is still there). */
    void (*count_handles)(struct object *object, int by);
};

struct object {
    const struct object_type *type;
    uint32_t references;
    struct list waiters; /* struct wait_block.node, by priority; of a mutex empty, its lock has them */
    uint32_t signal;
    uint32_t wait_kind; /* enum wait_kind */
};

/* A static object of no type, which nobody refers to by reference. */
#define OBJECT_INIT(name, kind, signaled)                                                                              \
    { .waiters = {&(name).waiters, &(name).waiters}, .signal = (signaled), .wait_kind = (kind) }

/* Starts an object with one reference, the caller's, that cannot be waited for. */
void object_init(struct object *object, const struct object_type *type);

/* The same for one that can. */
void object_init_waitable(struct object *object, const struct object_type *type, enum wait_kind kind, uint32_t signal);

/* For handle tables. */
static inline void object_count_handles(struct object *object, int by) {
    if (object->type->count_handles != NULL) {
        object->type->count_handles(object, by);
    }
}

void object_ref(struct object *object);

/* The same for one that is found by another way than a reference, and may be about to be destroyed.  False: it is. */
bool object_ref_if_alive(struct object *object);

/* Gives a reference back. */
void object_unref(struct object *object);

#endif
