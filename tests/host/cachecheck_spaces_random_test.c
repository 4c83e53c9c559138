/* The cache model: random changes of page tables, right and wrong ones, of processes in effect and asleep, under
 * numbers that come and go.  Where the model has no finding, the machine with caches and a TLB (cachecheck_machine.h)
 * must not fail in any of several runs.
 *
 * CACHECHECK_SEED=n starts from another seed, CACHECHECK_SEEDS asks for more or fewer of them.
 */
#include "cachecheck_machine.h"
#include "cachecheck_spaces.h"

#include <stdlib.h>
#include <string.h>

#define LUCKS 8u

static const uint32_t addresses[] = {ARENA_VA, ARENA_VA + SMALL_BYTES, FAR_VA, FAR_VA + SMALL_BYTES,
                                     FAR_VA + 2 * SMALL_BYTES};
#define ADDRESSES (sizeof addresses / sizeof *addresses)

static uint64_t random_state;
static struct {
    uint32_t word, va; /* the entry stored last, and an address that it is for */
    unsigned process;
} last;

static bool v7(void) {
    return world.cpu->v7;
}

static uint32_t pick(uint32_t count) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 20) % count;
}

static void invalidate(enum operation operation, uint32_t value) {
    world_operation(operation, value);
    dsb_isb();
}

static void go_to(unsigned process) {
    kernel_switch(process);
}

/* Words that may not be in memory yet.  The model has no more than one such value of a word (docs/caches.md). */
#define DIRTY 32u
static uint32_t dirty[DIRTY];

static void publish(uint32_t word) {
    for (unsigned i = 0; i < DIRTY; i++) {
        if (dirty[i] / LINE == word / LINE) {
            dirty[i] = 0;
        }
    }
    kernel_publish(word, 4);
}

static void store(uint32_t word, uint32_t entry) {
    unsigned place = 0;
    for (unsigned i = 0; i < DIRTY; i++) {
        if (dirty[i] == word) {
            publish(word);
        }
    }
    while (dirty[place] != 0) {
        place++;
    }
    dirty[place] = word;
    world_store(STATIC(word), entry);
}

/* ---- what may happen ---- */

static uint32_t page(void) {
    return pick(3) == 0 ? 0 : entry_small(v7(), FRAME(32 + pick(4)), USER_PAGE);
}

static uint32_t first(unsigned process) {
    switch (pick(4)) {
    case 0:
        return 0;
    case 1:
        return entry_section(v7(), RAM_PA + (2 + pick(2)) * SECTION_BYTES, USER_PAGE);
    case 2:
        return entry_table(v7(), SPARE_TABLE);
    default:
        return entry_table(v7(), ARENA_TABLE(process));
    }
}

static void entry_stored(void) {
    unsigned process = pick(2), number = pick(2);
    uint32_t entry = page();
    last.process = process;
    switch (pick(6)) {
    case 0:
    case 1:
    case 2:
        last.va = ARENA_VA + number * SMALL_BYTES;
        last.word = ARENA_TABLE(process) + number * 4;
        break;
    case 3:
        last.va = FAR_VA + number * SMALL_BYTES;
        last.word = SPARE_TABLE + number * 4;
        break;
    default:
        last.va = addresses[pick(ADDRESSES)];
        last.word = first_of(process, last.va);
        entry = first(process);
    }
    store(last.word, entry);
    if (pick(4) != 0) {
        publish(last.word);
    }
}

static void number_changed(void) {
    if (v7() && kernel.current != NO_PROCESS) {
        kernel.id[kernel.current] = 10 + pick(2);
        kernel.id[1 - kernel.current] = 2;
        world_operation(OP_CONTEXTIDR, kernel.id[kernel.current]);
        world_operation(OP_ISB, 0);
    }
}

static void loads(void) {
    for (unsigned i = 0; i < ADDRESSES; i++) {
        struct translation translation;
        if (world_translate(addresses[i], &translation)) {
            world_load(addresses[i]);
        }
    }
}

static void something(void) {
    switch (pick(14)) {
    case 0:
    case 1:
    case 2:
    case 3:
        entry_stored();
        return;
    case 4:
        publish(last.word);
        return;
    case 5:
    case 6:
        invalidate(OP_TLB_PAGE, kernel_tlb_value(last.process, last.va));
        return;
    case 7:
    case 8:
        invalidate(v7() ? OP_TLB_ASID : OP_TLB_ALL, kernel.id[pick(2)]);
        return;
    case 9:
        invalidate(OP_TLB_ALL, 0);
        return;
    case 10:
    case 11:
        go_to(pick(3) == 0 ? NO_PROCESS : pick(2));
        return;
    case 12:
        number_changed();
        return;
    default:
        loads();
    }
}

/* ---- runs ---- */

static void publish_all(void) {
    for (unsigned process = 0; process < 2; process++) {
        publish(ARENA_TABLE(process));
        publish(first_of(process, ARENA_VA));
        publish(first_of(process, FAR_VA));
    }
    publish(SPARE_TABLE);
}

/* Each frame has bytes of its own, in memory. */
static void frames_fill(void) {
    uint32_t frames[4 + 2 * 3], count = 0;
    for (unsigned i = 0; i < 4; i++) {
        frames[count++] = FRAME(32 + i);
    }
    for (unsigned i = 0; i < 6; i++) {
        frames[count++] = RAM_PA + (2 + i / 3) * SECTION_BYTES + i % 3 * SMALL_BYTES;
    }
    for (unsigned i = 0; i < count; i++) {
        world_store(STATIC(frames[i]), 0x1111 * (i + 1));
        world_operation(OP_DATA_CLEAN, STATIC(frames[i]));
    }
    world_operation(OP_DSB, 0);
}

/* Ends at the first finding, or when all that was stored has been published and looked at. */
static void run(const char *cpu, unsigned seed) {
    random_state = 0x9e3779b97f4a7c15u * (seed + 1);
    machine_ahead(NULL, 0);
    memset(dirty, 0, sizeof dirty);
    kernel_boot(cpu);
    frames_fill();
    for (unsigned process = 0; process < 2; process++) {
        kernel_map(process, ARENA_VA, FRAME(32 + process), USER_PAGE);
    }
    world_store(STATIC(SPARE_TABLE), entry_small(v7(), FRAME(34), USER_PAGE));
    publish(SPARE_TABLE);
    last.word = SPARE_TABLE;
    last.va = FAR_VA;
    last.process = 0;
    machine_ahead(addresses, ADDRESSES);
    go_to(0);
    loads();
    for (unsigned left = 3 + pick(14); left != 0 && model_finding_count() == 0; left--) {
        something();
    }
    bool late = pick(3) == 0;
    for (unsigned i = 0; i < 4 && model_finding_count() == 0; i++) {
        if (!late) {
            publish_all();
        }
        go_to(i % 2);
        publish_all();
        loads();
    }
}

static unsigned setting(const char *name, unsigned otherwise) {
    const char *text = getenv(name);
    return text != NULL ? (unsigned)strtoul(text, NULL, 0) : otherwise;
}

static void test_random(void **cpu) {
    unsigned seed = setting("CACHECHECK_SEED", 1), count = setting("CACHECHECK_SEEDS", 100);
    unsigned found = 0, holes = 0;
    for (unsigned end = seed + count; seed < end; seed++) {
        world_witness = NULL;
        run(*cpu, seed);
        if (model_finding_count() != 0) {
            found++;
            continue;
        }
        world_witness = &machine_witness;
        for (unsigned luck = 1; luck <= LUCKS; luck++) {
            machine_luck(seed * 131 + luck);
            run(*cpu, seed);
            if (machine_failures() != 0) {
                print_message("# seed %u: %s, and no finding\n", seed, machine_first_failure());
                holes++;
                break;
            }
        }
    }
    world_witness = NULL;
    machine_ahead(NULL, 0);
    print_message("# %u of %u sequences are wrong\n", found, count);
    assert_int_equal(holes, 0);
    assert_in_range(found, count / 10, count - count / 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
