/* Exceptions: from the frame that arch/arm/vectors.S pushed to what the kernel makes of it.
 *
 *   from user mode: a fault is resolved and the instruction runs again, or the thread goes on at its exception entry
 *   from the kernel: a fault on a user address is resolved likewise; one that cannot be resolved goes on where the
 * exception table says (arch/arm/user.S); any other stops the machine with a report
 *
 * Fault registers are read before interrupts go on again.
 */
#include "arch/arm/trap.h"
#include "arch/arm/boot.h"
#include "arch/arm/cpu.h"
#include "arch/arm/fault.h"
#include "arch/arm/maintain.h"
#include "arch/arm/space.h"
#include "arch/arm/user.h"
#include "arch/kdata.h"
#include "arch/mmu.h"
#include "include/panic.h"
#include "include/preempt.h"
#include "include/print.h"
#include <string.h>

static void (*interrupt_handler)(void);

static bool from_user(const struct trap_frame *frame) {
    return (frame->cpsr & CPSR_MODE_MASK) == CPSR_MODE_USER;
}

void trap_set_interrupt_handler(void (*dispatch)(void)) {
    interrupt_handler = dispatch;
}

/* The user address that a fault register means: on ARMv5 it holds the modified address (hardware) or the one that the
 * program used (some emulators). */
static uint32_t fault_address(uint32_t address) {
#if defined(SITU_ARMV5)
    if (space_current != NULL && address >> FCSE_SHIFT == space_current->id) {
        return address & ((1u << FCSE_SHIFT) - 1);
    }
#endif
    return address;
}

static bool extable_fixup(struct trap_frame *frame) {
    for (const struct extable_entry *entry = __extable_start; entry < __extable_end; entry++) {
        if (entry->fault == frame->pc) {
            frame->pc = entry->resume;
            return true;
        }
    }
    return false;
}

_Noreturn static void kernel_fault(const struct trap_frame *frame, const char *what, const char *kind,
                                   uint32_t address) {
    kprintf("\nsitu: kernel %s: %s, address %08x, pc %08x\n", what, kind, address, frame->pc);
    trap_print_frame(frame);
    panic("unhandled exception in the kernel", NULL, 0);
}

static uint32_t fault_code(enum fault_kind kind, status_t status) {
    if (status == ERROR_STACK_OVERFLOW) {
        return TRAP_STACK_OVERFLOW;
    }
    if (status == TRAP_GUARD_PAGE) {
        return TRAP_GUARD_PAGE;
    }
    return kind == FAULT_ALIGNMENT ? TRAP_MISALIGNMENT : TRAP_ACCESS_VIOLATION;
}

_Static_assert(offsetof(struct abi_exception, pc) == offsetof(struct abi_exception, r) + FRAME_PC, "one copy");
_Static_assert(PROT_READ == ABI_ACCESS_READ && PROT_WRITE == ABI_ACCESS_WRITE && PROT_EXEC == ABI_ACCESS_EXECUTE,
               "handed on as they are");

/* Twice, since the first store may meet the guard of the stack, which that opens (mm/fault.h). */
static status_t push(uint32_t sp, const struct abi_exception *exception) {
    status_t status = user_copy_out(sp, exception, sizeof *exception);
    return status == ERROR_SUCCESS ? status : user_copy_out(sp, exception, sizeof *exception);
}

/* Lets a user thread go on at its exception entry (include/abi.h), or ends its process.  What the thread wrote into its
 * block is taken for an address of its own and for nothing else. */
static void user_fault(struct trap_frame *frame, uint32_t code, uint32_t address, uint32_t access) {
    struct abi_exception exception; /* filled to the last word: it is shown to the program */
    uint32_t block = kdata_tls() - (uint32_t)offsetof(struct abi_thread_block, slots);
    uint32_t sp = round_down(frame->sp - (uint32_t)sizeof exception, 8);
    uint32_t entry;
    frame->pc = helper_restart(frame->pc);
    exception.code = code;
    exception.address = address;
    exception.access = access;
    memcpy(exception.r, frame, sizeof *frame);
    if (user_copy_in(&entry, block + (uint32_t)offsetof(struct abi_thread_block, exception_entry), 4) ==
            ERROR_SUCCESS &&
        user_range(entry, 4) && push(sp, &exception) == ERROR_SUCCESS) {
        frame->r[0] = sp;
        frame->sp = sp;
        frame->pc = entry & ~3u;
        frame->cpsr = CPSR_MODE_USER | CPSR_FIQ_OFF;
        return;
    }
    struct trap_report report = {.code = code, .address = address, .access = access, .pc = frame->pc};
    trap_user_exception(&report);
}

/* On the way back to user mode: a killed thread ends here, a suspended one waits. */
static void leave_to_user(struct trap_frame *frame) {
    if (from_user(frame)) {
        frame->pc = helper_restart(frame->pc);
        while (trap_attention()) {
            cpu_irq_restore(cpu_read_cpsr() & ~CPSR_IRQ_OFF);
            trap_attend();
            cpu_irq_save();
        }
    }
}

/* Whether a user thread stopped at BKPT (DDI 0100 A4.1.7, A7.1.17).  Its page is there then; reading one that is not
 * would resolve the very fault at hand. */
static bool is_breakpoint(const struct trap_frame *frame) {
    uint32_t instruction = 0;
    bool thumb = frame->cpsr & CPSR_THUMB;
    if (!user_range(frame->pc, 4) || mmu_query(space_current, frame->pc).state != PAGE_PRESENT ||
        user_copy_in(&instruction, frame->pc, thumb ? 2 : 4) != ERROR_SUCCESS) {
        return false;
    }
    return thumb ? (instruction & 0xff00u) == 0xbe00u : (instruction & 0xfff000f0u) == 0xe1200070u;
}

/* What a data access is taken for while its fault is resolved.  On ARMv5 only the instruction tells a store.  Where
 * nothing is mapped it is not looked at: the page comes for reading, and a store that may not be faults again. */
static uint32_t access_assumed(const struct trap_frame *frame, uint32_t status, enum fault_kind kind) {
#if defined(SITU_ARMV5)
    if (kind == FAULT_TRANSLATION) {
        return PROT_READ;
    }
#else
    (void)kind;
#endif
    return fault_was_store(frame, status) ? PROT_WRITE : PROT_READ;
}

static void fault(struct trap_frame *frame, uint32_t status, uint32_t register_value, bool fetch) {
    enum fault_kind kind = fault_kind_of(status);
    uint32_t address = fault_address(register_value);
    bool user = from_user(frame);
    if ((frame->cpsr & CPSR_IRQ_OFF) == 0) {
        cpu_irq_restore(cpu_read_cpsr() & ~CPSR_IRQ_OFF);
    }
    uint32_t access = fetch ? PROT_EXEC : access_assumed(frame, status, kind);
    bool resolvable = kind == FAULT_TRANSLATION || kind == FAULT_PERMISSION || kind == FAULT_DOMAIN;
    bool may_wait = user || ((frame->cpsr & CPSR_IRQ_OFF) == 0 && preempt.count == 0);
    status_t resolved = ERROR_NOACCESS;
    if (resolvable && may_wait && address >= USER_BASE && address < USER_END) {
        resolved = trap_resolve_fault(address, access);
    }
    /* On ARMv5 the status says nothing of BKPT: it may be any.  The instruction is read where its page is there now, so
     * that this neither opens a guard nor counts for a fault of its own. */
    if (user && fetch && (!resolvable || resolved == ERROR_SUCCESS) && is_breakpoint(frame)) {
        user_fault(frame, TRAP_BREAKPOINT, frame->pc, access);
    } else if (resolved == ERROR_SUCCESS) {
        /* The access runs again. */
    } else if (user) {
        if (access == PROT_READ) {
            access = fault_was_store(frame, status) ? PROT_WRITE : PROT_READ;
        }
        user_fault(frame, fault_code(kind, resolved), address, access);
    } else if (!extable_fixup(frame)) {
        kernel_fault(frame, fetch ? "prefetch abort" : "data abort", fault_name(kind), address);
    }
    cpu_irq_save();
    leave_to_user(frame);
}

void trap_data_abort(struct trap_frame *frame) {
    fault(frame, cpu_read_dfsr(), cpu_read_dfar(), false);
}

/* On ARMv5 there is no fault address for instruction fetches, and BKPT has no status of its own (DDI 0198). */
void trap_prefetch_abort(struct trap_frame *frame) {
#if defined(SITU_ARMV7)
    fault(frame, cpu_read_ifsr(), cpu_read_ifar(), true);
#else
    fault(frame, cpu_read_ifsr(), frame->pc, true);
#endif
}

/* CP15 and the other system instructions are there for the kernel alone; everything else does not exist. */
static uint32_t undefined_code(uint32_t instruction, bool thumb) {
    if (!thumb && (instruction & 0x0f000f00u) == 0x0e000f00u) {
        return TRAP_PRIVILEGED_INSTRUCTION;
    }
    return TRAP_ILLEGAL_INSTRUCTION;
}

void trap_undefined(struct trap_frame *frame) {
    bool thumb = frame->cpsr & CPSR_THUMB;
    frame->pc -= thumb ? 2 : 4;
    if (!from_user(frame)) {
        uint32_t opcode = *(const uint32_t *)frame->pc;
        if ((opcode & ASSERT_TRAP_MASK) == ASSERT_TRAP) {
            kprintf("\nsitu: broken invariant, line %u of the file at pc %08x", ASSERT_LINE(opcode), frame->pc);
        }
        kernel_fault(frame, "undefined instruction", "-", frame->pc);
    }
    cpu_irq_restore(cpu_read_cpsr() & ~CPSR_IRQ_OFF);
    uint32_t instruction = 0;
    (void)user_copy_in(&instruction, frame->pc, thumb ? 2 : 4);
    user_fault(frame, undefined_code(instruction, thumb), frame->pc, PROT_EXEC);
    cpu_irq_save();
    leave_to_user(frame);
}

void trap_irq(struct trap_frame *frame) {
    preempt_disable();
    interrupt_handler();
    preempt_enable();
    leave_to_user(frame);
}

void trap_unexpected(void) {
    panic("reset, reserved or fast-interrupt vector taken", NULL, 0);
}

void trap_stack_overflow(const uint32_t *words, uint32_t sp) {
    kprintf("\nsitu: kernel stack overflow: sp %08x, pc %08x, cpsr %08x\n", sp, words[1], words[2]);
    panic("kernel stack overflow", NULL, 0);
}
