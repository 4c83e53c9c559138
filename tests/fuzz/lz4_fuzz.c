/* Fuzzing the LZ4 decoder: any bytes as a block, into room of any size; liblz4 is the judge of what it decodes to. */
#include "fs/lz4.h"
#include <lz4.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

/* A block that decodes must decode alike everywhere. */
static void compare_decoders(const uint8_t *block, uint32_t bytes, uint32_t plain) {
    uint8_t *ours = malloc(plain + 1);
    char *theirs = malloc(plain + 1);
    status_t status = lz4_decode(block, bytes, ours, plain);
    if (status == ERROR_SUCCESS) {
        /* liblz4 refuses some blocks whose matches reach into the last bytes; what it takes it must take alike */
        int decoded = LZ4_decompress_safe((const char *)block, theirs, (int)bytes, (int)plain);
        require(decoded < 0 || ((uint32_t)decoded == plain && memcmp(ours, theirs, plain) == 0));
    }
    free(ours);
    free(theirs);
}

static void round_trip(const uint8_t *data, uint32_t bytes) {
    int most = LZ4_compressBound((int)bytes);
    char *block = malloc((size_t)most);
    int stored = LZ4_compress_default((const char *)data, block, (int)bytes, most);
    uint8_t *exact = malloc((size_t)stored);
    uint8_t *plain = malloc(bytes);
    memcpy(exact, block, (size_t)stored);
    require(lz4_decode(exact, (uint32_t)stored, plain, bytes) == ERROR_SUCCESS);
    require(memcmp(plain, data, bytes) == 0);
    free(block);
    free(exact);
    free(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 3 || size > 8192) {
        return 0;
    }
    uint32_t plain = (data[0] | (uint32_t)data[1] << 8) % 4097;
    uint8_t *block = malloc(size - 2);
    memcpy(block, data + 2, size - 2);
    compare_decoders(block, (uint32_t)size - 2, plain);
    round_trip(block, (uint32_t)size - 2);
    free(block);
    return 0;
}
