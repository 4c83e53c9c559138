/* romview: maps a file of the ROM, reads all of it where it lies, and shows that this took nothing.
 *
 *     romview \Windows\UnicodeData.txt
 *
 * The calls are those that a Windows CE program makes to map a file: CreateFileForMapping, ReadFile, CreateFileMapping,
 * MapViewOfFile, UnmapViewOfFile, CloseHandle.  Around them the program asks the system how many physical pages are
 * free and how many page faults the addresses of the view have taken; for an uncompressed file in ROM both stay as they
 * were. It counts lines and bytes, computes the CRC-32, and compares it with the one in the file of the same name with
 * .crc32 behind it (eight hexadecimal digits).
 *
 * Exit status: 0 = no page, no fault, and the CRC is right; 1 = one of them is not; 2 = something failed.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <situ.h>

#define CRC_POLYNOMIAL 0xedb88320u /* CRC-32 of Ethernet and zip, bits reversed */
#define CRC_SLICES     8

/* crc_table[s][b]: what byte b does to the sum when s more bytes follow it at once. */
static uint32_t crc_table[CRC_SLICES][256];

struct contents {
    DWORD bytes, lines, crc;
};

static void crc_prepare(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t sum = byte;
        for (int bit = 0; bit < 8; bit++) {
            sum = (sum & 1) ? sum >> 1 ^ CRC_POLYNOMIAL : sum >> 1;
        }
        crc_table[0][byte] = sum;
    }
    for (uint32_t byte = 0; byte < 256; byte++) {
        for (int slice = 1; slice < CRC_SLICES; slice++) {
            uint32_t sum = crc_table[slice - 1][byte];
            crc_table[slice][byte] = sum >> 8 ^ crc_table[0][sum & 0xff];
        }
    }
}

/* How many of the word's four bytes are line feeds: a byte of x becomes 0 exactly where one was, and the sum below
 * sets the top bit of every byte that is not 0, without a carry from one byte to the next. */
static uint32_t count_line_feeds(uint32_t word) {
    uint32_t x = word ^ 0x0a0a0a0au;
    uint32_t nonzero = (((x & 0x7f7f7f7fu) + 0x7f7f7f7fu) | x) & 0x80808080u;
    return 4 - ((nonzero >> 7) * 0x01010101u >> 24);
}

/* Reads every byte of the view: a view begins on a page, so words are read, eight bytes at a time. */
static struct contents view_read(const void *view, DWORD bytes) {
    const uint32_t *word = view;
    uint32_t crc = 0xffffffffu;
    uint32_t lines = 0;
    for (uint32_t i = bytes / 8; i; i--) {
        uint32_t low = word[0];
        uint32_t high = word[1];
        lines += count_line_feeds(low) + count_line_feeds(high);
        low ^= crc;
        crc = crc_table[7][low & 0xff] ^ crc_table[6][low >> 8 & 0xff] ^ crc_table[5][low >> 16 & 0xff] ^
              crc_table[4][low >> 24] ^ crc_table[3][high & 0xff] ^ crc_table[2][high >> 8 & 0xff] ^
              crc_table[1][high >> 16 & 0xff] ^ crc_table[0][high >> 24];
        word += 2;
    }
    const uint8_t *byte = (const uint8_t *)word;
    for (uint32_t i = bytes % 8; i; i--, byte++) {
        lines += *byte == '\n';
        crc = crc >> 8 ^ crc_table[0][(crc ^ *byte) & 0xff];
    }
    return (struct contents){bytes, lines, ~crc};
}

/* Says which call failed, and why; returns the exit status for it. */
static int failed(const char *call, const wchar_t *name) {
    DWORD error = GetLastError();
    fprintf(stderr, "romview: %s of %ls failed with error %lu%s\n", call, name, error,
            error == ERROR_FILE_NOT_FOUND  ? " (there is no such file)"
            : error == ERROR_NOT_SUPPORTED ? " (the file cannot be mapped where it lies)"
                                           : "");
    return 2;
}

/* Reads the CRC that belongs to the file.  Returns FALSE, with a message, when there is none to be had. */
static BOOL expected_crc(const wchar_t *name, DWORD *crc) {
    wchar_t path[MAX_PATH];
    char text[16] = "";
    char *end = text;
    DWORD length = 0;
    if (_snwprintf(path, MAX_PATH - 1, L"%s.crc32", name) < 0) {
        fprintf(stderr, "romview: the name is too long\n");
        return FALSE;
    }
    path[MAX_PATH - 1] = 0;
    HANDLE file = CreateFile(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        failed("CreateFile", path);
        return FALSE;
    }
    if (!ReadFile(file, text, sizeof(text) - 1, &length, NULL)) {
        failed("ReadFile", path);
        CloseHandle(file);
        return FALSE;
    }
    CloseHandle(file);
    *crc = strtoul(text, &end, 16);
    if (end == text) {
        fprintf(stderr, "romview: %ls does not begin with a CRC\n", path);
        return FALSE;
    }
    return TRUE;
}

static DWORD pages_free(void) {
    SITU_COUNTERS counters;
    return SituGetCounters(&counters, NULL, 0) ? counters.pages_free : 0;
}

static DWORD view_faults(const void *view, DWORD bytes) {
    SITU_COUNTERS counters;
    return SituGetCounters(&counters, view, bytes) ? counters.range_faults : 0;
}

/* Writes to a stretch of the stack deeper than any call below will use, so that the stack's pages are there before
 * pages are counted. */
static __attribute__((noinline)) void touch_stack(void) {
    volatile char depth[8192];
    for (size_t i = 0; i < sizeof(depth); i += 1024) {
        depth[i] = 0;
    }
}

/* The job itself, on a file of so many bytes.  Returns the exit status. */
static int rom_view(const wchar_t *name, DWORD bytes, DWORD expected) {
    static char start[512];
    static struct contents contents;
    DWORD length = 0;
    memset(start, 0, sizeof(start));
    memset(&contents, 0, sizeof(contents));
    touch_stack();
    DWORD free_before = pages_free();

    HANDLE file = CreateFileForMapping(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return failed("CreateFileForMapping", name);
    }
    if (!ReadFile(file, start, sizeof(start), &length, NULL)) {
        int status = failed("ReadFile", name);
        CloseHandle(file);
        return status;
    }
    HANDLE mapping = CreateFileMapping(file, NULL, PAGE_READONLY, 0, 0, NULL);
    if (!mapping) {
        return failed("CreateFileMapping", name); /* which has closed the file */
    }
    const void *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    if (!view) {
        int status = failed("MapViewOfFile", name);
        CloseHandle(mapping);
        return status;
    }
    contents = view_read(view, bytes);
    DWORD faults = view_faults(view, bytes);
    DWORD pages = free_before - pages_free();
    BOOL same_start = memcmp(start, view, length) == 0;
    UnmapViewOfFile(view);
    CloseHandle(mapping); /* and with it the file */

    printf("file            %ls\n", name);
    printf("bytes           %lu\n", contents.bytes);
    printf("lines           %lu\n", contents.lines);
    printf("crc32           %08lx, expected %08lx\n", contents.crc, expected);
    printf("physical pages  %ld\n", (LONG)pages);
    printf("page faults     %lu\n", faults);
    if (!same_start) {
        printf("ReadFile and the view differ\n");
    }
    BOOL good = pages == 0 && faults == 0 && contents.crc == expected && same_start;
    printf("%s\n", good ? "read in place" : "NOT read in place, or not right");
    return good ? 0 : 1;
}

int wmain(int argc, wchar_t **argv) {
    WIN32_FILE_ATTRIBUTE_DATA data;
    DWORD expected;
    if (argc != 2 || wcscmp(argv[1], L"/?") == 0 || wcscmp(argv[1], L"--help") == 0) {
        printf(
            "usage: romview FILE\n"
            "Maps a file of the ROM, reads all of it, and prints how much memory and how many page faults that took.\n"
            "FILE.crc32 holds the CRC-32 that it should have.\n");
        return argc == 2 ? 0 : 2;
    }
    if (!GetFileAttributesEx(argv[1], GetFileExInfoStandard, &data)) {
        return failed("GetFileAttributesEx", argv[1]);
    }
    if (!expected_crc(argv[1], &expected)) {
        return 2;
    }
    crc_prepare();
    return rom_view(argv[1], data.nFileSizeLow, expected);
}
