/* The guest's registers and memory, read from inside QEMU.
 *
 * Version 1 of the plugin interface shows neither.  QEMU's program exports its internal functions, though, and the
 * description of the CPU's state that migration uses, which gives the place of each register by its name.  The values
 * are exact where a translated block begins: with -singlestep, before every instruction.
 */
#ifndef TOOLS_CACHECHECK_GUEST_H
#define TOOLS_CACHECHECK_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Looks for what is needed of this QEMU, when the plugin is loaded.  NULL: all is there; else what is not. */
const char *guest_missing(void);

/* Opens the registers of CPU 0, once there is a machine: call it when code is translated for the first time. */
void guest_open(void);

/* r0 to r15 of the current mode.  15 is the instruction that comes next, without bit 0. */
extern const uint32_t *guest_registers;

/* CPSR, with Thumb and IT bits. */
uint32_t guest_cpsr(void);

/* In the first instruction behind a data abort: whether the MMU refused the access (not: alignment, bus error), and if
 * so its address.  In QEMU that is the address as the program used it, before FCSE. */
bool guest_data_fault(uint32_t *va);

/* The same behind a prefetch abort (a BKPT is one, too, and no refusal). */
bool guest_fetch_fault(uint32_t *va);

/* Status that the exception which was just taken found: CPSR before it. */
uint32_t guest_spsr(void);

/* Where bytes of memory at pa lie in this process, for as long as it lives; NULL if not all of them are memory.  Flash
 * counts as memory, and the address stays good while the chip is given commands; but it must be in array mode now, as
 * it is at reset. */
const uint8_t *guest_memory(uint32_t pa, uint32_t bytes);

#endif
