/* Message queues.
 *
 * A queue has two ends, each an object of its own that handles refer to and threads wait for: the reading end is
 * signaled while there are messages, the writing end while there is room.  An end counts its handles; calls fail that
 * could only be ended by an end without one (unless ABI_QUEUE_ALLOW_BROKEN).
 *
 * Both ends deal in units.  A reader's unit is a message in the queue, a writer's a place for one:
 *
 *   unit of     is free         is taken                         is given back, to be taken anew
 *   a reader    message put in  before the message is copied     when the copy fails: the message is still the first
 *   a writer    message out     before the message is copied     when the copy fails, or there is no memory
 *
 *   messages in the queue = units that readers can take + those that readers have taken
 *
 * Who waits for a unit is handed it with preemption off (WAIT_TAKE), by priority, so the copies themselves run with
 * preemption on: nobody sees a message before it is complete (it enters the list when it is), and it leaves the list
 * only when its reader has all of it.  Readers copy one at a time, which keeps messages in order; a message is out of
 * order only for its alert flag.  A thread that was killed neither enters a message nor takes one out.
 *
 * A queue takes the memory for all its messages when it is made; with ABI_QUEUE_NO_PRECOMMIT or no limit for each
 * message when it is written.  It lives as long as one of its ends, an end as long as it has handles or is in use.
 */
#ifndef KERNEL_QUEUE_H
#define KERNEL_QUEUE_H

#include "include/abi.h"
#include "include/status.h"
#include "kernel/mutex.h"
#include "kernel/name.h"
#include "kernel/object.h"

#define QUEUE_BYTES_MOST 0x800000u /* of memory that is taken when a queue is made */

struct queue_end {
    struct object object; /* what handles refer to: WAIT_STAY, signaled while there are free units */
    struct object units;  /* WAIT_TAKE: where calls wait; its signal is the number of free units */
    struct object broken; /* WAIT_STAY: where they wait, too: signaled while the other end has no handle */
    struct queue *queue;
    uint32_t handles;
};

struct queue {
    struct named named; /* each end that is referred to has one reference */
    struct queue_end writer, reader;
    uint32_t flags, max_messages, max_bytes;
    bool pooled;           /* the memory is there already */
    bool alert;            /* there is an alert in the queue: others are plain messages */
    struct list messages;  /* struct message.link */
    struct list unused;    /* of the pool */
    struct list pieces;    /* heap memory of the pool */
    struct kmutex reading; /* the reader that copies */
    uint32_t count, most;  /* messages now, and the most so far */
};

extern const struct object_type queue_writer_type, queue_reader_type;

/* Makes a queue, or finds the one with that name (ERROR_ALREADY_EXISTS; of the options only `read` counts then).
 * *end: the object of the end that is wanted, with a reference.
 * Errors: ERROR_INVALID_PARAMETER; ERROR_NOT_ENOUGH_MEMORY, also when the messages would take more than
 * QUEUE_BYTES_MOST. */
status_t queue_create(const struct name *name, const struct abi_queue_options *options, struct object **end);

/* An end of the queue that an object is an end of, with a reference.  Error: ERROR_INVALID_HANDLE (it is none). */
status_t queue_open(const struct object *object, bool read, struct object **end);

/* Writes a message from user memory; waits at most milliseconds for room.  flags: 0 or ABI_QUEUE_ALERT, which is
 * ignored while there is an alert already.  Errors: ERROR_INVALID_PARAMETER (also no bytes), ERROR_INSUFFICIENT_BUFFER
 * (more than max_bytes), ERROR_PIPE_NOT_CONNECTED, ERROR_TIMEOUT, ERROR_OUTOFMEMORY, WAKE_KILLED. */
status_t queue_write(struct queue_end *end, uint32_t buffer, uint32_t bytes, uint32_t milliseconds, uint32_t flags);

/* Reads the first message to user memory; waits at most milliseconds for one.  flags: where its flags go in user
 * memory. *got: its size.  The message stays the first on errors: ERROR_INVALID_PARAMETER (also a buffer of 0 bytes),
 * ERROR_INSUFFICIENT_BUFFER (*got is set), ERROR_PIPE_NOT_CONNECTED, ERROR_TIMEOUT, WAKE_KILLED. */
status_t queue_read(struct queue_end *end, uint32_t buffer, uint32_t bytes, uint32_t milliseconds, uint32_t flags,
                    uint32_t *got);

/* Error: ERROR_INVALID_HANDLE (the object is no end of a queue). */
status_t queue_info(const struct object *object, struct abi_queue_info *info);

#endif
