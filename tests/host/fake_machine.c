/* The fake machine's memory: RAM and ROM, the static map, and what the caches may still hold of them (fake_mmu.h).
 *
 * A frame remembers where it is mapped and whether it was used through the static map; an arena address remembers the
 * ROM that it showed.  The fake MMU tells of every page that appears or goes, and the test ends where two addresses of
 * one frame, or old lines of a new one, would be in a virtually tagged cache.
 */
#include "fake_mmu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/static.h"
#include "fake_machine.h"
#include "include/layout.h"
#include "include/preempt.h"

#define PAGE_COUNT (USER_END / PAGE_SIZE)

struct frame_info {
    uint32_t cached;   /* mappings of it that caches may hold lines of */
    uint32_t va;       /* where these are */
    uint32_t uncached; /* others, anywhere */
    bool in_static;    /* used through the static map, not forgotten */
};

static uint8_t *ram;
static uint8_t *rom;
static uint32_t ram_pages;
static struct frame_info *frames;
static uint32_t *rom_shown; /* by page of the address space: ROM address whose lines may be cached there, or 0 */
static uint32_t forgotten;
static uint32_t mixed; /* frames that are mapped cached and uncached */

void fake_check(bool condition, const char *message) {
    if (!condition) {
        fprintf(stderr, "fake machine: %s\n", message);
        abort();
    }
}

void fake_machine_start(uint32_t pages) {
    ram_pages = pages;
    ram = aligned_alloc(SECTION_SIZE, round_up(pages * PAGE_SIZE, SECTION_SIZE));
    memset(ram, 0xa5, pages * PAGE_SIZE); /* nobody may count on zeroes */
    rom = aligned_alloc(SECTION_SIZE, FAKE_ROM_DATA);
    for (uint32_t i = 0; i < FAKE_ROM_DATA; i++) {
        rom[i] = (uint8_t)(i * 7 + (i >> 12) * 13 + 1);
    }
    frames = calloc(pages, sizeof(*frames));
    rom_shown = calloc(PAGE_COUNT, sizeof(*rom_shown));
}

void fake_machine_stop(void) {
    for (uint32_t i = 0; i < ram_pages; i++) {
        fake_check(frames[i].cached + frames[i].uncached == 0, "frame still mapped");
    }
    free(ram);
    free(rom);
    free(frames);
    free(rom_shown);
}

bool fake_is_ram(uint32_t pa) {
    return pa >= FAKE_RAM_PA && pa < FAKE_RAM_PA + ram_pages * PAGE_SIZE;
}

static struct frame_info *frame_info(uint32_t pa) {
    fake_check(fake_is_ram(pa), "not RAM");
    return &frames[(pa - FAKE_RAM_PA) / PAGE_SIZE];
}

uint8_t *fake_ram(uint32_t pa) {
    fake_check(fake_is_ram(pa), "not RAM");
    return ram + (pa - FAKE_RAM_PA);
}

uint8_t *fake_rom(uint32_t pa) {
    fake_check(pa >= FAKE_ROM_PA && pa < FAKE_ROM_PA + FAKE_ROM_DATA, "not readable ROM");
    return rom + (pa - FAKE_ROM_PA);
}

struct static_ram static_ram; /* empty: every address takes the long way */

void *static_row_va(uint32_t pa) {
    if (!fake_is_ram(pa)) {
        return fake_rom(pa);
    }
    fake_check(!fake_is_mapped(pa), "static map of a frame that is mapped");
    frame_info(pa)->in_static = true;
    return fake_ram(pa);
}

uint32_t static_row_pa(const void *va) {
    const uint8_t *byte = va;
    fake_check(byte >= ram && byte < ram + ram_pages * PAGE_SIZE, "not in the static map");
    return FAKE_RAM_PA + (uint32_t)(byte - ram);
}

void mmu_forget_static(uint32_t pa, uint32_t bytes) {
    fake_check(is_aligned(pa | bytes, PAGE_SIZE), "mmu_forget_static: not whole pages");
    for (uint32_t at = pa; at < pa + bytes; at += PAGE_SIZE) {
        frame_info(at)->in_static = false;
        forgotten++;
    }
    memset(fake_ram(pa), 0x5a, bytes); /* contents are lost */
}

uint32_t fake_forgotten_pages(void) {
    return forgotten;
}

void mmu_forget_range(uint32_t va, uint32_t bytes) {
    memset(&rom_shown[va / PAGE_SIZE], 0, bytes / PAGE_SIZE * sizeof(*rom_shown));
}

/* Physically tagged caches see one frame at any number of addresses; all of them count as one here. */
static uint32_t cache_address(uint32_t va) {
#if defined(SITU_ARMV5)
    return va;
#else
    (void)va;
    return 0;
#endif
}

void fake_page_appears(uint32_t va, uint32_t pa, uint32_t prot) {
    if (fake_is_ram(pa)) {
        struct frame_info *frame = frame_info(pa);
        fake_check(!frame->in_static, "frame not forgotten by the static map");
        if ((prot & PROT_NOCACHE) != 0) {
            mixed += frame->uncached++ == 0 && frame->cached != 0;
        } else {
            mixed += frame->cached == 0 && frame->uncached != 0;
            fake_check(frame->cached == 0 || frame->va == cache_address(va), "frame mapped at two addresses");
            frame->cached++;
            frame->va = cache_address(va);
        }
        fake_check(mixed == 0 || preempt.count != 0, "frame mapped cached and uncached");
    }
    if (va >= ARENA_BASE) {
        uint32_t *shown = &rom_shown[va / PAGE_SIZE];
        fake_check(*shown == 0 || *shown == pa, "address not forgotten since it showed ROM");
        *shown = fake_is_ram(pa) ? 0 : pa;
    }
}

void fake_page_goes(uint32_t va, uint32_t pa, uint32_t prot, bool in_place) {
    fake_check(fake_is_ram(pa) == !in_place, "mmu_unmap: RAM is not in place, ROM is");
    if (fake_is_ram(pa)) {
        struct frame_info *frame = frame_info(pa);
        if ((prot & PROT_NOCACHE) != 0) {
            fake_check(frame->uncached > 0, "frame not mapped uncached");
            frame->uncached--;
            mixed -= frame->uncached == 0 && frame->cached != 0;
        } else {
            fake_check(frame->va == cache_address(va) && frame->cached > 0, "frame not mapped here");
            frame->cached--;
            mixed -= frame->cached == 0 && frame->uncached != 0;
        }
    }
}

bool fake_is_mixed(void) {
    return mixed != 0;
}

bool fake_is_mapped(uint32_t pa) {
    return frame_info(pa)->cached + frame_info(pa)->uncached != 0;
}
