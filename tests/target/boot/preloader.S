/* What a careless boot loader could leave behind, for tests/boot.t: starts the image in its flash from a processor with
 * MMU and caches on, identity-mapped, with odd settings, and RAM full of dirty lines of rubbish.
 *
 * It takes care of the hardware as far as it uses it itself: caches and TLB are emptied before they are turned on, with
 * the barriers that this needs.  What it leaves is for the kernel to clean up.
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
    /* what caches and TLB hold since reset */
    mov     r0, #0
#if defined(SITU_ARMV7)
    mcr     p15, 2, r0, c0, c0, 0   /* level 1, data */
    isb
    mrc     p15, 1, r1, c0, c0, 0   /* CCSIDR */
    and     r2, r1, #7
    add     r2, r2, #4              /* where the set number begins */
    ubfx    r3, r1, #3, #10         /* last way */
    clz     r4, r3
    ubfx    r1, r1, #13, #15        /* last set */
4:  mov     r5, r1
5:  lsl     r6, r3, r4
    orr     r6, r6, r5, lsl r2
    mcr     p15, 0, r6, c7, c6, 2   /* DCISW */
    subs    r5, r5, #1
    bhs     5b
    subs    r3, r3, #1
    bhs     4b
    mcr     p15, 0, r0, c7, c5, 0
    mcr     p15, 0, r0, c7, c5, 6
    dsb
    isb
#else
    mcr     p15, 0, r0, c7, c7, 0
#endif

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
#if defined(SITU_ARMV7)
    ldr     r0, =0x5a5a             /* an address space identifier */
    mcr     p15, 0, r0, c13, c0, 1
    dsb                             /* the table is in memory */
    isb
#else
    mcr     p15, 0, r0, c7, c10, 4
#endif
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
#if defined(SITU_ARMV7)
    isb
#else
    nop
    nop
    nop
#endif

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
