/* ARM PrimeCell vectored interrupt controller PL190 (ARM DDI 0181, chapter 3), used without its vectors: 32 lines, the
 * lowest pending number first. */
#include "drivers/irq.h"

#define STATUS         0x00 /* pending and enabled, as IRQ */
#define SELECT         0x0c /* 1: FIQ */
#define ENABLE         0x10
#define ENABLE_CLEAR   0x14
#define SOFTWARE_CLEAR 0x1c

static void pl190_init(const struct device *device) {
    device_write(device->va + ENABLE_CLEAR, 0xffffffffu);
    device_write(device->va + SOFTWARE_CLEAR, 0xffffffffu);
    device_write(device->va + SELECT, 0);
}

static void pl190_enable(const struct device *device, uint32_t irq) {
    device_write(device->va + ENABLE, 1u << irq);
}

static void pl190_disable(const struct device *device, uint32_t irq) {
    device_write(device->va + ENABLE_CLEAR, 1u << irq);
}

static uint32_t pl190_claim(const struct device *device) {
    uint32_t pending = device_read(device->va + STATUS);
    return pending == 0 ? IRQ_NONE : (uint32_t)__builtin_ctz(pending);
}

/* Nothing to do: the status follows the lines. */
static void pl190_complete(const struct device *device, uint32_t irq) {
    (void)device;
    (void)irq;
}

const struct irq_driver pl190_driver = {
    .init = pl190_init,
    .enable = pl190_enable,
    .disable = pl190_disable,
    .claim = pl190_claim,
    .complete = pl190_complete,
};
