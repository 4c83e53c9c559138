/* Calls to a semihosting host: the emulator or a debugger (ARM DUI 0471, chapter 8).
 *
 * A call is SVC 0x123456 in SVC mode.  Without a host it reaches the kernel's own SVC vector, which returns -1 to
 * callers in SVC mode; so these functions need the vectors, or a host.
 */
#ifndef ARCH_ARM_SEMIHOST_H
#define ARCH_ARM_SEMIHOST_H

#include "include/types.h"

/* The call itself.  In SVC mode only; lr is kept, SPSR is lost where no host takes the call. */
uint32_t semihost_call(uint32_t operation, const void *argument);

/* Asks whether a host answers; call it once, before system calls are served (trap_serve_calls), since SVC means one of
 * those afterwards.  The functions below do nothing if there was none. */
bool semihost_present(void);

/* Reads the command line that the host was given, with a zero behind it.  Returns false, and an empty line, if there is
 * no host or the line does not fit.  bytes: of buffer, with the zero, > 0. */
bool semihost_command_line(char *buffer, uint32_t bytes);

/* Ends the run with status code (the host passes on the low 8 bits at least).  Returns if there is no host. */
void semihost_exit(uint32_t code);

#endif
