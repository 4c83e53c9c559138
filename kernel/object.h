/* Kernel objects: what handles refer to and threads wait for.
 *
 * An object is embedded as the first member of what it is (process, thread, file, mapping, search).  It lives while
 * anybody holds a reference: each handle does, and so does kernel code that uses it.  The last reference calls the
 * type's destroy, which may sleep; so object_unref is for threads only, with preemption on and no lock of mm held.
 */
#ifndef KERNEL_OBJECT_H
#define KERNEL_OBJECT_H

#include "include/list.h"
#include "include/types.h"

struct object;

struct object_type {
    const char *name;
    /* Frees everything; the object is the type's own memory. */
    void (*destroy)(struct object *object);
    /* Whether a wait on the object succeeds now.  NULL: it cannot be waited for.  Called with interrupts off. */
    bool (*is_signaled)(const struct object *object);
};

struct object {
    const struct object_type *type;
    uint32_t references;
    struct list waiters; /* struct thread.wait_link */
};

/* Starts an object with one reference, the caller's. */
void object_init(struct object *object, const struct object_type *type);

void object_ref(struct object *object);
void object_unref(struct object *object);

#endif
