/* Large memory: an example of VirtualAlloc and of mapping objects over memory, with every result looked at.
 *
 *   bigmemory [megabytes]
 *
 * First 32 MB are reserved and then committed.  Then a block for numbers, as large as memory allows up to 800 MB, is
 * committed in one call, used, and given back.  Last a mapping object over memory (256 MB, or as many as the argument
 * says) is made, mapped and used.  A size that the machine does not have must be refused by the call that asks for it,
 * with ERROR_NOT_ENOUGH_MEMORY, and is no failure of this program: it tries half of it.  Exit code: 0, or 1 when a call
 * did what it should not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#define MB 0x100000u

static int failed(const char *what) {
    printf("bigmemory: %s: error %lu\n", what, GetLastError());
    return 1;
}

static int reserve_and_commit(void) {
    SIZE_T bytes = 32 * MB;
    char *reserved = VirtualAlloc(NULL, bytes, MEM_RESERVE, PAGE_NOACCESS);
    if (reserved == NULL) {
        return failed("reserving 32 MB");
    }
    char *committed = VirtualAlloc(reserved, bytes, MEM_COMMIT, PAGE_READWRITE);
    if (committed != reserved) {
        return failed("committing 32 MB");
    }
    committed[0] = 'a';
    committed[bytes - 1] = 'z';
    printf("32 MB reserved and committed at %p\n", (void *)committed);
    if (!VirtualFree(reserved, 0, MEM_RELEASE)) {
        return failed("releasing 32 MB");
    }
    return 0;
}

static double sum_of(double *numbers, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        numbers[i] = 10.11 * i;
    }
    for (int i = 0; i < count; i++) {
        sum += numbers[i];
    }
    return sum;
}

static int commit_large(void) {
    double *numbers = NULL;
    SIZE_T bytes = 800 * MB;
    for (; numbers == NULL && bytes >= MB; bytes /= 2) {
        numbers = VirtualAlloc(NULL, bytes, MEM_COMMIT, PAGE_READWRITE);
        if (numbers == NULL && GetLastError() != ERROR_NOT_ENOUGH_MEMORY) {
            return failed("committing a large block");
        }
        printf("%lu MB in one call: %s\n", bytes / MB, numbers != NULL ? "committed" : "refused, not that much memory");
    }
    if (numbers == NULL) {
        return failed("committing 1 MB");
    }
    double sum = sum_of(numbers, 100);
    if (sum < 50044.49 || sum > 50044.51) {
        printf("bigmemory: the sum is wrong\n");
        return 1;
    }
    printf("the sum is %.2f\n", sum);
    return VirtualFree(numbers, 0, MEM_RELEASE) ? 0 : failed("releasing the block");
}

static int use_view(HANDLE mapping, DWORD bytes) {
    volatile DWORD *view = MapViewOfFile(mapping, FILE_MAP_WRITE | FILE_MAP_READ, 0, 0, bytes);
    if (view == NULL) {
        return failed("mapping the view");
    }
    for (DWORD at = 0; at < bytes / 4; at += MB / 4) {
        view[at] = at;
    }
    for (DWORD at = 0; at < bytes / 4; at += MB / 4) {
        if (view[at] != at) {
            printf("bigmemory: the view does not hold what was written\n");
            return 1;
        }
    }
    printf("view at %p, written and read\n", (void *)view);
    return UnmapViewOfFile((void *)view) ? 0 : failed("unmapping the view");
}

static int map_large(DWORD megabytes) {
    HANDLE mapping = NULL;
    for (; mapping == NULL && megabytes > 0; megabytes /= 2) {
        DWORD bytes = megabytes * MB;
        mapping = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, bytes, NULL);
        if (mapping == NULL && GetLastError() != ERROR_NOT_ENOUGH_MEMORY) {
            return failed("making the mapping object");
        }
        printf("a mapping object of %lu MB: %s\n", megabytes,
               mapping != NULL ? "made" : "refused, not that much memory");
        if (mapping != NULL) {
            int result = use_view(mapping, bytes);
            return CloseHandle(mapping) ? result : failed("closing the mapping object");
        }
    }
    return failed("making a mapping object of 1 MB");
}

int main(int argc, char **argv) {
    DWORD megabytes = argc > 1 ? strtoul(argv[1], NULL, 0) : 256;
    if (megabytes == 0 || megabytes > 992) {
        printf("usage: bigmemory [megabytes, 1 to 992]\n");
        return 2;
    }
    return reserve_and_commit() || commit_large() || map_large(megabytes);
}
