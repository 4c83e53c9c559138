/* What a careless boot loader could leave behind, for tests/boot.t: starts the image in its flash from a processor with
 * MMU and caches on, identity-mapped, with odd settings, and RAM full of dirty lines of rubbish.
 *
 * Assembled for one board and put into the flash behind the image, whose first word is made a branch to it.
 *   RAM_PA        start of the RAM; the table lies 4 MB into it
 *   IMAGE_PA      start of the image
 */
    .syntax unified
    .arm

#define TABLE_PA (RAM_PA + 0x400000)

    .text
    .global _start
_start:
    ldr     pc, =in_place           /* reset may have used an alias of the flash */
in_place:
    /* every megabyte where it lies: RAM and flash cached, the rest not; full access */
    ldr     r0, =TABLE_PA
    ldr     r1, =0xc12 | 15 << 5
    mov     r2, #4096
1:  mov     r3, r1
    mov     r4, r1, lsr #24
    cmp     r4, #RAM_PA >> 24
    orreq   r3, r3, #0xc
    cmp     r4, #IMAGE_PA >> 24
    orreq   r3, r3, #0xc
    str     r3, [r0], #4
    add     r1, r1, #0x100000
    subs    r2, r2, #1
    bne     1b
    ldr     r0, =TABLE_PA
    mcr     p15, 0, r0, c2, c0, 0
    mvn     r0, #0                  /* all domains manager */
    mcr     p15, 0, r0, c3, c0, 0
    mov     r0, #0
    mcr     p15, 0, r0, c8, c7, 0
    mrc     p15, 0, r0, c1, c0, 0
    ldr     r1, =0x1005             /* MMU, data cache, instruction cache */
    orr     r0, r0, r1
    bic     r0, r0, #2              /* no alignment checks */
#if defined(SITU_ARMV7)
    orr     r0, r0, #0x800          /* branch prediction */
    orr     r0, r0, #1 << 28        /* TEX remap */
#else
    orr     r0, r0, #0x100          /* system protection */
#endif
    mcr     p15, 0, r0, c1, c0, 0
    nop
    nop
    nop

    /* rubbish over the first 3 MB */
    ldr     r0, =RAM_PA
    add     r1, r0, #0x300000
    ldr     r2, =0xdeadbeef
2:  str     r2, [r0], #4
    cmp     r0, r1
    blo     2b

#if defined(SITU_ARMV7)
    ldr     r0, =0x1e00a000         /* PL310 on */
    mov     r1, #1
    str     r1, [r0, #0x100]
    ldr     r0, =0x5a5a             /* an address space identifier */
    mcr     p15, 0, r0, c13, c0, 1
    ldr     r0, =0x00f00000         /* coprocessors 10 and 11 open */
    mcr     p15, 0, r0, c1, c0, 2
    ldr     r0, =RAM_PA             /* vectors of its own */
    mcr     p15, 0, r0, c12, c0, 0
#else
    mov     r0, #5 << 25            /* a process id: addresses below 32 MB go elsewhere */
    mcr     p15, 0, r0, c13, c0, 0
    mov     r0, #0xf                /* all data cache ways locked */
    mcr     p15, 0, r0, c9, c0, 0
#endif
    msr     cpsr_c, #0x1f           /* system mode, interrupts on */
    ldr     pc, =IMAGE_PA + 0x1000
    .ltorg
