/* The loader: see loader.h.
 *
 * The creator checks the file, makes the space and gives it its areas: text where it lies in ROM, data as private
 * copies page by page, the stack.  That can fail, and CreateProcess says so.  The new thread itself then writes what a
 * program finds on its stack, since user memory is touched by its own process only, and leaves for user mode:
 *
 *   high end   struct abi_thread_block
 *              path of the executable, command line (first thread only)
 *              struct abi_startup
 *   sp ->
 */
#include "kernel/syscall/loader.h"
#include "arch/arm/cpu.h"
#include "arch/arm/trap.h"
#include "arch/arm/user.h"
#include "arch/kdata.h"
#include "arch/static.h"
#include "drivers/counter.h"
#include "fs/namespace.h"
#include "include/preempt.h"
#include "include/print.h"
#include "kernel/schedule.h"
#include "kernel/syscall/elf.h"
#include "kernel/syscall/rom.h"
#include "kernel/syscall/syscall.h"
#include "mm/area.h"
#include "mm/heap.h"
#include <string.h>

#define WINDOWS_PREFIX "\\Windows\\"

uint32_t sys_counter_first_user;

/* ---- in the new thread ---- */

/* Writes to the stack below *top, keeps *top on 8 bytes. */
static status_t stack_push(uint32_t *top, const void *from, uint32_t bytes) {
    *top = round_down(*top - bytes, 8);
    return user_copy_out(*top, from, bytes);
}

_Static_assert(sizeof(struct abi_thread_block) == AREA_STACK_BLOCK, "what a stack begins with");
_Static_assert(offsetof(struct abi_thread_block, stack_low) == 4 && offsetof(struct abi_thread_block, stack_high) == 8,
               "the words that a stack may begin with");
_Static_assert(sizeof(struct abi_thread_block) % 8 == 0, "stacks lie on 8 bytes");

static status_t push_block(struct thread *thread, uint32_t *top) {
    *top = thread->stack_high - (uint32_t)sizeof(struct abi_thread_block);
    thread->tls = *top + (uint32_t)offsetof(struct abi_thread_block, slots);
    kdata_set_thread(thread->tls, thread->id, thread->process->id);
    if (thread->stack_begun) {
        return ERROR_SUCCESS;
    }
    uint32_t head[3] = {0, thread->stack_low, thread->stack_high};
    return user_copy_out(*top, head, sizeof head);
}

static status_t push_startup(const struct process_program *program, uint32_t *top) {
    uint16_t path[ABI_PATH_MAX];
    struct abi_startup startup;
    sys_widen(path, ABI_PATH_MAX, program->path);
    status_t status = stack_push(top, path, (uint32_t)(strlen(program->path) + 1) * 2);
    startup.module_path = *top;
    if (status == ERROR_SUCCESS) {
        status = stack_push(top, program->command_line, (program->command_length + 1) * 2);
        startup.command_line = *top;
    }
    return status == ERROR_SUCCESS ? stack_push(top, &startup, sizeof startup) : status;
}

/* Leaves for user mode, or ends if the thread was killed before it began. */
_Noreturn static void enter_user(uint32_t entry, uint32_t argument0, uint32_t argument1, uint32_t sp) {
    struct thread *thread = thread_current;
    struct trap_frame frame = {.r = {argument0, argument1},
                               .sp = sp,
                               .pc = entry & ~1u,
                               .cpsr = CPSR_MODE_USER | CPSR_FIQ_OFF | ((entry & 1u) ? CPSR_THUMB : 0)};
    if (sys_counter_first_user == 0) {
        sys_counter_first_user = counter_read();
    }
    (void)cpu_irq_save();
    while (thread->attention != 0) {
        cpu_irq_restore(cpu_read_cpsr() & ~CPSR_IRQ_OFF);
        thread_attend();
        (void)cpu_irq_save();
    }
    trap_enter_user(&frame, thread->kstack);
}

static void primary_main(void *argument) {
    struct thread *thread = thread_current;
    struct process_program *program = argument;
    uint32_t top;
    status_t status = push_block(thread, &top);
    if (status == ERROR_SUCCESS) {
        status = push_startup(program, &top);
    }
    if (status != ERROR_SUCCESS) {
        (void)process_terminate(thread->process, TRAP_ACCESS_VIOLATION);
        process_exit_thread(TRAP_ACCESS_VIOLATION);
    }
    heap_free(program->command_line);
    program->command_line = NULL;
    enter_user(program->entry, top, 0, top);
}

static void thread_main(void *unused) {
    struct thread *thread = thread_current;
    uint32_t top;
    (void)unused;
    if (push_block(thread, &top) != ERROR_SUCCESS) {
        process_exit_thread(TRAP_ACCESS_VIOLATION);
    }
    enter_user(thread->entry, thread->argument0, thread->argument1, top);
}

/* ---- in the creator ---- */

static status_t map_segment(struct space *space, const uint8_t *in_place, struct section *section,
                            const struct elf_segment *segment) {
    prot_t prot = PROT_READ | (segment->writable ? PROT_WRITE : 0) | (segment->executable ? PROT_EXEC : 0);
    if (in_place == NULL) {
        return area_map_copy(space, segment->va, segment->bytes, section, segment->offset, segment->file_bytes, prot);
    }
    const uint8_t *source = in_place + segment->offset;
    if (segment->writable) {
        return area_map_data(space, segment->va, segment->bytes, source, segment->file_bytes, prot);
    }
    return area_map_text(space, segment->va, static_pa(source), segment->bytes, prot, rom_domain(source));
}

/* Gives a space the program's segments and stack. */
static status_t map_program(struct space *space, const struct rom_file *file, const struct elf_image *image,
                            struct process_program *program) {
    const void *in_place = NULL;
    struct section *section = NULL;
    status_t status = ERROR_SUCCESS;
    if (file->kind == ROM_FILE_BLOCKS) {
        struct rom_node *node;
        status = rom_node_open(file, 0, &node);
        if (status == ERROR_SUCCESS) {
            status = rom_node_map(node, &section);
            if (status == ERROR_SUCCESS) {
                rom_node_put(node);
            }
            rom_node_close(node, 0);
        }
    } else {
        status = romfs_in_place(&rom, file, &in_place);
    }
    for (uint32_t i = 0; i < image->count && status == ERROR_SUCCESS; i++) {
        status = map_segment(space, in_place, section, &image->segments[i]);
        if (status == ERROR_INVALID_ADDRESS) {
            status = ERROR_BAD_EXE_FORMAT; /* text in place and data in one megabyte */
        }
    }
    if (section != NULL) {
        section_unref(section);
    }
    if (status == ERROR_SUCCESS) {
        status = area_map_stack(space, ABI_STACK_DEFAULT, &program->stack_low, &program->stack_high, NULL);
    }
    return status;
}

static status_t read_image(const struct rom_file *file, struct elf_image *image) {
    uint32_t head[ELF_HEAD_BYTES / 4];
    uint32_t got;
    const char *reason;
    status_t status = rom_read_memory(file, 0, head, sizeof head, &got);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    status = elf_parse(head, got, file->size, image, &reason);
    if (status != ERROR_SUCCESS) {
        kprintf("situ: %s is no program: %s\n", file->name, reason);
    }
    return status;
}

/* Finds the file and describes the program.  The path that a program sees is the full one. */
static status_t find_program(const uint16_t *path, struct rom_file *file, struct process_program *program) {
    struct namespace_node node;
    memset(&node, 0, sizeof node); /* it is copied whole: also what a file of its kind does not have */
    status_t status = rom_lookup(path, &node);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (node.kind != NODE_ROM_FILE) {
        return ERROR_ACCESS_DENIED;
    }
    if (node.file.name_length + sizeof WINDOWS_PREFIX > sizeof program->path) {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    *file = node.file;
    program->driver = node.file.attributes & ROM_SYSTEM;
    memcpy(program->path, WINDOWS_PREFIX, sizeof WINDOWS_PREFIX - 1);
    memcpy(program->path + sizeof WINDOWS_PREFIX - 1, file->name, file->name_length + 1);
    return ERROR_SUCCESS;
}

status_t loader_make(const uint16_t *path, uint16_t *command_line, uint32_t command_length, struct process **out,
                     struct thread **out_thread) {
    struct rom_file file;
    struct elf_image image;
    struct process *process;
    struct thread *thread;
    heap_replenish();
    struct process_program *program = heap_alloc_zero(sizeof *program);
    if (program == NULL) {
        heap_free(command_line);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    program->command_line = command_line;
    program->command_length = command_length;
    status_t status = find_program(path, &file, program);
    if (status == ERROR_SUCCESS) {
        status = read_image(&file, &image);
    }
    if (status == ERROR_SUCCESS) {
        status = process_create(program, &process);
    }
    if (status != ERROR_SUCCESS) {
        heap_free(command_line);
        heap_free(program);
        return status;
    }
    program->entry = image.entry;
    status = map_program(&process->space, &file, &image, program);
    if (status != ERROR_SUCCESS) {
        goto fail_process;
    }
    status = thread_create(primary_main, program, PRIORITY_NORMAL, &thread);
    if (status != ERROR_SUCCESS) {
        goto fail_process;
    }
    thread->stack_low = program->stack_low;
    thread->stack_high = program->stack_high;
    *out = process;
    *out_thread = thread;
    return ERROR_SUCCESS;

fail_process:
    process_discard(process);
    return status;
}

void loader_run(struct process *process, struct thread *thread) {
    (void)process_start_thread(process, thread, true);
    object_unref(&process->object); /* the thread has one of its own */
}

void loader_discard(struct process *process, struct thread *thread) {
    thread_discard(thread);
    process_discard(process);
}

status_t loader_make_thread(struct process *process, const struct abi_thread_create *request, struct thread **out) {
    uint32_t stack_bytes = request->stack_bytes != 0 ? request->stack_bytes : ABI_STACK_DEFAULT;
    uint32_t low, high;
    bool begun;
    status_t status = area_map_stack(&process->space, stack_bytes, &low, &high, &begun);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    status = thread_create(thread_main, NULL, PRIORITY_NORMAL, out);
    if (status != ERROR_SUCCESS) {
        area_end_stack(&process->space, low);
        return status;
    }
    (*out)->stack_low = low;
    (*out)->stack_high = high;
    (*out)->stack_begun = begun;
    (*out)->entry = request->entry;
    (*out)->argument0 = request->argument0;
    (*out)->argument1 = request->argument1;
    return ERROR_SUCCESS;
}

void loader_discard_thread(struct process *process, struct thread *thread) {
    area_end_stack(&process->space, thread->stack_low);
    thread_discard(thread);
}
