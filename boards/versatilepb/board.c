/* ARM Versatile Platform Baseboard with ARM926EJ-S (user guide: ARM DUI 0225).  boards/versatilepb/README.md has the
 * addresses as a list. */
#include "include/board.h"
#include "include/layout.h"
#include "drivers/clock.h"
#include "drivers/counter.h"
#include "drivers/irq.h"
#include "drivers/rtc.h"
#include "drivers/timer.h"
#include "drivers/uart.h"

#define DEVICES       DEVICE_BASE /* 0x10000000 + 2 MB */
#define SYSTEM        (DEVICES + 0x00000000)
#define VIC           (DEVICES + 0x00140000)
#define TIMER_0_1     (DEVICES + 0x001e2000)
#define RTC           (DEVICES + 0x001e8000)
#define UART0         (DEVICES + 0x001f1000)
#define FLASH_COMMAND (DEVICE_BASE + 0x04000000)

#define FLASH_MB (BOARD_FLASH_BYTES >> 20)

const struct board_row board_map[] = {
    {BOARD_FLASH_VA, BOARD_FLASH_PA, FLASH_MB, BOARD_FLASH, DOMAIN_FLASH},
    {BOARD_RAM_VA, BOARD_RAM_PA, 256, BOARD_RAM, DOMAIN_KERNEL},
    {DEVICES, 0x10000000, 2, BOARD_DEVICE, DOMAIN_KERNEL},
    {FLASH_COMMAND, BOARD_FLASH_PA, FLASH_MB, BOARD_DEVICE, DOMAIN_KERNEL},
    {0, 0, 0, BOARD_END, 0},
};

/* The system controller gives timers 0 and 1 their 1 MHz clock instead of 32 kHz (SP810, ARM DDI 0254: SCCTRL); timer 1
 * then counts down from the top, free-running, 32 bits, no interrupt. */
const struct board_write board_early[] = {
    {0x101e0000, 0xffffffff, 1u << 15 | 1u << 17},
    {0x101e2020, 0, 0xffffffff},
    {0x101e2028, 0, 0x82},
    {0, 0, 0},
};

const uint32_t board_outer_cache_pa = 0;

static const struct board_flash flash[] = {
    {BOARD_FLASH_PA, BOARD_FLASH_VA, FLASH_COMMAND, BOARD_FLASH_BYTES, 2, 2, DOMAIN_FLASH},
};

/* SYS_RESETCTL behind its lock: this board has no power switch of its own, a reset is the end of the run. */
static const struct board_write power_off[] = {
    {SYSTEM + 0x20, 0, 0xa05f},
    {SYSTEM + 0x40, 0, 0x104},
    {0, 0, 0},
};

const struct board board = {
    .name = "versatilepb",
    .ram_window = 256,
    .flash = flash,
    .flash_count = ARRAY_COUNT(flash),
    .uart_driver = &pl011_driver,
    .uart = {.va = UART0, .irq = 12, .hz = 24000000},
    .irq_driver = &pl190_driver,
    .irq = {.va = VIC},
    .timer_driver = &sp804_timer_driver,
    .timer = {.va = TIMER_0_1, .irq = 4, .hz = 1000000, .scale = TIMER_SCALE(1000000)},
    .clock_driver = &counter24_driver,
    .clock = {.va = SYSTEM + 0x5c, .hz = 24000000, .scale = CLOCK_SCALE(24000000)},
    .counter_driver = &sp804_counter_driver,
    .counter = {.va = TIMER_0_1},
    .rtc_driver = &pl031_driver,
    .rtc = {.va = RTC},
    .power_off = power_off,
    .reset = power_off,
};
