/* The end of the machine, by register writes that the board's table gives. */
#include "include/board.h"
#include "arch/arm/cpu.h"
#include "drivers/uart.h"

_Noreturn void board_power_off(void) {
    cpu_irq_save();
    uart_drain();
    for (const struct board_write *write = board.power_off; write->address != 0; write++) {
        uint32_t kept = write->keep != 0 ? device_read(write->address) & write->keep : 0;
        device_write(write->address, kept | write->value);
    }
    for (;;) {
        cpu_wait_for_interrupt();
    }
}
