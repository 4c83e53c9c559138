/* The cache model: random work of a tiny kernel that maintains everything correctly must give no finding.  The same
 * with one step of maintenance left out: if the machine with caches (cachecheck_machine.h) then fails in any of several
 * runs, the step was needed, and the model must have a finding.
 *
 * CACHECHECK_SEED=n starts from another seed; CACHECHECK_STEPS and CACHECHECK_DROPS ask for more or less work.
 */
#include "cachecheck_machine.h"
#include "cachecheck_work.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static unsigned setting(const char *name, unsigned otherwise) {
    const char *text = getenv(name);
    return text != NULL ? (unsigned)strtoul(text, NULL, 0) : otherwise;
}

static void test_correct(void **cpu) {
    unsigned first = setting("CACHECHECK_SEED", 1), count = getenv("CACHECHECK_SEED") != NULL ? 1 : 3;
    unsigned steps = setting("CACHECHECK_STEPS", 100000);
    world_witness = &machine_witness;
    for (unsigned seed = first; seed < first + count; seed++) {
        machine_luck(seed);
        work_start(*cpu, seed);
        unsigned done = 0;
        for (; done < steps && model_finding_count() == 0 && machine_failures() == 0; done++) {
            work_step();
        }
        print_message("# seed %u: %u steps, %" PRIu64 " of maintenance\n", seed, done, kernel.steps);
        expect_none();
        if (machine_failures() != 0) {
            fail_msg("seed %u, after %u steps the machine failed: %s", seed, done, machine_first_failure());
        }
    }
    world_witness = NULL;
}

/* The steps of maintenance that changed something in the machine, by operation. */
#define STEPS_MOST 2000u
static struct {
    uint64_t steps[OP_COUNT][STEPS_MOST];
    unsigned count[OP_COUNT];
    uint64_t last;
} effective;

static void operation_recorded(enum operation operation, uint32_t value) {
    uint64_t before = machine_effects();
    machine_witness.operation(operation, value);
    if (kernel.steps != effective.last) { /* a step that can be left out */
        effective.last = kernel.steps;
        if (machine_effects() != before && effective.count[operation] < STEPS_MOST) {
            effective.steps[operation][effective.count[operation]++] = kernel.steps;
        }
    }
}

/* A step of the sequence of seed, of any operation alike. */
static uint64_t step_choose(const char *cpu, unsigned seed, unsigned actions) {
    struct witness recorder = machine_witness;
    recorder.operation = operation_recorded;
    machine_luck(seed);
    work_start(cpu, seed);
    memset(&effective, 0, sizeof(effective));
    effective.last = kernel.steps;
    world_witness = &recorder;
    for (unsigned i = 0; i < actions; i++) {
        work_step();
    }
    work_sweep();
    world_witness = &machine_witness;
    unsigned operation = work_pick(OP_COUNT);
    while (effective.count[operation] == 0) {
        operation = (operation + 1) % OP_COUNT;
    }
    return effective.steps[operation][work_pick(effective.count[operation])];
}

/* The same sequence without that step; how often did the machine fail? */
static uint32_t run_without(const char *cpu, unsigned seed, unsigned actions, uint64_t drop, unsigned luck) {
    machine_luck(luck);
    work_start(cpu, seed);
    kernel.drop = drop;
    for (unsigned i = 0; i < actions && machine_failures() == 0; i++) {
        work_step();
    }
    work_sweep();
    return machine_failures();
}

static void test_one_step_left_out(void **cpu) {
    const unsigned actions = 150, lucks = 6;
    unsigned first = setting("CACHECHECK_SEED", 1), drops = setting("CACHECHECK_DROPS", 60);
    unsigned mattered = 0, found = 0, missed = 0;
    world_witness = &machine_witness;
    for (unsigned seed = first; seed < first + drops; seed++) {
        uint64_t drop = step_choose(*cpu, seed, actions);
        uint32_t failures = 0;
        bool finding = false;
        for (unsigned luck = 1; luck <= (finding ? 2 : lucks) && failures == 0; luck++) {
            failures = run_without(*cpu, seed, actions, drop, seed * 7 + luck);
            finding = model_finding_count() != 0;
        }
        mattered += failures != 0;
        found += finding;
        if (failures != 0 && !finding) {
            missed++;
            print_message("# seed %u without step %" PRIu64 " (%s): %s, and no finding\n", seed, drop,
                          operation_name(kernel.dropped), machine_first_failure());
        }
    }
    world_witness = NULL;
    print_message("# %u runs: the step mattered in %u, found in %u\n", drops, mattered, found);
    assert_int_equal(missed, 0);
    assert_true(mattered >= drops / 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_correct),
        ON_BOTH(test_one_step_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
