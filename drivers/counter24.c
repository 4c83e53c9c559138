/* A clock that is one register which counts up by itself, such as the 24 MHz counter of ARM's boards (SYS_24MHZ, ARM
 * DUI 0225, 4.2.7; DUI 0447, 4.2). */
#include "drivers/clock.h"

static uint32_t counter24_read(const struct device *device) {
    return device_read(device->va);
}

const struct clock_driver counter24_driver = {
    .read = counter24_read,
};
