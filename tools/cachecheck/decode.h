/* What an instruction is for the checker: maintenance, a register that the model follows, an exception return, a change
 * of the interrupt mask; or nothing.
 *
 * ARM instructions are decoded in full.  Of Thumb only CP15 accesses and barriers are: the kernel is ARM code, and
 * programs can do nothing else that matters here.
 */
#ifndef TOOLS_CACHECHECK_DECODE_H
#define TOOLS_CACHECHECK_DECODE_H

#include <stdbool.h>
#include <stdint.h>
#include "tools/cachecheck/model.h"

#define DECODE_ALWAYS 14u /* the condition that always holds */

struct decoded {
    uint32_t instruction;
    uint8_t condition;           /* bits 31:28 of an ARM instruction */
    uint8_t value;               /* number of the register that is written to CP15 or read from it */
    uint8_t operations;          /* how many of operation[] it performs, with the same value */
    enum operation operation[2]; /* in this order */
    bool reads_cache_size;       /* reads CCSIDR: the register has it afterwards */
    bool synchronises;           /* exception return */
    bool changes_mask;           /* may change CPSR.I */
    bool unknown;                /* maintenance that the model has no operation for */
};

/* Decodes an instruction: the word of an ARM instruction; thumb: a halfword, or two with the first in the upper half.
 * False: it is nothing for us, and *decoded is not written. */
bool decode(uint32_t instruction, bool thumb, struct decoded *decoded);

/* Whether an instruction of this condition (0 to 14) is executed with these flags (DDI 0406 A8.3.1). */
bool decode_condition_holds(uint32_t condition, uint32_t cpsr);

/* The condition under which the Thumb instruction at hand is executed: the IT block's, from CPSR (DDI 0406 A2.5.2). */
uint32_t decode_thumb_condition(uint32_t cpsr);

#endif
