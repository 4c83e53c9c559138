/* The source of memory that heaps get in host tests: see fake_source.h. */
#include "tests/host/fake_source.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <sys/mman.h>

#include "sdk/lib/heap.h"
#include "sdk/lib/heap_source.h"

#define RESERVATIONS 64

static struct {
    char *base;
    uint32_t bytes, committed;
} reservation[RESERVATIONS];
unsigned source_live, source_calls, source_fail_at;
uint32_t source_limit, source_largest;

static int fails(void) {
    return ++source_calls == source_fail_at;
}

uint32_t source_committed(void) {
    uint32_t sum = 0;
    for (unsigned i = 0; i < RESERVATIONS; i++) {
        sum += reservation[i].base ? reservation[i].committed : 0;
    }
    return sum;
}

void *heap_source_reserve(uint32_t bytes) {
    assert_int_equal(bytes % SEGMENT_GRAIN, 0);
    if (fails() || (source_largest && bytes > source_largest)) {
        return NULL;
    }
    for (unsigned i = 0; i < RESERVATIONS; i++) {
        if (!reservation[i].base) {
            void *base = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
            assert_ptr_not_equal(base, MAP_FAILED);
            reservation[i].base = base;
            reservation[i].bytes = bytes;
            reservation[i].committed = 0;
            source_live++;
            return base;
        }
    }
    return NULL;
}

int heap_source_commit(void *address, uint32_t bytes) {
    for (unsigned i = 0; i < RESERVATIONS; i++) {
        if (reservation[i].base && reservation[i].committed < reservation[i].bytes &&
            (char *)address == reservation[i].base + reservation[i].committed) {
            assert_int_equal(bytes % 4096, 0);
            assert_true(bytes && bytes <= reservation[i].bytes - reservation[i].committed);
            if (fails() || (source_limit && source_committed() + bytes > source_limit)) {
                return 0;
            }
            reservation[i].committed += bytes;
            assert_int_equal(mprotect(address, bytes, PROT_READ | PROT_WRITE), 0);
            return 1;
        }
    }
    fail_msg("commit outside of a reservation");
    return 0;
}

void heap_source_release(void *address) {
    for (unsigned i = 0; i < RESERVATIONS; i++) {
        if (reservation[i].base == address) {
            munmap(address, reservation[i].bytes);
            reservation[i].base = NULL;
            source_live--;
            return;
        }
    }
    fail_msg("release of what is no reservation");
}
