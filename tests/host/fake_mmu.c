/* The fake MMU: see fake_mmu.h.
 *
 * A space is a first level of megabytes; a megabyte is nothing, one 1 MB entry, or a table of 256 entries.  Tables cost
 * what they cost on the machine: four to a frame, and each space keeps a few spare ones.
 */
#include "fake_mmu.h"

#include <stdlib.h>
#include <string.h>

#include "arch/frames.h"
#include "arch/static.h"
#include "fake_machine.h"
#include "include/layout.h"
#include "include/preempt.h"
#include "mm/lock.h"

#define MEGABYTES    (USER_END / SECTION_SIZE)
#define ENTRIES      256u
#define SPARE_TABLES 4u
#define SPARE_KEPT   2u
#define SPACES_MAX   32u
#if defined(SITU_ARMV5)
#define FIRST_ORDER 2u
#else
#define FIRST_ORDER 1u
#endif

struct table_frame {
    uint32_t pa;
    uint32_t used;
};

struct table {
    struct fake_entry entries[ENTRIES];
    struct table_frame *frame;
    struct table *next; /* spare */
};

struct megabyte {
    struct table *table;
    bool section;
    uint32_t pa;
    prot_t prot;
    unsigned domain;
};

struct first {
    struct megabyte megabytes[MEGABYTES];
    struct table *spare;
};

const struct mmu_space *fake_active;
static uint32_t filling;
static uint32_t spaces;
static struct table_frame *open_frames[1024]; /* table frames with free quarters */
static uint32_t open_count;

void fake_mmu_start(void) {
    fake_active = NULL;
    filling = spaces = open_count = 0;
}

void fake_mmu_stop(void) {
    fake_check(spaces == 0 && open_count == 0, "spaces or tables left");
}

void fake_mmu_check_filled(void) {
    fake_check(!fake_is_mixed(), "a frame is mapped cached and uncached");
    fake_check(filling == 0, "a page is half filled");
}

/* Tables. */

static struct table *table_alloc(void) {
    if (fake_allocation_fails()) {
        return NULL; /* as if every table needed a frame */
    }
    if (open_count == 0) {
        uint32_t pa = frame_alloc(0, FRAME_TABLE);
        if (pa == FRAME_NONE) {
            return NULL;
        }
        static_va(pa);
        open_frames[open_count] = calloc(1, sizeof(struct table_frame));
        open_frames[open_count++]->pa = pa;
    }
    struct table *table = calloc(1, sizeof(*table));
    table->frame = open_frames[open_count - 1];
    if (++table->frame->used == 4) {
        open_count--;
    }
    return table;
}

static void table_free(struct table *table) {
    struct table_frame *frame = table->frame;
    if (frame->used == 4) {
        fake_check(open_count < 1024, "too many table frames");
        open_frames[open_count++] = frame;
    }
    if (--frame->used == 0) {
        uint32_t i = 0;
        while (open_frames[i] != frame) {
            i++;
        }
        open_frames[i] = open_frames[--open_count];
        frame_free(frame->pa, 0);
        free(frame);
    }
    free(table);
}

static struct first *first_of(const struct mmu_space *space) {
    return (struct first *)(void *)space->table;
}

static struct table *spare_pop(struct mmu_space *space) {
    struct first *first = first_of(space);
    struct table *table = first->spare;
    first->spare = table->next;
    space->spare_count--;
    return table;
}

static void spare_push(struct mmu_space *space, struct table *table) {
    struct first *first = first_of(space);
    table->next = first->spare;
    first->spare = table;
    space->spare_count++;
}

static void spare_trim(struct mmu_space *space, uint32_t count) {
    while (space->spare_count > count) {
        table_free(spare_pop(space));
    }
}

static bool spare_fill(struct mmu_space *space, uint32_t count) {
    while (space->spare_count < count) {
        struct table *table = table_alloc();
        if (table == NULL) {
            return false;
        }
        spare_push(space, table);
    }
    return true;
}

/* Spaces. */

status_t mmu_space_create(struct mmu_space *space) {
    fake_check(mm_lock_held(), "mmu_space_create: no lock");
    *space = (struct mmu_space){0};
    if (spaces == SPACES_MAX) {
        return ERROR_NO_PROC_SLOTS;
    }
    space->table_pa = frame_alloc(FIRST_ORDER, FRAME_TABLE);
    if (space->table_pa == FRAME_NONE) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    for (uint32_t i = 0; i < 1u << FIRST_ORDER; i++) {
        static_va(space->table_pa + i * PAGE_SIZE);
    }
    space->table = calloc(1, sizeof(struct first));
    if (!spare_fill(space, SPARE_TABLES)) {
        spare_trim(space, 0);
        free(space->table);
        frame_free(space->table_pa, FIRST_ORDER);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    spaces++;
    return ERROR_SUCCESS;
}

void mmu_space_quiesce(struct mmu_space *space) {
    fake_check(mm_lock_held(), "mmu_space_quiesce: no lock");
    if (fake_active == space) {
        fake_active = NULL;
    }
    space->quiet = true;
}

void mmu_space_destroy(struct mmu_space *space) {
    fake_check(mm_lock_held(), "mmu_space_destroy: no lock");
    fake_check(space != fake_active, "mmu_space_destroy: active");
    for (uint32_t i = 0; i < MEGABYTES; i++) {
        const struct megabyte *megabyte = &first_of(space)->megabytes[i];
        fake_check(megabyte->table == NULL && !megabyte->section, "mmu_space_destroy: entries left");
    }
    fake_check(space->table_count == 0, "mmu_space_destroy: tables left");
    spare_trim(space, 0);
    free(space->table);
    frame_free(space->table_pa, FIRST_ORDER);
    spaces--;
}

void mmu_space_activate(struct mmu_space *space) {
    fake_active = space;
}

static struct megabyte *megabyte_at(const struct mmu_space *space, uint32_t va) {
    fake_check(mm_lock_held() || (mm_lock_free() && preempt.count != 0), "page tables used without the lock");
    fake_check(va >= USER_BASE && va < USER_END, "not a user address");
    return &first_of(space)->megabytes[va / SECTION_SIZE];
}

struct fake_entry *fake_entry_at(const struct mmu_space *space, uint32_t va) {
    struct megabyte *megabyte = megabyte_at(space, va);
    fake_check(is_aligned(va, PAGE_SIZE), "not a page address");
    fake_check(megabyte->table != NULL, "no second-level table was reserved");
    return &megabyte->table->entries[va % SECTION_SIZE / PAGE_SIZE];
}

static void section_split(struct megabyte *megabyte) {
    for (uint32_t i = 0; i < ENTRIES; i++) {
        megabyte->table->entries[i] = (struct fake_entry){
            .state = PAGE_PRESENT, .prot = megabyte->prot, .pa = megabyte->pa + i * PAGE_SIZE, .size = LARGE_SIZE};
    }
    megabyte->section = false;
}

status_t mmu_tables_reserve(struct mmu_space *space, uint32_t va, uint32_t bytes, unsigned domain) {
    uint32_t wanted = 0;
    fake_check(bytes > 0 && !space->quiet, "mmu_tables_reserve: nothing, or quiet");
    for (uint32_t mb = round_down(va, SECTION_SIZE); mb < va + bytes; mb += SECTION_SIZE) {
        struct megabyte *megabyte = megabyte_at(space, max_u32(mb, USER_BASE));
        fake_check((megabyte->table == NULL && !megabyte->section) || megabyte->domain == domain,
                   "mmu_tables_reserve: domains mixed in a megabyte");
        wanted += megabyte->table == NULL;
    }
    uint32_t before = space->spare_count;
    if (!spare_fill(space, wanted)) {
        spare_trim(space, before);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    for (uint32_t mb = round_down(va, SECTION_SIZE); mb < va + bytes; mb += SECTION_SIZE) {
        struct megabyte *megabyte = megabyte_at(space, max_u32(mb, USER_BASE));
        if (megabyte->table == NULL) {
            megabyte->table = spare_pop(space);
            megabyte->domain = domain;
            space->table_count++;
            if (megabyte->section) {
                section_split(megabyte);
            }
        }
    }
    return ERROR_SUCCESS;
}

static bool table_empty(const struct table *table) {
    for (uint32_t i = 0; i < ENTRIES; i++) {
        if (table->entries[i].state != PAGE_FREE) {
            return false;
        }
    }
    return true;
}

static void table_drop(struct mmu_space *space, struct megabyte *megabyte) {
    space->table_count--;
    if (space->spare_count < SPARE_KEPT) {
        spare_push(space, megabyte->table);
    } else {
        table_free(megabyte->table);
    }
    megabyte->table = NULL;
}

void mmu_tables_trim(struct mmu_space *space, uint32_t va, uint32_t bytes) {
    for (uint32_t mb = round_down(va, SECTION_SIZE); mb < va + bytes; mb += SECTION_SIZE) {
        struct megabyte *megabyte = megabyte_at(space, max_u32(mb, USER_BASE));
        if (megabyte->table != NULL && table_empty(megabyte->table)) {
            table_drop(space, megabyte);
        }
    }
}

void mmu_tables_drop(struct mmu_space *space, uint32_t va, uint32_t bytes) {
    fake_check(is_aligned(va | bytes, SECTION_SIZE), "megabytes that are not whole");
    for (uint32_t mb = va; mb < va + bytes; mb += SECTION_SIZE) {
        struct megabyte *megabyte = megabyte_at(space, max_u32(mb, USER_BASE));
        if (megabyte->table != NULL) {
            fake_check(table_empty(megabyte->table), "a table that is in use is dropped");
            table_drop(space, megabyte);
        }
    }
}

struct mmu_page fake_mmu_query(const struct mmu_space *space, uint32_t va) {
    struct megabyte *megabyte = megabyte_at(space, va);
    struct mmu_page page = {.state = PAGE_FREE, .size = PAGE_SIZE, .domain = megabyte->domain};
    if (megabyte->section) {
        page.state = PAGE_PRESENT;
        page.prot = megabyte->prot;
        page.pa = megabyte->pa + round_down(va % SECTION_SIZE, PAGE_SIZE);
        page.size = SECTION_SIZE;
    } else if (megabyte->table != NULL) {
        const struct fake_entry *entry = fake_entry_at(space, round_down(va, PAGE_SIZE));
        page.state = entry->state;
        page.prot = entry->state == PAGE_FREE ? PROT_NONE : entry->prot;
        if (entry->state >= PAGE_HELD) {
            page.pa = entry->pa;
            page.size = entry->size;
        }
    }
    return page;
}

void mmu_set_state(struct mmu_space *space, uint32_t va, uint32_t bytes, enum page_state state, prot_t prot) {
    fake_check(state < PAGE_HELD && (!space->quiet || state == PAGE_FREE), "mmu_set_state: with a frame, or quiet");
    for (uint32_t at = va; at < va + bytes; at += PAGE_SIZE) {
        struct fake_entry *entry = fake_entry_at(space, at);
        fake_check(entry->state < PAGE_HELD, "mmu_set_state: page has a frame");
        *entry = (struct fake_entry){.state = state, .prot = prot};
    }
}

/* Mapping. */

static void entry_map(struct mmu_space *space, uint32_t va, uint32_t pa, prot_t prot, uint32_t size) {
    struct fake_entry *entry = fake_entry_at(space, va);
    fake_check(!space->quiet && entry->state < PAGE_HELD, "mapped over a page with a frame, or quiet");
    fake_page_appears(va, pa, prot);
    *entry = (struct fake_entry){.state = PAGE_PRESENT, .prot = prot, .pa = pa, .size = size};
}

void mmu_map_page(struct mmu_space *space, uint32_t va, uint32_t pa, prot_t prot) {
    entry_map(space, va, pa, prot, PAGE_SIZE);
}

void mmu_map_range(struct mmu_space *space, uint32_t va, uint32_t pa, uint32_t bytes, prot_t prot, unsigned domain) {
    fake_check(is_aligned(va | pa | bytes, PAGE_SIZE) && bytes > 0, "mmu_map_range: not whole pages");
    while (bytes > 0) {
        struct megabyte *megabyte = megabyte_at(space, va);
        uint32_t step = PAGE_SIZE;
        if (megabyte->table == NULL) {
            fake_check(!megabyte->section, "mmu_map_range: mapped over a section");
            fake_check(is_aligned(va | pa, SECTION_SIZE) && bytes >= SECTION_SIZE,
                       "mmu_map_range: no table was reserved");
            for (uint32_t at = 0; at < SECTION_SIZE; at += PAGE_SIZE) {
                fake_page_appears(va + at, pa + at, prot);
            }
            *megabyte = (struct megabyte){.section = true, .pa = pa, .prot = prot, .domain = domain};
            step = SECTION_SIZE;
        } else {
            fake_check(megabyte->domain == domain, "mmu_map_range: domains mixed in a megabyte");
            if (is_aligned(va | pa, LARGE_SIZE) && bytes >= LARGE_SIZE) {
                step = LARGE_SIZE;
            }
            for (uint32_t at = 0; at < step; at += PAGE_SIZE) {
                entry_map(space, va + at, pa + at, prot, step);
            }
        }
        va += step;
        pa += step;
        bytes -= step;
    }
}

void *mmu_fill_begin(struct mmu_space *space, uint32_t va, uint32_t pa, bool cached) {
    fake_check(space == fake_active, "mmu_fill_begin: space is not active");
    fake_check(!fake_is_mapped(pa), "mmu_fill_begin: frame is mapped");
    entry_map(space, va, pa, cached ? PROT_NONE : PROT_NOCACHE, PAGE_SIZE);
    fake_entry_at(space, va)->filling = true;
    filling++;
    return fake_ram(pa);
}

void mmu_fill_end(struct mmu_space *space, uint32_t va, prot_t prot) {
    struct fake_entry *entry = fake_entry_at(space, va);
    fake_check(entry->filling, "mmu_fill_end: not begun");
    fake_check(((entry->prot ^ prot) & PROT_NOCACHE) == 0, "mmu_fill_end: cached otherwise than at the begin");
    entry->filling = false;
    entry->prot = prot;
    filling--;
}

uint32_t mmu_count(const struct mmu_space *space, uint32_t va, uint32_t bytes, enum page_state state) {
    uint32_t count = 0;
    for (uint32_t at = va; at < va + bytes; at += PAGE_SIZE) {
        count += fake_entry_at(space, at)->state == state;
    }
    return count;
}

void mmu_commit(struct mmu_space *space, uint32_t va, uint32_t bytes, prot_t prot) {
    bool present = (prot & PROT_GUARD) == 0 && (prot & (PROT_READ | PROT_WRITE | PROT_EXEC)) != 0;
    for (uint32_t at = va; at < va + bytes; at += PAGE_SIZE) {
        struct fake_entry *entry = fake_entry_at(space, at);
        fake_check(!entry->filling && !entry->closed && (entry->state != PAGE_PRESENT || entry->size == PAGE_SIZE),
                   "mmu_commit: large, half filled or closed");
        if (entry->state == PAGE_PRESENT) {
            fake_page_goes(at, entry->pa, entry->prot, false);
        }
        if (entry->state >= PAGE_HELD) {
            fake_check((prot & PROT_EXEC) == 0 || space == fake_active,
                       "mmu_commit: code of a space that is not active");
            entry->state = present ? PAGE_PRESENT : PAGE_HELD;
            entry->prot = prot;
        } else {
            *entry = (struct fake_entry){.state = PAGE_COMMITTED, .prot = prot};
        }
        if (entry->state == PAGE_PRESENT) {
            fake_page_appears(at, entry->pa, prot);
        }
    }
}

static void large_split(struct mmu_space *space, uint32_t va) {
    uint32_t start = round_down(va, LARGE_SIZE);
    for (uint32_t at = start; at < start + LARGE_SIZE; at += PAGE_SIZE) {
        fake_entry_at(space, at)->size = PAGE_SIZE;
    }
}

void mmu_unmap(struct mmu_space *space, uint32_t va, uint32_t bytes, bool in_place,
               void (*frame)(void *context, uint32_t va, uint32_t pa), void *context) {
    uint32_t end = va + bytes;
    while (va < end) {
        struct megabyte *megabyte = megabyte_at(space, va);
        if (megabyte->section) {
            fake_check(is_aligned(va, SECTION_SIZE) && end - va >= SECTION_SIZE, "mmu_unmap: part of a 1 MB entry");
            fake_check(in_place && frame == NULL, "mmu_unmap: 1 MB entry of RAM");
            for (uint32_t at = 0; at < SECTION_SIZE; at += PAGE_SIZE) {
                fake_page_goes(va + at, megabyte->pa + at, megabyte->prot, in_place);
            }
            megabyte->section = false;
            va += SECTION_SIZE;
        } else if (megabyte->table == NULL) {
            va = min_u32(round_down(va, SECTION_SIZE) + SECTION_SIZE, end);
        } else {
            struct fake_entry *entry = fake_entry_at(space, va);
            if (entry->state == PAGE_PRESENT) {
                if (entry->size == LARGE_SIZE && (!is_aligned(va, LARGE_SIZE) || end - va < LARGE_SIZE)) {
                    large_split(space, va);
                }
                filling -= entry->filling;
                fake_page_goes(va, entry->pa, entry->prot, in_place);
                /* A large entry goes whole: what follows of it is inside the range, and keeps its size till then. */
                uint32_t pa = entry->pa;
                *entry = (struct fake_entry){.state = PAGE_FREE};
                if (frame != NULL) {
                    frame(context, va, pa);
                }
            } else if (entry->state == PAGE_HELD) {
                uint32_t pa = entry->pa;
                fake_check(!in_place && frame != NULL, "mmu_unmap: a held page that nobody wants");
                *entry = (struct fake_entry){.state = PAGE_FREE};
                frame(context, va, pa);
            } else {
                *entry = (struct fake_entry){.state = PAGE_FREE};
            }
            va += PAGE_SIZE;
        }
    }
}
