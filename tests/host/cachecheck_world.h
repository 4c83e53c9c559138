/* A guest by hand, for the tests of the cache model: memory as programs see it in program order, and accesses and
 * operations that are performed on it and told to the model.
 *
 * Each action has an instruction of its own: a pc that it returns.  So a test says which two instructions it expects
 * to meet in a finding:
 *
 *     uint32_t stored = world_store(va, 1);
 *     uint32_t read = world_load(other);
 *     expect_one(FINDING_UNWRITTEN_READ, other, read, stored);
 */
#ifndef TESTS_HOST_CACHECHECK_WORLD_H
#define TESTS_HOST_CACHECHECK_WORLD_H

/* cmocka wants these four first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cachecheck_tables.h"
#include "tools/cachecheck/model.h"

#define LINE 32u

/* Physical memory; what lies at DEVICE_PA is none. */
#define RAM_PA      0x60000000u
#define RAM_BYTES   0x00400000u
#define FLASH_PA    0x40000000u
#define FLASH_BYTES 0x00200000u
#define FLASH_BLOCK 0x00040000u
#define DEVICE_PA   0x10000000u

#define SCTLR_M 0x0001u
#define SCTLR_C 0x0004u
#define SCTLR_I 0x1000u

struct registers {
    uint32_t sctlr;
    uint32_t ttbr[2];
    uint32_t ttbcr;
    uint32_t fcse;
    uint32_t contextidr;
};

struct world {
    const struct cpu_model *cpu;
    struct registers registers;
    uint32_t pc; /* of the next action */
};
extern struct world world;

/* Who else is told of all that happens, after memory changed; NULL: nobody. */
struct witness {
    void (*reset)(void);
    void (*load)(uint32_t va, uint32_t bytes);
    void (*store)(uint32_t va, uint32_t bytes);
    void (*flash)(uint32_t pa, uint32_t bytes); /* the array itself changed; a store tells of the command */
    void (*fetch)(uint32_t va);
    void (*operation)(enum operation operation, uint32_t value); /* an exception is told as OP_ISB */
};
extern const struct witness *world_witness;

/* RAM is as power-up leaves it. */
extern bool world_undefined;

/* Stores what memory has at reset instead of zero; NULL: nothing. */
extern void (*world_contents)(void);

/* Reset: memory is zero, flash erased, MMU and caches off, the model started anew. */
void world_reset(const char *cpu);

/* The CPU alone is reset; memory has what it had in program order.  Returns its pc. */
uint32_t world_restart(void);

/* Memory in program order. */
uint8_t *world_bytes(uint32_t pa);
uint32_t world_word(uint32_t pa);

/* Modified address; translation by the registers and tables as they are in program order.  False: it would fault. */
uint32_t world_modified(uint32_t va);
bool world_translate(uint32_t va, struct translation *translation);
uint32_t world_pa(uint32_t va); /* fails the test where nothing is mapped */

/* The physical address of the first-level entry for a modified address. */
uint32_t world_first_pa(const struct registers *registers, uint32_t modified);

/* Actions.  Each returns its pc.  Words, unless bytes says otherwise. */
uint32_t world_load(uint32_t va);
uint32_t world_load_bytes(uint32_t va, uint32_t bytes);
uint32_t world_store(uint32_t va, uint32_t value);
uint32_t world_store_bytes(uint32_t va, uint64_t value, uint32_t bytes);
uint32_t world_fetch(uint32_t va); /* four bytes; its pc is va */
uint32_t world_fault(uint32_t va); /* an access that the emulator refuses */
uint32_t world_operation(enum operation operation, uint32_t value);
void world_operation_at(enum operation operation, uint32_t value,
                        uint32_t pc); /* by an instruction that has others, too */
void world_exception(void);

/* A command at va (uncached) that changes words of the flash array from flash_pa on. */
uint32_t world_flash(uint32_t va, uint32_t flash_pa, uint32_t words, uint32_t value);

/* There is no finding; there is just this one, of the frame that va is mapped to now.  NOBODY: an address or a
 * party that the rules do not tell. */
#define NOBODY UINT32_MAX
void expect_none(void);
void expect_one(enum finding_kind kind, uint32_t va, uint32_t pc, uint32_t other_pc);

/* This is the first one, and all others are of the same access: it may go wrong in more than one way. */
void expect_first(enum finding_kind kind, uint32_t va, uint32_t pc, uint32_t other_pc);

/* One of the findings is this one. */
void expect_among(enum finding_kind kind, uint32_t va, uint32_t pc, uint32_t other_pc);

/* Rows for a group of tests: the CPU's name becomes part of the test's and is its initial state. */
#define ON(test, cpu)                                                                                                  \
    { #test " on " cpu, test, NULL, NULL, (void *)cpu }
#define ON_ARM926(test)    ON(test, "arm926")
#define ON_CORTEX_A9(test) ON(test, "cortex-a9")
#define ON_BOTH(test)      ON_ARM926(test), ON_CORTEX_A9(test)

#endif
