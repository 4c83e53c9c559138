/* Console input: what the serial line receives waits in a ring until a program reads it. */
#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

#include "include/status.h"

/* A byte has arrived; called in interrupts.  Returns whether there is room for another; more() (console_init) is
 * called, with interrupts off, after the interrupt, or when there is room again. */
bool console_received(uint8_t byte);
void console_init(void (*more)(void));

/* A byte has arrived: for the scheduler, after the interrupt (kernel/schedule.h). */
void console_wake_readers(void);

/* Takes at most bytes bytes, waiting for the first; ends behind a line end.  *got: how many.  Error: WAKE_KILLED. */
status_t console_read(uint8_t *buffer, uint32_t bytes, uint32_t *got);

#endif
