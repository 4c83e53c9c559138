/* ARM PrimeCell real-time clock PL031 (ARM DDI 0224, chapter 3): one register that counts seconds.  Its alarm is not
 * used. */
#include "drivers/rtc.h"

#define DATA    0x00
#define LOAD    0x08
#define CONTROL 0x0c

#define CONTROL_START (1u << 0) /* once on, it stays so */

static uint32_t pl031_read(const struct device *device) {
    device_write(device->va + CONTROL, CONTROL_START);
    return device_read(device->va + DATA);
}

static void pl031_write(const struct device *device, uint32_t seconds) {
    device_write(device->va + LOAD, seconds);
}

const struct rtc_driver pl031_driver = {
    .read = pl031_read,
    .write = pl031_write,
};
