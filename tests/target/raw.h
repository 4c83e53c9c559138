/* System calls by number, past the library: for arguments that the library would never pass, and for measuring. */
#ifndef TESTS_TARGET_RAW_H
#define TESTS_TARGET_RAW_H

#include <situ/abi.h>
#include <stdint.h>

struct raw_result {
    uint32_t status; /* r0 */
    uint32_t value;  /* r1 */
};

/* number with six arguments; what the call does not take is ignored by it. */
static inline struct raw_result raw_call(uint32_t number, const uint32_t arguments[6]) {
    register uint32_t r0 __asm__("r0") = arguments[0];
    register uint32_t r1 __asm__("r1") = arguments[1];
    register uint32_t r2 __asm__("r2") = arguments[2];
    register uint32_t r3 __asm__("r3") = arguments[3];
    register uint32_t r4 __asm__("r4") = arguments[4];
    register uint32_t r5 __asm__("r5") = arguments[5];
    register uint32_t r12 __asm__("r12") = number;
    struct raw_result result;

    __asm__ volatile("svc #0" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r12) : "r"(r4), "r"(r5) : "memory", "cc");
    result.status = r0;
    result.value = r1;
    return result;
}

/* The system's counters; the range is where faults are asked for (0, 0: nowhere). */
static inline void raw_counters(struct abi_counters *counters, const volatile void *base, uint32_t bytes) {
    const uint32_t arguments[6] = {(uint32_t)counters, (uint32_t)base, bytes};

    raw_call(SYS_COUNTERS, arguments);
}

#endif
