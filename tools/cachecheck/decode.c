/* Encodings: DDI 0406C chapters A5, A6, A8 and B9 (both architectures' ARM instructions), B3.17 (CP15 registers), DDI
 * 0198 2.3 (ARM926EJ-S, CP15).
 */
#include "tools/cachecheck/decode.h"
#include <stddef.h>
#include <string.h>

#define CONDITION_NONE 15u /* bits 31:28 of instructions that have no condition */

/* A CP15 register: opcode 1, CRn, CRm, opcode 2. */
#define REGISTER(opcode1, crn, crm, opcode2) ((opcode1) << 16 | (crn) << 8 | (crm) << 4 | (opcode2))

/* Bits of an MRC or MCR in the order of REGISTER. */
static uint32_t register_of(uint32_t instruction) {
    return REGISTER(instruction >> 21 & 7u, instruction >> 16 & 15u, instruction & 15u, instruction >> 5 & 7u);
}

struct row {
    uint32_t number;
    enum operation operation;
};

/* Registers whose write is an operation.  On ARMv7 operations on inner-shareable processors (CRm 1, 3) do here, too. */
static const struct row writes[] = {
    {REGISTER(0u, 1u, 0u, 0u), OP_SCTLR},
    {REGISTER(0u, 2u, 0u, 0u), OP_TTBR0},
    {REGISTER(0u, 2u, 0u, 1u), OP_TTBR1},
    {REGISTER(0u, 2u, 0u, 2u), OP_TTBCR},
    {REGISTER(0u, 3u, 0u, 0u), OP_DACR},
    {REGISTER(0u, 7u, 1u, 0u), OP_FETCH_INVALIDATE_ALL},
    {REGISTER(0u, 7u, 1u, 6u), OP_BRANCH_INVALIDATE_ALL},
    {REGISTER(0u, 7u, 5u, 0u), OP_FETCH_INVALIDATE_ALL},
    {REGISTER(0u, 7u, 5u, 1u), OP_FETCH_INVALIDATE},
    {REGISTER(0u, 7u, 5u, 4u), OP_ISB},
    {REGISTER(0u, 7u, 5u, 6u), OP_BRANCH_INVALIDATE_ALL},
    {REGISTER(0u, 7u, 6u, 0u), OP_DATA_INVALIDATE_ALL},
    {REGISTER(0u, 7u, 6u, 1u), OP_DATA_INVALIDATE},
    {REGISTER(0u, 7u, 6u, 2u), OP_DATA_INVALIDATE_SET_WAY},
    {REGISTER(0u, 7u, 7u, 0u), OP_DATA_INVALIDATE_ALL}, /* and instructions */
    {REGISTER(0u, 7u, 10u, 1u), OP_DATA_CLEAN},
    {REGISTER(0u, 7u, 10u, 4u), OP_DSB},
    {REGISTER(0u, 7u, 10u, 5u), OP_DMB},
    {REGISTER(0u, 7u, 11u, 1u), OP_DATA_CLEAN_POU},
    {REGISTER(0u, 7u, 14u, 1u), OP_DATA_CLEAN_INVALIDATE},
    {REGISTER(0u, 7u, 14u, 2u), OP_DATA_CLEAN_INVALIDATE_SET_WAY},
    {REGISTER(0u, 8u, 3u, 0u), OP_TLB_ALL},
    {REGISTER(0u, 8u, 3u, 1u), OP_TLB_PAGE},
    {REGISTER(0u, 8u, 3u, 2u), OP_TLB_ASID},
    {REGISTER(0u, 8u, 5u, 0u), OP_TLB_ALL},
    {REGISTER(0u, 8u, 5u, 1u), OP_TLB_PAGE},
    {REGISTER(0u, 8u, 5u, 2u), OP_TLB_ASID},
    {REGISTER(0u, 8u, 6u, 0u), OP_TLB_ALL},
    {REGISTER(0u, 8u, 6u, 1u), OP_TLB_PAGE},
    {REGISTER(0u, 8u, 6u, 2u), OP_TLB_ASID},
    {REGISTER(0u, 8u, 7u, 0u), OP_TLB_ALL},
    {REGISTER(0u, 8u, 7u, 1u), OP_TLB_PAGE},
    {REGISTER(0u, 8u, 7u, 2u), OP_TLB_ASID},
    {REGISTER(0u, 13u, 0u, 0u), OP_FCSE},
    {REGISTER(0u, 13u, 0u, 1u), OP_CONTEXTIDR},
    {REGISTER(2u, 0u, 0u, 0u), OP_CSSELR},
};

/* Writes of c7 that change nothing of what the model follows: waits, hints, one branch prediction, questions to the
 * translation. */
static bool is_harmless(uint32_t number) {
    switch (number) {
    case REGISTER(0u, 7u, 0u, 4u):  /* wait for interrupt */
    case REGISTER(0u, 7u, 4u, 0u):  /* PAR */
    case REGISTER(0u, 7u, 5u, 7u):  /* BPIMVA */
    case REGISTER(0u, 7u, 13u, 1u): /* prefetch of an instruction line */
        return true;
    default:
        return (number & ~7u) == REGISTER(0u, 7u, 8u, 0u); /* ATS */
    }
}

/* The caches and the TLB: what is not in the table and not harmless is maintenance that would go unseen. */
static bool is_maintenance(uint32_t number) {
    return number >= REGISTER(0u, 7u, 0u, 0u) && number <= REGISTER(0u, 8u, 15u, 7u) && !is_harmless(number);
}

static bool decode_write(uint32_t number, struct decoded *decoded) {
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        if (writes[i].number == number) {
            decoded->operation[decoded->operations++] = writes[i].operation;
        }
    }
    if (number == REGISTER(0u, 7u, 7u, 0u)) {
        decoded->operation[decoded->operations++] = OP_FETCH_INVALIDATE_ALL;
    }
    decoded->unknown = decoded->operations == 0 && is_maintenance(number);
    return decoded->operations != 0 || decoded->unknown;
}

/* The ARM926's "test and clean" loops are reads into the flags.  This emulator says at once that all is clean. */
static bool decode_read(uint32_t number, struct decoded *decoded) {
    switch (number) {
    case REGISTER(0u, 7u, 10u, 3u):
        decoded->operation[decoded->operations++] = OP_DATA_CLEAN_ALL;
        return true;
    case REGISTER(0u, 7u, 14u, 3u):
        decoded->operation[decoded->operations++] = OP_DATA_CLEAN_INVALIDATE_ALL;
        return true;
    case REGISTER(1u, 0u, 0u, 0u):
        decoded->reads_cache_size = true;
        return true;
    default:
        return false;
    }
}

static bool decode_cp15(uint32_t instruction, struct decoded *decoded) {
    if ((instruction & 0x0ff00f00u) == 0x0c400f00u) { /* MCRR: ranges of the ARM1136, registers of 64 bits */
        decoded->unknown = true;
        return true;
    }
    if ((instruction & 0x0f000f10u) != 0x0e000f10u) {
        return false;
    }
    decoded->value = (uint8_t)(instruction >> 12 & 15u);
    if (instruction & 1u << 20) {
        return decode_read(register_of(instruction), decoded);
    }
    return decode_write(register_of(instruction), decoded);
}

/* DSB, DMB and ISB: the same low bits in ARM and Thumb. */
static bool decode_barrier(uint32_t low, struct decoded *decoded) {
    switch (low >> 4 & 15u) {
    case 4:
        decoded->operation[0] = OP_DSB;
        break;
    case 5:
        decoded->operation[0] = OP_DMB;
        break;
    case 6:
        decoded->operation[0] = OP_ISB;
        break;
    default:
        return false;
    }
    decoded->operations = 1;
    return true;
}

static bool decode_unconditional(uint32_t instruction, struct decoded *decoded) {
    if ((instruction & 0xffffff00u) == 0xf57ff000u) {
        return decode_barrier(instruction, decoded);
    }
    if ((instruction & 0xfff1fe20u) == 0xf1000000u) { /* CPS */
        decoded->changes_mask = true;
    } else if ((instruction & 0xfe50ffffu) == 0xf8100a00u) { /* RFE */
        decoded->changes_mask = decoded->synchronises = true;
    }
    return decoded->changes_mask;
}

/* Data processing with S to pc: MOVS pc, SUBS pc.  With bits 7 and 4 of a register form it is a multiplication or an
 * access; TST to CMN have no result. */
static bool is_return_by_result(uint32_t instruction) {
    bool immediate = instruction & 1u << 25;
    return (instruction & 0x0c10f000u) == 0x0010f000u && (immediate || (instruction & 0x90u) != 0x90u) &&
           (instruction & 0x01800000u) != 0x01000000u;
}

static bool decode_status(uint32_t instruction, struct decoded *decoded) {
    bool load = (instruction & 0x0e508000u) == 0x08508000u; /* LDM with pc and the status */
    bool eret = (instruction & 0x0fffffffu) == 0x0160006eu;
    bool msr = (instruction & 0x0ff1f000u) == 0x0321f000u || (instruction & 0x0ff1fff0u) == 0x0121f000u;
    decoded->synchronises = load || eret || is_return_by_result(instruction);
    decoded->changes_mask = decoded->synchronises || msr;
    return decoded->changes_mask;
}

bool decode(uint32_t instruction, bool thumb, struct decoded *decoded) {
    struct decoded result = {.instruction = instruction, .condition = DECODE_ALWAYS};
    bool found;
    if (thumb) {
        found = (instruction & 0xffffff00u) == 0xf3bf8f00u
                    ? decode_barrier(instruction, &result)
                    : instruction >> 28 == 14u && decode_cp15(instruction, &result);
    } else if (instruction >> 28 == CONDITION_NONE) {
        found = decode_unconditional(instruction, &result);
    } else {
        result.condition = (uint8_t)(instruction >> 28);
        found = decode_cp15(instruction, &result) || decode_status(instruction, &result);
    }
    if (found) {
        *decoded = result;
    }
    return found;
}

bool decode_condition_holds(uint32_t condition, uint32_t cpsr) {
    bool negative = cpsr & 1u << 31;
    bool zero = cpsr & 1u << 30;
    bool carry = cpsr & 1u << 29;
    bool overflow = cpsr & 1u << 28;
    bool holds;
    switch (condition >> 1) {
    case 0:
        holds = zero;
        break;
    case 1:
        holds = carry;
        break;
    case 2:
        holds = negative;
        break;
    case 3:
        holds = overflow;
        break;
    case 4:
        holds = carry && !zero;
        break;
    case 5:
        holds = negative == overflow;
        break;
    case 6:
        holds = negative == overflow && !zero;
        break;
    default:
        return true;
    }
    return holds != (condition & 1u);
}

uint32_t decode_thumb_condition(uint32_t cpsr) {
    uint32_t block = (cpsr >> 25 & 3u) | (cpsr >> 8 & 0xfcu); /* ITSTATE */
    return block & 15u ? block >> 4 : DECODE_ALWAYS;
}
