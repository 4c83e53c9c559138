/* Names in a ROM image: which are valid, and their order. */
#include "fs/romname.h"
#include "fs/romformat.h"

static bool is_name_byte(uint8_t byte, bool foreign) {
    switch (byte) {
    case '\\':
    case '/':
    case ':':
    case '*':
    case '?':
    case '"':
    case '<':
    case '>':
    case '|':
        return false;
    default:
        return byte >= 0x20 && (byte < 0x7f || foreign);
    }
}

uint32_t rom_name_measure(const uint8_t *at, uint32_t room, bool foreign, const char **what) {
    uint32_t length = 0;
    uint32_t limit = min_u32(room, ROM_NAME_MOST + 1);
    while (length < limit && at[length] != 0) {
        if (!is_name_byte(at[length], foreign)) {
            *what = "bad character in name";
            return 0;
        }
        length++;
    }
    if (length == limit) {
        *what = limit == room ? "name not terminated" : "name too long";
        return 0;
    }
    if (length == 0) {
        *what = "empty name";
        return 0;
    }
    if (at[0] == '.' && (length == 1 || (length == 2 && at[1] == '.'))) {
        *what = "name is . or ..";
        return 0;
    }
    if (!foreign && (at[length - 1] == ' ' || at[length - 1] == '.')) {
        *what = "name ends with a space or dot";
        return 0;
    }
    return length;
}

int rom_name_compare(const char *name, uint32_t length, const uint8_t *other) {
    for (uint32_t i = 0; i < length; i++) {
        int difference = rom_fold((uint8_t)name[i]) - rom_fold(other[i]);
        if (difference != 0 || other[i] == 0) {
            return difference != 0 ? difference : 1; /* never past the end of other */
        }
    }
    return other[length] == 0 ? 0 : -1;
}
