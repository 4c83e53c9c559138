/* The compiler's atomic operations on double words (see atomic_word.c about their names): done under one lock, as
 * nothing of the processor does them at once.  Loads and stores take it, too.
 */
#include "sdk/lib/lock.h"
#include <stdbool.h>

static struct lock lock;

uint64_t load(const volatile uint64_t *from, int order) __asm__("__atomic_load_8");
uint64_t load(const volatile uint64_t *from, int order) {
    (void)order;
    lock_take(&lock);
    uint64_t value = *from;
    lock_give(&lock);
    return value;
}

void store(volatile uint64_t *to, uint64_t value, int order) __asm__("__atomic_store_8");
void store(volatile uint64_t *to, uint64_t value, int order) {
    (void)order;
    lock_take(&lock);
    *to = value;
    lock_give(&lock);
}

uint64_t exchange(volatile uint64_t *to, uint64_t value, int order) __asm__("__atomic_exchange_8");
uint64_t exchange(volatile uint64_t *to, uint64_t value, int order) {
    (void)order;
    lock_take(&lock);
    uint64_t old = *to;
    *to = value;
    lock_give(&lock);
    return old;
}

uint64_t fetch_add(volatile uint64_t *to, uint64_t value, int order) __asm__("__atomic_fetch_add_8");
uint64_t fetch_add(volatile uint64_t *to, uint64_t value, int order) {
    (void)order;
    lock_take(&lock);
    uint64_t old = *to;
    *to = old + value;
    lock_give(&lock);
    return old;
}

uint64_t fetch_sub(volatile uint64_t *to, uint64_t value, int order) __asm__("__atomic_fetch_sub_8");
uint64_t fetch_sub(volatile uint64_t *to, uint64_t value, int order) {
    (void)order;
    lock_take(&lock);
    uint64_t old = *to;
    *to = old - value;
    lock_give(&lock);
    return old;
}

uint64_t fetch_and(volatile uint64_t *to, uint64_t value, int order) __asm__("__atomic_fetch_and_8");
uint64_t fetch_and(volatile uint64_t *to, uint64_t value, int order) {
    (void)order;
    lock_take(&lock);
    uint64_t old = *to;
    *to = old & value;
    lock_give(&lock);
    return old;
}

uint64_t fetch_or(volatile uint64_t *to, uint64_t value, int order) __asm__("__atomic_fetch_or_8");
uint64_t fetch_or(volatile uint64_t *to, uint64_t value, int order) {
    (void)order;
    lock_take(&lock);
    uint64_t old = *to;
    *to = old | value;
    lock_give(&lock);
    return old;
}

uint64_t fetch_xor(volatile uint64_t *to, uint64_t value, int order) __asm__("__atomic_fetch_xor_8");
uint64_t fetch_xor(volatile uint64_t *to, uint64_t value, int order) {
    (void)order;
    lock_take(&lock);
    uint64_t old = *to;
    *to = old ^ value;
    lock_give(&lock);
    return old;
}

bool compare_exchange(volatile uint64_t *to, uint64_t *expected, uint64_t value, bool weak, int success,
                      int failure) __asm__("__atomic_compare_exchange_8");
bool compare_exchange(volatile uint64_t *to, uint64_t *expected, uint64_t value, bool weak, int success, int failure) {
    (void)weak;
    (void)success;
    (void)failure;
    lock_take(&lock);
    uint64_t old = *to;
    bool equal = old == *expected;
    if (equal) {
        *to = value;
    }
    lock_give(&lock);
    *expected = old;
    return equal;
}
