/* Stopping the machine: see include/panic.h. */
#include "include/panic.h"
#include "arch/arm/cpu.h"
#include "arch/arm/semihost.h"
#include "arch/trap.h"
#include "include/board.h"
#include "include/print.h"
#include "kernel/schedule.h"

#define PANIC_STATUS 126u

void panic(const char *what, const char *file, int line) {
    cpu_irq_save();
    kprintf("\nsitu: kernel stopped: %s", what);
    if (file != NULL) {
        kprintf(" (%s:%u)", file, (uint32_t)line);
    }
    kprintf("\n");
    if (thread_current != NULL) {
        kprintf("in thread %u\n", thread_current->id);
    }
    trap_print_callers();
    kprintf("situ: stopped\n");
    semihost_exit(PANIC_STATUS);
    board_power_off();
}
