/* Watchdog timers.
 *
 *   STOPPED   -> COUNTING   start, for its period
 *   any other -> COUNTING   refresh: not signaled any more, the period begins anew
 *   COUNTING  -> SIGNALED   not refreshed for the period: the object is signaled
 *   SIGNALED  -> OVER       not refreshed for the wait behind it either: its action
 *   any other -> STOPPED    stop; the signal stays
 *
 * Watchdogs that count or are signaled stand in a list, the next to be dealt with first.  One kernel thread, which
 * ranks before all programs, deals with them one at a time; a kernel mutex guards list and states, and who starts a
 * watchdog pays for its place in the list.  The list holds no reference: a watchdog leaves it when it is destroyed,
 * with its last handle.  A watchdog holds its maker's process object, so the action may come at any moment of the
 * process's life; once that process is ending, nothing happens any more.
 */
#ifndef KERNEL_WATCHDOG_H
#define KERNEL_WATCHDOG_H

#include "include/abi.h"
#include "include/status.h"
#include "kernel/name.h"
#include "kernel/object.h"

struct process;

enum watchdog_state { WATCHDOG_STOPPED, WATCHDOG_COUNTING, WATCHDOG_SIGNALED, WATCHDOG_OVER };

struct watchdog {
    struct named named; /* WAIT_STAY */
    struct list link;   /* in the list, by deadline */
    uint64_t deadline;  /* ns */
    uint32_t state;     /* enum watchdog_state */
    struct abi_watchdog settings;
    struct process *process; /* that made it, with a reference */
};

extern const struct object_type watchdog_type;

/* Makes a stopped watchdog with one reference, or finds the one with that name (ERROR_ALREADY_EXISTS, with a
 * reference). Errors: ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY. */
status_t watchdog_create(const struct name *name, const struct abi_watchdog *settings, struct object **object);

/* change: ABI_WATCHDOG_START, _STOP or _REFRESH.  Error: ERROR_INVALID_PARAMETER (it is started already, or not). */
status_t watchdog_change(struct watchdog *watchdog, uint32_t change);

/* Body of the thread that deals with them: returns when the object end is signaled. */
void watchdog_serve(struct object *end);

#endif
