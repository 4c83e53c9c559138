/* The address map (docs/design.md draws it).  Shared with assembly and linker scripts: constants only. */
#ifndef INCLUDE_LAYOUT_H
#define INCLUDE_LAYOUT_H

#define USER_BASE 0x00010000 /* below it nothing is ever mapped */
#define USER_TEXT 0x00010000 /* where programs are linked */
#if defined(SITU_ARMV5)
#define SLOT_END   0x02000000 /* the process's own range ends here: 32 MB, one FCSE slot */
#define SLOT_COUNT 32         /* processes at a time; slot n has modified addresses from n * 32 MB */
#else
#define SLOT_END 0x42000000
#endif
#define ARENA_BASE 0x42000000 /* views and large private reservations, system-wide unique addresses */
#define ARENA_END  0x7fff0000
#define USER_END   0x80000000 /* no user address is at or above it (but the two pages at the very top) */

#define STATIC_BASE  0x80000000 /* static map: flash and RAM from the board's address table */
#define STATIC_END   0xc0000000
#define KWINDOW_BASE 0xc0000000 /* kernel stacks with guard pages */
#define KWINDOW_SIZE 0x01000000
#define DEVICE_BASE  0xe0000000 /* devices and uncached flash windows */
#define DEVICE_END   0xf0000000

#define VECTORS_VA 0xffff0000
#define KDATA_VA   0xffffc000 /* page of the user-readable kernel data; the data begin at KDATA_USER */
#define KDATA_USER 0xffffc800
#define HELPER_VA  0xffffd000 /* user-executable helper page (include/abi.h) */

/* MMU domains.  Flash chip n of the board has domain DOMAIN_FLASH + n. */
#define DOMAIN_KERNEL      0
#define DOMAIN_USER        1
#define DOMAIN_FLASH       2
#define DOMAIN_FLASH_COUNT 8

#endif
