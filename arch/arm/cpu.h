/* The processor's registers, one named inline function each (ARM ARM DDI 0100 part B for ARMv5, DDI 0406 for ARMv7). */
#ifndef ARCH_ARM_CPU_H
#define ARCH_ARM_CPU_H

#include "include/types.h"

#define CPSR_MODE_MASK      0x1fu
#define CPSR_MODE_USER      0x10u
#define CPSR_MODE_IRQ       0x12u
#define CPSR_MODE_SVC       0x13u
#define CPSR_MODE_ABORT     0x17u
#define CPSR_MODE_UNDEFINED 0x1bu
#define CPSR_THUMB          0x20u
#define CPSR_FIQ_OFF        0x40u
#define CPSR_IRQ_OFF        0x80u

#define CP15_READ(name, opcode1, crn, crm, opcode2)                                                                    \
    static inline uint32_t name(void) {                                                                                \
        uint32_t value;                                                                                                \
        __asm__ volatile("mrc p15, " #opcode1 ", %0, " #crn ", " #crm ", " #opcode2 : "=r"(value) : : "memory");       \
        return value;                                                                                                  \
    }
#define CP15_WRITE(name, opcode1, crn, crm, opcode2)                                                                   \
    static inline void name(uint32_t value) {                                                                          \
        __asm__ volatile("mcr p15, " #opcode1 ", %0, " #crn ", " #crm ", " #opcode2 : : "r"(value) : "memory");        \
    }

CP15_READ(cpu_read_midr, 0, c0, c0, 0)
CP15_WRITE(cpu_write_ttbr0, 0, c2, c0, 0)
CP15_READ(cpu_read_dfsr, 0, c5, c0, 0)
CP15_READ(cpu_read_ifsr, 0, c5, c0, 1)
CP15_READ(cpu_read_dfar, 0, c6, c0, 0)

/* TLB: everything; one entry by modified address (v7: with the ASID in the low bits). */
CP15_WRITE(cpu_tlb_invalidate_all, 0, c8, c7, 0)
CP15_WRITE(cpu_tlb_invalidate_entry, 0, c8, c7, 1)

/* Caches, by modified address (one line). */
CP15_WRITE(cpu_dcache_clean_line, 0, c7, c10, 1)
CP15_WRITE(cpu_dcache_invalidate_line, 0, c7, c6, 1)
CP15_WRITE(cpu_dcache_clean_invalidate_line, 0, c7, c14, 1)
CP15_WRITE(cpu_icache_invalidate_line, 0, c7, c5, 1)
CP15_WRITE(cpu_icache_invalidate_all, 0, c7, c5, 0)

#if defined(SITU_ARMV7)
CP15_READ(cpu_read_ifar, 0, c6, c0, 2)
CP15_WRITE(cpu_write_contextidr, 0, c13, c0, 1)
CP15_WRITE(cpu_write_thread_word, 0, c13, c0, 2)      /* TPIDRURW */
CP15_WRITE(cpu_write_thread_word_read, 0, c13, c0, 3) /* TPIDRURO */
CP15_WRITE(cpu_write_counter_access, 0, c9, c14, 0)   /* PMUSERENR */
CP15_WRITE(cpu_dcache_clean_line_pou, 0, c7, c11, 1)
CP15_WRITE(cpu_tlb_invalidate_asid, 0, c8, c7, 2)
CP15_WRITE(cpu_branch_invalidate_all, 0, c7, c5, 6)

static inline void cpu_dsb(void) {
    __asm__ volatile("dsb" ::: "memory");
}

static inline void cpu_isb(void) {
    __asm__ volatile("isb" ::: "memory");
}

/* Sleeps until an interrupt is pending, masked or not. */
static inline void cpu_wait_for_interrupt(void) {
    __asm__ volatile("dsb\n\twfi" ::: "memory");
}
#else
CP15_WRITE(cpu_write_fcse, 0, c13, c0, 0)
CP15_WRITE(cpu_drain_write_buffer, 0, c7, c10, 4)

static inline void cpu_dsb(void) {
    cpu_drain_write_buffer(0);
}

static inline void cpu_isb(void) {
}

/* ARM926EJ-S TRM (DDI 0198) 2.3.8: wait for interrupt. */
static inline void cpu_wait_for_interrupt(void) {
    __asm__ volatile("mcr p15, 0, %0, c7, c0, 4" : : "r"(0) : "memory");
}
#endif

static inline uint32_t cpu_read_cpsr(void) {
    uint32_t value;
    __asm__ volatile("mrs %0, cpsr" : "=r"(value) : : "memory");
    return value;
}

/* Turns interrupts off and returns what cpu_irq_restore needs. */
ALWAYS_INLINE uint32_t cpu_irq_save(void) {
    uint32_t before = cpu_read_cpsr();
    __asm__ volatile("msr cpsr_c, %0" : : "r"(before | CPSR_IRQ_OFF) : "memory");
    return before;
}

static inline void cpu_irq_restore(uint32_t before) {
    __asm__ volatile("msr cpsr_c, %0" : : "r"(before) : "memory");
}

#endif
