/* Critical sections that are taken: who waits for which, and who owns it.
 *
 * A critical section is a word of a program (include/abi.h): it costs the kernel nothing while nobody waits.  Who has
 * to wait gives it a lock in here, found by process and address, which goes with the last waiter.  The word says who
 * the owner is; it is the program's to write, so it is believed as far as it names a living thread of the same process,
 * for the sake of priorities, and no further.
 *
 *   word          owner | 1 while anybody waits: its owner calls the kernel to leave
 *   waiting       the thread enters the queue, in one stretch with setting bit 0 of the word
 *   leaving       the first waiter becomes owner of the lock and of the word, and is made ready, in one stretch
 *
 * Both stretches run with preemption off, in which user memory can be reached but not be brought: a page that is not
 * there makes the call begin again after touching it.
 */
#ifndef KERNEL_CRITICAL_H
#define KERNEL_CRITICAL_H

#include "include/status.h"
#include "kernel/process.h"

/* Waits until the calling thread owns the section at this address, which the word says then.
 * Errors: ERROR_INVALID_PARAMETER (no such memory), ERROR_POSSIBLE_DEADLOCK (it is the owner),
 * ERROR_NOT_ENOUGH_MEMORY, WAKE_KILLED. */
status_t critical_wait(uint32_t address);

/* Hands on the section that the calling thread owns.  Errors: ERROR_INVALID_PARAMETER, ERROR_NOT_OWNER. */
status_t critical_leave(uint32_t address);

#endif
