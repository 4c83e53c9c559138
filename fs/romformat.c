/* Numbers in a ROM image. */
#include "fs/romformat.h"

uint32_t rom_load32_bytes(const uint8_t *at) {
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}
