/* From reset to kernel_main.
 *
 *   in flash   1  cpu_take_over      SVC mode, everything masked, MMU and caches off; other processors wait for ever
 *              2                     to the flash's own address (reset may have used an alias at 0)
 *              3                     early register writes of the board: the instruction counter starts here
 *              4  cpu_clean_caches   nothing of what ran before stays in caches, TLBs and branch predictor
 *              5                     the outer cache: cleaned and off
 *              6                     the kernel is copied to RAM, its bss zeroed
 *              7                     kernel_table is built from the board's address table
 *              8  cpu_start_mmu      MMU and caches on
 *   in RAM     9  cpu_retract        the mapping of this code goes; kernel_main
 *
 * The code of 1 to 8 is linked at its address in flash (section .boot), everything else at its address in the static
 * map.  __boot_to_flash is the distance from a static-map address of the kernel to its copy in flash, __boot_to_ram
 * to its physical address in RAM (linker/kernel.ld).  There is no stack before 9.
 *
 * The cpu_ functions are in v5/start_cpu.S and v7/start_cpu.S.  They use r0-r7 and r12 and return to lr.
 *
 * If the MMU was on at entry, this code must have been mapped where it lies, virtual = physical: nothing else
 * survives turning it off.
 */
#include "arch/arm/boot.h"
#include "include/board.h"
#include "include/layout.h"

    .syntax unified
    .arm

    .section .boot.start, "ax"
    .global boot_start
    .type boot_start, %function
boot_start:
    /* 1: no bl, the mode and with it the link register may change */
    b       cpu_take_over
    .global boot_taken_over
boot_taken_over:
    /* 2 */
    ldr     pc, =boot_in_place
boot_in_place:

    /* 3 */
    ldr     r8, =__boot_to_flash
    ldr     r4, =board_early
    add     r4, r4, r8
early_next:
    ldmia   r4!, {r0-r2}            /* address, keep, value */
    cmp     r0, #0
    beq     early_done
    cmp     r1, #0
    ldrne   r3, [r0]
    andne   r1, r1, r3
    orr     r1, r1, r2
    str     r1, [r0]
    b       early_next
early_done:

    /* 4 */
    bl      cpu_clean_caches

    /* 5: PL310 (ARM DDI 0246, 3.3.10).  It caches physical addresses: what a boot loader left dirty in it would be
     * written over the kernel later. */
    ldr     r4, =board_outer_cache_pa
    ldr     r4, [r4, r8]
    cmp     r4, #0
    beq     outer_done
    ldr     r0, [r4, #0x100]        /* control: bit 0, on */
    tst     r0, #1
    beq     outer_done
    ldr     r0, [r4, #0x104]        /* auxiliary control: bit 16, 16 ways instead of 8 */
    tst     r0, #1 << 16
    mov     r1, #0xff
    orrne   r1, r1, #0xff00
    str     r1, [r4, #0x7fc]        /* clean and invalidate by way; a way's bit is 1 until it is done */
outer_wait:
    ldr     r0, [r4, #0x7fc]
    tst     r0, r1
    bne     outer_wait
    mov     r0, #0
    str     r0, [r4, #0x730]        /* cache sync: write buffers drained */
outer_sync:
    ldr     r1, [r4, #0x730]
    tst     r1, #1
    bne     outer_sync
    str     r0, [r4, #0x100]
outer_done:

    /* 6: 32 bytes a turn, the linker script pads to that */
    ldr     r9, =__boot_to_ram
    ldr     r10, =__text_start
    ldr     r11, =__data_end
    add     r12, r10, r8            /* in flash */
    add     r10, r10, r9            /* in RAM */
    add     r11, r11, r9
copy_next:
    ldmia   r12!, {r0-r7}
    stmia   r10!, {r0-r7}
    cmp     r10, r11
    blo     copy_next

    mov     r0, #0
    mov     r1, #0
    mov     r2, #0
    mov     r3, #0
    mov     r4, #0
    mov     r5, #0
    mov     r6, #0
    mov     r7, #0
    ldr     r11, =__bss_end         /* r10: behind the data; a gap before bss does no harm */
    add     r11, r11, r9
zero_bss:
    stmia   r10!, {r0-r7}
    cmp     r10, r11
    blo     zero_bss
    ldr     r10, =__tables_start
    ldr     r11, =__tables_end
    add     r10, r10, r9
    add     r11, r11, r9
zero_tables:
    stmia   r10!, {r0-r7}
    cmp     r10, r11
    blo     zero_tables

    /* 7: a 1 MB entry for each megabyte of each row */
    ldr     r8, =kernel_table
    add     r8, r8, r9              /* from here on r8 is the table */
    ldr     r4, =board_map
    add     r4, r4, r9
row_next:
    ldmia   r4!, {r5-r7}            /* va; pa; megabytes 15:0, kind 23:16, domain 31:24 */
    mov     r1, r7, lsr #16
    and     r1, r1, #0xff
    cmp     r1, #BOARD_END
    beq     rows_done
    cmp     r1, #BOARD_FLASH
    ldrlo   r0, =BOOT_SECTION_RAM
    ldreq   r0, =BOOT_SECTION_FLASH
    ldrhi   r0, =BOOT_SECTION_DEVICE
    orr     r0, r0, r6
    mov     r1, r7, lsr #24
    orr     r0, r0, r1, lsl #BOOT_SECTION_DOMAIN_SHIFT
    add     r2, r8, r5, lsr #18
    bic     r7, r7, #0xff000000
    bic     r7, r7, #0x00ff0000
section_next:
    str     r0, [r2], #4
    add     r0, r0, #0x100000
    subs    r7, r7, #1
    bne     section_next
    b       row_next
rows_done:

#if defined(BOOT_SECTION_XN)
    /* the megabytes with kernel code are executable */
    ldr     r0, =__kernel_start
    ldr     r1, =__text_end - 1
    mov     r0, r0, lsr #20
    mov     r1, r1, lsr #20
code_next:
    ldr     r2, [r8, r0, lsl #2]
    bic     r2, r2, #BOOT_SECTION_XN
    str     r2, [r8, r0, lsl #2]
    add     r0, r0, #1
    cmp     r0, r1
    bls     code_next
#endif

    /* second-level tables: the window's, and that of the topmost megabyte */
    ldr     r0, =kwindow_tables + BOOT_TABLE
    add     r0, r0, r9
    ldr     r2, =KWINDOW_BASE >> 18
    add     r2, r2, r8
    mov     r1, #KWINDOW_SIZE >> 20
window_next:
    str     r0, [r2], #4
    add     r0, r0, #0x400
    subs    r1, r1, #1
    bne     window_next
    ldr     r0, =top_table + BOOT_TABLE
    add     r0, r0, r9
    ldr     r2, =VECTORS_VA >> 20 << 2
    str     r0, [r8, r2]

    /* this code, where it lies, until boot_mapped; r10 = its entry, r11 = what was there */
    ldr     r0, =boot_start
    mov     r0, r0, lsr #20
    add     r10, r8, r0, lsl #2
    ldr     r11, [r10]
    ldr     r1, =BOOT_SECTION_CODE
    orr     r1, r1, r0, lsl #20
    str     r1, [r10]

    /* 8 */
    bl      cpu_start_mmu
    ldr     pc, =boot_mapped
    .ltorg

    .text
boot_mapped:
    /* 9 */
    ldr     sp, =boot_stack + BOOT_STACK_BYTES
    sub     r10, r10, r9
    str     r11, [r10]
    mov     r0, r10
    bl      cpu_retract
    bl      kernel_main
    b       .                       /* kernel_main does not return */
    .ltorg

    .section .tables, "aw", %nobits
    .global kernel_table, kwindow_tables, top_table
    .balign 0x4000
kernel_table:
    .space  0x4000
kwindow_tables:
    .space  KWINDOW_SIZE >> 20 << 10
top_table:
    .space  0x400

    .bss
    .global boot_stack
    .balign 8
boot_stack:
    .space  BOOT_STACK_BYTES
