/* The kernel's main function: the table of contents of the boot. */
#include "arch/arm/boot.h"
#include "arch/arm/semihost.h"
#include "drivers/clock.h"
#include "drivers/counter.h"
#include "drivers/irq.h"
#include "drivers/uart.h"
#include "include/board.h"
#include "include/print.h"

_Noreturn void kernel_main(void);

void kernel_main(void) {
    uart_init();
    uint32_t megabytes = ram_probe();
    kprintf("Situ on %s, %u MB RAM\n", board.name, megabytes);
    semihost_exit(0);
    board_power_off();
}
