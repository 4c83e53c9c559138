/* Console input: see console.h.  The ring is filled by the interrupt and emptied with interrupts off; who waits for it
 * is guarded by preemption being off. */
#include "kernel/console.h"
#include "arch/arm/cpu.h"
#include "include/preempt.h"
#include "kernel/schedule.h"
#include "kernel/wait.h"

#define RING_BYTES 256u /* a power of two */

static uint8_t ring[RING_BYTES];
static volatile uint32_t ring_in, ring_out; /* count on and on */
static struct list readers = {&readers, &readers};

static void (*ring_more)(void);
static bool ring_full; /* the device was told to wait */

void console_init(void (*more)(void)) {
    ring_more = more;
}

bool console_received(uint8_t byte) {
    ring[ring_in++ % RING_BYTES] = byte;
    schedule_defer_in_interrupt(SCHEDULE_CONSOLE);
    ring_full = ring_in - ring_out == RING_BYTES;
    return !ring_full;
}

void console_wake_readers(void) {
    wait_queue_wake(&readers);
    uint32_t before = cpu_irq_save();
    if (!ring_full) {
        ring_more();
    }
    cpu_irq_restore(before);
}

/* Takes what there is, up to a line end. */
static uint32_t take(uint8_t *buffer, uint32_t bytes) {
    uint32_t got = 0;
    uint32_t before = cpu_irq_save();
    while (got < bytes && ring_in != ring_out) {
        uint8_t byte = ring[ring_out++ % RING_BYTES];
        buffer[got++] = byte;
        if (byte == '\n' || byte == '\r') {
            break;
        }
    }
    if (ring_full && ring_in != ring_out + RING_BYTES) {
        ring_more();
    }
    cpu_irq_restore(before);
    return got;
}

status_t console_read(uint8_t *buffer, uint32_t bytes, uint32_t *got) {
    status_t status = ERROR_SUCCESS;
    preempt_disable();
    while (bytes != 0 && ring_in == ring_out && status == ERROR_SUCCESS) {
        status = wait_queue(&readers);
    }
    if (thread_current->attention & ATTENTION_KILLED) {
        status = WAKE_KILLED; /* what has come is for the next reader */
    }
    *got = status == ERROR_SUCCESS ? take(buffer, bytes) : 0;
    if (ring_in != ring_out) {
        wait_queue_wake(&readers);
    }
    preempt_enable();
    return status;
}
