/* Finding the size of RAM (arch/arm/ram.h). */
#include "arch/arm/ram.h"

/* Whether the megabyte keeps value, and the words that it would be if one of its address bits led nowhere keep another
 * one.  Reading those in between also means that the value read back does not come from the charge of the data lines.
 */
static bool keeps_apart(const struct ram_bus *bus, uint32_t megabyte, uint32_t value) {
    uint32_t word;
    for (uint32_t left = megabyte; left != 0; left &= left - 1) {
        bus->store(megabyte - (left & (0u - left)), ~value);
    }
    if (!bus->store(megabyte, value)) {
        return false;
    }
    for (uint32_t left = megabyte; left != 0; left &= left - 1) {
        if (!bus->load(megabyte - (left & (0u - left)), &word) || word != ~value) {
            return false;
        }
    }
    return bus->load(megabyte, &word) && word == value;
}

/* Two values: one of them may be what a ROM has there. */
static bool is_there(const struct ram_bus *bus, uint32_t megabyte) {
    return keeps_apart(bus, megabyte, 0x5a3cc396u ^ megabyte) && keeps_apart(bus, megabyte, 0xa5c33c69u ^ megabyte);
}

/* A binary search: there[0] holds, and behind the end nothing does. */
uint32_t ram_find(uint32_t most, const struct ram_bus *bus) {
    uint32_t there = 0;
    uint32_t absent = most;
    while (absent - there > 1) {
        uint32_t middle = there + (absent - there) / 2;
        if (is_there(bus, middle)) {
            there = middle;
        } else {
            absent = middle;
        }
    }
    return there + 1;
}
