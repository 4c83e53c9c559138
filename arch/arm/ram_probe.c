/* Finding the board's RAM: one uncached megabyte of the device map is moved over it.
 *
 * The word looked at is the last of each megabyte.  The kernel image leaves that of its own megabyte free
 * (linker/kernel.ld), so no cached copy of such a word is in use.
 */
#include <string.h>

#include "arch/arm/boot.h"
#include "arch/arm/maintain.h"
#include "arch/arm/ram.h"
#include "include/board.h"
#include "include/layout.h"
#include "include/print.h"

#define WINDOW (DEVICE_END - SECTION_SIZE) /* no row of a board's table uses it */

/* In ram_access.S: an access that may fault. */
bool ram_load(uint32_t va, uint32_t *value);
bool ram_store(uint32_t va, uint32_t value);
void ram_settle(void);

static const struct board_row *ram_row;

/* Entries of kernel_table, from number first on, were stored. */
static void table_changed(uint32_t first, uint32_t count) {
    maintain_tables(&kernel_table[first], count * sizeof kernel_table[0]);
    maintain_tlb_all();
}

/* Moves the window over a megabyte of the RAM row and returns the address of its last word. */
static uint32_t window_over(uint32_t megabyte) {
    uint32_t first = WINDOW / SECTION_SIZE;
    kernel_table[first] = (ram_row->pa + megabyte * SECTION_SIZE) | BOOT_SECTION_DEVICE;
    table_changed(first, 1);
    return WINDOW + SECTION_SIZE - sizeof(uint32_t);
}

static bool window_load(uint32_t megabyte, uint32_t *value) {
    return ram_load(window_over(megabyte), value);
}

static bool window_store(uint32_t megabyte, uint32_t value) {
    return ram_store(window_over(megabyte), value);
}

uint32_t ram_probe(void) {
    static const struct ram_bus bus = {window_load, window_store};
    ram_row = board_row_of(BOARD_RAM);
    ram_settle();
    uint32_t found = ram_find(board.ram_window, &bus);
    kernel_table[WINDOW / SECTION_SIZE] = 0;
    table_changed(WINDOW / SECTION_SIZE, 1);
    if (found > ram_row->megabytes) {
        kprintf("%u MB of RAM found; the address table has room for %u, the rest is not used\n", found,
                ram_row->megabytes);
        return ram_row->megabytes;
    }
    uint32_t absent = ram_row->megabytes - found;
    uint32_t first = ram_row->va / SECTION_SIZE + found;
    memset(&kernel_table[first], 0, absent * sizeof kernel_table[0]);
    table_changed(first, absent);
    return found;
}
