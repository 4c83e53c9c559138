/* Each thread's newlib state.
 *
 * The packaged newlib finds its state (errno, strtok's place, big-number lists, the standard streams) through the one
 * global pointer _impure_ptr.  Situ defines that symbol as the word of the kernel data page that holds the address
 * of the running thread's slots, so every function of newlib uses the state of its own thread, with nothing to
 * do at a thread switch.  The state is the head of newlib's struct _reent: the streams at its end exist once, in
 * library_global, and each thread's pointers go there.
 */
#ifndef SDK_LIB_THREAD_STATE_H
#define SDK_LIB_THREAD_STATE_H

#include <reent.h>

/* Holds the streams, the list of further ones and the clean-up at exit. */
extern struct _reent library_global;

/* Makes the calling thread's state ready; its block is still zero.  Called first in each thread. */
void thread_state_init(void);

/* Frees what newlib allocated for the calling thread.  Called last in each thread that ends in order. */
void thread_state_free(void);

#endif
