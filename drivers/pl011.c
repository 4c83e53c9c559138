/* ARM PrimeCell UART PL011 (ARM DDI 0183, chapter 3). */
#include "drivers/uart.h"

#define DATA            0x00
#define FLAGS           0x18
#define BAUD_INTEGER    0x24
#define BAUD_FRACTION   0x28
#define LINE_CONTROL    0x2c
#define CONTROL         0x30
#define INTERRUPT_FIFO  0x34
#define INTERRUPT_MASK  0x38
#define INTERRUPT_CLEAR 0x44

#define FLAGS_BUSY          (1u << 3)
#define FLAGS_RECEIVE_EMPTY (1u << 4)
#define FLAGS_SEND_FULL     (1u << 5)

#define LINE_FIFO   (1u << 4)
#define LINE_8_BITS (3u << 5)

#define CONTROL_ENABLE  (1u << 0)
#define CONTROL_SEND    (1u << 8)
#define CONTROL_RECEIVE (1u << 9)

#define INTERRUPT_RECEIVE (1u << 4)
#define INTERRUPT_TIMEOUT (1u << 6) /* bytes have waited in the FIFO for 32 bit times */
#define INTERRUPT_ALL     0x7ffu

#define BAUD 115200u

static bool pl011_read(const struct device *device, uint8_t *byte) {
    if (device_read(device->va + FLAGS) & FLAGS_RECEIVE_EMPTY) {
        return false;
    }
    *byte = (uint8_t)device_read(device->va + DATA);
    return true;
}

/* The baud registers hold clock / (16 * baud) in 1/64ths (3.3.5); they take effect with the write of LINE_CONTROL.
 * Its first write turns the FIFOs off, which empties them of what came before a restart. */
static void pl011_init(const struct device *device) {
    uint32_t divisor = (device->hz * 4 + BAUD / 2) / BAUD;
    device_write(device->va + CONTROL, 0);
    device_write(device->va + INTERRUPT_MASK, 0);
    device_write(device->va + LINE_CONTROL, LINE_8_BITS);
    device_write(device->va + INTERRUPT_CLEAR, INTERRUPT_ALL);
    device_write(device->va + BAUD_INTEGER, divisor >> 6);
    device_write(device->va + BAUD_FRACTION, divisor & 63u);
    device_write(device->va + LINE_CONTROL, LINE_8_BITS | LINE_FIFO);
    device_write(device->va + CONTROL, CONTROL_ENABLE | CONTROL_SEND | CONTROL_RECEIVE);
}

static void pl011_write(const struct device *device, const char *bytes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        while (device_read(device->va + FLAGS) & FLAGS_SEND_FULL) {
        }
        device_write(device->va + DATA, (uint8_t)bytes[i]);
    }
}

static void pl011_drain(const struct device *device) {
    while (device_read(device->va + FLAGS) & FLAGS_BUSY) {
    }
}

/* The receive interrupt comes at 1/8 of the FIFO (2 bytes), the timeout for what stays below. */
static void pl011_receive_enable(const struct device *device, bool on) {
    device_write(device->va + INTERRUPT_FIFO, 0);
    device_write(device->va + INTERRUPT_MASK, on ? INTERRUPT_RECEIVE | INTERRUPT_TIMEOUT : 0);
}

const struct uart_driver pl011_driver = {
    .init = pl011_init,
    .write = pl011_write,
    .drain = pl011_drain,
    .read = pl011_read,
    .receive_enable = pl011_receive_enable,
};
