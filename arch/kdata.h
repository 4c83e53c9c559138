/* The kernel data page: what every program may read without a system call (include/abi.h). */
#ifndef ARCH_KDATA_H
#define ARCH_KDATA_H

#include "include/abi.h"
#include "include/layout.h"

/* Tells the programs who runs now.  tls: address of the thread's slots in its process, 0: none. */
static inline void kdata_set_thread(uint32_t tls, uint32_t thread_id, uint32_t process_id) {
    *(volatile uint32_t *)(KDATA_USER + ABI_KDATA_TLS) = tls;
    *(volatile uint32_t *)(KDATA_USER + ABI_KDATA_THREAD) = thread_id;
    *(volatile uint32_t *)(KDATA_USER + ABI_KDATA_PROCESS) = process_id;
}

/* What was told as tls. */
static inline uint32_t kdata_tls(void) {
    return *(const volatile uint32_t *)(KDATA_USER + ABI_KDATA_TLS);
}

#endif
