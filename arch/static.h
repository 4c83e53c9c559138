/* The static map: RAM and flash of the board, cached, in the kernel's half at 0x80000000..0xBFFFFFFF.
 *
 * A board's address table says what lies where; both directions are exact for every row of the table.  RAM has a short
 * way.
 */
#ifndef ARCH_STATIC_H
#define ARCH_STATIC_H

#include "include/types.h"

/* The RAM row of the address table. */
struct static_ram {
    uint32_t va, pa, bytes;
};
extern struct static_ram static_ram;

/* At boot: takes the RAM row from the address table. */
void static_init(void);

/* Any row of the table; they assert that there is one. */
void *static_row_va(uint32_t pa);
uint32_t static_row_pa(const void *va);

/* Kernel address of a physical address inside a row of the address table. */
static inline void *static_va(uint32_t pa) {
    uint32_t offset = pa - static_ram.pa;
    return offset < static_ram.bytes ? (void *)(uintptr_t)(static_ram.va + offset) : static_row_va(pa);
}

/* Physical address of an address in the static map. */
static inline uint32_t static_pa(const void *va) {
    uint32_t offset = (uint32_t)(uintptr_t)va - static_ram.va;
    return offset < static_ram.bytes ? static_ram.pa + offset : static_row_pa(va);
}

#endif
