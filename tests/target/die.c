/* Programs that must die: each way is one run, and the exit code is the exception's.  Returning at all is the failure
 * that tests/target/list looks for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "helpers.h"
#include "raw.h"

static char data_code[32] __attribute__((aligned(32)));
static volatile int never = -1, zero;

static volatile char *rom_view(void) {
    HANDLE mapping = CreateFileMappingW(open_for_mapping(L"64k.txt"), NULL, PAGE_READONLY, 0, 0, NULL);
    return MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
}

static void call(const void *address) {
    ((void (*)(void))address)();
}

static void execute_data(void *where) {
    static const unsigned bx_lr = 0xe12fff1e;

    memcpy(where, &bx_lr, sizeof(bx_lr));
    call(where);
}

static void execute_stack(void) {
    unsigned stack[4] = {0xe12fff1e, 0xe12fff1e, 0xe12fff1e, 0xe12fff1e};

    __asm__ volatile("" : : "r"(stack) : "memory");
    call(stack);
}

/* A view of another process: its address is known, the view is not ours. */
static void other_view(void) {
    PROCESS_INFORMATION created;
    wchar_t arguments[] = L"hold 64k.txt 400";
    volatile char *view;
    HANDLE mapping = CreateFileMappingW(open_for_mapping(L"64k.txt"), NULL, PAGE_READONLY, 0, 0, NULL);

    view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    start_program(L"child.exe", arguments, &created);
    Sleep(200); /* the child has mapped the file now: at the same address */
    UnmapViewOfFile((void *)view);
    (void)*view;
}

/* A file is mapped whole and read, then unmapped; kept: a view of its second page stays.  What was mapped is read
 * again. */
static void unmapped(const wchar_t *name, int kept) {
    HANDLE file = open_for_mapping(name);
    DWORD bytes = GetFileSize(file, NULL);
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    volatile char *whole = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    const char *part = kept ? MapViewOfFile(mapping, FILE_MAP_READ, 0, 0x1000, 0x1000) : NULL;

    for (DWORD at = 0; at < bytes; at += 0x1000) {
        (void)whole[at];
    }
    UnmapViewOfFile((void *)whole);
    if (kept && !data_equal(part, 0x1000, 0x1000)) {
        exit(2);
    }
    (void)whole[bytes - 1];
}

/* A page of memory that has been touched, with another protection since. */
static volatile char *memory_page(DWORD protect) {
    DWORD old;
    char *page = VirtualAlloc(NULL, 4096, MEM_COMMIT, PAGE_READWRITE);

    page[100] = 1;
    VirtualProtect(page, 4096, protect, &old);
    return page;
}

static int recurse(int depth) {
    volatile char frame[512];

    frame[0] = (char)depth;
    return depth == never ? 0 : recurse(depth + 1) + frame[0];
}

static DWORD WINAPI thread_recurses(void *argument) {
    return (DWORD)recurse((int)argument);
}

static DWORD WINAPI thread_dies(void *argument) {
    *(volatile int *)argument = 1;
    return 0;
}

static struct _seh_frame *damaged;

static int damage_and_raise(void) {
    damaged->previous = damaged;
    RaiseException(0xe0001235, 0, 0, NULL);
    return 0;
}

/* The handler is found, but not the way to it: the filter damages the chain that its own marker hides. */
static void hidden_loop(void) {
    __try {
        __try {
            damaged = &_seh_this;
            RaiseException(0xe0001234, 0, 0, NULL);
        } __except (damage_and_raise()) {
            puts("not the inner handler");
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        puts("not the outer one either");
    }
}

/* Handlers that do not help.  0: how is none of these. */
static int exception_die(const char *how) {
    struct abi_thread_block *block =
        (struct abi_thread_block *)(*(uint32_t *)0xffffc800 - offsetof(struct abi_thread_block, slots));
    volatile int *volatile null = (volatile int *)8;

    __try {
        if (strcmp(how, "passed-on") == 0) {
            *null = 1;
        } else if (strcmp(how, "entry-garbage") == 0) {
            block->exception_entry = 0x01fff000; /* faults itself, until the stack is used up */
            *null = 1;
        } else if (strcmp(how, "entry-none") == 0) {
            block->exception_entry = 0;
            *null = 1;
        } else if (strcmp(how, "chain-garbage") == 0) {
            block->library[1] = 0x12345678;
            *null = 1;
        } else if (strcmp(how, "chain-loop") == 0) {
            _seh_this.previous = &_seh_this;
            *null = 1;
        } else if (strcmp(how, "chain-hidden-loop") == 0) {
            hidden_loop();
        } else if (strcmp(how, "stack-pointer-odd") == 0) {
            __asm__ volatile("mov r3, #8\n mov sp, #3\n ldr r3, [r3]");
        } else if (strcmp(how, "in-handler") != 0) {
            return 0;
        }
    } __except (EXCEPTION_CONTINUE_SEARCH) {
        return 1;
    }
    __try {
        *null = 1;
    } __except (1) {
        *null = 2;
    }
    return 1;
}

static void die(const char *how) {
    static const struct {
        const char *how;
        const wchar_t *name;
        int kept;
    } views[] = {
        {"unmapped-page", L"page.txt", 0},        {"unmapped-large", L"64k.txt", 0},
        {"unmapped-section", L"6m.txt", 0},       {"unmapped-split-large", L"64k.txt", 1},
        {"unmapped-split-section", L"6m.txt", 1},
    };
    static const struct {
        const char *how;
        unsigned address;
        char kind; /* r: read, w: write, x: execute */
    } plain[] = {
        {"null-read", 0, 'r'},
        {"null-write", 0, 'w'},
        {"null-call", 0, 'x'},
        {"low-read", 0xfffc, 'r'},
        {"text-write", 0x10000, 'w'},
        {"slot-read", 0x01f00000, 'r'},
        {"slot-other-read", 0x04010000, 'r'},
        {"start-v5-read", 0x34001000, 'r'}, /* where start-up was mapped */
        {"start-v7-read", 0x40001000, 'r'},
        {"arena-read", 0x60000000, 'r'},
        {"arena-write", 0x7ffe0000, 'w'},
        {"kernel-read", 0x80000000, 'r'},
        {"kernel-write", 0x90001000, 'w'},
        {"kernel-call", 0x90001000, 'x'},
        {"window-read", 0xc0000000, 'r'},
        {"device-read", 0xe0000000, 'r'},
        {"vectors-read", 0xffff0000, 'r'},
        {"vectors-call", 0xffff0010, 'x'},
        {"kdata-write", 0xffffc800, 'w'},
        {"kdata-call", 0xffffc800, 'x'},
        {"helper-write", 0xffffd000, 'w'},
        {"garbage-call", 0x12345678, 'x'},
    };

    for (unsigned i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        if (strcmp(how, plain[i].how) == 0) {
            volatile int *at = (volatile int *)plain[i].address;

            __asm__("" : "+r"(at)); /* what the address is does not concern the compiler */
            if (plain[i].kind == 'r') {
                (void)*at;
            } else if (plain[i].kind == 'w') {
                *at = 1;
            } else {
                call((const void *)plain[i].address);
            }
            return;
        }
    }
    for (unsigned i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
        if (strcmp(how, views[i].how) == 0) {
            unmapped(views[i].name, views[i].kept);
            return;
        }
    }
    if (strcmp(how, "rom-write") == 0) {
        rom_view()[100] = 1;
    } else if (strcmp(how, "rom-beyond") == 0) {
        (void)rom_view()[0x10000];
    } else if (strcmp(how, "rom-before") == 0) {
        (void)rom_view()[-1];
    } else if (strcmp(how, "rom-execute") == 0) {
        call((const void *)rom_view());
    } else if (strcmp(how, "data-execute") == 0) {
        execute_data(data_code);
    } else if (strcmp(how, "heap-execute") == 0) {
        execute_data(malloc(64));
    } else if (strcmp(how, "stack-execute") == 0) {
        execute_stack();
    } else if (strcmp(how, "other-view") == 0) {
        other_view();
    } else if (strcmp(how, "undefined") == 0) {
        __asm__ volatile(".word 0xe7f000f0");
    } else if (strcmp(how, "vfp") == 0) {
        __asm__ volatile(".word 0xee300a00"); /* vadd.f32 s0, s0, s0 */
    } else if (strcmp(how, "cp15") == 0) {
        __asm__ volatile(".word 0xee110f10" ::: "r0"); /* mrc p15, 0, r0, c1, c0, 0 */
    } else if (strcmp(how, "unaligned-read") == 0) {
        __asm__ volatile("ldr r0, [%0]" : : "r"(data_code + 1) : "r0");
    } else if (strcmp(how, "unaligned-write") == 0) {
        __asm__ volatile("strh r0, [%0]" : : "r"(data_code + 1) : "memory");
    } else if (strcmp(how, "breakpoint") == 0) {
        __asm__ volatile("bkpt 0");
    } else if (strcmp(how, "stack-overflow") == 0) {
        recurse(0);
    } else if (strcmp(how, "stack-overflow-thread") == 0) {
        CreateThread(NULL, 0, thread_recurses, NULL, 0, NULL);
        Sleep(INFINITE);
    } else if (strcmp(how, "memory-none") == 0) {
        (void)memory_page(PAGE_NOACCESS)[100];
    } else if (strcmp(how, "memory-write") == 0) {
        memory_page(PAGE_READONLY)[100] = 1;
    } else if (strcmp(how, "memory-fresh-write") == 0) {
        *(volatile char *)VirtualAlloc(NULL, 4096, MEM_COMMIT, PAGE_READONLY) = 1;
    } else if (strcmp(how, "memory-guard") == 0) {
        (void)memory_page(PAGE_READWRITE | PAGE_GUARD)[100];
    } else if (strcmp(how, "memory-fresh-guard") == 0) {
        *(volatile char *)VirtualAlloc(NULL, 4096, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD) = 1;
    } else if (strcmp(how, "memory-execute") == 0) {
        execute_data(VirtualAlloc(NULL, 4096, MEM_COMMIT, PAGE_READWRITE));
    } else if (strcmp(how, "memory-decommitted") == 0) {
        volatile char *page = memory_page(PAGE_READWRITE);

        VirtualFree((void *)page, 4096, MEM_DECOMMIT);
        (void)page[100];
    } else if (strcmp(how, "memory-released") == 0) {
        volatile char *page = memory_page(PAGE_READWRITE);

        VirtualFree((void *)page, 0, MEM_RELEASE);
        (void)page[100];
    } else if (strcmp(how, "thread") == 0) {
        CreateThread(NULL, 0, thread_dies, (void *)8, 0, NULL);
        Sleep(INFINITE);
    } else if (strcmp(how, "raise") == 0) {
        RaiseException(0xe0001234, 0, 0, NULL);
    } else if (strcmp(how, "heap-damage") == 0) {
        volatile char *block = malloc(20);

        for (int i = 0; i < 40; i++) {
            block[i] = 1;
        }
        free((void *)block);
    } else if (strcmp(how, "divide") == 0) {
        never /= zero;
    } else if (exception_die(how)) {
        printf("die.exe: went on behind %s\n", how);
    } else if (strcmp(how, "stack-pointer") == 0) {
        __asm__ volatile("mov sp, #0\n push {r0}");
    } else {
        printf("die.exe: no such way: %s\n", how);
        exit(2);
    }
}

int main(int argc, char **argv) {
    die(argc > 1 ? argv[1] : "?");
    printf("die.exe: still alive after %s\n", argc > 1 ? argv[1] : "?");
    return 1;
}
