/* The instruction counter: the board's driver and device behind a plain function. */
#include "drivers/counter.h"
#include "include/board.h"

uint32_t counter_read(void) {
    return board.counter_driver == NULL ? 0 : board.counter_driver->read(&board.counter);
}
