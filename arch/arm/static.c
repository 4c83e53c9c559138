/* Both directions of the static map, from the board's address table: see arch/static.h. */
#include "arch/static.h"
#include "include/board.h"
#include "include/panic.h"

struct static_ram static_ram;

void static_init(void) {
    const struct board_row *row = board_row_of(BOARD_RAM);
    static_ram = (struct static_ram){.va = row->va, .pa = row->pa, .bytes = (uint32_t)row->megabytes << 20};
}

static const struct board_row *row_of(uint32_t address, bool physical) {
    for (const struct board_row *row = board_map; row->kind != BOARD_END; row++) {
        uint32_t start = physical ? row->pa : row->va;
        if (row->kind != BOARD_DEVICE && address - start < (uint32_t)row->megabytes << 20) {
            return row;
        }
    }
    panic("address outside the static map", __FILE_NAME__, __LINE__);
}

void *static_row_va(uint32_t pa) {
    const struct board_row *row = row_of(pa, true);
    return (void *)(pa - row->pa + row->va);
}

uint32_t static_row_pa(const void *va) {
    const struct board_row *row = row_of((uint32_t)va, false);
    return (uint32_t)va - row->va + row->pa;
}
