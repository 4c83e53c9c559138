/* Constants and structures of Win32 that programs and system share. */
#ifndef _WINNT_H
#define _WINNT_H

#include <windef.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef TEXT
#define __TEXT(quote) L##quote
#define TEXT(quote)   __TEXT(quote)
#endif

typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

/* Access rights. */
#define GENERIC_READ    0x80000000UL
#define GENERIC_WRITE   0x40000000UL
#define GENERIC_EXECUTE 0x20000000UL
#define GENERIC_ALL     0x10000000UL

/* Rights that the calls with handles take and do not look at: a handle may do all that its kind can. */
#define DELETE                    0x00010000UL
#define SYNCHRONIZE               0x00100000UL
#define STANDARD_RIGHTS_REQUIRED  0x000f0000UL
#define EVENT_MODIFY_STATE        0x0002
#define EVENT_ALL_ACCESS          (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3)
#define MUTANT_QUERY_STATE        0x0001
#define MUTEX_MODIFY_STATE        MUTANT_QUERY_STATE
#define MUTEX_ALL_ACCESS          (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | MUTANT_QUERY_STATE)
#define SEMAPHORE_MODIFY_STATE    0x0002
#define SEMAPHORE_ALL_ACCESS      (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3)
#define PROCESS_TERMINATE         0x0001
#define PROCESS_DUP_HANDLE        0x0040
#define PROCESS_QUERY_INFORMATION 0x0400
#define PROCESS_ALL_ACCESS        (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xfff)

#define MAXIMUM_WAIT_OBJECTS  64
#define MAXIMUM_SUSPEND_COUNT 127
#define TLS_MINIMUM_AVAILABLE 64

#define FILE_SHARE_READ   0x00000001
#define FILE_SHARE_WRITE  0x00000002
#define FILE_SHARE_DELETE 0x00000004

/* File attributes; the INROM ones are CE's. */
#define FILE_ATTRIBUTE_READONLY   0x00000001
#define FILE_ATTRIBUTE_HIDDEN     0x00000002
#define FILE_ATTRIBUTE_SYSTEM     0x00000004
#define FILE_ATTRIBUTE_DIRECTORY  0x00000010
#define FILE_ATTRIBUTE_ARCHIVE    0x00000020
#define FILE_ATTRIBUTE_INROM      0x00000040
#define FILE_ATTRIBUTE_NORMAL     0x00000080
#define FILE_ATTRIBUTE_TEMPORARY  0x00000100
#define FILE_ATTRIBUTE_COMPRESSED 0x00000800
#define FILE_ATTRIBUTE_ROMMODULE  0x00002000

/* Protection and sections. */
#define PAGE_NOACCESS          0x01
#define PAGE_READONLY          0x02
#define PAGE_READWRITE         0x04
#define PAGE_WRITECOPY         0x08
#define PAGE_EXECUTE           0x10
#define PAGE_EXECUTE_READ      0x20
#define PAGE_EXECUTE_READWRITE 0x40
#define PAGE_EXECUTE_WRITECOPY 0x80
#define PAGE_GUARD             0x100
#define PAGE_NOCACHE           0x200
#define PAGE_PHYSICAL          0x400
#define MEM_COMMIT             0x00001000
#define MEM_RESERVE            0x00002000
#define MEM_DECOMMIT           0x00004000
#define MEM_RELEASE            0x00008000
#define MEM_FREE               0x00010000
#define MEM_PRIVATE            0x00020000
#define MEM_MAPPED             0x00040000
#define MEM_TOP_DOWN           0x00100000
#define MEM_AUTO_COMMIT        0x00200000 /* CE's: reserve and commit, pages at their first touch */
#define MEM_IMAGE              0x01000000
#define SEC_IMAGE              0x01000000
#define SEC_RESERVE            0x04000000
#define SEC_COMMIT             0x08000000
#define SEC_NOCACHE            0x10000000
#define SECTION_MAP_WRITE      0x0002
#define SECTION_MAP_READ       0x0004
#define SECTION_ALL_ACCESS     0x000f001f

typedef struct _MEMORY_BASIC_INFORMATION {
    PVOID BaseAddress;
    PVOID AllocationBase;
    DWORD AllocationProtect;
    SIZE_T RegionSize;
    DWORD State;
    DWORD Protect;
    DWORD Type;
} MEMORY_BASIC_INFORMATION, *PMEMORY_BASIC_INFORMATION;

/* Waiting, and exceptions: what GetExceptionCode says, and the exit code of a process that none of its handlers wanted.
 */
#define STATUS_WAIT_0                   0x00000000UL
#define STATUS_ABANDONED_WAIT_0         0x00000080UL
#define STATUS_TIMEOUT                  0x00000102UL
#define STATUS_PENDING                  0x00000103UL
#define STATUS_GUARD_PAGE_VIOLATION     0x80000001UL
#define STATUS_DATATYPE_MISALIGNMENT    0x80000002UL
#define STATUS_BREAKPOINT               0x80000003UL
#define STATUS_ACCESS_VIOLATION         0xc0000005UL
#define STATUS_NO_MEMORY                0xc0000017UL
#define STATUS_ILLEGAL_INSTRUCTION      0xc000001dUL
#define STATUS_NONCONTINUABLE_EXCEPTION 0xc0000025UL
#define STATUS_INTEGER_DIVIDE_BY_ZERO   0xc0000094UL
#define STATUS_PRIVILEGED_INSTRUCTION   0xc0000096UL
#define STATUS_STACK_OVERFLOW           0xc00000fdUL
#define STATUS_HEAP_CORRUPTION          0xc0000374UL /* found by a call on a heap whose blocks were written over */

#define EXCEPTION_NONCONTINUABLE     1 /* ExceptionFlags: a filter cannot say "continue" */
#define EXCEPTION_MAXIMUM_PARAMETERS 15

/* ExceptionInformation of access violations, misaligned accesses and guard pages: [0] 0 read, 1 write, 8 execute;
 * [1] the address.  ExceptionAddress is the instruction's. */
typedef struct _EXCEPTION_RECORD {
    DWORD ExceptionCode;
    DWORD ExceptionFlags;
    struct _EXCEPTION_RECORD *ExceptionRecord;
    PVOID ExceptionAddress;
    DWORD NumberParameters;
    ULONG_PTR ExceptionInformation[EXCEPTION_MAXIMUM_PARAMETERS];
} EXCEPTION_RECORD, *PEXCEPTION_RECORD, *LPEXCEPTION_RECORD;

#define CONTEXT_ARM            0x0000040
#define CONTEXT_CONTROL        (CONTEXT_ARM | 0x00000001L) /* Sp, Lr, Pc, Psr */
#define CONTEXT_INTEGER        (CONTEXT_ARM | 0x00000002L) /* R0 to R12 */
#define CONTEXT_FLOATING_POINT (CONTEXT_ARM | 0x00000004L)
#define CONTEXT_FULL           (CONTEXT_CONTROL | CONTEXT_INTEGER)

#define NUM_VFP_REGS           32
#define NUM_EXTRA_CONTROL_REGS 8

/* A thread's registers.  Programs use no floating-point hardware: those fields are never valid. */
typedef struct _CONTEXT {
    ULONG ContextFlags;
    ULONG R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10, R11, R12;
    ULONG Sp, Lr, Pc;
    ULONG Psr;
    ULONG Fpscr;
    ULONG FpExc;
    ULONG S[NUM_VFP_REGS + 1];
    ULONG FpExtra[NUM_EXTRA_CONTROL_REGS];
} CONTEXT, *PCONTEXT, *LPCONTEXT;

typedef struct _EXCEPTION_POINTERS {
    PEXCEPTION_RECORD ExceptionRecord;
    PCONTEXT ContextRecord;
} EXCEPTION_POINTERS, *PEXCEPTION_POINTERS, *LPEXCEPTION_POINTERS;

#define PROCESSOR_ARCHITECTURE_ARM 5

#define MAXLONG  0x7fffffff
#define MAXDWORD 0xffffffffUL

#ifdef __cplusplus
}
#endif

#endif
