/* Access to user memory by the kernel.
 *
 * Every user pointer goes through these functions.  The range is tested against the user's addresses; each access then
 * runs as the user's own would: page faults are resolved, and one that cannot be ends the copy with a status.  No lock
 * of mm may be held and preemption must be on, since a fault may wait.
 */
#ifndef ARCH_ARM_USER_H
#define ARCH_ARM_USER_H

#include "include/layout.h"
#include "include/status.h"

/* Whether [va, va + bytes) can be user memory at all. */
ALWAYS_INLINE bool user_range(uint32_t va, uint32_t bytes) {
    return va >= USER_BASE && bytes <= USER_END - USER_BASE && va <= USER_END - bytes;
}

/* The copies themselves (arch/arm/user.S, user.c): return 0, or not 0 when an access could not be resolved; part of the
 * bytes may have been copied then.  The range was tested. */
uint32_t user_read(void *to, uint32_t from, uint32_t bytes);
uint32_t user_write(uint32_t to, const void *from, uint32_t bytes);

/* For user_write: one store as the user's own, faults resolved; and a copy inside one page with preemption off, which
 * fails if the user could not store there right now. */
uint32_t user_touch(uint32_t to, uint32_t byte);
uint32_t user_write_piece(uint32_t to, const void *from, uint32_t bytes);

/* Copies from, to user memory.  Error: ERROR_INVALID_PARAMETER. */
ALWAYS_INLINE status_t user_copy_in(void *to, uint32_t from, uint32_t bytes) {
    return user_range(from, bytes) && user_read(to, from, bytes) == 0 ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

static inline status_t user_copy_out(uint32_t to, const void *from, uint32_t bytes) {
    return user_range(to, bytes) && user_write(to, from, bytes) == 0 ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

uint32_t user_read_string(uint16_t *to, uint32_t from, uint32_t capacity);

/* Copies a zero-terminated UTF-16 string of at most capacity characters with the zero.  *length: without it.
 * Errors: ERROR_INVALID_PARAMETER (pointer odd or not readable), ERROR_FILENAME_EXCED_RANGE (no zero within capacity).
 */
static inline status_t user_copy_string(uint16_t *to, uint32_t from, uint32_t capacity, uint32_t *length) {
    if (!user_range(from, 2) || !is_aligned(from, 2)) {
        return ERROR_INVALID_PARAMETER;
    }
    uint32_t room = (USER_END - from) / 2;
    uint32_t limit = min_u32(capacity, room);
    uint32_t copied = user_read_string(to, from, limit);
    if (copied == 0 || (copied > limit && limit < capacity)) {
        return ERROR_INVALID_PARAMETER;
    }
    if (copied > limit) {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    *length = copied - 1;
    return ERROR_SUCCESS;
}

#endif
