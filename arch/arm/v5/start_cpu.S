/* The processor's part of start-up on the ARM926EJ-S (TRM: DDI 0198; register c1: 2.3.2, cache operations c7: 2.3.8).
 * arch/arm/start.S tells when each function runs and what it may use.
 */
#include "arch/arm/boot.h"

#define SCTLR_M  0x0001 /* MMU */
#define SCTLR_A  0x0002 /* alignment faults */
#define SCTLR_C  0x0004 /* data cache */
#define SCTLR_B  0x0080 /* big-endian */
#define SCTLR_S  0x0100 /* system protection */
#define SCTLR_R  0x0200 /* ROM protection: AP = 00 is read-only for all */
#define SCTLR_I  0x1000 /* instruction cache */
#define SCTLR_V  0x2000 /* vectors at 0xffff0000 */

    .syntax unified
    .arm

    .section .boot, "ax"

/* Ends at boot_taken_over.  Position independent.
 *
 * A data cache that is on is cleaned while it is on (4.3: it may hold dirty lines only then).  The code runs without
 * stores, so nothing becomes dirty behind the loop. */
    .global cpu_take_over
    .type cpu_take_over, %function
cpu_take_over:
    mrs     r0, cpsr
    bic     r0, r0, #0x1f
    orr     r0, r0, #0xd3           /* SVC, IRQ and FIQ off */
    msr     cpsr_c, r0

    mrc     p15, 0, r0, c1, c0, 0
    tst     r0, #SCTLR_C
    beq     2f
1:  mrc     p15, 0, r15, c7, c14, 3 /* test, clean and invalidate: Z set when nothing dirty is left */
    bne     1b
    mov     r1, #0
    mcr     p15, 0, r1, c7, c10, 4  /* drain the write buffer */

2:  bic     r0, r0, #SCTLR_M | SCTLR_A | SCTLR_C
    bic     r0, r0, #SCTLR_B
    bic     r0, r0, #SCTLR_S | SCTLR_R
    bic     r0, r0, #SCTLR_I | SCTLR_V
    mcr     p15, 0, r0, c1, c0, 0
    b       boot_taken_over

/* Invalidates the caches, unlocks all of their ways and the entries of the TLB, and turns the instruction cache on: with the MMU
 * off it works flat (4.2), and copying from flash goes several times faster. */
    .global cpu_clean_caches
    .type cpu_clean_caches, %function
cpu_clean_caches:
    mov     r0, #0
    mcr     p15, 0, r0, c7, c7, 0   /* both caches: contents are undefined at reset */
    mcr     p15, 0, r0, c13, c0, 0  /* FCSE process id 0 */
    mcr     p15, 0, r0, c10, c0, 0  /* TLB lockdown: none */
    mrc     p15, 0, r0, c9, c0, 0   /* data cache lockdown: bits 3:0 */
    bic     r0, r0, #0xf
    mcr     p15, 0, r0, c9, c0, 0
    mrc     p15, 0, r0, c9, c0, 1   /* instruction cache lockdown */
    bic     r0, r0, #0xf
    mcr     p15, 0, r0, c9, c0, 1
    mrc     p15, 0, r0, c1, c0, 0
    orr     r0, r0, #SCTLR_I
    mcr     p15, 0, r0, c1, c0, 0
    bx      lr

/* r8: physical address of kernel_table, which maps this code where it lies.
 * The three instructions behind the write of c1 may be fetched flat (3.1.2); they are mapped flat, too. */
    .global cpu_start_mmu
    .type cpu_start_mmu, %function
cpu_start_mmu:
    mov     r0, #0
    mcr     p15, 0, r0, c7, c10, 4  /* the tables are in memory */
    mcr     p15, 0, r0, c8, c7, 0
    mcr     p15, 0, r8, c2, c0, 0   /* TTBR */
    ldr     r0, =0x55555555         /* all domains client */
    mcr     p15, 0, r0, c3, c0, 0
    mrc     p15, 0, r0, c1, c0, 0
    orr     r0, r0, #SCTLR_M | SCTLR_A | SCTLR_C
    orr     r0, r0, #SCTLR_R
    orr     r0, r0, #SCTLR_I | SCTLR_V
    mcr     p15, 0, r0, c1, c0, 0
    nop
    nop
    nop
    bx      lr
    .ltorg

    .text

/* r0: address of the table entry that was just changed.  Walks go to memory past the data cache: clean the line.  The
 * drain and the TLB are left to ram_probe, which drops all it has: nobody goes there before.
 * Instruction lines of the start code go, too: they are tagged with its address in flash, which may be a modified address
 * of a process later. */
    .global cpu_retract
    .type cpu_retract, %function
cpu_retract:
    mcr     p15, 0, r0, c7, c10, 1
    mov     r1, #0
    mcr     p15, 0, r1, c7, c5, 0
    bx      lr
