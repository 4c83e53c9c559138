/* How a program talks to a kernel whose allocations can be made to fail (tests/failures/inject.c): SYS_CLOCK with one
 * of these in place of the pointer, none of which is an address of a program.  Any other kernel refuses them.
 */
#ifndef TESTS_FAILURES_INJECT_H
#define TESTS_FAILURES_INJECT_H

/* number: from now on the allocation with this number (1: the next one) of the calling thread fails. */
#define INJECT_ONCE 0xfa110001u
/* number: the same, and all that come after it. */
#define INJECT_FROM 0xfa110002u
/* Nothing fails any more -> INJECTED_ bits: what failed, 0: nothing; what is only kept ready in the kernel's heap is
 * gone.
 */
#define INJECT_END 0xfa110003u

#define INJECTED_OBJECT  1u  /* memory for an object of the kernel */
#define INJECTED_PROMISE 2u  /* the charge of pages that come later */
#define INJECTED_HEAP    4u  /* a page for such objects */
#define INJECTED_TABLE   8u  /* a page for page tables */
#define INJECTED_BLOCK   16u /* a stack that was kept, a kernel stack, a first-level table */
#define INJECTED_SPACE   32u /* a range of addresses */

#endif
