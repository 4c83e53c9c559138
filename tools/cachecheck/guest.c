/* Written for the functions and tables that qemu-system-arm 7.2 exports; anything else is refused when it is loaded. */
#define _GNU_SOURCE
#include "tools/cachecheck/guest.h"
#include <dlfcn.h>
#include <string.h>

/* A growing array of glib, as far as it is public. */
struct byte_array {
    uint8_t *data;
    unsigned bytes;
};

/* A field of a migrated state (QEMU 7.2, include/migration/vmstate.h), as far as it is looked at. */
struct state_field {
    const char *name;
    const char *error_hint;
    size_t offset; /* from the start of the CPU's object */
    size_t size;
    size_t start;
    int count;
    size_t not_looked_at[3];
    int flags;
    const void *description;
    int version;
    int structure_version;
    const void *condition;
};

/* The description of a migrated state: its name first, the fields in the tenth word. */
#define STATE_NAME   0
#define STATE_FIELDS 9

#define FIELDS_MAX        64 /* more are not there; ends the search should the table not be what it was */
#define GDB_REGISTER_CPSR 25 /* the debugger's number */
#define LR                14

const uint32_t *guest_registers;

static void *(*get_cpu)(int index);
static int (*gdb_read_register)(void *cpu, struct byte_array *to, int number);
static struct byte_array *(*byte_array_new)(void);
static struct byte_array *(*byte_array_set_size)(struct byte_array *array, unsigned bytes);
static void *(*memory_map)(uint64_t pa, uint64_t *bytes, bool is_store);
static const void *const *cpu_state;

static const struct state_field *registers_field, *saved_field, *status_field, *address_field;

static struct byte_array *value_read;
static void *cpu;
static const uint32_t *saved_status, *fault_status;
static const uint64_t *fault_address;

/* Whether p points into the object that base lies at the start of: the program of QEMU. */
static bool is_inside(const void *p, const void *base) {
    Dl_info info;
    return p != NULL && dladdr(p, &info) != 0 && info.dli_fbase == base;
}

/* The field called name, if it is an element of size bytes; NULL: there is none. */
static const struct state_field *field_find(const char *name, size_t size) {
    Dl_info program;
    if (dladdr(cpu_state, &program) == 0 || !is_inside(cpu_state[STATE_NAME], program.dli_fbase) ||
        !is_inside(cpu_state[STATE_FIELDS], program.dli_fbase)) {
        return NULL;
    }
    const struct state_field *field = cpu_state[STATE_FIELDS];
    for (int i = 0; i < FIELDS_MAX && is_inside(field->name, program.dli_fbase); i++, field++) {
        if (strcmp(field->name, name) == 0) {
            return field->size == size ? field : NULL;
        }
    }
    return NULL;
}

const char *guest_missing(void) {
    const struct {
        const char *name;
        void *to;
    } symbols[] = {
        {"qemu_get_cpu", &get_cpu},
        {"arm_cpu_gdb_read_register", &gdb_read_register},
        {"g_byte_array_new", &byte_array_new},
        {"g_byte_array_set_size", &byte_array_set_size},
        {"cpu_physical_memory_map", &memory_map},
        {"vmstate_arm_cpu", &cpu_state},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *address = dlsym(RTLD_DEFAULT, symbols[i].name);
        if (address == NULL) {
            return symbols[i].name;
        }
        memcpy(symbols[i].to, &address, sizeof address);
    }
    registers_field = field_find("env.regs", sizeof(uint32_t));
    saved_field = field_find("env.spsr", sizeof(uint32_t));
    status_field = field_find("env.exception.fsr", sizeof(uint32_t));
    address_field = field_find("env.exception.vaddress", sizeof(uint64_t));
    if (registers_field == NULL || saved_field == NULL || status_field == NULL || address_field == NULL) {
        return "the fields of vmstate_arm_cpu";
    }
    return NULL;
}

void guest_open(void) {
    value_read = byte_array_new();
    cpu = get_cpu(0);
    const char *object = cpu;
    guest_registers = (const uint32_t *)(object + registers_field->offset);
    saved_status = (const uint32_t *)(object + saved_field->offset);
    fault_status = (const uint32_t *)(object + status_field->offset);
    fault_address = (const uint64_t *)(object + address_field->offset);
}

static uint32_t debugger_register(int number) {
    uint32_t value = 0;
    byte_array_set_size(value_read, 0);
    gdb_read_register(cpu, value_read, number);
    memcpy(&value, value_read->data, sizeof value);
    return value;
}

uint32_t guest_cpsr(void) {
    return debugger_register(GDB_REGISTER_CPSR);
}

/* DDI 0406 B3.13.3, DDI 0100 B4.6: translation, domain and permission faults of sections and pages. */
static bool is_refusal(uint32_t status) {
    uint32_t code = status & 0xfu;
    return (status & 1u << 10) == 0 && (code & 1u) != 0 && code >= 5;
}

bool guest_data_fault(uint32_t *va) {
    *va = (uint32_t)*fault_address;
    return is_refusal(*fault_status);
}

bool guest_fetch_fault(uint32_t *va) {
    *va = guest_registers[LR] - 4;
    return is_refusal(*fault_status);
}

uint32_t guest_spsr(void) {
    return *saved_status;
}

const uint8_t *guest_memory(uint32_t pa, uint32_t bytes) {
    uint64_t mapped = bytes;
    const uint8_t *memory = memory_map(pa, &mapped, false);
    return mapped == bytes ? memory : NULL; /* of a device, only a copy of a few bytes is mapped */
}
