/* A source of memory (sdk/lib/heap_source.h) that counts, can fail, and keeps what is not committed inaccessible. */
#ifndef TESTS_HOST_FAKE_SOURCE_H
#define TESTS_HOST_FAKE_SOURCE_H

#include <stdint.h>

extern unsigned source_live;    /* reservations */
extern unsigned source_calls;   /* of reserve and commit so far */
extern unsigned source_fail_at; /* the call that fails, counted from 1; 0: none */
extern uint32_t source_limit;   /* of committed bytes in all; 0: none */
extern uint32_t source_largest; /* reservation that is possible; 0: any */

/* Bytes that are committed now. */
uint32_t source_committed(void);

#endif
