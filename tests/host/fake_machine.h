/* Between fake_kernel.c and fake_mmu.c. */
#ifndef TESTS_HOST_FAKE_MACHINE_H
#define TESTS_HOST_FAKE_MACHINE_H

#include "include/types.h"

void fake_machine_start(uint32_t pages);
void fake_machine_stop(void);

/* No page may be half filled when the mm lock goes. */
void fake_machine_check_filled(void);

/* Whether this allocation is the one that is to fail (fake_fail_at). */
bool fake_allocation_fails(void);

/* Ends the test run with a message unless condition. */
void fake_check(bool condition, const char *message);

#endif
