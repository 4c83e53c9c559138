/* Text on the debug console, sent by polling: works from the first line of kernel_main on, with interrupts on or off,
 * in any context.  It never sleeps.  Lines printed by an interrupt may fall into a line that a thread is printing.
 */
#ifndef INCLUDE_PRINT_H
#define INCLUDE_PRINT_H

#include "include/types.h"

/* Prints by format.  Conversions: %s (const char *), %ls (const uint16_t *: UTF-16, printed as UTF-8), %c, %d, %u, %x,
 * %p (0x and 8 digits), %%; all integers are 32 bits wide, l before d, u and x is ignored.  A field width, with a
 * leading 0 for zeros or - for left alignment, may stand before any of them; a precision (.digits) before s and ls is
 * the most bytes or units taken.  A NULL string prints as (null).  "\n" goes out as carriage return and line feed. */
void kprintf(const char *format, ...);

/* Prints bytes as they are, but for "\n", which goes out as carriage return and line feed.
 * text: kernel memory. */
void print_write(const char *text, uint32_t bytes);

#endif
