/* Reading a fault: status registers in words, and what the faulting instruction did. */
#ifndef ARCH_ARM_FAULT_H
#define ARCH_ARM_FAULT_H

#include "arch/arm/frame.h"

enum fault_kind {
    FAULT_TRANSLATION, /* nothing mapped */
    FAULT_PERMISSION,  /* mapped, but not for this access */
    FAULT_DOMAIN,      /* flash chip in command state */
    FAULT_ALIGNMENT,
    FAULT_DEBUG,    /* BKPT */
    FAULT_EXTERNAL, /* the bus: no such device or memory */
    FAULT_OTHER
};

/* Kind of a fault, and its name, from a fault status register (DFSR or IFSR). */
enum fault_kind fault_kind_of(uint32_t status);
const char *fault_name(enum fault_kind kind);

/* Whether the data access that faulted was a store.  status: DFSR. */
bool fault_was_store(const struct trap_frame *frame, uint32_t status);

#endif
