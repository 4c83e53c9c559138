/* Names in a ROM image: which are valid, and their order. */
#ifndef FS_ROMNAME_H
#define FS_ROMNAME_H

#include "include/types.h"

/* Folds an ASCII letter to lower case; other bytes stay. */
static inline uint8_t rom_fold(uint8_t byte) {
    return (uint8_t)(byte - 'A') < 26 ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

/* Measures and tests a name.
 * at: its first byte; room: bytes readable there; foreign: bytes from 0x7f on, and a space or dot at the end, are
 * allowed (code page 1252).
 * Returns its length, 1..ROM_NAME_MOST, or 0 with *what (a static string) telling what is wrong: empty, too long,
 * not terminated in the room, a control character or one of \ / : * ? " < > |, "." or "..". */
uint32_t rom_name_measure(const uint8_t *at, uint32_t room, bool foreign, const char **what);

/* Compares a name of length bytes with a zero-terminated one, ignoring ASCII case: below 0, 0, above 0.
 * This is the order of the file table of our images: by folded bytes, unsigned, the shorter first. */
int rom_name_compare(const char *name, uint32_t length, const uint8_t *other);

#endif
