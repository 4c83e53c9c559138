/* The parts of QEMU's plugin interface (version 1, as in QEMU 7.2) that the checker calls: our own declarations, since
 * Debian packages no header.  Reference: docs/devel/tcg-plugins of QEMU.
 */
#ifndef TOOLS_CACHECHECK_QEMU_PLUGIN_H
#define TOOLS_CACHECHECK_QEMU_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QEMU_PLUGIN_EXPORT  __attribute__((visibility("default")))
#define QEMU_PLUGIN_VERSION 1

typedef uint64_t qemu_plugin_id_t;

/* What QEMU says of itself when it loads a plugin. */
typedef struct {
    const char *target_name; /* "arm" */
    struct {
        int min; /* oldest and current version of the interface */
        int cur;
    } version;
    bool system_emulation;
    union {
        struct {
            int smp_vcpus;
            int max_vcpus;
        } system;
    };
} qemu_info_t;

/* A piece of translated code, an instruction in it, a physical address; an access in one word. */
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;
typedef uint32_t qemu_plugin_meminfo_t;

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_CB_R_REGS, QEMU_PLUGIN_CB_RW_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_R = 1, QEMU_PLUGIN_MEM_W, QEMU_PLUGIN_MEM_RW };

typedef void (*qemu_plugin_translated_t)(qemu_plugin_id_t id, struct qemu_plugin_tb *block);
typedef void (*qemu_plugin_executes_t)(unsigned cpu, void *data);
typedef void (*qemu_plugin_accessed_t)(unsigned cpu, qemu_plugin_meminfo_t access, uint64_t va, void *data);
typedef void (*qemu_plugin_exits_t)(qemu_plugin_id_t id, void *data);

/* What a plugin defines: the version that it was written for, and the function that QEMU calls once, 0 for success. */
extern int qemu_plugin_version;
int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv);

/* Calls when code is translated, before an instruction is executed, behind each access of it, at the end. */
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_plugin_translated_t translated);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *instruction, qemu_plugin_executes_t executes,
                                            enum qemu_plugin_cb_flags flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *instruction, qemu_plugin_accessed_t accessed,
                                      enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw which, void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, qemu_plugin_exits_t exits, void *data);

/* Inside the translation call: the instructions of the block, their bytes as they lie in memory. */
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *instruction);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *instruction);

/* Inside an access call: its kind, the logarithm of its bytes, and where it went, NULL if that is not known. */
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t access);
unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t access);
struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t access, uint64_t va);
uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *address);

#endif
