/* Heaps on the target: HeapCreate and its family, LocalAlloc, malloc; failures, misuse, damage, threads, and that all
 * memory comes back.
 */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "raw.h"
#include "tap.h"

static struct abi_counters counters(void) {
    struct abi_counters now;

    raw_counters(&now, NULL, 0);
    return now;
}

static int all_are(const volatile char *bytes, size_t count, char value) {
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != value) {
            return 0;
        }
    }
    return 1;
}

static void one_heap(void) {
    uint32_t before;
    HANDLE heap = HeapCreate(0, 0, 0);
    char *block, *other;

    HeapDestroy(heap);
    before = counters().pages_committed;
    for (int i = 0; i < 20; i++) {
        heap = HeapCreate(0, 0, 0);
        HeapAlloc(heap, 0, 3000000);
        HeapDestroy(heap);
    }
    OK(counters().pages_committed <= before + 1, "what HeapDestroy leaves is a page of page tables at most");
    before = counters().pages_committed;
    heap = HeapCreate(0, 0, 0);
    OK(heap != NULL && heap != GetProcessHeap(), "HeapCreate");
    block = HeapAlloc(heap, 0, 100);
    OK(block != NULL && ((uintptr_t)block & 7) == 0, "HeapAlloc: on eight bytes");
    IS(HeapSize(heap, 0, block), 100, "HeapSize says what was asked for");
    memset(block, 'a', 100);
    other = HeapAlloc(heap, HEAP_ZERO_MEMORY, 1000);
    OK(all_are(other, 1000, 0), "HEAP_ZERO_MEMORY");
    memset(other, 'b', 1000);
    FAILS(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, 5000) == NULL, ERROR_NOT_ENOUGH_MEMORY,
          "HEAP_REALLOC_IN_PLACE_ONLY with a neighbour");
    IS(HeapSize(heap, 0, block), 100, "changes nothing");
    block = HeapReAlloc(heap, HEAP_ZERO_MEMORY, block, 5000);
    OK(block && all_are(block, 100, 'a') && all_are(block + 100, 4900, 0), "HeapReAlloc moves, fills with zeroes");
    OK(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, 10) == block, "smaller in place");
    IS(HeapSize(heap, 0, block), 10, "with its new size");
    OK(HeapValidate(heap, 0, NULL) && HeapValidate(heap, 0, block), "HeapValidate");
    OK(HeapFree(heap, 0, block), "HeapFree");
    OK(!HeapValidate(heap, 0, block), "HeapValidate of what was freed");
    FAILS(!HeapFree(heap, 0, block), ERROR_INVALID_PARAMETER, "HeapFree twice");
    FAILS(!HeapFree(heap, 0, other + 8), ERROR_INVALID_PARAMETER, "HeapFree of an address inside");
    FAILS(!HeapFree(heap, 0, &counters), ERROR_INVALID_PARAMETER, "HeapFree of something else");
    FAILS(!HeapFree(GetProcessHeap(), 0, other), ERROR_INVALID_PARAMETER, "HeapFree in another heap");
    FAILS(HeapSize(heap, 0, block) == (DWORD)-1, ERROR_INVALID_PARAMETER, "HeapSize of what was freed");
    FAILS(HeapReAlloc(heap, 0, NULL, 5) == NULL, ERROR_INVALID_PARAMETER, "HeapReAlloc of NULL");
    FAILS(HeapAlloc(heap, 0x80, 5) == NULL, ERROR_INVALID_PARAMETER, "flags that there are not");
    FAILS(HeapAlloc(NULL, 0, 5) == NULL, ERROR_INVALID_HANDLE, "no heap");
    FAILS(HeapAlloc(heap, 0, 0xfffffff0) == NULL, ERROR_NOT_ENOUGH_MEMORY, "4 GB");
    OK(HeapFree(heap, 0, NULL), "HeapFree of NULL");
    OK(HeapAlloc(heap, 0, 0) != NULL, "0 bytes are a block");
    OK(HeapAlloc(heap, 0, 3000000) != NULL, "3 MB");
    OK(HeapDestroy(heap), "HeapDestroy with blocks in it");
    OK(counters().pages_committed <= before + 1, "gives all memory back");
    FAILS(!HeapDestroy(GetProcessHeap()), ERROR_INVALID_PARAMETER, "not the process's own");
}

static void limits(void) {
    HANDLE heap = HeapCreate(HEAP_NO_SERIALIZE, 1000, 20000);
    volatile DWORD code = 0;
    int count = 0;

    while (HeapAlloc(heap, 0, 1000)) {
        count++;
    }
    IS(GetLastError(), ERROR_NOT_ENOUGH_MEMORY, "a heap with a maximum ends");
    OK(count >= 17 && count <= 24, "there: %d blocks", count);
    __try {
        HeapAlloc(heap, HEAP_GENERATE_EXCEPTIONS, 100000);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        code = GetExceptionCode();
    }
    IS(code, STATUS_NO_MEMORY, "HEAP_GENERATE_EXCEPTIONS");
    HeapDestroy(heap);
    heap = HeapCreate(0, 100000, 100000);
    OK(HeapAlloc(heap, 0, 100000) != NULL, "all of a maximum as one block");
    HeapDestroy(heap);
    FAILS(HeapCreate(0, 2, 1) == NULL, ERROR_INVALID_PARAMETER, "more at first than at most");
    FAILS(HeapCreate(0x100, 0, 0) == NULL, ERROR_INVALID_PARAMETER, "unknown options");
    FAILS(HeapCreate(0, 0x7ffffff0, 0) == NULL, ERROR_INVALID_PARAMETER, "2 GB");
}

static void local(void) {
    char *block = LocalAlloc(LPTR, 50);

    OK(block != NULL && all_are(block, 50, 0), "LocalAlloc");
    IS(LocalSize(block), 50, "LocalSize");
    memset(block, 'x', 50);
    block = LocalReAlloc(block, 500, LMEM_MOVEABLE | LMEM_ZEROINIT);
    OK(all_are(block, 50, 'x') && all_are(block + 50, 450, 0), "LocalReAlloc");
    OK(HeapValidate(GetProcessHeap(), 0, block), "which lies in the process's heap");
    OK(LocalFree(block) == NULL, "LocalFree");
    FAILS(LocalFree(block) == block, ERROR_INVALID_HANDLE, "LocalFree twice");
    FAILS(LocalSize(block) == 0, ERROR_INVALID_HANDLE, "LocalSize of what was freed");
    FAILS(LocalAlloc(0x8000, 1) == NULL, ERROR_INVALID_PARAMETER, "flags that there are not");
    OK(LocalFree(NULL) == NULL, "LocalFree of NULL");
}

/* What the compiler would warn of. */
static size_t bytes_of(volatile size_t bytes) {
    return bytes;
}

static void *again(void *volatile block) {
    return block;
}

static void c_library(void) {
    char *block = malloc(10), *volatile huge;
    uint32_t *zeroes = calloc(100, 4);

    OK(HeapValidate(GetProcessHeap(), 0, block) && HeapValidate(GetProcessHeap(), 0, zeroes), "malloc: the same heap");
    IS(_msize(block), 10, "_msize");
    strcpy(block, "123456789");
    block = realloc(block, 100000);
    OK(strcmp(block, "123456789") == 0, "realloc");
    free(block);
    OK(all_are((char *)zeroes, 400, 0), "calloc");
    free(zeroes);
    errno = 0;
    huge = malloc(bytes_of(0xf0000000u));
    OK(huge == NULL && errno == ENOMEM, "malloc of 3.75 GB: ENOMEM");
    errno = 0;
    huge = calloc(bytes_of(0x10001), 0x10001);
    OK(huge == NULL && errno == ENOMEM, "calloc of more than there are addresses");
    for (size_t alignment = 8; alignment <= 4096; alignment *= 2) {
        block = memalign(alignment, 77);
        if (((uintptr_t)block & (alignment - 1)) != 0 || _msize(block) != 77) {
            break;
        }
        memset(block, 1, 77);
        free(block);
    }
    OK(HeapValidate(GetProcessHeap(), 0, NULL), "memalign");
    free(NULL);
}

/* Damage is an exception at the call that finds it. */
static void damage(void) {
    HANDLE heap = HeapCreate(0, 0, 0);
    char *block = HeapAlloc(heap, 0, 64), *next = HeapAlloc(heap, 0, 64);
    volatile DWORD code = 0;

    HeapAlloc(heap, 0, 64);
    memset(block, 0x41, 72); /* eight too many: over what stands in front of next */
    OK(!HeapValidate(heap, 0, NULL), "an overrun: HeapValidate");
    __try {
        HeapFree(heap, 0, next);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        code = GetExceptionCode();
    }
    IS(code, STATUS_HEAP_CORRUPTION, "an overrun: HeapFree of the next block");
    code = 0;
    __try {
        HeapFree(heap, 0, block);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        code = GetExceptionCode();
    }
    IS(code, STATUS_HEAP_CORRUPTION, "and of the block itself");
    HeapDestroy(heap);
    code = 0;
    block = malloc(30);
    next = again(block);
    free(block);
    __try {
        free(next);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        code = GetExceptionCode();
    }
    IS(code, STATUS_HEAP_CORRUPTION, "free twice");
    OK(HeapValidate(GetProcessHeap(), 0, NULL), "which harmed nothing");
}

/* Beyond 32 MB, the range that a process has for itself on ARMv5. */
static void beyond_the_slot(void) {
    enum { COUNT = 48, BYTES = 0x100000 };
    static char *block[COUNT];
    uint32_t before = counters().pages_committed;
    int wrong = 0, high = 0;

    for (int i = 0; i < COUNT; i++) {
        block[i] = malloc(BYTES - 100);
        if (!block[i]) {
            wrong++;
            continue;
        }
        high += (uintptr_t)block[i] >= 0x42000000u;
        memset(block[i], i, 4000);
        block[i][BYTES - 101] = (char)i;
    }
    IS(wrong, 0, "48 MB of malloc");
    for (int i = 0; i < COUNT; i++) {
        wrong += block[i] && (!all_are(block[i], 4000, (char)i) || block[i][BYTES - 101] != (char)i);
        free(block[i]);
    }
    IS(wrong, 0, "hold what was stored, %d of them in the arena", high);
    OK(counters().pages_committed - before < 16, "and are given back");
    for (int i = 0; i < 3; i++) {
        block[i] = malloc(10000000);
    }
    OK(block[0] && block[1] && block[2], "three of 10 MB");
    for (int i = 0; i < 3; i++) {
        free(block[i]);
    }
}

/* Until there is no memory, and from there on as before. */
static void until_the_end(void) {
    uint32_t before = counters().pages_committed;
    char *chain = NULL, *block;
    size_t bytes = 0;

    for (size_t size = 0x1000000; size >= 0x1000; size /= 4) {
        while ((block = malloc(size)) != NULL) {
            *(char **)block = chain;
            chain = block;
            bytes += size;
        }
    }
    IS(errno, ENOMEM, "memory ends with ENOMEM");
    OK(bytes > 0x1000000, "after %lu KB", (unsigned long)(bytes / 1024));
    while (chain) {
        block = chain;
        chain = *(char **)chain;
        free(block);
    }
    OK((int32_t)(counters().pages_committed - before) < 16, "all of it comes back");
    block = malloc(1000000);
    OK(block != NULL, "and can be had again");
    free(block);
}

static uint32_t next_random(uint32_t *seed) {
    return *seed = *seed * 1664525u + 1013904223u, *seed >> 8;
}

static DWORD WINAPI work(void *argument) {
    char *block[32] = {0};
    size_t size[32] = {0};
    uint32_t seed = (uint32_t)argument;
    DWORD wrong = 0;

    for (int i = 0; i < 3000; i++) {
        unsigned slot = next_random(&seed) % 32;
        if (block[slot]) {
            wrong += !all_are(block[slot], size[slot], (char)(slot + (uint32_t)argument));
            free(block[slot]);
            block[slot] = NULL;
        } else {
            size[slot] = next_random(&seed) % (slot ? 300 : 30000);
            block[slot] = malloc(size[slot]);
            memset(block[slot], (int)(slot + (uint32_t)argument), size[slot]);
        }
        if (i % 50 == 0) {
            Sleep(0);
        }
    }
    for (int i = 0; i < 32; i++) {
        free(block[i]);
    }
    return wrong;
}

static void threads(void) {
    HANDLE handles[5];
    DWORD sum = 0, code;

    for (int i = 0; i < 5; i++) {
        handles[i] = CreateThread(NULL, 0, work, (void *)(i * 40 + 1), 0, NULL);
        CeSetThreadPriority(handles[i], 250 + i % 3);
    }
    for (int i = 0; i < 5; i++) {
        WaitForSingleObject(handles[i], INFINITE);
        GetExitCodeThread(handles[i], &code);
        CloseHandle(handles[i]);
        sum += code;
    }
    IS(sum, 0, "five threads at once");
    OK(HeapValidate(GetProcessHeap(), 0, NULL), "leave a sound heap");
}

int main(void) {
    printf("# \n"); /* stdio's own memory is there before anything is counted */
    one_heap();
    limits();
    local();
    c_library();
    damage();
    beyond_the_slot();
    until_the_end();
    threads();
    return tap_done();
}
