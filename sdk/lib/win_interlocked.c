/* Win32 atomic operations: the kernel's helper page does them on every processor, without a system call. */
#include "sdk/lib/helper.h"
#include <windows.h>

static volatile int32_t *word(LONG volatile *target) {
    return (volatile int32_t *)target;
}

LONG InterlockedIncrement(LONG volatile *Addend) {
    return helper_add(word(Addend), 1) + 1;
}

LONG InterlockedDecrement(LONG volatile *Addend) {
    return helper_add(word(Addend), -1) - 1;
}

LONG InterlockedExchange(LONG volatile *Target, LONG Value) {
    return helper_exchange(word(Target), Value);
}

LONG InterlockedExchangeAdd(LONG volatile *Addend, LONG Value) {
    return helper_add(word(Addend), Value);
}

LONG InterlockedCompareExchange(LONG volatile *Destination, LONG Exchange, LONG Comparand) {
    return helper_compare_exchange(word(Destination), Exchange, Comparand);
}

LONG InterlockedTestExchange(LONG volatile *Target, LONG OldValue, LONG NewValue) {
    return helper_compare_exchange(word(Target), NewValue, OldValue);
}

LONG InterlockedAnd(LONG volatile *Destination, LONG Value) {
    return helper_and(word(Destination), Value);
}

LONG InterlockedOr(LONG volatile *Destination, LONG Value) {
    return helper_or(word(Destination), Value);
}

LONG InterlockedXor(LONG volatile *Destination, LONG Value) {
    return helper_xor(word(Destination), Value);
}
