/* The compiler's atomic operations on words, which it calls as functions because ARMv5 has no instructions for them.
 *
 * Each is one call of the kernel's helper page.  There is one processor, so a barrier is one for the compiler only.
 * The compiler declares these names itself, with types that no definition can repeat: they are defined under names of
 * our own and given the compiler's by __asm__.
 */
#include "sdk/lib/helper.h"
#include <stdbool.h>

void synchronize(void) __asm__("__sync_synchronize");
void synchronize(void) {
    __asm__ volatile("" ::: "memory");
}

int32_t atomic_fetch_add(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_fetch_add_4");
int32_t atomic_fetch_add(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    return helper_add(to, value);
}

int32_t atomic_add_fetch(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_add_fetch_4");
int32_t atomic_add_fetch(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    int32_t old = helper_add(to, value);
    return old + value;
}

int32_t sync_fetch_add(volatile int32_t *to, int32_t value) __asm__("__sync_fetch_and_add_4");
int32_t sync_fetch_add(volatile int32_t *to, int32_t value) {
    return helper_add(to, value);
}

int32_t sync_add_fetch(volatile int32_t *to, int32_t value) __asm__("__sync_add_and_fetch_4");
int32_t sync_add_fetch(volatile int32_t *to, int32_t value) {
    int32_t old = helper_add(to, value);
    return old + value;
}

int32_t atomic_fetch_sub(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_fetch_sub_4");
int32_t atomic_fetch_sub(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    return helper_add(to, -value);
}

int32_t atomic_sub_fetch(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_sub_fetch_4");
int32_t atomic_sub_fetch(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    int32_t old = helper_add(to, -value);
    return old - value;
}

int32_t sync_fetch_sub(volatile int32_t *to, int32_t value) __asm__("__sync_fetch_and_sub_4");
int32_t sync_fetch_sub(volatile int32_t *to, int32_t value) {
    return helper_add(to, -value);
}

int32_t sync_sub_fetch(volatile int32_t *to, int32_t value) __asm__("__sync_sub_and_fetch_4");
int32_t sync_sub_fetch(volatile int32_t *to, int32_t value) {
    int32_t old = helper_add(to, -value);
    return old - value;
}

int32_t atomic_fetch_and(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_fetch_and_4");
int32_t atomic_fetch_and(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    return helper_and(to, value);
}

int32_t atomic_and_fetch(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_and_fetch_4");
int32_t atomic_and_fetch(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    int32_t old = helper_and(to, value);
    return old & value;
}

int32_t sync_fetch_and(volatile int32_t *to, int32_t value) __asm__("__sync_fetch_and_and_4");
int32_t sync_fetch_and(volatile int32_t *to, int32_t value) {
    return helper_and(to, value);
}

int32_t sync_and_fetch(volatile int32_t *to, int32_t value) __asm__("__sync_and_and_fetch_4");
int32_t sync_and_fetch(volatile int32_t *to, int32_t value) {
    int32_t old = helper_and(to, value);
    return old & value;
}

int32_t atomic_fetch_or(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_fetch_or_4");
int32_t atomic_fetch_or(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    return helper_or(to, value);
}

int32_t atomic_or_fetch(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_or_fetch_4");
int32_t atomic_or_fetch(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    int32_t old = helper_or(to, value);
    return old | value;
}

int32_t sync_fetch_or(volatile int32_t *to, int32_t value) __asm__("__sync_fetch_and_or_4");
int32_t sync_fetch_or(volatile int32_t *to, int32_t value) {
    return helper_or(to, value);
}

int32_t sync_or_fetch(volatile int32_t *to, int32_t value) __asm__("__sync_or_and_fetch_4");
int32_t sync_or_fetch(volatile int32_t *to, int32_t value) {
    int32_t old = helper_or(to, value);
    return old | value;
}

int32_t atomic_fetch_xor(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_fetch_xor_4");
int32_t atomic_fetch_xor(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    return helper_xor(to, value);
}

int32_t atomic_xor_fetch(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_xor_fetch_4");
int32_t atomic_xor_fetch(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    int32_t old = helper_xor(to, value);
    return old ^ value;
}

int32_t sync_fetch_xor(volatile int32_t *to, int32_t value) __asm__("__sync_fetch_and_xor_4");
int32_t sync_fetch_xor(volatile int32_t *to, int32_t value) {
    return helper_xor(to, value);
}

int32_t sync_xor_fetch(volatile int32_t *to, int32_t value) __asm__("__sync_xor_and_fetch_4");
int32_t sync_xor_fetch(volatile int32_t *to, int32_t value) {
    int32_t old = helper_xor(to, value);
    return old ^ value;
}

int32_t atomic_load(const volatile int32_t *from, int order) __asm__("__atomic_load_4");
int32_t atomic_load(const volatile int32_t *from, int order) {
    (void)order;
    return *from;
}

void atomic_store(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_store_4");
void atomic_store(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    *to = value;
}

int32_t atomic_exchange(volatile int32_t *to, int32_t value, int order) __asm__("__atomic_exchange_4");
int32_t atomic_exchange(volatile int32_t *to, int32_t value, int order) {
    (void)order;
    return helper_exchange(to, value);
}

bool atomic_compare_exchange(volatile int32_t *to, int32_t *expected, int32_t value, bool weak, int success,
                             int failure) __asm__("__atomic_compare_exchange_4");
bool atomic_compare_exchange(volatile int32_t *to, int32_t *expected, int32_t value, bool weak, int success,
                             int failure) {
    (void)weak;
    (void)success;
    (void)failure;
    int32_t comparand = *expected;
    int32_t old = helper_compare_exchange(to, value, comparand);
    *expected = old;
    return old == comparand;
}

int32_t sync_exchange(volatile int32_t *to, int32_t value) __asm__("__sync_lock_test_and_set_4");
int32_t sync_exchange(volatile int32_t *to, int32_t value) {
    return helper_exchange(to, value);
}

void sync_release(volatile int32_t *to) __asm__("__sync_lock_release_4");
void sync_release(volatile int32_t *to) {
    *to = 0;
}

int32_t sync_value_compare_swap(volatile int32_t *to, int32_t comparand,
                                int32_t value) __asm__("__sync_val_compare_and_swap_4");
int32_t sync_value_compare_swap(volatile int32_t *to, int32_t comparand, int32_t value) {
    return helper_compare_exchange(to, value, comparand);
}

bool sync_bool_compare_swap(volatile int32_t *to, int32_t comparand,
                            int32_t value) __asm__("__sync_bool_compare_and_swap_4");
bool sync_bool_compare_swap(volatile int32_t *to, int32_t comparand, int32_t value) {
    return helper_compare_exchange(to, value, comparand) == comparand;
}
