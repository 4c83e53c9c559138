/* The binary interface between kernel and user programs: system-call numbers and shared layouts.
 *
 * Included by the kernel, by sdk/lib (which installs it as <situ/abi.h>) and by assembly.  Names here are the
 * kernel's; the Win32 names are in the SDK.
 *
 * A system call: SVC #0 in ARM state, number in r12, arguments 1..6 in r0..r5.  Returns a status (Win32 error code,
 * 0 = success) in r0 and a value in r1; r2, r3, r12 and the flags are lost, everything else is kept.  An unknown
 * number returns ERROR_CALL_NOT_IMPLEMENTED.  64-bit arguments are passed by pointer, or as two words where a call says
 * so.  A pointer that the caller could not access itself gives ERROR_INVALID_PARAMETER (or ERROR_NOACCESS where the
 * call documents it). All strings are UTF-16, zero-terminated.
 */
#ifndef INCLUDE_ABI_H
#define INCLUDE_ABI_H

/* clang-format off */
/*                                 arguments -> value in r1 */
#define SYS_NULL                0  /* -> 0; for measuring */
#define SYS_PROCESS_EXIT        1  /* code; does not return */
#define SYS_THREAD_EXIT         2  /* code; does not return */
#define SYS_SLEEP               3  /* milliseconds (0: yield; 0xffffffff: for ever) */
#define SYS_HANDLE_CLOSE        4  /* handle */
#define SYS_WAIT                5  /* handle, milliseconds -> WAIT_OBJECT_0 or WAIT_TIMEOUT */
#define SYS_PROCESS_CREATE      6  /* const struct abi_process_create *, struct abi_process_created * */
#define SYS_PROCESS_TERMINATE   7  /* process handle, code */
#define SYS_PROCESS_EXIT_CODE   8  /* process handle -> code, 259 while it runs */
#define SYS_THREAD_CREATE       9  /* const struct abi_thread_create *, uint32_t *id or 0 -> handle */
#define SYS_THREAD_EXIT_CODE   10  /* thread handle -> code, 259 while it runs */
#define SYS_FILE_OPEN          11  /* const uint16_t *path, access, share, disposition, flags, for_mapping -> handle; r0
                                      may be ERROR_ALREADY_EXISTS with a handle in r1 (OPEN_ALWAYS) */
#define SYS_FILE_READ          12  /* handle, buffer, bytes -> bytes read (0 at the end) */
#define SYS_FILE_SEEK          13  /* handle, int64_t *distance in / position out, method */
#define SYS_FILE_SIZE          14  /* handle, uint64_t *size */
#define SYS_FILE_INFO          15  /* handle, struct abi_file_info * */
#define SYS_PATH_INFO          16  /* path, struct abi_file_info * */
#define SYS_FIND_FIRST         17  /* pattern, struct abi_file_info * -> handle */
#define SYS_FIND_NEXT          18  /* handle, struct abi_file_info * */
#define SYS_MAPPING_CREATE     19  /* file handle, protection, size low, high, name or NULL -> handle; r0 may be
                                      ERROR_ALREADY_EXISTS with a handle in r1 */
#define SYS_VIEW_MAP           20  /* mapping handle, access, offset low, high, bytes -> address */
#define SYS_VIEW_UNMAP         21  /* address */
#define SYS_EXCEPTION_END      22  /* code, address, ABI_ACCESS_ value, pc: nobody handled the exception, the process ends */
#define SYS_CONSOLE_WRITE      23  /* bytes, count */
#define SYS_CONSOLE_READ       24  /* buffer, count -> bytes read: waits for one at least, ends behind a line end */
#define SYS_DEBUG_WRITE        25  /* const uint16_t *text: one line for the debug console */
#define SYS_CLOCK              26  /* uint64_t *: nanoseconds since start-up */
#define SYS_COUNTERS           27  /* struct abi_counters *, base, bytes */
#define SYS_ENUM_PROCESSES     28  /* struct abi_process_info *, capacity in elements -> number of processes */
#define SYS_ENUM_THREADS       29  /* process id, struct abi_thread_info *, capacity -> number of threads */
#define SYS_ENUM_VIEWS         30  /* process id, struct abi_view_info *, capacity -> number of views */
#define SYS_FILE_VERIFY        31  /* path: tests a ROM file's data check: 0, ERROR_CRC, ... */
#define SYS_MODULE_PATH        32  /* uint16_t *buffer, capacity in characters -> length without the zero */
#define SYS_SYSTEM_INFO        33  /* struct abi_system_info * */
#define SYS_THREAD_PRIORITY    34  /* thread handle, priority 0..255 or -1 -> priority before */
#define SYS_FIND_CLOSE         35  /* handle of a search */
#define SYS_COUNTER            36  /* -> the instruction counter, 0 if the board has none; disturbs nothing */
#define SYS_VIRTUAL_ALLOC      37  /* address or 0, bytes, MEM_ bits, PAGE_ bits -> address */
#define SYS_VIRTUAL_FREE       38  /* address, bytes, MEM_DECOMMIT or MEM_RELEASE */
#define SYS_VIRTUAL_PROTECT    39  /* address, bytes, PAGE_ bits -> PAGE_ bits of the first page before */
#define SYS_VIRTUAL_QUERY      40  /* address, struct abi_memory_info *, bytes that matter or 0: all */
#define SYS_VIRTUAL_COPY       41  /* address, physical address / 256, bytes, PAGE_ bits; for drivers */
#define SYS_WAIT_MULTIPLE      42  /* const uint32_t *handles, count 1..64, all (0, 1), milliseconds -> ABI_WAIT_ value + index */
#define SYS_EVENT_CREATE       43  /* ABI_EVENT_ bits, name or 0 -> handle; r0 may be ERROR_ALREADY_EXISTS with a handle in r1 */
#define SYS_EVENT_CHANGE       44  /* event handle, ABI_EVENT_PULSE, _RESET or _SET */
#define SYS_EVENT_DATA         45  /* event handle, set (0, 1), value -> value before */
#define SYS_MUTEX_CREATE       46  /* owned (0, 1), name or 0 -> handle; as SYS_EVENT_CREATE */
#define SYS_MUTEX_RELEASE      47  /* mutex handle */
#define SYS_SEMAPHORE_CREATE   48  /* initial count, most, name or 0 -> handle; as SYS_EVENT_CREATE */
#define SYS_SEMAPHORE_RELEASE  49  /* semaphore handle, count -> count before */
#define SYS_OBJECT_OPEN        50  /* ABI_OBJECT_ value, name -> handle */
#define SYS_SECTION_WAIT       51  /* address of a struct abi_critical_section that another thread owns: waits until it is ours */
#define SYS_SECTION_LEAVE      52  /* the same, ours, with waiters: hands it on */
#define SYS_THREAD_SUSPEND     53  /* thread handle -> suspend count before */
#define SYS_THREAD_RESUME      54  /* thread handle -> suspend count before */
#define SYS_THREAD_TERMINATE   55  /* thread handle, code */
#define SYS_THREAD_QUANTUM     56  /* thread handle, milliseconds or -1 -> milliseconds before */
#define SYS_THREAD_TIMES       57  /* thread handle, struct abi_thread_times * */
#define SYS_PROCESS_OPEN       58  /* process id -> handle */
#define SYS_HANDLE_DUPLICATE   59  /* source process handle, handle, target process handle, ABI_DUPLICATE_ bits -> handle */
#define SYS_HANDLE_FLAGS       60  /* handle, mask, ABI_HANDLE_ bits -> bits now */
#define SYS_QUEUE_CREATE       61  /* const struct abi_queue_options *, name or 0 -> handle; as SYS_EVENT_CREATE */
#define SYS_QUEUE_OPEN         62  /* process handle, queue handle there, read (0, 1) -> handle */
#define SYS_QUEUE_WRITE        63  /* queue handle, buffer, bytes, milliseconds, flags */
#define SYS_QUEUE_READ         64  /* queue handle, buffer, bytes, milliseconds, uint32_t *flags -> bytes; with
                                      ERROR_INSUFFICIENT_BUFFER the bytes of the message */
#define SYS_QUEUE_INFO         65  /* queue handle, struct abi_queue_info * */
#define SYS_WATCHDOG_CREATE    66  /* const struct abi_watchdog *, name or 0 -> handle; as SYS_EVENT_CREATE */
#define SYS_WATCHDOG_CHANGE    67  /* watchdog handle, ABI_WATCHDOG_START, _STOP or _REFRESH */
#define SYS_TIME_GET           68  /* uint64_t *: system time, 100 ns since 1601, UTC */
#define SYS_TIME_SET           69  /* const uint64_t * */
#define SYS_COUNT              70
/* clang-format on */

#define ABI_TIMEOUT_INFINITE 0xffffffffu
#define ABI_WAIT_OBJECT      0u
#define ABI_WAIT_ABANDONED   0x80u
#define ABI_WAIT_TIMEOUT     0x102u
#define ABI_WAIT_OBJECTS     64u /* that one thread can wait for at a time */
#define ABI_STILL_ACTIVE     259u

/* Pseudo-handles (the values that CE used). */
#define ABI_HANDLE_CURRENT_THREAD  0x41u
#define ABI_HANDLE_CURRENT_PROCESS 0x42u
#define ABI_HANDLE_INVALID         0xffffffffu

#define ABI_PATH_MAX      260u  /* characters with the terminating zero */
#define ABI_COMMAND_MAX   2048u /* characters of a command line with the terminating zero */
#define ABI_TLS_SLOTS     256u  /* words a thread: 192 of C-library state, then 64 TLS slots */
#define ABI_LIBRARY_WORDS 36u   /* words a thread for the C library */
#define ABI_STACK_DEFAULT 0x10000u

/* Kernel data page, user-readable (KDATA_USER in include/layout.h; CE's PUserKData): word offsets. */
#define ABI_KDATA_TLS     0x0 /* address of the current thread's TLS slots: &abi_thread_block.slots[0] */
#define ABI_KDATA_THREAD  0x8 /* id of the current thread */
#define ABI_KDATA_PROCESS 0xc
#define ABI_KDATA_CPU     0x10 /* 5 or 7: ARM architecture */

/* Helper page, user-executable (HELPER_VA): entry points, called as functions; offsets from HELPER_VA.
 * Each is atomic against other threads of this processor: an interruption inside is restarted.
 * Shapes: r0 = address of an aligned int32_t on writable memory.  Only r0-r3, r12 and flags are lost. */
#define ABI_HELPER_EXCHANGE         0x00 /* r0 = address, r1 = value -> r0 = old value */
#define ABI_HELPER_COMPARE_EXCHANGE 0x20 /* r0 = address, r1 = new value, r2 = comparand -> r0 = old value */
#define ABI_HELPER_ADD              0x40 /* r0 = address, r1 = addend -> r0 = old value */
#define ABI_HELPER_AND              0x60 /* r0 = address, r1 = mask -> r0 = old value */
#define ABI_HELPER_OR               0x80 /* r0 = address, r1 = bits -> r0 = old value */
#define ABI_HELPER_XOR              0xa0 /* r0 = address, r1 = bits -> r0 = old value */
/* r0 = address, r1 = new value, r2 = comparand, r12 = where to go on, with r0 and lr as they are, if it differs */
#define ABI_HELPER_EXCHANGE_OR_GO 0xc0
#define ABI_HELPER_END            0x100

#ifndef __ASSEMBLER__
#include <stdint.h>

/* Lies at the high end of each thread's stack; made by the kernel, writable by the program.  What lies below it is
 * undefined when a thread begins: a thread of the same process may have left it there. */
struct abi_thread_block {
    uint32_t last_error;
    uint32_t stack_low;                  /* lowest address of the stack reservation */
    uint32_t stack_high;                 /* behind its highest address */
    uint32_t exception_entry;            /* where it goes on when it raised an exception; 0: its process ends */
    uint32_t library[ABI_LIBRARY_WORDS]; /* the C library's own, 0 at start */
    /* The kernel data page points here.  The first words are the thread's newlib state: the library's
     * _impure_ptr is the very word in the kernel data page, so each thread has its own errno and buffers at
     * no cost in the switch.  The TLS slots follow.  All 0 at start; the kernel never reads them. */
    uint32_t slots[ABI_TLS_SLOTS];
};

/* What a thread finds when it raised an exception.  The kernel pushes this on the thread's stack (on 8 bytes) and lets
 * it go on, in ARM state, at the exception_entry of its block with r0 and sp pointing here.  Nothing is returned to the
 * kernel: a thread that wants to go on where it was loads the registers by itself.  If there is no entry or
 * the stack cannot be written, the process ends. */
struct abi_exception {
    uint32_t code;          /* STATUS_ code of winnt.h */
    uint32_t address;       /* that was accessed; of other exceptions the instruction's */
    uint32_t access;        /* ABI_ACCESS_ value */
    uint32_t r[13], sp, lr; /* as they were when it happened */
    uint32_t cpsr, reserved;
    uint32_t pc; /* of the instruction that raised it */
};
#define ABI_ACCESS_READ    1u
#define ABI_ACCESS_WRITE   2u
#define ABI_ACCESS_EXECUTE 4u

/* What r0 points to when a process's first thread enters its program; strings lie on its stack. */
struct abi_startup {
    uint32_t module_path;  /* const uint16_t *: full path of the executable */
    uint32_t command_line; /* const uint16_t *: the arguments, without the program's name */
};

struct abi_process_create {
    uint32_t image;        /* const uint16_t *: path or bare name */
    uint32_t command_line; /* const uint16_t * or 0 */
    uint32_t flags;        /* ABI_CREATE_ bits */
    uint32_t reserved;     /* 0 */
};
#define ABI_CREATE_SUSPENDED 4u     /* the first thread, or the thread, begins with a suspend count of 1 */
#define ABI_CREATE_INHERIT   0x100u /* the new process gets the caller's handles with ABI_HANDLE_INHERIT, same values */

struct abi_process_created {
    uint32_t process, thread; /* handles, the caller's to close */
    uint32_t process_id, thread_id;
};

/* A new thread enters entry with r0 = argument0, r1 = argument1. */
struct abi_thread_create {
    uint32_t entry;
    uint32_t argument0, argument1;
    uint32_t stack_bytes; /* 0: ABI_STACK_DEFAULT */
    uint32_t flags;       /* 0 or ABI_CREATE_SUSPENDED */
};
#define ABI_SUSPEND_MOST 127u

/* In units of 100 ns.  exited is 0 while the thread lives; created and exited count from 1601. */
struct abi_thread_times {
    uint64_t created, exited, kernel, user;
};

#define ABI_HANDLE_INHERIT         1u
#define ABI_DUPLICATE_CLOSE_SOURCE 1u
#define ABI_DUPLICATE_SAME_ACCESS  2u
#define ABI_DUPLICATE_INHERIT      4u /* the new handle can be inherited */

#define ABI_EVENT_MANUAL   1u /* bits of SYS_EVENT_CREATE */
#define ABI_EVENT_SIGNALED 2u
#define ABI_EVENT_PULSE    1u /* values of SYS_EVENT_CHANGE (those of CE) */
#define ABI_EVENT_RESET    2u
#define ABI_EVENT_SET      3u

/* Kinds of objects with names; each kind has names of its own. */
#define ABI_OBJECT_EVENT     1u
#define ABI_OBJECT_MUTEX     2u
#define ABI_OBJECT_SEMAPHORE 3u
#define ABI_OBJECT_WATCHDOG  4u

/* The word of a critical section that kernel and program share.  0: free; else the id of the thread that owns it (a
 * multiple of 4), and bit 0 while others wait.  Taking a free one and giving one back that nobody waits for are compare
 * and exchange of the helper page; everything else is a system call, which writes the word. */
struct abi_critical_section {
    uint32_t owner;
};
#define ABI_SECTION_WAITERS 1u

struct abi_queue_options {
    uint32_t max_messages; /* 0: no limit */
    uint32_t max_bytes;    /* of a message */
    uint32_t flags;        /* ABI_QUEUE_ bits */
    uint32_t read;         /* 1: the handle is for reading, 0: for writing */
};
#define ABI_QUEUE_NO_PRECOMMIT 1u /* memory for messages is taken as they come */
#define ABI_QUEUE_ALLOW_BROKEN 2u /* writing without a reader is no error */
#define ABI_QUEUE_ALERT        1u /* flag of a message: read before all others */

struct abi_queue_info {
    uint32_t flags, max_messages, max_bytes;
    uint32_t messages, messages_most; /* now, and the most so far */
    uint32_t readers, writers;        /* handles */
};

struct abi_watchdog {
    uint32_t action; /* ABI_WATCHDOG_ value */
    uint32_t parameter;
    uint32_t period, wait; /* ms */
};
#define ABI_WATCHDOG_KILL    0u /* ends the process that made it */
#define ABI_WATCHDOG_NOTHING 1u
#define ABI_WATCHDOG_RESET   2u /* restarts the machine */
#define ABI_WATCHDOG_START   1u
#define ABI_WATCHDOG_STOP    2u
#define ABI_WATCHDOG_REFRESH 3u

struct abi_file_info {
    uint32_t attributes;
    uint32_t time_low, time_high; /* FILETIME */
    uint32_t size_low, size_high;
    uint32_t index_low, index_high, volume; /* file index and volume serial */
    uint16_t name[ABI_PATH_MAX];            /* without path */
};

struct abi_counters {
    uint32_t pages_total, pages_free;              /* physical pages: found, and not in use now */
    uint32_t pages_committed;                      /* promised, in use or not */
    uint32_t faults;                               /* page faults of this process so far */
    uint32_t range_faults;                         /* of them on the regions that the range given touches */
    uint32_t processes, threads, handles, objects; /* alive now, system-wide */
    uint32_t sections, views, arena_ranges;
    uint32_t kernel_bytes;       /* kernel text, data and page descriptors in RAM */
    uint32_t counter;            /* the board's instruction counter (benchmarks), 0 if it has none */
    uint32_t counter_first_user; /* its value when the first user instruction was about to run */
    uint32_t counter_start;      /* its value at reset */
    uint32_t kernel_text_bytes;  /* text and read-only data */
    uint32_t commit_limit;       /* the most pages that can be promised */
    uint32_t space_bytes;        /* the process's own range, and what of it is free */
    uint32_t space_free_bytes;
    uint32_t reserved[1];
};

/* MEMORY_BASIC_INFORMATION. */
struct abi_memory_info {
    uint32_t base, allocation, allocation_protect, bytes, state, protect, type;
};

struct abi_process_info {
    uint32_t id, threads, handles, pages, committed, views;
    uint16_t name[64]; /* module file name, cut to fit */
};

struct abi_thread_info {
    uint32_t id, process_id, priority, base_priority, state; /* state: ABI_THREAD_ values */
    uint32_t suspended;                                      /* how many times */
    uint64_t run_time;                                       /* that it has run so far, in units of 100 ns */
};
#define ABI_THREAD_READY   0u
#define ABI_THREAD_RUNNING 1u
#define ABI_THREAD_WAITING 2u
#define ABI_THREAD_DEAD    3u

struct abi_view_info {
    uint32_t base, bytes, offset_low, offset_high, protection; /* 1 = read, 3 = read and write */
    uint32_t in_place;                                         /* 1: mapped where it lies in ROM */
    uint32_t faults;                                           /* page faults on the view's region */
    uint16_t name[64];                                         /* file or object name, cut to fit */
};

struct abi_system_info {
    uint32_t page_size, granularity, user_low, user_high, cpu_architecture, cpu_id;
    char board[32];
};

_Static_assert(sizeof(struct abi_thread_block) == 1184, "thread block layout");
_Static_assert(sizeof(struct abi_startup) == 8, "startup layout");
#endif
#endif
