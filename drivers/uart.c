/* The console: the board's driver and device behind plain functions. */
#include "drivers/uart.h"
#include "drivers/irq.h"
#include "include/board.h"

#define BYTES_AT_ONCE 16u /* taken in one interrupt; the request stands as long as there are more */

static bool (*receiver)(uint8_t byte);

void uart_init(void) {
    board.uart_driver->init(&board.uart);
}

void uart_write(const char *bytes, uint32_t count) {
    board.uart_driver->write(&board.uart, bytes, count);
}

void uart_drain(void) {
    board.uart_driver->drain(&board.uart);
}

bool uart_read(uint8_t *byte) {
    return board.uart_driver->read(&board.uart, byte);
}

/* After a few bytes the device is quiet until uart_receive_more: however fast they come, they interrupt no stretch of
 * the kernel more than once. */
static void receive(void *context) {
    (void)context;
    uint8_t byte;
    uint32_t taken = 0;
    while (taken < BYTES_AT_ONCE && uart_read(&byte)) {
        taken++;
        if (!receiver(byte)) {
            break;
        }
    }
    if (taken != 0) {
        board.uart_driver->receive_enable(&board.uart, false);
    }
}

void uart_receive_more(void) {
    board.uart_driver->receive_enable(&board.uart, true);
}

void uart_receive_start(bool (*received)(uint8_t byte)) {
    receiver = received;
    irq_register(board.uart.irq, receive, NULL);
    uart_receive_more();
}
