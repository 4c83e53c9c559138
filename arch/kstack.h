/* Kernel stacks: 8 KB each in the kernel window, with unmapped pages below. */
#ifndef ARCH_KSTACK_H
#define ARCH_KSTACK_H

#include "include/types.h"

/* Returns the address behind the stack's highest byte, or 0: no memory, or no place in the window. */
uint32_t kstack_alloc(void);

/* Gives a stack back that nobody runs on; top as kstack_alloc returned it. */
void kstack_free(uint32_t top);

/* Gives the stacks back that are kept ready for the next threads (arch/frames.h).  False: there were none. */
bool kstack_release_kept(void);

#endif
