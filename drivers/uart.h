/* The serial console.  The board table chooses driver and device. */
#ifndef DRIVERS_UART_H
#define DRIVERS_UART_H

#include "include/device.h"

/* What a driver offers; every function gets the board's device. */
struct uart_driver {
    void (*init)(const struct device *device);
    void (*write)(const struct device *device, const char *bytes, uint32_t count);
    void (*drain)(const struct device *device);
    bool (*read)(const struct device *device, uint8_t *byte);
    void (*receive_enable)(const struct device *device, bool on); /* receive interrupts */
};

extern const struct uart_driver pl011_driver; /* ARM PrimeCell UART (PL011), ARM DDI 0183 */

/* Sets the console to 115200 baud, 8 bits, no parity; receive interrupts off. */
void uart_init(void);

/* Sends bytes as they are, waiting for room; returns when the last one is in the device. */
void uart_write(const char *bytes, uint32_t count);

/* Waits until all that was sent has left the device. */
void uart_drain(void);

/* Takes one received byte.  Returns false if there is none.  For use before uart_receive_start only. */
bool uart_read(uint8_t *byte);

/* From now on calls received(byte) in interrupt context, interrupts off, for each byte that arrives; bytes that came
 * before are delivered first.  received must not sleep; it returns whether it can take another one at once.  After a
 * few bytes, or when it cannot, the device does not interrupt until uart_receive_more, which is called outside the
 * interrupt when there is room.  Both need irq_init, and interrupts off. */
void uart_receive_start(bool (*received)(uint8_t byte));
void uart_receive_more(void);

#endif
