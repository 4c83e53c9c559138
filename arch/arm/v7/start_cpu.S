/* The processor's part of start-up on ARMv7-A (ARM DDI 0406C; section numbers are of that).
 * arch/arm/start.S tells when each function runs and what it may use.
 */
#include "arch/arm/boot.h"

#define SCTLR_M   (1 << 0)  /* MMU */
#define SCTLR_A   (1 << 1)  /* alignment faults */
#define SCTLR_C   (1 << 2)  /* data and unified caches */
#define SCTLR_SW  (1 << 10) /* SWP */
#define SCTLR_Z   (1 << 11) /* branch prediction */
#define SCTLR_I   (1 << 12) /* instruction caches */
#define SCTLR_V   (1 << 13) /* vectors at 0xffff0000 */
#define SCTLR_HA  (1 << 17) /* access flag by hardware */
#define SCTLR_WXN (3 << 19) /* writable is execute-never: for PL1, for PL0 */
#define SCTLR_EE  (1 << 25) /* big-endian exceptions */
#define SCTLR_TRE (1 << 28) /* TEX remap */
#define SCTLR_AFE (1 << 29) /* access flag */
#define SCTLR_TE  (1 << 30) /* exceptions in Thumb state */

#define MODE_SVC_MASKED 0x1d3 /* SVC; asynchronous aborts, IRQ, FIQ off */
#define MODE_HYP        0x1a

    .syntax unified
    .arch   armv7-a
    .arch_extension virt
    .arm

    .section .boot, "ax"

/* Ends at boot_taken_over with r12 = SCTLR as found, its C bit also set if the hypervisor mode had its caches on.
 * Position independent. */
    .global cpu_take_over
    .type cpu_take_over, %function
cpu_take_over:
    cpsid   aif
    setend  le
    mov     r12, #0
    mrs     r0, cpsr
    and     r0, r0, #0x1f
    cmp     r0, #MODE_HYP
    bne     1f

    /* B1.8.5: hypervisor mode is left by an exception return only, which is also what puts these writes into
     * effect (B5.6.3).  No traps, no second stage. */
    mrc     p15, 4, r12, c1, c0, 0  /* HSCTLR */
    bic     r0, r12, #SCTLR_M | SCTLR_C
    bic     r0, r0, #SCTLR_I
    mcr     p15, 4, r0, c1, c0, 0
    mov     r0, #0
    mcr     p15, 4, r0, c1, c1, 0   /* HCR */
    mcr     p15, 4, r0, c1, c1, 3   /* HSTR */
    ldr     r0, =0x33ff             /* HCPTR: reserved bits are 1 */
    mcr     p15, 4, r0, c1, c1, 2
    adr     r0, 1f
    msr     elr_hyp, r0
    ldr     r0, =MODE_SVC_MASKED
    msr     spsr_cxsf, r0
    eret

1:  ldr     r0, =MODE_SVC_MASKED
    msr     cpsr_cx, r0
    mrc     p15, 0, r0, c0, c0, 5   /* MPIDR: number in the cluster */
    tst     r0, #0xff
    bne     3f

    mrc     p15, 0, r0, c1, c0, 0
    and     r12, r12, #SCTLR_C
    orr     r12, r12, r0
    ldr     r1, =SCTLR_M | SCTLR_A | SCTLR_C | SCTLR_SW | SCTLR_Z | SCTLR_I | SCTLR_V | SCTLR_HA | SCTLR_WXN | \
                 SCTLR_EE | SCTLR_TRE | SCTLR_AFE | SCTLR_TE
    bic     r0, r0, r1
    mcr     p15, 0, r0, c1, c0, 0
    isb
    b       boot_taken_over

3:  wfi
    b       3b
    .ltorg

/* r12 as cpu_take_over left it.  Walks all lines of all levels up to the point of coherency by set and way (B2.2.7).
 * Caches that were on are cleaned and invalidated: a boot loader's dirty lines must not be written over the kernel
 * later, nor lost.  Caches that were off are only invalidated: on the Cortex-A9 their contents are undefined at reset
 * (DDI 0388, 2.3), and cleaning would write garbage. */
    .global cpu_clean_caches
    .type cpu_clean_caches, %function
cpu_clean_caches:
    dsb                             /* stores of before come first: set and way order nothing by themselves */
    mrc     p15, 1, r0, c0, c0, 1   /* CLIDR */
    mov     r1, #0                  /* level * 2, as CSSELR wants it */
level_next:
    ubfx    r2, r0, #24, #3         /* level of coherency */
    cmp     r1, r2, lsl #1
    bhs     levels_done
    add     r2, r1, r1, lsr #1
    mov     r2, r0, lsr r2
    and     r2, r2, #7              /* kind of this level: 2 and more, it has data */
    cmp     r2, #2
    blo     level_done
    mcr     p15, 2, r1, c0, c0, 0   /* CSSELR */
    isb
    mrc     p15, 1, r2, c0, c0, 0   /* CCSIDR */
    and     r3, r2, #7
    add     r3, r3, #4              /* log2 of the line's bytes: where the set number begins */
    ubfx    r4, r2, #3, #10         /* last way */
    clz     r5, r4                  /* where the way number begins; one way: the shift gives 0 */
    ubfx    r6, r2, #13, #15        /* last set */
way_next:
    mov     r7, r6
set_next:
    orr     r2, r1, r4, lsl r5
    orr     r2, r2, r7, lsl r3
    tst     r12, #SCTLR_C
    mcrne   p15, 0, r2, c7, c14, 2  /* DCCISW */
    mcreq   p15, 0, r2, c7, c6, 2   /* DCISW */
    subs    r7, r7, #1
    bhs     set_next
    subs    r4, r4, #1
    bhs     way_next
level_done:
    add     r1, r1, #2
    b       level_next
levels_done:
    mov     r0, #0
    mcr     p15, 2, r0, c0, c0, 0   /* CSSELR: level 1 again */
    mcr     p15, 0, r0, c7, c5, 0   /* ICIALLU */
    dsb
    mrc     p15, 0, r0, c1, c0, 0   /* instructions are cached from here on, flat (B3.2.1): copying is much faster */
    orr     r0, r0, #SCTLR_I
    mcr     p15, 0, r0, c1, c0, 0
    bx      lr

/* r8: physical address of kernel_table, which maps this code where it lies. */
    .global cpu_start_mmu
    .type cpu_start_mmu, %function
cpu_start_mmu:
    mov     r0, #0
    mcr     p15, 0, r0, c7, c5, 6   /* BPIALL, TLBIALL */
    mcr     p15, 0, r0, c8, c7, 0
    mcr     p15, 0, r0, c1, c0, 2   /* CPACR: no coprocessors, VFP instructions are undefined */
    mcr     p15, 0, r0, c13, c0, 1  /* CONTEXTIDR: ASID 0 */
    mov     r0, #1
    mcr     p15, 0, r0, c2, c0, 2   /* TTBCR: N = 1, TTBR0 below 2 GB, TTBR1 above (B3.5.4) */
    orr     r0, r8, #BOOT_TTBR_FLAGS
    mcr     p15, 0, r0, c2, c0, 0   /* TTBR0: the lower half of the same table */
    mcr     p15, 0, r0, c2, c0, 1   /* TTBR1 */
    ldr     r0, =0x55555555         /* all domains client */
    mcr     p15, 0, r0, c3, c0, 0
    dsb                             /* the copy and the tables are in memory, the TLB is empty */
    isb
    mrc     p15, 0, r0, c1, c0, 0
    ldr     r1, =SCTLR_M | SCTLR_A | SCTLR_C | SCTLR_Z | SCTLR_I | SCTLR_V
    orr     r0, r0, r1
    mcr     p15, 0, r0, c1, c0, 0
    isb
    bx      lr
    .ltorg

    .text

/* r0: address of the table entry that was just changed.  Walks see the level 1 data cache only where the CPU says so
 * (ID_MMFR3), so the line is cleaned.  That TLB and branch predictor forget (B3.10.1) is left to ram_probe, which drops
 * all they have, with the barriers: nobody goes there before. */
    .global cpu_retract
    .type cpu_retract, %function
cpu_retract:
    mcr     p15, 0, r0, c7, c10, 1  /* DCCMVAC */
    bx      lr
