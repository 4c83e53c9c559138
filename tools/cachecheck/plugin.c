/* The checker as a plugin of QEMU: what the guest does, instruction by instruction, to the model of its caches
 * (model.h), the stretches that are timed (latency.h), the coverage and the report.
 *
 * Each instruction is a translated block of its own (-singlestep), so that registers are exact before it.  What an
 * instruction does is told to the model before the next one is fetched, with the register's value from before: only
 * then is it known that it was executed, and did not end in an exception.
 *
 * One CPU, number 0.  Others may be there as long as they only wait, as this kernel lets them.
 */
#include "tools/cachecheck/arguments.h"
#include "tools/cachecheck/coverage.h"
#include "tools/cachecheck/decode.h"
#include "tools/cachecheck/guest.h"
#include "tools/cachecheck/latency.h"
#include "tools/cachecheck/model.h"
#include "tools/cachecheck/qemu_plugin.h"
#include "tools/cachecheck/report.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CPSR_MODE       0x1fu
#define CPSR_SUPERVISOR 0x13u
#define CPSR_THUMB      0x20u
#define CPSR_IRQ_OFF    0x80u
#define SCTLR_MMU       1u         /* M */
#define SCTLR_HIGH      (1u << 13) /* V */
#define VECTORS_HIGH    0xffff0000u
#define VECTOR_UNDEF    0x04u
#define VECTOR_FETCH    0x0cu
#define VECTOR_DATA     0x10u
#define VECTORS_BYTES   0x20u
#define INTERN_BUCKETS  64u

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/* An instruction that matters, once for all places where it is; kept in lists. */
struct interned {
    struct decoded decoded;
    bool thumb;
    uint32_t bytes;
    struct interned *next;
};

static struct arguments arguments;
static struct coverage coverage[ARGUMENTS_COVERAGE_MAX];
static struct interned *interned[INTERN_BUCKETS];
static bool opened; /* registers and memory of the guest can be read */

static uint64_t instructions; /* executed, with the current one */
static uint32_t current;      /* where that is */
static size_t reported;       /* findings that standard error was told of */
static uint32_t first;        /* where it began */
static bool translating;      /* the MMU is on */
static uint32_t vectors;      /* where the exception vectors are */
static uint32_t cache_selected;

/* The current instruction, if it does something that is told before the next; its register's value from before. */
static const struct decoded *pending;
static uint32_t pending_value;

_Noreturn static void give_up(const char *what, const char *detail) {
    fprintf(stderr, "cachecheck: %s%s%s\n", what, *detail != 0 ? ": " : "", detail);
    _exit(EXIT_FAILURE);
}

static void finish_pending(void) {
    const struct decoded *done = pending;
    pending = NULL;
    for (unsigned i = 0; i < done->operations && arguments.caches; i++) {
        model_operation(done->operation[i], pending_value, current);
    }
    if (done->operations != 0 && done->operation[0] == OP_SCTLR) {
        vectors = pending_value & SCTLR_HIGH ? VECTORS_HIGH : 0;
        translating = pending_value & SCTLR_MMU;
    }
    if (done->operations != 0 && done->operation[0] == OP_CSSELR) {
        cache_selected = pending_value;
    }
    if (done->reads_cache_size && arguments.caches) {
        model_geometry(cache_selected, guest_registers[done->value]);
    }
    if (done->synchronises && arguments.caches) {
        model_exception();
    }
    if (done->unknown) {
        report_unknown(done->instruction, current);
    }
    if (done->changes_mask && arguments.latency) {
        latency_set(LATENCY_IRQ_OFF, guest_cpsr() & CPSR_IRQ_OFF, instructions, current);
    }
}

/* Whether the fetch at pc, which is one of the vectors, is an exception: the mode is the vector's, and the code did not
 * run into it from the word before.  Vectors elsewhere (VBAR) are not looked for; this kernel has none. */
static bool is_exception(uint32_t pc) {
    static const uint8_t modes[VECTORS_BYTES / 4] = {0, 0x1b, 0x13, 0x17, 0x17, 0, 0x12, 0x11};
    return (guest_cpsr() & CPSR_MODE) == modes[(pc - vectors) / 4] && pc != current + 4;
}

/* The next instruction, at pc, is in the vectors. */
static void enter_vector(uint32_t pc) {
    if (!is_exception(pc)) {
        return;
    }
    uint32_t vector = pc - vectors;
    if (vector == VECTOR_UNDEF || vector == VECTOR_DATA) {
        pending = NULL; /* it is the current instruction that was not executed */
    } else if (pending != NULL) {
        finish_pending();
    }
    uint32_t va;
    if (arguments.caches) {
        if (vector == VECTOR_DATA && guest_data_fault(&va)) {
            model_fault(va, current);
        } else if (vector == VECTOR_FETCH && guest_fetch_fault(&va)) {
            model_fault(va, va);
        }
        model_exception();
    }
    if (arguments.latency) {
        latency_set(LATENCY_IRQ_OFF, guest_spsr() & CPSR_IRQ_OFF, instructions, current);
        latency_set(LATENCY_IRQ_OFF, true, instructions, pc);
    }
}

/* Whether the first instruction of all is executed once more since the machine was reset, of which QEMU tells plugins
 * nothing.  A program may come to its address, but not in supervisor mode with interrupts off. */
static bool is_reset(void) {
    uint32_t cpsr = guest_cpsr();
    return translating && (cpsr & CPSR_MODE) == CPSR_SUPERVISOR && (cpsr & CPSR_IRQ_OFF) != 0;
}

static void machine_reset(void) {
    pending = NULL;
    translating = false;
    vectors = 0;
    cache_selected = 0;
    if (arguments.caches) {
        model_reset(first);
    }
    latency_reset();
}

/* Before the instruction of that many bytes is executed. */
static inline void begin_instruction(uint32_t bytes) {
    uint32_t pc = guest_registers[15];
    if (__builtin_expect(pc == first, 0) && is_reset()) {
        machine_reset();
    }
    if (__builtin_expect(pc - vectors < VECTORS_BYTES, 0)) {
        enter_vector(pc);
    }
    if (__builtin_expect(pending != NULL, 0)) {
        finish_pending();
    }
    instructions++;
    current = pc;
    for (size_t i = 0; i < arguments.coverage_count; i++) {
        coverage_mark(&coverage[i], pc);
    }
    if (arguments.caches) {
        model_fetch(pc, bytes);
        if (__builtin_expect(model_finding_count() != reported, 0)) {
            reported = report_new_findings(reported);
        }
    }
}

/* data: the instruction's bytes. */
static void executes_plain(unsigned cpu, void *data) {
    if (cpu == 0) {
        begin_instruction((uint32_t)(uintptr_t)data);
    }
}

/* data: struct interned. */
static void executes_special(unsigned cpu, void *data) {
    if (cpu != 0) {
        return;
    }
    const struct interned *special = data;
    begin_instruction(special->bytes);
    uint32_t cpsr = guest_cpsr();
    uint32_t condition = special->thumb ? decode_thumb_condition(cpsr) : special->decoded.condition;
    if (decode_condition_holds(condition, cpsr)) {
        pending = &special->decoded;
        pending_value = guest_registers[special->decoded.value];
    }
}

/* The word that counts who holds preemption off was stored to. */
static void watch_preempt(qemu_plugin_meminfo_t access, uint64_t va) {
    const struct qemu_plugin_hwaddr *address = qemu_plugin_get_hwaddr(access, va);
    uint32_t pa = address != NULL ? (uint32_t)qemu_plugin_hwaddr_phys_addr(address) : 0;
    for (size_t i = 0; i < arguments.memory_count; i++) {
        const struct memory *memory = &arguments.memory[i];
        if (pa - memory->pa < memory->size) {
            uint32_t count;
            memcpy(&count, memory->bytes + (pa - memory->pa), sizeof count);
            latency_set(LATENCY_PREEMPT_OFF, count != 0, instructions, current);
        }
    }
}

static void accessed(unsigned cpu, qemu_plugin_meminfo_t access, uint64_t va, void *data) {
    (void)data;
    if (cpu != 0) {
        return;
    }
    bool store = qemu_plugin_mem_is_store(access);
    if (arguments.caches) {
        uint32_t bytes = 1u << qemu_plugin_mem_size_shift(access);
        if (store) {
            model_store((uint32_t)va, bytes, current);
        } else {
            model_load((uint32_t)va, bytes, current);
        }
    }
    if (store && va == arguments.preempt && arguments.watches_preempt && arguments.latency) {
        watch_preempt(access, va);
    }
}

/* The machine is there, and nothing was executed. */
static void open_guest(void) {
    opened = true;
    guest_open();
    first = guest_registers[15];
    for (size_t i = 0; i < arguments.memory_count; i++) {
        struct memory *memory = &arguments.memory[i];
        memory->bytes = guest_memory(memory->pa, memory->size);
        memory->undefined = memory->flash_block == 0;
        if (memory->bytes == NULL) {
            char range[64];
            snprintf(range, sizeof range, "0x%x bytes at 0x%x", memory->size, memory->pa);
            give_up("the machine has not so much memory", range);
        }
    }
    if (arguments.caches) {
        model_start(arguments.cpu, arguments.memory, arguments.memory_count);
    }
}

/* The entry for an instruction that matters, NULL for all others. */
static struct interned *intern(uint32_t instruction, uint32_t bytes, bool thumb) {
    struct decoded decoded;
    if (!decode(instruction, thumb, &decoded)) {
        return NULL;
    }
    struct interned **list = &interned[(instruction ^ instruction >> 12) % INTERN_BUCKETS];
    for (struct interned *entry = *list; entry != NULL; entry = entry->next) {
        if (entry->decoded.instruction == instruction && entry->thumb == thumb) {
            return entry;
        }
    }
    struct interned *entry = malloc(sizeof *entry);
    if (entry != NULL) {
        *entry = (struct interned){.decoded = decoded, .thumb = thumb, .bytes = bytes, .next = *list};
        *list = entry;
        return entry;
    }
    give_up("no memory", "");
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
    (void)id;
    if (!opened) {
        open_guest();
    }
    if (qemu_plugin_tb_n_insns(block) != 1) {
        give_up("QEMU must be started with -singlestep", "");
    }
    struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, 0);
    uint32_t bytes = (uint32_t)qemu_plugin_insn_size(instruction);
    uint16_t halfwords[2] = {0, 0};
    memcpy(halfwords, qemu_plugin_insn_data(instruction), bytes == 4 ? 4 : 2);
    bool thumb = bytes == 2 || (guest_cpsr() & CPSR_THUMB);
    uint32_t word = bytes == 2 ? halfwords[0]
                    : thumb    ? (uint32_t)halfwords[0] << 16 | halfwords[1]
                               : (uint32_t)halfwords[1] << 16 | halfwords[0];
    struct interned *special = intern(word, bytes, thumb);
    if (special != NULL) {
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, executes_special, QEMU_PLUGIN_CB_R_REGS, special);
    } else {
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, executes_plain, QEMU_PLUGIN_CB_R_REGS,
                                               (void *)(uintptr_t)bytes);
    }
    qemu_plugin_register_vcpu_mem_cb(instruction, accessed, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
}

static void exits(qemu_plugin_id_t id, void *data) {
    (void)id;
    (void)data;
    report_new_findings(reported);
    if (!report_write(arguments.caches, arguments.latency, instructions)) {
        fprintf(stderr, "cachecheck: %s: %s\n", arguments.report, strerror(errno));
    }
    for (size_t i = 0; i < arguments.coverage_count; i++) {
        if (!coverage_write(&coverage[i], arguments.coverage[i].file)) {
            fprintf(stderr, "cachecheck: %s: %s\n", arguments.coverage[i].file, strerror(errno));
        }
    }
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
    const char *problem = arguments_read(&arguments, argc, argv);
    if (problem != NULL) {
        fprintf(stderr, "cachecheck: %s\n", problem);
        return -1;
    }
    const char *missing = strcmp(info->target_name, "arm") == 0 ? guest_missing() : "a 32-bit ARM machine";
    if (missing != NULL) {
        fprintf(stderr, "cachecheck: this QEMU is not the one that it was written for: %s not found\n", missing);
        return -1;
    }
    if (!report_open(arguments.report)) {
        fprintf(stderr, "cachecheck: %s: %s\n", arguments.report, strerror(errno));
        return -1;
    }
    for (size_t i = 0; i < arguments.coverage_count; i++) {
        if (!coverage_start(&coverage[i], arguments.coverage[i].low, arguments.coverage[i].high)) {
            fprintf(stderr, "cachecheck: no memory\n");
            return -1;
        }
    }
    latency_start();
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, exits, NULL);
    return 0;
}
