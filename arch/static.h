/* The static map: RAM and flash of the board, cached, in the kernel's half at 0x80000000..0xBFFFFFFF.
 *
 * A board's address table says what lies where; both directions are exact for every row of the table.
 */
#ifndef ARCH_STATIC_H
#define ARCH_STATIC_H

#include "include/types.h"

/* Kernel address of a physical address inside a row of the address table.  Asserts that there is one. */
void *static_va(uint32_t pa);

/* Physical address of an address in the static map.  Asserts that it lies in a row. */
uint32_t static_pa(const void *va);

#endif
