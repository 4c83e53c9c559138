/* A board as data: what the kernel knows of the hardware around the processor.
 *
 * boards/<b>/board.c defines these tables and nothing else; a new board touches only boards/<b>/ (docs/porting.md).
 * board_map, board_early and board_outer_cache_pa are also read by arch/arm/start.S, before the MMU is on; the
 * structures used there have fixed layouts.
 */
#ifndef INCLUDE_BOARD_H
#define INCLUDE_BOARD_H

/* Kinds of address rows.  BOARD_END ends the table. */
#define BOARD_END    0
#define BOARD_RAM    1 /* static map, cached; exactly one row */
#define BOARD_FLASH  2 /* static map, cached, one row for each flash bank */
#define BOARD_DEVICE 3 /* device map, uncached: registers, and the windows through which flash is commanded */

#ifndef __ASSEMBLER__
#include "include/device.h"
#include "include/types.h"

/* One row of the address table (like CE's OEMAddressTable): megabytes of physical space at a fixed kernel address. */
struct board_row {
    uint32_t va, pa;    /* multiples of 1 MB */
    uint16_t megabytes; /* RAM: the most that is used; start-up finds what is there */
    uint8_t kind;       /* BOARD_RAM, BOARD_FLASH, BOARD_DEVICE or BOARD_END */
    uint8_t domain;     /* MMU domain: DOMAIN_KERNEL, or DOMAIN_FLASH + n for the rows of flash bank n */
};
_Static_assert(sizeof(struct board_row) == 12, "read by arch/arm/start.S");

/* One register write: new value = (old value & keep) | value.  keep 0: the register is not read.  The table ends with
 * address 0. */
struct board_write {
    uint32_t address, keep, value;
};
_Static_assert(sizeof(struct board_write) == 12, "read by arch/arm/start.S");

/* One bank of NOR flash: equal chips side by side on the data bus. */
struct board_flash {
    uint32_t pa;
    uint32_t static_va;  /* where it is read, cached */
    uint32_t command_va; /* where it is commanded, uncached */
    uint32_t bytes;
    uint8_t chips;      /* chips side by side */
    uint8_t chip_width; /* of one chip's data bus, in bytes */
    uint8_t domain;     /* of every cached mapping of the bank */
};

struct uart_driver;
struct irq_driver;
struct timer_driver;
struct clock_driver;
struct counter_driver;
struct rtc_driver;

struct board {
    const char *name;
    uint32_t ram_window; /* megabytes of physical space that RAM may take; more than the RAM row has where the board
                            can hold more RAM than the static map.  Nothing else may lie in it */
    const struct board_flash *flash;
    uint32_t flash_count;
    uint32_t alias_pa, alias_bytes;        /* where RAM or flash shows a second time (0 bytes: nowhere) */
    const struct uart_driver *uart_driver; /* the console */
    struct device uart;
    const struct irq_driver *irq_driver; /* interrupt controller */
    struct device irq;
    const struct timer_driver *timer_driver; /* event timer */
    struct device timer;
    const struct clock_driver *clock_driver; /* free-running clock */
    struct device clock;
    const struct counter_driver *counter_driver; /* instruction counter, NULL: none */
    struct device counter;
    const struct rtc_driver *rtc_driver; /* clock chip, NULL: none */
    struct device rtc;
    const struct board_write *power_off; /* written in turn (kernel addresses), the last one ends the machine */
    const struct board_write *reset;     /* the same; the last one restarts it */
};

extern const struct board board;

/* The address table: RAM, flash and devices, in any order. */
extern const struct board_row board_map[];

/* Register writes at reset, physical addresses, before anything is counted or copied. */
extern const struct board_write board_early[];

/* Physical address of a PL310 outer cache, 0: none. */
extern const uint32_t board_outer_cache_pa;

/* The first row of kind; NULL: none. */
static inline const struct board_row *board_row_of(unsigned kind) {
    for (const struct board_row *row = board_map; row->kind != BOARD_END; row++) {
        if (row->kind == kind) {
            return row;
        }
    }
    return NULL;
}

/* Ends the machine without the help of a semihosting host: writes board.power_off, then waits for ever with interrupts
 * masked.  What was printed goes out first.  In drivers/power.c. */
_Noreturn void board_power_off(void);

/* Restarts the machine in the same way, with board.reset. */
_Noreturn void board_reset(void);

#endif
#endif
