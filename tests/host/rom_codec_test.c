/* crc32, lz4 and code page 1252 against independent truths. */
#include "fs/cp1252.h"
#include "fs/crc32.h"
#include "fs/lz4.h"
#include "tests/host/rom_support.h"
#include <lz4.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Bit by bit, as the polynomial is written. */
static uint32_t slow_crc(const uint8_t *data, size_t bytes) {
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < bytes; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
        }
    }
    return ~crc;
}

static void test_crc_known(void **state) {
    (void)state;
    assert_int_equal(crc32_update(0, "", 0), 0);
    assert_int_equal(crc32_update(0, "123456789", 9), 0xcbf43926u); /* the check value that catalogues list */
}

static void test_crc_any_alignment_and_split(void **state) {
    (void)state;
    uint8_t data[600];
    rom_fill_noise(data, sizeof(data), 1);
    for (uint32_t start = 0; start < 8; start++) {
        for (uint32_t bytes = 0; bytes < 64; bytes++) {
            assert_int_equal(crc32_update(0, data + start, bytes), slow_crc(data + start, bytes));
        }
    }
    for (uint32_t cut = 0; cut <= sizeof(data); cut += 13) {
        uint32_t crc = crc32_update(crc32_update(0, data, cut), data + cut, (uint32_t)sizeof(data) - cut);
        assert_int_equal(crc, slow_crc(data, sizeof(data)));
    }
}

/* Decodes from and into memory of exactly the length given, so that the sanitizer sees one byte too many. */
static status_t decode_exact(const uint8_t *block, uint32_t bytes, uint32_t plain, uint8_t **out) {
    uint8_t *from = malloc(bytes + (bytes == 0));
    uint8_t *to = malloc(plain + (plain == 0));
    memcpy(from, block, bytes);
    status_t status = lz4_decode(from, bytes, to, plain);
    free(from);
    if (out != NULL) {
        *out = to;
    } else {
        free(to);
    }
    return status;
}

static void test_lz4_round_trip(void **state) {
    (void)state;
    uint8_t plain[4096];
    char block[LZ4_COMPRESSBOUND(4096)];
    for (uint32_t kind = 0; kind < 3; kind++) {
        for (uint32_t bytes = 1; bytes <= sizeof(plain); bytes += bytes < 80 ? 1 : 509) {
            memset(plain, 'r', sizeof(plain));
            if (kind == 1) {
                rom_fill_text(plain, bytes, bytes);
            } else if (kind == 2) {
                rom_fill_noise(plain, bytes, bytes);
            }
            int stored = LZ4_compress_default((const char *)plain, block, (int)bytes, sizeof(block));
            assert_true(stored > 0);
            uint8_t *out;
            assert_int_equal(decode_exact((uint8_t *)block, (uint32_t)stored, bytes, &out), 0);
            assert_memory_equal(out, plain, bytes);
            free(out);
            assert_int_equal(decode_exact((uint8_t *)block, (uint32_t)stored, bytes - 1, NULL), ERROR_INVALID_DATA);
            assert_int_equal(decode_exact((uint8_t *)block, (uint32_t)stored, bytes + 1, NULL), ERROR_INVALID_DATA);
            for (int cut = 0; cut < stored; cut += 1 + stored / 100) {
                assert_int_equal(decode_exact((uint8_t *)block, (uint32_t)cut, bytes, NULL), ERROR_INVALID_DATA);
            }
        }
    }
}

static void test_lz4_bad_blocks(void **state) {
    (void)state;
    static const struct {
        uint8_t bytes[8];
        uint32_t length, plain;
    } bad[] = {
        {{0x10, 'a', 0, 0, 0x10, 'b'}, 6, 6},      /* distance 0 */
        {{0x10, 'a', 1, 0}, 4, 4},                 /* match one byte beyond the room */
        {{0x10, 'a', 2, 0, 0x10, 'b'}, 6, 6},      /* distance before the start */
        {{0x10, 'a', 1, 0}, 4, 5},                 /* ends with a match */
        {{0x10, 'a', 1}, 3, 5},                    /* half a distance */
        {{0x1f, 'a', 1, 0, 255, 255}, 6, 600},     /* length never ends */
        {{0xf0, 255, 255, 255}, 4, 600},           /* literal length never ends */
        {{0xf0, 3, 'a'}, 3, 18},                   /* fewer literals than said */
        {{0x20, 'a', 'b'}, 3, 1},                  /* more than there is room for */
        {{0x1f, 'a', 1, 0, 200, 0x10, 'b'}, 7, 9}, /* match beyond the room */
    };
    for (uint32_t i = 0; i < ARRAY_COUNT(bad); i++) {
        assert_int_equal(decode_exact(bad[i].bytes, bad[i].length, bad[i].plain, NULL), ERROR_INVALID_DATA);
    }
    static const uint8_t run[] = {0x10, 'a', 1, 0, 0x10, 'b'};
    uint8_t *out;
    assert_int_equal(decode_exact(run, sizeof(run), 6, &out), 0);
    assert_memory_equal(out, "aaaaab", 6);
    free(out);
}

static void test_cp1252(void **state) {
    (void)state;
    assert_int_equal(cp1252_to_utf16('A'), 'A');
    assert_int_equal(cp1252_to_utf16(0x80), 0x20ac);
    assert_int_equal(cp1252_to_utf16(0xe4), 0xe4);
    assert_int_equal(cp1252_from_utf16(0x0414), 0);
    assert_int_equal(cp1252_from_utf16(0x80), 0); /* a control character, and not the euro sign */
    for (uint32_t byte = 0; byte < 256; byte++) {
        assert_int_equal(cp1252_from_utf16(cp1252_to_utf16((uint8_t)byte)), byte);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crc_known),      cmocka_unit_test(test_crc_any_alignment_and_split),
        cmocka_unit_test(test_lz4_round_trip), cmocka_unit_test(test_lz4_bad_blocks),
        cmocka_unit_test(test_cp1252),
    };
    return cmocka_run_group_tests_name("rom_codec", tests, NULL, NULL);
}
