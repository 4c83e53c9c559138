/* Message queues: see queue.h. */
#include "kernel/queue.h"
#include "arch/arm/user.h"
#include "include/preempt.h"
#include "kernel/thread.h"
#include "kernel/wait.h"
#include "mm/heap.h"

#define FLAGS       (ABI_QUEUE_NO_PRECOMMIT | ABI_QUEUE_ALLOW_BROKEN)
#define PIECE_BYTES 0x4000u /* of the pool, unless a single message is larger */
#define NO_LIMIT    0xffffffffu

struct message {
    struct list link;
    uint32_t bytes;
    uint32_t flags; /* 0 or ABI_QUEUE_ALERT */
    uint8_t data[];
};

/* ---- memory ---- */

struct piece {
    struct list link;
    uint8_t slots[];
};

static uint32_t slot_bytes(uint32_t bytes) {
    return (uint32_t)sizeof(struct message) + (bytes + 7) / 8 * 8;
}

static void pool_free(struct queue *queue) {
    LIST_EACH_SAFE(piece, &queue->pieces, struct piece, link) {
        heap_free(piece);
    }
}

static status_t pool_fill(struct queue *queue) {
    if (queue->max_bytes > QUEUE_BYTES_MOST ||
        (uint64_t)queue->max_messages * slot_bytes(queue->max_bytes) > QUEUE_BYTES_MOST) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    uint32_t slot = slot_bytes(queue->max_bytes);
    uint32_t fit = (PIECE_BYTES - (uint32_t)sizeof(struct piece)) / slot;
    for (uint32_t left = queue->max_messages; left != 0;) {
        uint32_t slots = fit == 0 ? 1 : min_u32(left, fit);
        struct piece *piece = heap_alloc((uint32_t)sizeof *piece + slots * slot);
        if (piece == NULL) {
            pool_free(queue);
            return ERROR_NOT_ENOUGH_MEMORY;
        }
        list_append(&queue->pieces, &piece->link);
        for (uint32_t i = 0; i < slots; i++) {
            struct message *message = (struct message *)(void *)(piece->slots + i * slot);
            list_append(&queue->unused, &message->link);
        }
        left -= slots;
    }
    return ERROR_SUCCESS;
}

/* Room for a message.  Of the pool there is some for who has a unit. */
static struct message *message_take(struct queue *queue, uint32_t bytes) {
    if (!queue->pooled) {
        return bytes < HEAP_LARGE_MAX ? heap_alloc(slot_bytes(bytes)) : NULL;
    }
    preempt_disable();
    struct message *message = LIST_FIRST(&queue->unused, struct message, link);
    list_remove(&message->link);
    preempt_enable();
    return message;
}

/* ---- units ---- */

static bool reads(const struct queue_end *end) {
    return end == &end->queue->reader;
}

/* There is one more.  Preemption is off, but is on in between if many wait for the object. */
static void unit_give(struct queue_end *end) {
    end->units.signal++;
    if (!list_empty(&end->units.waiters)) {
        wait_release(&end->units);
    }
    end->object.signal = end->units.signal;
    if (end->object.signal != 0 && !list_empty(&end->object.waiters)) {
        wait_release(&end->object);
    }
}

/* Waits for one.  A reader that finds both, a message and nobody who writes, reads. */
static COLD status_t unit_wait(struct queue_end *end, uint32_t milliseconds) {
    struct wait_block blocks[2] = {{.object = &end->units}, {.object = &end->broken}};
    uint32_t broken = 1, result;
    if (!reads(end)) {
        broken = 0;
        blocks[0].object = &end->broken;
        blocks[1].object = &end->units;
    }
    status_t status = wait_objects(blocks, 2, false, milliseconds, &result);
    preempt_disable();
    end->object.signal = end->units.signal;
    preempt_enable();
    if (status != ERROR_SUCCESS) {
        return status;
    }
    return result == ABI_WAIT_OBJECT + broken ? ERROR_PIPE_NOT_CONNECTED : ERROR_SUCCESS;
}

static status_t unit_take(struct queue_end *end, uint32_t milliseconds) {
    preempt_disable();
    uint32_t units = end->units.signal;
    if (units == 0 || (end->broken.signal != 0 && !reads(end))) {
        preempt_enable();
        return unit_wait(end, milliseconds);
    }
    end->units.signal = units - 1;
    end->object.signal = units - 1;
    preempt_enable();
    return ERROR_SUCCESS;
}

static void unit_put_back(struct queue_end *end) {
    preempt_disable();
    unit_give(end);
    preempt_enable();
}

/* ---- writing and reading ---- */

static bool is_killed(void) {
    return thread_current->attention & ATTENTION_KILLED;
}

/* The message is complete: it enters the queue.  False: the thread was killed. */
static bool message_enter(struct queue *queue, struct message *message, uint32_t flags) {
    preempt_disable();
    if (is_killed()) {
        preempt_enable();
        return false;
    }
    message->flags = queue->alert ? 0 : flags;
    if (message->flags != 0) {
        queue->alert = true;
        list_insert(&queue->messages, &message->link);
    } else {
        list_append(&queue->messages, &message->link);
    }
    if (++queue->count > queue->most) {
        queue->most = queue->count;
    }
    unit_give(&queue->reader);
    preempt_enable();
    return true;
}

/* Gives the room of a message back, and the unit for it. */
static void message_drop(struct queue *queue, struct message *message) {
    if (!queue->pooled) {
        heap_free(message);
    }
    preempt_disable();
    if (queue->pooled) {
        list_insert(&queue->unused, &message->link);
    }
    unit_give(&queue->writer);
    preempt_enable();
}

status_t queue_write(struct queue_end *end, uint32_t buffer, uint32_t bytes, uint32_t milliseconds, uint32_t flags) {
    struct queue *queue = end->queue;
    if (bytes == 0 || flags & ~ABI_QUEUE_ALERT || !user_range(buffer, bytes)) {
        return ERROR_INVALID_PARAMETER;
    }
    if (bytes > queue->max_bytes) {
        return ERROR_INSUFFICIENT_BUFFER;
    }
    status_t status = unit_take(end, milliseconds);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    struct message *message = message_take(queue, bytes);
    if (message == NULL) {
        unit_put_back(end);
        return ERROR_OUTOFMEMORY;
    }
    message->bytes = bytes;
    status = user_copy_in(message->data, buffer, bytes);
    if (status == ERROR_SUCCESS && !message_enter(queue, message, flags)) {
        status = WAKE_KILLED;
    }
    if (status != ERROR_SUCCESS) {
        message_drop(queue, message);
    }
    return status;
}

static status_t message_copy(const struct message *message, uint32_t buffer, uint32_t bytes, uint32_t flags) {
    if (message->bytes > bytes) {
        return ERROR_INSUFFICIENT_BUFFER;
    }
    status_t status = user_copy_out(buffer, message->data, message->bytes);
    return status != ERROR_SUCCESS ? status : user_copy_out(flags, &message->flags, sizeof message->flags);
}

/* Takes the message out.  False: the thread was killed. */
static bool message_leave(struct queue *queue, struct message *message) {
    preempt_disable();
    bool leaves = !is_killed();
    if (leaves) {
        list_remove(&message->link);
        queue->count--;
        queue->alert = queue->alert && message->flags == 0;
    }
    preempt_enable();
    return leaves;
}

status_t queue_read(struct queue_end *end, uint32_t buffer, uint32_t bytes, uint32_t milliseconds, uint32_t flags,
                    uint32_t *got) {
    struct queue *queue = end->queue;
    if (bytes == 0 || !user_range(buffer, bytes)) {
        return ERROR_INVALID_PARAMETER;
    }
    status_t status = unit_take(end, milliseconds);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    kmutex_lock(&queue->reading);
    struct message *message = LIST_FIRST(&queue->messages, struct message, link);
    *got = message->bytes;
    status = message_copy(message, buffer, bytes, flags);
    if (status == ERROR_SUCCESS && !message_leave(queue, message)) {
        status = WAKE_KILLED;
    }
    kmutex_unlock(&queue->reading);
    if (status == ERROR_SUCCESS) {
        message_drop(queue, message);
    } else {
        unit_put_back(end);
    }
    return status;
}

/* ---- ends ---- */

static struct queue_end *end_of(const struct object *object) {
    if (object->type != &queue_writer_type && object->type != &queue_reader_type) {
        return NULL;
    }
    return CONTAINER_OF(object, struct queue_end, object);
}

static void end_count_handles(struct object *object, int by) {
    struct queue_end *end = end_of(object);
    struct queue *queue = end->queue;
    struct queue_end *other = reads(end) ? &queue->writer : &queue->reader;
    if (by > 0) {
        end->handles++;
        other->broken.signal = 0;
        return;
    }
    preempt_disable();
    if (--end->handles == 0 && (queue->flags & ABI_QUEUE_ALLOW_BROKEN) == 0) {
        other->broken.signal = 1;
        wait_release(&other->broken);
    }
    preempt_enable();
}

/* The last reference on an end; from now on another may be made, which has its own on the queue. */
static void end_destroy(struct object *object) {
    object_unref(&end_of(object)->queue->named.object);
}

const struct object_type queue_writer_type = {
    .name = "queue writer", .destroy = end_destroy, .count_handles = end_count_handles};
const struct object_type queue_reader_type = {
    .name = "queue reader", .destroy = end_destroy, .count_handles = end_count_handles};

static void end_init(struct queue *queue, struct queue_end *end, const struct object_type *type, uint32_t units) {
    object_init_waitable(&end->object, type, WAIT_STAY, units);
    object_init_waitable(&end->units, type, WAIT_TAKE, units);
    object_init_waitable(&end->broken, type, WAIT_STAY, (queue->flags & ABI_QUEUE_ALLOW_BROKEN) == 0);
    end->object.references = 0;
    end->queue = queue;
}

/* A reference on an end, for who has one on the queue. */
static struct object *end_ref(struct queue *queue, bool read) {
    struct queue_end *end = read ? &queue->reader : &queue->writer;
    preempt_disable();
    if (end->object.references++ == 0) {
        queue->named.object.references++;
    }
    preempt_enable();
    return &end->object;
}

/* ---- queues ---- */

static void queue_destroy(struct object *object) {
    struct queue *queue = CONTAINER_OF(object, struct queue, named.object);
    name_drop(&queue->named);
    if (!queue->pooled) {
        LIST_EACH_SAFE(message, &queue->messages, struct message, link) {
            heap_free(message);
        }
    }
    pool_free(queue);
    heap_free(queue);
}

static const struct object_type queue_type = {.name = "queue", .destroy = queue_destroy};

static status_t make(void *context, struct named **named) {
    const struct abi_queue_options *options = context;
    struct queue *queue = heap_alloc_zero(sizeof *queue);
    if (queue == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    queue->flags = options->flags;
    queue->max_messages = options->max_messages;
    queue->max_bytes = options->max_bytes;
    queue->pooled = options->max_messages != 0 && (options->flags & ABI_QUEUE_NO_PRECOMMIT) == 0;
    list_init(&queue->messages);
    list_init(&queue->unused);
    list_init(&queue->pieces);
    kmutex_init(&queue->reading);
    object_init(&queue->named.object, &queue_type);
    named_init(&queue->named);
    end_init(queue, &queue->writer, &queue_writer_type, queue->max_messages != 0 ? queue->max_messages : NO_LIMIT);
    end_init(queue, &queue->reader, &queue_reader_type, 0);
    status_t status = queue->pooled ? pool_fill(queue) : ERROR_SUCCESS;
    if (status != ERROR_SUCCESS) {
        heap_free(queue);
        return status;
    }
    *named = &queue->named;
    return ERROR_SUCCESS;
}

status_t queue_create(const struct name *name, const struct abi_queue_options *options, struct object **end) {
    struct abi_queue_options wanted = *options;
    struct object *object;
    if (wanted.flags & ~FLAGS || wanted.max_bytes == 0) {
        return ERROR_INVALID_PARAMETER;
    }
    status_t status = name_find_or_make(&queue_type, name, make, &wanted, &object);
    if (status == ERROR_SUCCESS || status == ERROR_ALREADY_EXISTS) {
        *end = end_ref(CONTAINER_OF(object, struct queue, named.object), wanted.read != 0);
        object_unref(object);
    }
    return status;
}

status_t queue_open(const struct object *object, bool read, struct object **end) {
    const struct queue_end *known = end_of(object);
    if (known == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    *end = end_ref(known->queue, read);
    return ERROR_SUCCESS;
}

status_t queue_info(const struct object *object, struct abi_queue_info *info) {
    const struct queue_end *end = end_of(object);
    if (end == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    const struct queue *queue = end->queue;
    preempt_disable();
    *info = (struct abi_queue_info){.flags = queue->flags,
                                    .max_messages = queue->max_messages,
                                    .max_bytes = queue->max_bytes,
                                    .messages = queue->count,
                                    .messages_most = queue->most,
                                    .readers = queue->reader.handles,
                                    .writers = queue->writer.handles};
    preempt_enable();
    return ERROR_SUCCESS;
}
