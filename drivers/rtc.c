/* The clock chip: the board's driver and device behind plain functions. */
#include "drivers/rtc.h"
#include "include/board.h"

uint32_t rtc_read(void) {
    return board.rtc_driver == NULL ? RTC_SECONDS_2000 : board.rtc_driver->read(&board.rtc);
}

bool rtc_write(int64_t seconds) {
    if (board.rtc_driver == NULL) {
        return true;
    }
    if (seconds < 0 || seconds > UINT32_MAX) {
        return false;
    }
    board.rtc_driver->write(&board.rtc, (uint32_t)seconds);
    return true;
}
