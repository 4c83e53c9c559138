/* Who handles which interrupt. */
#include "drivers/irq.h"
#include "include/board.h"
#include "include/panic.h"

static struct {
    void (*handler)(void *context);
    void *context;
} lines[IRQ_COUNT];

void irq_init(void) {
    board.irq_driver->init(&board.irq);
}

void irq_register(uint32_t irq, void (*handler)(void *context), void *context) {
    ASSERT(irq < IRQ_COUNT && lines[irq].handler == NULL);
    lines[irq].handler = handler;
    lines[irq].context = context;
    board.irq_driver->enable(&board.irq, irq);
}

/* Only lines with a handler are ever enabled. */
void irq_dispatch(void) {
    const struct irq_driver *driver = board.irq_driver;
    uint32_t irq = driver->claim(&board.irq);
    if (irq != IRQ_NONE) {
        lines[irq].handler(lines[irq].context);
        driver->complete(&board.irq, irq);
    }
}
