/* Reference counts of kernel objects: see object.h. */
#include "kernel/object.h"
#include "include/panic.h"
#include "include/preempt.h"

void object_init(struct object *object, const struct object_type *type) {
    object->type = type;
    object->references = 1;
    list_init(&object->waiters);
    object->signal = 0;
    object->wait_kind = WAIT_NEVER;
}

void object_init_waitable(struct object *object, const struct object_type *type, enum wait_kind kind, uint32_t signal) {
    object_init(object, type);
    object->signal = signal;
    object->wait_kind = kind;
}

void object_ref(struct object *object) {
    preempt_disable();
    ASSERT(object->references != 0);
    object->references++;
    preempt_enable();
}

bool object_ref_if_alive(struct object *object) {
    preempt_disable();
    bool alive = object->references != 0;
    object->references += alive;
    preempt_enable();
    return alive;
}

void object_unref(struct object *object) {
    preempt_disable();
    ASSERT(object->references != 0);
    uint32_t left = --object->references;
    preempt_enable();
    if (left == 0) {
        object->type->destroy(object);
    }
}
