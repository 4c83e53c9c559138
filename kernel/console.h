/* Console input: what the serial line receives waits in a ring until a program reads it. */
#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

#include "include/status.h"

/* A byte has arrived; called in interrupts.  A full ring drops it. */
void console_received(uint8_t byte);

/* Takes at most bytes bytes, waiting for the first; ends behind a line end.  *got: how many.  Error: WAKE_KILLED. */
status_t console_read(uint8_t *buffer, uint32_t bytes, uint32_t *got);

#endif
