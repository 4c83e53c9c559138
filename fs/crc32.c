/* CRC-32 by four tables: a word a step, about three instructions a byte.
 *
 * The 4 KB of tables are made in RAM at the first call (some 10,000 instructions) instead of lying in the kernel's
 * read-only data.  table[n][b] is the sum of byte b followed by n zero bytes.
 */
#include "fs/crc32.h"
#include "fs/romformat.h"

#define POLYNOMIAL 0xedb88320u

static uint32_t table[4][256];

/* The last entry written is the one that crc32_update() looks at: an interrupted making is begun again by the next
 * caller, who writes the same values. */
static void make_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (POLYNOMIAL & (0u - (crc & 1)));
        }
        table[0][byte] = crc;
    }
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = table[0][byte];
        for (int zeros = 1; zeros < 4; zeros++) {
            crc = table[0][crc & 255] ^ (crc >> 8);
            ((volatile uint32_t *)table[zeros])[byte] = crc;
        }
    }
}

uint32_t crc32_update(uint32_t crc, const void *data, uint32_t bytes) {
    const uint8_t *at = data;
    if (((volatile uint32_t *)table[3])[255] == 0) {
        make_tables();
    }
    crc = ~crc;
    while (bytes != 0 && ((uintptr_t)at & 3u) != 0) {
        crc = table[0][(crc ^ *at++) & 255] ^ (crc >> 8);
        bytes--;
    }
    for (; bytes >= 4; bytes -= 4, at += 4) {
        crc ^= rom_load_aligned(at);
        crc = table[3][crc & 255] ^ table[2][(crc >> 8) & 255] ^ table[1][(crc >> 16) & 255] ^ table[0][crc >> 24];
    }
    while (bytes-- != 0) {
        crc = table[0][(crc ^ *at++) & 255] ^ (crc >> 8);
    }
    return ~crc;
}
