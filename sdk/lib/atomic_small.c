/* The compiler's atomic operations on bytes and halfwords (see atomic_word.c about their names).
 *
 * Each is made of compare-and-exchange on the aligned word around the bytes: tried again until nobody came between.
 */
#include "sdk/lib/helper.h"
#include <stdbool.h>

/* A byte or halfword inside its word. */
struct place {
    volatile int32_t *word;
    uint32_t shift, mask;
};

enum operation { ADD, SUB, AND, OR, XOR, SET };

static struct place place_of(volatile void *to, uint32_t mask) {
    uint32_t address = (uint32_t)(uintptr_t)to;
    uint32_t shift = (address & 3) * 8;
    return (struct place){(volatile int32_t *)(uintptr_t)(address & ~3u), shift, mask << shift};
}

static uint32_t combine(enum operation operation, uint32_t old, uint32_t value) {
    switch (operation) {
    case ADD:
        return old + value;
    case SUB:
        return old - value;
    case AND:
        return old & value;
    case OR:
        return old | value;
    case XOR:
        return old ^ value;
    default:
        return value;
    }
}

/* Does the operation; returns the part's old value. */
static uint32_t change(volatile void *to, uint32_t mask, enum operation operation, uint32_t value) {
    struct place place = place_of(to, mask);
    for (;;) {
        uint32_t word = (uint32_t)*place.word;
        uint32_t old = (word & place.mask) >> place.shift;
        uint32_t part = combine(operation, old, value) << place.shift & place.mask;
        uint32_t changed = (word & ~place.mask) | part;
        if ((uint32_t)helper_compare_exchange(place.word, (int32_t)changed, (int32_t)word) == word) {
            return old;
        }
    }
}

/* Stores value if the part is comparand; returns its old value. */
static uint32_t change_if(volatile void *to, uint32_t mask, uint32_t comparand, uint32_t value) {
    struct place place = place_of(to, mask);
    for (;;) {
        uint32_t word = (uint32_t)*place.word;
        uint32_t old = (word & place.mask) >> place.shift;
        if (old != comparand) {
            return old;
        }
        uint32_t changed = (word & ~place.mask) | value << place.shift;
        if ((uint32_t)helper_compare_exchange(place.word, (int32_t)changed, (int32_t)word) == word) {
            return old;
        }
    }
}

uint8_t atomic_fetch_add_1(volatile uint8_t *to, uint8_t value, int order) __asm__("__atomic_fetch_add_1");
uint8_t atomic_fetch_add_1(volatile uint8_t *to, uint8_t value, int order) {
    (void)order;
    return (uint8_t)change(to, 0xff, ADD, value);
}

uint8_t sync_fetch_add_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_fetch_and_add_1");
uint8_t sync_fetch_add_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)change(to, 0xff, ADD, value);
}

uint8_t sync_add_fetch_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_add_and_fetch_1");
uint8_t sync_add_fetch_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)combine(ADD, change(to, 0xff, ADD, value), value);
}

uint8_t atomic_fetch_sub_1(volatile uint8_t *to, uint8_t value, int order) __asm__("__atomic_fetch_sub_1");
uint8_t atomic_fetch_sub_1(volatile uint8_t *to, uint8_t value, int order) {
    (void)order;
    return (uint8_t)change(to, 0xff, SUB, value);
}

uint8_t sync_fetch_sub_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_fetch_and_sub_1");
uint8_t sync_fetch_sub_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)change(to, 0xff, SUB, value);
}

uint8_t sync_sub_fetch_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_sub_and_fetch_1");
uint8_t sync_sub_fetch_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)combine(SUB, change(to, 0xff, SUB, value), value);
}

uint8_t atomic_fetch_and_1(volatile uint8_t *to, uint8_t value, int order) __asm__("__atomic_fetch_and_1");
uint8_t atomic_fetch_and_1(volatile uint8_t *to, uint8_t value, int order) {
    (void)order;
    return (uint8_t)change(to, 0xff, AND, value);
}

uint8_t sync_fetch_and_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_fetch_and_and_1");
uint8_t sync_fetch_and_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)change(to, 0xff, AND, value);
}

uint8_t sync_and_fetch_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_and_and_fetch_1");
uint8_t sync_and_fetch_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)combine(AND, change(to, 0xff, AND, value), value);
}

uint8_t atomic_fetch_or_1(volatile uint8_t *to, uint8_t value, int order) __asm__("__atomic_fetch_or_1");
uint8_t atomic_fetch_or_1(volatile uint8_t *to, uint8_t value, int order) {
    (void)order;
    return (uint8_t)change(to, 0xff, OR, value);
}

uint8_t sync_fetch_or_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_fetch_and_or_1");
uint8_t sync_fetch_or_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)change(to, 0xff, OR, value);
}

uint8_t sync_or_fetch_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_or_and_fetch_1");
uint8_t sync_or_fetch_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)combine(OR, change(to, 0xff, OR, value), value);
}

uint8_t atomic_fetch_xor_1(volatile uint8_t *to, uint8_t value, int order) __asm__("__atomic_fetch_xor_1");
uint8_t atomic_fetch_xor_1(volatile uint8_t *to, uint8_t value, int order) {
    (void)order;
    return (uint8_t)change(to, 0xff, XOR, value);
}

uint8_t sync_fetch_xor_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_fetch_and_xor_1");
uint8_t sync_fetch_xor_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)change(to, 0xff, XOR, value);
}

uint8_t sync_xor_fetch_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_xor_and_fetch_1");
uint8_t sync_xor_fetch_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)combine(XOR, change(to, 0xff, XOR, value), value);
}

uint8_t atomic_exchange_1(volatile uint8_t *to, uint8_t value, int order) __asm__("__atomic_exchange_1");
uint8_t atomic_exchange_1(volatile uint8_t *to, uint8_t value, int order) {
    (void)order;
    return (uint8_t)change(to, 0xff, SET, value);
}

bool atomic_compare_exchange_1(volatile uint8_t *to, uint8_t *expected, uint8_t value, bool weak, int success,
                               int failure) __asm__("__atomic_compare_exchange_1");
bool atomic_compare_exchange_1(volatile uint8_t *to, uint8_t *expected, uint8_t value, bool weak, int success,
                               int failure) {
    (void)weak;
    (void)success;
    (void)failure;
    uint8_t comparand = *expected;
    uint8_t old = (uint8_t)change_if(to, 0xff, comparand, value);
    *expected = old;
    return old == comparand;
}

uint8_t sync_exchange_1(volatile uint8_t *to, uint8_t value) __asm__("__sync_lock_test_and_set_1");
uint8_t sync_exchange_1(volatile uint8_t *to, uint8_t value) {
    return (uint8_t)change(to, 0xff, SET, value);
}

uint8_t sync_value_compare_swap_1(volatile uint8_t *to, uint8_t comparand,
                                  uint8_t value) __asm__("__sync_val_compare_and_swap_1");
uint8_t sync_value_compare_swap_1(volatile uint8_t *to, uint8_t comparand, uint8_t value) {
    return (uint8_t)change_if(to, 0xff, comparand, value);
}

bool sync_bool_compare_swap_1(volatile uint8_t *to, uint8_t comparand,
                              uint8_t value) __asm__("__sync_bool_compare_and_swap_1");
bool sync_bool_compare_swap_1(volatile uint8_t *to, uint8_t comparand, uint8_t value) {
    return change_if(to, 0xff, comparand, value) == comparand;
}

uint16_t atomic_fetch_add_2(volatile uint16_t *to, uint16_t value, int order) __asm__("__atomic_fetch_add_2");
uint16_t atomic_fetch_add_2(volatile uint16_t *to, uint16_t value, int order) {
    (void)order;
    return (uint16_t)change(to, 0xffff, ADD, value);
}

uint16_t sync_fetch_add_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_fetch_and_add_2");
uint16_t sync_fetch_add_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)change(to, 0xffff, ADD, value);
}

uint16_t sync_add_fetch_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_add_and_fetch_2");
uint16_t sync_add_fetch_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)combine(ADD, change(to, 0xffff, ADD, value), value);
}

uint16_t atomic_fetch_sub_2(volatile uint16_t *to, uint16_t value, int order) __asm__("__atomic_fetch_sub_2");
uint16_t atomic_fetch_sub_2(volatile uint16_t *to, uint16_t value, int order) {
    (void)order;
    return (uint16_t)change(to, 0xffff, SUB, value);
}

uint16_t sync_fetch_sub_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_fetch_and_sub_2");
uint16_t sync_fetch_sub_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)change(to, 0xffff, SUB, value);
}

uint16_t sync_sub_fetch_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_sub_and_fetch_2");
uint16_t sync_sub_fetch_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)combine(SUB, change(to, 0xffff, SUB, value), value);
}

uint16_t atomic_fetch_and_2(volatile uint16_t *to, uint16_t value, int order) __asm__("__atomic_fetch_and_2");
uint16_t atomic_fetch_and_2(volatile uint16_t *to, uint16_t value, int order) {
    (void)order;
    return (uint16_t)change(to, 0xffff, AND, value);
}

uint16_t sync_fetch_and_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_fetch_and_and_2");
uint16_t sync_fetch_and_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)change(to, 0xffff, AND, value);
}

uint16_t sync_and_fetch_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_and_and_fetch_2");
uint16_t sync_and_fetch_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)combine(AND, change(to, 0xffff, AND, value), value);
}

uint16_t atomic_fetch_or_2(volatile uint16_t *to, uint16_t value, int order) __asm__("__atomic_fetch_or_2");
uint16_t atomic_fetch_or_2(volatile uint16_t *to, uint16_t value, int order) {
    (void)order;
    return (uint16_t)change(to, 0xffff, OR, value);
}

uint16_t sync_fetch_or_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_fetch_and_or_2");
uint16_t sync_fetch_or_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)change(to, 0xffff, OR, value);
}

uint16_t sync_or_fetch_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_or_and_fetch_2");
uint16_t sync_or_fetch_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)combine(OR, change(to, 0xffff, OR, value), value);
}

uint16_t atomic_fetch_xor_2(volatile uint16_t *to, uint16_t value, int order) __asm__("__atomic_fetch_xor_2");
uint16_t atomic_fetch_xor_2(volatile uint16_t *to, uint16_t value, int order) {
    (void)order;
    return (uint16_t)change(to, 0xffff, XOR, value);
}

uint16_t sync_fetch_xor_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_fetch_and_xor_2");
uint16_t sync_fetch_xor_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)change(to, 0xffff, XOR, value);
}

uint16_t sync_xor_fetch_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_xor_and_fetch_2");
uint16_t sync_xor_fetch_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)combine(XOR, change(to, 0xffff, XOR, value), value);
}

uint16_t atomic_exchange_2(volatile uint16_t *to, uint16_t value, int order) __asm__("__atomic_exchange_2");
uint16_t atomic_exchange_2(volatile uint16_t *to, uint16_t value, int order) {
    (void)order;
    return (uint16_t)change(to, 0xffff, SET, value);
}

bool atomic_compare_exchange_2(volatile uint16_t *to, uint16_t *expected, uint16_t value, bool weak, int success,
                               int failure) __asm__("__atomic_compare_exchange_2");
bool atomic_compare_exchange_2(volatile uint16_t *to, uint16_t *expected, uint16_t value, bool weak, int success,
                               int failure) {
    (void)weak;
    (void)success;
    (void)failure;
    uint16_t comparand = *expected;
    uint16_t old = (uint16_t)change_if(to, 0xffff, comparand, value);
    *expected = old;
    return old == comparand;
}

uint16_t sync_exchange_2(volatile uint16_t *to, uint16_t value) __asm__("__sync_lock_test_and_set_2");
uint16_t sync_exchange_2(volatile uint16_t *to, uint16_t value) {
    return (uint16_t)change(to, 0xffff, SET, value);
}

uint16_t sync_value_compare_swap_2(volatile uint16_t *to, uint16_t comparand,
                                   uint16_t value) __asm__("__sync_val_compare_and_swap_2");
uint16_t sync_value_compare_swap_2(volatile uint16_t *to, uint16_t comparand, uint16_t value) {
    return (uint16_t)change_if(to, 0xffff, comparand, value);
}

bool sync_bool_compare_swap_2(volatile uint16_t *to, uint16_t comparand,
                              uint16_t value) __asm__("__sync_bool_compare_and_swap_2");
bool sync_bool_compare_swap_2(volatile uint16_t *to, uint16_t comparand, uint16_t value) {
    return change_if(to, 0xffff, comparand, value) == comparand;
}

bool atomic_test_and_set(volatile uint8_t *to, int order) __asm__("__atomic_test_and_set");
bool atomic_test_and_set(volatile uint8_t *to, int order) {
    (void)order;
    return change(to, 0xff, SET, 1) != 0;
}
