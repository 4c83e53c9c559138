/* A device as a driver sees it, and access to its registers.
 *
 * Device registers lie in the device map (include/layout.h): never cached, never reordered against each other.
 * Register accesses are whole aligned words.
 */
#ifndef INCLUDE_DEVICE_H
#define INCLUDE_DEVICE_H

#include "include/types.h"

/* One device of a board: a const row in boards/<b>/board.c. */
struct device {
    uint32_t va;    /* registers, in the device map */
    uint32_t va2;   /* a second block of registers where the device has one (GIC: CPU interface), else 0 */
    unsigned irq;   /* number at the board's interrupt controller */
    uint32_t hz;    /* frequency of its clock input, 0 where it does not matter */
    uint32_t scale; /* clock: CLOCK_SCALE(hz), event timer: TIMER_SCALE(hz) of their headers, else 0 */
};

static inline uint32_t device_read(uint32_t va) {
    return *(volatile uint32_t *)(uintptr_t)va;
}

static inline void device_write(uint32_t va, uint32_t value) {
    *(volatile uint32_t *)(uintptr_t)va = value;
}

#endif
