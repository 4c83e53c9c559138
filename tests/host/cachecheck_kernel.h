/* A tiny kernel for the tests of the cache checker: page tables and a few processes, each change with all maintenance
 * that the rules ask for, in their order.  Faulty sequences are written by hand from the same parts, or by leaving one
 * step of a correct one out (kernel_drop).
 *
 *   80000000  RAM, cached                     e1000000  the device, cached by mistake
 *   90000000  flash, cached                   e4000000  flash, for commands
 *   a0000000  RAM, not cached                 f0000000  window: pages of the kernel
 *   e0000000  a device
 *
 * User half: megabyte 0 is the process's own (ARMv5: in its slot), the one at ARENA_VA has pages at the same address in
 * all processes, and behind it are sections.
 */
#ifndef TESTS_HOST_CACHECHECK_KERNEL_H
#define TESTS_HOST_CACHECHECK_KERNEL_H

#include "cachecheck_world.h"

#define STATIC_VA   0x80000000u
#define FLASH_VA    0x90000000u
#define UNCACHED_VA 0xa0000000u
#define DEVICE_VA   0xe0000000u
#define STRAY_VA    0xe1000000u
#define COMMAND_VA  0xe4000000u
#define WINDOW_VA   0xf0000000u
#define PRIVATE_VA  0x00010000u
#define ARENA_VA    0x50000000u
#define SECTION_VA  0x50100000u

#define FRAME(n)         (RAM_PA + 0x100000u + (n)*SMALL_BYTES) /* FRAME(16) and so on begin 64 KB */
#define STATIC(pa)       ((pa)-RAM_PA + STATIC_VA)
#define UNCACHED(pa)     ((pa)-RAM_PA + UNCACHED_VA)
#define KERNEL_TABLE     RAM_PA
#define PROCESS_TABLE(p) (RAM_PA + 0x4000u * ((p) + 1))
#define PRIVATE_TABLE(p) (RAM_PA + 0x20000u + (p)*0x800)
#define ARENA_TABLE(p)   (RAM_PA + 0x20400u + (p)*0x800)
#define WINDOW_TABLE     (RAM_PA + 0x24000u)
#define SPARE_TABLE      (RAM_PA + 0x25400u)
#define USER_PAGE        (MAP_CACHED | MAP_USER)
#define KERNEL_PAGE      MAP_CACHED
#define PROCESSES        4u
#define NO_PROCESS       PROCESSES

struct kernel {
    unsigned current;       /* process, or NO_PROCESS */
    uint32_t id[PROCESSES]; /* FCSE slot or ASID */
    uint64_t steps;         /* of maintenance, so far */
    uint64_t drop;          /* the step that is left out; 0: none */
    enum operation dropped; /* what it was */
};
extern struct kernel kernel;

/* Invalidates what is undefined at reset. */
void kernel_clean_reset(void);

/* ARMv7: tells the geometry of the level 1 data cache, and names all of its lines with operation. */
void kernel_all_sets(enum operation operation);

/* From reset to MMU and caches on, with processes 0 and 1 made, none of them current.  No finding so far, or the test
 * fails. */
void kernel_boot(const char *cpu);

/* The same after world_restart; findings of before may be there. */
void kernel_boot_again(void);

/* One step of maintenance, unless it is the one to be left out. */
void kernel_maintain(enum operation operation, uint32_t value);

/* An empty process of that slot or ASID; its second-level tables are empty and linked. */
void kernel_process(unsigned process, uint32_t id);

/* The switch to a process or NO_PROCESS, as in arch/arm/v5/space.c and v7/space.c. */
void kernel_switch(unsigned process);

/* What caches and the ARMv5 TLB see of the process's address. */
uint32_t kernel_modified(unsigned process, uint32_t va);

/* Where the entry for va is: of the second level where a table is linked, else of the first. */
uint32_t kernel_entry(unsigned process, uint32_t va);

/* Stores it, through the static map, without any maintenance; returns the pc. */
uint32_t kernel_store_entry(unsigned process, uint32_t va, uint32_t entry);

/* Cleans one line to where walks look; the address is physical. */
uint32_t kernel_clean_line(uint32_t pa);

/* Makes entries at pa visible to walks, for the next instruction. */
void kernel_publish(uint32_t pa, uint32_t bytes);

/* Ends translations of va: the page, large page or section. */
void kernel_tlb_page(unsigned process, uint32_t va);

/* The value of OP_TLB_PAGE for it. */
uint32_t kernel_tlb_value(unsigned process, uint32_t va);

/* Maps a small page where nothing is; changes one through "not present"; takes one away.  Returns the pc of the
 * first store to the entry.  code: instructions were fetched from it. */
uint32_t kernel_map(unsigned process, uint32_t va, uint32_t pa, unsigned flags);
uint32_t kernel_unmap(unsigned process, uint32_t va, bool code);

/* The same for a large page. */
void kernel_map_large(unsigned process, uint32_t va, uint32_t pa, unsigned flags);
void kernel_unmap_large(unsigned process, uint32_t va);

/* The permissions of a small page change, or it is another's of the same size. */
void kernel_change(unsigned process, uint32_t va, uint32_t pa, unsigned flags);

/* Lines of a range of the current process: what must happen before other addresses or nobody reach the frame. */
void kernel_lines_leave(uint32_t modified, uint32_t bytes, bool code);

/* Code was stored there. */
void kernel_code(uint32_t modified, uint32_t bytes);

/* ARMv5: everything out of the caches. */
void kernel_flush_all(void);

#endif
