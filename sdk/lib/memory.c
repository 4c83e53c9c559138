/* Memory for a program's start: a small piece of the program's own data, which needs no system call, then whole pages.
 */
#include "sdk/lib/memory.h"
#include "sdk/lib/syscall.h"
#include <windows.h>

static uint64_t room[64];
static size_t used;

void *memory_get(size_t bytes) {
    size_t words = (bytes + sizeof(room[0]) - 1) / sizeof(room[0]);
    if (words <= sizeof(room) / sizeof(room[0]) - used) {
        used += words;
        return &room[used - words];
    }
    struct call_result result = call4(SYS_VIRTUAL_ALLOC, 0, bytes, MEM_COMMIT, PAGE_READWRITE);
    return result.status ? NULL : (void *)(uintptr_t)result.value;
}
