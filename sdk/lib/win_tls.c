/* Thread-local storage: 64 words a thread, in its block behind newlib's state.
 *
 * A slot that is given out again must read 0 in every thread, but a thread can reach its own words only.  So each
 * slot given out gets an epoch, counted up, and a thread whose own epoch is not the newest first clears those of its
 * words whose slots were given out since it last looked.
 */
#include "sdk/lib/exception.h"
#include "sdk/lib/lock.h"
#include "sdk/lib/syscall.h"
#include <windows.h>

#define FIRST_SLOT (ABI_TLS_SLOTS - TLS_MINIMUM_AVAILABLE)
#define EPOCH_STEP 2u /* epochs are odd: none is 0 */

static struct lock lock;
static volatile uint32_t newest = 1;
static volatile uint32_t slot_epochs[TLS_MINIMUM_AVAILABLE]; /* 0: free */

static struct exception_thread *words_of(struct abi_thread_block *block) {
    return (struct exception_thread *)(void *)&block->library[1];
}

static __attribute__((noinline)) void clear_new(struct abi_thread_block *block) {
    uint32_t now = newest;
    for (uint32_t i = 0; i < TLS_MINIMUM_AVAILABLE; i++) {
        if (now - slot_epochs[i] < now - words_of(block)->tls_epoch) {
            block->slots[FIRST_SLOT + i] = 0;
        }
    }
    words_of(block)->tls_epoch = now;
}

/* The thread's word for a slot, with the last error set; NULL: there is no such slot. */
static inline uint32_t *slot_of(struct abi_thread_block *block, DWORD index) {
    if (index >= TLS_MINIMUM_AVAILABLE || slot_epochs[index] == 0) {
        block->last_error = ERROR_INVALID_PARAMETER;
        return NULL;
    }
    block->last_error = 0;
    if (words_of(block)->tls_epoch != newest) {
        clear_new(block);
    }
    return &block->slots[FIRST_SLOT + index];
}

/* The slot's epoch comes first: who sees the newest one sees to which slot it went. */
static DWORD take_slot(void) {
    for (DWORD i = 0; i < TLS_MINIMUM_AVAILABLE; i++) {
        if (slot_epochs[i] == 0) {
            slot_epochs[i] = newest + EPOCH_STEP;
            newest += EPOCH_STEP;
            return i;
        }
    }
    return TLS_OUT_OF_INDEXES;
}

DWORD TlsAlloc(void) {
    lock_take(&lock);
    DWORD index = take_slot();
    lock_give(&lock);
    finish(index == TLS_OUT_OF_INDEXES ? ERROR_NOT_ENOUGH_MEMORY : 0);
    return index;
}

BOOL TlsFree(DWORD dwTlsIndex) {
    if (dwTlsIndex >= TLS_MINIMUM_AVAILABLE || slot_epochs[dwTlsIndex] == 0) {
        return finish(ERROR_INVALID_PARAMETER);
    }
    slot_epochs[dwTlsIndex] = 0;
    return finish(0);
}

LPVOID TlsGetValue(DWORD dwTlsIndex) {
    const uint32_t *slot = slot_of(thread_block(), dwTlsIndex);
    return slot ? (LPVOID)(uintptr_t)*slot : NULL;
}

BOOL TlsSetValue(DWORD dwTlsIndex, LPVOID lpTlsValue) {
    uint32_t *slot = slot_of(thread_block(), dwTlsIndex);
    if (!slot) {
        return FALSE;
    }
    *slot = address_of(lpTlsValue);
    return TRUE;
}
