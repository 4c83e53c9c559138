/* ARM Generic Interrupt Controller, version 1 (ARM IHI 0048A, chapter 4; as in the Cortex-A9 MPCore, DDI 0407).
 * device.va: distributor; device.va2: CPU interface.  Group and security registers are left alone: in the secure state
 * all interrupts are IRQs after reset. */
#include "drivers/irq.h"

#define DIST_CONTROL       0x000
#define DIST_TYPE          0x004 /* bits 4:0: lines / 32 - 1 */
#define DIST_ENABLE        0x100 /* a bit a line */
#define DIST_ENABLE_CLEAR  0x180
#define DIST_PENDING_CLEAR 0x280
#define DIST_PRIORITY      0x400 /* a byte a line */
#define DIST_TARGETS       0x800 /* a byte a line: processors */

#define CPU_CONTROL     0x00
#define CPU_PRIORITY    0x04 /* only lines of smaller priority value are signalled */
#define CPU_ACKNOWLEDGE 0x0c
#define CPU_END         0x10

#define PRIVATE_LINES 32u /* of each processor; their targets are fixed */
#define LINE_MASK     0x3ffu
#define LINE_SPECIAL  1020u /* from here on: nothing is pending */

static void gic_init(const struct device *device) {
    device_write(device->va + DIST_CONTROL, 0);
    device_write(device->va2 + CPU_CONTROL, 0);
    uint32_t lines = ((device_read(device->va + DIST_TYPE) & 0x1fu) + 1) * 32;
    for (uint32_t line = 0; line < lines; line += 32) {
        device_write(device->va + DIST_ENABLE_CLEAR + line / 8, 0xffffffffu);
        device_write(device->va + DIST_PENDING_CLEAR + line / 8, 0xffffffffu);
    }
    for (uint32_t line = 0; line < lines; line += 4) {
        device_write(device->va + DIST_PRIORITY + line, 0x80808080u);
    }
    for (uint32_t line = PRIVATE_LINES; line < lines; line += 4) {
        device_write(device->va + DIST_TARGETS + line, 0x01010101u);
    }
    device_write(device->va2 + CPU_PRIORITY, 0xf0);
    device_write(device->va2 + CPU_CONTROL, 1);
    device_write(device->va + DIST_CONTROL, 1);
}

static void gic_enable(const struct device *device, uint32_t irq) {
    device_write(device->va + DIST_ENABLE + irq / 32 * 4, 1u << irq % 32);
}

static void gic_disable(const struct device *device, uint32_t irq) {
    device_write(device->va + DIST_ENABLE_CLEAR + irq / 32 * 4, 1u << irq % 32);
}

static uint32_t gic_claim(const struct device *device) {
    uint32_t line = device_read(device->va2 + CPU_ACKNOWLEDGE) & LINE_MASK;
    return line >= LINE_SPECIAL ? IRQ_NONE : line;
}

static void gic_complete(const struct device *device, uint32_t irq) {
    device_write(device->va2 + CPU_END, irq);
}

const struct irq_driver gic_driver = {
    .init = gic_init,
    .enable = gic_enable,
    .disable = gic_disable,
    .claim = gic_claim,
    .complete = gic_complete,
};
