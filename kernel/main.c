/* The kernel's main function: the table of contents of the boot. */
#include "arch/arm/boot.h"
#include "arch/arm/semihost.h"
#include "arch/static.h"
#include "arch/trap.h"
#include "drivers/clock.h"
#include "drivers/counter.h"
#include "drivers/irq.h"
#include "drivers/timer.h"
#include "drivers/uart.h"
#include "include/board.h"
#include "include/panic.h"
#include "include/print.h"
#include "kernel/console.h"
#include "kernel/syscall/launch.h"
#include "kernel/schedule.h"
#include "kernel/syscall/rom.h"
#include "kernel/syscall/time.h"
#include "mm/heap.h"
#include "mm/page.h"
#include "mm/section.h"

_Noreturn void kernel_main(void);

#define STATUS_NO_ROM 125u

/* What the scheduler needs of the board. */
static uint64_t span_ticks(uint32_t milliseconds) {
    return (uint64_t)milliseconds * (board.clock.hz / 1000u);
}

const struct schedule_time schedule_time = {.ticks = clock_ticks,
                                            .count_of = clock_count_of,
                                            .set = timer_set,
                                            .span_ticks = span_ticks,
                                            .span_ns = clock_span_ns,
                                            .ns_of = clock_ns_of,
                                            .now = clock_now};

static void timer_expired(void) {
    schedule_defer_in_interrupt(SCHEDULE_TIMER);
}

/* The allocator's descriptors lie behind the kernel; both are reserved. */
static void pages_init(uint32_t megabytes) {
    const struct board_row *ram = board_row_of(BOARD_RAM);
    uint32_t count = megabytes << (20 - PAGE_SHIFT);
    void *metadata = __kernel_end;
    page_init(ram->pa, count, metadata);
    page_reserve(static_pa(__kernel_start), (uint32_t)(__kernel_end - __kernel_start) + page_metadata_bytes(count));
}

static void rom_init(void) {
    const struct board_row *flash = board_row_of(BOARD_FLASH);
    if (rom_mount((const void *)flash->va, (uint32_t)flash->megabytes << 20) != ERROR_SUCCESS) {
        semihost_exit(STATUS_NO_ROM);
        board_power_off();
    }
}

static void start_launch(void) {
    struct thread *thread;
    if (thread_create(launch_main, NULL, PRIORITY_NORMAL, &thread) != ERROR_SUCCESS) {
        PANIC("no memory for the first thread");
    }
    thread_start(thread);
}

void kernel_main(void) {
    uart_init();                      /* console */
    static_init();                    /* RAM in the static map */
    trap_init();                      /* vectors, helper page */
    uint32_t megabytes = ram_probe(); /* RAM there is */
    kprintf("Situ on %s, %u MB RAM\n", board.name, megabytes);
    schedule_init();                          /* this is a thread */
    pages_init(megabytes);                    /* physical pages */
    heap_init();                              /* kernel heap */
    section_init();                           /* page reclaim */
    irq_init();                               /* interrupt controller */
    clock_init();                             /* time begins */
    timer_init(timer_expired);                /* event timer: timeouts, quanta */
    time_init();                              /* the date */
    trap_set_interrupt_handler(irq_dispatch); /* interrupts reach drivers */
    (void)semihost_present();                 /* is there a host? */
    trap_serve_calls();                       /* system calls */
    rom_init();                               /* the ROM's files */
    console_init(uart_receive_more);
    uart_receive_start(console_received); /* console input */
    start_launch();                       /* first program */
    schedule_idle();
}
