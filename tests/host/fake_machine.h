/* Between fake_kernel.c, fake_machine.c, fake_mmu.c and fake_quick.c. */
#ifndef TESTS_HOST_FAKE_MACHINE_H
#define TESTS_HOST_FAKE_MACHINE_H

#include "arch/mmu.h"

/* fake_machine.c */

void fake_machine_start(uint32_t pages);
void fake_machine_stop(void);

bool fake_is_ram(uint32_t pa);
bool fake_is_mapped(uint32_t pa); /* RAM: in any space */
bool fake_is_mixed(void);         /* a frame is mapped cached and uncached: only while preemption is off */

/* Every 4 KB that becomes present in a space, or ceases to be, passes here. */
void fake_page_appears(uint32_t va, uint32_t pa, uint32_t prot);
void fake_page_goes(uint32_t va, uint32_t pa, uint32_t prot, bool in_place);

/* Ends the test run with a message unless condition. */
void fake_check(bool condition, const char *message);

/* fake_mmu.c */

struct fake_entry {
    enum page_state state;
    prot_t prot;
    uint32_t pa;
    uint32_t size;
    bool filling;
    bool closed; /* present, for the kernel alone */
};

extern const struct mmu_space *fake_active;

/* The entry of a page, whose table must be there. */
struct fake_entry *fake_entry_at(const struct mmu_space *space, uint32_t va);

void fake_mmu_start(void);
void fake_mmu_stop(void);

/* No page may be half filled when the mm lock goes. */
void fake_mmu_check_filled(void);

/* fake_kernel.c */

/* Whether this allocation is the one that is to fail (fake_fail_at). */
bool fake_allocation_fails(void);

#endif
