/* ARM Versatile Express: motherboard V2M-P1 (ARM DUI 0447) with CoreTile Express A9x4 (ARM DUI 0448), legacy memory
 * map.  boards/vexpress-a9/README.md has the addresses as a list. */
#include "include/board.h"
#include "include/layout.h"
#include "drivers/clock.h"
#include "drivers/counter.h"
#include "drivers/irq.h"
#include "drivers/rtc.h"
#include "drivers/timer.h"
#include "drivers/uart.h"

#define MOTHERBOARD    (DEVICE_BASE)              /* 0x10000000 + 1 MB */
#define PRIVATE        (DEVICE_BASE + 0x00100000) /* 0x1e000000 + 1 MB */
#define SYSTEM         (MOTHERBOARD + 0x00000)
#define UART0          (MOTHERBOARD + 0x09000)
#define TIMER_0_1      (MOTHERBOARD + 0x11000)
#define RTC            (MOTHERBOARD + 0x17000)
#define GIC_CPU        (PRIVATE + 0x0100)
#define GIC_DIST       (PRIVATE + 0x1000)
#define FLASH0_COMMAND (DEVICE_BASE + 0x04000000)
#define FLASH1_COMMAND (DEVICE_BASE + 0x08000000)

#define FLASH1_PA (BOARD_FLASH_PA + BOARD_FLASH_BYTES)
#define FLASH1_VA (BOARD_FLASH_VA + BOARD_FLASH_BYTES)
#define FLASH_MB  (BOARD_FLASH_BYTES >> 20)

const struct board_row board_map[] = {
    {BOARD_FLASH_VA, BOARD_FLASH_PA, FLASH_MB, BOARD_FLASH, DOMAIN_FLASH},
    {FLASH1_VA, FLASH1_PA, FLASH_MB, BOARD_FLASH, DOMAIN_FLASH + 1},
    {BOARD_RAM_VA, BOARD_RAM_PA, 896, BOARD_RAM, DOMAIN_KERNEL},
    {MOTHERBOARD, 0x10000000, 1, BOARD_DEVICE, DOMAIN_KERNEL},
    {PRIVATE, 0x1e000000, 1, BOARD_DEVICE, DOMAIN_KERNEL},
    {FLASH0_COMMAND, BOARD_FLASH_PA, FLASH_MB, BOARD_DEVICE, DOMAIN_KERNEL},
    {FLASH1_COMMAND, FLASH1_PA, FLASH_MB, BOARD_DEVICE, DOMAIN_KERNEL},
    {0, 0, 0, BOARD_END, 0},
};

/* The system controller gives timers 0 and 1 their 1 MHz clock instead of 32 kHz (SP810, ARM DDI 0254: SCCTRL); timer 1
 * then counts down from the top, free-running, 32 bits, no interrupt. */
const struct board_write board_early[] = {
    {0x10001000, 0xffffffff, 1u << 15 | 1u << 17},
    {0x10011020, 0, 0xffffffff},
    {0x10011028, 0, 0x82},
    {0, 0, 0},
};

const uint32_t board_outer_cache_pa = 0x1e00a000;

static const struct board_flash flash[] = {
    {BOARD_FLASH_PA, BOARD_FLASH_VA, FLASH0_COMMAND, BOARD_FLASH_BYTES, 2, 2, DOMAIN_FLASH},
    {FLASH1_PA, FLASH1_VA, FLASH1_COMMAND, BOARD_FLASH_BYTES, 2, 2, DOMAIN_FLASH + 1},
};

/* SYS_CFGDATA, SYS_CFGCTRL: start, write, function 8 = shut down. */
static const struct board_write power_off[] = {
    {SYSTEM + 0xa0, 0, 0},
    {SYSTEM + 0xa4, 0, 0xc0800000},
    {0, 0, 0},
};

/* The same, function 9 = reboot. */
static const struct board_write reset[] = {
    {SYSTEM + 0xa0, 0, 0},
    {SYSTEM + 0xa4, 0, 0xc0900000},
    {0, 0, 0},
};

const struct board board = {
    .name = "vexpress-a9",
    .ram_window = 1024,
    .flash = flash,
    .flash_count = ARRAY_COUNT(flash),
    .alias_pa = 0, /* the first bank: reset starts there */
    .alias_bytes = BOARD_FLASH_BYTES,
    .uart_driver = &pl011_driver,
    .uart = {.va = UART0, .irq = 37, .hz = 24000000},
    .irq_driver = &gic_driver,
    .irq = {.va = GIC_DIST, .va2 = GIC_CPU},
    .timer_driver = &sp804_timer_driver,
    .timer = {.va = TIMER_0_1, .irq = 34, .hz = 1000000, .scale = TIMER_SCALE(1000000)},
    .clock_driver = &counter24_driver,
    .clock = {.va = SYSTEM + 0x5c, .hz = 24000000, .scale = CLOCK_SCALE(24000000)},
    .counter_driver = &sp804_counter_driver,
    .counter = {.va = TIMER_0_1},
    .rtc_driver = &pl031_driver,
    .rtc = {.va = RTC},
    .power_off = power_off,
    .reset = reset,
};
