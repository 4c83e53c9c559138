/* Finding the size of RAM (arch/arm/ram.h). */
#include "arch/arm/ram.h"

/* Writes value to the megabyte and returns which of its address bits, taken away, lead to the same word.  Reading the
 * others in between also means that the value read back does not come from the charge of the data lines. */
static bool echoes(const struct ram_bus *bus, uint32_t megabyte, uint32_t value, uint32_t *bits) {
    uint32_t word;
    if (!bus->store(megabyte, value)) {
        return false;
    }
    *bits = 0;
    for (uint32_t left = megabyte; left != 0; left &= left - 1) {
        uint32_t bit = left & (0u - left);
        if (bus->load(megabyte - bit, &word) && word == value) {
            *bits |= bit;
        }
    }
    return bus->load(megabyte, &word) && word == value;
}

static bool is_there(const struct ram_bus *bus, uint32_t megabyte) {
    uint32_t old, first, second;
    if (!bus->load(megabyte, &old)) {
        return false;
    }
    bool keeps =
        echoes(bus, megabyte, 0x5a3cc396u ^ megabyte, &first) && echoes(bus, megabyte, 0xa5c33c69u ^ megabyte, &second);
    bus->store(megabyte, old);
    return keeps && (first & second) == 0;
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
