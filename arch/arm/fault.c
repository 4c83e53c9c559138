/* Fault status in words (DDI 0100 B4.6 for ARMv5, DDI 0406 B3.13.3 for ARMv7 short descriptors), and on ARMv5, whose
 * status does not say, whether an instruction loads or stores. */
#include "arch/arm/fault.h"
#include "arch/arm/cpu.h"
#include "arch/arm/user.h"

enum fault_kind fault_kind_of(uint32_t status) {
    uint32_t code = status & 0xfu;
#if defined(SITU_ARMV7)
    if (status & 1u << 10) {
        return FAULT_EXTERNAL;
    }
#endif
    switch (code) {
    case 0x1:
#if defined(SITU_ARMV5)
    case 0x3:
#endif
        return FAULT_ALIGNMENT;
    case 0x2:
        return FAULT_DEBUG;
    case 0x5:
    case 0x7:
        return FAULT_TRANSLATION;
    case 0x9:
    case 0xb:
        return FAULT_DOMAIN;
    case 0xd:
    case 0xf:
        return FAULT_PERMISSION;
    case 0x8:
    case 0xa:
    case 0xc:
    case 0xe:
        return FAULT_EXTERNAL;
    default:
        return FAULT_OTHER;
    }
}

const char *fault_name(enum fault_kind kind) {
    static const char *const names[] = {"nothing mapped", "no permission",  "chip busy", "alignment",
                                        "breakpoint",     "external abort", "unknown"};
    return names[kind];
}

#if defined(SITU_ARMV7)
bool fault_was_store(const struct trap_frame *frame, uint32_t status) {
    (void)frame;
    return status & 1u << 11;
}
#else
/* ARM state: DDI 0100 A3; bit 20 is set for loads but in the halfword and doubleword group. */
static bool arm_stores(uint32_t instruction) {
    bool load_bit = instruction & 1u << 20;
    switch (instruction >> 25 & 7u) {
    case 0:
        if ((instruction & 0x0fb00ff0u) == 0x01000090u) {
            return true; /* SWP, SWPB */
        }
        return !load_bit && (instruction & 0x60u) != 0x40u; /* LDRD has the bit clear, too */
    case 2:
    case 3:
    case 4:
    case 6:
        return !load_bit;
    default:
        return false;
    }
}

/* Thumb state: DDI 0100 A6. */
static bool thumb_stores(uint32_t instruction) {
    bool load_bit = instruction & 1u << 11;
    switch (instruction >> 12) {
    case 5:
        return (instruction >> 9 & 7u) < 3;
    case 6:
    case 7:
    case 8:
    case 9:
    case 0xb:
    case 0xc:
        return !load_bit;
    default:
        return false;
    }
}

bool fault_was_store(const struct trap_frame *frame, uint32_t status) {
    (void)status;
    uint32_t instruction = 0;
    uint32_t bytes = (frame->cpsr & CPSR_THUMB) ? 2 : 4;
    if ((frame->cpsr & CPSR_MODE_MASK) != CPSR_MODE_USER) {
        instruction = *(const uint32_t *)frame->pc;
    } else if (user_copy_in(&instruction, frame->pc, bytes) != ERROR_SUCCESS) {
        return false;
    }
    return bytes == 2 ? thumb_stores(instruction) : arm_stores(instruction);
}
#endif
