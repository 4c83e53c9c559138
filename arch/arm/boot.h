/* What start-up leaves behind: the kernel's tables, the bounds of the kernel, and the size of the RAM.
 *
 * arch/arm/start.S runs in flash, copies the kernel to RAM, builds these tables, turns the MMU and the caches on and
 * calls kernel_main.  From then on nothing is executed from flash.  State at kernel_main:
 *
 *   SVC mode, IRQ, FIQ (and asynchronous aborts) masked, on boot_stack; the other modes have no stack yet
 *   all domains client; alignment checks on; vectors at VECTORS_VA, where no page is mapped yet
 *   kernel_table: static map and device map in 1 MB entries, KWINDOW in kwindow_tables, the top megabyte in
 *   top_table, nothing else.  It is TTBR0, on v7 also TTBR1 (TTBCR.N = 1: TTBR0 serves the user half, here empty)
 */
#ifndef ARCH_ARM_BOOT_H
#define ARCH_ARM_BOOT_H

/* Descriptor bits of the kernel's 1 MB entries (v5: ARM ARM DDI 0100, B3.3.1; v7: DDI 0406C, B3.5.1).
 * RAM and flash are for the kernel alone.  v5 cannot say "kernel may read, user nothing" as SCTLR.R = 1, so flash
 * is writable there. */
#if defined(SITU_ARMV5)
#define BOOT_SECTION_RAM    0x41e /* AP = 01, C, B: write-back */
#define BOOT_SECTION_FLASH  0x41e
#define BOOT_SECTION_DEVICE 0x412 /* AP = 01, uncached, unbuffered */
#define BOOT_SECTION_CODE   0x412 /* code in flash, until kernel_main: uncached */
#define BOOT_TABLE          0x011
#else
#define BOOT_SECTION_RAM    0x0141e /* AP = 001, TEX = 001, C, B: write-back write-allocate, non-shared; XN */
#define BOOT_SECTION_FLASH  0x0941e /* AP = 101: kernel reads only; XN */
#define BOOT_SECTION_DEVICE 0x00416 /* AP = 001, shared Device, XN */
#define BOOT_SECTION_CODE   0x0940e /* as flash, executable */
#define BOOT_TABLE          0x001
#define BOOT_SECTION_XN     0x00010 /* taken out again from the megabytes of the kernel */
#define BOOT_TTBR_FLAGS     0x48    /* walks: inner and outer write-back write-allocate, non-shared (B4.1.154) */
#endif
#define BOOT_SECTION_DOMAIN_SHIFT 5

#define BOOT_STACK_BYTES 4096

#ifndef __ASSEMBLER__
#include "include/types.h"

extern uint32_t kernel_table[4096];          /* first-level table, 16 KB aligned */
extern uint32_t kwindow_tables[16][256];     /* second-level tables of KWINDOW_BASE .. + KWINDOW_SIZE, empty */
extern uint32_t top_table[256];              /* second-level table of 0xfff00000, empty */
extern uint8_t boot_stack[BOOT_STACK_BYTES]; /* of kernel_main; free to use when it has ended */

/* Bounds of the kernel in the static map, from linker/kernel.ld. */
extern const char __kernel_start[], __text_start[], __text_end[], __rodata_start[], __rodata_end[];
extern char __data_start[], __data_end[], __bss_start[], __bss_end[], __kernel_end[];

/* Instructions that may fault in kernel mode, and where to go on then.  In section .extable. */
struct extable_entry {
    uint32_t fault, resume;
};
extern const struct extable_entry __extable_start[], __extable_end[];

/* Finds how many megabytes of RAM there are at the start of the board's RAM row, and takes the static-map entries of
 * absent RAM away.  At most what the row has; if the board has more, a line on the console says so.  RAM contents are
 * kept.  RAM must begin with the row and be without holes.  Called once, on the boot stack, interrupts off, before
 * anything but the kernel image lies in RAM. */
uint32_t ram_probe(void);

#endif
#endif
