/* Random work of a tiny kernel: see cachecheck_work.h.
 *
 * A frame is in use by one address at a time; the arena's are the same in all processes.  Instructions are fetched from
 * the first part of a page only, and only after code was stored there.
 */
#include "cachecheck_work.h"

#include <string.h>

#define USERS     3u /* processes */
#define PAGES     6u /* small pages in each of a process's private part, the arena and the window */
#define FRAMES    24u
#define POOL      FRAME(64)
#define BUFFER    FRAME(100)
#define NO_FRAME  UINT32_MAX
#define CODE_PART 256u /* of a page; the rest is data */
#define LARGE_VA  (ARENA_VA + 0x40000u)
#define BIG_PA    (RAM_PA + 0x300000u)
#define NUMBERS   12u /* slots or ASIDs */

struct page {
    uint32_t frame;
    uint32_t code; /* bytes of code stored and maintained from its begin on */
    bool read_only;
};

static struct {
    uint64_t random;
    unsigned current;
    struct page own[USERS][PAGES], window[PAGES];
    struct page arena[PAGES]; /* the frame of the arena address, by whomever it is mapped */
    bool arena_mapped[USERS][PAGES];
    bool large[USERS], big[USERS], unlinked[USERS];
    bool frame_used[FRAMES];
    uint32_t next_number;
} state;

uint32_t work_pick(uint32_t below) {
    state.random ^= state.random << 13;
    state.random ^= state.random >> 7;
    state.random ^= state.random << 17;
    return (uint32_t)(state.random >> 20) % below;
}

static bool v7(void) {
    return world.cpu->v7;
}

/* ---- what is mapped ---- */

static uint32_t frame_take(void) {
    uint32_t at = work_pick(FRAMES);
    for (uint32_t i = 0; i < FRAMES; i++, at = (at + 1) % FRAMES) {
        if (!state.frame_used[at]) {
            state.frame_used[at] = true;
            return POOL + at * SMALL_BYTES;
        }
    }
    return NO_FRAME;
}

static void frame_give(uint32_t pa) {
    state.frame_used[(pa - POOL) / SMALL_BYTES] = false;
}

enum where { OWN, ARENA, WINDOW };

struct place {
    enum where where;
    unsigned index;
    uint32_t va;
    struct page *page;
};

static struct place place_at(enum where where, unsigned index) {
    struct place place = {where, index, 0, NULL};
    if (where == OWN) {
        place.va = PRIVATE_VA + index * SMALL_BYTES;
        place.page = state.current < USERS ? &state.own[state.current][index] : NULL;
    } else if (where == ARENA) {
        place.va = ARENA_VA + index * SMALL_BYTES;
        place.page = state.current < USERS && !state.unlinked[state.current] ? &state.arena[index] : NULL;
    } else {
        place.va = WINDOW_VA + index * SMALL_BYTES;
        place.page = &state.window[index];
    }
    return place;
}

static bool place_mapped(const struct place *place) {
    if (place->page == NULL || (place->where == ARENA && !state.arena_mapped[state.current][place->index])) {
        return false;
    }
    return place->page->frame != NO_FRAME;
}

static unsigned flags_of(const struct place *place, bool read_only) {
    return (place->where == WINDOW ? KERNEL_PAGE : USER_PAGE) | (read_only ? MAP_READ_ONLY : 0);
}

static unsigned arena_users(unsigned index) {
    unsigned count = 0;
    for (unsigned i = 0; i < USERS; i++) {
        count += state.arena_mapped[i][index];
    }
    return count;
}

static void place_map(struct place *place) {
    if (place->page->frame == NO_FRAME) {
        uint32_t frame = frame_take();
        if (frame == NO_FRAME) {
            return;
        }
        *place->page = (struct page){.frame = frame};
    }
    kernel_map(state.current, place->va, place->page->frame, flags_of(place, place->page->read_only));
    if (place->where == ARENA) {
        state.arena_mapped[state.current][place->index] = true;
    }
}

static void place_unmap(struct place *place) {
    kernel_unmap(state.current, place->va, place->page->code != 0);
    if (place->where == ARENA) {
        state.arena_mapped[state.current][place->index] = false;
        if (arena_users(place->index) != 0) {
            return;
        }
    }
    frame_give(place->page->frame);
    place->page->frame = NO_FRAME;
}

/* ---- actions ---- */

static void act_access(uint32_t va, uint32_t bytes, bool write) {
    uint32_t at = va + work_pick(bytes);
    uint32_t size = 1u << work_pick(4);
    at &= ~(size - 1);
    if (write) {
        world_store_bytes(at, (uint64_t)work_pick(UINT32_MAX) << 32 | work_pick(UINT32_MAX), size);
    } else {
        world_load_bytes(at, size);
    }
}

static void act_code(struct place *place) {
    uint32_t begin = work_pick(CODE_PART / 4) * 4;
    uint32_t words = 1 + work_pick(8);
    if (begin + words * 4 > CODE_PART) {
        words = (CODE_PART - begin) / 4;
    }
    for (uint32_t i = 0; i < words; i++) {
        world_store(place->va + begin + i * 4, work_pick(UINT32_MAX));
    }
    /* all of it, so that any word of it may be fetched from now on */
    kernel_code(kernel_modified(state.current, place->va), CODE_PART);
    place->page->code = CODE_PART;
    world_fetch(place->va + begin);
}

static void act_page(void) {
    struct place place = place_at((enum where)work_pick(3), work_pick(PAGES));
    if (!place_mapped(&place)) {
        if (place.page != NULL && work_pick(2) == 0) {
            place_map(&place);
        }
        return;
    }
    switch (work_pick(16)) {
    case 0:
        place_unmap(&place);
        break;
    case 1:
        if (place.where != ARENA) {
            place.page->read_only = !place.page->read_only;
            kernel_change(state.current, place.va, place.page->frame, flags_of(&place, place.page->read_only));
        }
        break;
    case 2:
        if (!place.page->read_only) {
            act_code(&place);
        }
        break;
    case 3:
    case 4:
        if (place.page->code != 0) {
            world_fetch(place.va + work_pick(CODE_PART / 4) * 4);
        }
        break;
    default:
        act_access(place.va + CODE_PART, SMALL_BYTES - CODE_PART, !place.page->read_only && work_pick(2) == 0);
        break;
    }
}

static void act_large(void) {
    if (state.current >= USERS || state.unlinked[state.current]) {
        return;
    }
    if (!state.large[state.current]) {
        kernel_map_large(state.current, LARGE_VA, FRAME(16), USER_PAGE);
    } else if (work_pick(4) == 0) {
        kernel_unmap_large(state.current, LARGE_VA);
    } else {
        act_access(LARGE_VA, LARGE_BYTES, work_pick(2) == 0);
        return;
    }
    state.large[state.current] = !state.large[state.current];
}

/* Only the first pages of the section are used. */
static void act_section(void) {
    if (state.current >= USERS) {
        return;
    }
    uint32_t entry = 0;
    if (!state.big[state.current]) {
        entry = entry_section(v7(), BIG_PA, USER_PAGE);
    } else if (work_pick(4) != 0) {
        act_access(SECTION_VA, 2 * SMALL_BYTES, work_pick(2) == 0);
        return;
    } else {
        kernel_lines_leave(SECTION_VA, 2 * SMALL_BYTES, false);
    }
    kernel_store_entry(state.current, SECTION_VA, entry);
    kernel_publish(kernel_entry(state.current, SECTION_VA), 4);
    if (entry == 0) {
        kernel_tlb_page(state.current, SECTION_VA);
    }
    state.big[state.current] = !state.big[state.current];
}

/* The arena's second-level table goes, is used for data, and comes back. */
static void act_table(void) {
    unsigned process = state.current;
    if (process >= USERS || state.large[process]) {
        return;
    }
    for (unsigned i = 0; i < PAGES; i++) {
        if (state.arena_mapped[process][i]) {
            return;
        }
    }
    uint32_t at = PROCESS_TABLE(process) + (ARENA_VA >> 20) * 4;
    uint32_t table = STATIC(ARENA_TABLE(process));
    if (!state.unlinked[process]) {
        world_store(STATIC(at), 0);
        kernel_publish(at, 4);
        kernel_tlb_page(process, ARENA_VA);
        for (unsigned i = 0; i < PAGES; i++) {
            world_store(table + i * 4, entry_small(v7(), FRAME(i), USER_PAGE));
        }
        world_load(table);
    } else {
        for (unsigned i = 0; i < PAGES; i++) {
            world_store(table + i * 4, 0);
        }
        kernel_publish(ARENA_TABLE(process), PAGES * 4);
        world_store(STATIC(at), entry_table(v7(), ARENA_TABLE(process)));
        kernel_publish(at, 4);
    }
    state.unlinked[process] = !state.unlinked[process];
}

static void act_flash(void) {
    uint32_t at = work_pick(4) * FLASH_BLOCK + work_pick(8) * LINE;
    uint32_t words = 1 + work_pick(8);
    if (work_pick(3) != 0) {
        act_access(FLASH_VA + at, LINE, false);
        return;
    }
    world_flash(COMMAND_VA + (at & ~(FLASH_BLOCK - 1)), FLASH_PA + at, words,
                work_pick(4) == 0 ? UINT32_MAX : work_pick(999));
    kernel_maintain(OP_DSB, 0);
    kernel_maintain(OP_DATA_INVALIDATE, FLASH_VA + at);
    kernel_maintain(OP_FETCH_INVALIDATE, FLASH_VA + at);
    kernel_maintain(OP_DSB, 0);
    if (v7()) {
        kernel_maintain(OP_ISB, 0);
    }
    world_load(FLASH_VA + at);
    world_fetch(FLASH_VA + at);
}

/* A device reads and writes memory: by the uncached address, for us. */
static void act_buffer(void) {
    uint32_t line = work_pick(16) * LINE;
    act_access(STATIC(BUFFER) + line, LINE, true);
    kernel_maintain(OP_DATA_CLEAN, STATIC(BUFFER) + line);
    kernel_maintain(OP_DSB, 0);
    act_access(UNCACHED(BUFFER) + line, LINE, false);
    if (work_pick(2) == 0) {
        act_access(UNCACHED(BUFFER) + line, LINE, true);
        kernel_maintain(OP_DSB, 0);
        kernel_maintain(OP_DATA_INVALIDATE, STATIC(BUFFER) + line);
        kernel_maintain(OP_DSB, 0);
    }
    act_access(STATIC(BUFFER) + line, LINE, false);
}

/* The kernel uses a free frame by its static address. */
static void act_static(void) {
    uint32_t frame = frame_take();
    if (frame == NO_FRAME) {
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        act_access(STATIC(frame), 4 * LINE, work_pick(2) == 0);
    }
    kernel_lines_leave(STATIC(frame), 4 * LINE, false);
    frame_give(frame);
}

static void act_switch(unsigned process) {
    if (process == state.current) {
        return;
    }
    if (work_pick(8) == 0 || process >= USERS) {
        kernel_switch(NO_PROCESS);
        state.current = NO_PROCESS;
    } else {
        kernel_switch(process);
        state.current = process;
    }
}

/* Numbers go round; at the end of a round nobody's is in use. */
static uint32_t number_next(void) {
    if (state.next_number > NUMBERS) {
        state.next_number = 1;
    }
    return state.next_number++;
}

/* ARMv7: a new generation; the ones that live get new numbers at once, with an empty TLB. */
static void generation(void) {
    kernel_switch(NO_PROCESS);
    state.current = NO_PROCESS;
    kernel_maintain(OP_TLB_ALL, 0);
    kernel_maintain(OP_DSB, 0);
    kernel_maintain(OP_ISB, 0);
    state.next_number = 1;
    for (unsigned i = 0; i < USERS; i++) {
        kernel.id[i] = number_next();
    }
}

static bool number_taken(uint32_t number) {
    for (unsigned i = 0; i < USERS; i++) {
        if (kernel.id[i] == number) {
            return true;
        }
    }
    return false;
}

/* The current process ends, and another takes its tables. */
static void act_exit(void) {
    unsigned process = state.current;
    if (process >= USERS) {
        return;
    }
    for (unsigned i = 0; i < PAGES; i++) {
        struct place own = place_at(OWN, i), arena = place_at(ARENA, i);
        if (place_mapped(&own)) {
            place_unmap(&own);
        }
        if (place_mapped(&arena)) {
            place_unmap(&arena);
        }
    }
    kernel_switch(NO_PROCESS);
    state.current = NO_PROCESS;
    if (v7() && state.next_number > NUMBERS) {
        generation();
    }
    if (!v7()) {
        kernel_flush_all();
    }
    uint32_t number = number_next();
    while (!v7() && number_taken(number)) {
        number = number_next();
    }
    kernel_process(process, number);
    state.large[process] = state.big[process] = state.unlinked[process] = false;
}

void work_step(void) {
    uint32_t choice = work_pick(100);
    if (choice < 70) {
        act_page();
    } else if (choice < 78) {
        act_switch(work_pick(USERS + 1));
    } else if (choice < 83) {
        act_large();
    } else if (choice < 87) {
        act_section();
    } else if (choice < 90) {
        act_flash();
    } else if (choice < 93) {
        act_buffer();
    } else if (choice < 95) {
        act_static();
    } else if (choice < 97) {
        act_table();
    } else if (choice < 98) {
        act_exit();
    } else {
        world_exception();
    }
}

void work_start(const char *cpu, uint32_t seed) {
    memset(&state, 0, sizeof(state));
    state.random = 0x9e3779b97f4a7c15u * (seed + 1);
    kernel_boot(cpu);
    kernel_process(2, 3);
    state.next_number = 4;
    state.current = NO_PROCESS;
    for (unsigned i = 0; i < PAGES; i++) {
        state.window[i].frame = state.arena[i].frame = NO_FRAME;
        for (unsigned user = 0; user < USERS; user++) {
            state.own[user][i].frame = NO_FRAME;
        }
    }
}

void work_sweep(void) {
    for (unsigned user = 0; user <= USERS; user++) {
        if (user < USERS) {
            kernel_switch(user);
            state.current = user;
        }
        for (unsigned where = 0; where < 3; where++) {
            for (unsigned i = 0; i < PAGES; i++) {
                struct place place = place_at((enum where)where, i);
                for (uint32_t at = 0; place_mapped(&place) && at < SMALL_BYTES; at += 8) {
                    world_load_bytes(place.va + at, 8);
                }
            }
        }
    }
}
