/* Interrupts: the board's controller, and who handles which line.
 *
 * Lines are level-sensitive: a handler makes its device take the request back, or is called again.  Handlers run with
 * interrupts off, do not sleep, and are bounded.  Each is an interrupt of its own: what it made due is done before the
 * next one, and a stretch with interrupts off is one handler long.
 */
#ifndef DRIVERS_IRQ_H
#define DRIVERS_IRQ_H

#include "include/device.h"

#define IRQ_COUNT 96u         /* lines, numbered as the controller does */
#define IRQ_NONE  0xffffffffu /* claim: nothing is pending */

/* What a controller's driver offers. */
struct irq_driver {
    void (*init)(const struct device *device); /* everything off */
    void (*enable)(const struct device *device, uint32_t irq);
    void (*disable)(const struct device *device, uint32_t irq);
    uint32_t (*claim)(const struct device *device); /* a pending enabled line, or IRQ_NONE */
    void (*complete)(const struct device *device, uint32_t irq);
};

extern const struct irq_driver pl190_driver; /* ARM PrimeCell VIC (PL190), ARM DDI 0181 */
extern const struct irq_driver gic_driver;   /* ARM Generic Interrupt Controller v1, ARM IHI 0048 */

/* Takes over the controller, all lines off. */
void irq_init(void);

/* Names the handler of a line and switches the line on.  irq < IRQ_COUNT, not yet registered.  context is handed to the
 * handler and stays the caller's. */
void irq_register(uint32_t irq, void (*handler)(void *context), void *context);

/* Handles one interrupt, if one is pending; further ones interrupt again.  Called by the IRQ entry with interrupts off.
 */
void irq_dispatch(void);

#endif
