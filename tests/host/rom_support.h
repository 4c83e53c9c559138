/* What the ROM tests share: files, running mkrom, sealing images anew, and the romfs_note() of host builds. */
#ifndef TESTS_HOST_ROM_SUPPORT_H
#define TESTS_HOST_ROM_SUPPORT_H

#include "fs/romfs.h"

/* How many notes came since it was set to 0, and the last one's text. */
extern uint32_t rom_notes;
extern const char *rom_last_note;

/* Makes an empty directory for the test; rom_directory_remove() deletes it with what is in it. */
char *rom_directory_make(void);
void rom_directory_remove(char *directory);

/* "directory/name", the caller's to free. */
char *rom_path(const char *directory, const char *name);

void rom_file_write(const char *directory, const char *name, const void *data, size_t bytes);

/* Reads a file into memory of exactly its length. */
uint8_t *rom_file_read(const char *directory, const char *name, uint32_t *bytes);

bool rom_file_exists(const char *directory, const char *name);

/* Runs build/host/mkrom with arguments by format, inside the directory; its stderr goes to "stderr" there, its stdout
 * to "stdout".  Returns its exit status. */
int rom_mkrom(const char *directory, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether the file "stderr" or "stdout" contains a text. */
bool rom_said(const char *directory, const char *stream, const char *text);

/* Fills bytes with text-like, compressible, or noise-like, incompressible, content. */
void rom_fill_text(uint8_t *data, size_t bytes, uint32_t seed);
void rom_fill_noise(uint8_t *data, size_t bytes, uint32_t seed);

/* Computes HEAD CRC32 anew, so that an image that was changed gets past it. */
void rom_seal(uint8_t *image, uint32_t header, uint32_t head_end);

#endif
