/* System calls and the calling thread's block, as C sees them.
 *
 * The convention is include/abi.h's: number in r12, arguments in r0..r5, status in r0 and value in r1.  The calls are
 * inlined, so a wrapper costs what it does with the result and no more.
 */
#ifndef SDK_LIB_SYSCALL_H
#define SDK_LIB_SYSCALL_H

#include <stddef.h>
#include <stdint.h>
#include "include/abi.h"
#include "include/layout.h"

struct call_result {
    uint32_t status; /* Win32 error code, 0 = success */
    uint32_t value;
};

/* Calls the kernel with six argument words; the shorter forms below leave the later registers as they are. */
static inline struct call_result call6(uint32_t number, uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e,
                                       uint32_t f) {
    register uint32_t r0 __asm__("r0") = a;
    register uint32_t r1 __asm__("r1") = b;
    register uint32_t r2 __asm__("r2") = c;
    register uint32_t r3 __asm__("r3") = d;
    register uint32_t r4 __asm__("r4") = e;
    register uint32_t r5 __asm__("r5") = f;
    register uint32_t r12 __asm__("r12") = number;
    __asm__ volatile("svc #0" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r12) : "r"(r4), "r"(r5) : "memory", "cc");
    return (struct call_result){r0, r1};
}

static inline struct call_result call5(uint32_t number, uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e) {
    register uint32_t r0 __asm__("r0") = a;
    register uint32_t r1 __asm__("r1") = b;
    register uint32_t r2 __asm__("r2") = c;
    register uint32_t r3 __asm__("r3") = d;
    register uint32_t r4 __asm__("r4") = e;
    register uint32_t r12 __asm__("r12") = number;
    __asm__ volatile("svc #0" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r12) : "r"(r4) : "memory", "cc");
    return (struct call_result){r0, r1};
}

static inline struct call_result call4(uint32_t number, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    register uint32_t r0 __asm__("r0") = a;
    register uint32_t r1 __asm__("r1") = b;
    register uint32_t r2 __asm__("r2") = c;
    register uint32_t r3 __asm__("r3") = d;
    register uint32_t r12 __asm__("r12") = number;
    __asm__ volatile("svc #0" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r12) : : "memory", "cc");
    return (struct call_result){r0, r1};
}

static inline struct call_result call3(uint32_t number, uint32_t a, uint32_t b, uint32_t c) {
    register uint32_t r0 __asm__("r0") = a;
    register uint32_t r1 __asm__("r1") = b;
    register uint32_t r2 __asm__("r2") = c;
    register uint32_t r12 __asm__("r12") = number;
    __asm__ volatile("svc #0" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r12) : : "r3", "memory", "cc");
    return (struct call_result){r0, r1};
}

static inline struct call_result call2(uint32_t number, uint32_t a, uint32_t b) {
    register uint32_t r0 __asm__("r0") = a;
    register uint32_t r1 __asm__("r1") = b;
    register uint32_t r12 __asm__("r12") = number;
    __asm__ volatile("svc #0" : "+r"(r0), "+r"(r1), "+r"(r12) : : "r2", "r3", "memory", "cc");
    return (struct call_result){r0, r1};
}

static inline struct call_result call1(uint32_t number, uint32_t a) {
    register uint32_t r0 __asm__("r0") = a;
    register uint32_t r1 __asm__("r1");
    register uint32_t r12 __asm__("r12") = number;
    __asm__ volatile("svc #0" : "+r"(r0), "=r"(r1), "+r"(r12) : : "r2", "r3", "memory", "cc");
    return (struct call_result){r0, r1};
}

/* A user address as the word that the kernel takes. */
static inline uint32_t address_of(const volatile void *pointer) {
    return (uint32_t)(uintptr_t)pointer;
}

static inline uint32_t kdata_word(uint32_t offset) {
    return *(const volatile uint32_t *)(KDATA_USER + offset);
}

static inline struct abi_thread_block *thread_block(void) {
    return (struct abi_thread_block *)(kdata_word(ABI_KDATA_TLS) - offsetof(struct abi_thread_block, slots));
}

/* Sets the thread's last error to the status and says whether it was success: every call that is documented to
 * report through GetLastError leaves 0 there when it worked. */
static inline int finish(uint32_t status) {
    thread_block()->last_error = status;
    return status == 0;
}

#endif
