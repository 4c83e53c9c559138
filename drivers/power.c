/* The end and the restart of the machine, by register writes that the board's table gives. */
#include "include/board.h"
#include "arch/arm/cpu.h"
#include "drivers/uart.h"

_Noreturn static void write_last(const struct board_write *table) {
    cpu_irq_save();
    uart_drain();
    for (const struct board_write *write = table; write->address != 0; write++) {
        uint32_t kept = write->keep != 0 ? device_read(write->address) & write->keep : 0;
        device_write(write->address, kept | write->value);
    }
    for (;;) {
        cpu_wait_for_interrupt();
    }
}

void board_power_off(void) {
    write_last(board.power_off);
}

void board_reset(void) {
    write_last(board.reset);
}
