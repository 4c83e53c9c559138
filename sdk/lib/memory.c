/* The process's heap as a growing piece: the kernel gives pages at its end, this file hands out bytes of them.  sbrk
 * is the same thing for malloc.  Nothing goes back to the kernel before the process ends. */
#include "sdk/lib/memory.h"
#include "sdk/lib/lock.h"
#include "sdk/lib/syscall.h"
#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

#define PAGE 4096u

static volatile int32_t lock;
static uint32_t next; /* first free address; 0 before the first piece */
static uint32_t end;  /* behind the last page that we have */

/* Gets pages for at least so many bytes from the kernel and makes them the end of the heap: they continue it if they
 * lie behind it, else they begin a new piece and the rest of the old one is given up.  Returns 0: there is no memory.
 */
static int grow(uint32_t bytes) {
    uint32_t pages = (bytes + PAGE - 1) & ~(PAGE - 1);
    struct call_result result = call1(SYS_HEAP_GROW, pages);
    if (pages < bytes || result.status) {
        return 0;
    }
    if (result.value != end) {
        next = result.value;
        end = result.value;
    }
    end += pages;
    return 1;
}

/* Takes bytes at the end; the lock is held.  Returns the address or 0. */
static uint32_t take(uint32_t bytes) {
    uint32_t room = end - next;
    if ((next == 0 || bytes > room) && !grow(bytes > room ? bytes - room : 1)) {
        return 0;
    }
    /* What was missing may have come as a new piece: then all of it is needed there. */
    if (bytes > end - next && !grow(bytes)) {
        return 0;
    }
    uint32_t address = next;
    next += bytes;
    return address;
}

void *memory_get(size_t bytes) {
    if (bytes > 0x7fffffff) {
        return NULL;
    }
    lock_take(&lock);
    uint32_t address = take((bytes + 7) & ~(size_t)7);
    lock_give(&lock);
    return (void *)(uintptr_t)address;
}

void *_sbrk(ptrdiff_t increment);

/* newlib's malloc relies on new memory being zero, so memory is not taken back and handed out again. */
void *_sbrk(ptrdiff_t increment) {
    lock_take(&lock);
    uint32_t address = increment < 0 ? 0 : take((uint32_t)increment);
    lock_give(&lock);
    if (address == 0) {
        errno = ENOMEM;
        return (void *)-1;
    }
    return (void *)(uintptr_t)address;
}
